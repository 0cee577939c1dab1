package sim_test

import (
	"bytes"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/telltale-ai/telltale/sim"
)

func statuses(n int, ask func() got) string {
	var out []string
	for range n {
		out = append(out, itoa(ask().status))
	}
	return strings.Join(out, " ")
}

func TestTogether(t *testing.T) {
	a := newAsker(t)
	id := a.video("sora-2@task-not-exist+video-unknown-status+url-expired;late=2;store=s3")
	if s := a.states(id, 5); s != "task_not_exist task_not_exist polishing polishing completed" {
		t.Error(s)
	}
	link := a.do("GET", "/v1/videos/"+id, "").at("video_url").(string)
	a.do("GET", link, "").is(403)
	a.chat("m@length+trickle;gap=1ms", "").want("choices.0.finish_reason", "length")
	a.chat("m@length+nonsense", "").is(400)
}

func TestSequences(t *testing.T) {
	a := newAsker(t)
	for order, want := range map[string]string{
		"429,503,ok":           "429 503 200 429 503 200",
		"429*2,ok":             "429 429 200 429 429 200",
		"500;every=3":          "200 200 500 200 200 500",
		"500;times=2":          "500 500 200 200 200 200",
		"content_filter":       "200 200 200 200 200 200",
		"429;retry-after=1,ok": "429 200 429 200 429 200",
	} {
		if s := statuses(6, func() got { return a.chat("m@"+order, "") }); s != want {
			t.Errorf("%s: %s, want %s", order, s, want)
		}
		if s := statuses(6, func() got { return a.chatHeader(order) }); s != want {
			t.Errorf("%s in the header: %s, want %s", order, s, want)
		}
	}
	if s := statuses(2, func() got { return a.chat("fault-429;id=a,ok;id=a", "") }); s != "429 200" {
		t.Errorf("with an id: %s", s)
	}
	if s := statuses(2, func() got { return a.chat("fault-429;id=b,ok;id=b", "") }); s != "429 200" {
		t.Errorf("with another id: %s", s)
	}
}

func (a *asker) chatHeader(order string) got {
	a.t.Helper()
	return a.post("/v1/chat/completions", `{"model":"header","messages":[]}`, "Sim-Fault", order)
}

// A share of the calls is chosen by the seed: the same seed chooses the same ones.
func TestSeed(t *testing.T) {
	var runs []string
	for _, seed := range []uint64{1, 1, 2} {
		a := newAsker(t)
		a.s.Seed = seed
		runs = append(runs, statuses(40, func() got { return a.chat("m@500;rate=0.5", "") }))
	}
	if runs[0] != runs[1] || runs[0] == runs[2] {
		t.Errorf("\n%s\n%s\n%s", runs[0], runs[1], runs[2])
	}
	if n := strings.Count(runs[0], "500"); n < 10 || n > 30 {
		t.Errorf("%d of 40 failed", n)
	}
}

func TestMisuse(t *testing.T) {
	a := newAsker(t)
	for _, model := range []string{"fault-nonsense", "m@nonsense", "m@429;colour=red", "m@429*0", "m@429;retry-after", "m@stream-cut", "m@video-stuck"} {
		g := a.chat(model, "")
		g.is(400)
		g.want("error.code", "simulator_misuse")
	}
	for _, model := range []string{"claude-sonnet@20260101", "@cf/meta/llama-4", "gpt-5.4"} {
		a.chat(model, "").is(200)
	}
}

func TestRetrySpellings(t *testing.T) {
	a := newAsker(t)
	ask := func(as string) got { return a.chat("m@429;retry-after=2;as="+as, "") }
	for as, h := range map[string][2]string{
		"seconds": {"Retry-After", "2"}, "ms": {"Retry-After-Ms", "2000"}, "x-ms": {"X-Ms-Retry-After-Ms", "2000"}, "reset": {"X-Ratelimit-Reset-Requests", "2s"}} {
		if g := ask(as); g.status != 429 || g.header.Get(h[0]) != h[1] {
			t.Errorf("%s: %d %q", as, g.status, g.header.Get(h[0]))
		}
	}
	at, err := http.ParseTime(ask("date").header.Get("Retry-After"))
	if d := time.Until(at); err != nil || d < time.Second || d > 4*time.Second {
		t.Errorf("date: in %v, %v", d, err)
	}
	at, err = time.Parse(time.RFC3339, ask("anthropic").header.Get("Anthropic-Ratelimit-Requests-Reset"))
	if d := time.Until(at); err != nil || d < 0 || d > 4*time.Second {
		t.Errorf("anthropic: in %v, %v", d, err)
	}
	ask("message").has("Please try again in 2s.")
	ask("body").want("retry_after", 2.0)
	ask("estimated").want("estimated_time", 2.0)
	g := a.post("/v1beta/models/gemini@429;retry-after=2;as=google:generateContent", `{"contents":[]}`)
	g.is(429)
	g.want("error.details.1.retryDelay", "2s")
	g.want("error.status", "RESOURCE_EXHAUSTED")
}

func TestKeyForm(t *testing.T) {
	a := newAsker(t)
	for key, status := range map[string]int{"Bearer sk-1": 200, "Token t": 200, "sk-1": 401, "Bearer ": 401, "Bearer <sk-1>": 401, `Bearer "sk-1"`: 401} {
		if g := a.post("/v1/chat/completions", `{"model":"m"}`, "Authorization", key); g.status != status {
			t.Errorf("%q: %d, want %d", key, g.status, status)
		}
	}
	if log := a.do("GET", "/sim/log", ""); strings.Contains(log.body, "sk-1") {
		t.Error("a key stands in the log")
	}
}

func TestLog(t *testing.T) {
	a := newAsker(t)
	a.chat("m@429", "")
	a.image("dall-e-3", "")
	g := a.do("GET", "/sim/log", "")
	g.want("requests", 2.0)
	g.want("by_fault.429", 1.0)
	g.want("creates.a boat", 1.0)
	g.want("log.0.status", 429.0)
	g.want("log.0.model", "m@429")
	a.do("DELETE", "/sim/log", "").is(204)
	a.do("GET", "/sim/log", "").want("requests", 0.0)
}

// The tables of the page are those of the code.
func TestPage(t *testing.T) {
	page, err := os.ReadFile("../docs/simulator.md")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := sim.WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	const mark = "<!-- made by `telltale sim --list --markdown` -->\n"
	_, tables, ok := strings.Cut(string(page), mark)
	if !ok || strings.TrimSpace(tables) != strings.TrimSpace(b.String()) {
		t.Errorf("docs/simulator.md is not up to date: put the output of `telltale sim --list --markdown` after %q", mark)
	}
}
