package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"

	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/expect"
	"go.yaml.in/yaml/v4"
)

// Error is a mistake in the configuration: where it stands, what it is, what to do.
type Error struct {
	File string
	Line int // 0 when it belongs to no line
	Key  string
	Msg  string
	Hint string
}

func (e *Error) Error() string {
	at := e.File
	if e.Line > 0 {
		at = fmt.Sprintf("%s:%d", at, e.Line)
	}
	if e.Key != "" {
		return fmt.Sprintf("%s: %s: %s", at, e.Key, e.Msg)
	}
	return fmt.Sprintf("%s: %s", at, e.Msg)
}

// Load reads the configuration at path. Without a path it takes $TELLTALE_CONFIG, else ./telltale.yaml
// if that is there, else the defaults. Its errors hold an [*Error] for each mistake.
func Load(path string) (*Config, error) {
	must := true
	if path == "" {
		path = os.Getenv("TELLTALE_CONFIG")
	}
	if path == "" {
		path, must = "telltale.yaml", false
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !must {
		return Default(), nil
	}
	if err != nil {
		return nil, &Error{File: path, Msg: err.Error(), Hint: "name a file that can be read with --config or $TELLTALE_CONFIG"}
	}
	c, err := Parse(path, data)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// Parse reads data, the text of file, over the defaults and checks the whole.
func Parse(file string, data []byte) (*Config, error) {
	c := Default()
	c.dir = filepath.Dir(file)
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return nil, &Error{File: file, Msg: err.Error(), Hint: "the file is no YAML; check quotes and indentation at that place"}
	}
	if root.Kind == 0 || len(root.Content) == 0 {
		return c, nil // an empty file
	}
	errs := checkKeys(file, root.Content[0])
	if len(errs) == 0 {
		if err := root.Decode(c); err != nil {
			return nil, &Error{File: file, Msg: err.Error(), Hint: "the value has another type than the key wants; docs/configuration.md lists them"}
		}
		errs = c.check(file, root.Content[0])
	}
	sort.SliceStable(errs, func(i, j int) bool { return errs[i].(*Error).Line < errs[j].(*Error).Line })
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return c, nil
}

// Dir is the folder that relative paths in the file start from; empty without a file.
func (c *Config) Dir() string { return c.dir }

// Signatures is the catalogue with the user's own laid over it; empty without any of his own.
func (c *Config) Signatures() catalog.Set { return c.catalog }

// Expectations are the compiled expectations, by task name.
func (c *Config) Expectations() map[string]*expect.Expectation { return c.expected }

// Warnings lists what is odd but no mistake, such as an environment variable that is not set.
func (c *Config) Warnings() []string { return c.warnings }

// YAML writes the effective configuration, secrets hidden.
func (c *Config) YAML() ([]byte, error) { return yaml.Dump(c, yaml.WithIndent(2)) }
