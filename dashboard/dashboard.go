// Package dashboard is the administration side: make a [Dashboard] with [New] and serve it below /telltale/.
//
// It shows what a [record.Store] holds, as JSON under /telltale/api/ and as pages, and nothing of it
// to those who may not see it: see [Guard].
package dashboard

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/telltale-ai/telltale/record"
)

// Options says what is shown, and to whom.
type Options struct {
	Store    record.Store
	Recorder *record.Recorder // told to write before the store is read, and asked for live calls; nil: neither
	Token    string           // see Guard
}

// Dashboard is the http.Handler of the administration side.
type Dashboard struct {
	Options
	handler http.Handler
	closed  chan struct{}
	once    sync.Once
}

// New makes the administration side.
func New(o Options) *Dashboard {
	d := &Dashboard{Options: o, closed: make(chan struct{})}
	g := Guard{Token: o.Token}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /telltale/api/calls", d.apiCalls)
	mux.HandleFunc("GET /telltale/api/calls/{id}", d.apiCall)
	mux.HandleFunc("POST /telltale/api/calls/{id}/mark", d.apiMark)
	mux.HandleFunc("GET /telltale/api/causes", d.apiCauses)
	mux.HandleFunc("GET /telltale/api/tail", d.apiTail)
	mux.HandleFunc("/telltale/api/", func(w http.ResponseWriter, r *http.Request) {
		fail(w, http.StatusNotFound, "there is no "+r.Method+" "+r.URL.Path, "GET /telltale/api/calls lists the calls")
	})
	mux.HandleFunc("GET /telltale/{$}", d.pageCalls)
	mux.HandleFunc("GET /telltale/calls/{id}", d.pageCall)
	mux.HandleFunc("POST /telltale/calls/{id}/mark", d.pageMark)
	open := http.NewServeMux() // what a browser needs before it has the token
	open.Handle("GET /telltale/style.css", asset("style.css", "text/css; charset=utf-8"))
	open.Handle("GET /telltale/live.js", asset("live.js", "text/javascript; charset=utf-8"))
	open.Handle("GET /telltale/icon.svg", asset("icon.svg", "image/svg+xml"))
	open.HandleFunc("POST /telltale/login", g.login)
	open.Handle("GET /telltale", http.RedirectHandler("/telltale/", http.StatusMovedPermanently))
	open.Handle("/telltale/", g.Wrap(mux))
	d.handler = http.NewCrossOriginProtection().Handler(open)
	return d
}

// ServeHTTP serves everything below /telltale/.
func (d *Dashboard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	protect(w.Header())
	d.handler.ServeHTTP(w, r)
}

// Close ends the live streams, which would hold up a server's shutdown: give it to http.Server.RegisterOnShutdown.
func (d *Dashboard) Close() { d.once.Do(func() { close(d.closed) }) }

// protect sets the headers of every answer: nothing is loaded from elsewhere, framed, cached or guessed at.
func protect(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// fresh writes what waits in the recorder, so that a call can be looked up as soon as it has been answered.
func (d *Dashboard) fresh(ctx context.Context) {
	if d.Recorder == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	_ = d.Recorder.Flush(ctx) // what cannot be written is counted there, and what is there is shown
}

// problem is the JSON of an error.
type problem struct {
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

func fail(w http.ResponseWriter, status int, message, hint string) {
	send(w, status, map[string]problem{"error": {message, hint}})
}

func send(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // the client may have gone
}

// refuse answers with what a store or a filter complained of.
func refuse(w http.ResponseWriter, err error) {
	status, message, hint := describe(err)
	fail(w, status, message, hint)
}

func describe(err error) (status int, message, hint string) {
	var p *record.Problem
	switch {
	case errors.Is(err, record.ErrNotFound):
		return http.StatusNotFound, err.Error(), "GET /telltale/api/calls lists the calls; a stream is recorded when it has ended"
	case errors.Is(err, record.ErrFilter):
		return http.StatusBadRequest, err.Error(), "filters are class, cause, since, until, upstream, model, marked, limit and cursor"
	case errors.As(err, &p):
		return http.StatusServiceUnavailable, p.Error(), p.Hint()
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return http.StatusGatewayTimeout, "the records did not answer in time", "ask for less: a shorter time, or a smaller limit"
	}
	return http.StatusInternalServerError, err.Error(), "the gateway's log may say more"
}
