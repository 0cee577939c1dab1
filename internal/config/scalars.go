package config

import (
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"go.yaml.in/yaml/v4"
)

// Duration is written as Go writes it: 500ms, 60s, 10m, 720h.
type Duration time.Duration

// UnmarshalYAML reads a duration.
func (d *Duration) UnmarshalYAML(n *yaml.Node) error {
	v, err := time.ParseDuration(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil {
		return fmt.Errorf("%q is no duration; write it as 500ms, 60s, 10m or 720h", n.Value)
	}
	if v < 0 {
		return fmt.Errorf("%q is negative", n.Value)
	}
	*d = Duration(v)
	return nil
}

// MarshalYAML writes a duration without its zero parts: 10m, not 10m0s.
func (d Duration) MarshalYAML() (any, error) {
	s := time.Duration(d).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s, nil
}

// Size counts bytes; it is written as 64MiB, 10GiB or a plain number.
type Size int64

// UnmarshalYAML reads a size.
func (s *Size) UnmarshalYAML(n *yaml.Node) error {
	v, err := humanize.ParseBytes(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || v > 1<<62 {
		return fmt.Errorf("%q is no size; write it as 64MiB, 10GiB or a number of bytes", n.Value)
	}
	*s = Size(v)
	return nil
}

// MarshalYAML writes the size in the largest unit that is exact.
func (s Size) MarshalYAML() (any, error) {
	for _, u := range []struct {
		name string
		n    Size
	}{{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}} {
		if s >= u.n && s%u.n == 0 {
			return fmt.Sprintf("%d%s", s/u.n, u.name), nil
		}
	}
	return int64(s), nil
}

// Secret is a value that may hold a key. It alone may name environment variables as ${NAME},
// and it never prints what it holds.
type Secret struct{ written, value string }

// Plain is a secret that holds v as it stands.
func Plain(v string) Secret { return Secret{written: v, value: v} }

// Value is what the secret holds.
func (s Secret) Value() string { return s.value }

var envName = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// UnmarshalYAML reads a secret and puts in the environment variables that it names.
func (s *Secret) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.ScalarNode {
		return fmt.Errorf("a text is wanted here")
	}
	s.written = n.Value
	s.value = envName.ReplaceAllStringFunc(n.Value, func(m string) string { return os.Getenv(m[2 : len(m)-1]) })
	return nil
}

// MarshalYAML writes the reference as it stands in the file, or hides what was written out.
func (s Secret) MarshalYAML() (any, error) { return s.String(), nil }

// String hides the secret; a store's name or address is shown without its password.
func (s Secret) String() string {
	switch {
	case s.written == "", s.written == "sqlite", s.written == "folder", envName.FindString(s.written) == s.written:
		return s.written
	}
	u, err := url.Parse(s.written)
	if err != nil || u.Scheme == "" || u.Host == "" {
		return "(hidden)"
	}
	if u.User != nil {
		u.User = url.User(u.User.Username())
	}
	if q := u.Query(); u.RawQuery != "" {
		for k := range q {
			if k != "endpoint" && k != "region" && k != "sslmode" {
				q.Set(k, "(hidden)")
			}
		}
		u.RawQuery = q.Encode()
	}
	return u.String()
}

// missing names the environment variables that the secret needs and that are not set.
func (s Secret) missing() (names []string) {
	for _, m := range envName.FindAllStringSubmatch(s.written, -1) {
		if os.Getenv(m[1]) == "" {
			names = append(names, m[1])
		}
	}
	return names
}
