package record

import (
	"sync"
	"sync/atomic"
	"time"
)

// Stats says how recording goes. Dropped, Bare and Errors that grow are worth an alarm.
type Stats struct {
	Recorded int64     `json:"recorded"`          // calls in the store
	Dropped  int64     `json:"dropped"`           // calls lost: the queue was full, or the store failed
	Bare     int64     `json:"without_bodies"`    // failures recorded without their bodies, because too many waited
	Errors   int64     `json:"errors"`            // times that the store failed
	Purged   int64     `json:"purged"`            // calls removed by age or size
	Queued   int       `json:"queued"`            // calls that wait for the store
	Waiting  int64     `json:"waiting_bytes"`     // bytes of bodies that wait
	Failing  bool      `json:"failing"`           // the last write failed
	Error    string    `json:"error,omitempty"`   // what the store said last; "" when it has never failed
	ErrorAt  time.Time `json:"error_at,omitzero"` // when
}

// Stats tells how recording goes.
func (r *Recorder) Stats() Stats {
	c := &r.count
	s := Stats{Recorded: c.recorded.Load(), Dropped: c.dropped.Load(), Bare: c.bare.Load(), Errors: c.errors.Load(), Purged: c.purged.Load(),
		Queued: len(r.queue), Waiting: c.waiting.Load()}
	c.mu.Lock()
	s.Failing, s.Error, s.ErrorAt = c.failing, c.last, c.at
	c.mu.Unlock()
	return s
}

type counters struct {
	recorded, dropped, bare, errors, purged, waiting atomic.Int64

	mu      sync.Mutex
	failing bool
	last    string
	at      time.Time
}

// fail notes an error and reports whether it is the first after success.
func (c *counters) fail(err error) bool {
	c.errors.Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	first := !c.failing
	c.failing, c.last, c.at = true, sentence(err.Error()).String(), time.Now().UTC()
	return first
}

// works notes success and reports whether it is the first after an error.
func (c *counters) works() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	was := c.failing
	c.failing = false
	return was
}
