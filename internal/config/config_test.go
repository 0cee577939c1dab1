package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// full uses every key that the contract fixes.
const full = `
listen: 127.0.0.1:0
data: ./d
mode: strict
recover: [heal, reprompt]
default_upstream: comet
upstreams:
  comet:  {base_url: "https://api.cometapi.com/v1", api_key: "${COMETAPI_KEY}"}
  openai: {base_url: "https://api.openai.com/v1"}
routes:
  - {match: {model: "gpt-5.4*"}, fallback: [gpt-5.4-mini, "openai/gpt-5.4"], fallback_on: {content_filter: []}}
retry:  {attempts: 3, budget: 30s, base: 250ms, max: 5s, load: 0.1}
limits: {connect: 1s, first_byte: 2s, idle: 3s, total: 4m, hold: 1MiB}
expect:
  classify: {labels: [positive, negative, neutral]}
record: {store: sqlite, bodies: none, keep: 24h, max_size: 1GiB}
tasks:  {poll_first: 1s, poll_max: 2s, queue_limit: 3m, deadline: 4h}
media:  {keep: false, rewrite: true, store: "s3://bucket/prefix?endpoint=http://127.0.0.1:9000", allow_private: [10.0.0.0/8], max_bytes: 64MiB}
admin:  {listen: "", token: "${TELLTALE_TOKEN}"}
`

func TestEveryKeyOfTheContract(t *testing.T) {
	t.Setenv("COMETAPI_KEY", "sk-canary-0123456789")
	t.Setenv("TELLTALE_TOKEN", "")
	c, err := Parse("telltale.yaml", []byte(full))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Upstreams["comet"].APIKey.Value(); got != "sk-canary-0123456789" {
		t.Errorf("api_key = %q", got)
	}
	want := Limits{Connect: Duration(time.Second), FirstByte: Duration(2 * time.Second), Idle: Duration(3 * time.Second), Total: Duration(4 * time.Minute), Hold: 1 << 20}
	if d := cmp.Diff(want, c.Limits); d != "" {
		t.Error(d)
	}
	if list, ok := c.Routes[0].FallbackOn["content_filter"]; !ok || len(list) != 0 {
		t.Errorf("an empty list must be told from none: %v %v", list, ok)
	}
	if len(c.Warnings()) != 1 || !strings.Contains(c.Warnings()[0], "TELLTALE_TOKEN") {
		t.Errorf("warnings = %q", c.Warnings())
	}
	out, err := c.YAML()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(out), "canary") || !strings.Contains(string(out), "${COMETAPI_KEY}") {
		t.Errorf("a secret shows, or its reference does not:\n%s", out)
	}
	again, err := Parse("printed.yaml", out)
	if err != nil {
		t.Fatalf("what was printed does not read: %v\n%s", err, out)
	}
	if again.Retry != c.Retry || again.Limits != c.Limits || !cmp.Equal(again.Tasks, c.Tasks, cmp.AllowUnexported(Secret{}), cmpopts.EquateEmpty()) {
		t.Error("what was printed reads as something else")
	}
}

func TestMistakesNamePlaceAndRemedy(t *testing.T) {
	for name, c := range map[string]struct{ in, at, hint string }{
		"unknown key":         {"listen: :1\nretyr: {}\n", "f:2: retyr: unknown key", `"retry"`},
		"unknown inner key":   {"retry:\n  atempts: 3\n", "f:2: retry.atempts: unknown key", `"attempts"`},
		"nothing near":        {"zzzzzzz: 1\n", "f:1: zzzzzzz: unknown key", "docs/configuration.md"},
		"upstream key":        {"upstreams:\n  a:\n    base_uri: http://x\n", "f:3: upstreams.a.base_uri", `"base_url"`},
		"bad url":             {"upstreams:\n  a: {base_url: api.x.com}\n", "f:2: upstreams.a.base_url", "https://"},
		"bad mode":            {"mode: strickt\n", "f:1: mode", "one of these"},
		"bad recovery":        {"recover: [magic]\n", "f:1: recover", "one of these"},
		"no such upstream":    {"default_upstream: b\nupstreams:\n  a: {base_url: \"http://x\"}\n", "f:1: default_upstream", "upstreams"},
		"env in plain field":  {"listen: ${HOST}:1\n", "f:1: listen", "api_key"},
		"reserved name":       {"upstreams:\n  v1: {base_url: \"http://x\"}\n", "f:2: upstreams.v1", "letters"},
		"unknown cause":       {"routes:\n  - match: {model: x}\n    fallback_on: {filtered: []}\n", "f:3: routes[0].fallback_on", "telltale causes"},
		"attempts":            {"retry: {attempts: 0}\n", "f:1: retry.attempts", "1 never"},
		"list where map":      {"retry: [1]\n", "f:1: retry: keys are wanted", "indented"},
		"bad store":           {"record: {store: mysql}\n", "f:1: record.store", "postgres://"},
		"not yaml":            {"a: [\n", "f: ", "YAML"},
		"route without match": {"routes:\n  - fallback: [x]\n", "f:2: routes[0].match", "model"},
		"duration":            {"retry: {budget: 5 minutes}\n", "no duration", "type"},
		"size":                {"limits: {hold: big}\n", "no size", "type"},
		"expectation key":     {"expect:\n  a: {lables: [x]}\n", "f:2: expect.a.lables", `"labels"`},
		"bad pattern":         {"expect:\n  a: {pattern: \"(\"}\n", "f:2: expect.a.pattern", ""},
		"no such schema":      {"expect:\n  a: {json_schema: ./missing.json}\n", "f:2: expect.a.json_schema", ""},
		"no such task":        {"routes:\n  - match: {model: x}\n    task: t\n", "f:3: routes[0].task", "expect"},
		"no such catalogue":   {"catalog: ./missing.json\n", "f:1: catalog", "adding.md"},
		"public URL":          {"media: {public_url: telltale.local}\n", "f:1: media.public_url", "https://"},
		"judge without model": {"expect:\n  a: {labels: [x], judge: {rubric: be kind}}\n", "f:2: expect.a.judge", "model"},
		"no such judge":       {"routes:\n  - match: {model: x}\n    judge: {model: m, upstream: u}\n", "f:3: routes[0].judge.upstream", "upstreams"},
		"judge's key":         {"expect:\n  a: {judge: {modell: m}}\n", "f:2: expect.a.judge.modell", `"model"`},
		"agree":               {"expect:\n  a: {agree: 1}\n", "f:2: expect.a.agree", "2 asks"},
		"duplicate key":       {"mode: strict\nmode: observe\n", "mode", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("f", []byte(c.in))
			if err == nil {
				t.Fatal("no error")
			}
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("%v holds no *Error", err)
			}
			if !strings.Contains(err.Error(), c.at) {
				t.Errorf("error %q does not say %q", err, c.at)
			}
			if !strings.Contains(e.Hint, c.hint) {
				t.Errorf("hint %q does not say %q", e.Hint, c.hint)
			}
		})
	}
}

func TestSecondOpinions(t *testing.T) {
	c, err := Parse("telltale.yaml", []byte(`
stop_on_repetition: true
upstreams:
  a: {base_url: "http://127.0.0.1:1/v1", stop_on_repetition: false}
routes:
  - {match: {model: x}, stop_on_repetition: true, agree: 2}
expect:
  classify: {labels: [a, b], judge: {model: m, upstream: a, rubric: "Be fair.", limit: 5s}, agree: 3}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := Opinion{Judge: Judge{Model: "m", Upstream: "a", Rubric: "Be fair.", Limit: Duration(5 * time.Second)}, Agree: 3}
	if e := c.Expect["classify"]; cmp.Diff(want, e.Opinion) != "" || len(e.Labels) != 2 || c.Expectations()["classify"] == nil {
		t.Errorf("%+v", e)
	}
	if r := c.Routes[0]; r.Agree != 2 || r.StopOnRepetition == nil || !*r.StopOnRepetition {
		t.Errorf("%+v", r)
	}
	if off := c.Upstreams["a"].StopOnRepetition; !c.StopOnRepetition || off == nil || *off {
		t.Error("stop_on_repetition")
	}
	out, err := c.YAML()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse("printed.yaml", out)
	if err != nil || cmp.Diff(want, again.Expect["classify"].Opinion) != "" || again.Routes[0].StopOnRepetition == nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestEveryMistakeIsTold(t *testing.T) {
	_, err := Parse("f", []byte("mode: x\nretry: {attempts: 99}\nlimits: {idle: 0s}\n"))
	if n := strings.Count(err.Error(), "f:"); n != 3 {
		t.Errorf("%d of 3 mistakes told:\n%v", n, err)
	}
}

func TestWhereTheFileIsLookedFor(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("TELLTALE_CONFIG", "")
	if c, err := Load(""); err != nil || c.Listen != "127.0.0.1:8484" {
		t.Fatalf("without a file: %v %v", c, err)
	}
	write := func(name, text string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	write("telltale.yaml", "listen: :1\n")
	env := write("env.yaml", "listen: :2\n")
	flag := write("flag.yaml", "listen: :3\n")
	for _, c := range []struct{ env, flag, want string }{{"", "", ":1"}, {env, "", ":2"}, {env, flag, ":3"}} {
		t.Setenv("TELLTALE_CONFIG", c.env)
		if got, err := Load(c.flag); err != nil || got.Listen != c.want {
			t.Errorf("env %q flag %q: %v, %v", c.env, c.flag, got, err)
		}
	}
	if _, err := Load(filepath.Join(dir, "missing.yaml")); err == nil {
		t.Error("a file that is named and missing must be an error")
	}
}

func TestSecretsNeverPrint(t *testing.T) {
	for written, want := range map[string]string{
		"sk-0123": "(hidden)",
		"${KEY}":  "${KEY}",
		"sqlite":  "sqlite",
		"postgres://me:hunter2@db/telltale?sslmode=off&password=x": "postgres://me@db/telltale?password=%28hidden%29&sslmode=off",
		"prefix-${KEY}": "(hidden)",
	} {
		if got := Plain(written).String(); got != want {
			t.Errorf("%q prints as %q, not %q", written, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(full))
	f.Add([]byte("a: &a [*a]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse("f", data)
		if (c == nil) == (err == nil) {
			t.Fatalf("config %v, error %v", c, err)
		}
	})
}

// The page's example must load, and its table and the schema must be current.
func TestReferenceIsCurrent(t *testing.T) {
	page, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), Reference()) {
		t.Error("docs/configuration.md is not current: run go generate ./internal/config")
	}
	_, rest, _ := strings.Cut(string(page), "```yaml\n")
	example, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("docs/configuration.md shows no example")
	}
	if _, err := Parse("docs/configuration.md", []byte(example)); err != nil {
		t.Errorf("the page's example: %v", err)
	}
	want, err := JSONSchema()
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile("../../docs/telltale.schema.json"); strings.TrimSpace(string(got)) != string(want) {
		t.Error("docs/telltale.schema.json is not current: run go generate ./internal/config")
	}
}
