package catalog

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// decodeJSON reads one JSON value, numbers kept as they stand.
func decodeJSON(body []byte) (any, bool) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return nil, false
	}
	return v, true
}

// JSONValues finds every value at path in a decoded document (see [TaskDialect] for paths), nulls left out.
// At most 1,000 are returned.
func JSONValues(doc any, path string) []any {
	vals := []any{doc}
	for _, step := range strings.Split(path, ".") {
		var next []any
		for _, v := range vals {
			next = stepInto(next, v, step)
		}
		if step == "**" {
			next = everyObject(nil, vals)
		}
		vals = next
	}
	out := vals[:0]
	for _, v := range vals {
		if v != nil && len(out) < maxJSONValues {
			out = append(out, v)
		}
	}
	return out
}

const maxJSONValues = 1000

// stepInto appends to out what one step of a path finds in v: a name, then any number of [] or [n].
func stepInto(out []any, v any, step string) []any {
	name, rest, _ := strings.Cut(step, "[")
	if name != "" {
		m, ok := v.(map[string]any)
		if !ok {
			return out
		}
		if v, ok = m[name]; !ok {
			return out
		}
	}
	if rest == "" {
		return append(out, v)
	}
	vals := []any{v}
	for _, index := range strings.Split(rest, "[") {
		index = strings.TrimSuffix(index, "]")
		var next []any
		for _, v := range vals {
			list, ok := v.([]any)
			switch n, err := strconv.Atoi(index); {
			case !ok:
			case index == "":
				next = append(next, list...)
			case err == nil && n >= 0 && n < len(list):
				next = append(next, list[n])
			}
		}
		vals = next
	}
	return append(out, vals...)
}

// everyObject lists every object in vals at any depth, outermost first.
func everyObject(out []any, vals []any) []any {
	for _, v := range vals {
		if len(out) >= maxJSONValues {
			break
		}
		switch v := v.(type) {
		case map[string]any:
			out = append(out, v)
			for _, k := range slices.Sorted(maps.Keys(v)) {
				out = everyObject(out, []any{v[k]})
			}
		case []any:
			out = everyObject(out, v)
		}
	}
	return out
}

// JSONText gives the first non-empty value at one of the paths as text: a string as it stands, anything else as compact JSON.
func JSONText(doc any, paths []string) string {
	for _, p := range paths {
		for _, v := range JSONValues(doc, p) {
			if s := jsonText(v); s != "" {
				return s
			}
		}
	}
	return ""
}

func jsonText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	case map[string]any:
		if len(v) == 0 {
			return ""
		}
	case []any:
		if len(v) == 0 {
			return ""
		}
	}
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}
