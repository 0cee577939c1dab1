package capture

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"

	telltale "github.com/telltale-ai/telltale"
)

// statusLine reads "HTTP/1.1 429 Too Many Requests" and gives the status.
func statusLine(t []byte) (status int, ok bool) {
	if !bytes.HasPrefix(t, []byte("HTTP/")) || len(t) > 300 {
		return 0, false
	}
	_, rest, ok := bytes.Cut(t, []byte(" "))
	if !ok || len(rest) < 3 || (len(rest) > 3 && rest[3] != ' ' && rest[3] != '\r') {
		return 0, false
	}
	n, err := strconv.Atoi(string(rest[:3]))
	return n, err == nil && n >= 100 && n <= 599
}

// readStatusLine takes the text of an HTTP response: `curl -i`, or the raw bytes.
// Heads that only lead to another (a proxy's 200, 100 Continue, a redirect that was followed) are passed over.
func (s *scanner) readStatusLine(pos int) int {
	l := s.line(pos)
	status, ok := statusLine(s.text(l))
	if !ok {
		return pos
	}
	h, spans, body := s.headers(next(s.src, l))
	at := bytes.IndexByte(s.text(l), ' ') + 1 + l.Start
	end := s.toBoundary(body)
	it := item("HTTP response", Span{pos, end}, status, h, nil, nil)
	it.Status, it.Header = Span{at, at + 3}, spans
	if blank(s.src[body:end]) && leadsOn(status, s.text(l)) && end < len(s.src) {
		if _, more := statusLine(s.text(s.line(end))); more {
			s.redirected(status, h)
			return end
		}
	}
	s.setBody(&it, Span{body, end})
	s.add(it)
	return end
}

// leadsOn reports whether a head without a body is usually followed by the head that counts.
func leadsOn(status int, line []byte) bool {
	return status < 200 || status >= 300 && status < 400 || status == 407 || status == 401 ||
		bytes.Contains(bytes.ToLower(line), []byte("connection established"))
}

// redirected notes where a redirect led.
func (s *scanner) redirected(status int, h http.Header) {
	if to := h.Get("Location"); to != "" && s.request != nil && strings.Contains(to, "://") {
		s.request.req.URL = to
	}
}

// headers reads header lines from pos on: it gives them, where their values stand, and where the body begins.
func (s *scanner) headers(pos int) (http.Header, map[string]Span, int) {
	h, spans := http.Header{}, map[string]Span{}
	for pos < len(s.src) {
		l := s.line(pos)
		if l.Len() == 0 {
			return h, spans, next(s.src, l)
		}
		k, v, ok := headerLine(s.src, l)
		if !ok {
			return h, spans, pos
		}
		h.Add(k, string(s.text(v)))
		if _, seen := spans[strings.ToLower(k)]; !seen {
			spans[strings.ToLower(k)] = v
		}
		pos = next(s.src, l)
	}
	return h, spans, pos
}

// headerLine reads "Name: value".
func headerLine(src []byte, l Span) (name string, value Span, ok bool) {
	t := src[l.Start:l.End]
	pseudo := 0
	if len(t) > 0 && t[0] == ':' { // HTTP/2's own, as developer tools and event stream frames show them
		pseudo = 1
	}
	n := pseudo + bytes.IndexByte(t[pseudo:], ':')
	if n <= pseudo || n > 100 {
		return "", Span{}, false
	}
	for _, c := range t[pseudo:n] {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.') {
			return "", Span{}, false
		}
	}
	v := Span{l.Start + n + 1, l.End}
	for v.Start < v.End && (src[v.Start] == ' ' || src[v.Start] == '\t') {
		v.Start++
	}
	for v.End > v.Start && (src[v.End-1] == ' ' || src[v.End-1] == '\t') {
		v.End--
	}
	return string(t[:n]), v, true
}

// setBody gives the item the body that stands at sp: without the line that the terminal added,
// its chunks joined and its compression undone.
func (s *scanner) setBody(it *Item, sp Span) {
	r := it.Response
	if n, err := strconv.Atoi(r.Header.Get("Content-Length")); err == nil && n >= 0 {
		switch {
		case sp.Len() >= n && blank(s.src[sp.Start+n:sp.End]):
			sp.End = sp.Start + n
		case blank(s.text(sp)) && n > 0 && r.Status != http.StatusNotModified:
			it.Notes = append(it.Notes, "the body was not pasted")
			r.Partial = true
		}
	} else if blank(s.text(sp)) {
		sp.End = sp.Start
	}
	if strings.Contains(strings.ToLower(r.Header.Get("Transfer-Encoding")), "chunked") {
		if b, ok := dechunk(s.src, sp); ok {
			r.Body, it.Body = b.body, b.m
			s.inflate(it)
			return
		}
	}
	if r.Header.Get("Content-Length") == "" {
		sp = trimEnd(s.src, sp)
	}
	r.Body, it.Body = s.text(sp), whole(sp)
	s.inflate(it)
}

// inflate undoes gzip where the bytes are gzip. Other encodings are left to the diagnosis.
func (s *scanner) inflate(it *Item) {
	if !bytes.HasPrefix(it.Response.Body, []byte{0x1f, 0x8b}) {
		return
	}
	if plain, err := gunzip(it.Response.Body); err == nil {
		it.Response.Body, it.Body = plain, nil
		it.Response.Header.Del("Content-Encoding")
		it.Notes = append(it.Notes, "the body was decompressed (gzip)")
	}
}

// trimEnd drops the blank lines at the end of sp, which terminals and editors add, but for an event
// stream's own: there the end of a line is part of the format.
func trimEnd(src []byte, sp Span) Span {
	t := bytes.TrimRight(src[sp.Start:sp.End], " \t\r\n")
	if looksSSE(t) {
		return sp
	}
	return Span{sp.Start, sp.Start + len(t)}
}

// dechunk joins the chunks of a chunked body that was pasted with its framing. A body that has none gives false.
func dechunk(src []byte, sp Span) (*builder, bool) {
	b := &builder{src: src}
	for pos := sp.Start; pos < sp.End; {
		end := bytes.IndexByte(src[pos:sp.End], '\n')
		if end < 0 {
			return b, len(b.m) > 0
		}
		size, _, _ := bytes.Cut(bytes.TrimSpace(src[pos:pos+end]), []byte(";"))
		if len(size) == 0 && len(b.m) > 0 {
			pos += end + 1
			continue
		}
		n, err := strconv.ParseUint(string(size), 16, 31)
		if err != nil {
			return b, false
		}
		pos += end + 1
		if n == 0 {
			return b, true
		}
		stop := pos + int(n)
		if stop >= sp.End {
			b.take(Span{pos, sp.End})
			return b, true
		}
		if c := src[stop]; c != '\r' && c != '\n' {
			return b, false
		}
		b.take(Span{pos, stop})
		pos = stop
		if src[pos] == '\r' {
			pos++
		}
		if pos < sp.End && src[pos] == '\n' {
			pos++
		}
	}
	return b, len(b.m) > 0
}

// requestLine reads "POST /v1/chat/completions HTTP/1.1".
func requestLine(t []byte) (method, target string, ok bool) {
	f := strings.Fields(string(t[:min(len(t), 8192)]))
	if len(f) != 3 || !strings.HasPrefix(f[2], "HTTP/") || strings.ToUpper(f[0]) != f[0] || len(f[0]) > 10 {
		return "", "", false
	}
	return f[0], f[1], true
}

// readRequestLine takes the text of an HTTP request; the response that follows belongs to it.
func (s *scanner) readRequestLine(pos int) int {
	l := s.line(pos)
	if t := s.text(l); len(t) < 14 || t[0] < 'A' || t[0] > 'Z' || !bytes.Contains(t, []byte(" HTTP/")) {
		return pos
	}
	method, target, ok := requestLine(s.text(l))
	if !ok {
		return pos
	}
	h, _, body := s.headers(next(s.src, l))
	end := s.toBoundary(body)
	s.await(pending{
		req: telltale.Request{Method: method, URL: absolute(target, h.Get("Host")), Header: h, Body: bytes.TrimSpace(s.src[body:end])},
		at:  Span{pos, end}, format: "HTTP request",
	})
	return end
}

// absolute makes a URL of a request's target and host.
func absolute(target, host string) string {
	if strings.Contains(target, "://") || host == "" {
		return target
	}
	return "https://" + host + target
}

// canonical is a header's name as net/http spells it.
func canonical(name string) string { return http.CanonicalHeaderKey(name) }
