package telltale

import (
	"encoding/binary"

	"github.com/telltale-ai/telltale/internal/sse"
)

// valueSplitter cuts a stream of JSON values in a row, or of the elements of one array, into values.
type valueSplitter struct {
	fn    func([]byte)
	buf   []byte
	depth int
	base  int // depth of the values: 1 inside an array
	str   bool
	esc   bool
	began bool
	cut   bool
}

func (v *valueSplitter) write(b []byte) {
	for len(b) > 0 {
		if !v.began && len(v.buf) == 0 && v.depth == 0 && b[0] == '[' && v.base == 0 {
			v.base, v.depth, v.began = 1, 1, true
			b = b[1:]
			continue
		}
		v.began = true
		end := v.scan(b)
		v.keep(b[:end])
		if end < len(b) || v.whole() {
			v.flush()
		}
		b = b[end:]
	}
}

// whole reports whether the buffer ends with a value's end.
func (v *valueSplitter) whole() bool {
	return v.depth == v.base && len(v.buf) > 0 && v.buf[len(v.buf)-1] == '}'
}

// scan steps to behind the end of a value, or to the end of b.
func (v *valueSplitter) scan(b []byte) int {
	for i, c := range b {
		if v.str {
			switch {
			case v.esc:
				v.esc = false
			case c == '\\':
				v.esc = true
			case c == '"':
				v.str = false
			}
			continue
		}
		switch c {
		case '"':
			v.str = v.depth > v.base
		case '{', '[':
			v.depth++
		case '}', ']':
			if v.depth > 0 {
				v.depth--
			}
			if v.depth == v.base {
				return i + 1
			}
		}
	}
	return len(b)
}

func (v *valueSplitter) keep(b []byte) {
	if len(v.buf) == 0 { // what stands between values
		for len(b) > 0 && b[0] != '{' && b[0] != '[' {
			b = b[1:]
		}
	}
	if room := sse.MaxData - len(v.buf); len(b) > room {
		b = b[:max(room, 0)]
		v.cut = true
	}
	v.buf = append(v.buf, b...)
}

func (v *valueSplitter) flush() {
	if len(v.buf) > 0 {
		v.fn(v.buf)
	}
	v.buf = v.buf[:0]
}

func (v *valueSplitter) close() {
	if len(v.buf) > 0 {
		v.fn(v.buf)
		v.buf = v.buf[:0]
	}
}

// frameSplitter cuts an AWS event stream into messages.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html (the same framing).
type frameSplitter struct {
	fn  func(headers map[string]string, payload []byte)
	buf []byte
	off bool // the framing was lost
}

func (s *frameSplitter) write(b []byte) {
	if s.off {
		return
	}
	s.buf = append(s.buf, b...)
	for len(s.buf) >= 12 {
		total := int(binary.BigEndian.Uint32(s.buf))
		heads := int(binary.BigEndian.Uint32(s.buf[4:]))
		if total < 16 || total > sse.MaxData || heads < 0 || heads > total-16 {
			s.off, s.buf = true, nil
			return
		}
		if len(s.buf) < total {
			return
		}
		s.fn(eventHeaders(s.buf[12:12+heads]), s.buf[12+heads:total-4])
		s.buf = append(s.buf[:0], s.buf[total:]...)
	}
}

// eventHeaders reads the headers of one message; only strings are kept.
func eventHeaders(b []byte) map[string]string {
	h := map[string]string{}
	for len(b) > 0 {
		n := int(b[0])
		if len(b) < 2+n {
			return h
		}
		name, kind := string(b[1:1+n]), b[1+n]
		b = b[2+n:]
		size := 0
		switch kind {
		case 0, 1:
		case 2:
			size = 1
		case 3:
			size = 2
		case 4:
			size = 4
		case 5, 8:
			size = 8
		case 6, 7:
			if len(b) < 2 {
				return h
			}
			size = int(binary.BigEndian.Uint16(b))
			b = b[2:]
		case 9:
			size = 16
		default:
			return h
		}
		if len(b) < size {
			return h
		}
		if kind == 7 {
			h[name] = string(b[:size])
		}
		b = b[size:]
	}
	return h
}

// frame takes one message of an AWS event stream.
func (w *Watch) frame(h map[string]string, payload []byte) {
	w.any = true
	if t := h[":exception-type"]; t != "" || h[":message-type"] == "exception" || h[":message-type"] == "error" {
		if t == "" {
			t = h[":error-code"]
		}
		w.f.event++
		w.fail([]byte(`{"code":"`+t+`","inner":`+string(payload)+`}`), "")
		return
	}
	w.value(payload)
	switch h[":event-type"] {
	case "messageStop":
		w.ended = true
	case "messageStart", "contentBlockDelta", "contentBlockStart":
		w.strict = true
	}
}
