package expect

import (
	"encoding/json"
	"strings"
)

// cleaner makes a schema of a request ready to be compiled.
type cleaner struct {
	dialect SchemaDialect
	nodes   int
	err     error
}

// data are keywords whose values are no schemas.
var data = map[string]bool{"enum": true, "const": true, "default": true, "examples": true, "example": true, "required": true}

func (c *cleaner) clean(v any, deep int) any {
	if c.nodes++; c.nodes > 100_000 {
		c.err = schemaError("more than 100,000 nodes")
	}
	if c.err != nil {
		return v
	}
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = c.clean(v[i], deep+1)
		}
	case map[string]any:
		c.object(v, deep)
	}
	return v
}

func (c *cleaner) object(m map[string]any, deep int) {
	if ref, ok := m["$ref"].(string); ok && !strings.HasPrefix(ref, "#") {
		c.err = schemaError("$ref %q is in another document, and none is fetched", capTo(ref, 100))
		return
	}
	if s, ok := m["$schema"].(string); ok && (deep > 0 || !strings.Contains(s, "json-schema.org")) {
		delete(m, "$schema")
	}
	if _, ok := m["format"].(string); ok {
		delete(m, "format")
	}
	if c.dialect == OpenAPISchema {
		openAPI(m)
	}
	for k, x := range m {
		if k == "properties" || k == "$defs" || k == "definitions" || k == "patternProperties" || k == "dependentSchemas" {
			if inner, ok := x.(map[string]any); ok { // names of properties are no keywords
				for name, y := range inner {
					inner[name] = c.clean(y, deep+2)
				}
				continue
			}
		}
		if !data[k] {
			m[k] = c.clean(x, deep+1)
		}
	}
}

// openAPI turns Gemini's spelling into JSON Schema's. [Source: https://ai.google.dev/api/caching#Schema]
func openAPI(m map[string]any) {
	if t, ok := m["type"].(string); ok {
		if t = strings.ToLower(t); t == "type_unspecified" {
			delete(m, "type")
		} else {
			m["type"] = t
		}
		if n, ok := m["nullable"].(bool); ok && n && m["type"] != nil {
			m["type"] = []any{t, "null"}
			if e, ok := m["enum"].([]any); ok {
				m["enum"] = append(append([]any(nil), e...), nil)
			}
		}
	}
	if _, ok := m["nullable"].(bool); ok {
		delete(m, "nullable")
	}
	for _, k := range [...]string{"minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties"} {
		if s, ok := m[k].(string); ok { // 64-bit numbers are strings in Google's JSON
			m[k] = json.Number(s)
		}
	}
}
