package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/telltale-ai/telltale/sim"
)

type simCmd struct {
	Listen string `default:"127.0.0.1:8484" help:"Address to listen on; port 0 takes a free one."`
	Seed   uint64 `help:"Number that all made-up content and chances follow from."`
	List   bool   `help:"List the faults and how to order them, and end."`
	MD     bool   `name:"markdown" help:"With --list: as the Markdown of docs/simulator.md."`
}

func (c simCmd) Run(a *app) error {
	if c.List {
		if c.MD {
			return sim.WriteMarkdown(a.stdout)
		}
		return sim.WriteList(a.stdout)
	}
	l, err := listen(c.Listen)
	if err != nil {
		return err
	}
	return serveUntil(a, l, &sim.Server{Seed: c.Seed})
}

// serveUntil serves h on l until the program is asked to stop; calls in flight get a few seconds to end.
func serveUntil(a *app, l net.Listener, h http.Handler) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	srv := newHTTPServer(h)
	srv.BaseContext = func(net.Listener) context.Context { return ctx }
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	fmt.Fprintf(a.stderr, "listening on http://%s\n", l.Addr())
	select {
	case err := <-failed:
		return err
	case <-a.ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	err := srv.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) { // a stalled answer never ends by itself
		stop()
		err = srv.Close()
	}
	return err
}
