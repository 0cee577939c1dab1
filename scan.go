package telltale

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// value kinds, named by what a JSON value begins with.
const (
	kindNone   = 0
	kindString = '"'
	kindNumber = '0'
	kindTrue   = 't'
	kindFalse  = 'f'
	kindNull   = 'n'
	kindObject = '{'
	kindArray  = '['
)

// val is one JSON value as it stands in the body.
type val struct {
	kind  byte
	esc   bool // a string with escapes in it
	empty bool // an object, array or string with nothing in it
	raw   []byte
}

// scanner reads JSON once, from left to right, and never fails: what is cut or broken ends it.
type scanner struct {
	b   []byte
	i   int
	bad bool // the value did not end, or was not JSON
}

func (s *scanner) space() {
	for s.i < len(s.b) && s.b[s.i] <= ' ' {
		s.i++
	}
}

const (
	eachByte = 0x0101010101010101
	topBits  = 0x8080808080808080
)

// str reads a string whose opening quote stands at i and gives what is between the quotes.
func (s *scanner) str() (raw []byte, esc bool) {
	b, start := s.b, s.i+1
	i := start
	for n := 0; n < 4 && i+8 <= len(b); n++ { // short strings: eight bytes at a time, for a quote or a backslash
		x := binary.LittleEndian.Uint64(b[i:])
		q, e := x^('"'*eachByte), x^('\\'*eachByte)
		if m := ((q-eachByte)&^q | (e-eachByte)&^e) & topBits; m != 0 {
			i += bits.TrailingZeros64(m) >> 3
			if b[i] == '"' {
				s.i = i + 1
				return b[start:i], false
			}
			break
		}
		i += 8
	}
	from := i // no backslash stands before it
	for i <= len(b) {
		k := bytes.IndexByte(b[i:], '"')
		if k < 0 {
			break
		}
		end := i + k
		back := end
		for back > start && b[back-1] == '\\' {
			back--
		}
		if (end-back)&1 == 0 {
			s.i = end + 1
			return b[start:end], bytes.IndexByte(b[from:end], '\\') >= 0
		}
		i = end + 1
	}
	raw = b[min(start, len(b)):]
	s.i, s.bad = len(b), true
	return raw, bytes.IndexByte(raw, '\\') >= 0
}

// key reads a key and the colon behind it.
func (s *scanner) key() ([]byte, bool) {
	s.space()
	if s.i >= len(s.b) || s.b[s.i] != '"' {
		s.bad = true
		return nil, false
	}
	k, _ := s.str()
	s.space()
	if s.i >= len(s.b) || s.b[s.i] != ':' {
		s.bad = true
		return nil, false
	}
	s.i++
	s.space()
	return k, !s.bad
}

// more steps over a comma, or over the closing bracket and says that there is no more.
func (s *scanner) more(end byte) bool {
	s.space()
	if s.i >= len(s.b) {
		s.bad = true
		return false
	}
	switch s.b[s.i] {
	case ',':
		s.i++
		return true
	case end:
		s.i++
		return false
	}
	s.bad = true
	return false
}

// bytes that end a bare word, and those that a step over an object or array must look at.
var wordEnd, structural = func() (w, s [256]bool) {
	for _, c := range ",}] \n\r\t:{[\"" {
		w[c] = true
	}
	for _, c := range "\"{}[]" {
		s[c] = true
	}
	return w, s
}()

// scalar reads a number or a bare word.
func (s *scanner) scalar() []byte {
	b, i := s.b, s.i
	for i < len(b) && !wordEnd[b[i]] {
		i++
	}
	word := b[s.i:i]
	if len(word) == 0 && i < len(b) {
		s.bad = true
	}
	s.i = i
	return word
}

// skip steps over one value of any kind and gives its bytes, quotes and brackets included. It does not recurse.
func (s *scanner) skip() []byte {
	s.space()
	start := s.i
	if s.i >= len(s.b) {
		s.bad = true
		return nil
	}
	switch s.b[s.i] {
	case '"':
		s.str()
	case '{', '[':
		s.container()
	default:
		s.scalar()
	}
	return s.b[start:s.i]
}

func (s *scanner) container() {
	b, depth := s.b, 0
	for i := s.i; i < len(b); {
		c := b[i]
		if !structural[c] {
			i++
			continue
		}
		switch c {
		case '"':
			s.i = i
			s.str()
			i = s.i
			continue
		case '{', '[':
			depth++
		default:
			depth--
			if depth == 0 {
				s.i = i + 1
				return
			}
		}
		i++
	}
	s.i, s.bad = len(b), true
}

// scalarVal reads a value that is neither object nor array.
func (s *scanner) scalarVal() val {
	if s.i >= len(s.b) {
		s.bad = true
		return val{}
	}
	if s.b[s.i] == '"' {
		raw, esc := s.str()
		return val{kind: kindString, raw: raw, esc: esc, empty: len(raw) == 0}
	}
	raw := s.scalar()
	v := val{raw: raw}
	if len(raw) == 0 {
		return v
	}
	switch c := raw[0]; {
	case c == 't' || c == 'f' || c == 'n':
		v.kind = c
	case c == '-' || c >= '0' && c <= '9':
		v.kind = kindNumber
	default:
		s.bad = true
	}
	return v
}

// view makes a string of b without copying. The string must not outlive the body that b is part of.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// appendUnquoted appends what the inside of a JSON string stands for.
func appendUnquoted(dst, raw []byte) []byte {
	dst = slices.Grow(dst, len(raw)) // what comes out is no longer, but for broken escapes
	out, n := dst[:cap(dst)], len(dst)
	for i := 0; i < len(raw); {
		if i+8 <= len(raw) {
			x := binary.LittleEndian.Uint64(raw[i:])
			binary.LittleEndian.PutUint64(out[n:], x)
			e := x ^ ('\\' * eachByte)
			m := (e - eachByte) &^ e & topBits
			if m == 0 {
				i, n = i+8, n+8
				continue
			}
			k := bits.TrailingZeros64(m) >> 3
			i, n = i+k, n+k
		} else if c := raw[i]; c != '\\' {
			out[n] = c
			i, n = i+1, n+1
			continue
		}
		if i++; i == len(raw) {
			break
		}
		c := raw[i]
		i++
		switch c {
		case 'n':
			c = '\n'
		case 't':
			c = '\t'
		case 'r':
			c = '\r'
		case 'b':
			c = '\b'
		case 'f':
			c = '\f'
		case 'u':
			r, size := unquoteRune(raw[i:])
			i += size
			dst = slices.Grow(utf8.AppendRune(out[:n], r), len(raw)-i)
			out, n = dst[:cap(dst)], len(dst)
			continue
		}
		out[n] = c
		n++
	}
	return out[:n]
}

// unquoteRune reads what follows \u, the other half of a pair included.
func unquoteRune(raw []byte) (r rune, size int) {
	r, size = hex4(raw)
	if !utf16.IsSurrogate(r) {
		return r, size
	}
	if raw = raw[size:]; len(raw) >= 6 && raw[0] == '\\' && raw[1] == 'u' {
		if low, m := hex4(raw[2:]); m == 4 {
			if d := utf16.DecodeRune(r, low); d != utf8.RuneError {
				return d, size + 6
			}
		}
	}
	return utf8.RuneError, size
}

func hex4(b []byte) (r rune, n int) {
	for n < 4 && n < len(b) {
		c := b[n]
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return utf8.RuneError, n
		}
		n++
	}
	if n < 4 {
		return utf8.RuneError, n
	}
	return r, n
}

// unquote gives what the inside of a JSON string stands for; it copies only when there are escapes.
func unquote(v val) string {
	if !v.esc {
		return view(v.raw)
	}
	return view(appendUnquoted(make([]byte, 0, len(v.raw)), v.raw))
}

// validJSON reports whether b holds exactly one JSON value; it is strict about structure, lenient about numbers' form.
func validJSON(b []byte) bool {
	s := scanner{b: b}
	var stack [64]byte
	deep := stack[:0]
	for {
		s.space()
		if s.i >= len(b) {
			return false
		}
		switch c := b[s.i]; c {
		case '{', '[':
			s.i++
			s.space()
			if s.i < len(b) && b[s.i] == c+2 {
				s.i++
				break
			}
			deep = append(deep, c)
			if c == '{' {
				if _, ok := s.key(); !ok {
					return false
				}
			}
			continue
		case '"':
			if s.str(); s.bad {
				return false
			}
		default:
			v := s.scalarVal()
			if s.bad || v.kind == kindNone || !plainWord(v) {
				return false
			}
		}
		for {
			if len(deep) == 0 {
				s.space()
				return s.i == len(b)
			}
			top := deep[len(deep)-1]
			if s.more(top + 2) {
				if top == '{' {
					if _, ok := s.key(); !ok {
						return false
					}
				}
				break
			}
			if s.bad {
				return false
			}
			deep = deep[:len(deep)-1]
		}
	}
}

// plainWord reports whether a bare value is a number or one of true, false and null.
func plainWord(v val) bool {
	switch v.kind {
	case kindTrue:
		return string(v.raw) == "true"
	case kindFalse:
		return string(v.raw) == "false"
	case kindNull:
		return string(v.raw) == "null"
	}
	for _, c := range v.raw {
		if (c < '0' || c > '9') && c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E' {
			return false
		}
	}
	return true
}
