package sdktest

import (
	"os"
	"strings"
	"testing"
)

// TestDocs holds the Go lines of docs/recovery.md to the examples, which are compiled and run.
func TestDocs(t *testing.T) {
	doc, err := os.ReadFile("../../docs/recovery.md")
	if err != nil {
		t.Fatal(err)
	}
	src, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(doc), "```go\n")[1:]
	if len(blocks) < 3 {
		t.Fatalf("%d blocks of Go", len(blocks))
	}
	for _, b := range blocks {
		b, _, _ = strings.Cut(b, "```")
		for line := range strings.Lines(b) {
			if !strings.Contains(string(src), "\t"+strings.TrimRight(line, "\n")+"\n") {
				t.Errorf("docs/recovery.md: %q is not in the examples", strings.TrimSpace(line))
			}
		}
	}
}
