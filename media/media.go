// Package media fetches, checks and keeps pictures, videos and sounds: make a [Keeper] with a [Store] and
// call Keep. A result counts as kept only when the store has it on durable ground.
package media

import (
	"context"
	"errors"
	"io"
	"time"
)

// Store keeps media under names. Implementations pass the suite of package mediatest.
type Store interface {
	// Write keeps what r gives, which is size bytes long (-1: unknown), so that a name never stands for half
	// of it: it appears whole and durable, or not at all. Writing a name that is there changes nothing.
	Write(ctx context.Context, name string, r io.Reader, size int64) error
	// Read opens what is kept; ErrNotKept.
	Read(ctx context.Context, name string) (File, error)
}

// Lister is a Store that can be cleaned: see [Retain].
type Lister interface {
	// List calls yield for each kept thing, in any order.
	List(ctx context.Context, yield func(Kept) error) error
	// Remove forgets a name; a name that is not there is no error.
	Remove(ctx context.Context, name string) error
}

// File is one kept thing, open for reading.
type File interface {
	io.ReadSeekCloser
	Size() int64
	ModTime() time.Time
}

// Kept says what is kept under a name.
type Kept struct {
	Name string
	Size int64
	Time time.Time // when it was written
}

// Errors. Wrapped ones name the particulars.
var (
	ErrNotKept = errors.New("nothing is kept under this name")
	ErrNoSpace = errors.New("no space is left to keep media")
	ErrExpired = errors.New("the media URL has expired")
	ErrRefused = errors.New("the media will not be fetched")
	ErrBlocked = errors.New("the download is not allowed")
	ErrCorrupt = errors.New("these bytes are no such media")
)
