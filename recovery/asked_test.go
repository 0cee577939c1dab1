package recovery_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// An upstream that retries itself, such as another gateway, says when there is no more to gain.
func TestAnUpstreamThatAsksForNoRetryGetsNone(t *testing.T) {
	var n atomic.Int32
	p := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("X-Should-Retry", "false")
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(500)
		_, _ = io.WriteString(w, `{"error":{"message":"The server had an error","type":"server_error","code":null}}`)
	}))
	defer p.Close()
	rt, b := over()
	resp, _ := send(t, rt, t.Context(), p.URL+"/v1/chat/completions", fmt.Sprintf(streamed, "gpt-5.4"))
	if resp.StatusCode != 500 || n.Load() != 1 || len(b.last(t).Notes) == 0 {
		t.Errorf("%d after %d requests, notes %q", resp.StatusCode, n.Load(), b.last(t).Notes)
	}
}
