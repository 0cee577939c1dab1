// Package record keeps what became of every call: give a [Recorder] a [Store] and let the gateway
// tell it of each call with [Recorder.ObserveCall].
//
// An [Entry] is redacted by construction: its free texts are of type [Text], which only the redactor
// can make, so no store, page or command can come by a key.
package record

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/telltale-ai/telltale/fault"
)

// ErrNotFound says that a store has no call of the id that was asked for.
var ErrNotFound = errors.New("no call with this id is recorded")

// Store keeps entries. Every method is safe for concurrent use; recordtest.Run says what each must do.
type Store interface {
	// Append keeps entries, all or none. An id that is already kept stays as it is, so that a batch can be sent again.
	Append(ctx context.Context, entries []Entry) error
	// Get returns one entry with the requests and responses of its attempts, or ErrNotFound.
	Get(ctx context.Context, id string) (Entry, error)
	// List returns entries that match f, newest first, without the requests and responses of their attempts.
	List(ctx context.Context, f Filter) (Page, error)
	// Mark sets a person's verdict on a call, or takes it back with the zero Marking. It returns ErrNotFound for an unknown id.
	Mark(ctx context.Context, id string, m Marking) error
	// Purge removes one small batch of what k does not keep, oldest first, and says whether there is more to remove.
	// Marked calls go by age and size like all others.
	Purge(ctx context.Context, k Keep) (removed int, more bool, err error)
	// Close releases the store.
	Close() error
}

// Keep says for how long and how much a store keeps. Zero fields do not limit.
type Keep struct {
	Before time.Time // calls older than this are removed
	Bytes  int64     // the oldest calls are removed until the records take no more than this
	Batch  int       // at most so many calls at once; 0 means 500
}

// Most returns how many calls one Purge removes at most.
func (k Keep) Most() int {
	if k.Batch <= 0 {
		return 500
	}
	return k.Batch
}

// Mark is a person's verdict on a call's verdict.
type Mark string

// The marks. The empty Mark is none.
const (
	Good Mark = "good" // the output was good, whatever Telltale said
	Bad  Mark = "bad"  // the output was bad, whatever Telltale said
)

// Marking is a mark and, for a bad call whose recorded cause is not the right one, the right cause.
type Marking struct {
	Mark      Mark        `json:"mark"`
	MarkCause fault.Cause `json:"mark_cause"` // of a bad call: the right cause, where the recorded one is not
}

// Check reports what is wrong with m.
func (m Marking) Check() error {
	if m.Mark != "" && m.Mark != Good && m.Mark != Bad {
		return fmt.Errorf("%q is no mark: it must be good or bad", m.Mark)
	}
	if _, ok := fault.Lookup(m.MarkCause); m.MarkCause != "" && (!ok || m.Mark != Bad) {
		return fmt.Errorf("a call cannot be marked %q with the cause %q", m.Mark, m.MarkCause)
	}
	return nil
}
