// Package sqlite keeps records in a SQLite file: [OpenRecords] for the gateway, [ReadRecords] for those who look on.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/telltale-ai/telltale/record"
	_ "modernc.org/sqlite" // the driver
)

// RecordsFile is the name of the file in the data directory.
const RecordsFile = "records.db"

// busy is how long a connection waits for another process's lock.
const busy = 5 * time.Second

// Records is a [record.Store] in a SQLite file. One connection writes, a few read; WAL lets them not wait for each other.
//
// What Append has acknowledged survives a kill of the process. A loss of power may cost the last
// moments before it, never the file.
type Records struct {
	path  string
	write *sql.DB // nil when opened for reading
	read  *sql.DB

	insert statements
}

var _ record.Store = (*Records)(nil)

// OpenRecords opens dir/records.db for writing, and makes directory and file as needed.
// Its errors are [record.Problem]s where a person can help.
func OpenRecords(dir string) (*Records, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, &record.Problem{Err: fmt.Errorf("the data directory cannot be made: %w", err), Remedy: "give a directory that can be written to with --data"}
	}
	s := &Records{path: filepath.Join(dir, RecordsFile)}
	// The file holds prompts of failed calls: it is its owner's alone. SQLite gives its side files the same mode.
	f, err := os.OpenFile(s.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, &record.Problem{Err: fmt.Errorf("the records cannot be written: %w", err), Remedy: "give a directory that can be written to with --data"}
	}
	f.Close()
	if s.write, err = connect(s.path, "rw", "auto_vacuum(2)", "journal_mode(WAL)", "synchronous(NORMAL)", "journal_size_limit(67108864)"); err != nil {
		return nil, s.explain(err)
	}
	s.write.SetMaxOpenConns(1)
	if err = migrate(s.write); err == nil {
		s.insert, err = prepare(s.write)
	}
	if err == nil {
		s.read, err = connect(s.path, "rw", "query_only(1)")
	}
	if err != nil {
		s.Close()
		return nil, s.explain(err)
	}
	s.read.SetMaxOpenConns(4)
	return s, nil
}

// ReadRecords opens dir/records.db for reading and marking, while a gateway writes to it or not.
// A file that cannot be written to can be read all the same.
func ReadRecords(dir string) (*Records, error) {
	s := &Records{path: filepath.Join(dir, RecordsFile)}
	if _, err := os.Stat(s.path); errors.Is(err, fs.ErrNotExist) {
		return nil, &record.Problem{Err: fmt.Errorf("there are no records in %s", dir), Remedy: "start `telltale serve` and send a call through it, or give its data directory with --data"}
	} else if err != nil {
		return nil, &record.Problem{Err: err, Remedy: "give a directory that can be read with --data"}
	}
	var err error
	for _, mode := range []string{"rw", "ro", "ro&immutable=1"} { // the last reads a file in a directory that cannot be written to
		if mode == "ro&immutable=1" {
			if info, e := os.Stat(s.path + "-wal"); e == nil && info.Size() > 0 {
				break // it would hide what the gateway has just written
			}
		}
		if s.read, err = connect(s.path, mode, "query_only(1)"); err != nil {
			continue
		}
		if err = check(s.read); err == nil || errors.As(err, new(*record.Problem)) {
			break
		}
		s.read.Close()
		s.read = nil
	}
	if err != nil {
		s.Close()
		return nil, s.explain(err)
	}
	s.read.SetMaxOpenConns(2)
	return s, nil
}

func connect(path, mode string, pragmas ...string) (*sql.DB, error) {
	var dsn strings.Builder
	// The path is escaped, because a ? or % in it would end it.
	fmt.Fprintf(&dsn, "file:%s?mode=%s&_txlock=immediate&_pragma=busy_timeout(%d)", (&url.URL{Path: path}).EscapedPath(), mode, busy.Milliseconds())
	for _, p := range pragmas {
		dsn.WriteString("&_pragma=" + p)
	}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, err
	}
	if err := db.Ping(); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// Close folds the log into the file and closes it.
func (s *Records) Close() error {
	var errs []error
	if s.read != nil {
		errs = append(errs, s.read.Close())
	}
	if s.write != nil {
		errs = append(errs, s.write.Close())
	}
	return s.explain(errors.Join(errs...))
}

// Mark sets a person's verdict on a call.
func (s *Records) Mark(ctx context.Context, id string, m record.Marking) error {
	if err := m.Check(); err != nil {
		return err
	}
	db := s.write
	if db == nil { // opened for reading: the gateway may hold the lock for a moment, which busy waits for
		var err error
		if db, err = connect(s.path, "rw", "synchronous(NORMAL)"); err != nil {
			return s.explain(err)
		}
		defer db.Close()
	}
	done, err := db.ExecContext(ctx, `UPDATE calls SET mark = ?, mark_cause = ? WHERE id = ?`, string(m.Mark), string(m.MarkCause), id)
	if err != nil {
		return s.explain(err)
	}
	if n, err := done.RowsAffected(); err == nil && n == 0 {
		return record.ErrNotFound
	}
	return nil
}
