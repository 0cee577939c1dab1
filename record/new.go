package record

import (
	"net/http"
	"strings"
	"time"

	"github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/internal/redact"
)

// What an entry holds at most, whatever the provider wrote.
const (
	maxWord     = 512 // names, codes, ids
	maxSentence = 4 << 10
	maxItems    = 32
	maxAttempts = 64
)

// New makes the entry of a call: redacted, capped, and with those bodies that p keeps.
func New(c *telltale.Call, p Policy) Entry {
	s := snapshot{call: c, sizes: make([]sizes, len(c.Attempts))}
	for i, a := range c.Attempts {
		if a.Exchange != nil {
			s.sizes[i].request = len(a.Exchange.Request.Body)
			if a.Exchange.Response != nil {
				s.sizes[i].response = len(a.Exchange.Response.Body)
			}
		}
	}
	return s.entry(p)
}

func (s snapshot) entry(p Policy) Entry {
	c := s.call
	e := Entry{
		ID: redact.Capped(c.ID, maxWord).String(), Time: c.Start.UTC().Truncate(time.Microsecond),
		Upstream: word(c.Upstream), Route: word(c.Route), Task: word(c.Task), Mode: word(c.Mode).String(), Stream: c.Stream,
		Verdict: verdict(&c.Final, p), Latency: micros(c.Elapsed), TTFT: micros(c.FirstByte), PossiblyBilled: c.PossiblyBilled,
		InputTokens: c.Usage.Input, OutputTokens: c.Usage.Output, ReasoningTokens: c.Usage.Reasoning, Changed: sentences(c.Changed), Notes: sentences(c.Notes),
	}
	var keys []string
	for i := range c.Attempts {
		a := &c.Attempts[i]
		if i == 0 {
			e.Model = word(a.Model)
		}
		x := a.Exchange
		if x == nil {
			x = &telltale.Exchange{}
		}
		if i == 0 || a.Upstream != c.Attempts[i-1].Upstream { // another upstream has another key
			keys = append(keys, redact.Keys(x.Request.Header)...)
		}
		if x.Request.Surface != "" {
			e.Surface = word(string(x.Request.Surface)).String()
		}
		e.Status = 0
		if x.Response != nil {
			e.Status = x.Response.Status
		}
		if i >= maxAttempts {
			continue
		}
		t := Attempt{Upstream: word(a.Upstream), Model: word(a.Model), Status: e.Status, Verdict: verdict(&a.Diagnosis, p),
			Wait: micros(a.Wait), Elapsed: micros(x.Elapsed), Edits: sentences(a.Edits), Sent: x.Sent}
		t.PossiblyBilled = c.PossiblyBilled && x.Sent && x.Response == nil
		if x.Err != nil {
			t.Error = sentence(x.Err.Error())
		}
		if p.keeps(c, i) {
			s.bodies(&t, i, x, p)
		}
		e.Attempts = append(e.Attempts, t)
	}
	e.without(keys)
	if e.plain() {
		e.flatten()
	}
	return e
}

// bodies keeps request and response of attempt i.
func (s snapshot) bodies(t *Attempt, i int, x *telltale.Exchange, p Policy) {
	q := &Request{Method: word(x.Request.Method).String(), URL: redact.Capped(x.Request.URL, maxSentence), Headers: headers(x.Request.Header), Bytes: s.sizes[i].request}
	var cut bool
	q.Body, cut = redact.Body(x.Request.Body, p.maxBody())
	q.Truncated = cut || len(x.Request.Body) < q.Bytes
	t.Request = q
	if r := x.Response; r != nil {
		o := &Response{Status: r.Status, Headers: headers(join(r.Header, r.Trailer)), Bytes: s.sizes[i].response}
		o.Body, cut = redact.Body(r.Body, p.maxResponse(class(s.call, i)))
		o.Truncated = cut || r.Partial || len(r.Body) < o.Bytes
		t.Response = o
	}
}

// verdict records d. Under the policy none it keeps what has a form of its own, such as codes and numbers,
// and nothing that a provider or a model put into sentences, for these can repeat the prompt.
func verdict(d *telltale.Diagnosis, p Policy) Verdict {
	info, _ := fault.Lookup(d.Cause)
	v := Verdict{Class: d.Class, Cause: d.Cause, Retryable: d.Retryable, RetryAfterMS: d.RetryAfter.Milliseconds(), Param: word(d.Param), Action: d.Action,
		Likely: d.Likely, Provider: word(d.Provider), ProviderCode: word(d.ProviderCode), RequestID: word(d.RequestID), Signature: word(d.Signature)}
	if v.Class == "" { // no diagnosis was made: say nothing rather than "healthy"
		v.Class, v.Cause = fault.Hard, fault.Unknown
		info, _ = fault.Lookup(fault.Unknown)
	}
	if p.Bodies == None || v.Class == fault.OK {
		v.Summary, v.Remedies = sentence(info.Meaning), sentences(info.Remedies)
	} else {
		v.Summary, v.Remedies, v.ProviderMessage = sentence(d.Summary), sentences(d.Remedies), sentence(d.ProviderMessage)
	}
	if v.Class == fault.OK {
		return v
	}
	for _, ev := range d.Evidence[:min(len(d.Evidence), maxItems)] {
		t := Evidence{Where: word(ev.Where), Value: sentence(ev.Value)}
		if p.Bodies == None && !formal(ev.Where) {
			t.Value = Text{}
		}
		v.Evidence = append(v.Evidence, t)
	}
	if p.Bodies == None && strings.ContainsAny(d.ProviderCode, " \n") {
		v.ProviderCode = Text{}
	}
	return v
}

// formal reports whether what stands at this place of an exchange is a code, never a sentence.
func formal(where string) bool {
	if where == "status" || strings.HasPrefix(where, "header.") {
		return true
	}
	switch where[strings.LastIndexByte(where, '.')+1:] {
	case "code", "type", "status", "reason", "finish_reason", "finishReason", "stop_reason", "blockReason", "param":
		return true
	}
	return false
}

func word(s string) Text     { return redact.Capped(s, maxWord) }
func sentence(s string) Text { return redact.Capped(s, maxSentence) }

func sentences(list []string) []Text {
	if len(list) == 0 {
		return nil
	}
	out := make([]Text, 0, len(list))
	for _, s := range list[:min(len(list), maxItems)] {
		out = append(out, sentence(s))
	}
	return out
}

func headers(h http.Header) map[string][]Text {
	h = redact.Header(h)
	if h == nil {
		return nil
	}
	out := make(map[string][]Text, len(h))
	for name, values := range h {
		for _, v := range values {
			out[name] = append(out[name], redact.Of(v))
		}
	}
	return out
}
