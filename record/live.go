package record

import "sync"

// Watch gives every call that is recorded from now on, without the requests and responses of its attempts,
// until cancel is called or the recorder is closed; then the channel is closed. A reader who is slower than
// the calls misses some: it never holds anything up. buffer is how many may wait for the reader.
func (r *Recorder) Watch(buffer int) (calls <-chan Entry, cancel func()) {
	return r.live.join(buffer)
}

// audience is those who watch.
type audience struct {
	mu     sync.Mutex
	all    map[chan Entry]struct{}
	closed bool
}

func (a *audience) join(buffer int) (<-chan Entry, func()) {
	ch := make(chan Entry, max(buffer, 1))
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		close(ch)
		return ch, func() {}
	}
	if a.all == nil {
		a.all = map[chan Entry]struct{}{}
	}
	a.all[ch] = struct{}{}
	return ch, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		if _, here := a.all[ch]; here {
			delete(a.all, ch)
			close(ch)
		}
	}
}

func (a *audience) tell(e *Entry) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.all) == 0 {
		return
	}
	bare := e.Bare()
	for ch := range a.all {
		select {
		case ch <- bare:
		default:
		}
	}
}

func (a *audience) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
	for ch := range a.all {
		close(ch)
	}
	a.all = nil
}
