package capture

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	telltale "github.com/telltale-ai/telltale"
)

// Locate tells where in Source a piece of evidence stands. What was not pasted (a status that was
// assumed) stands nowhere and gives false.
func (it *Item) Locate(e telltale.Evidence) (Span, bool) {
	where, rest, _ := strings.Cut(e.Where, ".")
	switch where {
	case "status":
		return it.Status, it.Status.Len() > 0
	case "header", "headers":
		sp, ok := it.Header[strings.ToLower(rest)]
		return sp, ok
	}
	if it.Response != nil && len(it.Body) > 0 {
		if strings.HasPrefix(e.Where, "body") {
			if sp, ok := it.inBody(strings.TrimPrefix(strings.TrimPrefix(e.Where, "body"), ".")); ok {
				return sp, true
			}
		}
		if i, n := search(it.Response.Body, e.Value, strings.HasPrefix(e.Where, "body") && !looksSSE(it.Response.Body)); i >= 0 {
			return it.Body.Span(i, i+n)
		}
	}
	if i, n := search(it.Source[it.At.Start:it.At.End], e.Value, true); i >= 0 {
		return Span{it.At.Start + i, it.At.Start + i + n}, true
	}
	return Span{}, false
}

// inBody finds a path such as choices[0].finish_reason in a JSON body.
func (it *Item) inBody(path string) (Span, bool) {
	if path == "" || !beginsJSON(bytes.TrimLeft(it.Response.Body[:min(len(it.Response.Body), 512)], " \t\r\n"), 0) {
		return Span{}, false
	}
	r := gjson.Parse(string(it.Response.Body))
	if r.IsArray() && !strings.HasPrefix(path, "[") {
		r = r.Get("0")
	}
	base := r.Index
	if got := r.Get(gjsonPath(path)); got.Exists() && got.Index > 0 {
		return it.Body.Span(base+got.Index, base+got.Index+len(got.Raw))
	}
	return Span{}, false
}

// gjsonPath turns choices[0].finish_reason into choices.0.finish_reason, with gjson's own signs escaped.
func gjsonPath(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		switch c := path[i]; c {
		case '[':
			if b.Len() > 0 {
				b.WriteByte('.')
			}
		case ']':
		case '*', '?', '|', '#', '@', '!', '{', '}', '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// search finds value in text: as it is, or as JSON or Python writes it. Short values would be found anywhere,
// so they count only in front of the text's own quotes or when short says that a path led here.
func search(text []byte, value string, short bool) (at, n int) {
	value = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSpace(value), "..."), "…")
	if value == "" {
		return -1, 0
	}
	if _, err := strconv.ParseFloat(value, 64); err == nil || len(value) < 4 {
		if !short {
			return -1, 0
		}
		return word(text, value), len(value)
	}
	if i := bytes.LastIndex(text, []byte(value)); i >= 0 {
		return i, len(value)
	}
	quoted, err := json.Marshal(value)
	if err != nil || len(quoted) < 3 {
		return -1, 0
	}
	inner := quoted[1 : len(quoted)-1]
	return bytes.LastIndex(text, inner), len(inner)
}

// word finds value where it stands alone, not inside a longer word or number.
func word(text []byte, value string) int {
	for from := 0; from < len(text); {
		i := bytes.Index(text[from:], []byte(value))
		if i < 0 {
			return -1
		}
		i += from
		if (i == 0 || !wordByte(text[i-1])) && (i+len(value) >= len(text) || !wordByte(text[i+len(value)])) {
			return i
		}
		from = i + len(value)
	}
	return -1
}

func wordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '.' || c == '-'
}
