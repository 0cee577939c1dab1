package expect

// Loop watches a text that is still being written for a loop. It keeps the last 16 KiB. The zero value is ready.
type Loop struct {
	Prompt string // the last user message; it may explain a repetition
	System string

	tail  []byte
	total int
	next  int // when total reaches it, the end is searched again
	loops bool
}

// Write takes the next piece of the text. A loop is looked for every two kilobytes, so that the cost stays even.
func (l *Loop) Write(text string) {
	l.total += len(text)
	if len(text) >= loopWindow {
		text = text[len(text)-loopWindow:]
		l.tail = l.tail[:0]
	}
	if len(l.tail)+len(text) > 2*loopWindow {
		n := copy(l.tail, l.tail[len(l.tail)-loopWindow:])
		l.tail = l.tail[:n]
	}
	l.tail = append(l.tail, text...)
	if l.next == 0 {
		l.next = firstLook
	}
	if l.total >= l.next {
		l.next = l.total + 2<<10
		lp, _, ok := l.look()
		l.loops = ok && lp.end-lp.from >= 1<<10
	}
}

// firstLook is how long a text must be before it may be said to loop while it is still being written.
const firstLook = 1 << 10

// Looping reports whether the text has fallen into a loop that is long enough (a kilobyte) to end the stream for it.
func (l *Loop) Looping() bool { return l.loops }

// Found says what is to be said of the text as it stands now: the same as [Detect] says of its end.
func (l *Loop) Found() (Finding, bool) {
	lp, offset, ok := l.look()
	if !ok {
		return Finding{}, false
	}
	return lp.finding(offset), true
}

func (l *Loop) look() (lp loop, offset int, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	t := tailOf(string(l.tail), loopWindow)
	if len(t) < 100 || !monotonous(t) {
		return loop{}, 0, false
	}
	o := &Output{Text: t, Prompt: l.Prompt, System: l.System}
	lp, ok = loopIn(t)
	return lp, l.total - len(t), ok && !o.wanted(lp)
}
