package sim

var (
	afterKey = Key{"after", "4", "how many events come first"}
	gapKey   = Key{"gap", "0s", "the pause after each event"}
)

// breakOff ends a stream early.
func (p *plan) breakOff(how string) {
	p.wire.cut, p.wire.after, p.wire.how, p.wire.gap = true, p.k.num("after"), how, p.k.dur("gap")
}

var streamFaults = []Fault{
	{Name: "stream-cut", Doc: "a stream that ends in the middle of the text, without an end mark, as if all were well.", On: Stream, Keys: []Key{afterKey, gapKey},
		play: func(p *plan) { p.breakOff("end") }},
	{Name: "stream-abort", Doc: "a stream whose connection is closed without the last chunk.", On: Stream, Keys: []Key{afterKey, gapKey},
		play: func(p *plan) { p.breakOff("abort") }},
	{Name: "stream-reset", Doc: "a stream whose connection is reset.", On: Stream, Keys: []Key{afterKey, gapKey},
		play: func(p *plan) { p.breakOff("reset") }},
	{Name: "stream-stall", Doc: "a stream that goes silent.", On: Stream, Keys: []Key{afterKey, {"wait", "24h", "how long"}},
		play: func(p *plan) { p.wire.stall, p.wire.after = p.k.dur("wait"), p.k.num("after") }},
	{Name: "stream-error", Doc: "an error event in the stream, which is all that the status 200 leaves room for.", On: Stream,
		Keys: []Key{afterKey, {"done", "no", "yes: an end mark follows"}},
		play: func(p *plan) {
			p.err = &apiError{Type: "server_error", Code: "server_error", Message: "The server had an error while processing your request. Sorry about that!"}
			p.wire.after = p.k.num("after")
		}},
	{Name: "stream-overloaded", Doc: "an error event before any output: the model is overloaded.", On: Stream,
		play: func(p *plan) {
			p.err = &apiError{Type: "overloaded_error", Code: "server_is_overloaded", Message: "The model is currently overloaded. Please try again later."}
			p.wire.after = 0
		}},
	{Name: "stream-no-finish", Doc: "a stream with all its text that never says why it ended and has no end mark.", On: Stream,
		play: func(p *plan) { p.a.noFinish, p.a.noEnd = true, true }},
	{Name: "stream-no-done", Doc: "a complete stream without the end mark after it: healthy.", On: Stream,
		play: func(p *plan) { p.a.noEnd = p.c.d.name == "chat" }},
	{Name: "stream-empty", Doc: "200 and an event stream without a single event.", On: Stream,
		play: func(p *plan) { p.wire.cut, p.wire.after, p.wire.how = true, 0, "end" }},
	{Name: "stream-no-text", Doc: "a complete stream that holds no text.", On: Stream,
		play: func(p *plan) { p.a.say("") }},
}
