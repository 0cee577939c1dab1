package record

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/telltale-ai/telltale/fault"
)

// Filter chooses entries. Zero fields do not filter; those set must all hold.
type Filter struct {
	Classes  []fault.Class // one of these
	Causes   []fault.Cause // one of these
	Since    time.Time     // at this time or later
	Until    time.Time     // before this time
	Upstream string        // the first upstream asked
	Model    string        // as the client asked for it
	Marked   bool          // marked by a person
	Limit    int           // at most so many; 0 means 50, more than 1000 means 1000
	Cursor   string        // Page.Next of the page before
}

// Page is a part of a list, newest first.
type Page struct {
	Calls []Entry `json:"calls"`
	Next  string  `json:"next"` // the cursor of the next page; empty at the end
}

// Most returns the number of entries to give.
func (f *Filter) Most() int {
	if f.Limit <= 0 {
		return 50
	}
	return min(f.Limit, 1000)
}

// Match reports whether e is chosen, whatever the cursor.
func (f *Filter) Match(e *Entry) bool {
	return (len(f.Classes) == 0 || contains(f.Classes, e.Class)) && (len(f.Causes) == 0 || contains(f.Causes, e.Cause)) &&
		(f.Since.IsZero() || !e.Time.Before(f.Since)) && (f.Until.IsZero() || e.Time.Before(f.Until)) &&
		(f.Upstream == "" || e.Upstream.String() == f.Upstream) && (f.Model == "" || e.Model.String() == f.Model) && (!f.Marked || e.Mark != "")
}

func contains[T comparable](list []T, x T) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}

// Position is a place in the order of entries: that of an entry's time, then of its id.
type Position struct {
	Time time.Time
	ID   string
}

// After makes the cursor of what follows e in a list, newest first.
func After(e *Entry) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(e.Time.UnixMicro(), 10) + " " + e.ID))
}

// Position reads f.Cursor; ok is false when it is empty.
func (f *Filter) Position() (p Position, ok bool, err error) {
	if f.Cursor == "" {
		return p, false, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(f.Cursor)
	us, id, found := strings.Cut(string(b), " ")
	n, err2 := strconv.ParseInt(us, 10, 64)
	if err != nil || err2 != nil || !found {
		return p, false, fmt.Errorf("%w: cursor %q was not given by a list of calls", ErrFilter, f.Cursor)
	}
	return Position{time.UnixMicro(n).UTC(), id}, true, nil
}

// ErrFilter says that a filter cannot be read.
var ErrFilter = fmt.Errorf("bad filter")

// ParseClasses reads classes divided by commas.
func ParseClasses(s string) ([]fault.Class, error) {
	var out []fault.Class
	for _, w := range words(s) {
		c := fault.Class(w)
		if !c.Valid() {
			return nil, fmt.Errorf("%w: class %q is none of ok, hard, soft, silent", ErrFilter, w)
		}
		out = append(out, c)
	}
	return out, nil
}

// ParseCauses reads causes divided by commas.
func ParseCauses(s string) ([]fault.Cause, error) {
	var out []fault.Cause
	for _, w := range words(s) {
		if _, ok := fault.Lookup(fault.Cause(w)); !ok {
			return nil, fmt.Errorf("%w: there is no cause %q (`telltale causes` lists them)", ErrFilter, w)
		}
		out = append(out, fault.Cause(w))
	}
	return out, nil
}

// ParseTime reads a point in time: RFC 3339, a date, or how long before now, as 90s, 24h or 7d.
func ParseTime(s string, now time.Time) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, s, now.Location()); err == nil {
			return t, nil
		}
	}
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.ParseFloat(days, 64); err == nil && n >= 0 && n < 36500 {
			return now.Add(-time.Duration(n * 24 * float64(time.Hour))), nil
		}
	}
	if d, err := time.ParseDuration(s); err == nil && d >= 0 {
		return now.Add(-d), nil
	}
	return time.Time{}, fmt.Errorf("%w: time %q is neither a duration back from now (15m, 24h, 7d) nor a time such as 2026-01-31T08:00:00Z", ErrFilter, s)
}

func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}
