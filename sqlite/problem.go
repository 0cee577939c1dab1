package sqlite

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/telltale-ai/telltale/record"
	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

var errReading = errors.New("the records were opened for reading")

// explain adds to err what a person can do about it.
func (s *Records) explain(err error) error {
	var e *driver.Error
	if err == nil || errors.As(err, new(*record.Problem)) || !errors.As(err, &e) {
		return err
	}
	dir := filepath.Dir(s.path)
	what, remedy := "", ""
	switch e.Code() & 0xff {
	case lib.SQLITE_FULL:
		what, remedy = "the disk is full", "free some space under "+dir+", or set record.max_size"
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		what, remedy = "another process holds the records locked", "see which program has "+s.path+" open"
	case lib.SQLITE_READONLY, lib.SQLITE_PERM:
		what, remedy = "the records cannot be written", "make "+dir+" and the files in it writable"
	case lib.SQLITE_CANTOPEN:
		what, remedy = "the records cannot be opened", "see that "+dir+" exists and can be read and written"
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
		what, remedy = "the records are damaged", "move "+s.path+" away: a new file is begun. `sqlite3 "+s.path+" .recover` saves what can be read"
	case lib.SQLITE_IOERR:
		what, remedy = "the disk fails", "check the disk that holds "+dir
	default:
		return fmt.Errorf("%s: %w", s.path, err)
	}
	return &record.Problem{Err: fmt.Errorf("%s: %w", what, err), Remedy: remedy}
}
