package recovery_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/recovery"
	"github.com/telltale-ai/telltale/sim"
	"github.com/tidwall/gjson"
)

// provider is the simulator, and what it was sent.
type provider struct {
	*httptest.Server
	mu   sync.Mutex
	sent []string
	keys []string
}

func simulated(t *testing.T) *provider {
	t.Helper()
	p := &provider{}
	s := &sim.Server{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		p.mu.Lock()
		p.sent = append(p.sent, string(b))
		p.keys = append(p.keys, r.Header.Get("Authorization"))
		p.mu.Unlock()
		r.Body = io.NopCloser(strings.NewReader(string(b)))
		s.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *provider) requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.sent
	p.sent = nil
	return out
}

// over is a Transport for tests over a real network, with short waits.
func over(change ...func(*recovery.Policy)) (*recovery.Transport, *book) {
	b := &book{}
	t := &recovery.Transport{Observer: b, Policy: recovery.Policy{Base: time.Millisecond, Max: 2 * time.Millisecond, Idle: 2 * time.Second}}
	for _, f := range change {
		f(&t.Policy)
	}
	return t, b
}

func send(t *testing.T, rt http.RoundTripper, ctx context.Context, to, body string, head ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, "POST", to, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(head); i += 2 {
		req.Header.Set(head[i], head[i+1])
	}
	resp, err := rt.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return resp, string(b) + "\n<" + err.Error() + ">"
	}
	return resp, string(b)
}

func TestRefusedParametersAreRepairedAndLearnt(t *testing.T) {
	for name, c := range map[string]struct {
		path, body    string
		gone, present string
		changed       string
	}{
		"max_tokens": {"/v1/chat/completions", `{"model":"o3-mini","max_tokens":50,"messages":[{"role":"user","content":"Hi"}]}`,
			"max_tokens", "max_completion_tokens", "max_tokens renamed to max_completion_tokens"},
		"temperature": {"/v1/chat/completions", `{"model":"gpt-5.4@refuse-temperature","temperature":0.2,"messages":[{"role":"user","content":"Hi"}]}`,
			"temperature", "", "temperature dropped"},
		"response_format": {"/v1/images/generations", `{"model":"gpt-image-2","prompt":"a lighthouse","response_format":"b64_json"}`,
			"response_format", "output_format", "response_format renamed to output_format"},
	} {
		t.Run(name, func(t *testing.T) {
			p := simulated(t)
			rt, b := over()
			resp, body := send(t, rt, t.Context(), p.URL+c.path, c.body)
			sent := p.requests()
			if resp.StatusCode != 200 || len(sent) != 2 {
				t.Fatalf("%d after %d attempts: %s", resp.StatusCode, len(sent), body)
			}
			if gjson.Get(sent[1], c.gone).Exists() || c.present != "" && !gjson.Get(sent[1], c.present).Exists() {
				t.Errorf("repaired to %s", sent[1])
			}
			call := b.last(t)
			if got := strings.Join(call.Changed, "; "); !strings.Contains(got, c.changed) || len(call.Attempts) != 2 || len(call.Attempts[1].Edits) != 1 {
				t.Errorf("changed: %q, attempts %+v", got, call.Attempts)
			}
			resp, _ = send(t, rt, t.Context(), p.URL+c.path, c.body)
			if again := p.requests(); resp.StatusCode != 200 || len(again) != 1 || again[0] != sent[1] {
				t.Errorf("not learnt: %q", again)
			}
			if got := strings.Join(b.last(t).Changed, "; "); !strings.Contains(got, c.changed) {
				t.Errorf("a learnt edit is not named: %q", got)
			}
			resp, _ = send(t, rt, recovery.WithMode(t.Context(), recovery.Observe), p.URL+c.path, c.body)
			if again := p.requests(); resp.StatusCode != 400 || again[0] != c.body {
				t.Errorf("observe changed the request: %d %q", resp.StatusCode, again)
			}
		})
	}
}

func TestWhatTheCallerNeedsIsNotDropped(t *testing.T) {
	p := simulated(t)
	rt, _ := over()
	for _, param := range []string{"logprobs", "tools", "response_format", "stop"} {
		resp, _ := send(t, rt, t.Context(), p.URL+"/v1/chat/completions", `{"model":"gpt-5.4@refuse;param=`+param+`","`+param+`":{"type":"json_object"},"messages":[{"role":"user","content":"Hi"}]}`)
		if n := len(p.requests()); resp.StatusCode != 400 || n != 1 {
			t.Errorf("%s: %d after %d attempts", param, resp.StatusCode, n)
		}
	}
}

func TestManyImagesAsSingleRequests(t *testing.T) {
	p := simulated(t)
	rt, b := over()
	resp, body := send(t, rt, t.Context(), p.URL+"/v1/images/generations", `{"model":"qwen-image","prompt":"a lighthouse","n":3}`)
	call := b.last(t)
	if n := len(gjson.Get(body, "data").Array()); resp.StatusCode != 200 || n != 3 || len(p.requests()) != 4 || len(call.Attempts) != 4 || !call.Final.OK() || len(b.calls) != 1 {
		t.Fatalf("%d: %d images, %d attempts, %d calls: %+v", resp.StatusCode, n, len(call.Attempts), len(b.calls), call.Final)
	}
	send(t, rt, t.Context(), p.URL+"/v1/images/generations", `{"model":"qwen-image","prompt":"a lighthouse","n":2}`)
	if sent := p.requests(); len(sent) != 2 {
		t.Errorf("not learnt: %q", sent)
	}

	var mu sync.Mutex
	n := 0
	flaky := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in, _ := io.ReadAll(r.Body)
		mu.Lock()
		n++
		i := n
		mu.Unlock()
		switch {
		case gjson.GetBytes(in, "n").Int() > 1:
			says(400, `{"error":{"message":"Invalid value for 'n': this model supports only n=1.","type":"invalid_request_error","param":"n","code":"invalid_value"}}`)(w, r)
		case i == 3:
			says(400, errorBody("Your request was rejected by the safety system.", "image_generation_user_error", "moderation_blocked"))(w, r)
		default:
			says(200, fmt.Sprintf(`{"created":1,"data":[{"url":"http://x/%d.png"}],"usage":{"input_tokens":2,"output_tokens":3,"total_tokens":5}}`, i))(w, r)
		}
	}))
	defer flaky.Close()
	resp, body = send(t, rt, t.Context(), flaky.URL+"/v1/images/generations", `{"model":"wan","prompt":"a lighthouse","n":3}`)
	call = b.last(t)
	if got := len(gjson.Get(body, "data").Array()); resp.StatusCode != 200 || got != 2 || call.Final.Class != fault.Soft || gjson.Get(body, "usage.total_tokens").Int() != 10 {
		t.Errorf("%d, %d images, %s: %s", resp.StatusCode, got, call.Final.Class, body)
	}
	if got := strings.Join(call.Changed, "; "); !strings.Contains(got, "2 of 3 results") {
		t.Errorf("partial success is not told: %q", got)
	}
}

func TestAllowedValues(t *testing.T) {
	for name, c := range map[string]struct{ param, was, message, want string }{
		"portrait":      {"size", `"1024x1792"`, "Invalid value: '1024x1792'. Supported values are: '1024x1024', '1024x1536', '1536x1024', and 'auto'.", `"1024x1536"`},
		"square":        {"size", `"512x512"`, "Invalid value: '512x512'. Supported values are: '1024x1024', '1024x1536', '1536x1024', and 'auto'.", `"1024x1024"`},
		"two squares":   {"size", `"512x512"`, "Supported values are: '256x256', '1024x1024'.", ""},
		"hd":            {"quality", `"hd"`, "Invalid value: 'hd'. Supported values are: 'low', 'medium', 'high', and 'auto'.", `"high"`},
		"standard":      {"quality", `"standard"`, "Invalid value: 'standard'. Supported values are: 'low', 'medium', 'high', and 'auto'.", ""},
		"no list":       {"size", `"512x512"`, "Invalid size.", ""},
		"another thing": {"voice", `"x"`, "Supported values are: 'alloy'.", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var sent []string
			rt, _, _ := setUp(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				b, _ := io.ReadAll(r.Body)
				sent = append(sent, string(b))
				if gjson.GetBytes(b, c.param).Raw == c.was {
					says(400, fmt.Sprintf(`{"error":{"message":%q,"type":"invalid_request_error","param":%q,"code":"invalid_value"}}`, c.message, c.param))(w, r)
					return
				}
				says(200, `{"created":1,"data":[{"url":"http://x/1.png"}]}`)(w, r)
			}))
			post(t, rt, t.Context(), "/v1/images/generations", `{"model":"m","prompt":"a","`+c.param+`":`+c.was+`}`)
			got := ""
			if len(sent) == 2 {
				got = gjson.Get(sent[1], c.param).Raw
			}
			if got != c.want || len(sent) > 2 {
				t.Errorf("sent %q, want %s", sent, c.want)
			}
		})
	}
}

func TestFallback(t *testing.T) {
	p, q := simulated(t), simulated(t)
	base, _ := url.Parse(p.URL + "/v1")
	other, _ := url.Parse(q.URL + "/v1")
	here := &recovery.Upstream{Name: "here", Base: base}
	there := &recovery.Upstream{Name: "there", Base: other, Key: "sk-there"}
	keyless := &recovery.Upstream{Name: "keyless", Base: other}
	route := func(r recovery.Route) func(*recovery.Policy) {
		return func(p *recovery.Policy) { p.Routes = []recovery.Route{r}; p.Attempts = 2 }
	}
	ask := func(model string) string {
		return `{"model":"` + model + `","messages":[{"role":"user","content":"Hi"}]}`
	}
	for name, c := range map[string]struct {
		route  recovery.Route
		model  string
		status int
		here   int
		there  int
	}{
		"another model":    {recovery.Route{Fallback: []recovery.Target{{Model: "spare"}}}, "m@500", 200, 3, 0},
		"another upstream": {recovery.Route{Fallback: []recovery.Target{{Upstream: there, Model: "spare"}}}, "m@insufficient-quota", 200, 1, 1},
		"no key, no call":  {recovery.Route{Fallback: []recovery.Target{{Upstream: keyless, Model: "spare"}}}, "m@500", 500, 2, 0},
		"first error":      {recovery.Route{Fallback: []recovery.Target{{Upstream: there, Model: "n@503"}}}, "m@insufficient-quota", 429, 1, 1},
		"filter stays":     {recovery.Route{Fallback: []recovery.Target{{Model: "spare"}}}, "m@content-filter-400", 400, 1, 0},
		"filter by choice": {recovery.Route{Fallback: []recovery.Target{{Model: "bad@500"}}, FallbackOn: map[fault.Cause][]recovery.Target{fault.ContentFilter: {{Model: "spare"}}}}, "m@content-filter-400", 200, 2, 0},
		"context length":   {recovery.Route{Fallback: []recovery.Target{{Model: "bad@500"}}, FallbackOn: map[fault.Cause][]recovery.Target{fault.ContextLengthExceeded: {{Model: "long"}}}}, "m@context-length", 200, 2, 0},
		"other route":      {recovery.Route{Model: "x*", Fallback: []recovery.Target{{Model: "spare"}}}, "m@500", 500, 2, 0},
	} {
		t.Run(name, func(t *testing.T) {
			rt, b := over(route(c.route))
			ctx := recovery.WithUpstream(t.Context(), here)
			resp, body := send(t, rt, ctx, p.URL+"/v1/chat/completions", ask(c.model), "Authorization", "Bearer sk-client")
			a, z := p.requests(), q.requests()
			if resp.StatusCode != c.status || len(a) != c.here || len(z) != c.there {
				t.Errorf("%d with %d and %d requests, want %d, %d, %d: %s", resp.StatusCode, len(a), len(z), c.status, c.here, c.there, body)
			}
			call := b.last(t)
			if len(call.Attempts) != c.here+c.there {
				t.Errorf("%d attempts on record", len(call.Attempts))
			}
			if c.status == 200 && !strings.Contains(strings.Join(call.Changed, ";"), "fallback: ") {
				t.Errorf("changed: %q", call.Changed)
			}
		})
	}
	for _, k := range q.keys {
		if k != "Bearer sk-there" {
			t.Errorf("the other upstream was shown %q", k)
		}
	}
}
