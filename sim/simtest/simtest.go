// Package simtest connects HTTP clients to handlers without a network: see [Client]. It works inside the
// bubbles of testing/synctest, where waits take no time.
package simtest

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"testing"
)

// Client returns a client that reaches h whatever host it names. Everything ends with the test.
// A connection that h resets is an end of file for the client.
func Client(t testing.TB, h http.Handler) *http.Client {
	l := &listener{conns: make(chan net.Conn), done: make(chan struct{})}
	srv := &http.Server{Handler: h}
	tr := &http.Transport{DialContext: l.dial, DisableCompression: true}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = srv.Serve(l) }()
	t.Cleanup(func() {
		tr.CloseIdleConnections()
		_ = srv.Close()
		<-ended
	})
	return &http.Client{Transport: tr, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// listener hands the other ends of pipes to a server.
type listener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (l *listener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-l.done:
		return nil, errors.New("simtest: the server is closed")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error   { l.once.Do(func() { close(l.done) }); return nil }
func (l *listener) Addr() net.Addr { return addr{} }

type addr struct{}

func (addr) Network() string { return "pipe" }
func (addr) String() string  { return "pipe" }
