package recovery

import (
	"encoding/json"
	"strings"

	"github.com/kaptinlin/jsonrepair"
)

const maxHeal = 1 << 20 // longer texts are left as they are

// healJSON mends JSON that a model wrote nearly right: fences and prose around it, trailing commas, single
// quotes, unquoted keys, comments, Python's words. It never ends what was cut: an answer that lost its end
// is not whole because its brackets are closed for it.
func healJSON(s string) (string, bool) {
	t := strings.TrimSpace(s)
	if t == "" || len(s) > maxHeal {
		return "", false
	}
	if json.Valid([]byte(t)) {
		return t, t != s
	}
	for _, c := range candidates(t) {
		if json.Valid([]byte(c)) {
			return c, true
		}
	}
	for _, c := range candidates(t) {
		if !balanced(c) {
			continue
		}
		if fixed, ok := repair(c); ok && json.Valid([]byte(fixed)) && fixed[0] == c[0] {
			return fixed, true
		}
	}
	return "", false
}

// repair calls the library, and survives it.
func repair(s string) (out string, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	out, err := jsonrepair.Repair(s)
	out = strings.TrimSpace(out)
	return out, err == nil && out != ""
}

// candidates are the parts of s that look like a whole JSON object or array: what stands in the only fence, and what
// stands between the first bracket and the last.
func candidates(s string) []string {
	var out []string
	if parts := strings.Split(s, "```"); len(parts) == 3 {
		body := parts[1]
		if nl := strings.IndexByte(body, '\n'); nl >= 0 && !strings.ContainsAny(body[:nl], "{[") {
			body = body[nl+1:]
		}
		if c := span(body); c != "" {
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
	to := strings.LastIndexByte(s, map[byte]byte{'{': '}', '[': ']'}[s[from]])
	if to < from {
		return ""
	}
	return s[from : to+1]
}

// balanced reports whether every bracket of s is closed by its like, outside of strings, and the first only by the last.
func balanced(s string) bool {
	var open []byte
	var quote byte
	for i := 0; i < len(s); i++ {
		ch := s[i]
		if quote != 0 {
			switch {
			case ch == '\\':
				i++
			case ch == quote && (quote == '"' || closes(s[i+1:])):
				quote = 0
			}
			continue
		}
		switch ch {
		case '"':
			quote = '"'
		case '\'':
			quote = '\''
		case '{', '[':
			open = append(open, ch+2) // } and ] stand two after { and [
		case '}', ']':
			if len(open) == 0 || open[len(open)-1] != ch {
				return false
			}
			open = open[:len(open)-1]
			if len(open) == 0 && i != len(s)-1 {
				return false // two values
			}
		}
	}
	return len(open) == 0 && quote == 0
}

// closes reports whether a single quote before rest ends a string: what follows is JSON's own, not an apostrophe's letter.
func closes(rest string) bool {
	rest = strings.TrimLeft(rest, " \t\r\n")
	return rest == "" || strings.IndexByte(",:}]", rest[0]) >= 0
}
