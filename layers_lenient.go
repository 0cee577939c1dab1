package telltale

import "bytes"

// lenient is a place in a text that should be JSON.
type lenient struct {
	b       []byte
	i       int
	escaped bool // quotes are written \" as inside another string
}

func (s *lenient) space() {
	for s.i < len(s.b) && (s.b[s.i] <= ' ' || s.b[s.i] == '\\' && s.i+1 < len(s.b) && (s.b[s.i+1] == 'n' || s.b[s.i+1] == 't' || s.b[s.i+1] == 'r')) {
		if s.b[s.i] == '\\' {
			s.i++
		}
		s.i++
	}
}

// quote reports the quote that begins here, 0 for none.
func (s *lenient) quote() byte {
	if s.i >= len(s.b) {
		return 0
	}
	c := s.b[s.i]
	if c == '\\' && s.i+1 < len(s.b) && s.b[s.i+1] == '"' {
		return '\\'
	}
	if c == 'b' && s.i+1 < len(s.b) && (s.b[s.i+1] == '\'' || s.b[s.i+1] == '"') { // Python bytes
		s.i++
		c = s.b[s.i]
	}
	if c == '"' || c == '\'' {
		return c
	}
	return 0
}

// str reads a string that begins with quote q.
func (s *lenient) str(q byte) string {
	s.i++
	if q == '\\' {
		s.i++
		start := s.i
		if k := bytes.Index(s.b[s.i:], []byte(`\"`)); k >= 0 {
			// a doubly escaped quote (\\\") belongs to the string
			end := s.i + k
			for end > start && s.b[end-1] == '\\' {
				next := bytes.Index(s.b[end+2:], []byte(`\"`))
				if next < 0 {
					end = len(s.b)
					break
				}
				end += 2 + next
			}
			s.i = min(end+2, len(s.b))
			first := appendUnquoted(nil, s.b[start:min(end, len(s.b))])
			return string(appendUnquoted(nil, first))
		}
		s.i = len(s.b)
		return string(s.b[start:])
	}
	start, escapes := s.i, false
	for s.i < len(s.b) {
		switch c := s.b[s.i]; {
		case c == '\\':
			escapes = true
			s.i += 2
			continue
		case c == q:
			raw := s.b[start:s.i]
			s.i++
			if !escapes {
				return view(raw)
			}
			return view(appendUnquoted(make([]byte, 0, len(raw)), raw))
		}
		s.i++
	}
	s.i = len(s.b)
	return string(appendUnquoted(nil, s.b[min(start, len(s.b)):]))
}

func (s *lenient) bare() string {
	start := s.i
	for s.i < len(s.b) && s.b[s.i] > ' ' && s.b[s.i] != ',' && s.b[s.i] != '}' && s.b[s.i] != ']' {
		s.i++
	}
	if s.i == start && s.i < len(s.b) {
		s.i++
	}
	return view(s.b[start:s.i])
}
