package expect_test

import (
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/telltale-ai/telltale/expect"
)

// blocks gives the code blocks of docs/silent.md that are marked with a language.
func blocks(t *testing.T, language string) (found []string) {
	t.Helper()
	b, err := os.ReadFile("../docs/silent.md")
	if err != nil {
		t.Fatal(err)
	}
	in, open := false, ""
	var block []string
	for line := range strings.Lines(string(b)) {
		if mark, ok := strings.CutPrefix(strings.TrimSpace(line), "```"); ok {
			if in && open == language {
				found = append(found, strings.Join(block, ""))
			}
			in, open, block = !in, mark, nil
			continue
		}
		block = append(block, line)
	}
	return found
}

func TestDocumentedConfiguration(t *testing.T) {
	all := blocks(t, "yaml")
	if len(all) != 1 {
		t.Fatalf("%d YAML blocks", len(all))
	}
	var c struct {
		Expect map[string]any `yaml:"expect"`
	}
	if err := yaml.Unmarshal([]byte(all[0]), &c); err != nil {
		t.Fatal(err)
	}
	if len(c.Expect) != 6 {
		t.Errorf("%d expectations", len(c.Expect))
	}
	for name, v := range c.Expect {
		s, err := expect.SpecOf(v)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := expect.Compile(s, expect.Options{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDocumentedHeaders(t *testing.T) {
	n := 0
	for _, b := range blocks(t, "") {
		for line := range strings.Lines(b) {
			value, ok := strings.CutPrefix(strings.TrimSpace(line), "Telltale-Expect: ")
			if !ok {
				continue
			}
			n++
			if _, err := expect.FromHeader(value); err != nil {
				t.Errorf("%s: %v", value, err)
			}
		}
	}
	if n != 4 {
		t.Errorf("%d headers", n)
	}
}

func TestDocumentedFindings(t *testing.T) {
	b, err := os.ReadFile("../docs/silent.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(b), "| expectation | output | found |\n|---|---|---|\n")
	if !ok {
		t.Fatal("no table of findings")
	}
	n := 0
	for line := range strings.Lines(rest) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			break
		}
		cells := strings.Split(strings.ReplaceAll(strings.Trim(line, "|"), `\|`, "\x00"), "|")
		for i := range cells {
			cells[i] = strings.ReplaceAll(strings.Trim(cells[i], " `"), "\x00", "|")
		}
		n++
		e, err := expect.FromHeader(cells[0])
		if err != nil {
			t.Errorf("%s: %v", cells[0], err)
			continue
		}
		got := "nothing"
		if found := e.Check(&expect.Output{Text: cells[1]}); len(found) > 0 {
			got = string(found[0].Cause)
		}
		if got != cells[2] {
			t.Errorf("%s: %s finds %s", line, cells[1], got)
		}
	}
	if n < 8 {
		t.Errorf("%d rows", n)
	}
}

func TestDocumentedGo(t *testing.T) {
	src, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range blocks(t, "go") {
		for line := range strings.Lines(b) {
			if line = strings.TrimSpace(line); !strings.Contains(string(src), line) {
				t.Errorf("not in the example that is run: %s", line)
			}
		}
	}
}

func TestSpecOf(t *testing.T) {
	for _, v := range []any{map[string]any{"lables": []any{"a"}}, map[string]any{"labels": 3}, map[string]any{"max_length": "many"}, []any{1}, "x"} {
		if _, err := expect.SpecOf(v); err == nil {
			t.Errorf("%v: no error", v)
		}
	}
	if _, err := expect.SpecOf(map[string]any{"lables": nil}); !strings.Contains(err.(*expect.SpecError).Hint(), "labels?") {
		t.Errorf("%v", err)
	}
}
