package expect

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseHeader(t *testing.T) {
	for in, want := range map[string]Spec{
		"labels=positive|negative|neutral; max_length=20": {Labels: []string{"positive", "negative", "neutral"}, MaxLength: 20},
		" json ":                                         {JSON: true},
		"json=true;language=de":                          {JSON: true, Language: "de"},
		`contains="a;b"|c ; not_contains=d`:              {Contains: []string{"a;b", "c"}, NotContains: []string{"d"}},
		`pattern=^(yes|no)$`:                             {Pattern: "^(yes|no)$"},
		`pattern="a;b"`:                                  {Pattern: "a;b"},
		`expr="text == ""x"" || words > 3"`:              {Expr: `text == "x" || words > 3`},
		`expr=words < 5 || length < 9; min_length=1`:     {Expr: "words < 5 || length < 9", MinLength: 1},
		`json_schema={"enum":["a;b","}"]}; max_length=9`: {JSONSchema: `{"enum":["a;b","}"]}`, MaxLength: 9},
		`format=png; min_width=1024; min_height=1; aspect=16:9; min_duration=4s; max_duration=8s`: {Format: "png", MinWidth: 1024, MinHeight: 1, Aspect: "16:9", MinDuration: "4s", MaxDuration: "8s"},
		`labels=" a "|b; exact_labels`: {Labels: []string{" a ", "b"}, ExactLabels: true},
	} {
		got, err := ParseHeader(in)
		if err != nil {
			t.Errorf("%s: %v", in, err)
		} else if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", in, d)
		}
	}
	for _, in := range []string{"", ";", "lables=a|b", "max_length=many", "json=perhaps", `contains="a`, "labels=a; labels=b", `json_schema={"a"`, "=x"} {
		if s, err := ParseHeader(in); err == nil {
			t.Errorf("%q: %+v", in, s)
		} else if e, ok := err.(*SpecError); !ok || e.Remedy == "" || e.Key == "" {
			t.Errorf("%q: %#v", in, err)
		}
	}
}

func FuzzExpectHeader(f *testing.F) {
	f.Add("labels=positive|negative|neutral; max_length=20")
	f.Add(`contains="a;b"|c; json_schema={"enum":["}"]}; expr="x"""`)
	f.Fuzz(func(t *testing.T, in string) {
		s, err := ParseHeader(in)
		if err != nil {
			if _, ok := err.(*SpecError); !ok {
				t.Fatalf("%#v", err)
			}
			return
		}
		if e, err := Compile(s, Options{}); err == nil {
			e.Check(&Output{Text: in})
		}
	})
}
