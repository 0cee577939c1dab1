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

// judgeError judges an error that stands in a success.
func (e *engine) judgeError(f *Facts, p *catalog.Provider) (Diagnosis, bool) {
	if f.err.kind == kindNone {
		return e.judgeOddError(f, p)
	}
	if f.taskLike() && f.status != "" && f.Stream == false && f.output() == 0 && !errorSurface(f.Surface) && len(f.Choices) == 0 {
		if _, known := taskWord(f.status); known {
			return Diagnosis{}, false // a task's own error: judged with the task
		}
	}
	raw := f.err.raw
	where := f.errAt.String()
	body := raw
	if f.err.kind == kindString {
		body = []byte(`{"error":"` + view(raw) + `"}`)
		where = strings.TrimSuffix(where, ".error")
	} else if f.err.kind != kindObject && f.err.kind != kindArray {
		return Diagnosis{}, false
	}
	if !saysSomething(body) {
		return Diagnosis{}, false
	}
	out := e.failure(f.X, fault.Soft, f.Status, body, where, p)
	for i := range f.Choices { // an error after the limit was reached says the same again
		if w := e.finishes[foldCode(f.Choices[i].Finish)]; w != nil && w.Cause == fault.Truncated && (out.Cause == fault.InvalidRequest || out.Cause == fault.ServerError) {
			e.recast(&out, fault.Truncated)
		}
	}
	return out, true
}

func errorSurface(s Surface) bool {
	switch s {
	case Chat, Responses, Messages, GenerateContent, Converse, Embeddings:
		return true
	}
	return false
}

// saysSomething reports whether an error object holds more than empty fields.
func saysSomething(body []byte) bool {
	w := walkBody(nil, body, "")
	for i := range w.layers {
		if len(w.layers[i].words) > 0 && w.layers[i].words[0].value != "0" || len(w.layers[i].text) > 0 {
			return true
		}
	}
	return false
}

// output counts what is usable in the answer.
func (f *Facts) output() int {
	n := f.Media + f.Vectors
	for i := range f.Choices {
		c := &f.Choices[i]
		n += len(c.ToolCalls) + c.other
		if c.Text != "" || c.Refusal != "" {
			n++
		}
	}
	return n
}

// judgeOddError finds errors that do not stand under "error": flat codes, base_resp, detail, success false.
func (e *engine) judgeOddError(f *Facts, p *catalog.Provider) (Diagnosis, bool) {
	if f.Stream || f.output() > 0 || len(f.Choices) > 0 && f.code.kind == kindNone || f.other > 0 && f.code.kind == kindNone {
		return Diagnosis{}, false
	}
	if f.results == isThere {
		return Diagnosis{}, false
	}
	body := f.X.Response.Body
	top := topKeys(body)
	odd := top.has("detail") && top.n <= 3 || top.is("type", "error") || top.is("object", "error") || top.is("success", "false") && (top.has("message") || top.has("msg") || top.has("errors")) ||
		top.has("error_code") && top.has("error_msg") || top.has("errors") && top.n <= 3 && !top.is("errors", "[]") || top.has("error_type") && top.has("error_message") ||
		top.has("message") && top.n <= 2 && f.results == unseen && f.Surface != Models && !top.has("id")
	if f.code.kind != kindNone && (top.has("message") || top.has("msg") || top.has("description") || top.has("base_resp") || top.has("error_msg") || top.has("errmsg")) {
		switch code := string(f.code.raw); {
		case top.has("description"): // Midjourney's submit codes
			if out, ok := e.judgeSubmit(f, code, p); ok {
				return out, true
			}
			odd = true
		case strings.HasPrefix(code, "2") && len(code) == 3 || code == "1" || strings.EqualFold(code, "success") || strings.EqualFold(code, "ok") || strings.EqualFold(code, "succeed"):
		default:
			odd = true
		}
	}
	if !odd {
		return Diagnosis{}, false
	}
	if f.taskLike() {
		if _, known := taskWord(f.status); known {
			return Diagnosis{}, false
		}
	}
	out := e.failure(f.X, fault.Soft, f.Status, body, "body", p)
	return out, true
}

// judgeSubmit reads the submit codes of the Midjourney proxies.
func (e *engine) judgeSubmit(f *Facts, code string, p *catalog.Provider) (Diagnosis, bool) {
	var out Diagnosis
	switch code {
	case "1", "21":
		out = e.conclude(fault.OK, fault.None)
		if code == "1" {
			out = e.conclude(fault.OK, fault.Pending)
		}
	case "22":
		out = e.conclude(fault.OK, fault.Pending)
		out.Summary = "The task was accepted and waits in a queue."
	case "23":
		out = e.conclude(fault.Soft, fault.Overloaded)
		out.Summary = "The queue is full; nothing was queued."
	case "24":
		out = e.conclude(fault.Soft, fault.ContentFilter)
	default:
		return out, false
	}
	out.Signature = "midjourney-submit-" + code
	out.Evidence = []Evidence{evidence(f.codeAt.String(), code)}
	if out.Class != fault.OK {
		w := walkBody(e.m, f.X.Response.Body, "body")
		e.words(f.X, &out, w.layers, p, nil, false)
	}
	return out, true
}

// judgeBlock judges a prompt or output that was withheld.
func (e *engine) judgeBlock(f *Facts, p *catalog.Provider) (Diagnosis, bool) {
	if f.block == "" || f.output() > 0 && !(f.Stream && !f.finishSaid()) {
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
		if (cause == fault.ToolCalls || cause == fault.None) && c.Native != "" {
			n := Choice{Finish: c.Native}
			if nw := e.finishCause(&n); nw != nil && (nw.Cause == fault.Truncated && c.broken() || nw.Cause == fault.ContentFilter && c.Text == "" && len(c.ToolCalls) == 0 || nw.Cause == fault.InvalidToolCall) {
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

// judgeEmpty judges an answer in which there is nothing.
func (e *engine) judgeEmpty(f *Facts, p *catalog.Provider) (Diagnosis, bool) {
	usable := f.Media + f.Vectors
	for i := range f.Choices {
		c := &f.Choices[i]
		usable += len(c.ToolCalls) + c.other
		if hasText(c.Text) {
			usable++
		}
	}
	if usable > 0 {
		return Diagnosis{}, false
	}
	if f.Surface == Embeddings || f.vectors != unseen {
		if f.vectors == isEmpty && f.vectorAt.n.up != nil || f.vectors == isNull || f.vectors == unseen && (f.results == isEmpty || f.results == isNull) {
			if f.vectors == isEmpty && len(f.X.Request.Body) > 0 && f.Request().Prompt == "" && f.Request().Known && string(f.Request().Field("input")) == `""` {
				return Diagnosis{}, false // nothing was asked for
			}
			return e.empty(f, fault.Soft, f.vectorAt, "The list of embeddings is empty or null."), true
		}
	}
	if len(f.Choices) > 0 && foldCode(f.Choices[0].Finish) == "stopsequence" {
		return Diagnosis{}, false // the caller's own stop sequence came first
	}
	reasoned := f.hasReasoning()
	if len(f.Choices) == 0 || f.results == isNull || f.results == isEmpty && !f.Stream {
		switch f.results {
		case isNull, isEmpty:
			if f.Surface == Models || f.Surface == "" && !f.textResults() {
				return Diagnosis{}, false
			}
			if f.Surface == Images || f.Surface == "" && f.resultsAt.n != nil && f.resultsAt.n.name == "data" {
				out := e.conclude(fault.Soft, fault.ContentFilter)
				out.Likely = true
				out.Signature = "images-empty"
				out.Summary = "Likely the prompt was filtered: the answer is a success without any image."
				out.Evidence = []Evidence{evidence(f.resultsAt.String(), stateWord(f.results))}
				return out, true
			}
			return e.empty(f, fault.Soft, f.resultsAt, "The list of results is "+stateWord(f.results)+"."), true
		}
		if f.Stream && len(f.Choices) == 0 && f.other == 0 {
			return e.empty(f, fault.Silent, at{path: "body"}, "The stream held no output at all."), true
		}
		return e.judgeShape(f, p)
	}
	if r := f.X.Request.Body; len(r) > 0 && f.Surface == Chat && f.Request().Known && f.Request().empty() {
		out := e.conclude(fault.Silent, fault.InvalidRequest)
		out.Signature = "request-without-messages"
		out.Summary = "The answer is empty because the request holds neither messages nor a prompt; the server ignores keys that it does not know."
		out.Evidence = []Evidence{evidence("request", view(r))}
		return out, true
	}
	c := &f.Choices[0]
	if c.seenText || c.textAt.seen() || c.finishAt.seen() || c.parts > 0 || reasoned || f.results == isThere {
		class := fault.Silent
		if c.server > 0 {
			return Diagnosis{}, false
		}
		where := c.textAt
		if !where.seen() {
			where = c.finishAt
		}
		if !where.seen() {
			where = f.resultsAt
		}
		summary := "The provider claims success, but the answer is empty."
		if reasoned {
			summary = "The answer is empty although there is reasoning: the answer may stand in the reasoning."
		} else if f.HasUsage && f.Usage.Output == 0 {
			summary = "The answer is empty and no token was counted: the upstream failed and nobody said so."
		}
		if f.done == isFalse && !f.Stream {
			class = fault.Soft
		}
		return e.empty(f, class, where, summary), true
	}
	return e.judgeShape(f, p)
}

func stateWord(s state) string {
	switch s {
	case isNull:
		return "null"
	case isEmpty:
		return "empty"
	}
	return "missing"
}

// textResults reports whether the list of results is one that holds answers, whatever the surface.
func (f *Facts) textResults() bool {
	if f.resultsAt.n == nil {
		return false
	}
	switch f.resultsAt.n.name {
	case "choices", "candidates", "content", "output":
		return true
	case "data":
		return f.keys <= 3 && f.Object == ""
	}
	return false
}

func (e *engine) empty(f *Facts, class fault.Class, where at, summary string) Diagnosis {
	out := e.conclude(class, fault.EmptyOutput)
	out.Signature = "empty"
	out.Summary = summary
	value := ""
	if f.HasUsage {
		value = "output tokens: " + strconv.FormatInt(f.Usage.Output, 10)
	}
	out.Evidence = []Evidence{evidence(where.String(), value)}
	return out
}

// hasText reports whether there is more than white space.
func hasText(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] > ' ' {
			return true
		}
	}
	return false
}

// judgeShape judges an answer in which nothing known was found.
func (e *engine) judgeShape(f *Facts, p *catalog.Provider) (Diagnosis, bool) {
	if f.Stream || f.other > 0 || f.status != "" || f.X.Response == nil || f.HasUsage {
		return Diagnosis{}, false
	}
	top := topKeys(f.X.Response.Body)
	echo := top.has("method") && (top.has("pathname") || top.has("path") || top.has("url") || top.has("headers")) && (top.has("headers") || top.has("contentType") || top.has("origin") || top.has("pathname"))
	if !echo && (!errorSurface(f.Surface) || f.Surface == Responses && top.has("object") || f.Object != "") {
		return Diagnosis{}, false
	}
	if !echo && top.n == 0 && f.Surface != Chat && f.Surface != Messages {
		return Diagnosis{}, false
	}
	out := e.conclude(fault.Silent, fault.NotAPIResponse)
	out.Signature = "foreign-json"
	out.Likely = true
	out.Summary = "Likely another server answered: the JSON has nothing in it that this API's answers have."
	out.Evidence = []Evidence{evidence("body", view(f.X.Response.Body))}
	return out, true
}

// keySet is what stands at the top of an object.
type keySet struct {
	n    int
	keys [24]string
	vals [24]string
}

func topKeys(b []byte) *keySet {
	k := &keySet{}
	s := scanner{b: b}
	s.space()
	if s.i >= len(b) || b[s.i] != '{' {
		return k
	}
	s.i++
	for k.n < len(k.keys) {
		key, ok := s.key()
		if !ok {
			break
		}
		v := s.skip()
		k.keys[k.n], k.vals[k.n] = view(key), strings.Trim(view(v), `"`)
		k.n++
		if s.bad || !s.more('}') {
			break
		}
	}
	return k
}

func (k *keySet) has(key string) bool {
	for i := 0; i < k.n; i++ {
		if k.keys[i] == key {
			return k.vals[i] != "null"
		}
	}
	return false
}

func (k *keySet) is(key, value string) bool {
	for i := 0; i < k.n; i++ {
		if k.keys[i] == key {
			return k.vals[i] == value
		}
	}
	return false
}
