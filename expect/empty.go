package expect

import (
	"strconv"
	"strings"

	"github.com/telltale-ai/telltale/fault"
)

// empty finds a text in which nothing stands: no character, blanks and zero-width characters only, an empty
// code block, or a stray sign.
func empty(o *Output) (Finding, bool) {
	t := o.Text
	if len(t) > 64 || len(t) > 0 && (isLetter(t[0]) && t[0] < 0x80 || isDigit(t[0])) {
		return Finding{}, false
	}
	f := Finding{Cause: fault.EmptyOutput, Rule: "empty", Where: span(0, len(t)), Got: strconv.Quote(t)}
	s := strings.TrimFunc(t, invisible)
	if s == "" {
		return f, true
	}
	if s == "``````" {
		return f, true
	}
	if body, ok := strings.CutPrefix(s, "```"); ok {
		if head, ok := strings.CutSuffix(body, "```"); ok {
			if i := strings.IndexByte(head, '\n'); i >= 0 && strings.TrimFunc(head[i:], invisible) == "" {
				return f, true
			}
		}
	}
	if strings.Trim(s, ",.;:\\`'\"~_ \n") == "" && strings.Trim(s, ".") != "" && !strings.ContainsAny(o.Prompt, "'\"`") {
		f.Likely = true
		return f, true
	}
	return Finding{}, false
}

// invisible tells blanks and characters without width from the rest.
func invisible(r rune) bool {
	switch r {
	case ' ', '\n', '\t', '\r', '\u00a0', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u3000', 0:
		return true
	}
	return false
}
