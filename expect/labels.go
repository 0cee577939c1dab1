package expect

import (
	"strconv"
	"strings"
	"unicode"
)

// fold takes away what does not matter in a label: case, blanks and quotes around it, emphasis, closing punctuation,
// and the difference between blanks, hyphens and underscores inside.
func fold(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || invisible(r) || strings.ContainsRune("\"'`*_“”‘’«».,;:!。！、，", r)
	})
	var b strings.Builder
	gap := false
	for _, r := range s {
		if unicode.IsSpace(r) || r == '_' || r == '-' {
			gap = true
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// Label tells which of the expected labels the text is, and whether it is so to the letter. "" is none.
func (e *Expectation) Label(text string) (label string, exact bool) {
	if e == nil || len(text) > 4<<10 {
		return "", false
	}
	for _, l := range e.spec.Labels {
		if text == l {
			return l, true
		}
	}
	f := fold(text)
	for i, l := range e.labels {
		if f == l {
			return e.spec.Labels[i], false
		}
	}
	return "", false
}

// checkLabels takes "Positive." for positive, unless exact_labels is set, but not "The label is positive.":
// a program that compares labels would not.
func (e *Expectation) checkLabels(text string) []Finding {
	if len(e.labels) == 0 {
		return nil
	}
	label, exact := e.Label(text)
	if label != "" && (exact || !e.spec.ExactLabels) {
		return nil
	}
	f := violated("labels", "text", "one of "+strings.Join(e.spec.Labels, ", "), strconv.Quote(capTo(text, 120)))
	if label != "" {
		f.Got = capTo(f.Got+" (differs from "+strconv.Quote(label)+" in case, blanks or punctuation only)", maxGot)
	} else if mentioned := e.mentioned(text); mentioned != "" {
		f.Got = capTo(f.Got+" (mentions "+strconv.Quote(mentioned)+")", maxGot)
	}
	return []Finding{f}
}

// mentioned tells the one label that stands in the text as a word; "" for none or several.
func (e *Expectation) mentioned(text string) string {
	low, only := " "+fold(within(text, 4<<10))+" ", ""
	for i, l := range e.labels {
		at := strings.Index(low, l)
		if at < 1 || isLetter(low[at-1]) || at+len(l) < len(low) && isLetter(low[at+len(l)]) {
			continue
		}
		if only != "" {
			return ""
		}
		only = e.spec.Labels[i]
	}
	return only
}
