package expect

import (
	"testing"
	"unicode/utf8"
)

func FuzzDetect(f *testing.F) {
	f.Add("I'm sorry, but I can't help with that.", "How do I do this?", "")
	f.Add("a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a", "hello there", "be kind")
	f.Add("你好你好你好", "What is this?", "")
	f.Add("```go\nfunc main() {", "```", "<|im_end|>")
	f.Fuzz(func(t *testing.T, text, prompt, system string) {
		o := &Output{Text: text, Prompt: prompt, System: system}
		for _, d := range detectors { // not through Detect, which hides panics
			d(o)
		}
		for _, n := range Detect(o) {
			if n.Cause == "" || n.Rule == "" || n.Where == "" || len(n.Got) > 4*maxGot {
				t.Errorf("%+v", n)
			}
			if utf8.ValidString(text) && !utf8.ValidString(n.Got) {
				t.Errorf("%q splits a character", n.Got)
			}
		}
		var l Loop
		for i := 0; i < len(text); i += 7 {
			l.Write(text[i:min(len(text), i+7)])
		}
		l.Found()
	})
}

func FuzzSchema(f *testing.F) {
	f.Add(`{"type":"object","properties":{"a":{"$ref":"#"}}}`, `{"a":{"a":1}}`)
	f.Add(`{"anyOf":[{"$ref":"#/$defs/x"},{"not":{"$ref":"#"}}],"$defs":{"x":{"type":"STRING","nullable":true}}}`, `"a"`)
	f.Add(`{"$dynamicRef":"#a","$dynamicAnchor":"a"}`, `[]`)
	f.Fuzz(func(t *testing.T, schema, value string) {
		for _, d := range []SchemaDialect{JSONSchema, OpenAPISchema} {
			s, err := CompileSchema([]byte(schema), d)
			if err != nil {
				if _, ok := err.(*SpecError); !ok {
					t.Fatalf("%#v", err)
				}
				continue
			}
			if n := len(s.CheckText(value)); n > maxViolations {
				t.Errorf("%d violations", n)
			}
		}
	})
}

func FuzzExpr(f *testing.F) {
	f.Add(`json.a > 1 && all(json.b, # in [1,2])`, `{"a":2,"b":[1]}`)
	f.Add(`text matches "^a" or reduce(split(text, ""), #acc + 1, 0) > 3`, "abc")
	f.Fuzz(func(t *testing.T, source, text string) {
		e, err := Compile(Spec{Expr: source}, Options{})
		if err != nil {
			return
		}
		e.Check(&Output{Text: text})
	})
}
