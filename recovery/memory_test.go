package recovery_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"
	"time"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/recovery"
)

// memory is a transport that serves requests by a handler in the same process, so that testing/synctest
// drives its waits. A handler that panics breaks the connection.
type memory struct {
	h     http.Handler
	dial  func(ctx context.Context) error // nil: always connects
	count int
	mu    sync.Mutex
}

var errBroken = errors.New("read tcp 127.0.0.1:4242: connection reset by peer")

func (m *memory) RoundTrip(req *http.Request) (*http.Response, error) {
	m.mu.Lock()
	m.count++
	m.mu.Unlock()
	trace := httptrace.ContextClientTrace(req.Context())
	trace.GetConn(req.URL.Host)
	if m.dial != nil {
		if err := m.dial(req.Context()); err != nil {
			return nil, err
		}
	}
	trace.GotConn(httptrace.GotConnInfo{})
	trace.WroteRequest(httptrace.WroteRequestInfo{})
	pr, pw := io.Pipe()
	w := &answer{h: http.Header{}, pw: pw, begun: make(chan struct{})}
	in := req.Clone(req.Context())
	in.RequestURI = req.URL.RequestURI()
	if in.Body == nil {
		in.Body = http.NoBody
	}
	go func() {
		defer func() {
			if recover() != nil {
				pw.CloseWithError(errBroken)
				w.once.Do(func() { w.broken = true; close(w.begun) })
				return
			}
			w.WriteHeader(200)
			pw.Close()
		}()
		m.h.ServeHTTP(w, in)
	}()
	stop := context.AfterFunc(req.Context(), func() { pr.CloseWithError(context.Cause(req.Context())) })
	select {
	case <-w.begun:
	case <-req.Context().Done():
		return nil, context.Cause(req.Context())
	}
	if w.broken {
		stop()
		return nil, errBroken
	}
	return &http.Response{StatusCode: w.status, Status: fmt.Sprint(w.status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: pr, ContentLength: -1, Request: req}, nil
}

type answer struct {
	h, sent http.Header
	status  int
	pw      *io.PipeWriter
	once    sync.Once
	begun   chan struct{}
	broken  bool
}

func (w *answer) Header() http.Header { return w.h }
func (w *answer) Flush()              { w.WriteHeader(200) }
func (w *answer) WriteHeader(status int) {
	w.once.Do(func() { w.status, w.sent = status, w.h.Clone(); close(w.begun) })
}
func (w *answer) Write(p []byte) (int, error) {
	w.WriteHeader(200)
	return w.pw.Write(p)
}

// book is an Observer that keeps what it was told.
type book struct {
	mu       sync.Mutex
	attempts []telltale.Diagnosis
	calls    []*telltale.Call
}

func (b *book) Observe(_ context.Context, _ *telltale.Exchange, d telltale.Diagnosis) {
	b.mu.Lock()
	b.attempts = append(b.attempts, d)
	b.mu.Unlock()
}

func (b *book) ObserveCall(_ context.Context, c *telltale.Call) {
	b.mu.Lock()
	b.calls = append(b.calls, c)
	b.mu.Unlock()
}

// last is the call that ended last.
func (b *book) last(t *testing.T) *telltale.Call {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.calls) == 0 {
		t.Fatal("no call was told of")
	}
	return b.calls[len(b.calls)-1]
}

// post makes a call and reads it to its end.
func post(t *testing.T, rt http.RoundTripper, ctx context.Context, path, body string, head ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, "POST", "http://api.example.com"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(head); i += 2 {
		req.Header.Set(head[i], head[i+1])
	}
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return nil, err.Error()
	}
	b, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		return resp, string(b) + "\n<" + err.Error() + ">"
	}
	return resp, string(b)
}

// script answers the n-th request with the n-th handler, and with the last one ever after.
func script(steps ...http.HandlerFunc) http.Handler {
	var mu sync.Mutex
	n := 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		h := steps[min(n, len(steps)-1)]
		n++
		mu.Unlock()
		h(w, r)
	})
}

func says(status int, body string, head ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i+1 < len(head); i += 2 {
			w.Header().Set(head[i], head[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func breaks(http.ResponseWriter, *http.Request) { panic("broken") }

func hangs(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func errorBody(message, kind, code string) string {
	return fmt.Sprintf(`{"error":{"message":%q,"type":%q,"param":null,"code":%q}}`, message, kind, code)
}

func chat(text, finish string) string {
	return fmt.Sprintf(`{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-5.4-mini","choices":[{"index":0,"message":{"role":"assistant","content":%q},"finish_reason":%q}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}`, text, finish)
}

const ask = `{"model":"gpt-5.4-mini","messages":[{"role":"user","content":"What is the capital of France?"}]}`

var (
	fine     = says(200, chat("The capital of France is Paris.", "stop"))
	limited  = errorBody("Rate limit reached for requests", "requests", "rate_limit_exceeded")
	overload = errorBody("The engine is currently overloaded, please try again later", "server_error", "overloaded")
	noMoney  = errorBody("You exceeded your current quota, please check your plan and billing details.", "insufficient_quota", "insufficient_quota")
)

// setUp is a Transport over a handler, and its observer.
func setUp(h http.Handler, change ...func(*recovery.Policy)) (*recovery.Transport, *memory, *book) {
	m, b := &memory{h: h}, &book{}
	t := &recovery.Transport{Base: m, Observer: b}
	for _, f := range change {
		f(&t.Policy)
	}
	return t, m, b
}

func between(t *testing.T, what string, got, low, high time.Duration) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%s took %v, want %v to %v", what, got, low, high)
	}
}
