package main

import (
	"os"
	"path/filepath"
	"testing"
)

// docs/causes is what `go generate ./cmd/telltale` would write now.
func TestCausePagesAreCurrent(t *testing.T) {
	dir := filepath.Join("..", "..", "docs", "causes")
	pages := causePages()
	for name, want := range pages {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
			t.Errorf("%s is not current (%v): run go generate ./cmd/telltale", name, err)
		}
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.md"))
	for _, f := range files {
		if _, ok := pages[filepath.Base(f)]; !ok {
			t.Errorf("%s is of no cause: run go generate ./cmd/telltale", f)
		}
	}
}
