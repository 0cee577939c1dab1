package recovery

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	telltale "github.com/telltale-ai/telltale"
)

const (
	maxLearned = 1024           // models
	forgetIn   = 24 * time.Hour // providers change their minds
)

// learned remembers the edits that a model needed, so that the next call is right at once. Reading takes no lock.
type learned struct {
	mu sync.Mutex
	m  atomic.Pointer[map[lesson]memory]
}

type lesson struct {
	host, model string
	surface     telltale.Surface
}

type memory struct {
	fixes []fix
	at    time.Time
}

func (l *learned) of(k lesson) []fix {
	m := l.m.Load()
	if m == nil {
		return nil
	}
	v, ok := (*m)[k]
	if !ok || time.Since(v.at) > forgetIn {
		return nil
	}
	return v.fixes
}

func (l *learned) add(k lesson, fixes []fix) {
	if len(fixes) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	next := map[lesson]memory{}
	var oldest lesson
	if old := l.m.Load(); old != nil {
		for k, v := range *old {
			next[k] = v
			if o, ok := next[oldest]; !ok || v.at.Before(o.at) {
				oldest = k
			}
		}
	}
	v := next[k]
	v.fixes = slices.Clone(v.fixes)
	for _, f := range fixes {
		if !slices.Contains(v.fixes, f) && len(v.fixes) < 16 {
			v.fixes = append(v.fixes, f)
		}
	}
	v.at = time.Now()
	if _, known := next[k]; !known && len(next) >= maxLearned {
		delete(next, oldest)
	}
	next[k] = v
	l.m.Store(&next)
}

func (c *call) lesson() lesson { return lesson{c.req.URL.Host, c.model, c.surface} }

// recall makes the edits that this model is known to need.
func (c *call) recall() {
	if c.mode == Observe || c.rest != nil || c.model == "" || !isJSON(c.body) {
		return
	}
	for _, f := range c.t.learned.of(c.lesson()) {
		f.apply(&c.where)
	}
}
