package task

import (
	"sync"
	"time"
)

// pace is what the tasks of one key know of its rate limit. The zero value is ready.
type pace struct {
	mu   sync.Mutex
	keys map[string]*keyPace
}

type keyPace struct {
	until time.Time     // nobody asks before
	gap   time.Duration // between any two polls of this key; doubles on a refusal, shrinks with success
	next  time.Time     // when the next poll may leave
}

const (
	firstGap = 250 * time.Millisecond // after the first refusal
	maxGap   = 30 * time.Second
)

// ready says how long to wait before a poll of key may leave, and reserves the place when that is now.
func (p *pace) ready(key string, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	k := p.keys[key]
	if k == nil {
		return 0
	}
	if now.Before(k.until) {
		// Those who wait come back one after another, not all at once.
		k.next = maxTime(k.next, k.until).Add(k.gap)
		return k.next.Sub(now)
	}
	if k.gap > 0 && now.Before(k.next) && k.next.Sub(now) <= k.gap {
		wait := k.next.Sub(now)
		k.next = k.next.Add(k.gap)
		return wait
	}
	k.next = now.Add(k.gap)
	return 0
}

// limited notes that the provider refused for its rate; after is what it asked for, 0 when it said nothing.
func (p *pace) limited(key string, now time.Time, after time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.keys == nil {
		p.keys = map[string]*keyPace{}
	}
	k := p.keys[key]
	if k == nil {
		k = &keyPace{}
		p.keys[key] = k
	}
	k.gap = min(max(2*k.gap, firstGap), maxGap)
	if after <= 0 {
		after = 4 * k.gap
	}
	after = min(after, 15*time.Minute)
	k.until = maxTime(k.until, now.Add(after))
	return k.until.Sub(now) + k.gap
}

// served notes an answer that was no refusal.
func (p *pace) served(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if k := p.keys[key]; k != nil {
		if k.gap -= k.gap / 8; k.gap < firstGap/4 {
			delete(p.keys, key)
		}
	}
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
