package capture

import "bytes"

// eventLine knows a line of an event stream.
func eventLine(t []byte) bool {
	for _, p := range [...]string{"data:", "event:", "id:", "retry:", ": "} {
		if bytes.HasPrefix(t, []byte(p)) {
			return true
		}
	}
	return false
}

// looksSSE reports whether a body begins as an event stream does.
func looksSSE(b []byte) bool {
	b = bytes.TrimLeft(b, " \r\n")
	return bytes.HasPrefix(b, []byte("data:")) || bytes.HasPrefix(b, []byte("event:")) ||
		(eventLine(b) && (bytes.Contains(b[:min(len(b), 4096)], []byte("\ndata:")) || bytes.Contains(b[:min(len(b), 4096)], []byte("\nevent:"))))
}

// readEvents takes an event stream up to where another exchange begins. Lines that are no part of the
// format stay inside: they may be what is wrong with it.
func (s *scanner) readEvents(pos int) int {
	if !eventLine(s.text(s.line(pos))) || !looksSSE(s.src[pos:]) {
		return pos
	}
	end := s.toBoundary(pos)
	it := item("event stream", Span{pos, end}, 200, map[string][]string{"Content-Type": {"text/event-stream"}}, s.src[pos:end], whole(Span{pos, end}))
	it.Notes = append(it.Notes, "no status was pasted: an event stream comes with 200")
	s.add(it)
	return end
}
