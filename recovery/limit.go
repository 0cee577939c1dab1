package recovery

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"sync/atomic"
	"time"
)

// LimitError says that a time limit of the [Policy] was reached. It is a net.Error.
type LimitError struct {
	Limit string // connect, first_byte, idle or total
	After time.Duration
}

func (e *LimitError) Error() string {
	what := map[string]string{
		"connect": "no connection stood", "first_byte": "no response began", "idle": "nothing more came", "total": "the call did not end",
	}[e.Limit]
	return fmt.Sprintf("timeout: %s within %v (limit %s)", what, e.After, e.Limit)
}

// Timeout is true: a limit is one of time.
func (e *LimitError) Timeout() bool { return true }

// Temporary is true: the same call may be quicker next time.
func (e *LimitError) Temporary() bool { return true }

// guard ends an attempt when a limit is reached, and knows how far its request came.
type guard struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	timer  *time.Timer
	policy *Policy
	end    time.Time // of the whole call; zero: none
	phase  atomic.Pointer[LimitError]
	idle   LimitError
	total  LimitError
	begun  atomic.Bool // the response has begun

	dialled atomic.Bool // the transport below calls our hooks
	reused  atomic.Bool // the connection had served before
	sent    atomic.Bool // the request left in full
}

func newGuard(parent context.Context, p *Policy, end time.Time, traced bool, info func(int, http.Header)) (*guard, context.Context) {
	ctx, cancel := context.WithCancelCause(parent)
	g := &guard{ctx: ctx, cancel: cancel, policy: p, end: end, idle: LimitError{"idle", p.Idle}, total: LimitError{"total", p.Total}}
	g.timer = time.AfterFunc(time.Hour, func() { cancel(g.phase.Load()) })
	if traced {
		g.arm(&LimitError{"connect", p.Connect})
	} else {
		g.arm(&LimitError{"first_byte", sum(p.Connect, p.FirstByte)})
	}
	trace := &httptrace.ClientTrace{
		GetConn: func(string) {
			g.dialled.Store(true)
			g.sent.Store(false)
			if !traced {
				g.arm(&LimitError{"connect", p.Connect})
			}
		},
		GotConn: func(i httptrace.GotConnInfo) {
			g.reused.Store(i.Reused)
			g.pause()
		},
		WroteRequest: func(i httptrace.WroteRequestInfo) {
			if i.Err == nil {
				g.sent.Store(true)
				if !g.begun.Load() {
					g.arm(&LimitError{"first_byte", p.FirstByte})
				}
			}
		},
	}
	if info != nil {
		trace.Got1xxResponse = func(code int, h textproto.MIMEHeader) error {
			if code != http.StatusContinue && code != http.StatusSwitchingProtocols {
				info(code, http.Header(h))
			}
			return nil
		}
	}
	return g, httptrace.WithClientTrace(ctx, trace)
}

func sum(a, b time.Duration) time.Duration {
	if a < 0 || b < 0 {
		return -1
	}
	return a + b
}

// arm gives the attempt e.After from now on, and never more than the whole call has; less than 0 is no limit but that.
func (g *guard) arm(e *LimitError) {
	d := e.After
	if !g.end.IsZero() {
		if left := time.Until(g.end); d < 0 || left < d {
			d, e = max(left, 0), &g.total
		}
	}
	g.phase.Store(e)
	if d < 0 {
		g.timer.Stop()
		return
	}
	g.timer.Reset(d)
}

// pause stops the clock, but for the whole call's, while nobody waits for the upstream.
func (g *guard) pause() {
	if g.end.IsZero() {
		g.timer.Stop()
		return
	}
	g.phase.Store(&g.total)
	g.timer.Reset(max(time.Until(g.end), 0))
}

// close releases the attempt.
func (g *guard) close() {
	g.timer.Stop()
	g.cancel(context.Canceled)
}

// wasSent reports whether the request may have left in full.
func (g *guard) wasSent() bool { return g.sent.Load() || !g.dialled.Load() }
