package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/telltale-ai/telltale/record"
)

// columns are those of the table calls, in the order of values and scan.
const columns = `id, time, class, cause, upstream, route, model, surface, task, mode, stream, status, provider, request_id,
	latency, ttft, input_tokens, output_tokens, reasoning_tokens, mark, mark_cause`

const width = 21

// rows is how many calls one statement inserts when there are so many: it saves most of the cost of a statement.
const rows = 32

// statements are what Append runs, prepared once: parsing them costs more than running them.
type statements struct{ one, many, doc *sql.Stmt }

func prepare(db *sql.DB) (p statements, err error) {
	var errs [3]error
	p.one, errs[0] = db.Prepare(insert(1))
	p.many, errs[1] = db.Prepare(insert(rows))
	p.doc, errs[2] = db.Prepare(`INSERT INTO docs (id, doc, detail) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING`)
	return p, errors.Join(errs[:]...)
}

func insert(n int) string {
	row := "(?" + strings.Repeat(",?", width-1) + ")"
	return "INSERT INTO calls (" + columns + ") VALUES " + row + strings.Repeat(","+row, n-1) + " ON CONFLICT (id) DO NOTHING"
}

func values(to []any, e *record.Entry) []any {
	return append(to, e.ID, e.Time.UnixMicro(), string(e.Class), string(e.Cause), e.Upstream.String(), e.Route.String(), e.Model.String(), e.Surface,
		e.Task.String(), e.Mode, e.Stream, e.Status, e.Provider.String(), e.RequestID.String(),
		e.Latency.Micros(), e.TTFT.Micros(), e.InputTokens, e.OutputTokens, e.ReasoningTokens, string(e.Mark), string(e.MarkCause))
}

// Append keeps entries in one transaction.
func (s *Records) Append(ctx context.Context, entries []record.Entry) error {
	if len(entries) == 0 {
		return ctx.Err()
	}
	if s.write == nil {
		return &record.Problem{Err: errReading, Remedy: "open the records for writing"}
	}
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return s.explain(err)
	}
	defer tx.Rollback()
	if err := s.insert.run(ctx, tx, entries); err != nil {
		return s.explain(err)
	}
	return s.explain(tx.Commit())
}

func (p *statements) run(ctx context.Context, tx *sql.Tx, entries []record.Entry) error {
	one, many, docs := tx.StmtContext(ctx, p.one), tx.StmtContext(ctx, p.many), tx.StmtContext(ctx, p.doc)
	args := make([]any, 0, rows*width)
	for rest := entries; len(rest) > 0; {
		n, query := 1, one
		if len(rest) >= rows {
			n, query = rows, many
		}
		args = args[:0]
		for i := range rest[:n] {
			args = values(args, &rest[i])
		}
		if _, err := query.ExecContext(ctx, args...); err != nil {
			return err
		}
		rest = rest[n:]
	}
	for i := range entries {
		doc, detail, err := entries[i].Pack()
		if err != nil {
			return err
		}
		if doc == nil {
			continue
		}
		var more any
		if detail != nil {
			more = string(detail)
		}
		if _, err := docs.ExecContext(ctx, entries[i].ID, string(doc), more); err != nil {
			return err
		}
	}
	return nil
}
