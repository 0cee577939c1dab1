package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/record"
)

// Get returns one entry whole.
func (s *Records) Get(ctx context.Context, id string) (record.Entry, error) {
	row := s.read.QueryRowContext(ctx, `SELECT `+qualified+`, docs.doc, docs.detail FROM calls LEFT JOIN docs ON docs.id = calls.id WHERE calls.id = ?`, id)
	e, err := scan(row.Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return e, record.ErrNotFound
	}
	return e, s.explain(err)
}

// List returns entries that match f, newest first.
func (s *Records) List(ctx context.Context, f record.Filter) (record.Page, error) {
	where, args, err := conditions(f)
	if err != nil {
		return record.Page{}, err
	}
	most := f.Most()
	list, err := s.read.QueryContext(ctx, `SELECT `+qualified+`, docs.doc, NULL FROM calls LEFT JOIN docs ON docs.id = calls.id`+where+
		` ORDER BY calls.time DESC, calls.id DESC LIMIT ?`, append(args, most+1)...)
	if err != nil {
		return record.Page{}, s.explain(err)
	}
	defer list.Close()
	page := record.Page{Calls: make([]record.Entry, 0, min(most, 64))}
	for list.Next() {
		if len(page.Calls) == most {
			page.Next = record.After(&page.Calls[most-1])
			break
		}
		e, err := scan(list.Scan)
		if err != nil {
			return record.Page{}, s.explain(err)
		}
		page.Calls = append(page.Calls, e)
	}
	return page, s.explain(list.Err())
}

var qualified = "calls." + strings.ReplaceAll(strings.Join(strings.Fields(columns), " "), ", ", ", calls.")

func conditions(f record.Filter) (where string, args []any, err error) {
	var all []string
	add := func(cond string, a ...any) { all, args = append(all, cond), append(args, a...) }
	failed := false
	if len(f.Classes) > 0 {
		failed = true
		for _, c := range f.Classes {
			args = append(args, string(c))
			failed = failed && c != fault.OK
		}
		add("class IN (" + marks(len(f.Classes)) + ")")
	}
	if len(f.Causes) > 0 {
		for _, c := range f.Causes {
			args = append(args, string(c))
		}
		add("cause IN (" + marks(len(f.Causes)) + ")")
	}
	if failed { // said in the words of the partial indexes, so that they are used
		add("class <> 'ok'")
	}
	if f.Marked {
		add("mark <> ''")
	}
	if !f.Since.IsZero() {
		add("time >= ?", f.Since.UnixMicro())
	}
	if !f.Until.IsZero() {
		add("time < ?", f.Until.UnixMicro())
	}
	if f.Upstream != "" {
		add("upstream = ?", f.Upstream)
	}
	if f.Model != "" {
		add("model = ?", f.Model)
	}
	at, ok, err := f.Position()
	if ok {
		add("(time, calls.id) < (?, ?)", at.Time.UnixMicro(), at.ID)
	}
	if len(all) == 0 {
		return "", nil, err
	}
	return " WHERE " + strings.Join(all, " AND "), args, err
}

func marks(n int) string { return "?" + strings.Repeat(",?", n-1) }

// scan reads a row of columns, doc and detail.
func scan(row func(...any) error) (e record.Entry, err error) {
	var at, latency, ttft int64
	var upstream, route, model, task, provider, request string
	var doc, detail []byte
	if err = row(&e.ID, &at, &e.Class, &e.Cause, &upstream, &route, &model, &e.Surface, &task, &e.Mode, &e.Stream, &e.Status, &provider, &request,
		&latency, &ttft, &e.InputTokens, &e.OutputTokens, &e.ReasoningTokens, &e.Mark, &e.MarkCause, &doc, &detail); err != nil {
		return e, err
	}
	e.Time, e.Latency, e.TTFT = time.UnixMicro(at).UTC(), record.FromMicros(latency), record.FromMicros(ttft)
	e.Set(upstream, route, model, task, provider, request)
	return e, e.Unpack(doc, detail)
}
