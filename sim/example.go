package sim

import (
	"slices"
	"strings"
)

// example makes a value that matches a JSON schema of the usual plain kind (types, properties, items, enum, const,
// anyOf, local $ref, lengths and bounds). Any schema that is no object gives {"answer":"yes"}.
func example(schema any) any {
	root, ok := schema.(obj)
	if !ok {
		return obj{"answer": "yes"}
	}
	return (&maker{root: root}).make(root, 0)
}

type maker struct{ root obj }

func (m *maker) make(s obj, depth int) any {
	if depth > 24 {
		return nil
	}
	if ref, ok := s["$ref"].(string); ok {
		return m.make(m.resolve(ref), depth+1)
	}
	if v, ok := s["const"]; ok {
		return v
	}
	if e, ok := s["enum"].([]any); ok && len(e) > 0 {
		return e[0]
	}
	for _, k := range []string{"anyOf", "oneOf", "allOf"} {
		if l, ok := s[k].([]any); ok && len(l) > 0 {
			if o, ok := l[0].(obj); ok {
				return m.make(o, depth+1)
			}
		}
	}
	switch typeOf(s) {
	case "object":
		return m.object(s, depth)
	case "array":
		items, _ := s["items"].(obj)
		out := []any{}
		for range max(1, intOf(s["minItems"])) {
			out = append(out, m.make(items, depth+1))
		}
		return out
	case "integer", "number":
		if f, ok := s["minimum"].(float64); ok {
			return f
		}
		if f, ok := s["maximum"].(float64); ok && f < 3 {
			return f
		}
		return 3
	case "boolean":
		return true
	case "null":
		return nil
	}
	return m.text(s)
}

func (m *maker) object(s obj, depth int) any {
	out := obj{}
	props, _ := s["properties"].(obj)
	var need []any
	need, _ = s["required"].([]any)
	for k, v := range props {
		if len(need) > 0 && !slices.Contains(need, any(k)) {
			continue
		}
		p, _ := v.(obj)
		out[k] = m.make(p, depth+1)
	}
	return out
}

func (m *maker) text(s obj) any {
	switch s["format"] {
	case "date":
		return "2026-03-14"
	case "date-time":
		return "2026-03-14T09:30:00Z"
	case "email":
		return "ada@example.com"
	case "uri":
		return "https://example.com/"
	}
	v := "harbour"
	for len(v) < intOf(s["minLength"]) {
		v += " and pier"
	}
	if n := intOf(s["maxLength"]); n > 0 && len(v) > n {
		v = v[:n]
	}
	return v
}

// resolve finds "#/$defs/Name".
func (m *maker) resolve(ref string) obj {
	at := m.root
	for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		next, ok := at[part].(obj)
		if !ok {
			return obj{}
		}
		at = next
	}
	return at
}

func typeOf(s obj) string {
	t := s["type"]
	if l, ok := t.([]any); ok && len(l) > 0 {
		t = l[0]
	}
	name, _ := t.(string)
	if name == "" && s["properties"] != nil {
		return "object"
	}
	return strings.ToLower(name) // Gemini writes STRING
}

func intOf(v any) int {
	f, _ := v.(float64)
	return int(f)
}
