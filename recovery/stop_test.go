package recovery_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/recovery"
	"github.com/telltale-ai/telltale/sim"
)

func TestALoopingStreamIsStopped(t *testing.T) {
	yes, no := true, false
	on := func(p *recovery.Policy) { p.StopOnRepetition = true }
	// The provider writes 440 kB in all; a stopped stream costs it some kilobytes.
	const whole = 10_000 * len("and then the ship came back to the harbour ")
	for name, c := range map[string]struct {
		path   string
		change []func(*recovery.Policy)
		up     *recovery.Upstream
		mode   recovery.Mode
		fault  string
		stop   bool
	}{
		"off":                     {path: "/v1/chat/completions"},
		"on":                      {path: "/v1/chat/completions", change: []func(*recovery.Policy){on}, stop: true},
		"messages":                {path: "/v1/messages", change: []func(*recovery.Policy){on}, stop: true},
		"responses":               {path: "/v1/responses", change: []func(*recovery.Policy){on}, stop: true},
		"not continued":           {path: "/v1/chat/completions", change: []func(*recovery.Policy){on, func(p *recovery.Policy) { p.Recover = []recovery.Recovery{recovery.Continue} }}, stop: true},
		"strict":                  {path: "/v1/chat/completions", change: []func(*recovery.Policy){on}, mode: recovery.Strict, stop: true},
		"observe changes nothing": {path: "/v1/chat/completions", change: []func(*recovery.Policy){on}, mode: recovery.Observe},
		"upstream":                {path: "/v1/chat/completions", up: &recovery.Upstream{StopOnRepetition: &yes}, stop: true},
		"upstream off":            {path: "/v1/chat/completions", change: []func(*recovery.Policy){on}, up: &recovery.Upstream{StopOnRepetition: &no}},
		"route outranks upstream": {path: "/v1/chat/completions", up: &recovery.Upstream{StopOnRepetition: &no}, change: []func(*recovery.Policy){func(p *recovery.Policy) {
			p.Routes = []recovery.Route{{StopOnRepetition: &yes}}
		}}, stop: true},
		"healthy": {path: "/v1/chat/completions", change: []func(*recovery.Policy){on}, fault: "ok"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &sim.Server{}
			p := httptest.NewServer(s)
			t.Cleanup(p.Close)
			rt, b := over(c.change...)
			ctx := recovery.With(t.Context(), &recovery.Settings{Mode: c.mode, Upstream: c.up})
			order := "repetition;loops=10000"
			if c.stop {
				order += ";gap=1ms" // it would take the provider ten seconds and more to write it all
			}
			if c.fault != "" {
				order = c.fault
			}
			body := fmt.Sprintf(`{"model":"m@%s","stream":true,"max_tokens":100000,"messages":[{"role":"user","content":"Tell me of the harbour."}],"input":"Tell me of the harbour."}`, order)
			_, got := send(t, rt, ctx, p.URL+c.path, body)
			call := b.last(t)
			if !c.stop {
				if strings.Contains(got, "Telltale: ") || c.fault == "" && len(got) < whole || len(call.Changed) > 0 {
					t.Errorf("%d bytes, changed %v, ended %q", len(got), call.Changed, got[max(0, len(got)-200):])
				}
				return
			}
			if len(got) > whole/2 || !strings.Contains(got[max(0, len(got)-2000):], "Telltale: The output fell into a loop") || strings.Contains(got, "[DONE]") {
				t.Errorf("%d bytes, ended %q", len(got), got[max(0, len(got)-300):])
			}
			if d := call.Final; d.Cause != fault.Repetition || d.Class != fault.Silent || len(d.Evidence) == 0 || len(call.Attempts) != 1 {
				t.Errorf("final: %+v after %d attempts", d, len(call.Attempts))
			}
			if all := strings.Join(call.Changed, ";") + "|" + strings.Join(call.Notes, ";"); !strings.Contains(all, "stop_on_repetition") || !strings.Contains(all, "cancelled after") || call.PossiblyBilled {
				t.Errorf("record: %s, possibly billed %v", all, call.PossiblyBilled)
			}
			// The provider noticed: it did not write to the end.
			for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(5 * time.Millisecond) {
				if e := s.Log()[0]; e.Done || time.Now().After(deadline) {
					if !e.Aborted {
						t.Errorf("the provider was not cancelled: %+v", e)
					}
					break
				}
			}
		})
	}
}
