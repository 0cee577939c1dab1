package redact

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Text is text that holds no secret, because nothing but this package can make one.
// The zero value is the empty text. Reading one from JSON redacts it again.
type Text struct{ s string }

// Of makes a Text of s, with invalid UTF-8 and NUL replaced.
func Of(s string) Text { return Text{String(clean(s))} }

// Capped is [Of], cut to max bytes.
func Capped(s string, max int) Text {
	t, _ := Cap(clean(s), max)
	return Text{t}
}

// String returns the text.
func (t Text) String() string { return t.s }

// MarshalText and MarshalJSON write the text as a string.
func (t Text) MarshalText() ([]byte, error) { return []byte(t.s), nil }

// UnmarshalText redacts what it reads.
func (t *Text) UnmarshalText(b []byte) error {
	*t = Of(string(b))
	return nil
}

// MarshalJSON writes a JSON string in which <, > and & stand as they are.
func (t Text) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(t.s); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Body makes a Text of a request's or response's bytes, of at most max bytes (max <= 0: no bound), and
// reports whether something was cut off. Bytes that are no text, such as a picture, become a note of
// their size and first bytes.
func Body(b []byte, max int) (t Text, cut bool) {
	if binary(b) {
		return Text{fmt.Sprintf("[binary: %d bytes, begins %x]", len(b), b[:min(8, len(b))])}, false
	}
	s, cut := Cap(clean(string(b)), max)
	return Text{s}, cut
}

// clean replaces what no database takes as text.
func clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "\ufffd")
	}
	return s
}

// binary reports whether b is no text: a NUL, or much that is not UTF-8, near its beginning.
func binary(b []byte) bool {
	head := b[:min(len(b), 1024)]
	if bytes.IndexByte(head, 0) >= 0 {
		return true
	}
	bad := 0
	for i := 0; i < len(head); {
		r, n := utf8.DecodeRune(head[i:])
		if r == utf8.RuneError && n == 1 && len(head)-i >= utf8.UTFMax {
			bad++
		}
		i += n
	}
	return bad > 4 && bad > len(head)/16
}
