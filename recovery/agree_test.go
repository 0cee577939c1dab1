package recovery_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/telltale-ai/telltale/expect"
	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/recovery"
)

func TestAgree(t *testing.T) {
	labels := expect.Spec{Labels: []string{"positive", "negative", "neutral"}}
	for name, c := range map[string]struct {
		spec     expect.Spec
		answers  []string
		evidence string // "": they agree
	}{
		"labels agree":        {labels, []string{"positive", "Positive.", "**positive**"}, ""},
		"labels differ":       {labels, []string{"positive", "positive", "neutral"}, "neutral"},
		"no label":            {labels, []string{"positive", "well, mixed", "positive"}, "well, mixed"},
		"json agrees":         {expect.Spec{JSON: true}, []string{`{"total":4200,"to":"Ada"}`, `{ "to": "ada", "total": 4200.0 }`, "```json\n{\"total\":4200,\"to\":\"Ada\"}\n```"}, ""},
		"json differs":        {expect.Spec{JSON: true}, []string{`{"total":4200,"items":[{"n":1}]}`, `{"total":4200,"items":[{"n":2}]}`, `{"total":4200,"items":[{"n":1}]}`}, "items[0].n"},
		"json lacks a field":  {expect.Spec{JSON: true}, []string{`{"total":4200}`, `{"total":4200,"vat":1}`, `{"total":4200}`}, "vat"},
		"text agrees":         {expect.Spec{MaxLength: 50}, []string{"Paris", "paris.", " **Paris** "}, ""},
		"text differs":        {expect.Spec{MaxLength: 50}, []string{"Paris", "Paris", "Lyon"}, "Lyon"},
		"numbers are no dots": {expect.Spec{MaxLength: 50}, []string{"4.2 %", "42 %", "4.2 %"}, "42 %"},
		"signs count":         {expect.Spec{MaxLength: 50}, []string{"-5", "5", "-5"}, "5"},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := expect.Compile(c.spec, expect.Options{})
			if err != nil {
				t.Fatal(err)
			}
			p := &bench{answers: c.answers}
			rt, _, b := setUp(p, func(p *recovery.Policy) {
				p.Expect = map[string]*expect.Expectation{"t": e}
				p.Opinions = map[string]recovery.Opinion{"t": {Agree: 3}}
			})
			resp, body := post(t, rt, recovery.WithTask(t.Context(), "t"), "/v1/chat/completions", ask, "Idempotency-Key", "once")
			if resp.StatusCode != 200 || len(p.asked) != 3 || p.asked[1] != ask {
				t.Fatalf("%d %s after %q", resp.StatusCode, body, p.asked)
			}
			by := calls(b)
			if len(by["t"]) != 1 || len(by["agree:t"]) != 2 || by["agree:t"][0].Usage.Output != 5 {
				t.Fatalf("record: %v", by)
			}
			d := by["t"][0].Final
			if c.evidence == "" {
				if !d.OK() || !strings.Contains(strings.Join(by["t"][0].Notes, ";"), "3 answers to the same request agree (calls ") {
					t.Errorf("%+v, notes %q", d, by["t"][0].Notes)
				}
				return
			}
			if d.Class != fault.Silent || d.Cause != fault.UnexpectedOutput || !d.Likely || !strings.Contains(fmt.Sprint(d.Evidence[1:]), c.evidence) || d.Evidence[0].Where != "agree[1]" {
				t.Errorf("%+v", d)
			}
		})
	}
}

func TestAnswersThatDoNotComeAreNoDisagreement(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		h := script(fine, says(400, errorBody("no", "invalid_request_error", "")), hangs)
		rt, _, b := setUp(h, withOpinion(recovery.Opinion{Agree: 3}))
		resp, _ := post(t, rt, t.Context(), "/v1/chat/completions", ask)
		synctest.Wait()
		for _, c := range calls(b)[""] {
			n++
			if notes := strings.Join(c.Notes, ";"); !c.Final.OK() || !strings.Contains(notes, "400 (invalid_request)") || !strings.Contains(notes, "within its time limit") {
				t.Errorf("%+v %q", c.Final, notes)
			}
		}
		if resp.StatusCode != 200 || n != 1 {
			t.Errorf("%d, %d calls", resp.StatusCode, n)
		}
	})
}
