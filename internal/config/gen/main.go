// Command gen writes the table of keys into docs/configuration.md and the JSON Schema beside it.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/telltale-ai/telltale/internal/config"
)

const begin, end = "<!-- keys: written by go generate -->\n", "<!-- end of keys -->"

func main() {
	dir := os.Args[1]
	if err := write(dir); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func write(dir string) error {
	page := filepath.Join(dir, "configuration.md")
	old, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	head, rest, ok1 := strings.Cut(string(old), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		return fmt.Errorf("%s holds no place for the table: %q ... %q", page, begin, end)
	}
	if err := os.WriteFile(page, []byte(head+begin+config.Reference()+end+tail), 0o644); err != nil {
		return err
	}
	s, err := config.JSONSchema()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "telltale.schema.json"), append(s, '\n'), 0o644)
}
