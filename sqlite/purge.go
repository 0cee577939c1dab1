package sqlite

import (
	"context"

	"github.com/telltale-ai/telltale/record"
)

// Purge removes one batch of the oldest calls that k does not keep, and gives free pages back.
func (s *Records) Purge(ctx context.Context, k record.Keep) (removed int, more bool, err error) {
	if s.write == nil {
		return 0, false, &record.Problem{Err: errReading, Remedy: "open the records for writing"}
	}
	if !k.Before.IsZero() {
		n, err := s.remove(ctx, `time < ?`, k.Before.UnixMicro(), k.Most())
		if err != nil {
			return 0, false, s.explain(err)
		}
		removed, more = n, n == k.Most()
	}
	used, free, err := s.size(ctx)
	if err == nil && k.Bytes > 0 && used > k.Bytes && removed < k.Most() {
		var n int
		n, err = s.remove(ctx, `1 = ?`, 1, k.Most()-removed)
		removed += n
		if err == nil {
			used, free, err = s.size(ctx)
			more = more || n > 0 && used > k.Bytes
		}
	}
	if err == nil && free > 0 {
		err = s.giveBack(ctx, free)
	}
	return removed, more, s.explain(err)
}

// remove removes the n oldest calls that satisfy cond.
func (s *Records) remove(ctx context.Context, cond string, arg int64, n int) (int, error) {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	oldest := `(SELECT id FROM calls WHERE ` + cond + ` ORDER BY time, id LIMIT ?)`
	if _, err := tx.ExecContext(ctx, `DELETE FROM docs WHERE id IN `+oldest, arg, n); err != nil {
		return 0, err
	}
	done, err := tx.ExecContext(ctx, `DELETE FROM calls WHERE id IN `+oldest, arg, n)
	if err != nil {
		return 0, err
	}
	gone, err := done.RowsAffected()
	if err != nil {
		return 0, err
	}
	return int(gone), tx.Commit()
}

// size returns the bytes that are in use in the file, and how many of its pages are free.
func (s *Records) size(ctx context.Context) (used, free int64, err error) {
	var pages, page int64
	err = s.write.QueryRowContext(ctx, `SELECT c.page_count, f.freelist_count, p.page_size
		FROM pragma_page_count c, pragma_freelist_count f, pragma_page_size p`).Scan(&pages, &free, &page)
	return (pages - free) * page, free, err
}

// most is how many free pages giveBack gives back at once (8 MiB), so that writers wait for it but a moment.
const most = 2000

// giveBack shortens the file by some of its n free pages. The driver runs one step of a statement without
// columns, and a step of this pragma frees one page: hence the loop.
func (s *Records) giveBack(ctx context.Context, n int64) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	step, err := tx.PrepareContext(ctx, `PRAGMA incremental_vacuum(1)`)
	if err != nil {
		return err
	}
	defer step.Close()
	for range min(n, most) {
		if _, err := step.ExecContext(ctx); err != nil {
			return err
		}
	}
	return tx.Commit()
}
