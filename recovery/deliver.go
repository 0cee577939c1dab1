package recovery

import (
	"bytes"
	"errors"
	"io"
	"math"
	"net/http"
	"strconv"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
)

// deliver gives the client a response that is healthy, or still open.
func (c *call) deliver(r *result) (*http.Response, error) {
	resp := r.resp
	telltale.Attach(resp, c)
	c.rec.Changed = append(append(c.rec.Changed, r.place.edits...), r.changes...)
	if resp.StatusCode < 300 {
		c.t.learned.add(c.lesson(), c.fixes)
	}
	if r.open != nil {
		if r.open.watch != nil {
			c.rec.Stream = true
			if !r.open.raw { // an error event may follow
				resp.Header.Del("Content-Length")
				resp.ContentLength = -1
			}
		}
		resp.Body = r.open
		return resp, nil
	}
	c.hand(resp, r.body)
	c.finish(r.d)
	return resp, nil
}

// hand puts a body that is known whole into resp.
func (c *call) hand(resp *http.Response, body []byte) {
	b := &held{c: c, b: body}
	b.Reset(body)
	resp.Body = b
	if c.req.Method != http.MethodHead {
		resp.ContentLength = int64(len(body))
		resp.TransferEncoding = nil
		if resp.Header.Get("Content-Length") != "" {
			resp.Header.Set("Content-Length", strconv.Itoa(len(body)))
		}
	}
}

// held is the body of a response that is known whole.
type held struct {
	bytes.Reader
	b []byte
	c *call
}

func (h *held) Close() error { return nil }

// giveUp gives the client the failure that it should know of, as the provider sent it where that is possible.
func (c *call) giveUp(last *result) (*http.Response, error) {
	r := c.first
	if r == nil {
		r = last
	}
	if last != r {
		last.drop()
	}
	if c.mode == Observe {
		return c.asItIs(r)
	}
	c.rec.Changed = append(append(c.rec.Changed, r.place.edits...), r.changes...)
	switch {
	case r.resp == nil:
		return c.answer(r, statusOf(&r.d))
	case !r.whole:
		return c.answer(r, statusOf(&r.d))
	case r.resp.StatusCode < 300 && cutShort(&r.d, nil) && isStream(r.resp) && !providerSaidSo(r):
		return c.answer(r, statusOf(&r.d))
	case c.mode == Strict && (r.d.Class == fault.Soft || r.d.Class == fault.Silent):
		return c.answer(r, http.StatusUnprocessableEntity)
	}
	resp := r.resp
	if resp.StatusCode >= 400 {
		resp.Header.Set("X-Should-Retry", "false")
		c.sayWhen(resp.Header, &r.d)
	}
	telltale.Attach(resp, c)
	c.hand(resp, r.body)
	c.finish(r.d)
	return resp, nil
}

func isStream(r *http.Response) bool {
	return bytes.HasPrefix([]byte(r.Header.Get("Content-Type")), []byte("text/event-stream"))
}

// providerSaidSo reports whether the held stream holds an error of the provider's own, which the client can read itself.
func providerSaidSo(r *result) bool {
	return bytes.Contains(r.body, []byte(`"error"`)) || bytes.Contains(r.body, []byte("event: error")) || bytes.Contains(r.body, []byte("event:error"))
}

// sayWhen tells the client when to come back, where the provider said so in its own way only.
func (c *call) sayWhen(h http.Header, d *telltale.Diagnosis) {
	if d.RetryAfter > 0 && h.Get("Retry-After") == "" {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(d.RetryAfter.Seconds()))))
	}
}

// asItIs is for observe: nothing is changed, an error stays an error and a broken body breaks.
func (c *call) asItIs(r *result) (*http.Response, error) {
	c.finish(r.d)
	if r.resp == nil {
		return nil, &Error{Call: c.rec, Err: r.x.Err, d: r.d}
	}
	telltale.Attach(r.resp, c)
	if r.whole {
		c.hand(r.resp, r.body)
		return r.resp, nil
	}
	r.resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(r.body), failing{r.x.Err}))
	return r.resp, nil
}

// failing is the rest of a body that broke.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err == nil {
		return 0, io.ErrUnexpectedEOF
	}
	return 0, f.err
}

// answer gives the client an error of Telltale's own, in the caller's dialect.
func (c *call) answer(r *result, status int) (*http.Response, error) {
	body := c.say.body(status, &r.d)
	h := http.Header{
		"Content-Type":   {"application/json"},
		"Content-Length": {strconv.Itoa(len(body))},
		"X-Should-Retry": {"false"},
	}
	if r.resp != nil {
		for _, k := range []string{"X-Request-Id", "Request-Id", "Retry-After"} {
			if v := r.resp.Header.Values(k); len(v) > 0 && (k != "Retry-After" || r.resp.StatusCode >= 400) {
				h[k] = v
			}
		}
	}
	c.sayWhen(h, &r.d)
	resp := &http.Response{
		Status: strconv.Itoa(status) + " " + http.StatusText(status), StatusCode: status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: h, Request: c.req,
	}
	if status == http.StatusUnprocessableEntity {
		c.rec.Changed = append(c.rec.Changed, "response: "+string(r.d.Class)+" failure turned into status 422 (strict mode)")
	}
	telltale.Attach(resp, c)
	c.hand(resp, body)
	c.finish(r.d)
	return resp, nil
}

// statusOf is the HTTP status of an error that Telltale itself answers with.
func statusOf(d *telltale.Diagnosis) int {
	switch {
	case d.Signature == "circuit_open":
		return http.StatusServiceUnavailable
	case d.Cause == fault.Timeout:
		return http.StatusGatewayTimeout
	}
	return http.StatusBadGateway
}

// CallOf gives the record of the call behind a response or an error of a [Transport]. While a stream runs it
// is not complete; it must be read only, and only after the body's end or before its first read.
func CallOf(resp *http.Response, err error) (*telltale.Call, bool) {
	var e *Error
	if errors.As(err, &e) {
		return e.Call, true
	}
	if resp == nil {
		return nil, false
	}
	switch b := resp.Body.(type) {
	case *held:
		return b.c.rec, true
	case *live:
		return b.c.rec, true
	}
	if resp.Request != nil {
		if c, ok := telltale.AttachedTo(resp).(*call); ok {
			return c.rec, true
		}
	}
	return nil, false
}

// Bytes is the whole body.
func (h *held) Bytes() []byte { return h.b }
