package expect

import (
	"math/bits"
	"unicode"
	"unicode/utf8"
)

// script is a writing system.
type script uint8

const (
	noScript script = iota
	latin
	han
	kana
	hangul
	cyrillic
	arabic
	hebrew
	greek
	thai
	indic
	scripts // how many there are
)

// scriptOf tells the writing system of a letter; signs, digits and emoji have none.
func scriptOf(r rune) script {
	switch {
	case r < 0x80:
		if r|0x20 >= 'a' && r|0x20 <= 'z' {
			return latin
		}
		return noScript
	case r < 0x250:
		if unicode.IsLetter(r) {
			return latin
		}
		return noScript
	case r >= 0x4E00 && r <= 0x9FFF, r >= 0x3400 && r <= 0x4DBF, r >= 0x20000 && r <= 0x2FA1F:
		return han
	case r >= 0x3041 && r <= 0x30FF && r != '・' && r != 'ー':
		return kana
	case r >= 0xAC00 && r <= 0xD7A3, r >= 0x1100 && r <= 0x11FF, r >= 0x3130 && r <= 0x318F:
		return hangul
	case r >= 0x400 && r <= 0x52F:
		return cyrillic
	case r >= 0x600 && r <= 0x6FF, r >= 0x750 && r <= 0x77F:
		if unicode.IsLetter(r) {
			return arabic
		}
	case r >= 0x5D0 && r <= 0x5EA:
		return hebrew
	case r >= 0x370 && r <= 0x3FF:
		return greek
	case r >= 0xE01 && r <= 0xE4E:
		return thai
	case r >= 0x900 && r <= 0xDFF:
		return indic
	}
	return noScript
}

// census counts the letters of a text by script, weighted by how much a letter says: one of a Chinese text is
// worth about three of an English one.
type census struct {
	by    [scripts]int
	total int
}

func (c *census) add(s string) {
	for i := 0; i < len(s); {
		if b := s[i]; b < 0x80 {
			if b|0x20 >= 'a' && b|0x20 <= 'z' {
				c.by[latin]++
				c.total++
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		k := scriptOf(r)
		if k == noScript {
			continue
		}
		w := 1
		switch k {
		case han:
			w = 3
		case kana, hangul:
			w = 2
		}
		c.by[k] += w
		c.total += w
	}
}

// share is the part of all letters that are of script k, in percent.
func (c *census) share(k script) int {
	if c.total == 0 {
		return 0
	}
	return c.by[k] * 100 / c.total
}

// censusOf counts the first and the last two kilobytes.
func censusOf(s string) (c census) {
	if len(s) > 4<<10 {
		c.add(within(s, 2<<10))
		c.add(tailOf(s, 2<<10))
		return c
	}
	c.add(s)
	return c
}

// mostlyASCII reports whether fewer than one in twelve of the first 2 kB are bytes of other characters.
func mostlyASCII(s string) bool {
	if len(s) > 2<<10 {
		s = s[:2<<10]
	}
	all, high := len(s), 0
	for ; len(s) >= 8; s = s[8:] {
		high += bits.OnesCount64(eight(s) & 0x8080808080808080)
	}
	for i := range len(s) {
		high += int(s[i] >> 7)
	}
	return high*12 < all
}

// eight loads the first eight bytes of s.
func eight(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}
