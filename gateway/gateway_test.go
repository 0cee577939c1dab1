package gateway_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/telltale-ai/telltale/gateway"
	"github.com/telltale-ai/telltale/recovery"
)

// quick is a policy whose waits are short.
var quick = recovery.Policy{Base: time.Millisecond, Max: 5 * time.Millisecond, Connect: 5 * time.Second, FirstByte: 5 * time.Second, Idle: 5 * time.Second}

const healthy = `{"id":"chatcmpl-1","object":"chat.completion","model":"gpt-5.4-mini","choices":[{"index":0,"message":{"role":"assistant","content":"Paris is the capital of France."},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":7,"total_tokens":19}}`

const question = `{"model":"gpt-5.4-mini","messages":[{"role":"user","content":"What is the capital of France?"}]}`

// stand starts an upstream and a gateway before it.
func stand(t *testing.T, p recovery.Policy, up http.HandlerFunc, change ...func(*gateway.Config)) *httptest.Server {
	t.Helper()
	us := httptest.NewServer(up)
	t.Cleanup(us.Close)
	base, _ := url.Parse(us.URL + "/v1")
	cfg := gateway.Config{Policy: p, Upstreams: map[string]*recovery.Upstream{"main": {Base: base}}}
	for _, f := range change {
		f(&cfg)
	}
	g, err := gateway.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	gs := httptest.NewServer(g)
	t.Cleanup(gs.Close)
	return gs
}

func ask(t *testing.T, base, path, body string, head ...string) (*http.Response, string) {
	t.Helper()
	req, _ := http.NewRequest("POST", base+path, strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(head); i += 2 {
		req.Header.Set(head[i], head[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%v after %q", err, b)
	}
	return resp, string(b)
}

func wantHeader(t *testing.T, h http.Header, k, want string) {
	t.Helper()
	if got := h.Get(k); got != want {
		t.Errorf("%s = %q, want %q", k, got, want)
	}
}

func TestPassesThroughByteForByte(t *testing.T) {
	odd := "  {\"choices\" : [ {\"message\":{\"role\":\"assistant\",\"content\":\"Hello there, friend.\"},\"finish_reason\":\"stop\"} ], \"x\": 1e400}\r\n"
	var seen http.Request
	var got string
	gs := stand(t, quick, func(w http.ResponseWriter, r *http.Request) {
		seen = *r
		b, _ := io.ReadAll(r.Body)
		got = string(b)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Request-Id", "req_1")
		io.WriteString(w, odd)
	})
	resp, body := ask(t, gs.URL, "/v1/chat/completions?a=b%20c", question, "Authorization", "Bearer sk-client", "Telltale-Mode", "recover", "Telltale-Task", "x")
	if body != odd {
		t.Errorf("body changed: %q", body)
	}
	if got != question || seen.URL.RequestURI() != "/v1/chat/completions?a=b%20c" {
		t.Errorf("upstream got %q at %s", got, seen.URL.RequestURI())
	}
	wantHeader(t, seen.Header, "Authorization", "Bearer sk-client")
	wantHeader(t, seen.Header, "Telltale-Mode", "")
	wantHeader(t, seen.Header, "Telltale-Task", "")
	wantHeader(t, seen.Header, "X-Forwarded-For", "")
	wantHeader(t, resp.Header, "X-Request-Id", "req_1")
	wantHeader(t, resp.Header, "Telltale-Class", "ok")
	wantHeader(t, resp.Header, "Telltale-Cause", "ok")
	wantHeader(t, resp.Header, "Telltale-Attempts", "1")
	if !strings.HasPrefix(resp.Header.Get("Telltale-Call"), "call_") {
		t.Errorf("Telltale-Call = %q", resp.Header.Get("Telltale-Call"))
	}
}

func TestPaths(t *testing.T) {
	for _, c := range []struct{ base, in, want string }{
		{"/v1", "/v1/chat/completions", "/v1/chat/completions"},
		{"", "/v1/chat/completions", "/v1/chat/completions"},
		{"/api/paas/v4", "/v1/chat/completions", "/api/paas/v4/chat/completions"},
		{"/openai", "/v1/models", "/openai/models"},
		{"/v1", "/main/chat/completions", "/v1/chat/completions"},
		{"/v1", "/main/v1/chat/completions", "/v1/chat/completions"},
		{"/v1", "/main/v1beta/models/gemini:generateContent", "/v1beta/models/gemini:generateContent"},
		{"/v1beta", "/main/v1beta/models/gemini:generateContent", "/v1beta/models/gemini:generateContent"},
		{"/v1", "/kling/v1/videos/text2video", "/kling/v1/videos/text2video"},
		{"/v1", "/v1/files/a%2Fb", "/v1/files/a%2Fb"},
		{"/v1", "/", "/"},
	} {
		var got string
		us := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got = r.URL.EscapedPath(); io.WriteString(w, "{}") }))
		base, _ := url.Parse(us.URL + c.base)
		g, err := gateway.New(gateway.Config{Policy: quick, Upstreams: map[string]*recovery.Upstream{"main": {Base: base}}})
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		g.ServeHTTP(w, httptest.NewRequest("GET", c.in, nil))
		if got != c.want {
			t.Errorf("%s below %q went to %q, want %q", c.in, c.base, got, c.want)
		}
		us.Close()
	}
}

func TestOwnKeyReplacesTheClients(t *testing.T) {
	var seen http.Header
	gs := stand(t, quick, func(w http.ResponseWriter, r *http.Request) { seen = r.Header; io.WriteString(w, healthy) },
		func(c *gateway.Config) { c.Upstreams["main"].Key = "sk-own" })
	ask(t, gs.URL, "/v1/messages", question, "X-Api-Key", "sk-client")
	wantHeader(t, seen, "X-Api-Key", "sk-own")
	wantHeader(t, seen, "Authorization", "")
	ask(t, gs.URL, "/v1/chat/completions", question, "Authorization", "Bearer sk-client", "Api-Key", "sk-two")
	wantHeader(t, seen, "Authorization", "Bearer sk-own")
	wantHeader(t, seen, "Api-Key", "")
}

func event(s string) string { return "data: " + s + "\n\n" }

func delta(text string) string {
	return event(`{"id":"c","object":"chat.completion.chunk","model":"gpt-5.4-mini","choices":[{"index":0,"delta":{"content":"` + text + `"},"finish_reason":null}]}`)
}

const (
	stop = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-5.4-mini\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
	done = "data: [DONE]\n\n"
)

func TestStreamIsFlushedAsItComes(t *testing.T) {
	next := make(chan struct{})
	gs := stand(t, quick, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, s := range []string{delta("Hel"), delta("lo there"), stop + done} {
			io.WriteString(w, s)
			w.(http.Flusher).Flush()
			<-next
		}
	})
	req, _ := http.NewRequest("POST", gs.URL+"/v1/chat/completions", strings.NewReader(`{"stream":true,"model":"gpt-5.4-mini","messages":[]}`))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	br := bufio.NewReader(resp.Body)
	var all string
	for range 3 {
		line, err := br.ReadString('\n') // comes while the upstream waits: nothing is kept back
		if err != nil {
			t.Fatal(err)
		}
		all += line
		next <- struct{}{}
	}
	rest, err := io.ReadAll(br)
	if err != nil {
		t.Fatal(err)
	}
	all += string(rest)
	if want := delta("Hel") + delta("lo there") + stop + done; all != want {
		t.Errorf("stream changed:\n%s", all)
	}
	if resp.Header.Get("Telltale-Call") == "" || resp.Header.Get("Telltale-Class") != "" {
		t.Errorf("headers: %v", resp.Header)
	}
	wantHeader(t, resp.Trailer, "Telltale-Class", "ok")
	wantHeader(t, resp.Trailer, "Telltale-Cause", "ok")
	wantHeader(t, resp.Trailer, "Telltale-Attempts", "1")
}

func TestCutStreamEndsWithAnErrorInTheCallersDialect(t *testing.T) {
	for name, c := range map[string]struct{ path, sent, want string }{
		"openai":    {"/v1/chat/completions", delta("Hello wor"), `data: {"error":{"message":"Telltale: `},
		"anthropic": {"/v1/messages", "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-opus-4\",\"content\":[],\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}\n\nevent: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\nevent: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello\"}}\n\n", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"Telltale: "},
		"gemini":    {"/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", event(`{"candidates":[{"content":{"role":"model","parts":[{"text":"Hello"}]},"index":0}],"modelVersion":"gemini-2.5-flash"}`), `data: {"error":{"code":502,"message":"Telltale: `},
		"responses": {"/v1/responses", "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"r\",\"status\":\"in_progress\",\"model\":\"gpt-5.4\",\"output\":[]}}\n\nevent: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":1,\"item_id\":\"m\",\"output_index\":0,\"content_index\":0,\"delta\":\"Hello\"}\n\n", "event: error\ndata: {\"message\":\"Telltale: "},
	} {
		for _, how := range []string{"reset", "clean"} {
			t.Run(name+"/"+how, func(t *testing.T) {
				gs := stand(t, quick, func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Content-Type", "text/event-stream")
					io.WriteString(w, c.sent+"data: {\"half")
					w.(http.Flusher).Flush()
					if how == "reset" {
						time.Sleep(20 * time.Millisecond) // let the first part arrive before the connection breaks
						panic(http.ErrAbortHandler)
					}
				})
				resp, body := ask(t, gs.URL, c.path, `{"model":"gpt-5.4-mini","stream":true,"messages":[]}`)
				rest, ok := strings.CutPrefix(body, c.sent)
				if !ok || !strings.HasPrefix(rest, c.want) || !strings.HasSuffix(body, "\n\n") || strings.Contains(body, "[DONE]") {
					t.Errorf("stream ended with %q, want %q", rest, c.want)
				}
				if !strings.Contains(rest, `stream_interrupted`) && !strings.Contains(strings.ToLower(rest), "stream_interrupted") && !strings.Contains(rest, "network") {
					t.Errorf("no cause in %q", rest)
				}
				if class := resp.Trailer.Get("Telltale-Class"); class != "soft" && class != "hard" {
					t.Errorf("class %q", class)
				}
			})
		}
	}
}

func TestObserveLeavesACutACut(t *testing.T) {
	gs := stand(t, quick, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, delta("Hello"))
		w.(http.Flusher).Flush()
		time.Sleep(10 * time.Millisecond)
		panic(http.ErrAbortHandler)
	})
	req, _ := http.NewRequest("POST", gs.URL+"/v1/chat/completions", strings.NewReader(`{"stream":true}`))
	req.Header.Set("Telltale-Mode", "observe")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err == nil || string(b) != delta("Hello") {
		t.Errorf("%q ended with %v, want a broken connection", b, err)
	}
}

func TestRetries(t *testing.T) {
	var n atomic.Int32
	gs := stand(t, quick, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		if string(b) != question {
			t.Errorf("attempt %d got %q", n.Load()+1, b)
		}
		switch n.Add(1) {
		case 1:
			w.WriteHeader(503)
			io.WriteString(w, `{"error":{"message":"The server is overloaded","type":"server_error","code":null}}`)
		case 2:
			panic(http.ErrAbortHandler)
		default:
			io.WriteString(w, healthy)
		}
	})
	resp, body := ask(t, gs.URL, "/v1/chat/completions", question)
	if resp.StatusCode != 200 || body != healthy {
		t.Errorf("%d %q", resp.StatusCode, body)
	}
	wantHeader(t, resp.Header, "Telltale-Attempts", "3")
	wantHeader(t, resp.Header, "Telltale-Class", "ok")
}

func TestGivesUpWithTheProvidersOwnAnswer(t *testing.T) {
	const refusal = `{"error":{"message":"The server had an error while processing your request","type":"server_error","param":null,"code":null}}`
	var n atomic.Int32
	gs := stand(t, quick, func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		w.Header().Set("X-Should-Retry", "true")
		w.WriteHeader(500)
		io.WriteString(w, refusal)
	})
	resp, body := ask(t, gs.URL, "/v1/chat/completions", question)
	if resp.StatusCode != 500 || body != refusal || n.Load() != 4 {
		t.Errorf("%d after %d attempts: %s", resp.StatusCode, n.Load(), body)
	}
	wantHeader(t, resp.Header, "X-Should-Retry", "false")
	wantHeader(t, resp.Header, "Telltale-Attempts", "4")
	n.Store(0)
	if ask(t, gs.URL, "/v1/chat/completions", question, "X-Stainless-Retry-Count", "1"); n.Load() != 1 {
		t.Errorf("an SDK's own retry was sent %d times", n.Load())
	}
	n.Store(0)
	if resp, _ = ask(t, gs.URL, "/v1/chat/completions", question, "Telltale-Mode", "observe"); n.Load() != 1 {
		t.Errorf("observe sent %d times", n.Load())
	}
	wantHeader(t, resp.Header, "X-Should-Retry", "true")
}

func TestUpstreamDown(t *testing.T) {
	base, _ := url.Parse("http://127.0.0.1:1/v1")
	g, _ := gateway.New(gateway.Config{Policy: quick, Upstreams: map[string]*recovery.Upstream{"main": {Base: base}}})
	gs := httptest.NewServer(g)
	defer gs.Close()
	for _, mode := range []string{"recover", "observe"} {
		resp, body := ask(t, gs.URL, "/v1/chat/completions", question, "Telltale-Mode", mode)
		if resp.StatusCode != 502 || !strings.HasPrefix(body, `{"error":{"message":"Telltale: `) {
			t.Errorf("%s: %d %s", mode, resp.StatusCode, body)
		}
		wantHeader(t, resp.Header, "Telltale-Cause", "network")
		wantHeader(t, resp.Header, "X-Should-Retry", "false")
	}
}

func TestTrailersAndInformationalPass(t *testing.T) {
	gs := stand(t, quick, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "</a>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Set("Trailer", "X-Sum")
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, healthy)
		w.Header().Set("X-Sum", "42")
	})
	resp, body := ask(t, gs.URL, "/v1/chat/completions", question)
	if body != healthy || resp.Trailer.Get("X-Sum") != "42" {
		t.Errorf("%q, trailer %v", body, resp.Trailer)
	}
}

func TestClientThatLeavesCancelsTheUpstream(t *testing.T) {
	gone := make(chan struct{})
	gs := stand(t, quick, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
		close(gone)
	})
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, "POST", gs.URL+"/v1/chat/completions", strings.NewReader(question))
	if _, err := http.DefaultClient.Do(req); err == nil {
		t.Fatal("answered")
	}
	select {
	case <-gone:
	case <-time.After(5 * time.Second):
		t.Fatal("the upstream was not told")
	}
}

func TestLargeBodiesAreStreamedOnce(t *testing.T) {
	p := quick
	p.Hold = 64 << 10
	big := bytes.Repeat([]byte("x"), 1<<20)
	var n atomic.Int32
	gs := stand(t, p, func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		b, _ := io.ReadAll(r.Body)
		if len(b) == 1<<20+2 {
			w.WriteHeader(503)
			io.WriteString(w, `{"error":{"message":"overloaded"}}`)
			return
		}
		w.Write(big)
	})
	resp, _ := ask(t, gs.URL, "/v1/chat/completions", `"`+string(big)+`"`)
	if resp.StatusCode != 503 || n.Load() != 1 {
		t.Errorf("%d after %d attempts", resp.StatusCode, n.Load())
	}
	if _, body := ask(t, gs.URL, "/v1/chat/completions", question); body != string(big) {
		t.Errorf("a large answer came as %d bytes", len(body))
	}
}

func TestOwnPages(t *testing.T) {
	gs := stand(t, quick, func(w http.ResponseWriter, r *http.Request) { t.Errorf("upstream asked for %s", r.URL) },
		func(c *gateway.Config) {
			c.Admin = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "admin ", r.URL.Path) })
		})
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n", "/telltale/api/calls": "admin /telltale/api/calls"} {
		resp, err := http.Get(gs.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if string(b) != want {
			t.Errorf("%s: %q", path, b)
		}
	}
	resp, body := ask(t, gs.URL, "/v1/chat/completions", question, "Telltale-Mode", "brave")
	if resp.StatusCode != 400 || !strings.Contains(body, "brave") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
}
