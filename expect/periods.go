package expect

import "strings"

// token is a word, a number, a sign or one character of a script without blanks. Blanks are none; a line's end is one.
type token struct {
	hash, masked uint32 // masked is the same for every number
	from, end    int32
	kind         byte // a letter, d digit, u other script, n line end, p sign
}

var kinds = func() (k [256]byte) {
	for i := range k {
		switch b := byte(i); {
		case b|0x20 >= 'a' && b|0x20 <= 'z' || b == '\'':
			k[i] = 'a'
		case isDigit(b):
			k[i] = 'd'
		case b >= 0x80:
			k[i] = 'u'
		case b == '\n':
			k[i] = 'n'
		case isBlank(b):
			k[i] = ' '
		default:
			k[i] = 'p'
		}
	}
	return k
}()

// longest is how many bytes a word or number may have; what is longer is taken byte by byte.
const longest = 40

func tokenise(to []token, t string) []token {
	for i := 0; i < len(t); {
		k := kinds[t[i]]
		j := i + 1
		switch k {
		case 'a', 'd', ' ':
			for j < len(t) && kinds[t[j]] == k {
				j++
			}
		case 'u':
			for j < len(t) && t[j] >= 0x80 && t[j] < 0xC0 {
				j++
			}
		}
		switch {
		case k == ' ':
		case j-i > longest && k != 'u': // no word: a loop may be inside it
			for n := i; n < j; n++ {
				to = append(to, tokenOf(t, n, n+1, k))
			}
		default:
			to = append(to, tokenOf(t, i, j, k))
		}
		i = j
	}
	return to
}

func tokenOf(t string, from, end int, kind byte) token {
	fold := uint64(0)
	if kind == 'a' {
		fold = 0x2020202020202020
	}
	h := uint64(end - from)
	i := from
	for ; i+8 < end; i += 8 {
		h = (h ^ (eight(t[i:]) | fold)) * 0x9E3779B97F4A7C15
		h ^= h >> 32
	}
	last := uint64(0)
	if i+8 <= len(t) {
		last = eight(t[i:]) << (64 - 8*uint(end-i)) // the bytes up to end
	} else {
		for j := end - 1; j >= i; j-- {
			last = last<<8 | uint64(t[j])
		}
		last <<= 64 - 8*uint(end-i)
	}
	h = (h ^ (last | fold)) * 0x9E3779B97F4A7C15
	m := uint32(h >> 32)
	k := token{m, m, int32(from), int32(end), kind}
	if kind == 'd' {
		k.masked = 1
	}
	return k
}

// periods finds the period in which the end of a row of tokens repeats.
type periods struct {
	text          string
	tokens        []token
	hashes, masks []uint32 // of the tokens, the last one first
	z             []int32
}

// backwards gives what tokens are compared by, the last one first.
func (p *periods) backwards(masked bool) []uint32 {
	to := &p.hashes
	if masked {
		to = &p.masks
	}
	if len(*to) != len(p.tokens) {
		*to = (*to)[:0]
		for i := len(p.tokens) - 1; i >= 0; i-- {
			h := p.tokens[i].hash
			if masked {
				h = p.tokens[i].masked
			}
			*to = append(*to, h)
		}
	}
	return *to
}

// widest finds the period whose rounds cover the most bytes at the end of the text, without its last skip
// tokens (a loop usually breaks off within a token). It returns the number of tokens of the period and of the run.
func (p *periods) widest(skip int, masked bool) (period, run int) {
	n := len(p.tokens) - skip
	if n < 8 {
		return 0, 0
	}
	at := p.backwards(masked)[skip:]
	if cap(p.z) < n {
		p.z = make([]int32, n)
	}
	z := p.z[:n]
	l, r, most := 0, 0, 0
	for i := 1; i*3 <= n; i++ { // the Z function: z[i] tokens before the last i equal the last ones
		k := 0
		if i < r {
			k = min(r-i, int(z[i-l]))
		}
		for i+k < n && at[k] == at[i+k] {
			k++
		}
		z[i] = int32(k)
		if i+k > r {
			l, r = i, i+k
		}
		if k >= 2*i && k+i > most {
			period, run, most = i, k+i, k+i
		}
	}
	return period, run
}

// exact finds rounds that are the same to the letter.
func (p *periods) exact() (loop, bool) {
	for skip := range 3 {
		period, run := p.widest(skip, false)
		if period == 0 {
			continue
		}
		l := p.loop(skip, period, run)
		n := l.end - l.from
		if zeros(l.unit) || codeLike(l.unit) && (n < 1500 || l.times < 40) {
			continue
		}
		switch {
		case n >= 1000 && l.times >= 10 && !ruler(l.unit) && !dataLike(p.tokens[len(p.tokens)-skip-period:len(p.tokens)-skip], p.text),
			!l.letters && n >= 400 && l.times >= 20 && !ruler(l.unit),
			l.unit == "|" && run >= 33 || !l.letters && strings.Count(l.unit, "|") >= 30, // empty cells without end
			l.letters && n >= 100 && l.times >= 8,
			l.letters && n >= 240 && l.times >= 5,
			l.letters && n >= 600 && run*2 >= period*9,
			l.letters && n >= 1500 && l.times >= 3:
			return l, true
		}
	}
	return loop{}, false
}

// inside finds a loop of few tokens anywhere in the text, which the model came out of again.
func (p *periods) inside() (loop, bool) {
	const most = 32
	stutter := 0 // bytes of words said three times over and more, all together
	n := len(p.tokens)
	hashes := p.backwards(false)
	same := func(i, period int) bool { return hashes[n-1-i] == hashes[n-1-i+period] }
	for period := 1; period <= most; period++ {
		least := 11 * period // shorter runs tell nothing
		if period <= 4 {
			least = 3 * period
		}
		for i := period; i < n; {
			// A run of so many has one token at every step of so many.
			j := i + least - 1
			for j < n && !same(j, period) {
				j += least
			}
			if j >= n {
				break
			}
			from := j
			for from > i && same(from-1, period) {
				from--
			}
			for i = j + 1; i < n && same(i, period); {
				i++
			}
			run := i - from
			if period <= 4 && run >= 3*period && p.tokens[i-1].kind == 'a' && p.tokens[i-1].end-p.tokens[i-1].from >= 3 {
				if unit := p.text[p.tokens[i-period].from:p.tokens[i-1].end]; !codeLike(unit) && !zeros(unit) && strings.IndexByte(p.text[p.tokens[i-run-period].from:p.tokens[i-1].end], ' ') > 0 {
					stutter += int(p.tokens[i-1].end - p.tokens[i-run-period].from)
				}
			}
			if run >= 11*period {
				l := p.loop(len(p.tokens)-i, period, run+period)
				n := l.end - l.from
				if zeros(l.unit) || codeLike(l.unit) && (n < 1500 || l.times < 100) {
					continue
				}
				if l.letters && n >= 300 || n >= 600 && !ruler(l.unit) && l.times >= 60 || l.unit == "\n" && l.times >= 100 {
					return l, true
				}
			}
		}
	}
	if n := len(p.text); stutter >= 600 && stutter*4 >= n {
		return loop{from: 0, end: n, unit: tailOf(p.text, 100), times: stutter / 100, letters: true}, true
	}
	return loop{}, false
}

// counted finds rounds that differ in their numbers only. Rows of data look the same, so that only prose,
// lists and bare counting are taken.
func (p *periods) counted() (loop, bool) {
	for skip := range 3 {
		period, run := p.widest(skip, true)
		if period == 0 {
			continue
		}
		l := p.loop(skip, period, run)
		l.counting = true
		n := l.end - l.from
		last := len(p.tokens) - skip
		if dataLike(p.tokens[last-period:last], p.text) {
			continue
		}
		switch {
		case l.letters && n >= 1500 && l.times >= 15,
			!l.letters && p.ascending(last-run, last) >= 200:
			return l, true
		}
	}
	return loop{}, false
}

func (p *periods) loop(skip, period, run int) loop {
	last := len(p.tokens) - skip
	l := loop{from: int(p.tokens[last-run].from), end: int(p.tokens[last-1].end), times: run / period}
	l.unit = p.text[p.tokens[last-period].from:l.end]
	letters := 0
	for i := range p.tokens[last-period : last] {
		if k := &p.tokens[last-period+i]; k.kind == 'a' || k.kind == 'u' {
			letters += int(k.end - k.from)
		}
	}
	l.letters = letters*5 >= len(l.unit)
	return l
}

// ascending counts the numbers between two tokens that are one more than the number before.
func (p *periods) ascending(from, to int) int {
	prev, n := 0, 0
	for i := from; i < to; i++ {
		if k := &p.tokens[i]; k.kind == 'd' && k.end-k.from < 10 {
			v := 0
			for _, c := range []byte(p.text[k.from:k.end]) {
				v = v*10 + int(c-'0')
			}
			if v == prev+1 {
				n++
			}
			prev = v
		}
	}
	return n
}

// dataLike reports whether the period looks like a row of data or a line of code.
func dataLike(period []token, t string) bool {
	for i := range period {
		if k := &period[i]; k.kind == 'p' {
			switch t[k.from] {
			case '{', '}', '[', ']', '<', '>', '|', '=', ';', '"', '@', '/', '\\', '_', '$', '%', '+':
				return true
			}
		}
	}
	return false
}

// ruler reports whether the unit is one sign that lines are drawn with.
func ruler(unit string) bool { return len(unit) == 1 && strings.Contains("-=_*#~.+", unit) }

// zeros reports whether the unit is what base64 or hexadecimal makes of bytes that are all the same.
func zeros(unit string) bool {
	return strings.Trim(unit, "A") == "" || len(unit) >= 6 && strings.Trim(unit, "fF \n") == "" || strings.Contains(unit, "\\x")
}

// codeLike reports whether a short unit is an element of a list in code or data rather than words.
func codeLike(unit string) bool {
	unit = strings.TrimSpace(unit)
	if strings.ContainsAny(unit, "abcdefABCDEF") && (strings.ContainsAny(unit, "0123456789") || len(unit) >= 6 && !strings.Contains(unit, " ")) && strings.Trim(unit, "0123456789abcdefABCDEFx \n\t\\") == "" {
		return true // hexadecimal
	}
	if len(unit) > 64 {
		return false
	}
	return strings.ContainsAny(unit, ";{}=<>$@_\\/\"") || strings.HasPrefix(strings.TrimLeft(unit, ", "), "0x") ||
		strings.Contains(unit, ",") && !strings.ContainsAny(unit, " #") && strings.IndexFunc(unit, func(r rune) bool { return r >= 0x80 }) < 0
}
