package recovery

import (
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"
)

// goOn asks the model to go on from a truncated text.
func (c *call) goOn(r *result) (place, bool) {
	w := r.place
	p := textPath(c.surface, r.x.Response.Body)
	if p == "" || isStream(r.resp) {
		return w, false
	}
	text := gjson.GetBytes(r.x.Response.Body, p).Str
	if strings.TrimSpace(text) == "" {
		return w, false
	}
	plain := w.base(c.body)
	body, ok := converse(c.surface, append([]byte(nil), plain...), text, continuation(text))
	if !ok {
		return w, false
	}
	w.plain, w.body, w.after, w.so = plain, body, text, r.x.Response.Body
	if r.place.after == "" {
		w.edits = append(w.edits[:len(w.edits):len(w.edits)], "response: continued from where it stopped")
	}
	return w, true
}

// continuation asks for the rest. The model is told to begin with the last words, because a repeated
// beginning can be found and taken out, while a missing blank cannot be known.
func continuation(text string) string {
	return "Your answer was cut off. Go on from exactly where it stopped, without any comment. Begin by repeating these last words, then continue: " + tail(text, 60)
}

// tail is the end of text, at most n bytes, from the beginning of a word.
func tail(text string, n int) string {
	if len(text) <= n {
		return text
	}
	t := text[len(text)-n:]
	if i := strings.IndexAny(t, " \n"); i >= 0 && i < len(t)-1 {
		return t[i+1:]
	}
	return strings.ToValidUTF8(t, "")
}

// join puts the text that r goes on from before r's own.
func (c *call) join(r *result) bool {
	p := textPath(c.surface, r.x.Response.Body)
	if p == "" {
		return false
	}
	whole := r.place.after + seam(r.place.after, gjson.GetBytes(r.x.Response.Body, p).Str)
	at := textPath(c.surface, r.place.so)
	if at == "" {
		return false
	}
	body, err := sjson.SetBytes(append([]byte(nil), r.place.so...), at, whole)
	if err != nil {
		return false
	}
	body = sumUsage(finishTo(c.surface, body, r.x.Response.Body), r.x.Response.Body)
	header := r.resp.Header
	r.resp.Header = http.Header{}
	c.replace(r, body, "")
	r.changes = nil
	r.resp.Header = header
	header.Del("Content-Encoding")
	return true
}

// seam is what of next comes behind text: without the words that it repeats, and with a blank where two
// words would become one.
func seam(text, next string) string {
	t := strings.TrimLeftFunc(next, unicode.IsSpace)
	for n := min(len(text), len(t), 4096); n > 0; n-- {
		if !strings.HasSuffix(text, t[:n]) || !utf8.RuneStart(byteAt(t, n)) || !utf8.RuneStart(text[len(text)-n]) {
			continue
		}
		if n < 4 && !wholeWord(text, n) {
			break // chance, not a repeat
		}
		return t[n:]
	}
	// It may repeat more than the end, and write the last of it anew: "the quick bro" + "quick brown fox".
	if at := anchor(text, t); at >= 0 {
		return t[at:]
	}
	if next != t || text == "" || next == "" {
		return next // it brought its own blank
	}
	last, _ := utf8.DecodeLastRuneInString(text)
	first, _ := utf8.DecodeRuneInString(next)
	if word(first) && (word(last) || strings.ContainsRune(".,;:!?", last)) && !cjk(first) {
		return " " + next
	}
	return next
}

// anchor finds a longer end of text, at least 16 bytes from the beginning of a word, anywhere in the first part of t.
func anchor(text, t string) int {
	for n := min(len(text), 200); n >= 16; n-- {
		end := text[len(text)-n:]
		if i := strings.Index(t[:min(len(t), 600)], end); i >= 0 {
			return i + n
		}
	}
	return -1
}

func byteAt(s string, i int) byte {
	if i >= len(s) {
		return 0
	}
	return s[i]
}

// wholeWord reports whether the last n bytes of text begin a word.
func wholeWord(text string, n int) bool {
	if n == len(text) {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(text[:len(text)-n])
	f, _ := utf8.DecodeRuneInString(text[len(text)-n:])
	return !word(r) && word(f)
}

func word(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func cjk(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}
