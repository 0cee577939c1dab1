package media

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Retention says how long media is kept. Zero values keep it for ever.
type Retention struct {
	Age  time.Duration // older things go
	Size int64         // in bytes: above it, the oldest go first
}

// Retain removes what the rule does not keep and says how much that was. now is the clock.
func Retain(ctx context.Context, l Lister, rule Retention, now time.Time) (removed int, freed int64, err error) {
	if rule.Age <= 0 && rule.Size <= 0 {
		return 0, 0, nil
	}
	var all []Kept
	var total int64
	if err := l.List(ctx, func(k Kept) error {
		all = append(all, k)
		total += k.Size
		return nil
	}); err != nil {
		return 0, 0, err
	}
	slices.SortFunc(all, func(a, b Kept) int { return a.Time.Compare(b.Time) })
	for _, k := range all {
		old := rule.Age > 0 && now.Sub(k.Time) > rule.Age
		if !old && (rule.Size <= 0 || total <= rule.Size) {
			break // the rest is younger
		}
		if e := l.Remove(ctx, k.Name); e != nil {
			err = errors.Join(err, e)
			continue
		}
		removed, freed, total = removed+1, freed+k.Size, total-k.Size
	}
	return removed, freed, err
}
