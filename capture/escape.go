package capture

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// escape reads the escape sequence that b begins with (a backslash) as JSON, JavaScript and Python write it.
// It gives the number of bytes it takes and what it stands for.
func escape(b []byte) (n int, text string) {
	if len(b) < 2 {
		return len(b), string(b)
	}
	switch b[1] {
	case 'n':
		return 2, "\n"
	case 't':
		return 2, "\t"
	case 'r':
		return 2, "\r"
	case 'b':
		return 2, "\b"
	case 'f':
		return 2, "\f"
	case 'x':
		if r, ok := hex(b, 2, 2); ok {
			return 4, string(r)
		}
	case 'U':
		if r, ok := hex(b, 2, 8); ok && utf8.ValidRune(r) {
			return 10, string(r)
		}
	case 'u':
		r, ok := hex(b, 2, 4)
		if !ok {
			break
		}
		if utf16.IsSurrogate(r) {
			if len(b) >= 12 && b[6] == '\\' && b[7] == 'u' {
				if low, ok := hex(b, 8, 4); ok {
					if full := utf16.DecodeRune(r, low); full != utf8.RuneError {
						return 12, string(full)
					}
				}
			}
			r = utf8.RuneError
		}
		return 6, string(r)
	case '\n':
		return 2, "" // a line goes on
	}
	return 2, string(b[1:2])
}

// hex reads n hexadecimal digits at b[i].
func hex(b []byte, i, n int) (rune, bool) {
	if i+n > len(b) {
		return 0, false
	}
	v, err := strconv.ParseUint(string(b[i:i+n]), 16, 32)
	return rune(v), err == nil
}
