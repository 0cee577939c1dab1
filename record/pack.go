package record

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/internal/redact"
)

// plain reports whether e is a healthy call with nothing to tell: one attempt, nothing changed, no bodies.
// Most calls are; a store keeps nothing of them but the columns.
func (e *Entry) plain() bool {
	if e.Class != fault.OK || len(e.Attempts) != 1 || len(e.Changed) > 0 || len(e.Notes) > 0 || e.PossiblyBilled || e.Retryable || e.RetryAfterMS != 0 {
		return false
	}
	a := &e.Attempts[0]
	return a.Class == fault.OK && a.Cause == e.Cause && a.Request == nil && a.Response == nil && len(a.Edits) == 0 && a.Wait == 0 && a.Error.String() == "" &&
		a.Upstream == e.Upstream && a.Model == e.Model && a.Status == e.Status
}

// flatten gives a plain entry the one form that [Entry.Unpack] makes of its columns alone.
func (e *Entry) flatten() {
	info, _ := fault.Lookup(e.Cause)
	e.Verdict = Verdict{Class: e.Class, Cause: e.Cause, Retryable: info.Retryable, Action: info.Action, Summary: redact.Of(info.Meaning),
		Remedies: sentences(info.Remedies), Provider: e.Provider, RequestID: e.RequestID}
	e.Attempts = List[Attempt]{{Upstream: e.Upstream, Model: e.Model, Status: e.Status, Verdict: e.Verdict, Elapsed: e.Latency, Sent: true}}
}

// Bare returns a copy of e without the requests and responses of its attempts.
func (e *Entry) Bare() Entry {
	b := *e
	b.Attempts = slices.Clone(e.Attempts)
	for i := range b.Attempts {
		b.Attempts[i].Request, b.Attempts[i].Response = nil, nil
	}
	return b
}

// Pack writes what of e does not fit into columns: doc is everything but the attempts' requests and
// responses, detail is those. Both are nil where the columns (id to request_id, status and figures) say all.
func (e *Entry) Pack() (doc, detail []byte, err error) {
	if e.plain() {
		return nil, nil, nil
	}
	bare := e.Bare()
	bodies := make([]exchange, len(e.Attempts))
	some := false
	for i, a := range e.Attempts {
		bodies[i] = exchange{a.Request, a.Response}
		some = some || a.Request != nil || a.Response != nil
	}
	if doc, err = json.Marshal(&bare); err != nil {
		return nil, nil, fmt.Errorf("record of call %s: %w", e.ID, err)
	}
	if some {
		if detail, err = json.Marshal(bodies); err != nil {
			return nil, nil, fmt.Errorf("record of call %s: %w", e.ID, err)
		}
	}
	return doc, detail, nil
}

type exchange struct {
	Request  *Request  `json:"request,omitempty"`
	Response *Response `json:"response,omitempty"`
}

// Unpack completes e, whose columns are set, with what Pack wrote. A doc outranks the columns, but for the mark.
func (e *Entry) Unpack(doc, detail []byte) error {
	if len(doc) == 0 {
		e.Attempts = List[Attempt]{{}}
		e.flatten()
		return nil
	}
	mark := e.Marking
	if err := json.Unmarshal(doc, e); err != nil {
		return fmt.Errorf("the record of call %s cannot be read: %w", e.ID, err)
	}
	e.Marking = mark
	if len(detail) == 0 {
		return nil
	}
	var bodies []exchange
	if err := json.Unmarshal(detail, &bodies); err != nil {
		return fmt.Errorf("the bodies of call %s cannot be read: %w", e.ID, err)
	}
	for i := range min(len(bodies), len(e.Attempts)) {
		e.Attempts[i].Request, e.Attempts[i].Response = bodies[i].Request, bodies[i].Response
	}
	return nil
}

// Set sets those columns of e that are texts, redacted once more.
func (e *Entry) Set(upstream, route, model, task, provider, requestID string) {
	e.Upstream, e.Route, e.Model, e.Task = redact.Of(upstream), redact.Of(route), redact.Of(model), redact.Of(task)
	e.Provider, e.RequestID = redact.Of(provider), redact.Of(requestID)
}
