package recovery_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/telltale-ai/telltale/fault"
)

// A cut is told however long the stream was, and whatever else was wrong with it.
func TestEveryCutIsTold(t *testing.T) {
	delta := func(text string) string {
		return fmt.Sprintf(`data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-5.4","choices":[{"index":0,"delta":{"content":%q},"finish_reason":null}]}`+"\n\n", text)
	}
	var long strings.Builder
	for i := range 4000 {
		fmt.Fprint(&long, delta(fmt.Sprintf("Row %d holds %x. ", i, i*i*7919)))
	}
	for _, c := range []struct {
		name, body string
		cause      fault.Cause
	}{
		{"long", long.String(), fault.StreamInterrupted},
		{"looping", strings.Repeat(delta("and on and on and on we go again "), 300), fault.Repetition},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				w.Header().Set("Content-Type", "text/event-stream")
				_, _ = io.WriteString(w, c.body)
			}))
			defer p.Close()
			rt, b := over()
			_, got := send(t, rt, t.Context(), p.URL+"/v1/chat/completions", fmt.Sprintf(streamed, "gpt-5.4"))
			rest, ok := strings.CutPrefix(got, c.body)
			if !ok || !strings.Contains(rest, `"error":{"message":"Telltale: `) {
				t.Errorf("%d bytes in, %d out, ended with %q", len(c.body), len(got), rest)
			}
			if d := b.last(t).Final; d.Cause != c.cause {
				t.Errorf("final: %+v", d)
			}
		})
	}
}

// A stream that has no room for an event of ours does not end cleanly either.
func TestACutWithoutEventsIsNoCleanEnd(t *testing.T) {
	for _, c := range []struct{ path, kind, body string }{
		{"/v1beta/models/gemini-2.5-flash:streamGenerateContent", "application/json", `[{"candidates":[{"content":{"role":"model","parts":[{"text":"Hel"}]},"index":0}]},{"candidates":[{"content":{"role":"model","parts":[{"text":"lo"}]},"index":0}]}`},
		{"/api/chat", "application/x-ndjson", `{"model":"l","message":{"role":"assistant","content":"Hel"},"done":false}` + "\n"},
	} {
		p := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.Header().Set("Content-Type", c.kind)
			_, _ = io.WriteString(w, c.body)
			w.(http.Flusher).Flush()
		}))
		defer p.Close()
		rt, b := over()
		req, _ := http.NewRequestWithContext(t.Context(), "POST", p.URL+c.path, strings.NewReader(`{"model":"l","contents":[],"messages":[{"role":"user","content":"Hi"}]}`))
		req.Header.Set("Content-Type", "application/json")
		resp, err := rt.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(resp.Body)
		if resp.StatusCode == 200 && err == nil {
			t.Errorf("%s: a clean end after %q", c.path, got)
		}
		if d := b.last(t).Final; d.Cause != fault.StreamInterrupted {
			t.Errorf("final: %+v", d)
		}
	}
}
