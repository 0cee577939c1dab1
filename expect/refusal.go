package expect

import (
	"bytes"
	"math/bits"
	"strconv"
	"strings"

	"github.com/telltale-ai/telltale/fault"
)

// refusal finds a model that declines in plain words. Not the words "sorry" or "cannot" decide, but who cannot
// do what ("I cannot provide", not "this crane cannot lift") and whether an answer follows all the same.
func refusal(o *Output) (Finding, bool) {
	t := o.Text
	if len(t) < 12 || !refusalHint(t) {
		return Finding{}, false
	}
	if f, ok := refusalAbroad(t); ok {
		return f, true
	}
	var stack [800]byte
	low := lower(stack[:0], strings.TrimLeft(t, " \n\r\t*_#"), 760)
	if len(low) == 0 || low[0] == '"' || low[0] == '{' || low[0] == '[' || low[0] == '`' || low[0] == '<' || bytes.HasPrefix(low, []byte("dear ")) || bytes.HasPrefix(low, []byte("subject:")) {
		return Finding{}, false // quoted speech, code, a letter
	}
	d := firstDenial(low)
	if d.what != denyNothing && d.refuses(o, low) {
		return refused(t), true
	}
	if d.what == denyNothing && (sorryOnly(o, low) || bounded(o, low)) && !d.quoted(o) {
		return refused(t), true
	}
	if judges(o, low) {
		f := refused(t)
		f.Likely = true
		return f, true
	}
	return Finding{}, false
}

func refused(t string) Finding {
	return Finding{Cause: fault.Refusal, Rule: "refusal", Where: span(0, min(len(t), maxGot)), Got: strconv.Quote(capTo(strings.TrimSpace(t), 160))}
}

// refusalHint looks at the beginnings of the first words only: nearly every healthy text is let go here.
func refusalHint(t string) bool {
	if t[0] >= 0x80 {
		return true
	}
	switch t[:3] {
	case "Lo ", "Lam", "Lei", "Es ", "Ent", "Mi ", "D\xc3\xa9", "Des", "Dis", "Je ", "Sin", "Spi", "Tut":
		if abroadOpening(t) {
			return true
		}
	}
	if len(t) > 264 {
		t = t[:264]
	}
	if hintAt(t, 0) {
		return true
	}
	for i := 0; i+8 <= len(t); i += 8 {
		x := eight(t[i:])
		for m := (x - 0x2121212121212121) &^ x & 0x8080808080808080; m != 0; m &= m - 1 { // a bit for each blank
			if hintAt(t, i+bits.TrailingZeros64(m)/8+1) {
				return true
			}
		}
	}
	return false
}

// hintAt reports whether the word at i begins as one of a refusal does.
func hintAt(t string, i int) bool {
	if i+4 > len(t) {
		return false
	}
	s := t[i : i+4]
	w := (uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24) | 0x20
	return hints[hintSlot(w)] == w
}

// hintSlot gives each of the hints a slot of its own; a test holds that.
func hintSlot(w uint32) uint32 { return w * 0xb0c11fdf >> 25 }

// hints holds the first four bytes of the words that may belong to a refusal.
var hints = func() (slots [128]uint32) {
	for _, w := range hintWords {
		v := uint32(w[0]) | uint32(w[1])<<8 | uint32(w[2])<<16 | uint32(w[3])<<24
		slots[hintSlot(v)] = v
	}
	return slots
}()

var hintWords = [...]string{"sorr", "cann", "can'", "can\xe2", "can ", "apol", "unab", "decl", "refu", "not ", "don'", "don\xe2", "won'", "won\xe2", "do n", "unet", "ille", "mora", "inap", "irre", "viol", "lack", "didn", "beyo"}
