package recovery

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
)

// result is what came of one attempt: a failure or a response that is held whole, or one that is still open.
type result struct {
	place   place
	x       *telltale.Exchange
	d       telltale.Diagnosis
	resp    *http.Response // nil: none came
	body    []byte         // the response's, as it came, when it is held whole
	open    *live          // the rest of the response, when it is passed on as it comes
	guard   *guard
	lost    bool     // the request left, and what became of it is not known
	changes []string // made to the response
	text    string   // of a stream that is held whole
	whole   bool     // body is all that the upstream sent: nothing of it was lost
}

// drop closes what is not given to the client.
func (r *result) drop() {
	if r.open != nil {
		r.open.src.Close()
	}
	r.guard.close()
}

// attempt sends the call once and reads the response as far as it must be known.
func (c *call) attempt() *result {
	t := c.t
	w := c.where
	r := &result{place: w}
	g, ctx := newGuard(c.ctx, &t.policy, c.end, t.traced, c.set.Informational)
	r.guard = g
	out := c.outgoing(ctx, w)
	if len(c.rec.Attempts) == 0 {
		c.gate.earn(t.policy.Load)
	}
	start := time.Now()
	r.x = &telltale.Exchange{
		Request: telltale.Request{Method: out.Method, URL: out.URL.String(), Provider: c.up.Provider, Surface: c.surface, Header: out.Header, Body: w.body},
		Attempt: len(c.rec.Attempts) + 1, Start: start, Expect: c.expect,
	}
	if w.url != nil {
		r.x.Request.Provider = w.url.Provider
	}
	resp, err := t.base.RoundTrip(out)
	g.begun.Store(true)
	if err != nil {
		r.x.Err = c.cause(ctx, err)
		r.x.Sent = g.wasSent()
		r.x.Elapsed = time.Since(start)
		g.close()
		r.d = c.diagnose(r.x)
		c.settle(r)
		return r
	}
	r.resp = resp
	r.x.Sent = true
	r.x.Response = &telltale.Response{Status: resp.StatusCode, Header: resp.Header}
	if c.rec.FirstByte == 0 {
		c.rec.FirstByte = time.Since(c.rec.Start)
	}
	switch c.kind(resp) {
	case asStream:
		c.takeStream(r)
	case asItComes:
		r.open = c.newLive(r, nil)
	default:
		c.takeWhole(r)
	}
	if r.open == nil {
		r.x.Elapsed = time.Since(start)
		c.settle(r)
	}
	return r
}

// cause is why an attempt ended: the limit that was reached, or what the client or the transport said.
func (c *call) cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		if e := context.Cause(ctx); e != nil && e != context.Canceled {
			return e
		}
	}
	return err
}

// outgoing makes the request of an attempt.
func (c *call) outgoing(ctx context.Context, w place) *http.Request {
	out := c.req.WithContext(ctx)
	if w.header != nil {
		out.Header = w.header
	}
	if w.url != nil {
		redirect(out, c.up, w.url)
	}
	if w.model != "" {
		remodel(out, c.model, w.model)
	}
	if c.stream && c.mode != Observe && out.Header.Get("Accept-Encoding") != "identity" {
		c.ownHeader(out).Set("Accept-Encoding", "identity") // an event stream is judged, and mended, as text
	}
	switch {
	case c.rest != nil:
		out.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(w.body), c.rest), c.req.Body}
	case len(w.body) > 0:
		if out.Header.Get("Expect") != "" {
			c.ownHeader(out).Del("Expect") // the body is here already
		}
		out.ContentLength = int64(len(w.body))
		out.Body = io.NopCloser(bytes.NewReader(w.body))
		out.GetBody = nil
		if out.Header["Idempotency-Key"] == nil && out.Header["X-Idempotency-Key"] == nil {
			// The standard transport then repeats a request of which nothing was written. With such a key it
			// would also repeat, unseen, one that may have arrived.
			out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(w.body)), nil }
		}
	default:
		out.Body, out.GetBody = nil, nil
		if c.req.Body == http.NoBody {
			out.Body = http.NoBody
		}
	}
	return out
}

// ownHeader makes out's header its own, so that the client's is not changed.
func (c *call) ownHeader(out *http.Request) http.Header {
	out.Header = out.Header.Clone()
	return out.Header
}

type kind int

const (
	asWhole   kind = iota // read to its end and judged
	asStream              // an event stream: judged as it passes
	asItComes             // passed on as it comes, judged by what was seen of it
)

func (c *call) kind(resp *http.Response) kind {
	if c.req.Method == http.MethodHead || resp.StatusCode == http.StatusNoContent || resp.StatusCode == http.StatusNotModified {
		return asWhole
	}
	ct, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	ct = strings.ToLower(strings.TrimSpace(ct))
	if ct == "text/event-stream" {
		if e := resp.Header.Get("Content-Encoding"); e == "" || e == "identity" {
			return asStream
		}
		return asItComes
	}
	if resp.StatusCode >= 400 {
		return asWhole
	}
	switch {
	case ct == "" || strings.HasPrefix(ct, "text/") || strings.HasSuffix(ct, "/json") || strings.HasSuffix(ct, "+json") || strings.HasSuffix(ct, "xml"):
		if c.stream && strings.Contains(c.req.URL.Path, ":stream") {
			return asItComes // a JSON array that grows while the model speaks
		}
		return asWhole
	}
	return asItComes
}

// takeWhole reads a plain body to its end, or leaves it open when it is too large to be held.
func (c *call) takeWhole(r *result) {
	hold := c.t.policy.Hold
	resp := r.resp
	if hold >= 0 && resp.ContentLength > hold && c.req.Method != http.MethodHead {
		r.open = c.newLive(r, nil)
		return
	}
	src := &paced{rc: resp.Body, g: r.guard}
	size := resp.ContentLength + 1
	if size <= 0 || size > 1<<20 {
		size = 4 << 10
	}
	b := make([]byte, 0, size)
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := src.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if err == io.EOF {
			r.whole = true
			break
		}
		if err != nil {
			r.x.Err = c.cause(r.guard.ctx, err)
			break
		}
		if hold >= 0 && int64(len(b)) > hold {
			r.open = c.newLive(r, b)
			return
		}
	}
	src.Close()
	r.guard.close()
	r.body = b
	r.x.Response.Trailer = resp.Trailer
	r.x.Response.Body, r.x.Response.Header = decoded(b, resp.Header, hold)
	r.d = c.diagnose(r.x)
	if r.x.Err != nil && r.d.OK() {
		r.d = broken(r.x.Err)
	}
}

// diagnose judges an exchange, and survives a fault of the judge.
func (c *call) diagnose(x *telltale.Exchange) (d telltale.Diagnosis) {
	defer func() {
		if recover() != nil {
			d = blind(x)
		}
	}()
	return c.t.diag.Diagnose(x)
}

// blind is what can be said of an exchange without a judge: that it failed or not, and no cause.
func blind(x *telltale.Exchange) telltale.Diagnosis {
	d := telltale.Diagnosis{Class: fault.OK, Cause: fault.None, Summary: "The exchange could not be judged."}
	if x.Response == nil || x.Response.Status >= 400 || x.Err != nil {
		d.Class, d.Cause, d.Action = fault.Hard, fault.Unknown, fault.ActReadMessage
	}
	return d
}

// settle records an attempt that has ended.
func (c *call) settle(r *result) {
	x := r.x
	hung := x.Sent && (x.Response == nil || x.Err != nil)
	if x.Response != nil && r.x.Err == nil {
		switch x.Response.Status { // a machine in between gave up; the provider may have gone on
		case http.StatusRequestTimeout, http.StatusBadGateway, http.StatusGatewayTimeout, 520, 522, 524:
			hung = !bytes.HasPrefix(bytes.TrimSpace(x.Response.Body), []byte("{")) || x.Response.Status != http.StatusBadGateway
		}
	}
	r.lost = hung && c.req.Method == http.MethodPost
	if r.lost && (c.costly || textual(c.surface)) {
		c.rec.PossiblyBilled = true
	}
	if c.costly && r.lost {
		r.d.Remedies = append([]string{"The request had left and may have been carried out and charged: look for its result in the provider's list of tasks or usage before sending it again."}, r.d.Remedies...)
	}
	a := telltale.Attempt{Exchange: x, Diagnosis: r.d, Upstream: c.up.Name, Model: c.model, Wait: r.place.wait, Edits: r.place.edits}
	if r.place.url != nil {
		a.Upstream = r.place.url.Name
	}
	if r.place.model != "" {
		a.Model = r.place.model
	}
	c.rec.Attempts = append(c.rec.Attempts, a)
	c.rec.Usage = add(c.rec.Usage, usageOf(x))
	if c.ctx.Err() == nil {
		c.gate.tell(&r.d)
	}
	c.t.observe(c.ctx, x, r.d)
}

func add(a, b telltale.Usage) telltale.Usage {
	return telltale.Usage{Input: a.Input + b.Input, Output: a.Output + b.Output, Reasoning: a.Reasoning + b.Reasoning}
}

// paced reads a body under the idle limit. The clock stands still between reads: a slow client is no slow upstream.
type paced struct {
	rc io.ReadCloser
	g  *guard
}

func (p *paced) Read(b []byte) (int, error) {
	p.g.arm(&p.g.idle)
	n, err := p.rc.Read(b)
	p.g.pause()
	return n, err
}

func (p *paced) Close() error { return p.rc.Close() }
