// Package gateway is an http.Handler that stands between any AI client and its providers: make one with
// [New]. It passes requests on, tells what broke, and recovers by the rules of package recovery.
package gateway

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httputil"
	"sync"
	"sync/atomic"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/expect"
	"github.com/telltale-ai/telltale/recovery"
)

// Config is what a Gateway needs to know. Only one upstream is required.
type Config struct {
	Upstreams map[string]*recovery.Upstream // by the name that their path begins with
	Default   string                        // name of the upstream behind /v1/ and unknown paths; "": the only one there is

	Policy      recovery.Policy
	Base        http.RoundTripper                                // nil: a transport of its own
	Diagnoser   *telltale.Diagnoser                              // nil: the built-in catalogue
	Observer    recovery.Observer                                // nil: nobody is told
	Expect      map[string]*expect.Expectation                   // by the name of its task; beside those of Policy.Expect
	ParseExpect func(header string) (*expect.Expectation, error) // reads Telltale-Expect; nil: the header is refused

	Tasks   Tasks                       // nil: long tasks are passed through like any call
	Admin   http.Handler                // mounted at /telltale/; nil: not found
	Metrics http.Handler                // mounted at /metrics; nil: not found
	Ready   func(context.Context) error // nil: always ready
	Trouble func() string               // what does not work though calls go through: /readyz tells of it and says ready; "" or nil: nothing
}

// Tasks follows video and other long tasks.
type Tasks interface {
	// Accepted is told of the healthy answer to a POST before the client gets it. The answer that it
	// returns is sent in the place of body when it is not nil; h are the headers that the client will get,
	// to which it may add. It must not block for longer than a write to its store takes.
	Accepted(ctx context.Context, c *telltale.Call, webhook string, h http.Header, body []byte) []byte

	// Answer may answer a request in the upstream's place, such as a poll of a task whose end is known;
	// false: the request is forwarded.
	Answer(ctx context.Context, upstream string, r *http.Request) (*http.Response, bool)
}

// Gateway forwards calls. It is an http.Handler, safe for concurrent use.
type Gateway struct {
	cfg       Config
	ups       map[string]*recovery.Upstream
	def       *recovery.Upstream
	transport *recovery.Transport
	upgrade   *httputil.ReverseProxy
	running   sync.WaitGroup
	stopping  atomic.Bool
}

// New makes a Gateway.
func New(cfg Config) (*Gateway, error) {
	g := &Gateway{cfg: cfg, ups: cfg.Upstreams}
	if cfg.Default == "" && len(cfg.Upstreams) == 1 {
		for name := range cfg.Upstreams {
			cfg.Default = name
		}
	}
	for name, u := range cfg.Upstreams {
		if u == nil || u.Base == nil || u.Base.Host == "" || u.Base.Scheme != "http" && u.Base.Scheme != "https" {
			return nil, fmt.Errorf("upstream %q: its base URL is no http or https address", name)
		}
		if u.Name == "" {
			u.Name = name
		}
	}
	if g.def = cfg.Upstreams[cfg.Default]; g.def == nil && cfg.Default != "" {
		return nil, fmt.Errorf("no upstream is called %q", cfg.Default)
	}
	if len(cfg.Upstreams) == 0 {
		return nil, errors.New("no upstream is named")
	}
	base := cfg.Base
	if base == nil {
		base = recovery.NewBase(cfg.Policy)
	}
	if len(cfg.Expect) > 0 {
		all := maps.Clone(cfg.Expect)
		maps.Copy(all, cfg.Policy.Expect)
		cfg.Policy.Expect = all
	}
	g.transport = &recovery.Transport{Base: base, Diagnoser: cfg.Diagnoser, Policy: cfg.Policy, Observer: cfg.Observer}
	g.upgrade = &httputil.ReverseProxy{Rewrite: func(*httputil.ProxyRequest) {}, Transport: base, ErrorHandler: upgradeFailed}
	return g, nil
}

// Transport is what the gateway's calls go through, for others that make calls by the same rules.
func (g *Gateway) Transport() *recovery.Transport { return g.transport }

// ServeHTTP forwards the request or answers it itself where the path is the gateway's own.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch p := r.URL.Path; {
	case p == "/healthz":
		plain(w, http.StatusOK, "ok\n")
	case p == "/readyz":
		g.ready(w, r)
	case p == "/metrics" && g.cfg.Metrics != nil:
		g.cfg.Metrics.ServeHTTP(w, r)
	case len(p) >= 9 && p[:9] == "/telltale" && (len(p) == 9 || p[9] == '/'):
		if g.cfg.Admin == nil {
			plain(w, http.StatusNotFound, "error: the administration side is not served here\nhint: see admin.listen in the configuration\n")
			return
		}
		g.cfg.Admin.ServeHTTP(w, r)
	default:
		g.running.Add(1)
		defer g.running.Done()
		g.forward(w, r)
	}
}

func (g *Gateway) ready(w http.ResponseWriter, r *http.Request) {
	if g.stopping.Load() {
		plain(w, http.StatusServiceUnavailable, "stopping\n")
		return
	}
	if g.cfg.Ready != nil {
		if err := g.cfg.Ready(r.Context()); err != nil {
			plain(w, http.StatusServiceUnavailable, "error: "+err.Error()+"\n")
			return
		}
	}
	text := "ready\n"
	if g.cfg.Trouble != nil {
		if t := g.cfg.Trouble(); t != "" {
			text += "warning: " + t + "\n"
		}
	}
	plain(w, http.StatusOK, text)
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}

// Shutdown makes /readyz say no and waits until every call has ended and been told of, or ctx has.
// The server that serves the gateway is shut down by its owner.
func (g *Gateway) Shutdown(ctx context.Context) error {
	g.stopping.Store(true)
	done := make(chan struct{})
	go func() { g.running.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
