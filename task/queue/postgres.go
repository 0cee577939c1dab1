package queue

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// OpenPostgres opens the task store in a PostgreSQL database that any number of processes may share.
func OpenPostgres(ctx context.Context, dsn string, opt Options) (Queue, error) {
	opt.Workers = orInt(opt.Workers, 200)
	if opt.Poll <= 0 {
		opt.Poll = time.Second
	}
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	host, _ := os.Hostname()
	name := fmt.Sprintf("%s-%d-%d", host, os.Getpid(), time.Now().UnixNano())
	return open(ctx, &postgresDB{pool: pool, d: riverpgxv5.New(pool)}, name, opt)
}

// ReadPostgres opens the task store in a PostgreSQL database for reading alone.
func ReadPostgres(ctx context.Context, dsn string) (Reader, error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	return &queue[pgx.Tx]{b: &postgresDB{pool: pool}}, nil
}

type postgresDB struct {
	pool *pgxpool.Pool
	d    *riverpgxv5.Driver
}

func (p *postgresDB) driver() riverdriver.Driver[pgx.Tx] { return p.d }
func (p *postgresDB) alone() bool                        { return false }
func (p *postgresDB) close() error                       { p.pool.Close(); return nil }

func (p *postgresDB) migrate(ctx context.Context) error {
	m, err := rivermigrate.New(p.d, nil)
	if err != nil {
		return err
	}
	// Several replicas start at once: one migrates, the others wait for it.
	conn, err := p.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	const lock = 0x7e11a1e
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, lock); err != nil {
		return err
	}
	defer conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, lock) //nolint:errcheck // the session ends it otherwise
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `
		CREATE TABLE IF NOT EXISTS telltale_task (
			id text PRIMARY KEY, upstream text NOT NULL, upstream_id text NOT NULL, state text NOT NULL,
			created_at bigint NOT NULL, version bigint NOT NULL, data text NOT NULL,
			UNIQUE (upstream, upstream_id));
		CREATE INDEX IF NOT EXISTS telltale_task_upstream_id ON telltale_task (upstream_id);
		CREATE INDEX IF NOT EXISTS telltale_task_state ON telltale_task (state, id);
		CREATE TABLE IF NOT EXISTS telltale_process (id text PRIMARY KEY, seen_at bigint NOT NULL);`)
	return err
}

func (p *postgresDB) inTx(ctx context.Context, do func(pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, p.pool, do)
}

func (p *postgresDB) txExec(ctx context.Context, tx pgx.Tx, query string, args ...any) (int64, error) {
	tag, err := tx.Exec(ctx, numbered(query), args...)
	return tag.RowsAffected(), err
}

func (p *postgresDB) exec(ctx context.Context, query string, args ...any) (int64, error) {
	tag, err := p.pool.Exec(ctx, numbered(query), args...)
	return tag.RowsAffected(), err
}

func (p *postgresDB) rows(ctx context.Context, query string, args ...any) ([]row, error) {
	rs, err := p.pool.Query(ctx, numbered(query), args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rs, func(r pgx.CollectableRow) (row, error) {
		var v int64
		var s string
		err := r.Scan(&v, &s)
		return row{version: v, data: []byte(s)}, err
	})
}

// numbered turns each ? into $1, $2 and so on; no query of this package holds one in a string.
func numbered(query string) string {
	parts := strings.Split(query, "?")
	var b strings.Builder
	for i, s := range parts {
		if i > 0 {
			b.WriteString("$" + strconv.Itoa(i))
		}
		b.WriteString(s)
	}
	return b.String()
}
