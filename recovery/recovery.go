// Package recovery puts right what can be put right in a call to an AI API: use [Transport], an
// http.RoundTripper, under any SDK. It retries by diagnosis, repairs a parameter that the provider
// refused by name, never lets a cut stream end cleanly, and tells an [Observer] what broke.
package recovery

import (
	"context"
	"net/http"
	"sync"

	telltale "github.com/telltale-ai/telltale"
)

// Transport sends calls and recovers them. The zero value is ready to use. It must not be copied
// after its first use, and is safe for concurrent use.
//
// Transport answers a call whose upstream never did with a response of its own, an error in the
// caller's dialect with status 502, 503 or 504 and "x-should-retry: false", so that the retries of an
// SDK above it do not multiply with its own; in [Observe] mode, and when the caller gave up, it returns an [Error].
type Transport struct {
	Base      http.RoundTripper   // nil: a transport that leaves compressed bodies as they come
	Diagnoser *telltale.Diagnoser // nil: the built-in catalogue
	Policy    Policy
	Observer  Observer // nil: nobody is told

	once    sync.Once
	base    http.RoundTripper
	traced  bool // base calls the hooks of httptrace
	diag    *telltale.Diagnoser
	policy  Policy // with its defaults filled in
	calls   CallObserver
	gates   gates
	learned learned
}

// Observer is told of every attempt when its response has been read, or has failed. Observe must not
// block and must not change what it is given; a panic in it is swallowed.
type Observer interface {
	Observe(ctx context.Context, x *telltale.Exchange, d telltale.Diagnosis)
}

// CallObserver is a second interface that an Observer may have: it is told of every call once, at its end.
type CallObserver interface {
	ObserveCall(ctx context.Context, c *telltale.Call)
}

func (t *Transport) setUp() {
	t.base, t.diag, t.policy = t.Base, t.Diagnoser, t.Policy.filled()
	if t.base == nil {
		t.base = NewBase(t.policy)
	}
	_, t.traced = t.base.(*http.Transport)
	if t.diag == nil {
		t.diag = &telltale.Diagnoser{}
	}
	t.calls, _ = t.Observer.(CallObserver)
}

// NewBase returns the transport that a Transport uses when it is given none: the standard library's,
// with many idle connections to one host and without decompression, so that bytes pass as they come.
func NewBase(p Policy) *http.Transport {
	b := http.DefaultTransport.(*http.Transport).Clone()
	b.DisableCompression = true
	b.MaxIdleConns, b.MaxIdleConnsPerHost = 0, 256
	b.WriteBufferSize, b.ReadBufferSize = 8<<10, 16<<10
	return b
}

// RoundTrip makes the call. The response's Body tells its diagnosis at its end; see [CallOf].
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	t.once.Do(t.setUp)
	c, err := t.begin(req)
	if err != nil {
		return nil, err
	}
	return c.run()
}

// observe tells the observer of an attempt, and survives it.
func (t *Transport) observe(ctx context.Context, x *telltale.Exchange, d telltale.Diagnosis) {
	if t.Observer == nil {
		return
	}
	defer func() { _ = recover() }()
	t.Observer.Observe(ctx, x, d)
}

func (t *Transport) observeCall(ctx context.Context, c *telltale.Call) {
	if t.calls == nil {
		return
	}
	defer func() { _ = recover() }()
	t.calls.ObserveCall(ctx, c)
}
