package expect

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/telltale-ai/telltale/fault"
)

func compile(t *testing.T, s Spec) *Expectation {
	t.Helper()
	e, err := Compile(s, Options{})
	if err != nil {
		t.Fatalf("%+v: %v", s, err)
	}
	return e
}

// brief writes findings as "rule cause where", for comparing.
func brief(found []Finding) string {
	var b []string
	for _, f := range found {
		b = append(b, fmt.Sprintf("%s %s %s", f.Rule, f.Cause, f.Where))
	}
	return strings.Join(b, "; ")
}

func TestCheck(t *testing.T) {
	invoice := `{"type":"object","required":["total","items"],"additionalProperties":false,"properties":{
		"total":{"type":"number","minimum":0},"currency":{"enum":["EUR","USD"]},
		"items":{"type":"array","items":{"type":"object","required":["price"],"properties":{"price":{"type":"number"}}}}}}`
	labels := Spec{Labels: []string{"positive", "negative", "very negative"}}
	for name, c := range map[string]struct {
		spec Spec
		text string
		want string
	}{
		"label":                      {labels, "positive", ""},
		"label in another case":      {labels, "Positive", ""},
		"label with a full stop":     {labels, " **Negative.**\n", ""},
		"label in quotes":            {labels, `"negative"`, ""},
		"label with underscore":      {labels, "VERY_NEGATIVE", ""},
		"another label":              {labels, "mixed", "labels unexpected_output text"},
		"label in a sentence":        {labels, "The sentiment is positive.", "labels unexpected_output text"},
		"exact label":                {Spec{Labels: []string{"yes", "no"}, ExactLabels: true}, "yes", ""},
		"not the exact label":        {Spec{Labels: []string{"yes", "no"}, ExactLabels: true}, "Yes", "labels unexpected_output text"},
		"json":                       {Spec{JSON: true}, " {\"a\": [1, 2]}\n", ""},
		"json scalar":                {Spec{JSON: true}, "null", ""},
		"json with byte order mark":  {Spec{JSON: true}, "\ufeff{}", ""},
		"no json":                    {Spec{JSON: true}, "Sure! Here you are.", "json invalid_json text line 1, column 1"},
		"fenced json":                {Spec{JSON: true}, "```json\n{\"a\":1}\n```", "json invalid_json text line 1, column 1"},
		"cut json":                   {Spec{JSON: true}, "{\"a\":\n[1,", "json invalid_json text line 2, column 4"},
		"json and more":              {Spec{JSON: true}, "{} {}", "json invalid_json text line 1, column 3"},
		"empty where json is wanted": {Spec{JSON: true}, "", "json invalid_json text line 1, column 1"},
		"schema holds":               {Spec{JSONSchema: invoice}, `{"total": 3, "items":[{"price": 1.5}]}`, ""},
		"schema does not hold": {Spec{JSONSchema: invoice}, `{"total": "3", "items":[{"price": 1}, {}], "note": 1, "currency": "CHF"}`,
			"json_schema schema_mismatch /; json_schema schema_mismatch /currency; json_schema schema_mismatch /items/1; json_schema schema_mismatch /total"},
		"pattern":                     {Spec{Pattern: `^\d{4}$`}, "2024", ""},
		"not the pattern":             {Spec{Pattern: `^\d{4}$`}, "24", "pattern unexpected_output text"},
		"length in characters":        {Spec{MinLength: 3, MaxLength: 3}, "äöü", ""},
		"too short":                   {Spec{MinLength: 3}, "ab", "min_length unexpected_output text"},
		"too long":                    {Spec{MaxLength: 3}, "abcd", "max_length unexpected_output text"},
		"contains":                    {Spec{Contains: []string{"a", "b"}}, "cab", ""},
		"does not contain":            {Spec{Contains: []string{"a", "z"}}, "cab", "contains unexpected_output text"},
		"contains what it should not": {Spec{NotContains: []string{"TODO"}}, "x TODO y", "not_contains unexpected_output text[2:6]"},
		"language":                    {Spec{Language: "de"}, "Das Wetter ist heute sehr schön, und die Sonne scheint auf den Berg und das Tal.", ""},
		"another language":            {Spec{Language: "German"}, "The weather is very nice today, and the sun is shining on the mountain and the valley.", "language unexpected_output text"},
		"another script":              {Spec{Language: "en"}, "今天的天气非常好，阳光照在山上。", "language unexpected_output text"},
		"chinese":                     {Spec{Language: "zh-CN"}, "今天的天气非常好，阳光照在山上。", ""},
		"numbers have no language":    {Spec{Language: "en"}, "42", ""},
		"expression":                  {Spec{Expr: `json.total > 2 && len(json.items) == 1`}, `{"total": 3, "items":[1]}`, ""},
		"expression is false":         {Spec{Expr: `words < 3`}, "one two three", "expr unexpected_output text"},
		"expression fails":            {Spec{Expr: `json.total.net > 2`}, `{"total": 3}`, "expr unexpected_output text"},
		"expression without json":     {Spec{Expr: `json != nil`}, `none`, "expr unexpected_output text"},
	} {
		t.Run(name, func(t *testing.T) {
			found := compile(t, c.spec).Check(&Output{Text: c.text})
			if got := brief(sorted(found)); got != c.want {
				t.Errorf("got  %s\nwant %s\n%+v", got, c.want, found)
			}
			for _, f := range found {
				if f.Want == "" || f.Got == "" || len(f.Got) > maxGot || len(f.Want) > maxGot {
					t.Errorf("a violation says what was wanted and what came, in %d bytes each: %+v", maxGot, f)
				}
			}
		})
	}
}

func sorted(f []Finding) []Finding {
	for i := range f {
		for k := i; k > 0 && f[k].Where < f[k-1].Where && f[k].Rule == f[k-1].Rule; k-- {
			f[k], f[k-1] = f[k-1], f[k]
		}
	}
	return f
}

func TestCheckSays(t *testing.T) {
	for _, c := range []struct {
		spec Spec
		text string
		says string
	}{
		{Spec{JSON: true}, "```json\n{\"a\":1}\n```", "heal"},
		{Spec{JSON: true}, "Here it is: {\"total\": 12.5}", "heal"},
		{Spec{Labels: []string{"yes", "no"}}, "I would say yes to that", `mentions "yes"`},
		{Spec{Labels: []string{"yes", "no"}, ExactLabels: true}, "Yes.", "case, blanks or punctuation only"},
	} {
		found := compile(t, c.spec).Check(&Output{Text: c.text})
		if len(found) != 1 || !strings.Contains(found[0].Got, c.says) {
			t.Errorf("%q: %+v should say %q", c.text, found, c.says)
		}
	}
}

func TestMedia(t *testing.T) {
	e := compile(t, Spec{Format: "image/PNG", MinWidth: 1024, MinHeight: 512, Aspect: "16:9", MinDuration: "4s", MaxDuration: "8s"})
	good := &Media{Format: "png", Width: 1920, Height: 1088, Duration: 5 * time.Second}
	if found := e.Check(&Output{Media: good}); found != nil {
		t.Errorf("%+v", found)
	}
	bad := &Media{Format: "image/webp", Width: 500, Height: 500, Duration: 2 * time.Second}
	if got, want := brief(e.Check(&Output{Media: bad})), "format unexpected_output media; min_width unexpected_output media; min_height unexpected_output media; aspect unexpected_output media; min_duration unexpected_output media"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if found := e.Check(&Output{Media: &Media{}}); found != nil {
		t.Errorf("what is unknown is not judged: %+v", found)
	}
}

func TestCompileRefuses(t *testing.T) {
	deep := strings.Repeat(`{"items":`, 300) + "{}" + strings.Repeat("}", 300)
	bomb := `{"$ref":"#/$defs/a0","$defs":{`
	for i := range 30 {
		bomb += fmt.Sprintf(`"a%d":{"anyOf":[{"$ref":"#/$defs/a%d"},{"$ref":"#/$defs/a%d"}]},`, i, i+1, i+1)
	}
	bomb += `"a30":{"properties":{"x":{"type":"string"}}}}}`
	for name, c := range map[string]struct {
		spec Spec
		key  string
	}{
		"empty label":          {Spec{Labels: []string{"a", " "}}, "labels"},
		"two labels alike":     {Spec{Labels: []string{"A", "a."}}, "labels"},
		"look-ahead":           {Spec{Pattern: "(?=a)"}, "pattern"},
		"endless pattern":      {Spec{Pattern: strings.Repeat("a", 5000)}, "pattern"},
		"lengths crossed":      {Spec{MinLength: 5, MaxLength: 3}, "min_length"},
		"negative length":      {Spec{MaxLength: -1}, "min_length"},
		"empty contains":       {Spec{Contains: []string{""}}, "contains"},
		"unknown language":     {Spec{Language: "klingon"}, "language"},
		"expression no bool":   {Spec{Expr: "1 + 1"}, "expr"},
		"expression unknown":   {Spec{Expr: "answer > 1"}, "expr"},
		"expression too large": {Spec{Expr: strings.Repeat("1==1 && ", 300) + "true"}, "expr"},
		"schema no json":       {Spec{JSONSchema: "{nope"}, "json_schema"},
		"schema wrong type":    {Spec{JSONSchema: map[string]any{"type": 3}}, "json_schema"},
		"schema path":          {Spec{JSONSchema: "./a.json"}, "json_schema"},
		"schema elsewhere":     {Spec{JSONSchema: `{"$ref":"https://example.com/a.json"}`}, "json_schema"},
		"schema in a file":     {Spec{JSONSchema: `{"$ref":"file:///etc/passwd"}`}, "json_schema"},
		"schema too deep":      {Spec{JSONSchema: deep}, "json_schema"},
		"schema that explodes": {Spec{JSONSchema: bomb}, "json_schema"},
		"schema to itself":     {Spec{JSONSchema: `{"$ref":"#/$defs/no"}`}, "json_schema"},
		"schema too large":     {Spec{JSONSchema: `{"description":"` + strings.Repeat("x", 2<<20) + `"}`}, "json_schema"},
		"unknown format":       {Spec{Format: "exe"}, "format"},
		"aspect":               {Spec{Aspect: "wide"}, "aspect"},
		"aspect of nothing":    {Spec{Aspect: "0:0"}, "aspect"},
		"duration":             {Spec{MinDuration: "four"}, "min_duration"},
		"durations crossed":    {Spec{MinDuration: "9s", MaxDuration: "4s"}, "min_duration"},
		"negative size":        {Spec{MinWidth: -1}, "min_width"},
		"exact without labels": {Spec{ExactLabels: true}, "exact_labels"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Compile(c.spec, Options{})
			var wrong *SpecError
			if !errors.As(err, &wrong) || wrong.Key != c.key || wrong.Remedy == "" || wrong.Reason == "" || len(wrong.Reason) > 500 {
				t.Errorf("%#v", err)
			}
		})
	}
}

func TestSchemaFromFile(t *testing.T) {
	read := func(path string) ([]byte, error) {
		if path != "./a.json" {
			return nil, errors.New("no such file")
		}
		return []byte(`{"type":"array"}`), nil
	}
	e, err := Compile(Spec{JSONSchema: "./a.json"}, Options{ReadFile: read})
	if err != nil {
		t.Fatal(err)
	}
	if found := e.Check(&Output{Text: "{}"}); len(found) != 1 || found[0].Cause != fault.SchemaMismatch || found[0].Want != "array" || found[0].Got != "object" {
		t.Errorf("%+v", found)
	}
	if _, err := Compile(Spec{JSONSchema: "./b.json"}, Options{ReadFile: read}); err == nil {
		t.Error("a file that is not there is an error")
	}
}

func TestSchemaThatCouldTakeForEver(t *testing.T) {
	s, err := CompileSchema([]byte(`{"anyOf":[{"properties":{"a":{"$ref":"#"}}},{"properties":{"a":{"$ref":"#"}}},{"properties":{"a":{"$ref":"#"},"b":{"type":"string"}}}],"required":["b"]}`), JSONSchema)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	s.CheckText(strings.Repeat(`{"a":`, 200) + `{"b":1}` + strings.Repeat("}", 200))
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	if found := s.CheckText(`{"a":{"b":"x"},"b":"y"}`); found != nil {
		t.Errorf("a small value is checked, and holds: %+v", found)
	}
	if found := s.CheckText(`{"a":{"b":"x"}}`); found == nil {
		t.Error("a small value is checked, and b is missing")
	}
}

func TestExpressionsEnd(t *testing.T) {
	big := "[" + strings.Repeat("1,", 5000) + "1]"
	for _, source := range []string{
		`all(json, any(json, all(json, # == 2)))`,
		`len(repeat("x", 100000000)) > 0`,
		`all(1..1000000, all(1..1000000, # > 0))`,
		`reduce(1..900000, #acc + len(map(1..900000, #)), 0) > 0`,
	} {
		e, err := Compile(Spec{Expr: source}, Options{})
		if err != nil {
			continue // refused is as good
		}
		start := time.Now()
		e.Check(&Output{Text: big})
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s took %v", source, took)
		}
	}
}

func TestOpenAPISchema(t *testing.T) {
	s, err := CompileSchema([]byte(`{"type":"OBJECT","properties":{"name":{"type":"STRING","nullable":true},"tags":{"type":"ARRAY","items":{"type":"STRING"},"minItems":"1"},"type":{"type":"STRING","format":"enum","enum":["A"]}},"required":["name"],"propertyOrdering":["name","tags"]}`), OpenAPISchema)
	if err != nil {
		t.Fatal(err)
	}
	if found := s.CheckText(`{"name":null,"tags":["a"],"type":"A"}`); found != nil {
		t.Errorf("%+v", found)
	}
	if got, want := brief(sorted(s.CheckText(`{"name":3,"tags":[],"type":"B"}`))), "json_schema schema_mismatch /name; json_schema schema_mismatch /tags; json_schema schema_mismatch /type"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSchemasAreKept(t *testing.T) {
	var kept Schemas
	a, _ := kept.Compile([]byte(`{"type":"string"}`), JSONSchema)
	b, _ := kept.Compile([]byte(`{"type":"string"}`), JSONSchema)
	if a != b || a == nil {
		t.Error("the same schema is compiled once")
	}
	if c, _ := kept.Compile([]byte(`{"type":"string"}`), OpenAPISchema); c == a {
		t.Error("another dialect is another schema")
	}
	for i := range 2 * maxKept {
		kept.Compile([]byte(fmt.Sprintf(`{"const":%d}`, i)), JSONSchema)
	}
	if n := kept.order.Len(); n != maxKept || len(kept.by) != maxKept {
		t.Errorf("%d kept", n)
	}
	if _, err := kept.Compile([]byte(`{`), JSONSchema); err == nil {
		t.Error("no error")
	}
	if _, err := kept.Compile([]byte(`{`), JSONSchema); err == nil {
		t.Error("no error the second time")
	}
}

func TestLargeOutputs(t *testing.T) {
	e := compile(t, Spec{JSON: true, JSONSchema: `{"type":"array","items":{"type":"integer"}}`, Pattern: "^.", Expr: "length > 0", Language: "en", MaxLength: 1 << 30})
	start := time.Now()
	if found := e.Check(&Output{Text: "[" + strings.Repeat("1,", 5<<20) + "1]"}); found != nil {
		t.Errorf("%+v", found)
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("10 MB took %v", took)
	}
	if found := e.Check(&Output{Text: strings.Repeat("[", 1<<20)}); len(found) > 1 {
		t.Errorf("%+v", found)
	}
}

func TestNoExpectation(t *testing.T) {
	var e *Expectation
	if e.Check(&Output{Text: "x"}) != nil || e.Wants() != "" || e.Schema() != nil {
		t.Error("nil expects nothing")
	}
	if got := compile(t, Spec{Labels: []string{"a", "b"}, MaxLength: 4}).Wants(); got != "one of a, b; at most 4 characters" {
		t.Error(got)
	}
}
