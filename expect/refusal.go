package expect

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/telltale-ai/telltale/fault"
)

// refusal finds a model that declines in plain words. Not the words "sorry" or "cannot" decide, but who cannot
// do what ("I cannot provide", not "this crane cannot lift") and whether an answer follows all the same.
func refusal(o *Output) (Finding, bool) {
	t := o.Text
	if len(t) < 12 || !refusalHint(t) {
		return Finding{}, false
	}
	if f, ok := refusalAbroad(t); ok {
		return f, true
	}
	var stack [800]byte
	low := lower(stack[:0], strings.TrimLeft(t, " \n\r\t*_#"), 760)
	if len(low) == 0 || low[0] == '"' || low[0] == '{' || low[0] == '[' || low[0] == '`' || low[0] == '<' || bytes.HasPrefix(low, []byte("dear ")) || bytes.HasPrefix(low, []byte("subject:")) {
		return Finding{}, false // quoted speech, code, a letter
	}
	d := firstDenial(low)
	if d.what != denyNothing && d.refuses(o, low) {
		return refused(t), true
	}
	if judges(o, low) {
		f := refused(t)
		f.Likely = true
		return f, true
	}
	return Finding{}, false
}

func refused(t string) Finding {
	return Finding{Cause: fault.Refusal, Rule: "refusal", Where: span(0, min(len(t), maxGot)), Got: strconv.Quote(capTo(strings.TrimSpace(t), 160))}
}

// refusalHint looks at the beginnings of the first words only: nearly every healthy text is let go here.
func refusalHint(t string) bool {
	if t[0] >= 0x80 {
		return true
	}
	switch t[0] {
	case 'L', 'J', 'E', 'M', 'D', 'N', 'T', 'P', 'S':
		if _, ok := abroadOpening(t); ok {
			return true
		}
	}
	if len(t) > 260 {
		t = t[:260]
	}
	for i := 0; i+7 < len(t); i++ {
		if i > 0 && t[i-1] != ' ' && t[i-1] != '\n' {
			continue
		}
		switch t[i] | 0x20 {
		case 's':
			if t[i+1] == 'o' && t[i+2] == 'r' && t[i+3] == 'r' {
				return true
			}
		case 'c':
			if t[i+1] == 'a' && t[i+2] == 'n' && (t[i+3] == 'n' || t[i+3] == '\'' || t[i+3] == 0xE2 || t[i+4] == 'n' && t[i+3] == ' ') {
				return true
			}
		case 'd':
			if t[i+1] == 'o' && (t[i+2] == 'n' && (t[i+3] == '\'' || t[i+3] == 0xE2) || t[i+2] == ' ' && t[i+3] == 'n' || t[i+2] == 'e' && t[i+5] == 'n') || t[i+1] == 'e' && t[i+2] == 'c' && t[i+3] == 'l' && t[i+4] == 'i' {
				return true
			}
		case 'n':
			if t[i+1] == 'o' && t[i+2] == 't' && t[i+3] == ' ' {
				return true
			}
		case 'u':
			if t[i+1] == 'n' && (t[i+2] == 'a' && t[i+3] == 'b' || t[i+2] == 'e' && t[i+3] == 't' && t[i+4] == 'h') {
				return true
			}
		case 'w':
			if t[i+1] == 'o' && t[i+2] == 'n' && (t[i+3] == '\'' || t[i+3] == 0xE2) || t[i+1] == 'i' && t[i+2] == 'l' && t[i+3] == 'l' && t[i+4] == ' ' && t[i+5] == 'n' {
				return true
			}
		case 'a':
			if t[i+1] == 'p' && t[i+2] == 'o' && t[i+3] == 'l' && t[i+4] == 'o' {
				return true
			}
		case 'i':
			if t[i+1] == 'l' && t[i+2] == 'l' && t[i+3] == 'e' && t[i+4] == 'g' {
				return true
			}
		case 'm':
			if t[i+1] == 'o' && t[i+2] == 'r' && t[i+3] == 'a' && t[i+4] == 'l' {
				return true
			}
		case 'r':
			if t[i+1] == 'e' && t[i+2] == 'f' && t[i+3] == 'u' && t[i+4] == 's' {
				return true
			}
		}
	}
	return false
}
