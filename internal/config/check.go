package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/expect"
	"github.com/telltale-ai/telltale/fault"
	"go.yaml.in/yaml/v4"
)

// Modes and Recoveries are the words that the keys of these names take.
var (
	Modes      = []string{"observe", "recover", "strict"}
	Recoveries = []string{"heal", "reprompt", "continue", "raise_limit", "fallback"}
)

// check finds the values that cannot be meant.
func (c *Config) check(file string, root *yaml.Node) []error {
	k := checker{file: file, root: root, c: c}
	k.word("mode", c.Mode, Modes)
	k.words("recover", c.Recover)
	k.upstreams()
	k.routes()
	k.numbers()
	k.expectations()
	k.catalog()
	k.word("record.bodies", c.Record.Bodies, []string{"failures", "all", "none"})
	if s := c.Record.Store.Value(); s != "sqlite" && !strings.HasPrefix(s, "postgres://") && !strings.HasPrefix(s, "postgresql://") {
		k.fail("record.store", "is neither sqlite nor a postgres:// address", "write sqlite, or postgres://user:password@host/database")
	}
	if s := c.Media.Store.Value(); s != "folder" && !strings.HasPrefix(s, "s3://") {
		k.fail("media.store", "is neither folder nor an s3:// address", "write folder, or s3://bucket/prefix?endpoint=https://host")
	}
	if u, err := url.Parse(c.Media.PublicURL); c.Media.PublicURL != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
		k.fail("media.public_url", fmt.Sprintf("%q is no http or https address", c.Media.PublicURL), "write it as https://telltale.example.com")
	}
	for _, a := range c.Media.AllowPrivate {
		if _, err := netip.ParsePrefix(a); strings.Contains(a, "/") && err != nil {
			k.fail("media.allow_private", fmt.Sprintf("%q is no network", a), "write a network as 10.0.0.0/8, or a host name or address alone")
		}
	}
	k.listen("listen", c.Listen)
	if c.Admin.Listen != "" {
		k.listen("admin.listen", c.Admin.Listen)
	}
	for _, s := range []struct {
		key string
		s   Secret
	}{{"admin.token", c.Admin.Token}, {"record.store", c.Record.Store}, {"media.store", c.Media.Store}, {"tasks.webhook.secret", c.Tasks.Webhook.Secret}} {
		k.env(s.key, s.s)
	}
	return k.errs
}

type checker struct {
	file string
	root *yaml.Node
	c    *Config
	errs []error
}

func (k *checker) fail(key, msg, hint string) {
	k.errs = append(k.errs, &Error{File: k.file, Line: line(k.root, key), Key: key, Msg: msg, Hint: hint})
}

func (k *checker) word(key, got string, words []string) {
	if !slices.Contains(words, got) {
		k.fail(key, fmt.Sprintf("%q is none of %s", got, strings.Join(words, ", ")), "take one of these words")
	}
}

func (k *checker) words(key string, got []string) {
	for _, w := range got {
		k.word(key, w, Recoveries)
	}
}

func (k *checker) env(key string, s Secret) {
	for _, name := range s.missing() {
		k.c.warnings = append(k.c.warnings, fmt.Sprintf("%s: the environment variable %s is not set", key, name))
	}
}

func (k *checker) upstreams() {
	c := k.c
	for name, u := range c.Upstreams {
		key := "upstreams." + name
		if name == "v1" || name == "telltale" || name == "healthz" || name == "readyz" || name == "metrics" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != "" || name == "" {
			k.fail(key, "cannot be an upstream's name: its path would be taken or unreadable", "use letters, digits, - and _, and none of v1, telltale, healthz, readyz, metrics")
		}
		if b, err := url.Parse(u.BaseURL); err != nil || b.Scheme != "http" && b.Scheme != "https" || b.Host == "" {
			k.fail(key+".base_url", fmt.Sprintf("%q is no http or https address", u.BaseURL), "write it as https://api.example.com/v1")
		}
		if u.Mode != "" {
			k.word(key+".mode", u.Mode, Modes)
		}
		k.words(key+".recover", u.Recover)
		k.env(key+".api_key", u.APIKey)
	}
	if c.DefaultUpstream == "" && len(c.Upstreams) == 1 {
		for name := range c.Upstreams {
			c.DefaultUpstream = name
		}
	}
	if _, ok := c.Upstreams[c.DefaultUpstream]; !ok && c.DefaultUpstream != "" {
		k.fail("default_upstream", fmt.Sprintf("no upstream is called %q", c.DefaultUpstream), "add it under upstreams, or name one that is there")
	}
}

func (k *checker) routes() {
	for i, r := range k.c.Routes {
		key := fmt.Sprintf("routes[%d]", i)
		if r.Match == (Match{}) {
			k.fail(key+".match", "matches nothing in particular", `give model, path or upstream; {model: "*"} matches every call`)
		}
		if r.Mode != "" {
			k.word(key+".mode", r.Mode, Modes)
		}
		k.words(key+".recover", r.Recover)
		k.opinion(key, r.Opinion)
		if _, ok := k.c.Expect[r.Task]; r.Task != "" && !ok {
			k.fail(key+".task", fmt.Sprintf("no expectation is called %q", r.Task), "add it under expect")
		}
		for cause := range r.FallbackOn {
			if _, ok := fault.Lookup(fault.Cause(cause)); !ok {
				k.fail(key+".fallback_on", fmt.Sprintf("%q is no cause", cause), "`telltale causes` lists them")
			}
		}
	}
}

// expectations compiles what outputs are held to; schemas in files are read beside the configuration.
func (k *checker) expectations() {
	k.c.expected = make(map[string]*expect.Expectation, len(k.c.Expect))
	for name, spec := range k.c.Expect {
		key := "expect." + name
		k.opinion(key, spec.Opinion)
		e, err := expect.Compile(spec.Spec, expect.Options{ReadFile: k.read})
		var se *expect.SpecError
		switch {
		case errors.As(err, &se):
			k.fail(key+"."+se.Key, se.Reason, se.Hint())
		case err != nil:
			k.fail(key, err.Error(), "docs/silent.md shows what an expectation may say")
		}
		k.c.expected[name] = e
	}
}

// read reads a file that the configuration names; a relative path begins beside the configuration.
func (k *checker) read(path string) ([]byte, error) {
	if !filepath.IsAbs(path) {
		path = filepath.Join(k.c.dir, path)
	}
	return os.ReadFile(path)
}

// catalog lays the user's own signatures over the built-in ones.
func (k *checker) catalog() {
	if k.c.Catalog == "" {
		return
	}
	data, err := k.read(k.c.Catalog)
	if err == nil {
		var set catalog.Set
		if set, err = catalog.Builtin().Overlay(data); err == nil {
			k.c.catalog = set
			return
		}
	}
	k.fail("catalog", err.Error(), "docs/adding.md shows what a signature says")
}

func (k *checker) numbers() {
	c := k.c
	if c.Retry.Attempts < 1 || c.Retry.Attempts > 20 {
		k.fail("retry.attempts", "is not between 1 and 20", "1 never repeats a call")
	}
	if c.Retry.Load < 0 || c.Retry.Load > 1 {
		k.fail("retry.load", "is not between 0 and 1", "0.2 allows one repeat for five calls")
	}
	if c.Retry.Base <= 0 || c.Retry.Max < c.Retry.Base {
		k.fail("retry.max", "is shorter than retry.base, or base is 0", "the defaults are base 500ms and max 30s")
	}
	for key, d := range map[string]Duration{"limits.connect": c.Limits.Connect, "limits.first_byte": c.Limits.FirstByte, "limits.idle": c.Limits.Idle, "limits.total": c.Limits.Total, "tasks.poll_first": c.Tasks.PollFirst, "tasks.poll_max": c.Tasks.PollMax} {
		if d <= 0 {
			k.fail(key, "must be longer than 0", "leave the key out for its default")
		}
	}
	if c.Limits.Hold < 64<<10 {
		k.fail("limits.hold", "is too small to judge a response", "64KiB is the least, 8MiB the default")
	}
}

func (k *checker) listen(key, addr string) {
	if _, _, err := net.SplitHostPort(addr); err != nil {
		k.fail(key, fmt.Sprintf("%q is no address", addr), "write host:port, such as 127.0.0.1:8484, or :8484 for every interface")
	}
}

// line finds where key stands in the file, or the last part of it that does.
func line(n *yaml.Node, key string) int {
	at := 0
	for _, part := range strings.Split(key, ".") {
		name, _, _ := strings.Cut(part, "[")
		found := false
		for i := 0; n != nil && n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == name {
				at, n, found = n.Content[i].Line, n.Content[i+1], true
				break
			}
		}
		if !found {
			return at
		}
		var idx int
		if _, err := fmt.Sscanf(part[len(name):], "[%d]", &idx); err == nil && n.Kind == yaml.SequenceNode && idx < len(n.Content) {
			n = n.Content[idx]
			at = n.Line
		}
	}
	return at
}
