package recovery

import (
	"sync"
	"sync/atomic"
	"time"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
)

const (
	maxGates  = 4096             // upstreams times models; the rest share one
	tripAfter = 20               // failures in a row
	openFirst = 5 * time.Second  // before the first probe
	openMost  = 60 * time.Second // between probes of an upstream that stays down
	reserve   = 10               // retries that are always there, so that a quiet program can retry at all
)

// gates holds a [gate] for each upstream and model.
type gates struct {
	m sync.Map // gateKey -> *gate
	n atomic.Int64
}

type gateKey struct{ host, model string }

func (s *gates) get(host, model string) *gate {
	k := gateKey{host, model}
	if g, ok := s.m.Load(k); ok {
		return g.(*gate)
	}
	if s.n.Load() >= maxGates {
		k = gateKey{}
	}
	g, loaded := s.m.LoadOrStore(k, &gate{tokens: reserve})
	if !loaded {
		s.n.Add(1)
	}
	return g.(*gate)
}

// gate keeps one upstream and model from harm: a circuit breaker, and a budget of retries.
type gate struct {
	mu      sync.Mutex
	failed  int       // in a row
	until   time.Time // closed to calls until then; zero: open to all
	pause   time.Duration
	probing bool
	last    telltale.Diagnosis

	tokens float64
	filled time.Time
}

// pass reports whether a call may be sent; if not, why, and how long to wait. After the wait one call may
// probe; the others wait for what becomes of it.
func (g *gate) pass() (why telltale.Diagnosis, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.until.IsZero() {
		return why, true
	}
	left := time.Until(g.until)
	if left <= 0 && !g.probing {
		g.probing = true
		return why, true
	}
	d := g.last
	d.RetryAfter = max(left, time.Second)
	d.Signature = "circuit_open"
	d.Summary = "The upstream failed many times in a row and was not asked again yet. Last: " + d.Summary
	return d, false
}

// tell counts the outcome of an attempt.
func (g *gate) tell(d *telltale.Diagnosis) {
	bad := false
	switch d.Cause {
	case fault.Overloaded, fault.ServerError, fault.Timeout, fault.Network:
		bad = !d.OK()
	case fault.RateLimited:
		g.mu.Lock() // neither down nor proof of health
		g.probing = false
		g.mu.Unlock()
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.probing = false
	if !bad {
		g.failed, g.until, g.pause = 0, time.Time{}, 0
		return
	}
	g.last = *d
	g.failed++
	if g.failed < tripAfter {
		return
	}
	if g.pause == 0 {
		g.pause = openFirst
	} else if time.Now().After(g.until) {
		g.pause = min(2*g.pause, openMost)
	} else {
		return // sent before it tripped
	}
	g.until = time.Now().Add(g.pause)
}

// release gives a probe back whose outcome says nothing: the client left.
func (g *gate) release() {
	g.mu.Lock()
	g.probing = false
	g.mu.Unlock()
}

// earn adds to the budget of retries for a call that was sent.
func (g *gate) earn(load float64) {
	g.mu.Lock()
	g.tokens = min(g.tokens+load, 10*reserve)
	g.mu.Unlock()
}

// spend takes a retry from the budget. Once a second one is free while the reserve is not full.
func (g *gate) spend(load float64) bool {
	if load < 0 {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if g.tokens < reserve && !g.filled.IsZero() {
		g.tokens = min(g.tokens+now.Sub(g.filled).Seconds(), reserve)
	}
	g.filled = now
	if g.tokens < 1 {
		return false
	}
	g.tokens--
	return true
}
