package telltale

import (
	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/expect"
)

// Facts is what an exchange says, whoever answered: what checks look at. It is read in one pass, and holds
// views of the body: a check must copy what it keeps (evidence is copied by [Facts.Evidence]).
type Facts struct {
	X        *Exchange
	Surface  Surface
	Provider string // ID of the provider, "" when unknown
	Status   int    // HTTP status
	Stream   bool   // the body is a stream of events

	Model   string // that answered
	Object  string // kind of the answer
	Choices []Choice
	Usage   Usage
	Limit   int64 // the output token limit that the answer repeats; 0 when it does not

	HasUsage bool
	Media    int // images, videos and sounds in the answer
	Vectors  int // embeddings in the answer

	results   state
	resultsAt at
	vectorAt  at
	vectors   state
	status    string // status word of a response or task
	statusAt  at
	block     string // why the prompt or output was withheld
	blockAt   at
	blockMsg  string
	finishMsg string
	filter    [4]val
	filterN   int
	err       val
	errAt     at
	errN      int // how many errors were seen
	code      val
	codeAt    at
	done      state
	flaggedAt at
	flagged   bool
	id        string
	other     int // outputs of other kinds
	keys      int // keys at the top

	req  *RequestFacts
	kept *expect.Schemas

	// what is being read
	copying    bool
	event      int32
	elem       int32
	idx        [3]int32
	nidx       int
	choice     int
	part       part
	call       ToolCall
	inCall     bool
	frame      frame
	tree       *node
	lastType   string // of the last event
	lastObject string

	choices0 [1]Choice
	calls0   [2]ToolCall
}

// state tells a missing value from an empty one.
type state uint8

const (
	unseen state = iota
	isNull
	isEmpty
	isTrue
	isFalse
	isThere
)

// Choice is one answer.
type Choice struct {
	Index     int
	Finish    string // why it ended, in the provider's word; "" when it does not say
	Native    string // the same in the words of the provider behind a gateway
	Text      string // visible text
	Reasoning string
	Refusal   string
	ToolCalls []ToolCall
	Capped    bool // the text was longer than what is kept

	text, reasoning, refusal, whole buf
	finishAt, textAt, refusalAt     at
	nativeAt                        at
	parts                           int  // parts of any kind
	other                           int  // outputs that are neither text nor call
	server                          int  // tool calls that the provider runs itself
	seenText                        bool // a text is there, if only an empty one
}

// ToolCall is one call of a tool that the model wants.
type ToolCall struct {
	Name string
	Args string // as it came: JSON, or what should be JSON; "" when there are none

	args    buf
	index   int32 // number in a stream; -1 when it has none
	at      at
	object  bool // the arguments came as an object, not as a string
	noParse bool // there is nothing to parse
}

type part struct {
	on      bool
	typ     string
	text    val
	thought bool
	name    val
	args    val
	media   bool
	other   bool
	call    bool
	at      at
}

// frame is what one event of a stream says at its top.
type frame struct {
	typ   string
	text  val
	delta val
	args  val
	index int32
	has   bool // index is set

	block, item       part // parts whose meaning waits for the rest of the event
	hasBlock, hasItem bool
	final             bool // the event repeats the whole answer
}

// buf gathers a text from pieces: a view while there is only one piece, else a copy.
type buf struct {
	one string
	b   []byte
	n   int
	cut bool
}

const maxText = 256 << 10

func (t *buf) add(v val, copying bool) {
	if len(v.raw) == 0 {
		return
	}
	t.n += len(v.raw)
	if !copying && t.b == nil && t.one == "" {
		t.one = unquote(v)
		return
	}
	if t.one != "" {
		t.b = append(t.b, t.one...)
		t.one = ""
	}
	if len(t.b) > maxText {
		t.cut = true
		return
	}
	if v.esc {
		t.b = appendUnquoted(t.b, v.raw)
	} else {
		t.b = append(t.b, v.raw...)
	}
}

func (t *buf) reset() { *t = buf{b: t.b[:0]} }

func (t *buf) String() string {
	if t.one != "" || len(t.b) == 0 {
		return t.one
	}
	return view(t.b)
}

// text gives the string of v, copied when the bytes under it will not stay.
func (f *Facts) str(v val) string {
	s := unquote(v)
	if f.copying && !v.esc {
		return string(v.raw)
	}
	return s
}

func (f *Facts) here(n *node) at { return at{n: n, idx: f.idx, event: f.event, elem: f.elem} }

// cur gives the choice that is being read.
func (f *Facts) cur() *Choice {
	i := f.choice
	for k := range f.Choices {
		if f.Choices[k].Index == i {
			return &f.Choices[k]
		}
	}
	if len(f.Choices) >= 64 {
		return &f.Choices[len(f.Choices)-1]
	}
	if f.Choices == nil {
		f.Choices = f.choices0[:0]
	}
	f.Choices = append(f.Choices, Choice{Index: i})
	return &f.Choices[len(f.Choices)-1]
}

// read takes one JSON value, the whole body or one event, into the facts. It gives how many bytes that were, and
// whether the value was whole.
func (f *Facts) read(b []byte) (n int, whole bool) {
	s := scanner{b: b}
	if len(b) > 2 && b[0] == 0xEF && b[1] == 0xBB && b[2] == 0xBF {
		s.i = 3
	}
	s.space()
	f.nidx, f.choice = 0, 0
	f.frame = frame{}
	if s.i < len(b) && b[s.i] == '[' {
		s.i++
		s.space()
		if s.i < len(b) && b[s.i] == ']' {
			s.i++
			f.results, f.resultsAt = isEmpty, at{path: "body"}
			return s.i, true
		}
		for {
			s.space()
			f.elem++
			f.value(&s, f.tree)
			if s.bad || !s.more(']') {
				break
			}
			f.endFrame()
		}
	} else {
		f.value(&s, f.tree)
	}
	f.endFrame()
	return s.i, !s.bad
}

func (f *Facts) value(s *scanner, n *node) {
	if s.i >= len(s.b) {
		s.bad = true
		return
	}
	switch s.b[s.i] {
	case '{':
		if len(n.kids) == 0 {
			f.leafContainer(s, n)
			return
		}
		f.object(s, n)
	case '[':
		if n.elem == nil {
			f.leafContainer(s, n)
			return
		}
		f.array(s, n)
	default:
		v := s.scalarVal()
		if v.kind != kindNone {
			f.leaf(n, v)
		}
	}
}

func (f *Facts) leafContainer(s *scanner, n *node) {
	c := s.b[s.i]
	raw := s.skip()
	f.leaf(n, val{kind: c, raw: raw, empty: emptyContainer(raw)})
}

func emptyContainer(raw []byte) bool {
	for _, c := range raw[1:] {
		if c > ' ' {
			return c == '}' || c == ']'
		}
	}
	return true
}

func (f *Facts) object(s *scanner, n *node) {
	start := s.i
	var savedPart part
	var savedCall ToolCall
	savedIn := f.inCall
	isPart, isCall := n.mask&bitPart != 0, n.mask&bitCall != 0
	if isPart {
		if f.copying && n.name == "[]" && n.up.name == "output" && n.up.up.name == "response" && !f.frame.final {
			f.frame.final = true // the last event repeats the whole answer
			f.cur().restart()
		}
		savedPart = f.part
		f.part = part{on: true, at: f.here(n)}
	}
	if isCall {
		savedCall = f.call
		f.call = ToolCall{index: -1, at: f.here(n)}
		f.inCall = true
	}
	if n.mask&bitChoice != 0 {
		f.choice = int(f.idx[max(f.nidx-1, 0)])
		if f.copying {
			f.choice = choiceIndex(s.b[s.i:], f.choice)
		}
		f.cur()
	}
	s.i++
	keys := 0
	s.space()
	if s.i < len(s.b) && s.b[s.i] == '}' {
		s.i++
	} else {
		for {
			k, ok := s.key()
			if !ok {
				break
			}
			keys++
			if kid := n.kid(k); kid != nil {
				f.value(s, kid)
			} else {
				s.skip()
			}
			if s.bad || !s.more('}') {
				break
			}
		}
	}
	if n.up == nil {
		f.keys += keys
	}
	if isCall {
		if !s.bad || f.call.Name != "" {
			f.endCall()
		}
		f.call, f.inCall = savedCall, savedIn
	}
	if isPart {
		f.endPart()
		f.part = savedPart
	}
	if n.mask&^(bitPart|bitCall|bitChoice) != 0 {
		f.leaf(n, val{kind: kindObject, raw: s.b[start:s.i], empty: keys == 0})
	}
}

// choiceIndex looks for the number of a choice in a stream, where the place in the array tells nothing.
func choiceIndex(b []byte, otherwise int) int {
	s := scanner{b: b, i: 1}
	for {
		k, ok := s.key()
		if !ok {
			return otherwise
		}
		if string(k) == "index" {
			n, ok := number(s.scalarVal())
			if !ok || n < 0 || n > 1<<20 {
				return otherwise
			}
			return int(n)
		}
		s.skip()
		if s.bad || !s.more('}') {
			return otherwise
		}
	}
}

func (f *Facts) array(s *scanner, n *node) {
	start := s.i
	s.i++
	s.space()
	count := 0
	if s.i < len(s.b) && s.b[s.i] == ']' {
		s.i++
	} else {
		f.nidx++
		for {
			s.space()
			if f.nidx <= len(f.idx) {
				f.idx[f.nidx-1] = int32(count)
			}
			count++
			f.value(s, n.elem)
			if s.bad || !s.more(']') {
				break
			}
		}
		f.nidx--
	}
	if n.mask != 0 {
		f.leaf(n, val{kind: kindArray, raw: s.b[start:s.i], empty: count == 0})
	}
}

// number reads a whole number.
func number(v val) (int64, bool) {
	if len(v.raw) == 0 || len(v.raw) > 18 {
		return 0, false
	}
	neg, i := false, 0
	if v.raw[0] == '-' {
		neg, i = true, 1
	}
	var n int64
	for ; i < len(v.raw); i++ {
		c := v.raw[i]
		if c == '.' {
			break
		}
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if neg {
		n = -n
	}
	return n, true
}

func there(v val) state {
	switch {
	case v.kind == kindNull:
		return isNull
	case v.kind == kindFalse:
		return isFalse
	case v.kind == kindTrue:
		return isTrue
	case v.empty:
		return isEmpty
	}
	return isThere
}

func (f *Facts) leaf(n *node, v val) {
	for _, fact := range n.facts {
		f.take(n, fact, v)
	}
}

func (f *Facts) take(n *node, fact catalog.Fact, v val) {
	isString := v.kind == kindString
	switch fact {
	case catalog.FactText, catalog.FactWhole, catalog.FactReasoning, catalog.FactRefusal:
		if isString {
			f.takeText(n, fact, v)
		} else if fact != catalog.FactText || n.up.name == "delta" || v.kind == kindNull {
			c := f.cur()
			if fact != catalog.FactReasoning && fact != catalog.FactRefusal {
				c.textAt = f.here(n)
			}
		}
	case catalog.FactFinish:
		if isString && len(v.raw) > 0 {
			c := f.cur()
			if !f.copying || len(c.Finish) != len(v.raw) || c.Finish != string(v.raw) {
				c.Finish = f.str(v)
			}
			c.finishAt = f.here(n)
		}
	case catalog.FactNative:
		if isString && len(v.raw) > 0 {
			c := f.cur()
			c.Native, c.nativeAt = f.str(v), f.here(n)
		}
	case catalog.FactPart:
		if isString { // a plain string among the parts is text
			f.part = part{text: v, at: f.here(n)}
			f.endPart()
			f.part = part{}
		}
	case catalog.FactPartType:
		if isString {
			f.part.typ = f.str(v)
		}
	case catalog.FactPartText:
		if isString {
			if f.part.text.kind != 0 {
				f.cur().reasoning.add(f.part.text, f.copying)
			}
			f.part.text = v
			if n.name == "thinking" || n.up.name == "[]" && n.up.up.name == "thinking" {
				f.part.thought = true
			}
		}
	case catalog.FactThought:
		f.part.thought = v.kind == kindTrue || v.kind == kindObject
	case catalog.FactCallName:
		if isString {
			if f.inCall {
				f.call.Name = f.str(v)
			} else {
				f.part.name = v
			}
		}
	case catalog.FactCallArgs:
		f.takeArgs(v)
	case catalog.FactIndex:
		if i, ok := number(v); ok && i >= 0 && i < 1<<20 {
			if f.inCall {
				f.call.index = int32(i)
			} else if n.up.name != "[]" {
				f.frame.index, f.frame.has = int32(i), true
			}
		}
	case catalog.FactMedia:
		if s := there(v); s == isThere {
			f.Media++
			f.part.media = true
		}
	case catalog.FactOther:
		if s := there(v); s == isThere {
			f.other++
			f.part.other = true
		}
	default:
		f.takeTop(n, fact, v)
	}
}

func (f *Facts) takeText(n *node, fact catalog.Fact, v val) {
	c := f.cur()
	switch fact {
	case catalog.FactReasoning:
		c.reasoning.add(v, f.copying)
	case catalog.FactRefusal:
		c.refusal.add(v, f.copying)
		if len(v.raw) > 0 {
			c.refusalAt = f.here(n)
		}
	case catalog.FactWhole:
		c.seenText = true
		if !f.copying {
			c.text.add(v, false)
			c.textAt = f.here(n)
			return
		}
		c.whole.reset()
		c.whole.add(v, true)
		c.textAt = f.here(n)
	default:
		if f.copying && n.name == "text" && n.up.up == nil {
			f.frame.text = v // a piece or a repetition: the type of the event tells
			return
		}
		c.seenText = true
		c.text.add(v, f.copying)
		if !c.textAt.seen() || len(v.raw) > 0 {
			c.textAt = f.here(n)
		}
	}
}

func (f *Facts) takeArgs(v val) {
	switch {
	case v.kind == kindNull || v.kind == kindNone:
	case f.inCall:
		f.call.args.add(v, f.copying)
		f.call.object = v.kind != kindString
		if v.kind == kindString && len(v.raw) == 0 {
			f.call.noParse = true
		}
	case f.part.on:
		f.part.args = v
	default:
		f.frame.args = v
	}
}

// takeTop takes the facts that belong to no choice.
func (f *Facts) takeTop(n *node, fact catalog.Fact, v val) {
	isString := v.kind == kindString
	switch fact {
	case catalog.FactResults:
		if v.kind == kindString && v.empty {
			return
		}
		if s := there(v); s > f.results || f.results == unseen {
			f.results, f.resultsAt = s, f.here(n)
		}
	case catalog.FactVector:
		s := there(v)
		if s == isThere && v.kind == kindArray && allNull(v.raw) {
			s = isNull
		}
		if s == isThere {
			f.Vectors++
		}
		if s > f.vectors || f.vectors == unseen {
			f.vectors, f.vectorAt = s, f.here(n)
		}
	case catalog.FactObject:
		if isString && n.up.up == nil {
			if string(v.raw) != f.lastObject {
				f.lastObject = f.str(v)
			}
			if f.Object == "" {
				f.Object = f.lastObject
			}
		}
	case catalog.FactModel:
		if isString && f.Model == "" && len(v.raw) > 0 {
			f.Model = f.str(v)
		}
	case catalog.FactID:
		if isString && f.id == "" && n.up.up == nil && len(v.raw) < 200 {
			f.id = f.str(v)
		}
	case catalog.FactBlock:
		if isString && len(v.raw) > 0 {
			f.block, f.blockAt = f.str(v), f.here(n)
		}
	case catalog.FactBlockMsg:
		if isString {
			f.blockMsg = f.str(v)
		}
	case catalog.FactFinishMsg:
		if isString {
			f.finishMsg = f.str(v)
		}
	case catalog.FactFilter:
		if !v.empty && f.filterN < len(f.filter) && (v.kind == kindObject || v.kind == kindArray) && hasTrue(v.raw) {
			if f.copying {
				v.raw = append([]byte(nil), v.raw...)
			}
			f.filter[f.filterN] = v
			f.filterN++
		}
	case catalog.FactError:
		if s := there(v); s == isThere && f.errN < 64 {
			if f.errN == 0 || n.up.up == nil {
				if f.copying {
					v.raw = append([]byte(nil), v.raw...)
				}
				f.err, f.errAt = v, f.here(n)
			}
			f.errN++
		}
	case catalog.FactDone:
		f.done = there(v)
	case catalog.FactType:
		if isString && n.up.up == nil {
			f.frame.typ = f.str(v)
		}
	case catalog.FactDelta:
		if isString && n.up.up == nil {
			f.frame.delta = v
		}
	case catalog.FactFlagged:
		if n.name == "respect_moderation" && v.kind == kindFalse || n.name != "respect_moderation" && (v.kind == kindTrue || v.kind == kindArray && hasTrue(v.raw)) {
			f.flagged, f.flaggedAt = true, f.here(n)
		}
	case catalog.FactStatus:
		if isString && len(v.raw) > 0 {
			f.status, f.statusAt = f.str(v), f.here(n)
		}
	case catalog.FactCode:
		if v.kind == kindNumber || isString {
			if len(v.raw) > 0 && string(v.raw) != "0" && string(v.raw) != "200" {
				if f.copying {
					v.raw = append([]byte(nil), v.raw...)
				}
				f.code, f.codeAt = v, f.here(n)
			}
		}
	case catalog.FactUsageIn:
		f.count(&f.Usage.Input, v)
	case catalog.FactUsageOut:
		f.count(&f.Usage.Output, v)
	case catalog.FactUsageWhy:
		f.count(&f.Usage.Reasoning, v)
	case catalog.FactLimit:
		f.count(&f.Limit, v)
	}
}

func (f *Facts) count(to *int64, v val) {
	if n, ok := number(v); ok && v.kind == kindNumber {
		*to = n
		if to != &f.Limit {
			f.HasUsage = true
		}
	}
}

// allNull reports whether an array holds nothing but null.
func allNull(raw []byte) bool {
	for _, c := range raw {
		if c >= '0' && c <= '9' || c == '"' || c == '{' || c == 't' {
			return false
		}
	}
	return true
}
