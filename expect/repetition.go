package expect

import (
	"strconv"
	"strings"
	"sync"

	"github.com/telltale-ai/telltale/fault"
)

// loopWindow is how many bytes at the end of a text are searched for a loop: a degenerate loop lasts until
// the output ends, so the end is where it is seen.
const loopWindow = 16 << 10

// repetition finds text that fell into a loop: one phrase, line, token or list item over and over, counting
// that runs away, or an answer that starts again from its beginning.
func repetition(o *Output) (Finding, bool) {
	t := o.Text
	if len(t) < 100 {
		return Finding{}, false
	}
	tail := tailOf(t, loopWindow)
	if monotonous(tail) {
		if l, ok := loopIn(tail); ok && !o.wanted(l) {
			return l.finding(len(t) - len(tail)), true
		}
	}
	if len(t) >= 900 {
		return restated(t)
	}
	return Finding{}, false
}

// monotonous is the cheap test before the careful one: are too few of the four-byte pieces at the end distinct?
// Every other piece is enough: a loop of n bytes has no more than n different ones, wherever one looks.
func monotonous(t string) bool {
	t = tailOf(t, 2<<10)
	var seen [4096]byte
	n := len(t) - 3
	enough := (n*56 + 199) / 200
	for i := 0; i < n; i += 6 {
		if enough <= 0 {
			return digitsRun(t)
		}
		if i+8 > len(t) {
			for ; i < n; i += 2 {
				enough -= mark(&seen, uint32(t[i])|uint32(t[i+1])<<8|uint32(t[i+2])<<16|uint32(t[i+3])<<24)
			}
			break
		}
		x := eight(t[i:])
		enough -= mark(&seen, uint32(x)) + mark(&seen, uint32(x>>16)) + mark(&seen, uint32(x>>32))
	}
	return enough > 0 || digitsRun(t)
}

// mark notes a piece and gives 1 if it is new.
func mark(seen *[4096]byte, piece uint32) int {
	slot := &seen[piece*2654435761>>20]
	fresh := int(1 - *slot)
	*slot = 1
	return fresh
}

// digitsRun reports whether the end of t is mostly digits: counting has many distinct pieces.
func digitsRun(t string) bool {
	t = tailOf(t, 64)
	n := 0
	for i := 0; i < len(t); i++ {
		if isDigit(t[i]) {
			n++
		}
	}
	return n*3 > len(t)
}

// loop is a loop at the end of a text.
type loop struct {
	from, end int    // bytes of the window that it covers
	unit      string // what comes again and again, capped by the reader
	times     int
	letters   bool // the unit has letters, so it is no ruler, table border or drawing
	counting  bool // the rounds differ in their numbers only
}

func (l loop) finding(offset int) Finding {
	return Finding{Cause: fault.Repetition, Rule: "repetition", Where: span(offset+l.from, offset+l.end),
		Got: strconv.Quote(capTo(strings.TrimSpace(l.unit), 120)) + ", " + strconv.Itoa(l.times) + " times"}
}

// wanted reports whether the request explains the loop: a song has refrains, and who asks for a hundred rows gets them.
func (o *Output) wanted(l loop) bool {
	n := l.end - l.from
	switch {
	case n < 600 && l.times < 12 && asks(o, "song", "lyric", "poem", "chant", "verse", "rap", "mantra", "ascii", "draw"):
		return true
	case n < 6000 && asks(o, "repeat the", "repeat this", "repeat it", "repeat after", "repeat \"", "0 times", "over and over", "repetition", "copies of", "lorem"):
		return true
	case l.counting:
		return asks(o, "count", "numbers", "integers", "1000", "500", "primes", "sequence", "fibonacci", "multiples", "rows", "table", "csv")
	}
	return false
}

// loopPool holds the buffers of the careful search.
var loopPool = sync.Pool{New: func() any { return new(periods) }}

// loopIn searches the end of t for a loop.
func loopIn(t string) (loop, bool) {
	p := loopPool.Get().(*periods)
	p.text, p.tokens = t, tokenise(p.tokens[:0], t)
	l, ok := p.search()
	p.text, p.hashes, p.masks = "", p.hashes[:0], p.masks[:0]
	if cap(p.tokens) <= 2*loopWindow {
		loopPool.Put(p)
	}
	return l, ok
}

func (p *periods) search() (loop, bool) {
	if len(p.tokens) < 12 {
		return loop{}, false
	}
	if l, ok := p.exact(); ok {
		return l, true
	}
	if l, ok := p.inside(); ok {
		return l, true
	}
	if l, ok := p.counted(); ok {
		return l, true
	}
	if l, ok := items(p.text); ok {
		return l, true
	}
	return stale(p.text, p.tokens)
}
