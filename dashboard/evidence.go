package dashboard

import (
	"slices"

	"github.com/telltale-ai/telltale/capture"
	"github.com/telltale-ai/telltale/record"
)

// piece is a part of a text; Where says which evidence stands there, "" that none does.
type piece struct {
	Text, Where string
}

// marked divides the text of a response at the evidence of v.
func marked(text []byte, v *record.Verdict) []piece {
	items, err := capture.Parse(text)
	if err != nil || len(items) == 0 {
		return []piece{{Text: string(text)}}
	}
	it := &items[0]
	d := v.Diagnosis()
	type span struct {
		capture.Span
		where string
	}
	var spans []span
	for _, e := range d.Evidence {
		if s, ok := it.Locate(e); ok && s.Start >= 0 && s.End <= len(it.Source) && s.Start < s.End {
			spans = append(spans, span{s, e.Where})
		}
	}
	slices.SortStableFunc(spans, func(a, b span) int { return a.Start - b.Start })
	var out []piece
	at := 0
	for _, s := range spans {
		if s.Start < at { // two pieces of evidence in one place are marked once
			continue
		}
		out = append(out, piece{Text: string(it.Source[at:s.Start])}, piece{string(it.Source[s.Start:s.End]), s.where})
		at = s.End
	}
	return append(out, piece{Text: string(it.Source[at:])})
}
