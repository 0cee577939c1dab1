package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/telltale-ai/telltale/fault"
)

// Overlay lays a user's JSON of the same shape over the set: what has an ID that is known replaces it, all
// else is added. It is read strictly: an unknown key, an unknown cause or a signature that says nothing is an error.
func (s Set) Overlay(data []byte) (Set, error) {
	var u Set
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&u); err != nil {
		return s, fmt.Errorf("catalogue: %s", place(data, err))
	}
	if d.More() {
		return s, errors.New("catalogue: there is more after the end of the JSON object")
	}
	if err := u.Check(); err != nil {
		return s, err
	}
	out := Set{
		Providers:  over(s.Providers, u.Providers, func(p *Provider) string { return p.ID }),
		Dialects:   over(s.Dialects, u.Dialects, func(d *Dialect) string { return d.ID }),
		Finishes:   over(s.Finishes, u.Finishes, func(f *Finish) string { return strings.ToLower(f.Word) }),
		Signatures: over(s.Signatures, u.Signatures, func(g *Signature) string { return g.ID }),
		Statuses:   over(s.Statuses, u.Statuses, func(r *StatusRule) string { return fmt.Sprint(r.Status, r.Surface) }),
	}
	return out, nil
}

func over[T any](base, user []T, id func(*T) string) []T {
	out := append([]T(nil), base...)
	at := make(map[string]int, len(out))
	for i := range out {
		at[id(&out[i])] = i
	}
	for i := range user {
		if k, ok := at[id(&user[i])]; ok {
			out[k] = user[i]
			continue
		}
		at[id(&user[i])] = len(out)
		out = append(out, user[i])
	}
	return out
}

// place adds the line to what the JSON reader says.
func place(data []byte, err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	at := int64(-1)
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &kind):
		at = kind.Offset
	}
	if at < 0 || at > int64(len(data)) {
		return err.Error()
	}
	return fmt.Sprintf("line %d: %v", 1+bytes.Count(data[:at], []byte("\n")), err)
}

// Check reports the first thing in the set that cannot be right.
func (s *Set) Check() error {
	ids := map[string]bool{}
	for i := range s.Signatures {
		g := &s.Signatures[i]
		if g.ID == "" || ids[g.ID] {
			return fmt.Errorf("catalogue: signature %d has no id, or one that stands there twice: %q", i, g.ID)
		}
		ids[g.ID] = true
		if err := g.check(); err != nil {
			return fmt.Errorf("catalogue: signature %s: %w", g.ID, err)
		}
	}
	for i := range s.Finishes {
		if _, ok := fault.Lookup(s.Finishes[i].Cause); !ok || s.Finishes[i].Word == "" {
			return fmt.Errorf("catalogue: finish %q: unknown cause %q", s.Finishes[i].Word, s.Finishes[i].Cause)
		}
	}
	for i := range s.Statuses {
		if _, ok := fault.Lookup(s.Statuses[i].Cause); !ok {
			return fmt.Errorf("catalogue: status %d: unknown cause %q", s.Statuses[i].Status, s.Statuses[i].Cause)
		}
	}
	for i := range s.Providers {
		if s.Providers[i].ID == "" {
			return fmt.Errorf("catalogue: provider %d has no id", i)
		}
	}
	return nil
}

func (g *Signature) check() error {
	if _, ok := fault.Lookup(g.Cause); !ok {
		return fmt.Errorf("unknown cause %q; telltale causes lists them", g.Cause)
	}
	if len(g.Text)+len(g.Codes) == 0 {
		return errors.New("it has neither text nor codes, so it would hold for everything")
	}
	if g.Retry != "" && g.Retry != RetryYes && g.Retry != RetryNo {
		return fmt.Errorf("retry is %q; it may be yes or no", g.Retry)
	}
	for _, t := range append(append([]string(nil), g.Text...), g.Not...) {
		for _, piece := range strings.Split(t, " * ") {
			if len(piece) < 4 {
				return fmt.Errorf("the phrase %q has a piece under 4 bytes", t)
			}
			if piece != strings.ToLower(piece) {
				return fmt.Errorf("the phrase %q is not lower case", t)
			}
		}
	}
	return nil
}
