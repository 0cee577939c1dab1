package recovery

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	telltale "github.com/telltale-ai/telltale"
)

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, s string
		want       bool
	}{
		{"", "x", true}, {"*", "", true}, {"gpt-5.4*", "gpt-5.4-mini", true}, {"gpt-5.4*", "gpt-5", false},
		{"*-mini", "gpt-5.4-mini", true}, {"*mini*", "gpt-mini-1", true}, {"a*b*c", "axxbyyc", true}, {"a*b*c", "axxc", false},
		{"a*a", "a", false}, {"/v1/*", "/v1/images/generations", true}, {"exact", "exactly", false},
	} {
		if got := Glob(c.pattern, c.s); got != c.want {
			t.Errorf("Glob(%q, %q) = %v", c.pattern, c.s, got)
		}
	}
}

func TestParse(t *testing.T) {
	if r, err := ParseRecoveries("heal, Reprompt,raise_limit"); err != nil || fmt.Sprint(r) != "[heal reprompt raise_limit]" {
		t.Error(r, err)
	}
	if r, err := ParseRecoveries("none"); err != nil || r == nil || len(r) != 0 {
		t.Error(r, err)
	}
	if _, err := ParseRecoveries("heel"); err == nil {
		t.Error("heel was taken")
	}
	if m, err := ParseMode("STRICT"); m != Strict || err != nil {
		t.Error(m, err)
	}
	if _, err := ParseMode("brave"); err == nil {
		t.Error("brave was taken")
	}
}

func TestIDsAreUniqueAndSortByTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ids []string
		seen := map[string]bool{}
		for range 200 {
			id := NewID()
			if seen[id] || len(id) != 31 || strings.Trim(id[5:], "0123456789abcdefghjkmnpqrstvwxyz") != "" {
				t.Fatal(id)
			}
			seen[id] = true
			ids = append(ids, id)
			time.Sleep(time.Millisecond)
		}
		if !slices.IsSorted(ids) {
			t.Error("not sorted by time")
		}
	})
}

func TestWhatWasLearntIsBoundedAndForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l learned
		f := fix{op: "drop", param: "temperature"}
		var wg sync.WaitGroup
		for i := range maxLearned + 50 {
			wg.Go(func() { l.add(lesson{"h", fmt.Sprint(i), telltale.Chat}, []fix{f}) })
		}
		wg.Wait()
		if n := len(*l.m.Load()); n != maxLearned {
			t.Errorf("%d models are remembered", n)
		}
		k := lesson{"h", "last", telltale.Chat}
		l.add(k, []fix{f})
		l.add(k, []fix{f})
		if got := l.of(k); len(got) != 1 || got[0] != f {
			t.Errorf("remembered %v", got)
		}
		time.Sleep(forgetIn + time.Second)
		if got := l.of(k); got != nil {
			t.Errorf("still remembered: %v", got)
		}
	})
}

func TestGatesAreBounded(t *testing.T) {
	var g gates
	for i := range maxGates + 500 {
		g.get("h", fmt.Sprint(i))
	}
	if n := g.n.Load(); n > maxGates+1 {
		t.Errorf("%d gates", n)
	}
}
