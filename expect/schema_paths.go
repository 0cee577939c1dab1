package expect

import (
	"reflect"
	"strconv"
	"strings"
)

// pathsOf tells how many sub-schemas of doc may look at one and the same value: 1 for an ordinary schema, 3 for a
// choice of three objects, a million for twenty choices of two inside each other. What a validation costs grows
// with it to the power of the value's depth.
func pathsOf(doc any) int {
	p := paths{root: doc, known: map[uintptr]int{}, anchors: map[string]any{}}
	p.collect(doc, 0)
	most := 0
	for _, m := range p.all {
		most = max(most, p.of(m))
	}
	return most
}

type paths struct {
	root    any
	all     []map[string]any
	known   map[uintptr]int // 0: being worked out
	anchors map[string]any
}

const maxPaths = 1 << 20

func (p *paths) collect(v any, deep int) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			p.collect(x, deep+1)
		}
	case map[string]any:
		p.all = append(p.all, v)
		for _, k := range [...]string{"$anchor", "$dynamicAnchor"} {
			if a, ok := v[k].(string); ok {
				p.anchors["#"+a] = v
			}
		}
		if id, ok := v["$id"].(string); ok && strings.HasPrefix(id, "#") {
			p.anchors[id] = v
		}
		for k, x := range v {
			if !data[k] {
				p.collect(x, deep+1)
			}
		}
	}
}

func (p *paths) of(v any) int {
	m, ok := v.(map[string]any)
	if !ok {
		return 0
	}
	id := reflect.ValueOf(m).Pointer()
	if n, seen := p.known[id]; seen {
		return n
	}
	p.known[id] = 0
	n := 0
	for k, x := range m {
		switch k {
		case "allOf", "anyOf", "oneOf":
			if list, ok := x.([]any); ok {
				for _, y := range list {
					n += p.of(y)
				}
			}
		case "not", "if", "then", "else":
			n += p.of(x)
		case "dependentSchemas", "dependencies":
			if inner, ok := x.(map[string]any); ok {
				for _, y := range inner {
					n += p.of(y)
				}
			}
		case "$ref", "$dynamicRef", "$recursiveRef":
			if ref, ok := x.(string); ok {
				n += p.of(p.resolve(ref))
			}
		}
		n = min(n, maxPaths)
	}
	for _, k := range [...]string{"properties", "patternProperties", "additionalProperties", "items", "prefixItems", "contains", "propertyNames", "unevaluatedProperties", "unevaluatedItems", "additionalItems"} {
		if _, ok := m[k]; ok {
			n++
			break
		}
	}
	p.known[id] = n
	return n
}

func (p *paths) resolve(ref string) any {
	if ref == "#" {
		return p.root
	}
	if v, ok := p.anchors[ref]; ok {
		return v
	}
	rest, ok := strings.CutPrefix(ref, "#/")
	if !ok {
		return nil
	}
	v := p.root
	for _, part := range strings.Split(rest, "/") {
		part = strings.ReplaceAll(strings.ReplaceAll(part, "~1", "/"), "~0", "~")
		switch x := v.(type) {
		case map[string]any:
			v = x[part]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}
