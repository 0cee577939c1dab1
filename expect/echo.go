package expect

import (
	"strconv"
	"strings"

	"github.com/telltale-ai/telltale/fault"
)

// echoHead is how much of a prompt is compared with an output.
const echoHead = 16 << 10

// echo finds an output that says the prompt again instead of answering it: the whole of it, its last
// paragraph, or a long text of which next to nothing is new.
func echo(o *Output) (Finding, bool) {
	t, p := o.Text, o.Prompt
	if o.Structured || len(t) < 16 || len(p) < 16 || len(t) > echoHead || len(p) > echoHead || !echoHint(t, p) {
		return Finding{}, false
	}
	t, p = strings.TrimSpace(t), strings.TrimSpace(p)
	f := Finding{Cause: fault.Echo, Rule: "echo", Where: span(0, len(o.Text)), Got: strconv.Quote(capTo(t, 160))}
	switch {
	case len(t) < 16 || strings.Count(t, " ") < 2 && t[0] < 0x80:
		return Finding{}, false
	case sameWords(t, p):
		return f, !asks(o, "repeat", "echo ", "say ", "verbatim", "copy")
	case identityIsRight(o):
		return Finding{}, false
	case strings.Count(t, " ") >= 4 && !picksOne(o) && strings.Trim(t, quotes) == strings.Trim(lastPart(p), quotes):
		return f, true
	case len(t) >= 150 && copied(t, p):
		return f, true
	}
	return Finding{}, false
}

// echoHint is the cheap test: a piece from the middle of the text must stand in the prompt, at one of three places.
func echoHint(t, p string) bool {
	const piece = 12
	for _, at := range [...]int{len(t) / 2, len(t) / 3, len(t) / 4 * 3} {
		for at > 0 && t[at-1] != ' ' && t[at-1] != '\n' && at > len(t)/8 {
			at--
		}
		if at+piece <= len(t) && strings.Contains(p, t[at:at+piece]) {
			return true
		}
	}
	return len(t) < 200 && len(t) <= len(p) && foldPrefix(t, p)
}

func foldPrefix(t, p string) bool {
	n := min(len(t), 16)
	return len(p) >= n && strings.EqualFold(t[:n], p[:n])
}

// identityIsRight reports whether saying the text again unchanged may be what the request asks for.
func identityIsRight(o *Output) bool {
	return asks(o, "repeat", "copy ", "verbatim", "gramma", "proofread", "spelling", "spell-check", "correct", "typo", "fix ", "bug", "mistake", "transcri", "quote", "output of", "as is", "as-is", "unchanged", "if necessary", "if needed", "clean up", "remove ", "delete ", "markdown", "highlight", "punctuation", "translate", "ocr", "read the", "polish", "word for word", "exact text", "anonymi", "redact", "mask ")
}

// picksOne reports whether the request may be answered with one of its own lines.
func picksOne(o *Output) bool {
	return asks(o, "multiple choice", "options", "which ", "select", "choose", "extract", "title", "find the", "identify", "most relevant", "pick", "convert", "sort", "what is the last", "print", "return the")
}

// lastPart returns the last paragraph of the prompt, without a label such as "Sentence:".
func lastPart(p string) string {
	if i := strings.LastIndex(p, "\n\n"); i >= 0 {
		p = strings.TrimSpace(p[i:])
	} else if i := strings.LastIndexByte(p, '\n'); i >= 0 {
		p = strings.TrimSpace(p[i:])
	} else {
		return ""
	}
	if i := strings.LastIndexByte(p, '\n'); i >= 0 {
		if label := strings.Index(p[i:], ": "); label > 3 && label < 24 {
			p = p[i+1:]
		}
	}
	if label := strings.Index(p, ": "); label > 2 && label < 24 && strings.IndexByte(p[:label], ' ') < 0 {
		p = p[label+2:]
	}
	return p
}

// sameWords compares letters and digits only, whatever their case.
func sameWords(a, b string) bool {
	if len(a) > 2*len(b)+8 || len(b) > 2*len(a)+8 {
		return false
	}
	i, j := 0, 0
	for {
		for i < len(a) && !isLetter(a[i]) && !isDigit(a[i]) {
			i++
		}
		for j < len(b) && !isLetter(b[j]) && !isDigit(b[j]) {
			j++
		}
		if i == len(a) || j == len(b) {
			return i == len(a) && j == len(b)
		}
		x, y := a[i], b[j]
		if x != y && (x >= 0x80 || y >= 0x80 || x|0x20 != y|0x20 || isDigit(x) || isDigit(y)) {
			return false
		}
		i++
		j++
	}
}

// copied reports whether nearly every run of five words of t stands in p, and t holds more than half of p.
func copied(t, p string) bool {
	tw, pw := words(t), words(p)
	const run = 5
	if len(tw) < 20 || len(pw) < 20 || len(tw)*100 < len(pw)*55 {
		return false
	}
	have := make(map[uint64]bool, len(pw))
	for i := 0; i+run <= len(pw); i++ {
		have[gram(pw[i:i+run])] = true
	}
	known, used := 0, map[uint64]bool{}
	for i := 0; i+run <= len(tw); i++ {
		if g := gram(tw[i : i+run]); have[g] {
			known++
			used[g] = true
		}
	}
	return known*100 >= (len(tw)-run+1)*85 && len(used)*100 >= len(have)*55
}

func words(s string) []token {
	all := tokenise(nil, s)
	kept := all[:0]
	for i, k := range all {
		if k.kind == 'a' && k.end-k.from == 2 && i > 0 && s[k.from-1] == '<' && int(k.end) < len(s) && s[k.end] == '>' {
			continue // <br>
		}
		if k.kind == 'a' || k.kind == 'd' || k.kind == 'u' {
			kept = append(kept, k)
		}
	}
	return kept
}

func gram(w []token) uint64 {
	h := uint64(14695981039346656037)
	for i := range w {
		h = (h ^ uint64(w[i].hash)) * 1099511628211
		h ^= h >> 29
	}
	return h
}

// quotes may stand around a text that is said again.
const quotes = " \n\"'`“”"
