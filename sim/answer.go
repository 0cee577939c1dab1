package sim

import (
	"encoding/json"
	"strings"
)

// answer is what a text model says, before a dialect writes it.
type answer struct {
	model     string // as the answer names it
	text      string
	null      bool   // content is null
	reasoning string // thinking that came first
	refusal   string // the dialect's own field for a refusal
	calls     []toolCall
	finish    finish
	noFinish  bool // the stream never says why it ended
	noEnd     bool // the stream lacks its end mark
	noChoices bool // the list of results is empty
	usage     usage
}

type toolCall struct{ id, name, args string }

type usage struct{ in, out, reasoning int }

// finish is why a model stopped.
type finish int

const (
	finStop finish = iota
	finLength
	finFilter
	finTools
)

// sentences are the healthy answers.
var sentences = []string{
	"The ferry leaves from the second pier every forty minutes, and the last one crosses shortly before midnight.",
	"A good first step is to write the smallest program that still shows the problem, and then to change one thing at a time.",
	"Bread dough rises faster in a warm kitchen because yeast is more active between 25 and 35 degrees.",
	"The bridge was opened in 1932 and still carries eight lanes of traffic, two railway tracks and a footpath.",
}

// healthy is a sound answer to the request.
func (c *call) healthy() answer {
	a := answer{model: c.model, usage: usage{in: 12 + len(c.prompt)/4}}
	low := strings.ToLower(c.prompt)
	switch {
	case c.schema != nil:
		a.text = marshal(example(c.schema))
	case strings.Contains(low, "sentiment") || strings.Contains(low, "positive, negative"):
		a.text = "positive"
	default:
		a.text = sentences[c.s.hash("text", c.prompt)%uint64(len(sentences))]
	}
	a.count()
	return a
}

// count sets the number of output tokens from the text.
func (a *answer) count() {
	n := len(a.text)/4 + a.usage.reasoning
	for _, t := range a.calls {
		n += len(t.args)/4 + 6
	}
	if a.text != "" || len(a.calls) > 0 {
		n++
	}
	a.usage.out = n
}

// say replaces the text.
func (a *answer) say(text string) {
	a.text, a.null, a.calls = text, false, nil
	a.count()
}

// pieces splits text as a stream brings it: a word or two at a time.
func pieces(text string) []string {
	var out []string
	for len(text) > 0 {
		n := min(8, len(text))
		if i := strings.IndexByte(text[n:], ' '); i >= 0 && i < 24 {
			n += i + 1
		} else if len(text) < 32 {
			n = len(text)
		} else {
			for n < len(text) && text[n]&0xc0 == 0x80 { // not inside a character
				n++
			}
		}
		out = append(out, text[:n])
		text = text[n:]
	}
	return out
}

// marshal writes JSON as servers do: no escaping of HTML.
func marshal(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "null"
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// sseEvent writes one event of a stream; name may be "".
func sseEvent(name string, data any) []byte {
	s, ok := data.(string)
	if !ok {
		s = marshal(data)
	}
	if name != "" {
		return []byte("event: " + name + "\ndata: " + s + "\n\n")
	}
	return []byte("data: " + s + "\n\n")
}
