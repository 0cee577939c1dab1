package telltale

import (
	"github.com/telltale-ai/telltale/expect"
)

// Facts is what an exchange says, whoever answered: what checks look at. It is read in one pass, and holds
// views of the body: it is the check's until the check returns, which must copy what it keeps.
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
		f.Choices = f.choices0[:1]
		f.Choices[0].Index = i
		return &f.Choices[0]
	}
	f.Choices = append(f.Choices, Choice{Index: i})
	return &f.Choices[len(f.Choices)-1]
}
