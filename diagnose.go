// Package telltale tells what broke in an AI API call: call [Diagnose] with an
// [Exchange] and read the [Diagnosis].
//
// The package is pure: it does no I/O, reads no clock and starts no goroutine.
package telltale

import "github.com/telltale-ai/telltale/fault"

// Diagnose says what broke in x with the built-in catalogue. It never fails; the same x has the same answer.
func Diagnose(x *Exchange) Diagnosis { return defaultDiagnoser.Diagnose(x) }

var defaultDiagnoser = &Diagnoser{}

// Diagnoser judges exchanges. The zero value uses the built-in catalogue and checks.
type Diagnoser struct{}

// Diagnose says what broke in x.
func (d *Diagnoser) Diagnose(x *Exchange) Diagnosis {
	// Placeholder until the engine stands: by status alone.
	c, k := fault.OK, fault.None
	switch {
	case x.Response == nil:
		c, k = fault.Hard, fault.Network
	case x.Response.Status == 401:
		c, k = fault.Hard, fault.Authentication
	case x.Response.Status == 429:
		c, k = fault.Hard, fault.RateLimited
	case x.Response.Status >= 500:
		c, k = fault.Hard, fault.ServerError
	case x.Response.Status >= 400:
		c, k = fault.Hard, fault.InvalidRequest
	}
	i, _ := fault.Lookup(k)
	return Diagnosis{Class: c, Cause: k, Retryable: i.Retryable, Action: i.Action, Remedies: i.Remedies, Summary: i.Meaning}
}
