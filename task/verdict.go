package task

import (
	"time"

	"github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
)

// Verdict is a diagnosis in the JSON form of the public contract.
type Verdict struct {
	Class           fault.Class         `json:"class"`
	Cause           fault.Cause         `json:"cause"`
	Retryable       bool                `json:"retryable"`
	RetryAfterMS    int64               `json:"retry_after_ms"`
	Param           string              `json:"param"`
	Action          fault.Action        `json:"action"`
	Summary         string              `json:"summary"`
	Remedies        []string            `json:"remedies"`
	Evidence        []telltale.Evidence `json:"evidence"`
	Likely          bool                `json:"likely,omitempty"`
	Provider        string              `json:"provider"`
	ProviderCode    string              `json:"provider_code"`
	ProviderMessage string              `json:"provider_message"`
	RequestID       string              `json:"request_id"`
	Signature       string              `json:"signature"`
}

// VerdictOf copies a diagnosis.
func VerdictOf(d telltale.Diagnosis) *Verdict {
	return &Verdict{
		Class: d.Class, Cause: d.Cause, Retryable: d.Retryable, RetryAfterMS: d.RetryAfter.Milliseconds(), Param: d.Param,
		Action: d.Action, Summary: d.Summary, Remedies: append([]string{}, d.Remedies...), Evidence: append([]telltale.Evidence{}, d.Evidence...), Likely: d.Likely,
		Provider: d.Provider, ProviderCode: d.ProviderCode, ProviderMessage: d.ProviderMessage, RequestID: d.RequestID, Signature: d.Signature,
	}
}

// Diagnosis gives the verdict back in the core's form.
func (v *Verdict) Diagnosis() telltale.Diagnosis {
	if v == nil {
		return telltale.Diagnosis{Class: fault.OK, Cause: fault.Pending, Action: fault.ActWait}
	}
	return telltale.Diagnosis{
		Class: v.Class, Cause: v.Cause, Retryable: v.Retryable, RetryAfter: time.Duration(v.RetryAfterMS) * time.Millisecond, Param: v.Param,
		Action: v.Action, Summary: v.Summary, Remedies: v.Remedies, Evidence: v.Evidence, Likely: v.Likely,
		Provider: v.Provider, ProviderCode: v.ProviderCode, ProviderMessage: v.ProviderMessage, RequestID: v.RequestID, Signature: v.Signature,
	}
}

// Pending is the verdict of a task that goes on; waiting, if not empty, says why nothing happens just now.
func Pending(waiting string) *Verdict {
	v := verdict(fault.OK, fault.Pending, "", "", "")
	if waiting != "" {
		v.Summary = "The task waits: " + waiting + "."
	}
	return v
}

// verdict makes one from a cause, in the words of the vocabulary, with one place of evidence.
func verdict(class fault.Class, cause fault.Cause, summary, where, value string) *Verdict {
	i, _ := fault.Lookup(cause)
	if summary == "" {
		summary = i.Meaning
	}
	v := &Verdict{Class: class, Cause: cause, Retryable: i.Retryable, Action: i.Action, Summary: summary,
		Remedies: append([]string{}, i.Remedies...), Evidence: []telltale.Evidence{}, Signature: "task"}
	if where != "" {
		v.Evidence = append(v.Evidence, telltale.Evidence{Where: where, Value: clip(value)})
	}
	return v
}

func clip(s string) string {
	const most = 500
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}
