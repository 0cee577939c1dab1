package expect

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/telltale-ai/telltale/fault"
)

// maxJudged is how many bytes of a text are judged by patterns and expressions, and how long a JSON text may
// be to be parsed.
const maxJudged = 16 << 20

// Check returns what in o is not as expected, the most telling first; nil when all is, or when e is nil.
// A violation of JSON or of a schema keeps the expectations that rest on it from being checked.
// Check never panics: what fails in here finds nothing.
func (e *Expectation) Check(o *Output) (found []Finding) {
	if e == nil {
		return nil
	}
	defer func() {
		if recover() != nil {
			found = nil // a validator's own failure is not the call's
		}
	}()
	if o.Media != nil {
		return e.checkMedia(o.Media)
	}
	text := o.Text
	if len(text) > maxJudged {
		text = within(text, maxJudged)
	}
	value, bad := e.checkJSON(text)
	found = append(found, bad...)
	found = append(found, e.checkLabels(text)...)
	found = append(found, e.checkText(text)...)
	if e.expr != nil && len(bad) == 0 {
		if f, ok := e.expr.check(text, o.Prompt, value); !ok {
			found = append(found, f)
		}
	}
	return found
}

// Wants reports what e asks for in a few words, for pages and prompts: "one of positive, negative"; "" for nothing.
func (e *Expectation) Wants() string {
	if e == nil {
		return ""
	}
	var w []string
	s := &e.spec
	if len(s.Labels) > 0 {
		w = append(w, "one of "+strings.Join(s.Labels, ", "))
	}
	switch {
	case e.schema != nil:
		w = append(w, "JSON that matches the schema")
	case s.JSON:
		w = append(w, "JSON")
	}
	if s.Pattern != "" {
		w = append(w, "a text that matches "+s.Pattern)
	}
	if s.MinLength > 0 {
		w = append(w, "at least "+strconv.Itoa(s.MinLength)+" characters")
	}
	if s.MaxLength > 0 {
		w = append(w, "at most "+strconv.Itoa(s.MaxLength)+" characters")
	}
	for _, c := range s.Contains {
		w = append(w, "the text "+strconv.Quote(c))
	}
	for _, c := range s.NotContains {
		w = append(w, "nowhere "+strconv.Quote(c))
	}
	if e.language != "" {
		w = append(w, "the language "+s.Language)
	}
	if s.Expr != "" {
		w = append(w, s.Expr)
	}
	return strings.Join(w, "; ")
}

// Schema gives the JSON Schema that is expected, nil for none.
func (e *Expectation) Schema() *Schema {
	if e == nil {
		return nil
	}
	return e.schema
}

func violated(rule, where, want, got string) Finding {
	return Finding{Cause: fault.UnexpectedOutput, Rule: rule, Where: where, Want: capTo(want, maxGot), Got: capTo(got, maxGot)}
}

// checkJSON parses the text where JSON is wanted and holds it against the schema.
func (e *Expectation) checkJSON(text string) (any, []Finding) {
	if !e.spec.JSON && e.schema == nil && (e.expr == nil || !e.expr.usesJSON) {
		return nil, nil
	}
	value, f := ParseJSON(text)
	if f != nil {
		if !e.spec.JSON && e.schema == nil {
			return nil, nil // the expression sees no JSON and may be content
		}
		return nil, []Finding{*f}
	}
	if e.schema != nil {
		return value, e.schema.Check(value)
	}
	return value, nil
}

func (e *Expectation) checkText(text string) (found []Finding) {
	s := &e.spec
	if e.pattern != nil && !e.pattern.MatchString(text) {
		found = append(found, violated("pattern", "text", "a match of "+s.Pattern, strconv.Quote(capTo(text, 120))))
	}
	if s.MinLength > 0 || s.MaxLength > 0 {
		n := utf8.RuneCountInString(text)
		if n < s.MinLength {
			found = append(found, violated("min_length", "text", "at least "+strconv.Itoa(s.MinLength)+" characters", strconv.Itoa(n)+" characters"))
		}
		if s.MaxLength > 0 && n > s.MaxLength {
			found = append(found, violated("max_length", "text", "at most "+strconv.Itoa(s.MaxLength)+" characters", strconv.Itoa(n)+" characters"))
		}
	}
	for _, c := range s.Contains {
		if !strings.Contains(text, c) {
			found = append(found, violated("contains", "text", strconv.Quote(c), "not there: "+strconv.Quote(capTo(text, 120))))
		}
	}
	for _, c := range s.NotContains {
		if i := strings.Index(text, c); i >= 0 {
			found = append(found, violated("not_contains", span(i, i+len(c)), "no "+strconv.Quote(c), strconv.Quote(capTo(text[i:], 120))))
		}
	}
	if e.language != "" {
		if got, ok := spoken(text, e.language); !ok {
			found = append(found, violated("language", "text", s.Language, got+": "+strconv.Quote(capTo(text, 100))))
		}
	}
	return found
}
