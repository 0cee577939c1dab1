package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/telltale-ai/telltale/internal/config"
)

type serveCmd struct {
	Config   string `help:"Configuration file; default $TELLTALE_CONFIG, else ./telltale.yaml." placeholder:"FILE"`
	Listen   string `help:"Address to listen on; port 0 takes a free one. Default 127.0.0.1:8484." placeholder:"ADDR"`
	Upstream string `help:"Provider behind /v1/, such as https://api.openai.com/v1." placeholder:"URL"`
	Data     string `help:"Folder for records, tasks and kept media. Default ./telltale-data." placeholder:"DIR"`
}

func (c serveCmd) Run(a *app) error {
	cfg, err := a.config(c.Config)
	if err != nil {
		return err
	}
	if err := c.outrank(cfg); err != nil {
		return err
	}
	s, err := a.newServer(cfg)
	if err != nil {
		return err
	}
	if a.getenv("GOGC") == "" {
		debug.SetGCPercent(300) // a gateway's live heap is small and its garbage short-lived: memory for processor time
	}
	return a.serve(s)
}

// outrank lets the flags have the last word.
func (c serveCmd) outrank(cfg *config.Config) error {
	if c.Listen != "" {
		cfg.Listen = c.Listen
	}
	if c.Data != "" {
		cfg.Data = c.Data
	}
	if c.Upstream != "" {
		if cfg.Upstreams == nil {
			cfg.Upstreams = map[string]config.Upstream{}
		}
		cfg.DefaultUpstream = "default"
		cfg.Upstreams["default"] = config.Upstream{BaseURL: c.Upstream}
	}
	if len(cfg.Upstreams) == 0 {
		return &exit{code: 2, err: fmt.Errorf("no upstream is named"), hint: "telltale serve --upstream https://api.openai.com/v1, or name upstreams in telltale.yaml"}
	}
	return nil
}

// serve serves s until the program is asked to stop: calls in flight end, records are flushed.
func (a *app) serve(s *server) error {
	defer s.close()
	gate, err := listen(s.cfg.Listen)
	if err != nil {
		return err
	}
	type part struct {
		srv *http.Server
		l   net.Listener
	}
	s.at.Store(gate.Addr().String())
	parts := []part{{newHTTPServer(s.gateway), gate}}
	if at := s.cfg.Admin.Listen; at != "" && s.admin != nil {
		l, err := listen(at)
		if err != nil {
			_ = gate.Close()
			return err
		}
		parts = append(parts, part{newHTTPServer(s.admin), l})
		fmt.Fprintf(a.stderr, "administration on http://%s/telltale/\n", l.Addr())
	}
	for _, w := range s.warnings {
		fmt.Fprintf(a.stderr, "warning: %s\n", w)
	}
	for _, end := range s.stopping {
		for _, p := range parts {
			p.srv.RegisterOnShutdown(end)
		}
	}
	failed := make(chan error, len(parts))
	for _, p := range parts {
		go func() { failed <- p.srv.Serve(p.l) }()
	}
	fmt.Fprintf(a.stderr, "listening on http://%s\n", gate.Addr())
	select {
	case err = <-failed:
	case <-a.ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), stopGrace)
	defer cancel()
	for _, p := range parts {
		if p.srv.Shutdown(grace) != nil {
			_ = p.srv.Close()
		}
	}
	_ = s.gateway.Shutdown(grace)
	return err
}

// stopGrace is how long calls in flight may go on once the program was asked to stop.
const stopGrace = 30 * time.Second

func listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, &exit{code: 1, err: err, hint: "another program may hold the port: --listen 127.0.0.1:0 takes a free one"}
	}
	return l, nil
}

func newHTTPServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute}
}
