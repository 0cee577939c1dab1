package sqlite

import (
	"context"
	"database/sql"
	"strings"

	"github.com/telltale-ai/telltale/record"
)

// columns are those of the table calls, in the order of values and scan.
const columns = `id, time, class, cause, upstream, route, model, surface, task, mode, stream, status, provider, request_id,
	latency, ttft, input_tokens, output_tokens, reasoning_tokens, mark`

const width = 20

// rows is how many calls one statement inserts when there are so many: it saves most of the cost of a statement.
const rows = 32

var (
	insertOne  = insert(1)
	insertMany = insert(rows)
)

func insert(n int) string {
	row := "(?" + strings.Repeat(",?", width-1) + ")"
	return "INSERT INTO calls (" + columns + ") VALUES " + row + strings.Repeat(","+row, n-1) + " ON CONFLICT (id) DO NOTHING"
}

func values(to []any, e *record.Entry) []any {
	return append(to, e.ID, e.Time.UnixMicro(), string(e.Class), string(e.Cause), e.Upstream.String(), e.Route.String(), e.Model.String(), e.Surface,
		e.Task.String(), e.Mode, e.Stream, e.Status, e.Provider.String(), e.RequestID.String(),
		e.Latency.Micros(), e.TTFT.Micros(), e.InputTokens, e.OutputTokens, e.ReasoningTokens, string(e.Mark))
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
	if err := appendTo(ctx, tx, entries); err != nil {
		return s.explain(err)
	}
	return s.explain(tx.Commit())
}

func appendTo(ctx context.Context, tx *sql.Tx, entries []record.Entry) error {
	args := make([]any, 0, rows*width)
	for rest := entries; len(rest) > 0; {
		n, query := 1, insertOne
		if len(rest) >= rows {
			n, query = rows, insertMany
		}
		args = args[:0]
		for i := range rest[:n] {
			args = values(args, &rest[i])
		}
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
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
		if _, err := tx.ExecContext(ctx, `INSERT INTO docs (id, doc, detail) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING`, entries[i].ID, string(doc), more); err != nil {
			return err
		}
	}
	return nil
}
