package recovery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/expect"
	"github.com/telltale-ai/telltale/fault"
	"github.com/tidwall/gjson"
)

// call is one call on its way: what the client asked for, and what has been tried.
type call struct {
	t        *Transport
	ctx      context.Context // the client's
	req      *http.Request   // as the client sent it; never changed
	set      *Settings
	up       *Upstream
	route    *Route
	mode     Mode
	on       map[Recovery]bool
	attempts int
	expect   *expect.Expectation
	surface  telltale.Surface
	say      dialect
	model    string
	stream   bool // the client asked for an event stream
	costly   bool
	end      time.Time // of the whole call; zero: none
	retryEnd time.Time // no new attempt begins after it; zero: none

	body  []byte    // the request's, whole unless rest is there
	rest  io.Reader // what body could not hold: the request can be sent once only
	gate  *gate
	where place // of the next attempt

	first   *result      // the first failure: what the client gets when everything fails
	retries int          // sent again after a failure, without edits
	said    string       // what the client has of a stream that was continued
	rounds  int          // of raising, continuing and asking again
	tried   map[int]bool // places of the route's list
	fixes   []fix        // edits made in this call

	mu   sync.Mutex // guards rec: Diagnosis may be asked while the stream still runs
	rec  *telltale.Call
	done bool
}

// place is where an attempt goes and what it sends.
type place struct {
	url    *Upstream // nil: where the request is addressed to
	model  string    // "": the client's own
	body   []byte
	edits  []string
	wait   time.Duration
	header http.Header // nil: the client's own
	raised string      // the limit that was raised
	after  string      // the text that this attempt goes on from
	so     []byte      // the answer that it was in
	plain  []byte      // the request before the model's answers were put behind it; nil: body
	split  int         // send body this many times and merge the answers; 0: once
	free   bool        // sent again at no risk and no cost: it does not count as a retry
}

func (t *Transport) begin(req *http.Request) (*call, error) {
	set := settingsOf(req.Context())
	p := &t.policy
	c := &call{t: t, ctx: req.Context(), req: req, set: set, up: set.Upstream}
	now := time.Now()
	if p.Total > 0 {
		c.end = now.Add(p.Total)
	}
	if p.Budget > 0 {
		c.retryEnd = now.Add(p.Budget)
	}
	if c.up == nil {
		c.up = &Upstream{Name: req.URL.Host}
	}
	c.rec = &telltale.Call{ID: set.ID, Upstream: c.up.Name, Route: set.Route, Start: now}
	if c.rec.ID == "" {
		c.rec.ID = NewID()
	}
	if c.rec.Route == "" {
		c.rec.Route = req.Method + " " + req.URL.Path
	}
	if err := c.readBody(); err != nil {
		return nil, err
	}
	c.surface = SurfaceOf(req.Method, req.URL.Path)
	c.say = dialectOf(c.surface, req)
	c.look()
	c.choose(p)
	c.gate = t.gates.get(req.URL.Host, c.model)
	c.where = place{body: c.body}
	if c.up.Idempotent && c.mode != Observe && req.Method == http.MethodPost && req.Header.Get("Idempotency-Key") == "" {
		c.where.header = req.Header.Clone()
		c.where.header.Set("Idempotency-Key", c.rec.ID)
	}
	c.recall()
	return c, nil
}

// readBody holds the request's body so that it can be sent again, if it is small enough.
func (c *call) readBody() error {
	r := c.req.Body
	if r == nil || r == http.NoBody {
		return nil
	}
	hold := c.t.policy.Hold
	n := c.req.ContentLength
	if hold >= 0 && n > hold {
		c.body, c.rest = nil, r
	} else {
		buf := bytes.NewBuffer(make([]byte, 0, max(n, 512)+bytes.MinRead))
		limit := io.Reader(r)
		if hold >= 0 {
			limit = io.LimitReader(r, hold+1)
		}
		if _, err := buf.ReadFrom(limit); err != nil {
			r.Close()
			return fmt.Errorf("read the request: %w", err)
		}
		c.body = buf.Bytes()
		if hold >= 0 && int64(len(c.body)) > hold {
			c.rest = r
		}
	}
	if c.rest != nil {
		c.rec.Notes = append(c.rec.Notes, "the request is larger than "+strconv.FormatInt(hold, 10)+" bytes: it was streamed once and could not be repeated")
		return nil
	}
	r.Close()
	return nil
}

// look reads the few facts of the request that recovery needs.
func (c *call) look() {
	if i := strings.LastIndex(c.req.URL.Path, "/models/"); i >= 0 && strings.Contains(c.req.URL.Path[i:], ":") {
		c.model, _, _ = strings.Cut(c.req.URL.Path[i+len("/models/"):], ":")
	}
	if len(c.body) > 0 && isJSON(c.body) {
		if m := gjson.GetBytes(c.body, "model"); m.Type == gjson.String {
			c.model = strings.Clone(m.Str)
		}
		c.stream = bytes.Contains(c.body, []byte(`"stream"`)) && gjson.GetBytes(c.body, "stream").Type == gjson.True
	}
	if strings.Contains(c.req.URL.Path, ":stream") || c.req.Header.Get("Accept") == "text/event-stream" {
		c.stream = true
	}
	c.costly = costly(c.req.Method, c.surface, c.model)
}

func isJSON(b []byte) bool {
	b = bytes.TrimLeft(b[:min(len(b), 64)], " \t\r\n")
	return len(b) > 0 && b[0] == '{'
}

// choose settles mode, recoveries and expectation: the request outranks its route, that its upstream, that the policy.
func (c *call) choose(p *Policy) {
	c.route = p.route(c.up.Name, c.req.URL.Path, c.model)
	r := c.route
	if r == nil {
		r = &Route{}
	}
	for _, m := range []Mode{c.set.Mode, r.Mode, c.up.Mode, p.Mode} {
		if m != "" {
			c.mode = m
			break
		}
	}
	c.rec.Mode = string(c.mode)
	if c.mode != Observe {
		sets := [][]Recovery{p.Recover, c.up.Recover, r.Recover, c.set.Recover}
		if c.set.Recover != nil && len(c.set.Recover) == 0 {
			sets = nil
		} else if len(r.Fallback) > 0 || len(r.FallbackOn) > 0 {
			sets = append(sets, []Recovery{Fallback})
		}
		for _, s := range sets {
			for _, x := range s {
				if c.on == nil {
					c.on = map[Recovery]bool{}
				}
				c.on[x] = true
			}
		}
	}
	c.rec.Task = c.set.Task
	if c.rec.Task == "" && len(p.Expect) > 0 && len(c.body) > 0 {
		if m := gjson.GetBytes(c.body, "metadata.task"); m.Type == gjson.String {
			c.rec.Task = strings.Clone(m.Str)
		}
	}
	var routes *expect.Expectation
	if c.rec.Task == "" {
		c.rec.Task, routes = r.Task, r.Expect
	}
	if c.expect = c.set.Expect; c.expect == nil {
		c.expect = routes
	}
	if c.expect == nil && c.rec.Task != "" {
		if c.expect = p.Expect[c.rec.Task]; c.expect == nil && c.set.Task != "" {
			c.note("no expectation is called " + strconv.Quote(c.set.Task) + ": the output was judged without")
		}
	}
	c.attempts = p.Attempts
	if n, _ := strconv.Atoi(c.req.Header.Get("X-Stainless-Retry-Count")); n > 0 {
		c.attempts = 1
		c.note("the client's SDK is repeating this call itself (X-Stainless-Retry-Count: " + strconv.Itoa(n) + "): it was sent once")
	}
	if c.rest != nil || c.mode == Observe {
		c.attempts = 1
	}
}

// inTime reports whether a new attempt may begin.
func (c *call) inTime() bool { return c.retryEnd.IsZero() || time.Now().Before(c.retryEnd) }

func (c *call) note(s string) {
	for _, n := range c.rec.Notes {
		if n == s {
			return
		}
	}
	c.rec.Notes = append(c.rec.Notes, s)
}

// run tries until there is something to give to the client.
func (c *call) run() (*http.Response, error) {
	for {
		if err := c.pause(); err != nil {
			return c.fail(err)
		}
		if c.where.split > 1 {
			return c.singles()
		}
		r := c.shut()
		if r == nil {
			r = c.attempt()
		}
		if r.open == nil && !r.d.OK() || r.place.after != "" {
			c.better(r)
		}
		c.second(r)
		if r.open != nil || r.d.OK() {
			return c.deliver(r)
		}
		if c.ctx.Err() != nil {
			return c.fail(context.Cause(c.ctx))
		}
		if !c.next(r) {
			return c.giveUp(r)
		}
		r.drop()
	}
}

// shut is the failure of a call that the circuit breaker does not let through, or nil.
func (c *call) shut() *result {
	if c.mode == Observe || c.where.url != nil || c.where.model != "" {
		return nil
	}
	why, ok := c.gate.pass()
	if ok {
		return nil
	}
	g, _ := newGuard(c.ctx, &c.t.policy, c.end, false, nil)
	g.close()
	return &result{place: c.where, d: why, guard: g, x: &telltale.Exchange{Err: errShut}}
}

var errShut = errors.New("not sent: the circuit breaker is open")

// pause waits before the next attempt, as long as the client does.
func (c *call) pause() error {
	if c.where.wait <= 0 {
		return nil
	}
	t := time.NewTimer(c.where.wait)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-c.ctx.Done():
		return context.Cause(c.ctx)
	}
}

// fail ends a call that the client gave up.
func (c *call) fail(err error) (*http.Response, error) {
	c.gate.release()
	d := left()
	if errors.Is(err, context.DeadlineExceeded) {
		i, _ := fault.Lookup(fault.Timeout)
		d = telltale.Diagnosis{Class: fault.Hard, Cause: fault.Timeout, Retryable: true, Action: i.Action, Remedies: i.Remedies, Summary: "The client's own time limit was reached."}
	}
	e := &Error{d: d, Call: c.rec, Err: err}
	c.finish(d)
	return nil, e
}

// finish ends the record of the call and tells of it, once.
func (c *call) finish(d telltale.Diagnosis) {
	c.mu.Lock()
	if c.done {
		c.mu.Unlock()
		return
	}
	c.done = true
	c.rec.Final = d
	c.rec.Elapsed = time.Since(c.rec.Start)
	c.mu.Unlock()
	if !c.set.quiet {
		c.t.observeCall(c.ctx, c.rec)
	}
}

// Diagnosis is what became of the call; false while its stream still runs.
func (c *call) Diagnosis() (telltale.Diagnosis, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rec.Final, c.done
}

// Error is what a call ends with when it has no response.
type Error struct {
	Call *telltale.Call
	Err  error
	d    telltale.Diagnosis
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap gives what the transport below said.
func (e *Error) Unwrap() error { return e.Err }

// Diagnosis says what broke; false when nothing did and the caller left.
func (e *Error) Diagnosis() (telltale.Diagnosis, bool) { return e.d, !e.d.OK() }

// Timeout makes Error a net.Error as far as callers ask.
func (e *Error) Timeout() bool {
	var t interface{ Timeout() bool }
	return errors.As(e.Err, &t) && t.Timeout()
}
