package capture

import (
	"bytes"
	"net/http"

	telltale "github.com/telltale-ai/telltale"
)

// scanner goes through the source once, line by line. At each line the readers are asked in turn;
// the first that knows the line takes as much as belongs to it.
type scanner struct {
	src   []byte
	items []Item

	request *pending // a request whose response has not come yet
	chained bool     // the next error found belongs to the one before (a traceback's cause)
	loose   []Span   // lines that no reader knew
	open    int      // index+1 of the item that a transport error may still belong to
	spent   int      // bytes that were read in vain
}

// pending is a request that was seen before its response.
type pending struct {
	req    telltale.Request
	at     Span
	format string
}

// reader takes an exchange, or a part of one, that begins at pos (a line's begin).
// It returns the position after what it took, or pos when the line is not its own.
type reader func(s *scanner, pos int) int

// readers lists the readers in the order of how surely they know their own lines.
func readers() [11]reader {
	return [...]reader{
		(*scanner).readStatusLine,
		(*scanner).readRequestLine,
		(*scanner).readVerbose,
		(*scanner).readCurlError,
		(*scanner).readCommand,
		(*scanner).readEvents,
		(*scanner).readJSON,
		(*scanner).readHTML,
		(*scanner).readURL,
		(*scanner).readFailure,
		(*scanner).readLogLine,
	}
}

func (s *scanner) run() {
	for pos := 0; pos < len(s.src); {
		pos = s.step(pos)
	}
	s.flushRequest()
	if len(s.items) == 0 {
		s.readLoose()
	}
}

func (s *scanner) step(pos int) int {
	line := s.line(pos)
	if len(bytes.TrimSpace(s.src[line.Start:line.End])) == 0 || s.isFence(line) {
		return next(s.src, line)
	}
	for _, read := range readers() {
		if to := read(s, pos); to > pos {
			return to
		}
	}
	s.loose = append(s.loose, line)
	return next(s.src, line)
}

// line is the line that begins at pos, without its end.
func (s *scanner) line(pos int) Span {
	end := len(s.src)
	if n := bytes.IndexByte(s.src[pos:], '\n'); n >= 0 {
		end = pos + n
	}
	if end > pos && s.src[end-1] == '\r' {
		end--
	}
	return Span{pos, end}
}

// next is the begin of the line after l.
func next(src []byte, l Span) int {
	if l.End < len(src) && src[l.End] == '\r' {
		l.End++
	}
	return min(l.End+1, len(src))
}

func (s *scanner) text(sp Span) []byte { return s.src[sp.Start:sp.End] }

// isFence knows the lines that begin and end a block of code in Markdown.
func (s *scanner) isFence(l Span) bool {
	t := bytes.TrimSpace(s.text(l))
	return bytes.HasPrefix(t, []byte("```")) && len(t) < 40 || bytes.Equal(t, []byte("~~~"))
}

// boundary reports whether a new exchange surely begins at this line, whatever came before.
func (s *scanner) boundary(l Span) bool {
	t := s.text(l)
	if len(t) == 0 {
		return false
	}
	switch t[0] {
	case 'H':
		_, ok := statusLine(t)
		return ok
	case 'c':
		return bytes.HasPrefix(t, []byte("curl: ("))
	case 'T':
		return bytes.HasPrefix(t, []byte("Traceback (most recent call last)"))
	case '`', '~':
		return s.isFence(l)
	}
	_, ok := command(t)
	return ok
}

// toBoundary is the end of what goes on from pos until another exchange begins.
func (s *scanner) toBoundary(pos int) int {
	for pos < len(s.src) {
		l := s.line(pos)
		if s.boundary(l) {
			return pos
		}
		pos = next(s.src, l)
	}
	return len(s.src)
}

// add keeps an item; a request that waited for its response becomes the item's.
func (s *scanner) add(it Item) {
	if p := s.request; p != nil {
		s.request = nil
		mergeRequest(&it.Request, p.req)
		it.At.Start = min(it.At.Start, p.at.Start)
		if it.Name == "" {
			it.Name = name(it.Request)
		}
	}
	s.items = append(s.items, it)
	s.open = len(s.items)
}

// mergeRequest fills what is empty in r from p.
func mergeRequest(r *telltale.Request, p telltale.Request) {
	if r.Method == "" {
		r.Method = p.Method
	}
	if r.URL == "" {
		r.URL = p.URL
	}
	if r.Surface == "" {
		r.Surface = p.Surface
	}
	if r.Header == nil {
		r.Header = p.Header
	}
	if r.Body == nil {
		r.Body = p.Body
	}
}

// name says which exchange r belongs to.
func name(r telltale.Request) string {
	switch {
	case r.URL == "":
		return ""
	case r.Method == "":
		return r.URL
	}
	return r.Method + " " + r.URL
}

// await remembers a request until its response is read. One that never got a response is dropped
// unless nothing else is found: a command alone broke nothing.
func (s *scanner) await(p pending) {
	if s.request != nil {
		mergeRequest(&p.req, s.request.req)
		p.at.Start = min(p.at.Start, s.request.at.Start)
	}
	s.request = &p
}

func (s *scanner) flushRequest() { s.request = nil }

// item makes an item with a response.
func item(format string, at Span, status int, header http.Header, body []byte, m Map) Item {
	return Item{
		Exchange: telltale.Exchange{Response: &telltale.Response{Status: status, Header: header, Body: body}},
		Format:   format, At: at, Body: m,
	}
}
