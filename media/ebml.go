package media

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/bits"
	"time"
)

// The elements of Matroska and WebM that are looked at (RFC 9559).
const (
	idEBML     = 0x1A45DFA3
	idSegment  = 0x18538067
	idInfo     = 0x1549A966
	idScale    = 0x2AD7B1
	idDuration = 0x4489
	idCluster  = 0x1F43B675
	idTracks   = 0x1654AE6B
)

// element is one element: its id, where its body lies, and whether its length was given.
type element struct {
	id         uint64
	body, next int64
	known      bool
}

// readElement reads the element at off (RFC 8794, section 4).
func readElement(r io.ReaderAt, off, end int64) (element, error) {
	var b [12]byte
	n, _ := r.ReadAt(b[:min(12, max(0, end-off))], off)
	id, idLen := vint(b[:n], false)
	if idLen == 0 || idLen > 4 {
		return element{}, io.ErrUnexpectedEOF
	}
	size, sizeLen := vint(b[idLen:n], true)
	if sizeLen == 0 {
		return element{}, io.ErrUnexpectedEOF
	}
	e := element{id: id, body: off + int64(idLen+sizeLen), known: true}
	if size == 1<<(7*sizeLen)-1 { // unknown: a live stream
		e.known, e.next = false, end
		return e, nil
	}
	if size > math.MaxInt64-uint64(e.body) {
		return e, io.ErrUnexpectedEOF
	}
	e.next = e.body + int64(size)
	return e, nil
}

// vint reads a number whose length its first byte tells; mask takes the length's mark away.
func vint(b []byte, mask bool) (v uint64, n int) {
	if len(b) == 0 || b[0] == 0 {
		return 0, 0
	}
	n = bits.LeadingZeros8(b[0]) + 1
	if len(b) < n {
		return 0, 0
	}
	v = uint64(b[0])
	if mask {
		v &= 1<<(8-n) - 1
	}
	for _, c := range b[1:n] {
		v = v<<8 | uint64(c)
	}
	return v, n
}

// checkEBML looks whether a WebM or Matroska file is whole, and how long it plays.
func checkEBML(r io.ReaderAt, size int64, info *Info) error {
	cut := func(what string) error { return fmt.Errorf("%w: the file %s", ErrCorrupt, what) }
	e, err := readElement(r, 0, size)
	if err != nil || e.id != idEBML {
		return cut("has no EBML head")
	}
	seg, err := readElement(r, e.next, size)
	if err != nil || seg.id != idSegment {
		return cut("has no segment")
	}
	if seg.next > size {
		return cut(fmt.Sprintf("breaks off: %d bytes of %d", size, seg.next))
	}
	scale, length := uint64(1_000_000), 0.0
	clusters, tracks := 0, false
	for off, n := seg.body, 0; off < seg.next && n < 100_000; n++ {
		e, err := readElement(r, off, seg.next)
		if err != nil {
			break
		}
		switch e.id {
		case idInfo:
			scale, length = readSegmentInfo(r, e, size)
		case idTracks:
			tracks = true
		case idCluster:
			clusters++
		}
		if !e.known {
			break
		}
		off = e.next
	}
	if !tracks || clusters == 0 {
		return cut("holds no pictures or sound")
	}
	if secs := length * float64(scale) / 1e9; secs > 0 && secs < 1e7 {
		info.Duration = time.Duration(secs * float64(time.Second))
	}
	return nil
}

func readSegmentInfo(r io.ReaderAt, info element, size int64) (scale uint64, length float64) {
	scale = 1_000_000
	for off := info.body; off < min(info.next, size); {
		e, err := readElement(r, off, info.next)
		if err != nil || !e.known {
			return scale, length
		}
		var b [8]byte
		n := min(e.next-e.body, 8)
		if _, err := r.ReadAt(b[8-n:], e.body); err != nil && err != io.EOF {
			return scale, length
		}
		v := binary.BigEndian.Uint64(b[:])
		switch {
		case e.id == idScale && v > 0:
			scale = v
		case e.id == idDuration && n == 4:
			length = float64(math.Float32frombits(uint32(v)))
		case e.id == idDuration && n == 8:
			length = math.Float64frombits(v)
		}
		off = e.next
	}
	return scale, length
}
