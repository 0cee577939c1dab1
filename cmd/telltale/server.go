package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/expect"
	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/gateway"
	"github.com/telltale-ai/telltale/internal/config"
	"github.com/telltale-ai/telltale/record"
	"github.com/telltale-ai/telltale/recovery"
)

// server is the gateway with all that stands behind it. Its parts are made by the configuration.
type server struct {
	cfg      *config.Config
	gateway  *gateway.Gateway
	admin    http.Handler
	records  record.Store     // nil: calls are not recorded
	recorder *record.Recorder // nil: the same
	warnings []string
	at       atomic.Value // string: host and port, once the gateway listens
	closers  []func()
	stopping []func() // called when the servers begin to stop: they end what would go on for ever
}

// newServer makes the parts that cfg asks for and joins them. The observers are told beside the recorder.
func (a *app) newServer(cfg *config.Config, watch ...recovery.Observer) (_ *server, err error) {
	s := &server{cfg: cfg, warnings: slices.Clone(cfg.Warnings())}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	ups, err := upstreams(cfg)
	if err != nil {
		return nil, err
	}
	s.record(a)
	if s.recorder != nil {
		watch = append(watch, s.recorder)
	}
	metrics, served := s.metrics()
	watch = append(watch, metrics)
	s.admin = s.administration()
	gc := gateway.Config{Upstreams: ups, Default: cfg.DefaultUpstream, Policy: policy(cfg, ups), Observer: observers(watch),
		Expect: cfg.Expectations(), ParseExpect: parseExpect, Diagnoser: &telltale.Diagnoser{Catalog: cfg.Signatures()}}
	gc.Trouble = s.trouble
	if cfg.Admin.Listen == "" {
		gc.Admin, gc.Metrics = s.admin, served
	} else {
		s.admin = under(s.admin, map[string]http.Handler{"/metrics": served})
	}
	if err = s.keep(a, &gc, ups); err != nil {
		return nil, err
	}
	s.gateway, err = gateway.New(gc)
	return s, err
}

// parseExpect reads a Telltale-Expect header.
func parseExpect(header string) (*expect.Expectation, error) {
	spec, err := expect.ParseHeader(header)
	if err != nil {
		return nil, err
	}
	return expect.Compile(spec, expect.Options{})
}

// record starts the recorder. A gateway whose records cannot be opened serves all the same, says so, and tries again.
func (s *server) record(a *app) {
	r := s.cfg.Record
	store, err := record.Reopen(func() (record.Store, error) { return openRecords(r.Store.Value(), s.cfg.Data) })
	if err != nil {
		warning := "calls are not recorded: " + err.Error()
		var e *exit
		if errors.As(err, &e) && e.hint != "" {
			warning += " (" + e.hint + ")"
		}
		s.warnings = append(s.warnings, warning)
	}
	s.records = store
	s.recorder = record.NewRecorder(store, record.Options{
		Policy: record.Policy{Bodies: record.Bodies(r.Bodies)}, Keep: time.Duration(r.Keep), Size: int64(r.MaxSize),
		Log: slog.New(slog.NewTextHandler(a.stderr, nil)),
	})
	s.closers = append(s.closers, func() {
		ctx, cancel := context.WithTimeout(context.Background(), stopGrace)
		defer cancel()
		_ = s.recorder.Close(ctx) // it has told its log
		_ = store.Close()
	})
}

// close ends the parts, last made first.
func (s *server) close() {
	for _, c := range slices.Backward(s.closers) {
		c()
	}
	s.closers = nil
}

func upstreams(cfg *config.Config) (map[string]*recovery.Upstream, error) {
	ups := map[string]*recovery.Upstream{}
	for name, u := range cfg.Upstreams {
		base, err := url.Parse(u.BaseURL)
		if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
			return nil, &exit{code: 2, err: &url.Error{Op: "upstream " + name, URL: u.BaseURL, Err: errNoURL}, hint: "write it as https://api.example.com/v1"}
		}
		ups[name] = &recovery.Upstream{Name: name, Base: base, Key: u.APIKey.Value(), Provider: u.Provider,
			Mode: recovery.Mode(u.Mode), Recover: recoveries(u.Recover), Idempotent: u.Idempotent, StopOnRepetition: u.StopOnRepetition}
	}
	return ups, nil
}

type textError string

func (e textError) Error() string { return string(e) }

const errNoURL = textError("no http or https address")

// policy turns the configuration into what the transport goes by.
func policy(cfg *config.Config, ups map[string]*recovery.Upstream) recovery.Policy {
	p := recovery.Policy{
		Mode: recovery.Mode(cfg.Mode), Recover: recoveries(cfg.Recover),
		Attempts: cfg.Retry.Attempts, Budget: time.Duration(cfg.Retry.Budget), Base: time.Duration(cfg.Retry.Base), Max: time.Duration(cfg.Retry.Max), Load: cfg.Retry.Load,
		Connect: time.Duration(cfg.Limits.Connect), FirstByte: time.Duration(cfg.Limits.FirstByte), Idle: time.Duration(cfg.Limits.Idle), Total: time.Duration(cfg.Limits.Total), Hold: int64(cfg.Limits.Hold),
		StopOnRepetition: cfg.StopOnRepetition, Opinions: map[string]recovery.Opinion{},
	}
	for task, e := range cfg.Expect {
		if o := opinion(e.Opinion, ups); o != (recovery.Opinion{}) {
			p.Opinions[task] = o
		}
	}
	p.NoTextRepeat = !cfg.Retry.RepeatLost
	if p.Load == 0 {
		p.Load = -1 // 0 means the default to the transport, and none in the file
	}
	for _, r := range cfg.Routes {
		route := recovery.Route{Model: r.Match.Model, Path: r.Match.Path, Upstream: r.Match.Upstream,
			Mode: recovery.Mode(r.Mode), Recover: recoveries(r.Recover), Task: r.Task, Expect: cfg.Expectations()[r.Task], Fallback: targets(r.Fallback, ups),
			StopOnRepetition: r.StopOnRepetition, Opinion: opinion(r.Opinion, ups)}
		if r.FallbackOn != nil {
			route.FallbackOn = map[fault.Cause][]recovery.Target{}
			for cause, list := range r.FallbackOn {
				route.FallbackOn[fault.Cause(cause)] = targets(list, ups)
			}
		}
		p.Routes = append(p.Routes, route)
	}
	return p
}

// opinion says who is asked for a second opinion.
func opinion(o config.Opinion, ups map[string]*recovery.Upstream) recovery.Opinion {
	out := recovery.Opinion{Agree: o.Agree}
	if o.Judge.Model != "" {
		out.Judge = &recovery.Judge{Model: o.Judge.Model, Upstream: ups[o.Judge.Upstream], Rubric: o.Judge.Rubric}
	}
	if out != (recovery.Opinion{}) {
		out.Limit = time.Duration(o.Judge.Limit)
	}
	return out
}

// targets reads models, or upstream/model; a first part that is no upstream's name belongs to the model.
func targets(list []string, ups map[string]*recovery.Upstream) []recovery.Target {
	out := make([]recovery.Target, 0, len(list))
	for _, t := range list {
		name, model, ok := strings.Cut(t, "/")
		if up := ups[name]; ok && up != nil {
			out = append(out, recovery.Target{Upstream: up, Model: model})
		} else if up := ups[t]; up != nil {
			out = append(out, recovery.Target{Upstream: up})
		} else {
			out = append(out, recovery.Target{Model: t})
		}
	}
	return out
}

func recoveries(names []string) []recovery.Recovery {
	var out []recovery.Recovery
	for _, n := range names {
		out = append(out, recovery.Recovery(n))
	}
	return out
}
