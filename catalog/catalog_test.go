package catalog

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/telltale-ai/telltale/fault"
)

func TestBuiltinIsSound(t *testing.T) {
	s := Builtin()
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	for _, g := range s.Signatures {
		if g.Why == "" || !strings.HasPrefix(g.Source, "https://") {
			t.Errorf("signature %s lacks why or source", g.ID)
		}
	}
	names := map[string]string{}
	known := map[string]bool{}
	for _, p := range s.Providers {
		known[p.ID] = true
		if !strings.HasPrefix(p.Source, "https://") {
			t.Errorf("provider %s lacks a source", p.ID)
		}
		for _, n := range append([]string{p.ID}, p.Aliases...) {
			if was := names[n]; was != "" && was != p.ID || n != strings.ToLower(n) {
				t.Errorf("the name %q is of %s and of %s, or not lower case", n, was, p.ID)
			}
			names[n] = p.ID
		}
		for _, b := range p.Body {
			if len(b) < 4 {
				t.Errorf("provider %s: the mark %q is too short", p.ID, b)
			}
		}
	}
	for _, g := range s.Signatures {
		for _, p := range g.Providers {
			if !known[p] {
				t.Errorf("signature %s names an unknown provider %s", g.ID, p)
			}
		}
	}
}

func TestSetGoesThroughJSON(t *testing.T) {
	s := Builtin()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Set{}.Overlay(b)
	if err != nil {
		t.Fatal(err)
	}
	c, err := json.Marshal(again)
	if err != nil {
		t.Fatal(err)
	}
	if string(b) != string(c) {
		t.Error("the set changed on its way through JSON")
	}
}

func TestOverlay(t *testing.T) {
	s := Builtin()
	out, err := s.Overlay([]byte(`{"signatures":[
		{"id":"money","text":["our coffers are bare"],"cause":"quota_exhausted","why":"w","source":"https://example.com"},
		{"id":"ours","codes":["E77"],"cause":"overloaded","why":"w","source":"https://example.com"}],
		"finishes":[{"word":"tired","cause":"truncated","source":"https://example.com"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Signatures) != len(s.Signatures)+1 || len(out.Finishes) != len(s.Finishes)+1 {
		t.Errorf("%d signatures and %d finishes", len(out.Signatures), len(out.Finishes))
	}
	for _, g := range out.Signatures {
		if g.ID == "money" && (len(g.Text) != 1 || g.Cause != fault.QuotaExhausted) {
			t.Errorf("money was not replaced: %v", g)
		}
	}
	for name, bad := range map[string]string{
		"unknown key":   `{"signatures":[{"id":"x","texts":["abcd"],"cause":"timeout"}]}`,
		"unknown cause": `{"signatures":[{"id":"x","text":["abcd"],"cause":"boom"}]}`,
		"says nothing":  `{"signatures":[{"id":"x","cause":"timeout"}]}`,
		"upper case":    `{"signatures":[{"id":"x","text":["ABCD"],"cause":"timeout"}]}`,
		"too short":     `{"signatures":[{"id":"x","text":["ab * cdef"],"cause":"timeout"}]}`,
		"bad retry":     `{"signatures":[{"id":"x","text":["abcd"],"cause":"timeout","retry":"perhaps"}]}`,
		"cut":           `{"signatures":[`,
		"more":          `{} {}`,
		"twice":         `{"signatures":[{"id":"x","text":["abcd"],"cause":"timeout"},{"id":"x","text":["abcd"],"cause":"timeout"}]}`,
	} {
		if _, err := s.Overlay([]byte(bad)); err == nil || !strings.HasPrefix(err.Error(), "catalogue: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
