package telltale

import "github.com/telltale-ai/telltale/expect"

// loopWatch looks for a loop in the text of one choice while it is written.
type loopWatch struct {
	loop expect.Loop
	seen int // bytes of the text that the loop has been given
}

// Looping reports whether the text has fallen into a degenerate loop of a kilobyte or more. It looks only at what
// came since the last call, so that it may be asked after every event.
func (w *Watch) Looping() bool {
	for i := range w.f.Choices {
		if i == len(w.loops) {
			r := w.f.Request()
			w.loops = append(w.loops, loopWatch{loop: expect.Loop{Prompt: r.Prompt, System: r.System}})
		}
		l, text := &w.loops[i], &w.f.Choices[i].text
		now := text.one
		if text.b != nil {
			now = view(text.b)
		}
		if l.seen < len(now) {
			l.loop.Write(now[l.seen:])
			l.seen = len(now)
		}
		if l.loop.Looping() {
			return true
		}
	}
	return false
}
