package recovery

import (
	"bytes"
	"io"
	"time"

	telltale "github.com/telltale-ai/telltale"
	"github.com/tidwall/gjson"
)

// takeStream holds a stream back until its first event with output. A stream that fails before is held whole.
func (c *call) takeStream(r *result) {
	l := c.newLive(r, nil)
	if l.watch = c.newWatch(r.x); l.watch == nil {
		r.open = l // it is passed on unjudged
		return
	}
	if l.raw = c.mode == Observe || !textual(c.surface) && c.surface != telltale.Images; l.raw {
		r.open = l // a stream of an API that is not known: nothing is held back, and nothing added
		return
	}
	patience := time.Now().Add(holdBack)
	for {
		before := len(l.buf)
		err := l.fill()
		if err != nil {
			l.err = c.cause(r.guard.ctx, err)
			if l.output() && !l.failed() && !l.judgedWhole() { // what was said is the client's, however soon the end came
				c.rec.FirstByte = time.Since(c.rec.Start)
				r.open = l
				return
			}
			break
		}
		switch {
		case l.failed():
			r.guard.idle.After = errorTail // the rest of the bad news comes at once or not at all
			continue
		case l.judgedWhole():
		case l.output(), int64(len(l.buf)) > c.t.policy.Hold && c.t.policy.Hold >= 0,
			len(l.buf) > before && time.Now().After(patience):
			c.rec.FirstByte = time.Since(c.rec.Start)
			r.open = l
			return
		}
	}
	// It ended before anything of it was given.
	r.body = l.buf
	r.whole = l.err == io.EOF
	if l.keepsEnd() && l.fed < len(l.buf) {
		l.tell(l.buf[l.fed:])
		l.fed = len(l.buf)
	}
	r.text = l.text()
	r.d = l.verdict()
	l.src.Close()
	r.guard.close()
	if r.d.OK() { // it is still a stream to the client
		l.ready, l.err, l.told = len(l.buf), io.EOF, true
		c.settle(r)
		r.open = l
	}
}

const (
	holdBack  = 15 * time.Second // a stream that lives but says nothing is passed on after this
	errorTail = time.Second
)

// judgedWhole reports whether the stream is held to its end, because another answer may take its place: only
// where asking again was asked for, and something is expected of the answer.
func (l *live) judgedWhole() bool {
	c := l.c
	if !c.on[Reprompt] || !textual(c.surface) || c.t.policy.Hold >= 0 && int64(len(l.buf)) > c.t.policy.Hold {
		return false
	}
	return c.expect != nil || gjson.GetBytes(c.body, "response_format").Exists() || gjson.GetBytes(c.body, "text.format").Exists() || gjson.GetBytes(c.body, "tools.0").Exists()
}

// fill reads once and judges what came.
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
		l.take(p)
		if err == nil && l.stopLoop() {
			return errLoop
		}
	}
	return err
}

// take judges what came and finds how much of it may be given.
func (l *live) take(p []byte) {
	if l.watch == nil || l.raw {
		l.tell(p)
		l.ready = len(l.buf)
		return
	}
	end := l.ready
	if n := wholeEvents(l.buf[l.ready:]); n > 0 {
		end += n
	} else if len(l.buf)-l.ready > maxPending {
		end = len(l.buf)
	}
	if !l.keepsEnd() {
		l.tell(p)
		l.ready = end
		return
	}
	if l.stop >= 0 {
		end = l.fed + max(wholeEvents(l.buf[l.fed:]), 0)
	}
	if l.fed < end {
		for ev := range events(l.buf[l.fed:end]) {
			l.tell(ev)
			l.at.note(dataOf(ev))
			if l.stop < 0 && l.complete() {
				l.stop = l.fed
			}
			l.fed += len(ev)
		}
	}
	if l.ready = end; l.stop >= 0 {
		l.ready = l.stop
	}
}

// keepsEnd reports whether the end of the stream is kept until it is judged, because another may follow.
func (l *live) keepsEnd() bool { return l.c.mode == Strict || l.c.on[Continue] }

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
