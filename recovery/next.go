package recovery

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
)

// next decides after a failure: true when there is another attempt to make, which is then in c.where.
func (c *call) next(r *result) bool {
	if c.mode == Observe {
		return false
	}
	c.keep(r)
	if c.rest != nil {
		return false
	}
	return c.edit(r) || c.again(r) || c.mend(r) || c.elsewhere(r)
}

// keep remembers the failure that the client will be told of: the first, and after a repair or a repeat the
// one that is final.
func (c *call) keep(r *result) {
	switch {
	case c.first == nil, len(r.place.edits) > len(c.first.place.edits) && r.place.url == nil && r.place.model == "":
		c.first = r
	case r.place.url == c.first.place.url && r.place.model == c.first.place.model && c.first.d.Retryable && !r.d.Retryable && r.d.Class == fault.Hard:
		c.first = r
	}
}

// again sends the same request once more, if that may help, cannot charge twice, and is not too much.
func (c *call) again(r *result) bool {
	if !c.repeatable(r) || r.place.url != nil || r.place.model != "" {
		return false
	}
	w := r.place
	w.wait, w.free = 0, false
	if r.x.Response == nil && !r.x.Sent && r.guard.reused.Load() && !r.place.free {
		w.free = true // the connection had gone stale: nothing was sent
		c.where = w
		return true
	}
	if c.retries+1 >= c.attempts {
		if c.attempts > 1 {
			c.note(fmt.Sprintf("given up after %d attempts", c.attempts))
		}
		return false
	}
	p := &c.t.policy
	w.wait = backoff(p, c.retries, r.d.RetryAfter)
	if !c.retryEnd.IsZero() && time.Now().Add(w.wait).After(c.retryEnd) {
		c.note(fmt.Sprintf("not sent again: a wait of %v does not fit into the call's time budget of %v", w.wait.Round(time.Millisecond), p.Budget))
		return false
	}
	if r.d.RetryAfter > 5*time.Second && c.hasElsewhere(r) {
		return false // another place answers sooner
	}
	if !c.gate.spend(p.Load) {
		c.note("not sent again: the budget of retries for this upstream is spent")
		return false
	}
	c.retries++
	c.where = w
	return true
}

// backoff is exponential with full jitter; what the provider says to wait is the least.
func backoff(p *Policy, retries int, retryAfter time.Duration) time.Duration {
	ceil := p.Base
	for range retries {
		ceil = min(2*ceil, max(p.Max, p.Base))
	}
	if retryAfter > 0 {
		return retryAfter + jitter(min(ceil, retryAfter/4+10*time.Millisecond))
	}
	return jitter(ceil)
}

func jitter(d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	return rand.N(d)
}

// repeatable reports whether the same request may be sent again by default.
func (c *call) repeatable(r *result) bool {
	d := &r.d
	if !d.Retryable || d.Signature == "circuit_open" {
		return false
	}
	if r.resp != nil && strings.EqualFold(r.resp.Header.Get("X-Should-Retry"), "false") {
		c.note("not sent again: the upstream asks not to (x-should-retry: false)")
		return false // its own retries are over: layers do not multiply
	}
	if d.Class != fault.Hard {
		switch d.Cause {
		case fault.RateLimited, fault.Overloaded, fault.ServerError, fault.Timeout, fault.Network, fault.StreamInterrupted:
		case fault.EmptyOutput:
			if c.costly {
				return false
			}
		default:
			return false // an answer came: asking again is a recovery that must be asked for
		}
	}
	if c.req.Method != http.MethodPost && c.req.Method != http.MethodPatch {
		return true
	}
	if c.costly {
		if c.idempotent() || refused(r, c.surface) {
			return true
		}
		c.note("not sent again: the create may have been accepted and charged")
		return false
	}
	if r.lost && c.t.policy.NoTextRepeat {
		c.note("not sent again: the answer was lost, and repeating text calls is switched off")
		return false
	}
	return true
}

// idempotent reports whether the upstream recognises a request that is sent twice.
func (c *call) idempotent() bool {
	return c.up.Idempotent && (c.req.Header.Get("Idempotency-Key") != "" || c.where.header.Get("Idempotency-Key") != "")
}

// refused reports whether a create was surely not accepted: it never left, or the API itself said no.
func refused(r *result, s telltale.Surface) bool {
	if r.lost || r.x.Err != nil && r.x.Response != nil {
		return false
	}
	if r.x.Response == nil {
		return !r.x.Sent
	}
	switch st := r.x.Response.Status; {
	case st == http.StatusTooManyRequests:
		return true
	case !isJSON(r.x.Response.Body):
		return false
	case st == http.StatusServiceUnavailable || st == 529:
		return true
	case st == http.StatusInternalServerError: // a picture is made while one waits: an error is the end of it
		return s == telltale.Images || textual(s)
	case st >= 400 && st < 500:
		return st != http.StatusRequestTimeout && st != http.StatusConflict
	}
	return false
}
