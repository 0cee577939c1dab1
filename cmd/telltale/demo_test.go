package main

import (
	"context"
	"io"
	"slices"
	"testing"

	"github.com/telltale-ai/telltale/fault"
)

// Every row and point of the guide is played, and no row stands for one that the guide has not.
func TestTourCoversTheGuide(t *testing.T) {
	seen := map[string]bool{"beyond": true}
	for _, r := range demoRows {
		if len(r.at) == 0 || r.sends == "" {
			t.Errorf("the row %q stands for nothing or says nothing", r.sends)
		}
		for _, at := range r.at {
			if at != "beyond" && !slices.Contains(demoGuide, at) {
				t.Errorf("the guide has no %q", at)
			}
			seen[at] = true
		}
	}
	for _, g := range demoGuide {
		if !seen[g] {
			t.Errorf("no row stands for %q", g)
		}
	}
}

// A row that does not come out as it should is noticed: in the class, the cause, the attempts and the status.
func TestTourNoticesWhatIsWrong(t *testing.T) {
	tr := newTestTour(t)
	right := demoWant{class: fault.Hard, cause: fault.Authentication, status: 401}
	for name, change := range map[string]func(*demoWant){
		"":         func(*demoWant) {},
		"class":    func(w *demoWant) { w.class = fault.Soft },
		"cause":    func(w *demoWant) { w.cause = fault.RateLimited },
		"attempts": func(w *demoWant) { w.attempts = 2 },
		"status":   func(w *demoWant) { w.status = 200 },
		"final":    func(w *demoWant) { w.final = fault.None },
		"changed":  func(w *demoWant) { w.changed = "everything" },
		"body":     func(w *demoWant) { w.body = "no such text" },
		"param":    func(w *demoWant) { w.param = "model" },
	} {
		row := demoRow{sends: "401", ask: chatWith("gpt-5.4@401", ask), want: right}
		change(&row.want)
		if o := tr.play(context.Background(), &row); (len(o.wrong) > 0) != (name != "") {
			t.Errorf("%q: %q", name, o.wrong)
		}
	}
}

// Every row of one call comes out as the guide says; those of tasks are in the script of `telltale demo --once`.
func TestTourOfSingleCalls(t *testing.T) {
	tr := newTestTour(t)
	for i := range demoRows {
		if row := &demoRows[i]; row.ask.then == thenNothing {
			if o := tr.play(t.Context(), row); len(o.wrong) > 0 || !tr.recorded(t.Context(), o.call) {
				t.Errorf("%s: %s: %q (recorded: %v)", row.sends, o.says, o.wrong, tr.recorded(t.Context(), o.call))
			}
		}
	}
}

func newTestTour(t *testing.T) *tour {
	a := &app{ctx: t.Context(), stdout: io.Discard, stderr: io.Discard, getenv: func(string) string { return "" }}
	tr, err := a.newTour("127.0.0.1:0", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tr.close)
	return tr
}
