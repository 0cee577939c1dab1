package expect

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The same output has the same violations in the same order, although the validator walks maps.
func TestViolationsHaveAnOrder(t *testing.T) {
	s, err := CompileSchema([]byte(`{"type":"object","additionalProperties":false,"required":["a"],
		"properties":{"a":{"type":"string"},"b":{"type":"integer"},"c":{"anyOf":[{"type":"integer"},{"type":"object","required":["x"]}]},"d":{"type":"boolean"}}}`), JSONSchema)
	if err != nil {
		t.Fatal(err)
	}
	check := func() []Finding { return s.CheckText(`{"a":1,"b":"x","c":{"y":1},"d":"no","e":1,"f":2,"g":3}`) }
	first := check()
	if len(first) < 4 {
		t.Fatalf("%d violations", len(first))
	}
	for range 50 {
		if d := cmp.Diff(first, check()); d != "" {
			t.Fatal(d)
		}
	}
}
