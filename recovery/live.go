package recovery

import (
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

	buf     []byte // read and not yet given
	ready   int    // bytes of buf that may be given
	seen    capture
	total   int64
	err     error // what ended the reading
	closed  bool
	raw     bool // passed on as it comes, whatever it is
	closing bool // nobody reads on: nothing more is asked for
	told    bool // ended has been called
	looped  bool // it was stopped in a loop

	fed  int     // bytes of buf that the watch has seen, where it sees whole events only
	stop int     // where in buf the end of the stream begins, which is kept until it is judged; -1: not seen
	at   mark    // where the stream stands
	next *splice // a stream that goes on from this one
}

func (c *call) newLive(r *result, held []byte) *live {
	l := &live{c: c, r: r, stop: -1, at: mark{block: -1}, src: &paced{rc: r.resp.Body, g: r.guard}, buf: held, ready: len(held)}
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

// verdict judges the body once it has ended, and keeps what was seen of it in the exchange.
func (l *live) verdict() (d telltale.Diagnosis) {
	x := l.r.x
	if l.err != nil && l.err != io.EOF && !l.looped {
		x.Err = l.err
	}
	x.Elapsed = time.Since(x.Start)
	x.Response.Body = l.seen.bytes()
	x.Response.Trailer = l.r.resp.Trailer
	defer func() { x.Response.Partial = l.seen.dropped }() // the watch saw every byte
	if l.watch == nil || l.watchErr {
		x.Response.Partial = l.seen.dropped
		x.Response.Body, x.Response.Header = decoded(x.Response.Body, l.r.resp.Header, l.c.t.policy.Hold)
		if d = l.c.diagnose(x); x.Err != nil && d.OK() {
			d = broken(x.Err)
		}
		return d
	}
	defer func() {
		if recover() != nil {
			d = blind(x)
		}
	}()
	ended := l.complete()
	d = l.watch.Close(x.Err)
	if x.Err != nil && !ended && d.OK() {
		d = broken(x.Err)
	}
	u := l.watch.Usage()
	l.c.rec.Usage = add(l.c.rec.Usage, u)
	if l.looped {
		d = l.stoppedLoop()
	}
	return d
}

// broken is the diagnosis of a body that broke, whatever the judge made of the part that came.
func broken(err error) telltale.Diagnosis {
	i, _ := fault.Lookup(fault.StreamInterrupted)
	return telltale.Diagnosis{Class: fault.Soft, Cause: i.Cause, Retryable: i.Retryable, Action: i.Action, Summary: i.Meaning, Remedies: i.Remedies,
		Evidence: []telltale.Evidence{{Where: "error", Value: err.Error()}}}
}

// Read gives the client what may be given, and at the end the truth.
func (l *live) Read(p []byte) (int, error) {
	for l.ready == 0 {
		if l.err != nil && !l.told {
			l.ended()
			continue
		}
		if l.next != nil {
			b, err := l.next.read()
			l.buf, l.ready = b, len(b)
			if err != nil && l.ready == 0 {
				return 0, err
			}
			continue
		}
		if l.err != nil {
			l.c.finish(l.r.d)
			return 0, l.err
		}
		if err := l.fill(); err != nil {
			l.err = l.c.cause(l.r.guard.ctx, err)
		}
	}
	n := copy(p, l.buf[:l.ready])
	l.buf = l.buf[n:]
	l.ready -= n
	l.fed -= n
	if l.stop >= 0 {
		l.stop -= n
	}
	return n, nil
}

// ended is called once, when the upstream's bytes are over: it decides what the client sees last.
func (l *live) ended() {
	r, c := l.r, l.c
	l.told = true
	if c.ctx.Err() != nil {
		l.leave()
		return
	}
	if l.keepsEnd() && l.watch != nil && !l.raw && l.fed < len(l.buf) {
		l.tell(l.buf[l.fed:])
		l.fed = len(l.buf)
	}
	r.d = l.verdict()
	l.src.Close()
	r.guard.close()
	c.settle(r)
	if l.watch != nil && !l.raw && l.goOnStream() {
		l.buf, l.err = l.buf[:l.ready], io.EOF
		return
	}
	switch {
	case l.raw, l.watch == nil, l.failed(), !cutShort(&r.d, l.err) && (c.mode != Strict || r.d.OK()):
		l.ready = len(l.buf)
		if l.watch != nil && r.d.OK() && !l.raw {
			l.err = io.EOF // it broke after its own end
		}
		if l.watch == nil && l.err == io.EOF && c.mode != Observe && cutShort(&r.d, nil) {
			l.err = io.ErrUnexpectedEOF // it takes no event, so its end is taken from it
		}
	default:
		l.buf = append(l.buf[:l.ready], c.say.event(&r.d)...)
		l.ready = len(l.buf)
		l.err = io.EOF
		c.rec.Changed = append(c.rec.Changed, "stream: an error event took the place of its end ("+string(r.d.Cause)+")")
	}
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
	return d.Signature == "stream-cut-loop"
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
	l.c.gate.release()
	l.c.settle(l.r)
	l.c.finish(l.r.d)
}

// Close ends the call. Closing before the end cancels the upstream.
func (l *live) Close() error {
	if _, done := l.c.Diagnosis(); done {
		return nil
	}
	if l.next != nil {
		return l.next.from.Close()
	}
	switch {
	case l.told:
		l.c.finish(l.r.d)
		return nil
	case l.err != nil:
		l.closing = true
		l.ended()
		return nil
	case l.complete(): // the client read the end and did not wait for the bytes' own
		l.err, l.closing = io.EOF, true
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
