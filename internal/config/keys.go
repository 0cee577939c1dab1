package config

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/agnivade/levenshtein"
	"go.yaml.in/yaml/v4"
)

// checkKeys finds the keys of the file that the configuration does not have.
func checkKeys(file string, n *yaml.Node) []error {
	k := keyChecker{file: file}
	k.walk(n, reflect.TypeFor[Config](), "")
	return k.errs
}

type keyChecker struct {
	file string
	errs []error
}

func (k *keyChecker) walk(n *yaml.Node, t reflect.Type, path string) {
	switch {
	case n.Kind == yaml.AliasNode:
		k.walk(n.Alias, t, path)
	case t.Kind() == reflect.Struct && t.NumField() > 0 && t.Field(0).IsExported():
		if n.Kind != yaml.MappingNode {
			if n.Tag != "!!null" {
				k.fail(n, path, "keys are wanted here", "write it as `key: value` lines, indented")
			}
			return
		}
		fields := map[string]reflect.Type{}
		for _, f := range fieldsOf(t) {
			if name := keyOf(f); name != "" {
				fields[name] = f.Type
			}
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			if ft, ok := fields[key.Value]; ok {
				k.walk(value, ft, join(path, key.Value))
				continue
			}
			hint := "remove it; docs/configuration.md lists the keys"
			if near := nearest(key.Value, fields); near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			k.fail(key, join(path, key.Value), "unknown key", hint)
		}
	case t.Kind() == reflect.Map && n.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			k.walk(n.Content[i+1], t.Elem(), join(path, n.Content[i].Value))
		}
	case t.Kind() == reflect.Slice && n.Kind == yaml.SequenceNode:
		for i, c := range n.Content {
			k.walk(c, t.Elem(), fmt.Sprintf("%s[%d]", path, i))
		}
	case t.Kind() == reflect.String && n.Kind == yaml.ScalarNode && envName.MatchString(n.Value):
		k.fail(n, path, "${...} is read only where a secret may stand", "write the value itself here; api_key, token, secret and store take ${NAME}")
	}
}

func (k *keyChecker) fail(n *yaml.Node, key, msg, hint string) {
	k.errs = append(k.errs, &Error{File: k.file, Line: n.Line, Key: key, Msg: msg, Hint: hint})
}

// keyOf is the key that a field is written under; empty when it is not.
func keyOf(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return name
}

func join(path, key string) string { return strings.TrimPrefix(path+"."+key, ".") }

// nearest finds the field whose name is at most a third of its letters away from what was written.
func nearest(got string, fields map[string]reflect.Type) (best string) {
	least := max(2, len(got)/3) + 1
	for name := range fields {
		d := levenshtein.ComputeDistance(strings.ToLower(got), name)
		if d < least || d == least && best != "" && name < best {
			best, least = name, d
		}
	}
	return best
}
