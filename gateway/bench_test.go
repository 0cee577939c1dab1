package gateway_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"github.com/telltale-ai/telltale/gateway"
	"github.com/telltale-ai/telltale/recovery"
)

// BenchmarkHandler is the gateway alone, without a network.
func BenchmarkHandler(b *testing.B) {
	base, _ := url.Parse("http://api.example.com/v1")
	g, err := gateway.New(gateway.Config{Upstreams: map[string]*recovery.Upstream{"x": {Base: base}}, Base: canned{}})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	start := processor()
	for b.Loop() {
		r := httptest.NewRequest("POST", "/v1/chat/completions", strings.NewReader(question))
		g.ServeHTTP(httptest.NewRecorder(), r)
	}
	b.ReportMetric(float64(processor()-start)/float64(b.N), "cpu-ns/op")
}

// processor is the time that this process has used: on a busy machine it says more than the clock.
func processor() int64 {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u.Utime.Nano() + u.Stime.Nano()
}

type canned struct{}

func (canned) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Request: r, ContentLength: int64(len(healthy)), Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(healthy))}, nil
}
