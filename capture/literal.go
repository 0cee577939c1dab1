package capture

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// A literal is a value as a program prints it: a Python dict or object, what Node's util.inspect shows, JSON.
// literal rewrites the one that begins at pos as JSON, with a map to where each part stood, and gives its end.
// It is no judge of syntax: what it does not know becomes a string. False means that there is no literal at pos,
// or one that is nested too deep or has no end.
func literal(src []byte, pos int) (b *builder, end int, ok bool) {
	l := &literals{builder: builder{src: src}}
	l.camel = bytes.HasPrefix(src[pos:], []byte("GenerateContentResponse("))
	if end, ok = l.value(pos, 0); !ok {
		return nil, end, false
	}
	return &l.builder, end, true
}

const maxNesting = 200

type literals struct {
	builder
	camel bool // keys are written as finishReason where Google's SDK for Python prints finish_reason
}

// space passes over blanks and line ends.
func (l *literals) space(i int) int {
	for i < len(l.src) && (l.src[i] == ' ' || l.src[i] == '\n' || l.src[i] == '\t' || l.src[i] == '\r') {
		i++
	}
	return i
}

func (l *literals) value(i, depth int) (int, bool) {
	i = l.space(i)
	if i >= len(l.src) || depth > maxNesting {
		return i, false
	}
	switch c := l.src[i]; {
	case c == '{':
		return l.members(i+1, '}', ':', depth)
	case c == '[':
		if to, tag := l.tag(i); tag {
			if at := l.space(to); at < len(l.src) && l.src[at] == '{' {
				return l.members(at+1, '}', ':', depth)
			}
			l.text(Span{i, to})
			return to, true
		}
		return l.list(i+1, ']', depth)
	case c == '(':
		return l.list(i+1, ')', depth)
	case c == '\'' || c == '"' || c == '`':
		return l.quoted(i)
	case c == '<':
		return l.angle(i, depth)
	case c == '-' || c >= '0' && c <= '9':
		return l.number(i)
	}
	return l.word(i, depth)
}

// members reads the entries of an object up to its closing bracket; sep stands between key and value.
func (l *literals) members(i int, closing, sep byte, depth int) (int, bool) {
	l.add("{")
	for n := 0; ; n++ {
		i = l.space(i)
		for i < len(l.src) && l.src[i] == ',' {
			i = l.space(i + 1)
		}
		if i >= len(l.src) {
			return i, false
		}
		if l.src[i] == closing {
			l.add("}")
			return i + 1, true
		}
		if bytes.HasPrefix(l.src[i:], []byte("...")) { // "... 3 more items"
			i = l.until(i, ",\n"+string(closing))
			continue
		}
		if n > 0 {
			l.add(",")
		}
		var ok bool
		if i, ok = l.key(i, sep, closing); !ok {
			return i, false
		}
		if i >= len(l.src) || l.src[i] != sep {
			l.add("null")
			continue
		}
		if i, ok = l.value(i+1, depth+1); !ok {
			return i, false
		}
	}
}

// key reads a key, quoted or not, and gives the position of the separator behind it.
func (l *literals) key(i int, sep, closing byte) (int, bool) {
	if c := l.src[i]; c == '\'' || c == '"' || c == '`' {
		i, ok := l.quoted(i)
		i = l.space(i)
		l.add(":")
		return i, ok
	}
	end := i
	for end < len(l.src) && l.src[end] != sep && l.src[end] != closing && l.src[end] != ',' && l.src[end] != '\n' && l.src[end] != '{' {
		end++
	}
	if end == i {
		return i, false
	}
	key := Span{i, i + len(bytes.TrimSpace(l.src[i:end]))}
	if l.src[i] == '[' && key.Len() > 2 { // [cause], [Symbol(x)]
		key = Span{i + 1, key.End - 1}
	}
	if l.camel && bytes.IndexByte(l.src[key.Start:key.End], '_') > 0 {
		l.put(key.Start, `"`+jsonText(camelCase(string(l.src[key.Start:key.End])))+`"`)
	} else {
		l.text(key)
	}
	l.add(":")
	return end, true
}

// camelCase turns finish_reason into finishReason.
func camelCase(s string) string {
	parts := strings.Split(s, "_")
	for i, p := range parts {
		if i > 0 && p != "" {
			parts[i] = strings.ToUpper(p[:1]) + p[1:]
		}
	}
	return strings.Join(parts, "")
}

func (l *literals) list(i int, closing byte, depth int) (int, bool) {
	l.add("[")
	for n := 0; ; n++ {
		i = l.space(i)
		for i < len(l.src) && l.src[i] == ',' {
			i = l.space(i + 1)
		}
		if i >= len(l.src) {
			return i, false
		}
		if l.src[i] == closing {
			l.add("]")
			return i + 1, true
		}
		if bytes.HasPrefix(l.src[i:], []byte("...")) {
			if to := l.until(i, ",\n"+string(closing)); to > i {
				i = to
				continue
			}
			return i, false
		}
		if n > 0 {
			l.add(",")
		}
		was := i
		var ok bool
		if i, ok = l.value(i, depth+1); !ok || i == was {
			return i, false
		}
	}
}

// tag knows what util.inspect writes in brackets for something that is no list: [Object], [Function: f].
func (l *literals) tag(i int) (end int, ok bool) {
	rest := l.src[i+1:]
	if len(rest) == 0 || !letter(rest[0]) {
		return i, false
	}
	for _, w := range [...]string{"None", "True", "False", "null", "true", "false", "undefined", "nan", "NaN"} {
		if bytes.HasPrefix(rest, []byte(w)) {
			return i, false
		}
	}
	depth := 0
	for j := i; j < len(l.src) && j < i+2000 && l.src[j] != '\n'; j++ {
		switch l.src[j] {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return j + 1, !bytes.ContainsAny(l.src[i:j], "='\"") || bytes.HasPrefix(rest, []byte("Error"))
			}
		}
	}
	return i, false
}

// quoted reads a string, and those that are joined to it with +.
func (l *literals) quoted(i int) (int, bool) {
	l.add(`"`)
	for {
		end := stringEnd(l.src, i)
		if end-i < 2 || l.src[end-1] != l.src[i] {
			return end, false
		}
		if q := l.src[i]; q != '`' && end-i == 2 && end < len(l.src) && l.src[end] == q { // Python's triple quotes
			if stop := bytes.Index(l.src[end+1:], []byte{q, q, q}); stop >= 0 {
				l.inner(end+1, end+1+stop)
				l.add(`"`)
				return end + 1 + stop + 3, true
			}
		}
		l.inner(i+1, end-1)
		more := l.space(end)
		if more >= len(l.src) || l.src[more] != '+' {
			l.add(`"`)
			return end, true
		}
		if more = l.space(more + 1); more >= len(l.src) || bytes.IndexByte([]byte("'\"`"), l.src[more]) < 0 {
			l.add(`"`)
			return end, true
		}
		i = more
	}
}

// inner writes the text between two quotes as JSON does.
func (l *literals) inner(i, end int) {
	run := i
	for i < end {
		c := l.src[i]
		if c != '\\' && c != '"' && c >= 0x20 {
			i++
			continue
		}
		l.take(Span{run, i})
		n, text := 1, string(rune(c))
		if c == '\\' && i+1 < end {
			n, text = escape(l.src[i:end])
		}
		l.put(i, jsonText(text))
		i += n
		run = i
	}
	l.take(Span{run, end})
}

// jsonText is s as it stands inside a JSON string.
func jsonText(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c < 0x20:
			b.WriteString(`\u00`)
			b.WriteString(strconv.FormatUint(uint64(c)>>4, 16))
			b.WriteString(strconv.FormatUint(uint64(c)&15, 16))
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// text writes the source bytes of sp as a JSON string.
func (l *literals) text(sp Span) {
	l.add(`"`)
	for i, run := sp.Start, sp.Start; i <= sp.End; i++ {
		if i == sp.End {
			l.take(Span{run, i})
		} else if c := l.src[i]; c == '"' || c == '\\' || c < 0x20 {
			l.take(Span{run, i})
			l.put(i, jsonText(string(rune(c))))
			run = i + 1
		}
	}
	l.add(`"`)
}

// angle reads Python's <FinishReason.SAFETY: 'SAFETY'> and <Response [429]>, and Node's <ref *1> before a value.
func (l *literals) angle(i, depth int) (int, bool) {
	if bytes.HasPrefix(l.src[i:], []byte("<ref *")) {
		if n := bytes.IndexByte(l.src[i:min(len(l.src), i+40)], '>'); n > 0 {
			return l.value(i+n+1, depth+1)
		}
	}
	end := l.until(i, ">\n")
	if end < len(l.src) && l.src[end] == '>' {
		inside := l.src[i+1 : end]
		if n := bytes.Index(inside, []byte(": ")); n > 0 && len(inside) > n+3 {
			if q := inside[n+2]; (q == '\'' || q == '"') && inside[len(inside)-1] == q {
				l.text(Span{i + 1 + n + 3, end - 1})
				return end + 1, true
			}
		}
		end++
	}
	l.text(Span{i, end})
	return end, end > i
}

func (l *literals) number(i int) (int, bool) {
	end := i
	for end < len(l.src) && (wordByte(l.src[end]) || l.src[end] == '+' || l.src[end] == ':') {
		end++
	}
	t := bytes.TrimSuffix(l.src[i:end], []byte("n"))
	if jsonNumber(t) {
		l.take(Span{i, i + len(t)})
	} else {
		l.text(Span{i, end})
	}
	return end, end > i
}

// jsonNumber knows the numbers that JSON takes.
func jsonNumber(t []byte) bool {
	return len(t) > 0 && (t[0] == '-' || t[0] >= '0' && t[0] <= '9') && json.Valid(t)
}

// word reads a name: a constant, a class before its members, an error with its stack, or anything else as text.
func (l *literals) word(i, depth int) (int, bool) {
	end := i
	for end < len(l.src) && (wordByte(l.src[end]) || l.src[end] == '$') {
		end++
	}
	switch w := string(l.src[i:min(end, i+12)]); w {
	case "None", "null", "undefined", "nan", "NaN", "Infinity", "inf":
		l.put(i, "null")
		return end, true
	case "True", "true":
		l.put(i, "true")
		return end, true
	case "False", "false":
		l.put(i, "false")
		return end, true
	case "b", "u", "r", "f":
		if end < len(l.src) && (l.src[end] == '\'' || l.src[end] == '"') {
			return l.quoted(end)
		}
	}
	if end > i && end < len(l.src) && l.src[end] == '(' {
		return l.call(end+1, depth)
	}
	if to, ok, is := l.errorValue(i, depth); is {
		return to, ok
	}
	stop := l.until(i, ",}])\n{[")
	if stop < len(l.src) && l.src[stop] == '[' { // Object [AxiosHeaders] {
		stop = l.until(l.until(stop, "]\n")+1, ",}])\n{")
	}
	if stop < len(l.src) && l.src[stop] == '{' { // a class before its members
		return l.members(stop+1, '}', ':', depth)
	}
	t := bytes.TrimRight(l.src[i:stop], " \r")
	l.text(Span{i, i + len(t)})
	return stop, stop > i
}

// call reads Python's Name(key=value, ...), or Name(value) as a list.
func (l *literals) call(i, depth int) (int, bool) {
	at := l.space(i)
	end := at
	for end < len(l.src) && (letter(l.src[end]) || l.src[end] == '_' || l.src[end] >= '0' && l.src[end] <= '9') {
		end++
	}
	if end > at && end < len(l.src) && l.src[end] == '=' {
		return l.members(at, ')', '=', depth)
	}
	return l.list(at, ')', depth)
}

// until is the position of the first of the stops at or after i, or the end.
func (l *literals) until(i int, stops string) int {
	if i >= len(l.src) {
		return len(l.src)
	}
	if n := bytes.IndexAny(l.src[i:], stops); n >= 0 {
		return i + n
	}
	return len(l.src)
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
