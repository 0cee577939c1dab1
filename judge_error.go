package telltale

import (
	"strings"

	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/fault"
)

// judgeError judges an error that stands in a success.
func (e *engine) judgeError(f *Facts, p *catalog.Provider) (Diagnosis, bool) {
	if f.err.kind == kindNone {
		return e.judgeOddError(f, p)
	}
	if f.taskLike() && f.status != "" && !f.Stream && f.output() == 0 && !errorSurface(f.Surface) && len(f.Choices) == 0 {
		if _, known := taskWord(f.status); known {
			return Diagnosis{}, false // a task's own error: judged with the task
		}
	}
	if f.taskLike() && !f.Stream && f.output() == 0 && isOperation(f.X.Response.Body) {
		return Diagnosis{}, false // how an operation of Google's ended
	}
	if f.taskLike() && !f.Stream && f.output() == 0 && f.errAt.n != nil && f.errAt.n.up != nil && f.errAt.n.up.up != nil && e.nestedStatus(f) {
		if v := e.readTask(f, p); v.Known {
			return Diagnosis{}, false // the error of a task that an envelope carries
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
		case top.ack():
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

// ack reports whether the message says that the call itself succeeded: it speaks of the query, not of a task.
func (k *keySet) ack() bool {
	for i := 0; i < k.n; i++ {
		if k.keys[i] == "message" || k.keys[i] == "msg" || k.keys[i] == "description" {
			switch strings.ToLower(k.vals[i]) {
			case "success", "succeed", "ok", "successful", "成功", "操作成功", "请求成功":
				return true
			}
		}
	}
	return false
}
