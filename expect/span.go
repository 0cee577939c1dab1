package expect

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxGot is how many bytes of an output a finding shows.
const maxGot = 200

// span names bytes from to end of the text.
func span(from, end int) string {
	return "text[" + strconv.Itoa(from) + ":" + strconv.Itoa(end) + "]"
}

// capTo cuts s to at most n bytes without splitting a character, and says that it did.
func capTo(s string, n int) string {
	if len(s) <= n {
		return s
	}
	n = max(0, n-len("…"))
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// within cuts a copy-free window of at most n bytes from the start of s, on a character's border.
func within(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// tailOf cuts a copy-free window of at most n bytes from the end of s, on a character's border.
func tailOf(s string, n int) string {
	if len(s) <= n {
		return s
	}
	i := len(s) - n
	for i < len(s) && !utf8.RuneStart(s[i]) {
		i++
	}
	return s[i:]
}

// isLetter tells ASCII letters and every byte of a multi-byte character from the rest.
func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' || b >= 0x80 }

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func isBlank(b byte) bool { return b == ' ' || b == '\n' || b == '\t' || b == '\r' }

// lower appends the first n bytes of s to buf, in ASCII lower case, with typographic apostrophes made plain
// and blanks joined, so that phrases can be looked for.
func lower(buf []byte, s string, n int) []byte {
	s = within(s, n)
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'a' && c <= 'z' {
			buf = append(buf, c)
			continue
		}
		switch {
		case c >= 'A' && c <= 'Z':
			c |= 0x20
		case c == 0xE2 && strings.HasPrefix(s[i:], "’"):
			c = '\''
			i += 2
		case c == 0xC2 && strings.HasPrefix(s[i:], "\u00a0"):
			c = ' '
			i++
		case c == '\t' || c == '\r':
			c = ' '
		}
		if c == ' ' && len(buf) > 0 && buf[len(buf)-1] == ' ' {
			continue
		}
		buf = append(buf, c)
	}
	return buf
}

// asks reports whether the request's words hold one that begins with one of the given (in lower case). Only the first and
// the last kilobyte are searched: that is where an instruction stands.
func asks(o *Output, words ...string) bool {
	for _, s := range [...]string{o.Prompt, o.System} {
		if has(within(s, 1024), words) || len(s) > 1024 && has(tailOf(s, 1024), words) {
			return true
		}
	}
	return false
}

func has(s string, words []string) bool {
	var stack [1100]byte
	low := string(lower(stack[:0], s, 1024))
	for _, w := range words {
		for i := 0; ; i++ {
			n := strings.Index(low[i:], w)
			if n < 0 {
				break
			}
			if i += n; i == 0 || !isLetter(low[i-1]) || !isLetter(w[0]) {
				return true
			}
		}
	}
	return false
}
