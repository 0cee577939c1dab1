package capture

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// decode undoes what stands between the text and the bytes: gzip, UTF-16, byte order marks, terminal colours.
func decode(data []byte) (text []byte, notes []string, err error) {
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		data, err = gunzip(data)
		if err != nil {
			return nil, nil, err
		}
		notes = append(notes, "the input was decompressed (gzip)")
	}
	if u, ok := fromUTF16(data); ok {
		data = u
		notes = append(notes, "the input was decoded from UTF-16")
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.IndexByte(data, 0x1b) >= 0 {
		data = stripANSI(data)
	}
	return data, notes, nil
}

// gunzip decompresses data; what was cut off is read as far as it goes.
func gunzip(data []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("the input looks like gzip and cannot be decompressed: %w", err)
	}
	out, err := io.ReadAll(io.LimitReader(z, MaxInput+1))
	if len(out) > MaxInput {
		return nil, ErrTooLarge
	}
	if err != nil && (len(out) == 0 || !errors.Is(err, io.ErrUnexpectedEOF)) {
		return nil, fmt.Errorf("the input looks like gzip and cannot be decompressed: %w", err)
	}
	return out, nil
}

// fromUTF16 decodes UTF-16 text: with a byte order mark, or, as some Windows shells write it,
// without one, when the first bytes are ASCII letters with a zero beside each.
func fromUTF16(data []byte) ([]byte, bool) {
	if len(data) < 4 {
		return nil, false
	}
	big := false
	switch {
	case data[0] == 0xff && data[1] == 0xfe:
		data = data[2:]
	case data[0] == 0xfe && data[1] == 0xff:
		data, big = data[2:], true
	case data[0] != 0 && data[1] == 0 && data[2] != 0 && data[3] == 0:
	case data[0] == 0 && data[1] != 0 && data[2] == 0 && data[3] != 0:
		big = true
	default:
		return nil, false
	}
	out := make([]byte, 0, len(data)/2+16)
	at := func(i int) rune {
		if big {
			return rune(data[i])<<8 | rune(data[i+1])
		}
		return rune(data[i+1])<<8 | rune(data[i])
	}
	for i := 0; i+1 < len(data); i += 2 {
		r := at(i)
		if utf16.IsSurrogate(r) {
			if i+3 < len(data) {
				if full := utf16.DecodeRune(r, at(i+2)); full != utf8.RuneError {
					out = utf8.AppendRune(out, full)
					i += 2
					continue
				}
			}
			r = utf8.RuneError
		}
		out = utf8.AppendRune(out, r)
	}
	return out, true
}

// stripANSI takes terminal control sequences (ECMA-48 CSI, and OSC as titles and links use it) out of b.
// A lone escape byte inside JSON or text stays: it may be what is wrong.
func stripANSI(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != 0x1b || i+1 >= len(b) {
			out = append(out, b[i])
			continue
		}
		end := 0
		switch b[i+1] {
		case '[':
			end = csiEnd(b, i+2)
		case ']':
			end = oscEnd(b, i+2)
		}
		if end == 0 {
			out = append(out, b[i])
			continue
		}
		i = end - 1
	}
	return out
}

// csiEnd gives the end of a control sequence whose parameters begin at i; 0 when it is none.
func csiEnd(b []byte, i int) int {
	for n := 0; i < len(b) && n < 32; i, n = i+1, n+1 {
		if b[i] >= 0x40 && b[i] <= 0x7e {
			return i + 1
		}
		if b[i] < 0x20 || b[i] > 0x3f {
			return 0
		}
	}
	return 0
}

// oscEnd gives the end of an operating system command, which BEL or ESC \ ends; 0 when none is near.
func oscEnd(b []byte, i int) int {
	for n := 0; i < len(b) && n < 4096; i, n = i+1, n+1 {
		if b[i] == 0x07 {
			return i + 1
		}
		if b[i] == 0x1b && i+1 < len(b) && b[i+1] == '\\' {
			return i + 2
		}
	}
	return 0
}

func blank(b []byte) bool { return len(bytes.TrimSpace(b)) == 0 }

// binary reports whether b begins as no text does: with many bytes that are neither UTF-8 nor printable.
func binary(b []byte) bool {
	head := b[:min(len(b), 4096)]
	odd := 0
	for i := 0; i < len(head); {
		r, n := utf8.DecodeRune(head[i:])
		if r == utf8.RuneError && n == 1 || r < 0x20 && r != '\n' && r != '\r' && r != '\t' && r != 0x1b {
			odd++
		}
		i += n
	}
	return odd > 8 && odd > len(head)/8
}
