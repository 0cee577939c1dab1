package recovery

import (
	"bytes"
	"io"
	"strconv"
	"strings"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"
)

// splice joins a stream that goes on from another to it: its beginning is left out, and the words that it
// repeats. It knows the streams of OpenAI chat completions and of Anthropic messages.
type splice struct {
	from  *live  // the stream that goes on
	text  string // what the client has
	like  mark   // what the first stream was like
	chat  bool
	first string // text of the new stream that is kept until the seam is known
	model []byte // the event that first came in, for the shape of the one that is sent
	sewn  bool
	part  []byte // an event that is not complete yet
	shift int    // added to the index of content blocks
}

// mark is where a stream stands, as far as one that goes on from it must know.
type mark struct {
	id    string
	block int  // index of the last content block; -1: none
	open  bool // it has not ended
	tools bool // it holds a tool call: it cannot be joined
}

// note reads an event of a stream that may have to be continued.
func (m *mark) note(data []byte) {
	switch gjson.GetBytes(data, "type").Str {
	case "content_block_start":
		m.block, m.open = int(gjson.GetBytes(data, "index").Int()), true
		if gjson.GetBytes(data, "content_block.type").Str != "text" {
			m.tools = m.tools || gjson.GetBytes(data, "content_block.type").Str == "tool_use"
		}
	case "content_block_stop":
		m.open = false
	}
	if m.id == "" {
		m.id = gjson.GetBytes(data, "id").Str
	}
	if gjson.GetBytes(data, "choices.0.delta.tool_calls.0").Exists() || gjson.GetBytes(data, "choices.1").Exists() || gjson.GetBytes(data, "choices.0.index").Int() > 0 {
		m.tools = true
	}
}

// seamAfter is how much text of the new stream is gathered before it is sewn on.
const seamAfter = 160

// goOnStream begins a stream that goes on from what the client has. False: there is none, the failure must be told.
func (l *live) goOnStream() bool {
	c := l.c
	if l.closing || l.looped || !c.on[Continue] || c.surface != telltale.Chat && c.surface != telltale.Messages || c.rounds >= maxRounds || l.watchErr || l.at.tools || !c.inTime() || l.r.place.url != nil || l.r.place.model != "" {
		return false
	}
	if k := l.r.d.Cause; k != fault.Truncated && !cutShort(&l.r.d, l.err) {
		return false
	}
	text := c.said + l.watch.Text()
	if strings.TrimSpace(text) == "" || len(text) > 256<<10 {
		return false
	}
	w := l.r.place
	base := w.base(c.body)
	body, ok := converse(c.surface, bytes.Clone(base), text, continuation(text))
	if !ok {
		return false
	}
	c.rounds++
	c.said = text
	w.plain, w.body, w.wait = base, body, 0
	c.where = w
	r := c.attempt()
	if r.open == nil {
		r.drop()
		return false
	}
	if r.open.watch == nil {
		r.open.src.Close()
		r.guard.close()
		return false
	}
	r.open.at = l.at
	c.rec.Changed = append(c.rec.Changed, "response: continued from where it stopped")
	l.next = &splice{from: r.open, text: text, like: l.at, chat: c.surface == telltale.Chat}
	return true
}

// read gives the next events of the joined stream.
func (s *splice) read() ([]byte, error) {
	b := make([]byte, chunk)
	for {
		n, err := s.from.Read(b)
		s.part = append(s.part, b[:n]...)
		var out []byte
		if end := wholeEvents(s.part); end > 0 {
			for ev := range events(s.part[:end]) {
				out = append(out, s.event(ev)...)
			}
			s.part = append([]byte(nil), s.part[end:]...)
		}
		if err != nil {
			if err == io.EOF {
				out = append(append(out, s.sew()...), s.part...)
			}
			return out, err
		}
		if len(out) > 0 {
			return out, nil
		}
	}
}

// events parts b, which is whole events, after each blank line.
func events(b []byte) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for len(b) > 0 {
			end := len(b)
			for _, sep := range [...]string{"\n\n", "\n\r\n", "\r\r"} {
				if i := bytes.Index(b, []byte(sep)); i >= 0 {
					end = min(end, i+len(sep))
				}
			}
			if !yield(b[:end]) {
				return
			}
			b = b[end:]
		}
	}
}

// dataOf is the data of an event that has one line of it.
func dataOf(ev []byte) []byte {
	for line := range bytes.Lines(ev) {
		if d, ok := bytes.CutPrefix(line, []byte("data:")); ok {
			return bytes.TrimSpace(d)
		}
	}
	return nil
}

// event is what becomes of one event of the stream that goes on.
func (s *splice) event(ev []byte) []byte {
	data := dataOf(ev)
	if len(data) == 0 || data[0] != '{' {
		return append(s.sew(), ev...)
	}
	if gjson.GetBytes(data, "error").Exists() {
		return append(s.sew(), ev...)
	}
	if s.chat {
		return s.chatEvent(ev, data)
	}
	return s.messagesEvent(ev, data)
}

func (s *splice) chatEvent(ev, data []byte) []byte {
	if s.like.id != "" && gjson.GetBytes(data, "id").Exists() {
		if b, err := sjson.SetBytes(bytes.Clone(data), "id", s.like.id); err == nil {
			data = b
			ev = frame("", data)
		}
	}
	delta := gjson.GetBytes(data, "choices.0.delta")
	text := delta.Get("content").Str
	ends := gjson.GetBytes(data, "choices.0.finish_reason").Type == gjson.String
	if s.sewn {
		return ev
	}
	if ends {
		if text != "" {
			s.take(data, text)
			if b, err := sjson.SetBytes(bytes.Clone(data), "choices.0.delta", struct{}{}); err == nil {
				ev = frame("", b)
			}
		}
		return append(s.sew(), ev...)
	}
	if text == "" {
		if delta.Get("role").Exists() {
			return nil // the client had the beginning
		}
		return ev
	}
	s.take(data, text)
	if len(s.first) < seamAfter {
		return nil
	}
	return s.sew()
}

func (s *splice) messagesEvent(ev, data []byte) []byte {
	kind := gjson.GetBytes(data, "type").Str
	switch kind {
	case "message_start":
		return nil
	case "content_block_start":
		if s.like.open && gjson.GetBytes(data, "content_block.type").Str == "text" && s.shift == 0 && s.first == "" && !s.sewn {
			s.shift = s.like.block - int(gjson.GetBytes(data, "index").Int())
			return nil // the client's block is still open
		}
		if !s.like.open && s.shift == 0 {
			s.shift = s.like.block + 1
		}
	case "content_block_delta":
		if text := gjson.GetBytes(data, "delta.text"); text.Exists() && !s.sewn {
			s.take(s.shifted(data), text.Str)
			if len(s.first) < seamAfter {
				return nil
			}
			return s.sew()
		}
	case "ping":
		return ev
	}
	out := s.sew()
	if s.shift != 0 && gjson.GetBytes(data, "index").Exists() {
		ev = frame(kind, s.shifted(data))
	}
	return append(out, ev...)
}

func (s *splice) shifted(data []byte) []byte {
	i := gjson.GetBytes(data, "index")
	if s.shift == 0 || !i.Exists() {
		return data
	}
	b, err := sjson.SetRawBytes(bytes.Clone(data), "index", []byte(strconv.Itoa(int(i.Int())+s.shift)))
	if err != nil {
		return data
	}
	return b
}

func (s *splice) take(data []byte, text string) {
	if s.model == nil {
		s.model = bytes.Clone(data)
	}
	s.first += text
}

// sew gives the gathered text without what it repeats.
func (s *splice) sew() []byte {
	if s.sewn || s.model == nil {
		return nil
	}
	s.sewn = true
	text := seam(s.text, s.first)
	if text == "" {
		return nil
	}
	name, path := "", "choices.0.delta.content"
	if !s.chat {
		name, path = "content_block_delta", "delta.text"
	}
	b, err := sjson.SetBytes(s.model, path, text)
	if err != nil {
		return nil
	}
	if s.chat {
		if d, err := sjson.SetRawBytes(b, "choices.0.finish_reason", []byte("null")); err == nil {
			b = d
		}
	}
	return frame(name, b)
}
