package capture

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"

	"github.com/tidwall/gjson"
)

// jsonEnd finds the end of the object or array that begins at b[i]; false when the input ends inside it.
func jsonEnd(b []byte, i int) (end int, complete bool) {
	depth := 0
	for ; i < len(b); i++ {
		switch b[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth <= 0 {
				return i + 1, true
			}
		case '"':
			i = stringEnd(b, i) - 1
		}
	}
	return len(b), false
}

// stringEnd is the position after the string that begins with the quote at b[i], or the end of b.
func stringEnd(b []byte, i int) int {
	q := b[i]
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case q:
			return i + 1
		}
	}
	return len(b)
}

// beginsJSON reports whether a JSON object or array begins at b[i]: a bracket, and after it what JSON allows.
func beginsJSON(b []byte, i int) bool {
	if i >= len(b) || b[i] != '{' && b[i] != '[' {
		return false
	}
	rest := bytes.TrimLeft(b[i+1:min(len(b), i+300)], " \t\r\n")
	if len(rest) == 0 {
		return true
	}
	if b[i] == '{' {
		return rest[0] == '"' || rest[0] == '}'
	}
	return bytes.IndexByte([]byte(`{["]`), rest[0]) >= 0
}

// readJSON takes JSON values that stand one after the other: a body, the lines of a log, the parts of a
// stream in JSON lines, a HAR file.
func (s *scanner) readJSON(pos int) int {
	pad := pos
	for pad < len(s.src) && (s.src[pad] == ' ' || s.src[pad] == '\t') {
		pad++
	}
	if !beginsJSON(s.src, pad) {
		return pos
	}
	var run []Span
	at := pad
	for at < len(s.src) && beginsJSON(s.src, at) {
		end, complete := jsonEnd(s.src, at)
		run = append(run, Span{at, end})
		if at = end; !complete {
			break
		}
		for at < len(s.src) && bytes.IndexByte([]byte(" \t\r\n,"), s.src[at]) >= 0 {
			at++
		}
	}
	if len(run) > 1 && s.isChunk(run[0]) && s.isChunk(run[1]) {
		s.addBody("JSON lines", Span{run[0].Start, run[len(run)-1].End})
	} else {
		for _, sp := range run {
			s.readValue(sp)
		}
	}
	return s.restOfLine(at)
}

// restOfLine is the begin of the next line when nothing but blanks follows at; else at itself.
func (s *scanner) restOfLine(at int) int {
	if at >= len(s.src) || at > 0 && s.src[at-1] == '\n' {
		return at
	}
	return next(s.src, s.line(at))
}

// isChunk knows a part of an answer that comes in JSON lines.
func (s *scanner) isChunk(sp Span) bool {
	v := gjson.ParseBytes(s.text(sp)) // a part is small
	if o := v.Get("object").Str; len(o) > 6 && o[len(o)-6:] == ".chunk" {
		return true
	}
	return v.Get("done").IsBool() && (v.Get("message").Exists() || v.Get("response").Exists()) ||
		v.Get("candidates").IsArray() && !v.Get("error").Exists()
}

// readValue takes one JSON value for what it is: a HAR file, recorded exchanges, a log line, or a body.
func (s *scanner) readValue(sp Span) {
	doc := string(s.text(sp))
	d := document{s: s, doc: doc, base: sp.Start}
	if d.har() {
		return
	}
	v := gjson.Parse(doc)
	if v.IsArray() {
		n := 0
		v.ForEach(func(_, e gjson.Result) bool {
			if !e.IsObject() {
				return false
			}
			if !d.record(e) {
				return false
			}
			n++
			return true
		})
		if n > 0 {
			return
		}
	} else if d.record(v) || d.logLine(v) {
		return
	}
	s.addBody("JSON body", sp)
}

// addBody takes sp as the body of a response whose status was not pasted.
func (s *scanner) addBody(format string, sp Span) {
	body := s.text(sp)
	status, note := statedStatus(body)
	it := item(format, sp, status, map[string][]string{"Content-Type": {"application/json"}}, body, whole(sp))
	it.Notes = append(it.Notes, note)
	s.add(it)
}

// statedStatus tells the status that a bare body came with, as far as the body says:
// the number that an error states, 200 for what is no error, 0 when it cannot be known.
func statedStatus(body []byte) (int, string) {
	doc := string(body)
	v := gjson.Parse(doc)
	if v.IsArray() {
		v = v.Get("0")
	}
	if !isError(v) {
		return 200, "no status was pasted: taken as 200, because the body is no error object"
	}
	for _, p := range [...]string{"error.code", "error.status", "error.http_code", "error.status_code", "error.statusCode",
		"status", "statusCode", "status_code", "code", "error.error.code", "error.metadata.code"} {
		if n := v.Get(p).Int(); n >= 400 && n <= 599 {
			return int(n), fmt.Sprintf("no status was pasted: taken as %d, as %s says", n, p)
		}
	}
	return 0, unstated
}

const unstated = "no status was pasted, and the body does not state it"

// isError reports whether v has the shape of an error response, not of an answer or a task.
func isError(v gjson.Result) bool {
	for _, p := range [...]string{"choices", "candidates", "data", "output", "content", "task_status", "object", "embedding", "embeddings", "predictions"} {
		if r := v.Get(p); r.Exists() && r.Type != gjson.Null {
			return false
		}
	}
	if w := v.Get("status").Str; w != "" && (v.Get("id").Exists() || v.Get("task_id").Exists() || v.Get("request_id").Exists()) {
		return false // a task or a response object: it came with 200, whatever it says
	}
	if v.Get("done").Exists() && v.Get("name").Exists() {
		return false // a Google operation
	}
	for _, p := range [...]string{"error", "errors", "detail", "fault"} {
		if r := v.Get(p); r.Exists() && r.Type != gjson.Null && r.Type != gjson.False && r.Raw != `""` && r.Raw != "{}" {
			return true
		}
	}
	if c := strings.ToLower(v.Get("code").Str); c != "" && len(c) > 3 && !strings.HasPrefix(c, "succe") && strings.IndexFunc(c, unicode.IsLetter) >= 0 {
		return true
	}
	return v.Get("type").Str == "error" || v.Get("message").Type == gjson.String && !v.Get("role").Exists()
}

// unquote gives the text of the JSON string that stands at sp, quotes included, and where it stands.
func unquote(src []byte, sp Span) *builder {
	b := &builder{src: src}
	i, end := sp.Start+1, sp.End-1
	if sp.Len() < 2 {
		return b
	}
	run := i
	for i < end {
		if src[i] != '\\' || i+1 >= end {
			i++
			continue
		}
		b.take(Span{run, i})
		n, text := escape(src[i:end])
		b.put(i, text)
		i += n
		run = i
	}
	b.take(Span{run, end})
	return b
}

// document is a JSON value of the source that is read with gjson; base is where it begins.
type document struct {
	s    *scanner
	doc  string
	base int
}

// span tells where r stands in the source.
func (d document) span(r gjson.Result) Span {
	return Span{d.base + r.Index, d.base + r.Index + len(r.Raw)}
}

// first is the first of the paths that v has, null left out.
func first(v gjson.Result, paths ...string) gjson.Result {
	for _, p := range paths {
		if r := v.Get(p); r.Exists() && r.Type != gjson.Null {
			return r
		}
	}
	return gjson.Result{}
}
