package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/telltale-ai/telltale/internal/config"
	"github.com/telltale-ai/telltale/record"
	"github.com/telltale-ai/telltale/record/recordtest"
	"github.com/telltale-ai/telltale/sqlite"
)

// recordSome is a command of the scripts: it records made-up calls in a directory.
func recordSome() {
	s, err := sqlite.OpenRecords(os.Args[1])
	if err != nil {
		panic(err)
	}
	r := record.NewRecorder(s, record.Options{})
	for n := range 30 {
		r.ObserveCall(context.Background(), recordtest.Call(n))
	}
	c := recordtest.Call(14) // a silent failure with what the model wrote
	c.ID, c.Start = "refused", c.Start.Add(time.Hour)
	c.Attempts[0].Exchange.Request.Body = []byte(`{"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Write a \u001b[31mpoem."}]}`)
	c.Attempts[0].Exchange.Response.Body = []byte(`{"choices":[{"message":{"content":"I cannot help with poems."},"finish_reason":"stop"}]}`)
	r.ObserveCall(context.Background(), c)
	if err := r.Close(context.Background()); err != nil {
		panic(err)
	}
	if err := s.Close(); err != nil {
		panic(err)
	}
}

// syncBuffer is a buffer that one goroutine writes and another reads.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// TestRecordedEndToEnd sends calls with a key through a gateway and looks for both afterwards: the calls
// in every view of them, the key nowhere.
func TestRecordedEndToEnd(t *testing.T) {
	const key = "sk-canary-A1b2C3d4E5f6G7h8"
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Request-Id", "req-17")
		w.WriteHeader(http.StatusUnauthorized)
		io.WriteString(w, `{"error":{"message":"Incorrect API key provided: `+strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")+`.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}`)
	}))
	defer provider.Close()
	dir := t.TempDir()
	cfg := config.Default()
	cfg.Data = dir
	cfg.DefaultUpstream, cfg.Upstreams = "p", map[string]config.Upstream{"p": {BaseURL: provider.URL + "/v1"}}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out, errs syncBuffer
	a := &app{ctx: ctx, stdin: strings.NewReader(""), stdout: &out, stderr: &errs, getenv: func(string) string { return "" }}
	s, err := a.newServer(cfg)
	if err != nil {
		t.Fatal(err)
	}
	gate := httptest.NewServer(s.gateway)
	for _, end := range s.stopping {
		gate.Config.RegisterOnShutdown(end)
	}
	tailed := make(chan int, 1)
	go func() { tailed <- a.run([]string{"tail", "--url", gate.URL, "--class", "hard"}) }()

	var id string
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(out.String(), "authentication"); { // until the tail has begun to watch
		req, _ := http.NewRequest("POST", gate.URL+"/v1/chat/completions?key="+key, strings.NewReader(`{"model":"m","api_key":"`+key+`","messages":[{"role":"user","content":"hello"}]}`))
		req.Header.Set("Authorization", "Bearer "+key)
		req.Header.Set("X-Api-Key", key)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		id = resp.Header.Get("Telltale-Call")
		if time.Now().After(deadline) {
			t.Fatalf("the call is not tailed; stdout %q, stderr %q", out.String(), errs.String())
		}
		time.Sleep(20 * time.Millisecond)
	}
	fetch := func(path string) string {
		resp, err := http.Get(gate.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		if resp.StatusCode != 200 {
			t.Errorf("%s: %s %s", path, resp.Status, b)
		}
		return string(b)
	}
	views := map[string]string{"api list": fetch("/telltale/api/calls"), "api call": fetch("/telltale/api/calls/" + id), "page list": fetch("/telltale/"), "page call": fetch("/telltale/calls/" + id)}
	cancel()
	if code := <-tailed; code != 0 {
		t.Errorf("tail ended with %d", code)
	}
	gate.Close()
	s.close()
	views["tail"] = out.String()
	for name, args := range map[string][]string{"calls": {"calls", "--data", dir}, "calls ID": {"calls", id, "--data", dir}, "calls --json": {"calls", "--json", "--data", dir}, "calls ID --json": {"calls", id, "--json", "--data", dir}} {
		var o bytes.Buffer
		b := &app{ctx: t.Context(), stdout: &o, stderr: &errs, getenv: a.getenv}
		if code := b.run(args); code != 0 {
			t.Errorf("%s: exit %d, %s", name, code, errs.String())
		}
		views[name] = o.String()
	}
	for name, v := range views {
		if !strings.Contains(v, "authentication") && !strings.Contains(v, "Authentication") || !strings.Contains(v, id) && name != "tail" {
			t.Errorf("%s does not show the call:\n%s", name, v)
		}
	}
	views["stderr"] = errs.String()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, _ := os.ReadFile(filepath.Join(dir, f.Name()))
		views[f.Name()] = string(b)
	}
	for name, v := range views {
		if strings.Contains(v, "canary") || strings.Contains(v, "A1b2C3d4") {
			t.Errorf("%s shows the key:\n%.2000s", name, v)
		}
	}
	var e record.Entry
	if err := json.Unmarshal([]byte(views["api call"]), &e); err != nil || e.Status != 401 || e.RequestID.String() != "req-17" || e.Surface != "chat" || len(e.Attempts) != 1 || e.Attempts[0].Request == nil {
		t.Errorf("%v %+v", err, e)
	}
	if !strings.Contains(e.Attempts[0].Request.Body.String(), "hello") || !strings.Contains(e.Attempts[0].Response.Body.String(), "Incorrect API key provided: [redacted]") {
		t.Errorf("%v", views["api call"])
	}
}
