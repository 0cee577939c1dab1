package expect

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/telltale-ai/telltale/fault"
)

// SchemaDialect says how a schema is written.
type SchemaDialect uint8

const (
	JSONSchema    SchemaDialect = iota // JSON Schema of any draft; 2020-12 when it does not say
	OpenAPISchema                      // Gemini's subset of OpenAPI 3.0: upper-case types, nullable
)

// Bounds of a schema and of what is held against it.
const (
	maxSchema     = 1 << 20 // bytes
	maxViolations = 20
	maxSchemaCost = 3_000_000 // steps of a validation
)

// Schema is a compiled JSON Schema. It is safe for concurrent use; nil accepts everything.
type Schema struct {
	compiled *jsonschema.Schema
	paths    int // how many sub-schemas may look at one and the same value
}

// CompileSchema compiles a schema. It is refused, with a *[SpecError], when it is not valid, larger than 1 MiB,
// refers to another document, or branches so much that checking a value against it might take for ever.
// format is taken as a note, as providers do; a pattern that RE2 does not know accepts everything.
func CompileSchema(raw []byte, d SchemaDialect) (s *Schema, err error) {
	defer func() {
		if r := recover(); r != nil {
			s, err = nil, schemaError("it cannot be compiled: %v", r)
		}
	}()
	if len(raw) > maxSchema {
		return nil, schemaError("larger than %d bytes", maxSchema)
	}
	if depth(string(raw)) > 200 {
		return nil, schemaError("nested deeper than 200 levels")
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(raw)))
	if err != nil {
		return nil, schemaError("no JSON: %v", err)
	}
	c := cleaner{dialect: d}
	if doc = c.clean(doc, 0); c.err != nil {
		return nil, c.err
	}
	paths := pathsOf(doc)
	if paths > 1000 {
		return nil, schemaError("its alternatives branch more than a thousandfold")
	}
	const name = "telltale:schema"
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.UseLoader(noLoader{})
	compiler.UseRegexpEngine(lenientRegexp)
	if err := compiler.AddResource(name, doc); err != nil {
		return nil, schemaError("%v", err)
	}
	compiled, err := compiler.Compile(name)
	if err != nil {
		return nil, schemaError("%s", strings.ReplaceAll(strings.ReplaceAll(err.Error(), "\n", " "), name, ""))
	}
	return &Schema{compiled: compiled, paths: max(1, paths)}, nil
}

func schemaError(format string, args ...any) *SpecError {
	return &SpecError{Key: "json_schema", Reason: capTo(fmt.Sprintf(format, args...), 400), Remedy: "Correct the schema; what it refers to must stand in it, under $defs."}
}

type noLoader struct{}

func (noLoader) Load(url string) (any, error) {
	return nil, errors.New("another document is referred to, and none is fetched: " + capTo(url, 100))
}

type anyText string

func (a anyText) String() string        { return string(a) }
func (anyText) MatchString(string) bool { return true }

func lenientRegexp(s string) (jsonschema.Regexp, error) {
	if len(s) > maxPattern {
		return anyText(s), nil
	}
	re, err := regexp.Compile(s)
	if err != nil {
		return anyText(s), nil
	}
	return re, nil
}

// CheckText parses the text as JSON and holds it against the schema.
func (s *Schema) CheckText(text string) []Finding {
	v, f := ParseJSON(text)
	if f != nil {
		return []Finding{*f}
	}
	return s.Check(v)
}

// Check holds a value, as [ParseJSON] gives it, against the schema: a finding for each violation (20 at most)
// with the JSON pointer of its place. A value that would take too long to check is accepted.
func (s *Schema) Check(value any) (found []Finding) {
	if s == nil || s.cost(value, 1) > maxSchemaCost {
		return nil
	}
	defer func() {
		if recover() != nil {
			found = nil // a validator's own failure is not the call's
		}
	}()
	var bad *jsonschema.ValidationError
	if err := s.compiled.Validate(value); !errors.As(err, &bad) {
		return nil
	}
	return violations(nil, bad)
}

// cost bounds the steps that a validation of v may take.
func (s *Schema) cost(v any, factor int) int {
	if factor > maxSchemaCost {
		return factor
	}
	n := factor
	switch v := v.(type) {
	case map[string]any:
		for _, x := range v {
			if n += s.cost(x, factor*s.paths); n > maxSchemaCost {
				return n
			}
		}
	case []any:
		for _, x := range v {
			if n += s.cost(x, factor*s.paths); n > maxSchemaCost {
				return n
			}
		}
	}
	return n
}

func violations(to []Finding, e *jsonschema.ValidationError) []Finding {
	if len(to) >= maxViolations {
		return to
	}
	switch e.ErrorKind.(type) {
	case *kind.AnyOf, *kind.OneOf, *kind.Not:
		return append(to, violation(e)) // its branches contradict each other
	case *kind.RefCycle, *kind.InvalidJsonValue:
		return to
	}
	if len(e.Causes) == 0 {
		return append(to, violation(e))
	}
	causes := slices.SortedStableFunc(slices.Values(e.Causes), byPlace) // the validator walks maps: its order is chance
	for _, c := range causes {
		to = violations(to, c)
	}
	return to
}

// byPlace orders violations by where they stand in the output, then by what they break in the schema.
func byPlace(a, b *jsonschema.ValidationError) int {
	return cmp.Or(slices.Compare(a.InstanceLocation, b.InstanceLocation), cmp.Compare(a.SchemaURL, b.SchemaURL),
		slices.Compare(a.ErrorKind.KeywordPath(), b.ErrorKind.KeywordPath()))
}

func violation(e *jsonschema.ValidationError) Finding {
	f := Finding{Cause: fault.SchemaMismatch, Rule: "json_schema", Where: pointer(e.InstanceLocation)}
	f.Got = e.ErrorKind.LocalizedString(message.NewPrinter(language.English))
	switch k := e.ErrorKind.(type) {
	case *kind.Type:
		f.Want, f.Got = strings.Join(k.Want, " or "), k.Got
	case *kind.Required:
		f.Want, f.Got = "the properties "+quoteAll(k.Missing), "missing"
	case *kind.AdditionalProperties:
		f.Want, f.Got = "no other properties", quoteAll(slices.Sorted(slices.Values(k.Properties)))
	case *kind.Enum:
		f.Want, f.Got = "one of "+marshal(k.Want), marshal(k.Got)
	case *kind.Const:
		f.Want, f.Got = marshal(k.Want), marshal(k.Got)
	case *kind.Pattern:
		f.Want, f.Got = "a match of "+k.Want, strconv.Quote(k.Got)
	case *kind.AnyOf:
		f.Want, f.Got = "one of the alternatives", firstReason(e)
	case *kind.OneOf:
		f.Want, f.Got = "exactly one of the alternatives", firstReason(e)
	}
	f.Want, f.Got = capTo(f.Want, maxGot), capTo(f.Got, maxGot)
	return f
}

// firstReason tells why the alternative that came furthest does not hold.
func firstReason(e *jsonschema.ValidationError) string {
	if len(e.Causes) == 0 {
		return "several match"
	}
	best := e
	for _, c := range slices.SortedStableFunc(slices.Values(e.Causes), byPlace) {
		for len(c.Causes) > 0 {
			c = slices.MinFunc(c.Causes, byPlace)
		}
		if best == e || len(c.InstanceLocation) > len(best.InstanceLocation) {
			best = c
		}
	}
	return "none: at " + pointer(best.InstanceLocation) + " " + best.ErrorKind.LocalizedString(message.NewPrinter(language.English))
}

// pointer writes a JSON pointer; the whole value is "/".
func pointer(path []string) string {
	if len(path) == 0 {
		return "/"
	}
	var b strings.Builder
	for _, p := range path {
		b.WriteByte('/')
		b.WriteString(strings.ReplaceAll(strings.ReplaceAll(p, "~", "~0"), "/", "~1"))
	}
	return capTo(b.String(), maxGot)
}

func quoteAll(words []string) string {
	q := make([]string, 0, min(len(words), 8))
	for i, w := range words {
		if i == 8 {
			return strings.Join(q, ", ") + " and more"
		}
		q = append(q, strconv.Quote(capTo(w, 60)))
	}
	return strings.Join(q, ", ")
}

func marshal(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}
