package record

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Reopen returns a store that is opened when it is needed: one that cannot be opened now (a database that is
// not up yet, a disk that is full) is tried again, at most every few seconds, and its error is given meanwhile.
// The first try is made at once; err is what it said, and is no reason not to use the store.
func Reopen(open func() (Store, error)) (s Store, err error) {
	r := &reopening{open: open}
	_, err = r.store()
	return r, err
}

// retryOpen is the least time between two tries.
const retryOpen = 3 * time.Second

type reopening struct {
	open func() (Store, error)

	mu     sync.Mutex
	s      Store // nil until it could be opened
	err    error
	last   time.Time
	closed bool
}

func (r *reopening) store() (Store, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.closed:
		return nil, errors.New("the records are closed")
	case r.s != nil:
		return r.s, nil
	case !r.last.IsZero() && time.Since(r.last) < retryOpen:
		return nil, r.err
	}
	r.s, r.err = r.open()
	r.last = time.Now()
	if r.err != nil {
		r.s = nil
	}
	return r.s, r.err
}

func (r *reopening) Append(ctx context.Context, entries []Entry) error {
	s, err := r.store()
	if err != nil {
		return err
	}
	return s.Append(ctx, entries)
}

func (r *reopening) Get(ctx context.Context, id string) (Entry, error) {
	s, err := r.store()
	if err != nil {
		return Entry{}, err
	}
	return s.Get(ctx, id)
}

func (r *reopening) List(ctx context.Context, f Filter) (Page, error) {
	s, err := r.store()
	if err != nil {
		return Page{}, err
	}
	return s.List(ctx, f)
}

func (r *reopening) Mark(ctx context.Context, id string, m Marking) error {
	s, err := r.store()
	if err != nil {
		return err
	}
	return s.Mark(ctx, id, m)
}

func (r *reopening) Purge(ctx context.Context, k Keep) (int, bool, error) {
	s, err := r.store()
	if err != nil {
		return 0, false, err
	}
	return s.Purge(ctx, k)
}

func (r *reopening) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	if r.s == nil {
		return nil
	}
	return r.s.Close()
}
