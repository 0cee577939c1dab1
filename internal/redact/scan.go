package redact

import (
	"strconv"
	"strings"
)

// What a byte is, as bits, so that a run of bytes can be told by the bits of all.
const (
	lower = 1 << iota
	upper
	digit
	joint // - and _ : of a run, but no letter
	slash // / and +
	star  // * : a provider's own mask
	seam  // . ~ % : a secret may begin behind it
	inRun = lower | upper | digit | joint | slash | star | seam
)

var class = func() (t [256]uint8) {
	for c := range 26 {
		t['a'+c], t['A'+c] = lower, upper
	}
	for c := range 10 {
		t['0'+c] = digit
	}
	t['-'], t['_'], t['/'], t['+'], t['*'], t['.'], t['~'], t['%'] = joint, joint, slash, slash, star, seam, seam, seam
	return t
}()

const (
	longBase64 = 256 // shortest base64 that is cut to a note
	lookBack   = 64  // how far before a value a word such as "key" is looked for
	maxValue   = 8 << 10
)

// scanner reads a text once, from run to run: a run is a word in the widest sense, everything that a key is written with.
type scanner struct {
	s     string
	out   []byte
	done  int // s[:done] is in out, or was dropped
	wordA int // the last run
	wordB int
}

// scan takes out of s what is secret. With max > 0 it stops once it has put out more than max bytes.
func scan(s string, max int) string {
	z := scanner{s: s}
	i := 0
	for i < len(s) {
		if max > 0 && len(z.out)+i-z.done > max+longBase64 {
			z.out = append(z.out, s[z.done:i]...)
			return string(z.out)
		}
		c := s[i]
		if class[c] == 0 {
			switch c {
			case '\\':
				i = z.escape(i)
				continue
			case ':', '=':
				if j := z.value(i); j > i {
					i = j
					continue
				}
			}
			i++
			continue
		}
		start := i
		var bits uint8
		for i < len(s) {
			if b := class[s[i]]; b != 0 {
				bits |= b
				i++
				continue
			}
			if s[i] != '\\' {
				break
			}
			n := slashEscape(s[i:])
			if n == 0 {
				break
			}
			bits |= slash
			i += n
		}
		if i-start >= 8 {
			i = z.run(start, i, bits)
		} else if bits&star != 0 && i-start >= 6 {
			i = z.run(start, i, bits)
		}
		z.wordA, z.wordB = start, i
	}
	if z.out == nil && z.done == 0 {
		return s
	}
	return string(append(z.out, s[z.done:]...))
}

// escape steps over a JSON escape at i, so that the n of \n is not taken for the start of a word.
func (z *scanner) escape(i int) int {
	s := z.s
	for i < len(s) && s[i] == '\\' {
		i++
	}
	if i == len(s) {
		return i
	}
	switch s[i] {
	case 'n', 'r', 't', 'b', 'f':
		if i+1 < len(s) && class[s[i+1]] != 0 && shaped(s[i:min(i+80, len(s))], false) {
			return i // not an escape: a key after a backslash
		}
		return i + 1
	case 'u':
		if i+5 <= len(s) && hex(s[i+1]) && hex(s[i+2]) && hex(s[i+3]) && hex(s[i+4]) {
			switch strings.ToLower(s[i+1 : i+5]) {
			case "003d", "003a":
				if j := z.value(i + 4); j > i+4 {
					return j
				}
			}
			return i + 5
		}
	}
	return i
}

// slashEscape gives the length of an escaped / or + at the start of s, which some encoders write inside base64.
func slashEscape(s string) int {
	if len(s) >= 2 && s[0] == '\\' && s[1] == '/' {
		return 2
	}
	if len(s) >= 6 && s[0] == '\\' && s[1] == 'u' && s[2] == '0' && s[3] == '0' && (s[4] == '2' && s[5]|0x20 == 'b' || s[4] == '2' && s[5]|0x20 == 'f') {
		return 6
	}
	return 0
}

// replace puts mark in the place of s[from:to].
func (z *scanner) replace(from, to int, mark string) {
	if from < z.done {
		from = z.done
	}
	z.out = append(z.out, z.s[z.done:from]...)
	z.out = append(z.out, mark...)
	z.done = to
}

// run judges the run s[a:b] by its own shape and by the words before it, and returns where to go on.
func (z *scanner) run(a, b int, bits uint8) int {
	s := z.s
	r := s[a:b]
	starred := bits&star != 0
	if r[0] == '-' && strings.HasPrefix(r, "-----BEGIN") {
		if end := z.pem(b); end > b {
			z.replace(b, end, " PRIVATE KEY-----"+Mask)
			return end
		}
	}
	if shaped(r, starred) {
		end := z.tail(b)
		z.replace(a, end, Mask)
		return end
	}
	if len(r) >= longBase64 || len(r) >= 32 && strings.HasSuffix(s[:a], ";base64,") {
		if bits&(star|seam) == 0 && varied(r) || strings.HasSuffix(s[:a], ";base64,") {
			end := z.padding(b)
			z.replace(a, end, note(r, end-a))
			return end
		}
	}
	if bits&(seam|slash) != 0 {
		if end := z.parts(a, b, starred); end > 0 {
			return end
		}
	}
	if w := s[z.wordA:z.wordB]; z.wordB > 0 && a-z.wordB <= 6 && z.wordB <= a {
		switch {
		case len(w) == 6 && strings.EqualFold(w, "bearer") && (bits&(digit|star) != 0 || len(r) >= 20 || hasUpper(r[1:])),
			len(w) == 5 && strings.EqualFold(w, "basic") && hasUpper(r[1:]):
			end := z.padding(b)
			z.replace(a, end, Mask)
			return end
		}
	}
	if bits&(digit|star) != 0 {
		switch {
		case bits&digit != 0 && len(r) == 49 && zhipu(r),
			(starred && strings.Index(r, "***") > 0 || len(r) >= 20 && opaque(r, 16)) && keyword(s[max(0, a-lookBack):a]):
			end := z.tail(b)
			z.replace(a, end, Mask)
			return end
		}
		if len(r) >= 20 {
			for _, p := range inside {
				if k := strings.Index(r, p); k > 0 && len(r)-k-len(p) >= 8 {
					end := z.tail(b)
					z.replace(a+k, end, Mask)
					return end
				}
			}
		}
	}
	return b
}

// parts looks for a key behind each / . + ~ and %XX of the run s[a:b]; it returns 0 when there is none.
func (z *scanner) parts(a, b int, starred bool) int {
	s := z.s
	for i := a; i < b; i++ {
		k := i + 1
		switch s[i] {
		case '/', '.', '+', '~':
		case '%':
			if i+3 > b || !hex(s[i+1]) || !hex(s[i+2]) {
				continue
			}
			k = i + 3
			if s[i+1] == '3' && s[i+2]|0x20 == 'd' && k < b { // name%3Dvalue in a URL inside a URL
				n := i
				for n > a && s[n-1] != '%' && s[n-1] != '/' {
					n--
				}
				name := s[n:i]
				if n > a && len(name) > 2 && hex(name[0]) && hex(name[1]) {
					name = name[2:]
				}
				if named(normal(name), &inQuery) {
					end := b
					if e := strings.Index(s[k:b], "%26"); e >= 0 {
						end = k + e
					}
					if end > k {
						z.replace(k, end, Mask)
						return end
					}
				}
			}
			i = k - 1
		default:
			continue
		}
		if k+49 <= b && (k+49 == b || s[k+49] == '/') && zhipu(s[k:k+49]) {
			z.replace(k, k+49, Mask)
			return k + 49
		}
		end := b
		if e := strings.IndexByte(s[k:b], '/'); e >= 0 {
			end = k + e
		}
		if k < end && shaped(s[k:end], starred) {
			if end == b {
				end = z.tail(b)
			}
			z.replace(k, end, Mask)
			return end
		}
	}
	return 0
}

// tail extends a key that ends at i over the dots or bullets with which a provider has masked its middle.
func (z *scanner) tail(i int) int {
	s := z.s
	for {
		j := i
		for strings.HasPrefix(s[j:], "…") || strings.HasPrefix(s[j:], "•") {
			j += len("…")
		}
		if j == i {
			return z.padding(i)
		}
		for j < len(s) && class[s[j]] != 0 {
			j++
		}
		i = j
	}
}

// padding steps over the = at the end of base64.
func (z *scanner) padding(i int) int {
	for n := 0; n < 2 && i < len(z.s) && z.s[i] == '='; n++ {
		i++
	}
	return i
}

// pem returns the end of a private key whose first line's BEGIN ended at i, or i if it is none.
func (z *scanner) pem(i int) int {
	rest := z.s[i:]
	k := strings.Index(rest[:min(len(rest), 48)], "PRIVATE KEY-----")
	if k < 0 {
		return i
	}
	body := rest[k+len("PRIVATE KEY-----"):]
	if strings.HasPrefix(body, Mask) {
		return i
	}
	if e := strings.Index(body, "-----END"); e >= 0 {
		return i + k + len("PRIVATE KEY-----") + e
	}
	return len(z.s)
}

// note says what long base64 was there, as far as its first letters tell.
func note(r string, n int) string {
	kind := ""
	for _, k := range [...][2]string{{"iVBORw0KGgo", "png"}, {"_9j_", "jpeg"}, {"/9j/", "jpeg"}, {"R0lGOD", "gif"}, {"UklGR", "webp or wav"},
		{"AAAAIGZ0eX", "mp4"}, {"AAAAHGZ0eX", "mp4"}, {"JVBERi0", "pdf"}, {"SUQz", "mp3"}, {"T2dnUw", "ogg"}} {
		if strings.HasPrefix(r, k[0]) {
			kind = ", " + k[1]
		}
	}
	return "[base64: " + strconv.Itoa(n) + " characters" + kind + "]"
}

// varied reports whether r has the many different letters of base64, which a word that repeats has not.
func varied(r string) bool {
	var seen [256]bool
	n, up, low, dig := 0, false, false, false
	for i := range min(len(r), 1024) {
		c := r[i]
		if seen[c] {
			continue
		}
		seen[c] = true
		n++
		b := class[c]
		up, low, dig = up || b&upper != 0, low || b&lower != 0, dig || b&digit != 0
	}
	return n >= 24 && up && low && dig
}

func hasUpper(s string) bool {
	for i := range len(s) {
		if class[s[i]]&upper != 0 {
			return true
		}
	}
	return false
}
