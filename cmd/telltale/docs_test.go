package main

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/telltale-ai/telltale/doctor"
	"github.com/telltale-ai/telltale/sim"
)

var block = regexp.MustCompile("(?ms)^```(\\w+)( [\\w.]+)?\n(.*?)^```$")

// The examples of the documents are run: `text NAME` blocks are files, `console` blocks hold commands with what
// they print. "..." stands for anything, and for any number of lines where it stands alone.
func TestDocumentExamples(t *testing.T) {
	server := httptest.NewServer(&sim.Server{})
	defer server.Close()
	for _, doc := range []string{"explain.md", "doctor.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "docs", doc))
		if err != nil {
			t.Fatal(err)
		}
		blocks := block.FindAllStringSubmatch(strings.ReplaceAll(string(text), "$SIM", server.URL), -1)
		dir, ran := t.TempDir(), 0
		for _, b := range blocks {
			if b[1] == "text" {
				if err := os.WriteFile(filepath.Join(dir, strings.TrimSpace(b[2])), []byte(b[3]), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, b := range blocks {
			if b[1] != "console" {
				continue
			}
			command, want, _ := strings.Cut(b[3], "\n")
			t.Run(doc+" "+command, func(t *testing.T) {
				got := runExample(t, dir, strings.TrimPrefix(command, "$ telltale "))
				if !like(want).MatchString(got) {
					t.Errorf("got:\n%s\nwant:\n%s", got, want)
				}
			})
			ran++
		}
		if ran == 0 {
			t.Errorf("%s has no example", doc)
		}
	}
}

// runExample runs a command line in dir, in this process.
func runExample(t *testing.T, dir, line string) string {
	t.Helper()
	t.Chdir(dir)
	line, from, redirected := strings.Cut(line, " < ")
	in := &bytes.Reader{}
	if redirected {
		data, err := os.ReadFile(strings.TrimSpace(from))
		if err != nil {
			t.Fatal(err)
		}
		in = bytes.NewReader(data)
	}
	var out bytes.Buffer
	a := &app{ctx: t.Context(), stdin: in, stdout: &out, stderr: &out, getenv: func(string) string { return "" }}
	a.run(strings.Fields(line))
	return out.String()
}

func like(want string) *regexp.Regexp {
	q := regexp.QuoteMeta(want)
	q = regexp.MustCompile(`(?m)^\\\.\\\.\\\.\n`).ReplaceAllString(q, "(?:.*\n)*?")
	q = strings.ReplaceAll(q, `\.\.\.`, ".*")
	return regexp.MustCompile("^" + q + "$")
}

// docs/doctor.md names every check with its own words.
func TestDoctorDocument(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "doctor.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range doctor.Checks() {
		if row := fmt.Sprintf("| `%s` | %s |\n", c.ID, c.Doc); !strings.Contains(string(text), row) {
			t.Errorf("docs/doctor.md misses the row\n%s", row)
		}
	}
}
