package main

import (
	"os"
	"slices"
	"testing"
)

// docs/guide.md names every point of the guide, once, and is what `go generate ./cmd/telltale` would write now.
func TestGuidePage(t *testing.T) {
	var named []string
	for _, part := range guideParts {
		for _, p := range part.points {
			named = append(named, p.id)
		}
	}
	want := slices.Sorted(slices.Values(demoGuide))
	slices.Sort(named)
	if !slices.Equal(named, want) {
		t.Errorf("the page names %q, the tour %q", named, want)
	}
	if got, err := os.ReadFile("../../docs/guide.md"); err != nil || string(got) != guidePage() {
		t.Errorf("docs/guide.md is not current (%v): run go generate ./cmd/telltale", err)
	}
}
