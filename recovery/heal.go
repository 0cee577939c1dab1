package recovery

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

const maxHeal = 1 << 20 // longer texts are left as they are

// healJSON mends JSON that a model wrote nearly right: fences and prose around it, trailing commas, single
// quotes, bare keys, comments, raw line ends in strings, Python's words. It never ends what was cut, and
// never makes up or drops a value: what it cannot read in one way only it leaves alone.
//
// A library was tried for this; it closes what was cut, makes strings of prose, and turns the apostrophe of
// 'don't' into a quotation mark.
func healJSON(s string) (string, bool) {
	t := strings.TrimSpace(s)
	if t == "" || len(s) > maxHeal {
		return "", false
	}
	if json.Valid([]byte(t)) {
		return t, t != s
	}
	parts := candidates(t)
	for _, c := range parts {
		if json.Valid([]byte(c)) {
			return c, true
		}
	}
	for _, c := range parts {
		if fixed, ok := rewrite(c); ok && json.Valid(fixed) {
			return string(fixed), true
		}
	}
	return "", false
}

// candidates are the parts of s that look like a whole JSON object or array: what stands in the only fence,
// and what stands between the first bracket and the last.
func candidates(s string) []string {
	var out []string
	if parts := strings.Split(s, "```"); len(parts) == 3 {
		if c := span(parts[1]); c != "" {
			out = append(out, c)
		}
	}
	if c := span(s); c != "" {
		out = append(out, c)
	}
	return out
}

func span(s string) string {
	from := strings.IndexAny(s, "{[")
	if from < 0 {
		return ""
	}
	end := byte('}')
	if s[from] == '[' {
		end = ']'
	}
	to := strings.LastIndexByte(s, end)
	if to < from {
		return ""
	}
	return s[from : to+1]
}

// rewrite writes s token by token as JSON has it.
func rewrite(s string) ([]byte, bool) {
	out := make([]byte, 0, len(s)+16)
	comma := -1 // where in out the last comma stands, if nothing came after it
	for i := 0; i < len(s); {
		ch := s[i]
		switch {
		case ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n':
			out = append(out, ch)
			i++
		case strings.HasPrefix(s[i:], "//"):
			n := strings.IndexByte(s[i:], '\n')
			if n < 0 {
				return nil, false
			}
			i += n
		case strings.HasPrefix(s[i:], "/*"):
			n := strings.Index(s[i:], "*/")
			if n < 0 {
				return nil, false
			}
			i += n + 2
		case ch == ',':
			comma = len(out)
			out = append(out, ch)
			i++
		case ch == '}' || ch == ']':
			if comma >= 0 {
				out = append(out[:comma], out[comma+1:]...)
			}
			comma = -1
			out = append(out, ch)
			i++
		case ch == '{' || ch == '[' || ch == ':':
			comma = -1
			out = append(out, ch)
			i++
		case ch == '"' || ch == '\'':
			comma = -1
			b, n, ok := rewriteString(out, s[i:])
			if !ok {
				return nil, false
			}
			out, i = b, i+n
		default:
			comma = -1
			n := 0
			for i+n < len(s) && bare(s[i+n]) {
				n++
			}
			if n == 0 {
				return nil, false
			}
			out = append(out, plainWord(s[i:i+n], strings.TrimLeft(s[i+n:], " \t\r\n"))...)
			i += n
		}
	}
	return out, true
}

func bare(c byte) bool {
	return c == '_' || c == '-' || c == '+' || c == '.' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// plainWord is a word outside of quotes: a key, a literal, Python's spelling of one, or what it is.
func plainWord(w, after string) string {
	if strings.HasPrefix(after, ":") {
		return `"` + w + `"`
	}
	switch w {
	case "True":
		return "true"
	case "False":
		return "false"
	case "None":
		return "null"
	}
	return w
}

// rewriteString reads a string in either quotes from the beginning of s and tells how long it was. A single
// quote ends one only where JSON goes on after it; else it is an apostrophe.
func rewriteString(out []byte, s string) ([]byte, int, bool) {
	q := s[0]
	out = append(out, '"')
	for i := 1; i < len(s); i++ {
		switch ch := s[i]; {
		case ch == '\\':
			if i+1 == len(s) {
				return nil, 0, false
			}
			i++
			if s[i] != '\'' {
				out = append(out, '\\')
			}
			out = append(out, s[i])
		case ch == q && (q == '"' || closes(s[i+1:])):
			return append(out, '"'), i + 1, true
		case ch == '"':
			out = append(out, '\\', '"')
		case ch == '\n':
			out = append(out, '\\', 'n')
		case ch == '\r':
			out = append(out, '\\', 'r')
		case ch == '\t':
			out = append(out, '\\', 't')
		case ch < ' ':
			return nil, 0, false
		case ch >= utf8.RuneSelf:
			_, n := utf8.DecodeRuneInString(s[i:])
			out = append(out, s[i:i+n]...)
			i += n - 1
		default:
			out = append(out, ch)
		}
	}
	return nil, 0, false
}

// closes reports whether a single quote before rest ends a string: what follows is JSON's own, not a letter.
func closes(rest string) bool {
	rest = strings.TrimLeft(rest, " \t\r\n")
	return rest == "" || strings.IndexByte(",:}]", rest[0]) >= 0
}
