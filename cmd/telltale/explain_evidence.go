package main

import (
	"bytes"
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/telltale-ai/telltale/capture"
)

const (
	excerptWidth = 96 // characters of a line that are shown around a mark
	maxMarks     = 6  // pieces of evidence that are shown for one diagnosis
)

// mark is a piece of evidence that stands on one line of the input.
type mark struct {
	line, column int // both from 1; the column counts characters
	text         []byte
	from, to     int // bytes of text that are marked
	where        string
}

// evidence shows each piece of evidence under the line of the input that it stands on,
// as compilers do, and lists what stands nowhere in the input.
func (p *picture) evidence(v *verdict) {
	var marks []mark
	var loose []string
	for i, e := range v.d.Evidence {
		sp, ok := v.it.Locate(e)
		if v.it.Format == "media file" {
			ok = false
		}
		if ok && i < maxMarks {
			marks = append(marks, p.markAt(v.it, sp, e.Where))
			continue
		}
		loose = append(loose, strings.TrimSpace(e.Where+": "+clip(plain(e.Value), 200)))
	}
	sort.SliceStable(marks, func(i, j int) bool {
		return marks[i].line < marks[j].line || marks[i].line == marks[j].line && marks[i].column < marks[j].column
	})
	if len(marks) > 0 {
		width := len(fmt.Sprint(marks[len(marks)-1].line))
		gutter := func(n string) string { return p.dim.Render(fmt.Sprintf("%*s |", width, n)) }
		p.line("%s %s:%d:%d", p.dim.Render(strings.Repeat(" ", width)+"-->"), plain(v.file), marks[0].line, marks[0].column)
		p.line("%s", gutter(""))
		last := 0
		for i := range marks {
			m := &marks[i]
			if last != 0 && m.line > last+1 {
				p.line("%s", p.dim.Render("..."))
			}
			last = m.line
			text, pad, under := m.window()
			p.line("%s %s", gutter(fmt.Sprint(m.line)), text)
			p.line("%s %s%s", gutter(""), strings.Repeat(" ", pad), p.mark.Render(strings.Repeat("^", under)+" "+plain(m.where)))
		}
	}
	for _, l := range loose {
		p.line("  %s %s", p.dim.Render("seen      "), l)
	}
}

// markAt finds the line that sp stands on. What goes over several lines is marked to the first one's end.
func (p *picture) markAt(it *capture.Item, sp capture.Span, where string) mark {
	src := it.Source
	sp.Start = min(max(sp.Start, 0), len(src))
	line, column, begin := p.lines.place(src, sp.Start)
	end := min(len(src), max(sp.Start, sp.End)+16*excerptWidth) // what is shown of the line
	if n := bytes.IndexByte(src[sp.Start:end], '\n'); n >= 0 {
		end = sp.Start + n
	}
	return mark{
		line: line, column: column,
		text: bytes.TrimRight(src[begin:end], "\r"),
		from: sp.Start - begin, to: min(max(sp.End, sp.Start+1), end) - begin,
		where: where,
	}
}

// lineCounter finds lines and columns; asked in the order of the source it reads it once.
type lineCounter struct {
	src          []byte
	at           int // how far it has read
	line, column int // of at
	begin        int // of the line
}

// place gives line and column (both from 1, the column in characters) of off, and where the line begins.
func (c *lineCounter) place(src []byte, off int) (line, column, begin int) {
	if c.at > off || len(c.src) != len(src) || len(src) > 0 && &c.src[0] != &src[0] {
		*c = lineCounter{src: src, line: 1, column: 1}
	}
	part := src[c.at:off]
	if n := bytes.Count(part, []byte("\n")); n > 0 {
		c.line += n
		c.begin = c.at + bytes.LastIndexByte(part, '\n') + 1
		c.column = 1
		part = src[c.begin:off]
	}
	c.column += utf8.RuneCount(part)
	c.at = off
	return c.line, c.column, c.begin
}

// window cuts a long line down to what surrounds the mark. It gives the text, how many columns stand
// before the mark, and how wide the mark is.
func (m *mark) window() (text string, pad, under int) {
	before, marked, after := cut(m.text, 0, m.from), cut(m.text, m.from, m.to), cut(m.text, m.to, len(m.text))
	room := max(excerptWidth-len(marked), 24)
	left := min(len(before), room/2)
	if len(before) > left {
		before = append([]rune("…"), before[len(before)-left:]...)
	}
	if len(marked) > excerptWidth {
		marked = append(marked[:excerptWidth:excerptWidth], '…')
		after = nil
	}
	if right := room - left; len(after) > right {
		after = append(after[:max(right, 0):max(right, 0)], '…')
	}
	text = string(before) + string(marked) + string(after)
	return text, columns(before), max(columns(marked), 1)
}

// cut gives the printable characters of b[from:to].
func cut(b []byte, from, to int) []rune {
	from, to = min(max(from, 0), len(b)), min(max(to, 0), len(b))
	if to <= from {
		return nil
	}
	// A line may be many megabytes long: only what can be seen is looked at.
	const most = 8 * excerptWidth
	if to-from > 2*most {
		return []rune(plain(string(b[from:from+most])) + plain(string(b[to-most:to])))
	}
	return []rune(plain(string(b[from:to])))
}

// columns is how many terminal columns a text takes: East Asian wide characters take two.
func columns(r []rune) int {
	n := 0
	for _, c := range r {
		n++
		if c >= 0x1100 && (c <= 0x115f || c >= 0x2e80 && c <= 0xa4cf || c >= 0xac00 && c <= 0xd7a3 || c >= 0xf900 && c <= 0xfaff || c >= 0xfe30 && c <= 0xfe6f || c >= 0xff00 && c <= 0xff60 || c >= 0xffe0 && c <= 0xffe6 || c >= 0x1f300 && c <= 0x1faff) {
			n++
		}
	}
	return n
}
