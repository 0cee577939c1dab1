package telltale

import (
	"strconv"
	"strings"

	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/fault"
)

// judge says what became of an answer with a 2xx status that could be read. whole tells that its JSON did not break off.
func (e *engine) judge(d *Diagnoser, f *Facts, p *catalog.Provider, whole bool) Diagnosis {
	if out, ok := e.judgeError(f, p); ok {
		return e.finish(f, out, p)
	}
	if f.flagged {
		out := e.conclude(fault.Soft, fault.ContentFilter)
		out.Signature = "flagged"
		out.Evidence = []Evidence{evidence(f.flaggedAt.String(), f.flaggedAt.n.name)}
		return e.finish(f, out, p)
	}
	if out, ok := e.judgeTask(f, p); ok {
		return e.finish(f, out, p)
	}
	if !whole {
		out := e.conclude(fault.Soft, fault.StreamInterrupted)
		out.Summary = "The body breaks off in the middle of its JSON."
		out.Signature = "json-cut"
		out.Evidence = []Evidence{evidence("body", tail(view(f.X.Response.Body), 80))}
		if f.X.Response.Partial {
			return e.finish(f, e.healthy(f), p)
		}
		return e.finish(f, out, p)
	}
	if out, ok := e.judgeBlock(f, p); ok {
		return e.finish(f, out, p)
	}
	if out, ok := e.judgeFinish(f, p); ok {
		return e.finish(f, out, p)
	}
	if f.done == isFalse && !f.Stream {
		out := e.conclude(fault.Soft, fault.StreamInterrupted)
		out.Signature, out.Summary = "not-done", "The server itself says that the answer is not done."
		for i := range f.Choices {
			if repeats(f.Choices[i].Text) || looping(f.Choices[i].Text) {
				e.recast(&out, fault.Repetition)
			}
		}
		out.Evidence = []Evidence{evidence("body.done", "false")}
		return e.finish(f, out, p)
	}
	if f.Stream && strings.HasSuffix(f.lastType, ".partial_image") {
		out := e.conclude(fault.Soft, fault.StreamInterrupted)
		out.Signature, out.Summary = "image-partial", "The stream ended after a partial picture: the event that completes it never came."
		out.Evidence = []Evidence{evidence("body", strings.Clone(f.lastType))}
		return e.finish(f, out, p)
	}
	if out, ok := e.judgeRefusal(f); ok {
		return e.finish(f, out, p)
	}
	if out, ok := e.judgeEmpty(f, p); ok {
		return e.finish(f, out, p)
	}
	for _, c := range d.checks() {
		if found := c.Run(f); found != nil {
			return e.finish(f, e.fromCheck(&c, found), p)
		}
	}
	return e.finish(f, e.healthy(f), p)
}

func (e *engine) fromCheck(c *Check, found *Found) Diagnosis {
	class := found.Class
	if class == "" {
		class = fault.Silent
	}
	out := e.conclude(class, found.Cause)
	out.Signature = c.ID
	if found.Rule != "" {
		out.Signature = c.ID + "/" + found.Rule
	}
	if found.Summary != "" {
		out.Summary = found.Summary
	}
	if found.Retryable != nil {
		out.Retryable = *found.Retryable
	}
	out.Param, out.Likely, out.Evidence = found.Param, found.Likely, found.Evidence
	e.explain(&out)
	return out
}

func (e *engine) healthy(f *Facts) Diagnosis {
	for i := range f.Choices {
		if len(f.Choices[i].ToolCalls) > 0 {
			out := e.conclude(fault.OK, fault.ToolCalls)
			out.Signature = "tool-call"
			return out
		}
	}
	out := e.conclude(fault.OK, fault.None)
	return out
}

// finish names who answered, and copies what must outlive the body.
func (e *engine) finish(f *Facts, d Diagnosis, p *catalog.Provider) Diagnosis {
	if d.Provider == "" && p != nil {
		d.Provider = p.ID
	}
	if d.RequestID == "" && f.X.Response != nil && (!d.OK() || len(f.X.Response.Header) > 0) {
		d.RequestID = requestID(f.X, nil)
	}
	return d
}

// judgeBlock judges a prompt or output that was withheld.
func (e *engine) judgeBlock(f *Facts, p *catalog.Provider) (Diagnosis, bool) {
	if f.block == "" || f.output() > 0 && !(f.Stream && !f.finishSaid()) && !(f.Media > 0 && strings.Contains(f.block, " ") && (f.Surface == Images || f.Surface == "")) {
		return Diagnosis{}, false
	}
	for i := range f.Choices {
		if c := e.finishCause(&f.Choices[i]); c != nil && c.Cause == fault.Refusal {
			return Diagnosis{}, false // stop_details explain the refusal
		}
	}
	if f.block == "BLOCK_REASON_UNSPECIFIED" && f.results == isThere {
		return Diagnosis{}, false
	}
	out := e.conclude(fault.Soft, fault.ContentFilter)
	out.Signature = "blocked"
	out.ProviderCode = clip(f.block, 200)
	out.ProviderMessage = clip(f.blockMsg, 1000)
	out.Evidence = []Evidence{evidence(f.blockAt.String(), f.block)}
	category := strings.ToLower(strings.ReplaceAll(f.block, "_", " "))
	if strings.Contains(f.block, " ") { // a sentence of the image models
		category = ""
		out.ProviderMessage = clip(f.block, 1000)
		if w := walkBody(e.m, []byte(f.block), ""); len(w.layers) > 0 {
			if m, ok := e.m.best(&subject{status: 200, provider: p, surface: f.Surface}, w.layers); ok && e.m.sigs[m.sig].Retry == catalog.RetryYes {
				out.Retryable = true
			}
		}
	}
	if names, _ := f.filterCategories(); len(names) > 0 {
		category = strings.Join(names, ", ")
	}
	out.Summary = "The provider's safety system blocked the prompt or the output"
	if category != "" {
		out.Summary += ": " + clip(category, 120)
	}
	out.Summary += "."
	return out, true
}

func (f *Facts) finishSaid() bool {
	for i := range f.Choices {
		if f.Choices[i].Finish != "" {
			return true
		}
	}
	return false
}

func (e *engine) finishCause(c *Choice) *catalog.Finish {
	if c.Finish == "" {
		return nil
	}
	var buf [48]byte
	b := buf[:0]
	for i := 0; i < len(c.Finish) && i < 48; i++ {
		switch ch := c.Finish[i]; {
		case ch >= 'A' && ch <= 'Z':
			b = append(b, ch+'a'-'A')
		case ch == '_' || ch == '-' || ch == ' ' || ch == '.':
		default:
			b = append(b, ch)
		}
	}
	return e.finishes[string(b)]
}

// judgeFinish judges by the words for why the output ended.
func (e *engine) judgeFinish(f *Facts, p *catalog.Provider) (Diagnosis, bool) {
	for i := range f.Choices {
		c := &f.Choices[i]
		w := e.finishCause(c)
		if w == nil {
			continue
		}
		cause := w.Cause
		where, value := c.finishAt, c.Finish
		if (cause == fault.ToolCalls || cause == fault.None || cause == fault.ServerError) && c.Native != "" {
			n := Choice{Finish: c.Native}
			if nw := e.finishCause(&n); nw != nil && (nw.Cause == fault.Truncated && c.broken() || nw.Cause == fault.ContentFilter && c.Text == "" && len(c.ToolCalls) == 0 || nw.Cause == fault.InvalidToolCall || cause == fault.ServerError && nw.Cause != fault.None) {
				w, cause, where, value = nw, nw.Cause, c.nativeAt, c.Native
			}
		}
		switch cause {
		case fault.None:
			continue
		case fault.ToolCalls:
			if len(c.ToolCalls) == 0 && c.server == 0 && c.other == 0 {
				if c.Text != "" {
					continue
				}
				out := e.conclude(fault.Silent, fault.InvalidToolCall)
				out.Signature = "tool-call-missing"
				out.Summary = "The provider says that a tool was called, but there is no call in the answer."
				out.Evidence = []Evidence{evidence(where.String(), value)}
				return out, true
			}
			continue
		case fault.EmptyOutput:
			if f.output() > 0 {
				continue
			}
		case fault.ServerError, fault.StreamInterrupted:
		}
		if cause == fault.EmptyOutput && f.finishMsg != "" { // the sentence may know more than the word
			w := &walker{m: e.m}
			w.body([]byte(f.finishMsg), "finish message")
			if m, ok := e.m.best(&subject{status: f.Status, surface: f.Surface, provider: p}, w.layers); ok && !m.weak {
				cause = e.m.sigs[m.sig].Cause
			}
		}
		if cause == fault.Truncated && len(c.Text) >= 200 && (repeats(c.Text) || repeats(strings.TrimLeft(c.Text[tailWords(c.Text):], " "))) {
			cause = fault.Repetition // the limit is only where the loop ended
		}
		out := e.conclude(fault.Soft, cause)
		out.Signature = "finish-" + strings.ToLower(clip(value, 40))
		out.ProviderCode = clip(value, 200)
		out.ProviderMessage = clip(f.finishMsg, 1000)
		out.Evidence = []Evidence{evidence(where.String(), value)}
		if w.Retry == catalog.RetryYes {
			out.Retryable = true
		}
		e.detailFinish(f, c, w, &out)
		return out, true
	}
	return Diagnosis{}, false
}

// broken reports whether a choice holds a tool call whose arguments do not parse.
func (c *Choice) broken() bool {
	for i := range c.ToolCalls {
		if t := &c.ToolCalls[i]; !t.object && !t.noParse && brokenArgs(t.Args) != "" {
			return true
		}
	}
	return len(c.ToolCalls) == 0
}

func (e *engine) detailFinish(f *Facts, c *Choice, w *catalog.Finish, out *Diagnosis) {
	switch out.Cause {
	case fault.Truncated:
		if w.Category == "pause_turn" {
			out.Action = fault.ActContinue
			out.Summary = "The provider paused the turn and wants it continued: send the content back to go on."
			return
		}
		if strings.TrimSpace(c.Text) == "" && len(c.ToolCalls) == 0 {
			why := ""
			switch {
			case f.Usage.Reasoning > 0 && f.Usage.Reasoning*10 >= f.Usage.Output*8:
				why = "reasoning used " + strconv.FormatInt(f.Usage.Reasoning, 10) + " tokens"
			case c.Reasoning != "" || f.hasReasoning():
				why = "reasoning used it all"
			}
			if why != "" {
				out.Summary = "The token limit was hit before any answer came: " + why + ". Raise the limit or lower the reasoning effort."
				if f.Usage.Reasoning > 0 {
					out.Evidence = append(out.Evidence, evidence("usage.reasoning_tokens", strconv.FormatInt(f.Usage.Reasoning, 10)))
				}
				return
			}
			out.Summary = "The token limit was hit before any answer came."
		}
	case fault.ContentFilter:
		category := w.Category
		if names, _ := f.filterCategories(); len(names) > 0 {
			category = strings.Join(names, ", ")
		}
		if category != "" {
			out.Summary = "The provider's safety system blocked the output: " + clip(category, 120) + "."
		}
	case fault.Refusal:
		if f.block != "" {
			out.Summary = "The model declined to answer; category: " + clip(f.block, 80) + "."
			out.Evidence = append(out.Evidence, evidence(f.blockAt.String(), f.block))
			out.ProviderMessage = clip(f.blockMsg, 1000)
		}
	case fault.EmptyOutput:
		if w.Category != "" {
			out.Summary = "Nothing usable came: " + w.Category + "."
		}
	}
}

func (f *Facts) hasReasoning() bool {
	for i := range f.Choices {
		if f.Choices[i].Reasoning != "" {
			return true
		}
	}
	return false
}

// judgeRefusal judges a refusal field.
func (e *engine) judgeRefusal(f *Facts) (Diagnosis, bool) {
	for i := range f.Choices {
		c := &f.Choices[i]
		if strings.TrimSpace(c.Refusal) == "" || strings.TrimSpace(c.Text) != "" && len(c.Text) > len(c.Refusal) {
			continue
		}
		out := e.conclude(fault.Soft, fault.Refusal)
		out.Signature = "refusal-field"
		out.Evidence = []Evidence{evidence(c.refusalAt.String(), c.Refusal)}
		out.ProviderMessage = clip(c.Refusal, 1000)
		return out, true
	}
	return Diagnosis{}, false
}

// tailWords gives where the second word of a text begins, or the third half of it: a loop may have an introduction.
func tailWords(s string) int {
	if k := strings.IndexByte(s[:min(len(s), 60)], ' '); k > 0 {
		return k
	}
	return len(s) / 3
}
