package recovery

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestHealJSON(t *testing.T) {
	for in, want := range map[string]string{
		"```json\n{\"a\": 1}\n```":                        `{"a": 1}`,
		"Here you are:\n```\n[1, 2]\n```\nAnything else?": `[1, 2]`,
		"The answer is {\"a\": \"b}\"} as you asked.":     `{"a": "b}"}`,
		"{\"a\": 1,}":                   `{"a":1}`,
		"{'a': 'it is', 'b': [1, 2,],}": `{"a":"it is","b":[1,2]}`,
		"{a: 1, b: True, c: None}":      `{"a":1,"b":true,"c":null}`,
		"{\"a\": 1 // one\n}":           `{"a":1}`,
		"  {\"a\":1}\n":                 `{"a":1}`,
		"{'say': 'don't stop'}":         `{"say":"don't stop"}`,
	} {
		got, ok := healJSON(in)
		if !ok || compact(got) != compact(want) {
			t.Errorf("%q healed to %q (%v), want %q", in, got, ok, want)
		}
	}
	for _, in := range []string{
		"", "   ", "I cannot do that.", "null and void",
		`{"a": "the rest of th`, // cut: nothing may be made up
		`{"a": {"b": 1}`,        // cut
		`[{"a": 1}, {"a": 2`,    // cut
		`{"a": 1, "b": "x}`,     // cut in a string that ends with a bracket
		`{"a": 1} {"b": 2}`,     // two: which one is meant is not known
		"Use {x} for the name and [y] for the rest",
		strings.Repeat("[", 10000),
		strings.Repeat("{\"a\":", 100000) + "1",
	} {
		if got, ok := healJSON(in); ok {
			t.Errorf("%.60q healed to %.60q", in, got)
		}
	}
}

func compact(s string) string {
	var v any
	if json.Unmarshal([]byte(s), &v) != nil {
		return "!" + s
	}
	b, _ := json.Marshal(v)
	return string(b)
}

func FuzzHealJSON(f *testing.F) {
	for _, s := range []string{"{'a': 1,}", "```json\n{}\n```", "{a: [1, {b: 'c'}]}", "x {\"a\":\"}\"} y", "{\"a\":'\\'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := healJSON(s)
		if ok && (!json.Valid([]byte(got)) || got == "") {
			t.Errorf("%q healed to %q", s, got)
		}
		if json.Valid([]byte(strings.TrimSpace(s))) && strings.TrimSpace(s) != "" && len(s) <= maxHeal && got != strings.TrimSpace(s) {
			t.Errorf("sound JSON %q became %q", s, got)
		}
	})
}

func FuzzSeam(f *testing.F) {
	f.Add("the quick brown", "brown fox")
	f.Add("größer", "ßer als")
	f.Fuzz(func(t *testing.T, text, next string) {
		got := seam(text, next)
		if len(got) > len(next)+1 {
			t.Errorf("seam(%q, %q) = %q: longer than what came", text, next, got)
		}
	})
}
