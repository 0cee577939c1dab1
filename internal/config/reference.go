package config

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v4"
)

//go:generate go run ./gen ../../docs

// Reference writes every key with its default and meaning as a Markdown table.
func Reference() string {
	var b strings.Builder
	b.WriteString("| key | default | meaning |\n|---|---|---|\n")
	def := reflect.ValueOf(Default()).Elem()
	rows(&b, def.Type(), def, "")
	return b.String()
}

func rows(b *strings.Builder, t reflect.Type, v reflect.Value, path string) {
	for _, f := range fieldsOf(t) {
		name := keyOf(f)
		if name == "" {
			continue
		}
		key := join(path, name)
		ft, inner := f.Type, ""
		switch {
		case ft.Kind() == reflect.Map && isKeys(ft.Elem()):
			ft, inner = ft.Elem(), ".NAME"
		case ft.Kind() == reflect.Slice && isKeys(ft.Elem()):
			ft, inner = ft.Elem(), "[]"
		}
		def := ""
		var fv reflect.Value
		if v.IsValid() && inner == "" {
			fv = v.FieldByIndex(f.Index)
			if !isKeys(ft) && !fv.IsZero() {
				out, _ := yaml.Marshal(fv.Interface())
				def = "`" + strings.TrimSpace(string(out)) + "`"
			}
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", key, def, f.Tag.Get("doc"))
		if isKeys(ft) {
			rows(b, ft, fv, key+inner)
		}
	}
}

// isKeys reports whether t is written as keys with values.
func isKeys(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t.NumField() > 0 && t.Field(0).IsExported()
}

// JSONSchema is the schema of the file, for editors.
func JSONSchema() ([]byte, error) {
	s := schema(reflect.TypeFor[Config]())
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "Telltale configuration"
	return json.MarshalIndent(s, "", "  ")
}

func schema(t reflect.Type) map[string]any {
	switch {
	case isKeys(t):
		props := map[string]any{}
		for _, f := range fieldsOf(t) {
			if name := keyOf(f); name != "" {
				p := schema(f.Type)
				if doc := f.Tag.Get("doc"); doc != "" {
					p["description"] = doc
				}
				switch name {
				case "mode":
					p["enum"] = Modes
				case "recover":
					p["items"] = map[string]any{"enum": Recoveries}
				}
				props[name] = p
			}
		}
		return map[string]any{"type": "object", "properties": props, "additionalProperties": false}
	case t == reflect.TypeFor[Duration]():
		return map[string]any{"type": "string", "pattern": `^([0-9.]+(ns|us|µs|ms|s|m|h))+$`}
	case t == reflect.TypeFor[Size]():
		return map[string]any{"type": []string{"string", "integer"}}
	case t.Kind() == reflect.Interface:
		return map[string]any{}
	case t.Kind() == reflect.Struct, t.Kind() == reflect.String:
		return map[string]any{"type": "string"}
	case t.Kind() == reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schema(t.Elem())}
	case t.Kind() == reflect.Slice:
		return map[string]any{"type": "array", "items": schema(t.Elem())}
	case t.Kind() == reflect.Pointer:
		return schema(t.Elem())
	case t.Kind() == reflect.Bool:
		return map[string]any{"type": "boolean"}
	case t.Kind() == reflect.Int:
		return map[string]any{"type": "integer"}
	case t.Kind() == reflect.Float64:
		return map[string]any{"type": "number"}
	}
	return map[string]any{}
}
