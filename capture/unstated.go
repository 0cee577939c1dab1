package capture

import (
	"strings"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
)

// Diagnose judges an exchange of an [Item]. Where the status was not pasted (a Response with status 0), the body
// alone decides: what it says is an error came with an HTTP error, whichever. What it does not say is not
// made up: the diagnosis is then healthy, or unknown.
func Diagnose(x *telltale.Exchange) telltale.Diagnosis { return DiagnoseBy(&telltale.Diagnoser{}, x) }

// DiagnoseBy is [Diagnose] with a catalogue and checks of the caller's choice.
func DiagnoseBy(by *telltale.Diagnoser, x *telltale.Exchange) telltale.Diagnosis {
	if x.Response == nil || x.Response.Status != 0 {
		return by.Diagnose(x)
	}
	as := func(status int) telltale.Diagnosis {
		known, response := *x, *x.Response
		response.Status = status
		known.Response = &response
		return by.Diagnose(&known)
	}
	d := as(200)
	if d.OK() || d.Cause == fault.Unknown || d.Cause == fault.NotAPIResponse {
		// An error that only a status shows to be one: its words count, not what the status alone says.
		if e := as(400); e.Cause != fault.Unknown && e.Signature != "" && !strings.HasPrefix(e.Signature, "status-") {
			d = e
		} else if d.Cause == fault.NotAPIResponse && !strings.HasPrefix(strings.TrimSpace(string(x.Response.Body[:min(len(x.Response.Body), 64)])), "<") {
			d.Class, d.Cause = fault.OK, fault.None
		}
	}
	if !d.OK() {
		d.Class = fault.Hard
		kept := d.Evidence[:0:0]
		for _, e := range d.Evidence {
			if e.Where != "status" { // the status that was tried
				kept = append(kept, e)
			}
		}
		d.Evidence = kept
	}
	return d
}
