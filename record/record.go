// Package record keeps what became of every call: give a [Recorder] a [Store] and let the gateway
// tell it of each call with [Recorder.ObserveCall].
//
// An [Entry] is redacted by construction: its free texts are of type [Text], which only the redactor
// can make, so no store, page or command can come by a key.
package record

import (
	"context"
	"errors"
	"time"
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
	// Mark sets a person's verdict on a call, or takes it back with an empty one. It returns ErrNotFound for an unknown id.
	Mark(ctx context.Context, id string, m Mark) error
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

// Valid reports whether m is one of the marks, or none.
func (m Mark) Valid() bool { return m == "" || m == Good || m == Bad }
