// Package sse takes event streams apart as they come: write what came to a [Parser] and it calls back
// for every event. It reads what servers send, not only what the standard allows.
package sse

import "bytes"

// MaxData is the most bytes that are kept of one event's data; the rest is dropped and the event is marked.
const MaxData = 4 << 20

// Event is one event of a stream. Its slices are good until the callback returns.
type Event struct {
	Name    string // of the event field; "" when it has none
	Data    []byte // of all data fields, joined by line feeds
	Field   string // instead of "data": the name of another field whose value is JSON, such as "error"; "" for none
	Bare    bool   // Data stood in the stream without any field name
	Comment []byte // the last comment in front of the event
	Cut     bool   // Data was longer than MaxData
}

// Parser is a reader that is written to. Its zero value is ready; Fn must be set.
type Parser struct {
	Fn func(*Event)

	line []byte // an unfinished line
	lost bool   // the line was too long, its end is dropped
	cr   bool   // the last byte was a carriage return
	ev   Event
	data []byte
	note []byte
	any  bool // the event has something
	bom  int  // bytes of a byte order mark seen; -1 when past it
}

// Write takes the next bytes of the stream, cut anywhere.
func (p *Parser) Write(b []byte) (int, error) {
	n := len(b)
	for len(b) > 0 {
		if p.cr {
			p.cr = false
			if b[0] == '\n' {
				b = b[1:]
				continue
			}
		}
		k := bytes.IndexByte(b, '\n')
		if c := bytes.IndexByte(b[:at(k, len(b))], '\r'); c >= 0 {
			k = c
		}
		if k < 0 {
			p.keep(b)
			break
		}
		if len(p.line) == 0 && !p.lost {
			p.take(b[:k])
		} else {
			p.keep(b[:k])
			p.take(p.line)
			p.line, p.lost = p.line[:0], false
		}
		p.cr = b[k] == '\r'
		b = b[k+1:]
	}
	return n, nil
}

func at(k, n int) int {
	if k < 0 {
		return n
	}
	return k
}

func (p *Parser) keep(b []byte) {
	if room := MaxData + 1024 - len(p.line); len(b) > room {
		b = b[:max(room, 0)]
		p.lost = true
	}
	p.line = append(p.line, b...)
}

// Close ends the stream: what was not ended by a blank line is an event, too.
func (p *Parser) Close() {
	if len(p.line) > 0 {
		p.take(p.line)
		p.line, p.lost = p.line[:0], false
	}
	p.flush()
}

func (p *Parser) take(line []byte) {
	if p.bom == 0 {
		p.bom = -1
		line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
	}
	if len(line) == 0 {
		p.flush()
		return
	}
	if line[0] == ':' {
		p.note = append(p.note[:0], bytes.TrimSpace(line[1:])...)
		p.ev.Comment = p.note
		return
	}
	name, value := line, []byte(nil)
	if k := bytes.IndexByte(line, ':'); k >= 0 {
		name, value = line[:k], line[k+1:]
		if len(value) > 0 && value[0] == ' ' {
			value = value[1:]
		}
	}
	switch string(name) {
	case "data":
		if p.any && len(p.data) > 0 && len(value) > 0 && (value[0] == '{' || value[0] == '[') && complete(p.data) {
			p.flushData() // servers that leave out the blank line between events
		}
		p.add(value)
	case "event":
		if p.any {
			p.flushData()
		}
		p.ev.Name = string(value)
	case "id", "retry":
	default:
		t := bytes.TrimSpace(line)
		switch {
		case len(t) > 0 && (t[0] == '{' || t[0] == '['), p.ev.Bare:
			if p.any && !p.ev.Bare {
				p.flushData()
			}
			p.ev.Bare = true
			p.add(line)
		case len(value) > 0 && len(name) < 32 && (value[0] == '{' || value[0] == '['):
			if p.any {
				p.flushData()
			}
			p.ev.Field = string(name)
			p.add(value)
		}
	}
}

// complete reports whether data looks like a whole JSON value, or is the mark of the end.
func complete(data []byte) bool {
	d := bytes.TrimSpace(data)
	return len(d) > 1 && (d[len(d)-1] == '}' || d[len(d)-1] == ']')
}

func (p *Parser) add(value []byte) {
	if p.any && len(p.data) > 0 {
		p.data = append(p.data, '\n')
	}
	p.any = true
	if room := MaxData - len(p.data); len(value) > room {
		value = value[:max(room, 0)]
		p.ev.Cut = true
	}
	p.data = append(p.data, value...)
}

func (p *Parser) flush() {
	if p.ev.Bare && p.any && !complete(p.data) {
		return // a blank line inside bare JSON
	}
	p.flushData()
	p.ev = Event{}
}

func (p *Parser) flushData() {
	if p.any || p.ev.Name != "" {
		p.ev.Data = p.data
		p.Fn(&p.ev)
	}
	if cap(p.data) > 1<<20 {
		p.data = nil
	}
	p.data, p.any = p.data[:0], false
	p.ev = Event{Name: p.ev.Name}
}
