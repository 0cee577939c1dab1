package postgres

import (
	"context"
	"time"

	"github.com/telltale-ai/telltale/record"
)

// insert takes one array a column: a batch is one statement, whatever its size.
const insert = `INSERT INTO telltale.calls (` + columns + `, doc, detail)
	SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
		$11::boolean[], $12::integer[], $13::text[], $14::text[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::text[], $21::text[],
		$22::jsonb[], $23::jsonb[])
	ON CONFLICT (id) DO NOTHING`

// batch holds a list a column.
type batch struct {
	id, class, cause, upstream, route, model, surface, task, mode, provider, request, mark, markCause []string
	time                                                                                              []time.Time
	stream                                                                                            []bool
	status                                                                                            []int32
	latency, ttft, input, output, reasoning                                                           []int64
	doc, detail                                                                                       []*string
}

func (b *batch) add(e *record.Entry) error {
	doc, detail, err := e.Pack()
	if err != nil {
		return err
	}
	b.id, b.time = append(b.id, e.ID), append(b.time, e.Time)
	b.class, b.cause = append(b.class, string(e.Class)), append(b.cause, string(e.Cause))
	b.upstream, b.route, b.model = append(b.upstream, e.Upstream.String()), append(b.route, e.Route.String()), append(b.model, e.Model.String())
	b.surface, b.task, b.mode = append(b.surface, e.Surface), append(b.task, e.Task.String()), append(b.mode, e.Mode)
	b.stream, b.status = append(b.stream, e.Stream), append(b.status, int32(e.Status))
	b.provider, b.request = append(b.provider, e.Provider.String()), append(b.request, e.RequestID.String())
	b.latency, b.ttft = append(b.latency, e.Latency.Micros()), append(b.ttft, e.TTFT.Micros())
	b.input, b.output, b.reasoning = append(b.input, e.InputTokens), append(b.output, e.OutputTokens), append(b.reasoning, e.ReasoningTokens)
	b.mark, b.markCause = append(b.mark, string(e.Mark)), append(b.markCause, string(e.MarkCause))
	b.doc, b.detail = append(b.doc, text(doc)), append(b.detail, text(detail))
	return nil
}

func text(b []byte) *string {
	if b == nil {
		return nil
	}
	s := string(b)
	return &s
}

// Append keeps entries in one statement.
func (s *Records) Append(ctx context.Context, entries []record.Entry) error {
	if len(entries) == 0 {
		return ctx.Err()
	}
	var b batch
	for i := range entries {
		if err := b.add(&entries[i]); err != nil {
			return err
		}
	}
	_, err := s.pool.Exec(ctx, insert, b.id, b.time, b.class, b.cause, b.upstream, b.route, b.model, b.surface, b.task, b.mode, b.stream, b.status,
		b.provider, b.request, b.latency, b.ttft, b.input, b.output, b.reasoning, b.mark, b.markCause, b.doc, b.detail)
	return explain(err)
}

// Purge removes one batch of the oldest calls that k does not keep. The size is what
// the rows take; files of a PostgreSQL table do not shrink, the space is filled again by later calls.
func (s *Records) Purge(ctx context.Context, k record.Keep) (removed int, more bool, err error) {
	if !k.Before.IsZero() {
		if removed, err = s.remove(ctx, `WHERE time < $2`, k.Most(), k.Before); err != nil {
			return 0, false, explain(err)
		}
		more = removed == k.Most()
	}
	if k.Bytes <= 0 || removed >= k.Most() {
		return removed, more, nil
	}
	over, err := s.over(ctx, k.Bytes)
	if err != nil || !over {
		return removed, more, explain(err)
	}
	n, err := s.remove(ctx, ``, k.Most()-removed)
	if err != nil {
		return removed, more, explain(err)
	}
	if over, err = s.over(ctx, k.Bytes); over && n > 0 {
		more = true
	}
	return removed + n, more, explain(err)
}

func (s *Records) remove(ctx context.Context, where string, n int, args ...any) (int, error) {
	tag, err := s.pool.Exec(ctx, `DELETE FROM telltale.calls WHERE id IN (SELECT id FROM telltale.calls `+where+` ORDER BY time, id LIMIT $1 FOR UPDATE SKIP LOCKED)`,
		append([]any{n}, args...)...)
	return int(tag.RowsAffected()), err
}

// over reports whether the rows take more than size bytes. The files are measured first; they do not shrink
// when rows are removed, so when they are larger, the rows are weighed: all of them in a small table, else
// those of about a thousand pages, from which the rest is reckoned.
func (s *Records) over(ctx context.Context, size int64) (bool, error) {
	var files, pages int64
	if err := s.pool.QueryRow(ctx, `SELECT pg_total_relation_size('telltale.calls'), pg_relation_size('telltale.calls') / current_setting('block_size')::int`).
		Scan(&files, &pages); err != nil || files <= size {
		return false, err
	}
	percent := 100.0
	if pages > 1000 {
		percent = 100 * 1000 / float64(pages)
	}
	var rows float64
	// 350 bytes are what a row and its index entries take beside doc and detail.
	err := s.pool.QueryRow(ctx, `SELECT coalesce(sum(350 + coalesce(pg_column_size(doc), 0) + coalesce(pg_column_size(detail), 0)), 0)::float8
		FROM telltale.calls TABLESAMPLE SYSTEM ($1)`, percent).Scan(&rows)
	return rows*100/percent > float64(size), err
}
