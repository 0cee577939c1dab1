package expect

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Options say where a [Spec] comes from.
type Options struct {
	// ReadFile reads a schema that is given as a path. nil: paths are refused, as they must be in what a client sends.
	ReadFile func(path string) ([]byte, error)
}

// SpecError says which key of a [Spec] is wrong and what to do about it.
type SpecError struct {
	Key    string // such as "pattern"
	Reason string
	Remedy string
}

func (e *SpecError) Error() string { return e.Key + ": " + e.Reason }

// Hint is the remedy, for who shows errors as "error:" and "hint:".
func (e *SpecError) Hint() string { return e.Remedy }

func wrong(key, remedy, format string, args ...any) error {
	return &SpecError{Key: key, Reason: capTo(fmt.Sprintf(format, args...), 400), Remedy: remedy}
}

// Expectation is a compiled [Spec]. It is safe for concurrent use; nil expects nothing.
type Expectation struct {
	spec     Spec
	labels   []string // folded, in the order of spec.Labels
	schema   *Schema
	pattern  *regexp.Regexp
	language string
	expr     *expression
	aspect   float64
	min, max time.Duration
}

// maxPattern is how long a pattern may be: what RE2 makes of it grows with its length.
const maxPattern = 4 << 10

// Compile checks a specification and makes it ready for use. Every error is a *[SpecError].
func Compile(s Spec, o Options) (*Expectation, error) {
	e := &Expectation{spec: s}
	for i, l := range s.Labels {
		f := fold(l)
		if f == "" {
			return nil, wrong("labels", "Give every label a word.", "label %d is empty", i+1)
		}
		for k, seen := range e.labels {
			if seen == f && !s.ExactLabels {
				return nil, wrong("labels", "Drop one of them, or set exact_labels: true.", "%q and %q differ only in case, blanks or punctuation", s.Labels[k], l)
			}
		}
		e.labels = append(e.labels, f)
	}
	if s.ExactLabels && len(s.Labels) == 0 {
		return nil, wrong("exact_labels", "List the labels under labels:.", "there are no labels")
	}
	var err error
	if s.JSONSchema != nil {
		if e.schema, err = compileSpecSchema(s.JSONSchema, o); err != nil {
			return nil, err
		}
	}
	if err := e.compileText(); err != nil {
		return nil, err
	}
	if err := e.compileMedia(); err != nil {
		return nil, err
	}
	return e, nil
}

func (e *Expectation) compileText() (err error) {
	s := &e.spec
	if s.Pattern != "" {
		if len(s.Pattern) > maxPattern {
			return wrong("pattern", "Shorten it.", "longer than %d bytes", maxPattern)
		}
		if e.pattern, err = regexp.Compile(s.Pattern); err != nil {
			return wrong("pattern", "Patterns are RE2: no look-ahead, look-behind or back-references; see https://github.com/google/re2/wiki/Syntax.", "%v", err)
		}
	}
	if s.MinLength < 0 || s.MaxLength < 0 {
		return wrong("min_length", "Lengths are numbers of characters, 0 or more.", "a negative length")
	}
	if s.MaxLength > 0 && s.MinLength > s.MaxLength {
		return wrong("min_length", "Make min_length the smaller one.", "%d is more than max_length %d", s.MinLength, s.MaxLength)
	}
	for _, c := range s.Contains {
		if c == "" {
			return wrong("contains", "Remove the empty entry.", "an empty text is in everything")
		}
	}
	for _, c := range s.NotContains {
		if c == "" {
			return wrong("not_contains", "Remove the empty entry.", "an empty text is in everything")
		}
	}
	if s.Language != "" {
		if e.language = languageCode(s.Language); e.language == "" {
			return wrong("language", "Use an ISO 639-1 code such as en, de, zh, or the language's English name.", "%q is no language that can be told", s.Language)
		}
	}
	if s.Expr != "" {
		if e.expr, err = compileExpr(s.Expr); err != nil {
			return err
		}
	}
	return nil
}

func (e *Expectation) compileMedia() (err error) {
	s := &e.spec
	if s.Format != "" {
		if s.Format = formatName(s.Format); s.Format == "" {
			return wrong("format", "Use png, jpeg, webp, gif, avif, mp4, webm or mov.", "%q is no format that can be told", e.spec.Format)
		}
	}
	if s.MinWidth < 0 || s.MinHeight < 0 {
		return wrong("min_width", "Sizes are pixels, 0 or more.", "a negative size")
	}
	if s.Aspect != "" {
		w, h, ok := strings.Cut(s.Aspect, ":")
		x, err1 := strconv.ParseFloat(strings.TrimSpace(w), 64)
		y, err2 := strconv.ParseFloat(strings.TrimSpace(h), 64)
		if !ok || err1 != nil || err2 != nil || !(x > 0) || !(y > 0) || x/y > 100 || y/x > 100 {
			return wrong("aspect", "Write width:height, such as 16:9.", "%q is no aspect ratio", s.Aspect)
		}
		e.aspect = x / y
	}
	for _, d := range []struct {
		key, text string
		to        *time.Duration
	}{{"min_duration", s.MinDuration, &e.min}, {"max_duration", s.MaxDuration, &e.max}} {
		if d.text == "" {
			continue
		}
		if *d.to, err = time.ParseDuration(d.text); err != nil || *d.to <= 0 {
			return wrong(d.key, "Write a duration such as 4s or 1m30s.", "%q is no duration", d.text)
		}
	}
	if e.max > 0 && e.min > e.max {
		return wrong("min_duration", "Make min_duration the shorter one.", "%v is more than max_duration %v", e.min, e.max)
	}
	return nil
}

func compileSpecSchema(v any, o Options) (*Schema, error) {
	const remedy = "Give a JSON Schema as an object, as JSON, or as the path of a file."
	var raw []byte
	if text, ok := v.(string); ok {
		if strings.HasPrefix(strings.TrimSpace(text), "{") {
			raw = []byte(text)
		} else {
			if o.ReadFile == nil {
				return nil, wrong("json_schema", "Write the schema itself here, or name the file in the configuration.", "a file cannot be named here")
			}
			b, err := o.ReadFile(text)
			if err != nil {
				return nil, wrong("json_schema", "Check the path; it is relative to the configuration file.", "%v", err)
			}
			raw = b
		}
	} else {
		b, err := json.Marshal(v)
		if err != nil {
			return nil, wrong("json_schema", remedy, "%v", err)
		}
		raw = b
	}
	s, err := CompileSchema(raw, JSONSchema)
	if err != nil {
		if se, ok := err.(*SpecError); ok {
			return nil, se
		}
		return nil, wrong("json_schema", remedy, "%v", err)
	}
	return s, nil
}
