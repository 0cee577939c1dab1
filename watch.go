package telltale

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/internal/sse"
)

// Watch judges an event stream as it passes, with bounded memory. Get one from [Diagnoser.Watch],
// write to it every byte that came, and Close it at the end. It keeps no bytes that are written to it.
// It reads server-sent events, JSON values in a row (a line each, or in an array), and AWS event streams.
type Watch struct {
	d *Diagnoser
	e *engine
	x *Exchange
	p *catalog.Provider
	f Facts

	mode   int
	events sse.Parser
	values valueSplitter
	binary frameSplitter

	any      bool // an event was seen
	done     bool // [DONE]
	ended    bool // the dialect's own end
	strict   bool // the dialect has an end of its own, so its absence is a cut
	failed   []byte
	failedAt string
	httpCode int // status that a comment names
	bad      int // events that could not be read
	closed   *Diagnosis
	loops    []loopWatch // one for each choice, from the first call of Looping
}

const (
	modeUnknown = iota
	modeEvents
	modeValues
	modeBinary
)

// Watch begins to judge the body of x.Response, which is an event stream that is still to come (Body is ignored).
func (d *Diagnoser) Watch(x *Exchange) *Watch { return d.watch(x) }

func (d *Diagnoser) watch(x *Exchange) *Watch {
	e := d.engine()
	x = canonical(x)
	w := &Watch{d: d, e: e, x: x}
	w.f = Facts{X: x, tree: e.tree, kept: &d.schemas, Stream: true, copying: true, Surface: surfaceOf(x)}
	if w.p = e.provider(x); w.p != nil {
		w.f.Provider = w.p.ID
	}
	w.events.Fn = w.event
	w.values.fn = w.value
	w.binary.fn = w.frame
	if x.Response != nil {
		w.f.Status = x.Response.Status
		if strings.HasPrefix(get(x.Response.Header, "Content-Type"), "application/vnd.amazon.eventstream") {
			w.mode = modeBinary
		}
	}
	return w
}

// Write takes the next bytes of the stream. It never fails.
func (w *Watch) Write(p []byte) (int, error) {
	n := len(p)
	if w.mode == modeUnknown {
		for len(p) > 0 && (p[0] <= ' ' || p[0] == 0xEF || p[0] == 0xBB || p[0] == 0xBF) {
			p = p[1:]
		}
		if len(p) == 0 {
			return n, nil
		}
		w.mode = modeEvents
		if p[0] == '{' || p[0] == '[' {
			w.mode = modeValues
		}
	}
	switch w.mode {
	case modeEvents:
		w.events.Write(p)
	case modeValues:
		w.values.write(p)
	default:
		w.binary.write(p)
	}
	return n, nil
}

// event takes one server-sent event.
func (w *Watch) event(ev *sse.Event) {
	if c := ev.Comment; len(c) > 0 && bytes.HasPrefix(c, []byte("HTTP_STATUS/")) {
		if n, ok := number(val{raw: c[len("HTTP_STATUS/"):]}); ok {
			w.httpCode = int(n)
		}
	}
	data := bytes.TrimSpace(ev.Data)
	if len(data) == 0 {
		return
	}
	if string(data) == "[DONE]" {
		w.done, w.any = true, true
		return
	}
	switch {
	case ev.Field != "" && ev.Field != "data":
		w.fail(data, ev.Field)
	case ev.Name == "error" && !bytes.Contains(data[:min(len(data), 4096)], []byte(`"error":`)) && !bytes.Contains(data[:min(len(data), 4096)], []byte(`"error" :`)):
		w.any = true
		w.f.event++
		w.fail(data, "")
		return
	}
	w.value(data)
}

func (w *Watch) fail(data []byte, field string) {
	if w.failed == nil {
		w.failed = bytes.Clone(data[:min(len(data), 64<<10)])
		w.failedAt = at{n: w.e.tree, event: w.f.event + 1}.String()
		if field != "" {
			w.failedAt += "." + field
		}
	}
}

// value takes one JSON value of the stream, and those that are glued to it.
func (w *Watch) value(data []byte) {
	for len(data) > 0 {
		w.any = true
		w.f.event++
		n, whole := w.f.read(data)
		if w.f.lastType == "error" && w.f.err.kind == kindNone && w.failed == nil {
			w.f.event--
			w.fail(data[:min(n, len(data))], "") // the event is the error itself
			w.f.event++
		}
		w.note()
		if !whole {
			w.bad++
			// the next frame stands inside this one's string
			if k := bytes.Index(data[1:], []byte("data: {")); k >= 0 {
				data = data[1+k+len("data: "):]
				continue
			}
			return
		}
		data = bytes.TrimSpace(data[min(n, len(data)):])
		if len(data) == 0 || data[0] != '{' {
			return
		}
	}
}

// note looks for the end of the stream in what the last event said.
func (w *Watch) note() {
	switch t := w.f.lastType; t {
	case "":
	case "message_start", "message-start", "content-delta":
		w.strict = true
	case "message_stop", "message-end", "response.completed", "response.incomplete", "response.failed", "response.cancelled", "transcript.text.done", "stream-end":
		w.ended, w.strict = true, true
	default:
		if strings.HasPrefix(t, "response.") || strings.HasPrefix(t, "content_block") || strings.HasPrefix(t, "transcript.") {
			w.strict = true
		}
		if strings.HasSuffix(t, ".completed") && (strings.HasPrefix(t, "image_generation") || strings.HasPrefix(t, "image_edit")) {
			w.ended = true
		}
	}
	if w.f.done == isTrue || w.f.Object == "chat.completion.done" {
		w.ended = true
	}
	if w.f.lastObject == "chat.completion.done" {
		w.ended = true
	}
}

// Output reports whether an event with output (text, reasoning, a tool call, media) has been seen.
func (w *Watch) Output() bool {
	if w.f.Media > 0 {
		return true
	}
	for i := range w.f.Choices {
		c := &w.f.Choices[i]
		if c.text.n > 0 || c.whole.n > 0 || c.reasoning.n > 0 || c.refusal.n > 0 || len(c.ToolCalls) > 0 || c.other > 0 {
			return true
		}
	}
	return w.f.other > 0
}

// Failed reports whether an error event has been seen.
func (w *Watch) Failed() bool {
	return w.failed != nil || w.f.err.kind != kindNone || w.f.lastType == "error" || w.httpCode >= 400
}

// Ended reports whether the stream's own end (by the rules of its dialect) has been seen.
func (w *Watch) Ended() bool { return w.ended || w.done || w.finished() }

// finished reports whether every answer has said why it ended.
func (w *Watch) finished() bool {
	if w.f.block != "" {
		return true
	}
	for i := range w.f.Choices {
		if w.f.Choices[i].Finish == "" {
			return false
		}
	}
	return len(w.f.Choices) > 0 || w.f.block != ""
}

// Text returns the text that came so far, capped; it is what a continuation goes on from.
func (w *Watch) Text() string {
	if len(w.f.Choices) == 0 {
		return ""
	}
	c := &w.f.Choices[0]
	if s := c.text.String(); s != "" {
		return strings.Clone(s)
	}
	return strings.Clone(c.whole.String())
}

// Usage returns the token counts that the stream reported so far.
func (w *Watch) Usage() Usage { return w.f.Usage }

// looping reports whether a text ends in one piece, repeated many times and filling more than a few lines.
func looping(s string) bool {
	if len(s) < 400 {
		return false
	}
	t := s[max(0, len(s)-4096):]
	for period := 1; period <= 256 && period*6 <= len(t); period++ {
		n := 0
		for i := len(t) - 1; i >= period && t[i] == t[i-period]; i-- {
			n++
		}
		if n >= 300 && n >= period*8 {
			return true
		}
	}
	return false
}

// Close says what became of the stream. err is what ended the reading: nil or io.EOF for a clean end of the bytes.
func (w *Watch) Close(err error) Diagnosis {
	if w.closed != nil {
		return *w.closed
	}
	w.events.Close()
	w.values.close()
	d := w.verdict(err)
	w.closed = &d
	return d
}

func (w *Watch) verdict(err error) Diagnosis {
	e, f := w.e, &w.f
	if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	if w.x.Response == nil {
		return e.transport(w.x)
	}
	f.seal()
	if w.failed != nil {
		status := f.Status
		if w.httpCode >= 400 {
			status = w.httpCode
		}
		return e.finish(f, e.streamFailure(w.x, status, w.failed, w.failedAt, w.p), w.p)
	}
	if f.lastType == "error" && f.err.kind == kindNone {
		out := e.conclude(fault.Soft, fault.StreamInterrupted)
		out.Signature = "error-event"
		return e.finish(f, out, w.p)
	}
	if out, ok := e.judgeError(f, w.p); ok {
		return e.finish(f, out, w.p)
	}
	if f.Status < 200 || f.Status > 299 {
		return e.hard(w.x)
	}
	over := w.Ended()
	if w.strict && !w.ended && !w.done && !w.finished() {
		over = false
	}
	if err != nil && !(over && !w.strict) && !w.ended {
		return e.finish(f, w.cut(err), w.p)
	}
	if !w.any || w.done && len(f.Choices) == 0 && f.other == 0 && f.event == 0 {
		out := e.empty(f, fault.Silent, at{path: "body"}, "The stream held no event at all.")
		if w.done {
			out = e.empty(f, fault.Silent, at{path: "body"}, "The stream holds its end and nothing else.")
			if w.p != nil && w.p.ID == "llamacpp" {
				e.recast(&out, fault.ContextLengthExceeded)
				out.Likely = true
				e.explain(&out)
			}
		}
		return e.finish(f, out, w.p)
	}
	if !over && (len(f.Choices) > 0 || w.strict) && w.mustEnd() {
		return e.finish(f, w.cut(err), w.p)
	}
	if f.event <= 1 && !w.done { // one value: as if it were no stream
		f.Stream = false
	}
	return e.judge(w.d, f, w.p, true)
}

// mustEnd reports whether the end of this kind of stream is always said.
func (w *Watch) mustEnd() bool {
	if w.x.Response.Partial {
		return false
	}
	open := w.values.base == 1 && w.values.depth > 0 // an array whose end did not come
	if w.f.event == 1 && w.mode == modeValues && w.bad == 0 && w.f.done == unseen && !open {
		return false // a plain answer
	}
	return true
}

// cut is the verdict on a stream that ended without its end.
func (w *Watch) cut(err error) Diagnosis {
	out := w.e.conclude(fault.Soft, fault.StreamInterrupted)
	out.Signature = "stream-cut"
	text := w.Text()
	if looping(text) || w.f.done == isFalse && repeats(text) {
		out = w.e.conclude(fault.Soft, fault.Repetition)
		out.Signature = "stream-cut-loop"
		out.Summary = "The output fell into a loop and the server ended the stream."
	}
	if err != nil {
		out.Evidence = append(out.Evidence, evidence("error", err.Error()))
	}
	out.Evidence = append(out.Evidence, evidence(at{n: w.e.tree, event: max(w.f.event, 1)}.String(), "the last event; no end was said after it"))
	return out
}

// repeats reports whether a text is one short piece over and over.
func repeats(s string) bool {
	s = strings.TrimSpace(s)
	for period := 1; period <= 24 && period*12 <= len(s); period++ {
		if strings.Repeat(s[:period], len(s)/period) == s[:len(s)/period*period] {
			return true
		}
	}
	return false
}

// streamFailure judges an error that an event carries.
func (e *engine) streamFailure(x *Exchange, status int, raw []byte, where string, p *catalog.Provider) Diagnosis {
	return e.failure(x, fault.Soft, status, raw, where, p)
}
