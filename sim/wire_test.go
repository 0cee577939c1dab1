package sim_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/telltale-ai/telltale/sim"
)

// got is an answer as a plain client sees it.
type got struct {
	t      *testing.T
	status int
	header http.Header
	body   string
	err    error // no answer came
	cut    error // the body broke off
}

// asker sends requests to a server of its own.
type asker struct {
	t      *testing.T
	s      *sim.Server
	url    string
	client *http.Client
}

func newAsker(t *testing.T) *asker {
	s := &sim.Server{Seed: 7}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	tr := &http.Transport{DisableCompression: true, DisableKeepAlives: true}
	return &asker{t, s, srv.URL, &http.Client{Transport: tr, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (a *asker) do(method, path, body string, header ...string) got {
	a.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = a.url + path
	}
	req, err := http.NewRequest(method, path, strings.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return read(a.t, a.client, req)
}

func read(t *testing.T, client *http.Client, req *http.Request) got {
	resp, err := client.Do(req)
	if err != nil {
		return got{t: t, err: err}
	}
	defer resp.Body.Close()
	b, cut := io.ReadAll(resp.Body)
	return got{t: t, status: resp.StatusCode, header: resp.Header, body: string(b), cut: cut}
}

func (a *asker) post(path, body string, header ...string) got {
	a.t.Helper()
	return a.do("POST", path, body, header...)
}

// chat asks a model, with more JSON members if given.
func (a *asker) chat(model, more string) got {
	a.t.Helper()
	return a.post("/v1/chat/completions", `{"model":"`+model+`","messages":[{"role":"user","content":"When does the ferry leave?"}]`+more+`}`)
}

// at finds a value by its path, such as "choices.0.message.content"; nil when there is none.
func (g got) at(path string) any {
	g.t.Helper()
	var v any
	if err := json.Unmarshal([]byte(g.body), &v); err != nil {
		g.t.Fatalf("body is no JSON: %v\n%.300s", err, g.body)
	}
	return dig(v, path)
}

func dig(v any, path string) any {
	for p := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[p]
		case []any:
			i := int(p[0] - '0')
			if i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

func (g got) want(path string, want any) {
	g.t.Helper()
	if v := g.at(path); v != want {
		g.t.Errorf("%s = %v, want %v\n%.300s", path, v, want, g.body)
	}
}

func (g got) is(status int) {
	g.t.Helper()
	if g.err != nil {
		g.t.Fatal(g.err)
	}
	if g.status != status {
		g.t.Fatalf("status %d, want %d\n%.300s", g.status, status, g.body)
	}
}

func (g got) has(parts ...string) {
	g.t.Helper()
	for _, p := range parts {
		if !strings.Contains(g.body, p) {
			g.t.Errorf("no %q in\n%.500s", p, g.body)
		}
	}
}

func (g got) lacks(parts ...string) {
	g.t.Helper()
	for _, p := range parts {
		if strings.Contains(g.body, p) {
			g.t.Errorf("%q stands in\n%.500s", p, g.body)
		}
	}
}

func (g got) text() string {
	g.t.Helper()
	s, _ := g.at("choices.0.message.content").(string)
	return s
}

// stream gathers what a chat stream says.
func (g got) stream() (text, finish string, done bool) {
	for ev := range strings.SplitSeq(g.body, "\n\n") {
		data, ok := strings.CutPrefix(ev, "data: ")
		switch {
		case !ok:
		case data == "[DONE]":
			done = true
		default:
			var v any
			if err := json.Unmarshal([]byte(data), &v); err != nil {
				g.t.Fatalf("event %q: %v", data, err)
			}
			if s, ok := dig(v, "choices.0.delta.content").(string); ok {
				text += s
			}
			if s, ok := dig(v, "choices.0.finish_reason").(string); ok {
				finish = s
			}
		}
	}
	return text, finish, done
}

func unzip(t *testing.T, s string) string {
	z, err := gzip.NewReader(bytes.NewReader([]byte(s)))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
