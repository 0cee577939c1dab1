package expect

import (
	"bytes"
	"encoding/json"
	"strings"
)

// SpecOf reads a [Spec] from what a YAML or JSON file holds (maps, lists, strings, numbers). A key that is none is an
// error that names the nearest one. Every error is a *[SpecError].
func SpecOf(v any) (Spec, error) {
	var s Spec
	const remedy = "The keys are " + headerKeys + "."
	raw, err := json.Marshal(v)
	if err != nil {
		return s, wrong("expect", "Write plain keys and values.", "%v", err)
	}
	if m, ok := v.(map[string]any); ok {
		for k := range m {
			if !strings.Contains(", "+headerKeys+",", ", "+k+",") {
				return s, wrong(capTo(k, 60), nearest(k)+remedy, "no such key")
			}
		}
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&s); err != nil {
		key := "expect"
		if bad, ok := err.(*json.UnmarshalTypeError); ok && bad.Field != "" {
			return s, wrong(bad.Field, "See docs/silent.md for what each key takes.", "a %s does not fit here", bad.Value)
		}
		return s, wrong(key, remedy, "%v", err)
	}
	return s, nil
}

// nearest suggests the key that was probably meant.
func nearest(k string) string {
	best, least := "", 3
	for _, key := range strings.Split(headerKeys, ", ") {
		if d := distance(k, key); d < least {
			best, least = key, d
		}
	}
	if best == "" {
		return ""
	}
	return "Did you mean " + best + "? "
}

// distance counts the letters that differ (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		left := i - 1
		row[0] = i
		for j := 1; j <= len(b); j++ {
			n := left
			if a[i-1] != b[j-1] {
				n = 1 + min(left, row[j], row[j-1])
			}
			left, row[j] = row[j], n
		}
	}
	return row[len(b)]
}
