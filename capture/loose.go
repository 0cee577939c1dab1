package capture

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"

	"github.com/tidwall/gjson"

	telltale "github.com/telltale-ai/telltale"
)

var rePrinted = regexp.MustCompile(`^[A-Z]\w+\(\w+=`)

// readLogLine takes a response that stands inside a line of text: `ERROR upstream said {"error": ...}`.
func (s *scanner) readLogLine(pos int) int {
	l := s.line(pos)
	t := s.text(l)
	n := bytes.IndexByte(t, '{')
	if m := rePrinted.Find(t[:min(len(t), 200)]); m != nil { // an object of a Python SDK: ChatCompletion(id=...
		n = 0
	}
	if n < 0 || n > 4096 {
		return pos
	}
	at := l.Start + n
	if beginsJSON(s.src, at) {
		if !s.afford(0) {
			return pos
		}
		end, complete := jsonEnd(s.src, at)
		s.afford(end - at)
		if !complete || !json.Valid(s.src[at:end]) {
			return pos
		}
		return s.embedded(pos, Span{at, end}, s.src[at:end], whole(Span{at, end}), end)
	}
	b, end, ok := s.literal(at)
	if !ok || !json.Valid(b.body) {
		return pos
	}
	return s.embedded(pos, Span{at, end}, b.body, b.m, end)
}

// embedded keeps a body that was found inside a line if it is an error or an answer, not a request or anything else.
func (s *scanner) embedded(pos int, sp Span, body []byte, m Map, end int) int {
	v := gjson.ParseBytes(body)
	before := len(s.items)
	if d := (document{s: s, doc: string(body), base: sp.Start}); len(m) == 1 && d.record(v) {
		return s.restOfLine(max(end, s.line(pos).End))
	}
	if !isError(v) && !isAnswer(v) && !(sp.Start == pos && isTask(v)) || len(s.items) != before {
		return pos
	}
	status, note := statedStatus(body)
	it := item("log line", Span{pos, end}, status, nil, body, m)
	if r := reAnywhere.FindSubmatchIndex(s.src[pos:sp.Start]); r != nil && (status == 0 || status == 200) {
		it.Status = group(r, pos)
		it.Response.Status, _ = strconv.Atoi(string(s.text(it.Status)))
	} else {
		it.Notes = append(it.Notes, note)
	}
	s.add(it)
	return s.restOfLine(end)
}

// group is the status that reAnywhere found, in a text that begins at base.
func group(m []int, base int) Span {
	if m[2] >= 0 {
		return Span{base + m[2], base + m[3]}
	}
	return Span{base + m[4], base + m[5]}
}

// isTask knows what task APIs answer with.
func isTask(v gjson.Result) bool {
	return first(v, "id", "task_id", "request_id").Exists() && first(v, "status", "state", "task_status", "output.task_status", "data.task_status").Exists()
}

// isAnswer knows what models answer with.
func isAnswer(v gjson.Result) bool {
	return v.Get("choices").IsArray() || v.Get("candidates").IsArray() || v.Get("output").IsArray() ||
		v.Get("type").Str == "message" && v.Get("content").IsArray() || v.Get("promptFeedback").Exists()
}

// logLine takes a line of a structured log that tells of a failed call in words.
func (d document) logLine(v gjson.Result) bool {
	level := first(v, "level", "severity", "levelname", "lvl", "log\\.level", "log.level")
	when := first(v, "time", "timestamp", "ts", "@timestamp", "asctime")
	words := first(v, "msg", "message", "event", "text", "err", "error", "exception")
	if !words.Exists() || !level.Exists() && !(when.Exists() && v.Get("msg").Exists()) || isAnswer(v) {
		return false
	}
	for _, p := range [...]string{"error", "err", "err.message", "error.message", "exception", "exc_info", "exception.message", "err.stack", "error.stack", "stack", "stack_trace", "traceback", "msg", "message", "event", "text"} {
		r := v.Get(p)
		if r.Type != gjson.String || len(r.Raw) < 8 {
			continue
		}
		u := unquote(d.s.src, d.span(r))
		sub := &scanner{src: u.body}
		sub.run()
		for _, it := range sub.items {
			if it.Format == "URL" {
				continue
			}
			it.lift(u.m, d.span(v))
			if st := first(v, statusKeys...); it.Response != nil && it.Response.Status == 0 && st.Int() >= 100 {
				it.Response.Status, it.Status = int(st.Int()), d.span(st)
			}
			mergeRequest(&it.Request, d.request(v))
			d.s.add(it)
		}
		if len(sub.items) > 0 {
			return true
		}
	}
	if st := first(v, statusKeys...); st.Int() >= 400 && st.Int() <= 599 && words.Type == gjson.String {
		l := &literals{builder: builder{src: d.s.src}}
		l.add(`{"error":{"message":`)
		l.take(d.span(words))
		l.add("}}")
		it := item("log line", d.span(v), int(st.Int()), nil, l.body, l.m)
		it.Status, it.Request = d.span(st), d.request(v)
		d.s.add(it)
	}
	return true
}

// lift moves an item that was found in a string to where that string stands.
func (it *Item) lift(m Map, at Span) {
	it.Format = "log line"
	it.At = at
	it.Body = it.Body.through(m)
	if it.Status.Len() > 0 {
		it.Status, _ = m.Span(it.Status.Start, it.Status.End)
	}
	for k, sp := range it.Header {
		it.Header[k], _ = m.Span(sp.Start, sp.End)
	}
}

// readLoose looks for a failure in plain words, when no reader knew anything.
func (s *scanner) readLoose() {
	for _, l := range s.loose {
		t := s.text(l)
		if len(t) > 64<<10 {
			t = t[:64<<10]
		}
		if saysTransport(t) {
			it := Item{Format: "error message", At: l, Body: whole(l)}
			it.Err = errors.New(string(bytes.TrimSpace(t[:min(len(t), 2000)])))
			s.add(it)
			return
		}
	}
	for _, l := range s.loose {
		t := s.text(l)[:min(l.Len(), 4096)]
		m := reAnywhere.FindSubmatchIndex(t)
		if m == nil {
			continue
		}
		it := Item{Format: "error message", At: l, Status: group(m, l.Start)}
		status, _ := strconv.Atoi(string(s.text(it.Status)))
		it.Response = &telltale.Response{Status: status}
		s.errorBody(&it, l)
		s.add(it)
		return
	}
	s.readBareText()
}

// readBareText takes a few plain words for a body when they are words that a provider says.
func (s *scanner) readBareText() {
	sp := trimEnd(s.src, Span{0, len(s.src)})
	if sp.Len() > 4096 || sp.Len() > 0 && (s.src[sp.Start] == '{' || s.src[sp.Start] == '[') {
		return
	}
	it := item("text body", sp, 0, nil, s.text(sp), whole(sp))
	if m := reNumber.FindSubmatchIndex(s.text(sp)); m != nil && sp.Len() < 200 {
		it.Response.Status, _ = strconv.Atoi(string(s.src[m[2]:m[3]]))
		it.Status = Span{m[2], m[3]}
		s.add(it)
		return
	}
	it.Notes = []string{unstated}
	if d := Diagnose(&it.Exchange); !d.OK() {
		s.add(it)
	}
}
