package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	_ "modernc.org/sqlite" // the database/sql driver
)

// OpenSQLite opens the task store in a file, which is made when it is not there. The file belongs to one
// process at a time.
func OpenSQLite(ctx context.Context, file string, opt Options) (Queue, error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, err
	}
	opt.Workers = orInt(opt.Workers, 50)
	if opt.Poll <= 0 {
		opt.Poll = 500 * time.Millisecond
	}
	if f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600); err != nil { // nobody else's to read
		return nil, err
	} else if err := errors.Join(f.Chmod(0o600), f.Close()); err != nil {
		return nil, err
	}
	dsn := "file:" + (&url.URL{Path: file}).EscapedPath() + "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_txlock=immediate"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // one writer; River on SQLite wants it so
	name := fmt.Sprintf("sqlite-%d-%d", os.Getpid(), time.Now().UnixNano())
	return open(ctx, &sqliteDB{db: db, d: riversqlite.New(db)}, name, opt)
}

// ReadSQLite opens the task store in a file for reading alone. os.ErrNotExist: there is none.
func ReadSQLite(file string) (Reader, error) {
	if _, err := os.Stat(file); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: file}).EscapedPath()+"?mode=ro&_pragma=busy_timeout(10000)")
	if err != nil {
		return nil, err
	}
	return &queue[*sql.Tx]{b: &sqliteDB{db: db}}, nil
}

func orInt(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

type sqliteDB struct {
	db *sql.DB
	d  *riversqlite.Driver
}

func (s *sqliteDB) driver() riverdriver.Driver[*sql.Tx] { return s.d }
func (s *sqliteDB) alone() bool                         { return true }
func (s *sqliteDB) close() error                        { return s.db.Close() }

func (s *sqliteDB) migrate(ctx context.Context) error {
	m, err := rivermigrate.New(s.d, nil)
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	for _, q := range []string{
		`CREATE TABLE IF NOT EXISTS telltale_task (
			id TEXT PRIMARY KEY, upstream TEXT NOT NULL, upstream_id TEXT NOT NULL, state TEXT NOT NULL,
			created_at INTEGER NOT NULL, version INTEGER NOT NULL, data TEXT NOT NULL,
			UNIQUE (upstream, upstream_id)) STRICT`,
		`CREATE INDEX IF NOT EXISTS telltale_task_upstream_id ON telltale_task (upstream_id)`,
		`CREATE INDEX IF NOT EXISTS telltale_task_state ON telltale_task (state, id)`,
		`CREATE TABLE IF NOT EXISTS telltale_process (id TEXT PRIMARY KEY, seen_at INTEGER NOT NULL) STRICT`,
	} {
		if _, err := s.db.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

func (s *sqliteDB) inTx(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

func (s *sqliteDB) txExec(ctx context.Context, tx *sql.Tx, query string, args ...any) (int64, error) {
	return affected(tx.ExecContext(ctx, query, args...))
}

func (s *sqliteDB) exec(ctx context.Context, query string, args ...any) (int64, error) {
	return affected(s.db.ExecContext(ctx, query, args...))
}

func affected(r sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (s *sqliteDB) rows(ctx context.Context, query string, args ...any) ([]row, error) {
	rs, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rs.Close()
	var list []row
	for rs.Next() {
		var r row
		if err := rs.Scan(&r.version, &r.data); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rs.Err()
}
