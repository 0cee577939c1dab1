package redact

import "strings"

// value looks at the : or = at i. If the name before it is a secret's, it takes out the value behind it
// and returns where to go on; otherwise it returns i.
func (z *scanner) value(i int) int {
	s := z.s
	end := i
	for n := 0; n < 6 && end > 0 && strings.IndexByte("\"'` \\*u03da", s[end-1]) >= 0 && end > z.wordB; n++ {
		end--
	}
	if z.wordB == 0 || z.wordB != end {
		return i
	}
	name := s[z.wordA:z.wordB]
	colon := s[i] == ':'
	if colon && end == i {
		if j := z.userinfo(i, name); j > i {
			return j
		}
		if j := z.pair(i, name); j > i {
			return j
		}
	}
	if k := strings.LastIndexAny(name, "/.%~"); k >= 0 {
		name = name[k+1:]
	}
	if len(name) < 3 || len(name) > 48 {
		return i
	}
	name = normal(name)
	if !colon && z.wordA > 0 && end == z.wordB && z.query() && named(name, &inQuery) {
		return z.until(i+1, " \t\r\n\"'\\&<>)]}`|,;", 1, true)
	}
	isStrong := named(name, &strong)
	if !isStrong && !weakly(name) {
		return i
	}
	start, depth, quote := z.open(i + 1)
	if start >= len(s) {
		return i
	}
	whole := strings.HasSuffix(name, "authorization") || strings.HasSuffix(name, "cookie")
	if quote != 0 {
		e := z.close(start, depth, quote)
		v := s[start:e]
		if !isStrong && (!opaque(v, 16) || strings.ContainsAny(v, " \t")) {
			return i
		}
		return z.mask(start, e, whole)
	}
	if s[start] == '[' || s[start] == '{' || s[start] == '<' || s[start] == '$' {
		return i
	}
	if whole {
		e := start
		for e < len(s) && e-start < maxValue && strings.IndexByte("\r\n\"'\\", s[e]) < 0 {
			e++
		}
		v := s[start:e]
		if scheme(v) > 0 || opaque(v, 16) || digits(v) && len(v) >= 8 {
			return z.mask(start, e, true)
		}
		return i
	}
	least := 4
	if colon || !isStrong {
		least = 6
	}
	return z.until(start, " \t\r\n\"'\\&<>()[]{}`|,;", least, !colon && isStrong)
}

// until takes out the value that begins at start and ends before the first of stops. Unless sure, it must look like a secret.
func (z *scanner) until(start int, stops string, least int, sure bool) int {
	s, e := z.s, start
	for e < len(s) && e-start < maxValue && strings.IndexByte(stops, s[e]) < 0 {
		e++
	}
	v := s[start:e]
	if len(v) < least || e < len(s) && s[e] == '(' || v == Mask || strings.HasPrefix(s[start:], Mask) {
		return start - 1
	}
	if !sure && !(digits(v) && opaque(v, 8) || strings.Contains(v, "**") || len(v) >= 20 && opaque(v, 16)) {
		return start - 1
	}
	z.replace(start, e, Mask)
	return e
}

// mask takes out s[start:e], leaving the word that names the scheme of an Authorization header.
func (z *scanner) mask(start, e int, header bool) int {
	if header {
		start += scheme(z.s[start:e])
	}
	if start >= e || z.s[start:e] == Mask {
		return e
	}
	z.replace(start, e, Mask)
	return e
}

// scheme gives the length of "Bearer " and its like at the start of a header's value.
func scheme(v string) int {
	k := strings.IndexByte(v, ' ')
	if k < 0 {
		return 0
	}
	switch strings.ToLower(v[:k]) {
	case "bearer", "basic", "key", "token", "digest", "negotiate", "apikey", "api-key", "aws4-hmac-sha256":
		return k + 1
	}
	return 0
}

// open finds where a value begins behind a separator: the quote around it, and how many backslashes escape that quote.
func (z *scanner) open(i int) (start, depth int, quote byte) {
	s := z.s
	j := i
	for j < len(s) && j-i < 24 && strings.IndexByte(" \t\r\n[", s[j]) >= 0 {
		j++
	}
	k := j
	for k < len(s) && s[k] == '\\' {
		k++
	}
	if k < len(s) && (s[k] == '"' || s[k] == '\'' || s[k] == '`') {
		return k + 1, k - j, s[k]
	}
	j = i
	for j < len(s) && j-i < 4 && (s[j] == ' ' || s[j] == '\t') {
		j++
	}
	return j, 0, 0
}

// close finds the end of a quoted value: the next quote that is escaped no deeper than the first.
func (z *scanner) close(start, depth int, quote byte) int {
	s := z.s
	back := 0
	for e := start; e < len(s); e++ {
		switch s[e] {
		case '\\':
			back++
			continue
		case quote:
			if back <= depth {
				return e - back
			}
		case '\n':
			if quote != '"' {
				return e
			}
		}
		back = 0
	}
	return len(s)
}

// query reports whether the last word is the name of a query parameter: ? or & stands before it, plain or escaped.
func (z *scanner) query() bool {
	before := z.s[max(0, z.wordA-6):z.wordA]
	return strings.HasSuffix(before, "?") || strings.HasSuffix(before, "&") || strings.HasSuffix(before, "&amp;") ||
		strings.HasSuffix(before, "u0026") || strings.HasSuffix(before, "u003f")
}

// userinfo takes out the password of a URL: the last word is //user, and an @ follows.
func (z *scanner) userinfo(i int, name string) int {
	if !strings.Contains(name, "//") || strings.HasSuffix(name, "//") {
		return i
	}
	for e := i + 1; e < len(z.s) && e-i < 256; e++ {
		switch z.s[e] {
		case '@':
			if e == i+1 || z.s[i+1:e] == Mask {
				return i
			}
			z.replace(i+1, e, Mask)
			return e
		case ' ', '\n', '\r', '\t', '"', '\'', '/', '<', '>', '\\':
			return i
		}
	}
	return i
}

// pair takes out an id and secret joined by a colon, as fal writes its keys: a UUID and 32 letters and digits.
func (z *scanner) pair(i int, name string) int {
	if k := strings.LastIndexByte(name, '/'); k >= 0 {
		name = name[k+1:]
	}
	if !uuid(name) {
		return i
	}
	e := i + 1
	for e < len(z.s) && class[z.s[e]]&(lower|upper|digit) != 0 {
		e++
	}
	if e-i-1 < 16 {
		return i
	}
	z.replace(i-len(name), e, Mask)
	return e
}
