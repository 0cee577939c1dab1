package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/internal/config"
	"github.com/telltale-ai/telltale/record"
	"github.com/telltale-ai/telltale/sim"
)

type demoCmd struct {
	Once     bool   `help:"End after the tour; exit 0 only if every row came out as the guide says."`
	Markdown string `hidden:"" placeholder:"FILE" help:"Write the page that says which row does what of the guide."`
	Listen   string `help:"Address of the gateway; port 0 takes a free one. Default 127.0.0.1:8484, with --once a free port." placeholder:"ADDR"`
}

// Run plays the tour: a simulated provider, the gateway and the recorder in one process, and one call through
// them for each row of the guide.
func (c demoCmd) Run(a *app) error {
	if c.Markdown != "" {
		return writeGuidePage(c.Markdown)
	}
	dir, err := os.MkdirTemp("", "telltale-demo-")
	if err != nil {
		return &exit{code: 1, err: err, hint: "set TMPDIR to a folder that can be written"}
	}
	defer os.RemoveAll(dir)
	if c.Listen == "" {
		c.Listen = "127.0.0.1:8484"
		if c.Once {
			c.Listen = "127.0.0.1:0"
		}
	}
	t, err := a.newTour(c.Listen, dir)
	if err != nil {
		return err
	}
	defer t.close()
	fmt.Fprintf(a.stderr, "playing %d calls; it takes a few seconds, for the videos are polled as slowly as their providers ask\n", len(demoRows))
	failed := t.run(a.ctx)
	if a.ctx.Err() != nil {
		return nil
	}
	if err := t.report(a, failed); err != nil {
		return err
	}
	if !c.Once {
		fmt.Fprintf(a.stderr, "\nlistening on %s\nthe simulated provider is on %s; the dashboard is on %s/telltale/\n", t.url, t.simURL, t.url)
		<-a.ctx.Done()
		return nil
	}
	if failed > 0 {
		return &exit{code: 1, err: fmt.Errorf("%d of %d rows did not come out as the guide says", failed, len(demoRows)), hint: "the rows are marked above"}
	}
	return nil
}

// tour is a running demo.
type tour struct {
	url, simURL string
	sim         *sim.Server
	client      *http.Client
	watch       *tourWatch
	records     record.Store
	outcomes    []outcome
	closers     []func()
}

func (a *app) newTour(listenOn, dir string) (_ *tour, err error) {
	t := &tour{sim: &sim.Server{Seed: 1}, watch: &tourWatch{calls: map[string]*telltale.Call{}}, client: &http.Client{Timeout: time.Minute}}
	defer func() {
		if err != nil {
			t.close()
		}
	}()
	provider, err := listen("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	t.simURL = "http://" + provider.Addr().String()
	t.serve(provider, t.sim)
	gate, err := listen(listenOn)
	if err != nil {
		return nil, err
	}
	t.url = "http://" + gate.Addr().String()
	s, err := a.newServer(t.config(gate.Addr().String(), dir), t.watch)
	if err != nil {
		_ = gate.Close()
		return nil, err
	}
	t.closers = append(t.closers, s.close)
	t.records = s.records
	t.serve(gate, s.gateway)
	return t, nil
}

// config is that of a user who named the simulator as the upstream, with shorter waits.
func (t *tour) config(listen, dir string) *config.Config {
	cfg := config.Default()
	cfg.Listen, cfg.Data = listen, filepath.Join(dir, "data")
	cfg.DefaultUpstream = "demo"
	cfg.Upstreams = map[string]config.Upstream{"demo": {BaseURL: t.simURL + "/v1"}}
	for name, base := range map[string]string{"kling": "/kling/v1", "runwayml": "/runwayml/v1", "ark": "/ark"} {
		cfg.Upstreams[name] = config.Upstream{BaseURL: t.simURL + base}
	}
	cfg.Retry.Base, cfg.Retry.Load = config.Duration(50*time.Millisecond), 1
	cfg.Tasks.PollFirst, cfg.Tasks.PollMax = config.Duration(200*time.Millisecond), config.Duration(500*time.Millisecond)
	cfg.Tasks.QueueLimit = config.Duration(2 * time.Second)
	cfg.Media.AllowPrivate = []string{"127.0.0.1"}
	return cfg
}

func (t *tour) serve(l net.Listener, h http.Handler) {
	srv := newHTTPServer(h)
	go func() { _ = srv.Serve(l) }()
	t.closers = append(t.closers, func() {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if srv.Shutdown(ctx) != nil {
			_ = srv.Close()
		}
	})
}

func (t *tour) close() {
	for i := len(t.closers) - 1; i >= 0; i-- {
		t.closers[i]()
	}
	t.closers = nil
}

// tourWatch keeps the calls that the gateway made, by id.
type tourWatch struct {
	mu    sync.Mutex
	calls map[string]*telltale.Call
}

// Observe is told of attempts; the calls have them all.
func (w *tourWatch) Observe(context.Context, *telltale.Exchange, telltale.Diagnosis) {}

func (w *tourWatch) ObserveCall(_ context.Context, c *telltale.Call) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls[c.ID] = c
}

// call waits a little for the call to be told of: that happens after the client has its answer.
func (w *tourWatch) call(id string) *telltale.Call {
	for range 200 {
		w.mu.Lock()
		c := w.calls[id]
		w.mu.Unlock()
		if c != nil {
			return c
		}
		time.Sleep(5 * time.Millisecond)
	}
	return nil
}

// fetch makes one call as any client would.
func (t *tour) fetch(ctx context.Context, method, url, body string, header [2]string) (*reply, error) {
	if !strings.HasPrefix(url, "http") {
		url = t.url + url
	}
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Authorization", "Bearer sk-demo")
	if header[0] != "" {
		req.Header.Set(header[0], header[1])
	}
	resp, err := t.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) { // a body that breaks off is an answer too
		return nil, err
	}
	for k, v := range resp.Trailer {
		resp.Header[k] = v
	}
	return &reply{resp.StatusCode, resp.Header, string(b)}, nil
}

// reply is what a client got.
type reply struct {
	status int
	header http.Header // and trailers
	body   string
}
