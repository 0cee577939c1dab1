package task

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/catalog"
)

// answer is what came of one request about a task.
type answer struct {
	x      *telltale.Exchange
	d      telltale.Diagnosis
	view   catalog.TaskView
	status int // 0: no response
	body   []byte
	cut    bool // the body was longer than the limit
	ctype  string
}

// request builds a request to the provider: route (or the URL the provider named, where it is its own) with the credential.
func (p *Poller) request(ctx context.Context, t *Task, d *catalog.TaskDialect, routes []catalog.TaskRoute, named string, vars map[string]string, c Credential) (*http.Request, error) {
	base, err := url.Parse(t.Base)
	if err != nil {
		return nil, fmt.Errorf("the task's base %q: %w", t.Base, err)
	}
	r := catalog.PickRoute(routes, base.Host, vars)
	method, target := http.MethodGet, ""
	var body []byte
	if r != nil {
		method, target, body = r.Method, r.URL(t.Base, t.Prefix, vars), r.Payload(vars)
	}
	if named != "" && OwnHost(named, t, d) {
		target = named
	}
	if target == "" {
		return nil, fmt.Errorf("no URL to ask for task %s: its id cannot stand in one", t.ID)
	}
	req, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if len(body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	for k, v := range t.Headers {
		req.Header.Set(k, v)
	}
	for k, v := range c.Header {
		req.Header[k] = v
	}
	q := req.URL.Query()
	for _, pairs := range []url.Values{queryOf(t.Query), c.Query} {
		for k, v := range pairs {
			q[k] = v
		}
	}
	req.URL.RawQuery = q.Encode()
	return req, nil
}

func queryOf(s string) url.Values {
	v, _ := url.ParseQuery(s)
	return v
}

// OwnHost reports whether a URL belongs to the provider of a task: the host of its create, or one in its dialect.
// Only there may a key go.
func OwnHost(rawURL string, t *Task, d *catalog.TaskDialect) bool {
	u, err := url.Parse(rawURL)
	base, baseErr := url.Parse(t.Base)
	if err != nil || baseErr != nil || u.User != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return false
	}
	if strings.EqualFold(u.Host, base.Host) && (u.Scheme == base.Scheme || u.Scheme == "https") {
		return true
	}
	if u.Scheme != "https" || u.Port() != "" && u.Port() != "443" {
		return false
	}
	for _, h := range d.Hosts {
		// The provider's list counts only where the create itself went to the provider: a reseller's key is not its.
		if catalog.HostMatches(h, u.Host) && ownsBase(d, base.Host) {
			return true
		}
	}
	return false
}

func ownsBase(d *catalog.TaskDialect, host string) bool {
	for _, h := range d.Hosts {
		if catalog.HostMatches(h, host) {
			return true
		}
	}
	return false
}

// ask sends a request and reads the answer, bounded.
func (p *Poller) ask(req *http.Request, t *Task, d *catalog.TaskDialect) answer {
	start := p.now()
	a := answer{x: &telltale.Exchange{
		Request: telltale.Request{Method: req.Method, URL: req.URL.String(), Provider: t.Provider, Surface: telltale.VideoPoll, Header: req.Header},
		Attempt: 1, Start: start, TaskAge: max(t.Spent, time.Millisecond), Sent: true,
	}}
	resp, err := p.Transport.RoundTrip(req)
	if err != nil {
		a.x.Err = err
		a.finish(p, d)
		return a
	}
	defer resp.Body.Close()
	limit := or(p.AnswerLimit, 96<<20)
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if a.cut = int64(len(body)) > limit; a.cut {
		body = body[:limit]
	}
	a.x.Err = err
	a.status, a.body, a.ctype = resp.StatusCode, body, resp.Header.Get("Content-Type")
	a.x.Response = &telltale.Response{Status: resp.StatusCode, Header: resp.Header, Trailer: resp.Trailer, Body: body, Partial: a.cut || err != nil}
	a.finish(p, d)
	return a
}

func (a *answer) finish(p *Poller, d *catalog.TaskDialect) {
	a.x.Elapsed = p.now().Sub(a.x.Start)
	if len(a.body) <= 1<<20 || a.x.Response == nil { // the engine need not read a video
		a.d = p.Diagnoser.Diagnose(a.x)
	} else {
		short := *a.x
		r := *a.x.Response
		r.Body, r.Partial = r.Body[:1<<16], true
		short.Response = &r
		a.d = p.Diagnoser.Diagnose(&short)
	}
	if a.x.Err == nil {
		a.view = d.Read(a.status, a.body)
	}
}

// retryAfter is how long the provider says to wait, no longer than 15 minutes: as the engine found it, or
// by the header alone (RFC 9110, section 10.2.3).
func (a *answer) retryAfter(now time.Time) time.Duration {
	d := a.d.RetryAfter
	if d == 0 && a.x.Response != nil {
		v := a.x.Response.Header.Get("Retry-After")
		if secs, err := strconv.Atoi(v); err == nil {
			d = time.Duration(secs) * time.Second
		} else if at, err := http.ParseTime(v); err == nil {
			d = at.Sub(now)
		}
	}
	return min(max(d, 0), 15*time.Minute)
}
