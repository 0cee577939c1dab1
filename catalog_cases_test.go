package telltale

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"os"
	"testing"

	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/internal/casefile"
)

func documented(t testing.TB) []casefile.Case {
	t.Helper()
	f, err := os.Open("catalog/testdata/documented.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cases, err := casefile.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if _, ok := fault.Lookup(fault.Cause(c.Label.Cause)); !ok {
			t.Fatalf("%s: unknown cause %q", c.ID, c.Label.Cause)
		}
	}
	return cases
}

func exchangeOf(c *casefile.Case) *Exchange {
	x := &Exchange{Request: Request{Provider: c.Provider, Surface: Surface(c.Surface), URL: c.URL, Method: c.Method, Body: c.Request}}
	if c.Status == 0 {
		x.Err = errors.New(c.Body)
		return x
	}
	x.Response = &Response{Status: c.Status, Header: http.Header{}, Body: []byte(c.Body)}
	for k, v := range c.Headers {
		x.Response.Header.Set(k, v)
	}
	return x
}

func signatureCase(s *catalog.Signature) *Exchange {
	c := &casefile.Case{Status: s.Case.Status, Body: s.Case.Body, Headers: s.Case.Headers, Provider: s.Case.Provider, Surface: s.Case.Surface}
	return exchangeOf(c)
}

// TestDocumentedCases holds the built-in catalogue against responses that the providers document.
func TestDocumentedCases(t *testing.T) {
	for _, c := range documented(t) {
		d := Diagnose(exchangeOf(&c))
		if string(d.Class) != c.Label.Class || string(d.Cause) != c.Label.Cause || d.Retryable != c.Label.Retryable || c.Label.Param != "" && d.Param != c.Label.Param {
			t.Errorf("%s: %s %s retryable=%v param=%q (%s), want %s %s retryable=%v param=%q\n\t%s", c.ID,
				d.Class, d.Cause, d.Retryable, d.Param, d.Signature, c.Label.Class, c.Label.Cause, c.Label.Retryable, c.Label.Param, clip(c.Body, 200))
		}
	}
}

// TestEverySignatureDecidesItsCase: a signature without a case that it decides is a rule that nobody can check.
func TestEverySignatureDecidesItsCase(t *testing.T) {
	set := catalog.Builtin()
	decides := map[string]bool{}
	for _, c := range documented(t) {
		decides[Diagnose(exchangeOf(&c)).Signature] = true
	}
	for i := range set.Signatures {
		s := &set.Signatures[i]
		if s.Case == nil {
			if !decides[s.ID] && !s.Weak {
				t.Errorf("signature %s has no case", s.ID)
			}
			continue
		}
		d := Diagnose(signatureCase(s))
		if d.Cause != s.Cause {
			t.Errorf("the case of %s is decided otherwise: %s by %s", s.ID, d.Cause, d.Signature)
		}
		if s.Retry != "" && d.Retryable != (s.Retry == catalog.RetryYes) {
			t.Errorf("the case of %s: retryable %v", s.ID, d.Retryable)
		}
	}
}

// TestCatalogueHasNoOrder shuffles the catalogue: every verdict must stay.
func TestCatalogueHasNoOrder(t *testing.T) {
	set := catalog.Builtin()
	r := rand.New(rand.NewPCG(1, 2))
	for range 3 {
		shuffled := set
		shuffled.Signatures = append([]catalog.Signature(nil), set.Signatures...)
		r.Shuffle(len(shuffled.Signatures), func(i, j int) {
			shuffled.Signatures[i], shuffled.Signatures[j] = shuffled.Signatures[j], shuffled.Signatures[i]
		})
		r.Shuffle(len(set.Providers), func(i, j int) { set.Providers[i], set.Providers[j] = set.Providers[j], set.Providers[i] })
		d := &Diagnoser{Catalog: shuffled}
		for _, c := range documented(t) {
			x := exchangeOf(&c)
			a, b := Diagnose(x), d.Diagnose(x)
			if a.Cause != b.Cause || a.Signature != b.Signature || a.Provider != b.Provider {
				t.Errorf("%s: %s by %s of %q, shuffled %s by %s of %q", c.ID, a.Cause, a.Signature, a.Provider, b.Cause, b.Signature, b.Provider)
			}
		}
	}
}

// TestNoEqualRanks: two signatures of equal rank with different causes that hold for the same answer leave the
// verdict to chance.
func TestNoEqualRanks(t *testing.T) {
	e := builtin()
	for _, c := range documented(t) {
		if c.Status == 0 || c.Label.Class == "ok" {
			continue
		}
		x := exchangeOf(&c)
		w := walkBody(e.m, []byte(c.Body), "body")
		sub := &subject{status: c.Status, surface: Surface(c.Surface), provider: e.provider(x), extra: headerWords(x, fault.Hard)}
		best, ok := e.m.best(sub, w.layers)
		if !ok || best.weak {
			continue
		}
		for i := range w.layers {
			for _, m := range e.m.layer(nil, sub, w.layers, i) {
				a, b := &e.m.sigs[m.sig], &e.m.sigs[best.sig]
				if m.depth == best.depth && m.rank == best.rank && a.Narrow == b.Narrow && a.Weak == b.Weak && a.Cause != b.Cause {
					t.Errorf("%s: %s and %s hold with equal rank", c.ID, a.ID, b.ID)
				}
			}
		}
	}
}
