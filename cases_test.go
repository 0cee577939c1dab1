package telltale

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/telltale-ai/telltale/internal/casefile"
)

// TestCollectedCases holds the engine to the labelled responses in testdata/cases: blind without provider, surface
// and request, as when somebody pastes a bare response. The floors are a little under what was reached, so that a
// change that breaks a family of answers is noticed; a single case may be argued about.
func TestCollectedCases(t *testing.T) {
	type floor struct{ class, cause, retryable, param float64 }
	for _, c := range []struct {
		file  string
		blind bool
		floor floor
	}{
		{"read.jsonl", false, floor{97, 93, 96, 80}},
		{"read.jsonl", true, floor{95, 90, 94, 80}},
		{"aside.jsonl", false, floor{97, 92, 96, 80}},
		{"aside.jsonl", true, floor{93, 88, 94, 80}},
	} {
		name := c.file
		if c.blind {
			name += " blind"
		}
		t.Run(name, func(t *testing.T) {
			f, err := os.Open(filepath.Join("testdata", "cases", c.file))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			cases, err := casefile.Read(f)
			if err != nil {
				t.Fatal(err)
			}
			var class, cause, retryable, param, params int
			for i := range cases {
				l, x := &cases[i].Label, exchangeOf(&cases[i])
				if c.blind {
					x.Request.Provider, x.Request.Surface, x.Request.Body = "", "", nil
				}
				d := Diagnose(x)
				class += counted(string(d.Class) == l.Class)
				cause += counted(string(d.Cause) == l.Cause)
				retryable += counted(d.Retryable == l.Retryable)
				if l.Param != "" {
					params++
					param += counted(d.Param == l.Param)
				}
				if !d.OK() && len(d.Evidence) == 0 {
					t.Errorf("%s: %s without evidence", cases[i].ID, d.Cause)
				}
			}
			if len(cases) < 100 || params < 10 {
				t.Fatalf("%d cases, %d of them with a param", len(cases), params)
			}
			got := floor{share(class, len(cases)), share(cause, len(cases)), share(retryable, len(cases)), share(param, params)}
			t.Logf("%d cases: class %.1f %%, cause %.1f %%, retryable %.1f %%, param %.1f %% of %d", len(cases), got.class, got.cause, got.retryable, got.param, params)
			if got.class < c.floor.class || got.cause < c.floor.cause || got.retryable < c.floor.retryable || got.param < c.floor.param {
				t.Errorf("got %+v, want at least %+v", got, c.floor)
			}
		})
	}
}

func counted(b bool) int {
	if b {
		return 1
	}
	return 0
}

func share(n, of int) float64 { return 100 * float64(n) / float64(of) }
