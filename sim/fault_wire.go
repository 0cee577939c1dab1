package sim

// What happens to the connection, whatever would have been said on it.
var wireFaults = []Fault{
	{Name: "reset", Doc: "the connection is reset before any answer.", On: Any,
		play: func(p *plan) { p.wire.reset = true }},
	{Name: "reset-after-headers", Doc: "the connection is reset after the headers.", On: Any,
		play: func(p *plan) { p.wire.cut, p.wire.after, p.wire.how = true, 0, "reset" }},
	{Name: "cut-body", Doc: "the connection is closed in the middle of the body.", On: Any,
		play: func(p *plan) { p.wire.cut, p.wire.after, p.wire.how = true, 1<<20, "abort"; p.streamAfter() }},
	{Name: "stall", Doc: "the first byte is long in coming.", On: Any, Keys: []Key{{"wait", "24h", "how long"}},
		play: func(p *plan) { p.wire.wait = p.k.dur("wait") }},
	{Name: "slow-body", Doc: "the headers come at once; the body pauses in the middle.", On: Any, Keys: []Key{{"wait", "24h", "how long"}},
		play: func(p *plan) { p.wire.stall, p.wire.after = p.k.dur("wait"), 1<<20; p.streamAfter() }},
	{Name: "trickle", Doc: "the body comes in small pieces with pauses between them.", On: Any,
		Keys: []Key{{"gap", "50ms", "the pause"}, {"pieces", "20", "how many pieces a plain body comes in"}},
		play: func(p *plan) { p.wire.gap, p.wire.pieces = p.k.dur("gap"), p.k.num("pieces") }},
	{Name: "huge", Doc: "blanks before the body, which JSON allows.", On: Any, Keys: []Key{{"mib", "100", "how many MiB"}},
		play: func(p *plan) { p.wire.pad = int64(p.k.num("mib")) << 20 }},
	{Name: "endless", Doc: "a body that never ends.", On: Any,
		play: func(p *plan) { p.wire.endless = true }},
	{Name: "gzip", Doc: "a healthy plain answer, compressed.", On: Any,
		play: func(p *plan) { p.wire.gzip = true }},
}

// streamAfter lets a stream be hit after a few events, where a plain body is hit in its middle.
func (p *plan) streamAfter() {
	if p.c.stream && p.c.d.events != nil {
		p.wire.after = 3
	}
}
