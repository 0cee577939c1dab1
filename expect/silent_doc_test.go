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
	if len(all) != 2 { // the second, on second opinions, is run by cmd/telltale
		t.Fatalf("%d YAML blocks", len(all))
	}
	var c struct {
		Expect map[string]expect.Spec `yaml:"expect"`
	}
	if err := yaml.Load([]byte(all[0]), &c, yaml.WithKnownFields()); err != nil {
		t.Fatal(err)
	}
	if len(c.Expect) != 6 {
		t.Errorf("%d expectations", len(c.Expect))
	}
	for name, s := range c.Expect {
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
			if _, err := fromHeader(value); err != nil {
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
		e, err := fromHeader(cells[0])
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

// fromHeader compiles what a header asks for.
func fromHeader(value string) (*expect.Expectation, error) {
	s, err := expect.ParseHeader(value)
	if err != nil {
		return nil, err
	}
	return expect.Compile(s, expect.Options{})
}
