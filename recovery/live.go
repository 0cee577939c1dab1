package recovery

import (
	"bytes"
	"context"
	"io"
	"time"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
)

const (
	chunk      = 16 << 10
	keepHead   = 64 << 10 // of a body that passes by, for the record
	keepTail   = 64 << 10
	maxPending = 256 << 10 // an event longer than this is passed on before it is complete
)

// live is a response body that is passed on as it comes. On an event stream whole events are passed on, so
// that a cut can be told in an event of its own.
type live struct {
	c        *call
	r        *result
	src      *paced
	watch    *telltale.Watch // nil: not an event stream
	watchErr bool            // the watch failed: it is asked no more

	buf    []byte // read and not yet given
	ready  int    // bytes of buf that may be given
	seen   capture
	total  int64
	err    error // what ended the reading
	closed bool
}

func (c *call) newLive(r *result, held []byte) *live {
	l := &live{c: c, r: r, src: &paced{rc: r.resp.Body, g: r.guard}, buf: held, ready: len(held)}
	l.seen.write(held)
	return l
}

// capture keeps the beginning and the end of what passes.
type capture struct {
	head, tail []byte
	dropped    bool
}

func (k *capture) write(p []byte) {
	if n := keepHead - len(k.head); n > 0 {
		n = min(n, len(p))
		k.head = append(k.head, p[:n]...)
		p = p[n:]
	}
	if len(p) == 0 {
		return
	}
	k.tail = append(k.tail, p...)
	if len(k.tail) > 2*keepTail {
		k.tail = append(k.tail[:0], k.tail[len(k.tail)-keepTail:]...)
		k.dropped = true
	}
}

func (k *capture) bytes() []byte { return append(k.head, k.tail...) }

// takeStream holds a stream back until its first event with output. A stream that fails before is held whole.
func (c *call) takeStream(r *result) {
	l := c.newLive(r, nil)
	l.watch = c.t.diag.Watch(r.x)
	if c.mode == Observe {
		r.open = l
		return
	}
	patience := time.Now().Add(holdBack)
	for {
		before := len(l.buf)
		err := l.fill()
		if err != nil {
			l.err = c.cause(r.guard.ctx, err)
			break
		}
		switch {
		case l.failed():
			r.guard.idle.After = errorTail // the rest of the bad news comes at once or not at all
			continue
		case l.output(), int64(len(l.buf)) > c.t.policy.Hold && c.t.policy.Hold >= 0,
			len(l.buf) > before && time.Now().After(patience):
			if c.mode == Strict && c.judgesWhole() {
				continue
			}
			c.rec.FirstByte = time.Since(c.rec.Start)
			r.open = l
			return
		}
	}
	// It ended before anything of it was given.
	r.body = l.buf
	r.whole = l.err == io.EOF
	r.d = l.verdict()
	l.src.Close()
	r.guard.close()
	if r.d.OK() { // a short one: it is still a stream to the client
		l.ready, l.err = len(l.buf), io.EOF
		c.settle(r)
		r.open = l
	}
}

const (
	holdBack  = 15 * time.Second // a stream that lives but says nothing is passed on after this
	errorTail = time.Second
)

// judgesWhole is for later: no stream is held whole yet.
func (c *call) judgesWhole() bool { return false }

// fill reads once and finds how much of buf is whole events.
func (l *live) fill() error {
	if cap(l.buf)-len(l.buf) < chunk/4 {
		b := make([]byte, len(l.buf), 2*len(l.buf)+chunk)
		copy(b, l.buf)
		l.buf = b
	}
	n, err := l.src.Read(l.buf[len(l.buf):cap(l.buf)])
	if n > 0 {
		p := l.buf[len(l.buf) : len(l.buf)+n]
		l.buf = l.buf[:len(l.buf)+n]
		l.total += int64(n)
		l.seen.write(p)
		l.tell(p)
		if l.watch == nil || l.c.mode == Observe {
			l.ready = len(l.buf)
		} else if end := wholeEvents(l.buf[l.ready:]); end > 0 {
			l.ready += end
		} else if len(l.buf)-l.ready > maxPending {
			l.ready = len(l.buf)
		}
	}
	return err
}

// wholeEvents finds the end of the last event in b that is complete.
func wholeEvents(b []byte) int {
	end := 0
	for _, sep := range [...]string{"\n\n", "\n\r\n", "\r\r"} {
		if i := bytes.LastIndex(b, []byte(sep)); i >= 0 {
			end = max(end, i+len(sep))
		}
	}
	return end
}

// tell, output and failed ask the watch, and survive it.
func (l *live) tell(p []byte) {
	if l.watch == nil || l.watchErr {
		return
	}
	defer l.survive()
	_, _ = l.watch.Write(p)
}

func (l *live) output() (yes bool) {
	if l.watchErr {
		return true
	}
	defer l.survive()
	return l.watch.Output()
}

// complete reports whether the stream's own end has been seen.
func (l *live) complete() (yes bool) {
	if l.watch == nil || l.watchErr {
		return false
	}
	defer l.survive()
	return l.watch.Ended()
}

func (l *live) failed() (yes bool) {
	if l.watchErr {
		return false
	}
	defer l.survive()
	return l.watch.Failed()
}

func (l *live) survive() {
	if recover() != nil {
		l.watchErr = true
	}
}

// verdict judges the body once it has ended, and keeps what was seen of it in the exchange.
func (l *live) verdict() (d telltale.Diagnosis) {
	x := l.r.x
	if l.err != nil && l.err != io.EOF {
		x.Err = l.err
	}
	x.Elapsed = time.Since(x.Start)
	x.Response.Body = l.seen.bytes()
	x.Response.Trailer = l.r.resp.Trailer
	x.Response.Partial = l.seen.dropped || x.Err != nil
	if l.watch == nil || l.watchErr {
		x.Response.Body, x.Response.Header = decoded(x.Response.Body, l.r.resp.Header, l.c.t.policy.Hold)
		return l.c.diagnose(x)
	}
	defer func() {
		if recover() != nil {
			d = blind(x)
		}
	}()
	ended := l.watch.Ended()
	d = l.watch.Close(x.Err)
	if x.Err != nil && !ended && d.OK() { // whatever the judge says: a broken stream is no healthy one
		i, _ := fault.Lookup(fault.StreamInterrupted)
		d = telltale.Diagnosis{Class: fault.Soft, Cause: i.Cause, Retryable: i.Retryable, Action: i.Action, Summary: i.Meaning, Remedies: i.Remedies,
			Evidence: []telltale.Evidence{{Where: "error", Value: x.Err.Error()}}}
	}
	u := l.watch.Usage()
	l.c.rec.Usage = add(l.c.rec.Usage, u)
	return d
}

// Read gives the client what may be given, and at the end the truth.
func (l *live) Read(p []byte) (int, error) {
	for l.ready == 0 {
		if l.err != nil {
			l.c.finish(l.r.d)
			return 0, l.err
		}
		if err := l.fill(); err != nil {
			l.err = l.c.cause(l.r.guard.ctx, err)
			l.ended()
		}
	}
	n := copy(p, l.buf[:l.ready])
	l.buf = l.buf[n:]
	l.ready -= n
	return n, nil
}

// ended is called once, when the upstream's bytes are over: it decides what the client sees last.
func (l *live) ended() {
	r, c := l.r, l.c
	if c.ctx.Err() != nil {
		l.leave()
		return
	}
	r.d = l.verdict()
	rest := len(l.buf) - l.ready
	switch {
	case c.mode == Observe, l.watch == nil, l.failed(), !cutShort(&r.d, l.err):
		l.ready = len(l.buf)
		if l.watch != nil && r.d.OK() && c.mode != Observe {
			l.err = io.EOF // it broke after its own end
		}
	default:
		l.buf = append(l.buf[:len(l.buf)-rest], c.say.event(&r.d)...)
		l.ready = len(l.buf)
		l.err = io.EOF
		c.rec.Changed = append(c.rec.Changed, "stream: an error event was added, because it was cut")
	}
	l.src.Close()
	r.guard.close()
	c.settle(r)
	c.finish(r.d)
}

// cutShort reports whether the client would take for an end what is none.
func cutShort(d *telltale.Diagnosis, err error) bool {
	if d.OK() {
		return false
	}
	if err != nil && err != io.EOF {
		return true
	}
	switch d.Cause {
	case fault.StreamInterrupted, fault.Network, fault.Timeout:
		return true
	}
	return false
}

// leave ends a call whose client went away.
func (l *live) leave() {
	if l.closed {
		return
	}
	l.closed = true
	l.src.Close()
	l.r.guard.close()
	if l.err == nil || l.err == io.EOF {
		l.err = context.Canceled
	}
	x := l.r.x
	x.Err = context.Canceled
	x.Elapsed = time.Since(x.Start)
	x.Response.Body, x.Response.Partial = l.seen.bytes(), true
	l.r.d = left()
	l.c.note("the client left before the answer was complete")
	l.c.settle(l.r)
	l.c.finish(l.r.d)
}

// Close ends the call. Closing before the end cancels the upstream.
func (l *live) Close() error {
	if _, done := l.c.Diagnosis(); done {
		return nil
	}
	if l.err != nil {
		l.c.finish(l.r.d)
		return nil
	}
	if l.complete() {
		l.err = io.EOF // the client read the end and did not wait for the bytes' own
		l.ended()
		return nil
	}
	l.leave()
	return nil
}

// left is the diagnosis of a call that its client gave up: nothing can be said against the provider.
func left() telltale.Diagnosis {
	return telltale.Diagnosis{Class: fault.OK, Cause: fault.None, Action: fault.ActNone, Summary: "The client left before the answer was complete."}
}
