package recovery

import (
	"crypto/rand"
	"encoding/binary"
	"time"
)

// NewID makes the id of a call: "call_" and 26 letters and digits, unique, sortable by time.
func NewID() string {
	const digits = "0123456789abcdefghjkmnpqrstvwxyz" // Crockford's base 32
	var raw [16]byte
	_, _ = rand.Read(raw[6:]) // never fails
	ms := uint64(time.Now().UnixMilli())
	var t [8]byte
	binary.BigEndian.PutUint64(t[:], ms<<16)
	copy(raw[:6], t[:6])
	out := make([]byte, 0, 31)
	out = append(out, "call_"...)
	hi, lo := binary.BigEndian.Uint64(raw[:8]), binary.BigEndian.Uint64(raw[8:])
	for i := 125; i >= 0; i -= 5 { // 26 digits of 5 bits, the first of them 3 bits wide
		var v uint64
		switch {
		case i >= 64:
			v = hi >> (i - 64)
		case i > 59:
			v = lo>>i | hi<<(64-i)
		default:
			v = lo >> i
		}
		out = append(out, digits[v&31])
	}
	return string(out)
}
