package telltale

import (
	"time"

	"github.com/telltale-ai/telltale/fault"
)

// Diagnosis says what broke in an exchange, where that was seen, and what to do next.
// Its JSON form is written by AppendJSON and MarshalJSON with the keys of the public contract.
type Diagnosis struct {
	Class     fault.Class
	Cause     fault.Cause
	Retryable bool
	Param     string // the parameter at fault, as the provider names it
	Action    fault.Action
	Summary   string // one sentence
	Remedies  []string
	Evidence  []Evidence
	Likely    bool // the conclusion is likely, not certain; Summary says so too

	RetryAfter time.Duration // how long the provider says to wait; 0 when it does not say

	Provider        string // who answered, as far as it can be told
	ProviderCode    string // the provider's own words
	ProviderMessage string
	RequestID       string
	Signature       string // the catalogue entry or check that decided
}

// Evidence is one place in an exchange that a diagnosis rests on.
type Evidence struct {
	Where string `json:"where"` // such as "status", "header.retry-after", "body.error.code", "body.choices[0].finish_reason"
	Value string `json:"value"` // what stands there, capped
}

// OK reports whether the exchange was healthy: an answer, a tool call, or a task that still runs.
func (d *Diagnosis) OK() bool { return d.Class == fault.OK }
