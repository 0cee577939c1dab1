package telltale

// Watch judges an event stream as it passes, with bounded memory. Get one from [Diagnoser.Watch],
// write to it every byte that came, and Close it at the end. It keeps no bytes that are written to it.
type Watch struct {
	d   *Diagnoser
	x   *Exchange
	out bool
}

// Watch begins to judge the body of x.Response, which is an event stream that is still to come (Body is ignored).
func (d *Diagnoser) Watch(x *Exchange) *Watch { return &Watch{d: d, x: x} }

// Write takes the next bytes of the stream. It never fails.
func (w *Watch) Write(p []byte) (int, error) { w.out = true; return len(p), nil }

// Output reports whether an event with output (text, reasoning, a tool call, media) has been seen.
func (w *Watch) Output() bool { return w.out }

// Failed reports whether an error event has been seen.
func (w *Watch) Failed() bool { return false }

// Ended reports whether the stream's own end (by the rules of its dialect) has been seen.
func (w *Watch) Ended() bool { return false }

// Text returns the text that came so far, capped; it is what a continuation goes on from.
func (w *Watch) Text() string { return "" }

// Usage returns the token counts that the stream reported so far.
func (w *Watch) Usage() Usage { return Usage{} }

// Looping reports whether the text has fallen into a degenerate loop.
func (w *Watch) Looping() bool { return false }

// Close says what became of the stream. err is what ended the reading: nil or io.EOF for a clean end of the bytes.
func (w *Watch) Close(err error) Diagnosis { return w.d.Diagnose(w.x) }
