// Package postgres keeps records in PostgreSQL, for any number of gateways at once: see [OpenRecords].
package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/record"
)

// Records is a [record.Store] in the schema "telltale" of a PostgreSQL database.
type Records struct {
	pool *pgxpool.Pool
}

var _ record.Store = (*Records)(nil)

// OpenRecords connects to the database of dsn (postgres://user:password@host/database) and makes or
// updates the schema "telltale" in it. Its errors never hold the password.
func OpenRecords(ctx context.Context, dsn string) (*Records, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, &record.Problem{Err: errors.New("the address of the PostgreSQL database cannot be read"), Remedy: "write record.store as postgres://user:password@host:5432/database"}
	}
	cfg.ConnConfig.RuntimeParams["application_name"] = "telltale"
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, explain(err)
	}
	s := &Records{pool: pool}
	if err := s.migrate(ctx); err != nil {
		pool.Close()
		return nil, explain(err)
	}
	return s, nil
}

// Close ends the connections.
func (s *Records) Close() error {
	s.pool.Close()
	return nil
}

// Get returns one entry whole.
func (s *Records) Get(ctx context.Context, id string) (record.Entry, error) {
	row := s.pool.QueryRow(ctx, `SELECT `+columns+`, doc, detail FROM telltale.calls WHERE id = $1`, id)
	e, err := scan(row)
	if errors.Is(err, pgx.ErrNoRows) {
		return e, record.ErrNotFound
	}
	return e, explain(err)
}

// List returns entries that match f, newest first.
func (s *Records) List(ctx context.Context, f record.Filter) (record.Page, error) {
	where, args, err := conditions(f)
	if err != nil {
		return record.Page{}, err
	}
	most := f.Most()
	args = append(args, most+1)
	rows, err := s.pool.Query(ctx, `SELECT `+columns+`, doc, NULL::jsonb FROM telltale.calls`+where+fmt.Sprintf(` ORDER BY time DESC, id DESC LIMIT $%d`, len(args)), args...)
	if err != nil {
		return record.Page{}, explain(err)
	}
	defer rows.Close()
	page := record.Page{Calls: make([]record.Entry, 0, min(most, 64))}
	for rows.Next() {
		if len(page.Calls) == most {
			page.Next = record.After(&page.Calls[most-1])
			break
		}
		e, err := scan(rows)
		if err != nil {
			return record.Page{}, explain(err)
		}
		page.Calls = append(page.Calls, e)
	}
	rows.Close()
	return page, explain(rows.Err())
}

func conditions(f record.Filter) (where string, args []any, err error) {
	var all []string
	add := func(cond string, values ...any) {
		for _, v := range values {
			args = append(args, v)
			cond = strings.Replace(cond, "?", fmt.Sprintf("$%d", len(args)), 1)
		}
		all = append(all, cond)
	}
	if len(f.Classes) > 0 {
		failed := true
		list := make([]string, len(f.Classes))
		for i, c := range f.Classes {
			list[i] = string(c)
			failed = failed && c != fault.OK
		}
		add("class = ANY(?)", list)
		if failed { // said in the words of the partial indexes, so that they are used
			add("class <> 'ok'")
		}
	}
	if len(f.Causes) > 0 {
		list := make([]string, len(f.Causes))
		for i, c := range f.Causes {
			list[i] = string(c)
		}
		add("cause = ANY(?)", list)
	}
	if f.Marked {
		add("mark <> ''")
	}
	if !f.Since.IsZero() {
		add("time >= ?", f.Since.UTC())
	}
	if !f.Until.IsZero() {
		add("time < ?", f.Until.UTC())
	}
	if f.Upstream != "" {
		add("upstream = ?", f.Upstream)
	}
	if f.Model != "" {
		add("model = ?", f.Model)
	}
	at, ok, err := f.Position()
	if ok {
		add("(time, id) < (?, ?)", at.Time, at.ID)
	}
	if len(all) == 0 {
		return "", nil, err
	}
	return " WHERE " + strings.Join(all, " AND "), args, err
}

// Mark sets a person's verdict on a call.
func (s *Records) Mark(ctx context.Context, id string, m record.Marking) error {
	if err := m.Check(); err != nil {
		return err
	}
	tag, err := s.pool.Exec(ctx, `UPDATE telltale.calls SET mark = $1, mark_cause = $2 WHERE id = $3`, string(m.Mark), string(m.MarkCause), id)
	if err != nil {
		return explain(err)
	}
	if tag.RowsAffected() == 0 {
		return record.ErrNotFound
	}
	return nil
}

// explain adds to err what a person can do about it.
func explain(err error) error {
	if err == nil || errors.As(err, new(*record.Problem)) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		var connect *pgconn.ConnectError
		if errors.As(err, &connect) {
			return &record.Problem{Err: fmt.Errorf("the PostgreSQL database cannot be reached: %w", connect.Unwrap()), Remedy: "check host and port in record.store, and that the database runs"}
		}
		return fmt.Errorf("PostgreSQL: %w", err)
	}
	remedy := "the database's log may say more"
	switch {
	case pg.Code == "28P01" || pg.Code == "28000":
		remedy = "check user and password in record.store"
	case pg.Code == "3D000":
		remedy = "make the database with: createdb " + "NAME"
	case pg.Code == "42501":
		remedy = "let the user make a schema: GRANT CREATE ON DATABASE name TO user"
	case strings.HasPrefix(pg.Code, "53"):
		remedy = "give the database more disk, memory or connections"
	}
	return &record.Problem{Err: fmt.Errorf("PostgreSQL: %s (%s)", pg.Message, pg.Code), Remedy: remedy}
}

// columns are those of telltale.calls that scan reads, before doc and detail.
const columns = `id, time, class, cause, upstream, route, model, surface, task, mode, stream, status, provider, request_id,
	latency, ttft, input_tokens, output_tokens, reasoning_tokens, mark, mark_cause`

// scan reads a row of columns, doc and detail.
func scan(row pgx.Row) (e record.Entry, err error) {
	var latency, ttft int64
	var class, cause, mark, markCause, upstream, route, model, task, provider, request string
	var doc, detail []byte
	if err = row.Scan(&e.ID, &e.Time, &class, &cause, &upstream, &route, &model, &e.Surface, &task, &e.Mode, &e.Stream, &e.Status, &provider, &request,
		&latency, &ttft, &e.InputTokens, &e.OutputTokens, &e.ReasoningTokens, &mark, &markCause, &doc, &detail); err != nil {
		return e, err
	}
	e.Time = e.Time.UTC().Truncate(time.Microsecond)
	e.Class, e.Cause, e.Mark, e.MarkCause = fault.Class(class), fault.Cause(cause), record.Mark(mark), fault.Cause(markCause)
	e.Latency, e.TTFT = record.FromMicros(latency), record.FromMicros(ttft)
	e.Set(upstream, route, model, task, provider, request)
	return e, e.Unpack(doc, detail)
}
