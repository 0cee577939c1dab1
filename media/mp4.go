package media

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"time"
)

// box is one box of an ISO base media file (ISO/IEC 14496-12, section 4.2).
type box struct {
	kind       string
	body, next int64 // where its body begins and the next box does
}

// readBox reads the box at off; end is where its parent ends.
func readBox(r io.ReaderAt, off, end int64) (box, error) {
	var h [16]byte
	if end-off < 8 {
		return box{}, io.ErrUnexpectedEOF
	}
	if _, err := r.ReadAt(h[:8], off); err != nil {
		return box{}, io.ErrUnexpectedEOF
	}
	b := box{kind: string(h[4:8]), body: off + 8}
	size := int64(binary.BigEndian.Uint32(h[:4]))
	switch size {
	case 0: // to the end of the file
		size = end - off
	case 1:
		if _, err := r.ReadAt(h[8:16], off+8); err != nil {
			return box{}, io.ErrUnexpectedEOF
		}
		big := binary.BigEndian.Uint64(h[8:16])
		if big > math.MaxInt64-uint64(off) {
			return box{}, io.ErrUnexpectedEOF
		}
		size, b.body = int64(big), off+16
	}
	b.next = off + size
	if size < b.body-off || b.next > end {
		return b, io.ErrUnexpectedEOF
	}
	return b, nil
}

// checkBoxes looks whether an MP4 or QuickTime file is whole, and how long it plays.
func checkBoxes(r io.ReaderAt, size int64, info *Info) error {
	var moov, data bool
	n := 0
	for off := int64(0); off < size; {
		b, err := readBox(r, off, size)
		if err != nil {
			return fmt.Errorf("%w: the file breaks off in its %q box at byte %d of %d", ErrCorrupt, printable(b.kind), off, size)
		}
		switch b.kind {
		case "moov":
			moov = true
			readMovie(r, b, info)
		case "mdat", "moof":
			data = data || b.next-b.body > 0
		}
		if n++; n > 100_000 {
			break
		}
		off = b.next
	}
	switch {
	case !moov:
		return fmt.Errorf("%w: the file has no moov box, so nothing can play it", ErrCorrupt)
	case !data:
		return fmt.Errorf("%w: the file holds no pictures or sound", ErrCorrupt)
	}
	return nil
}

func printable(kind string) string {
	for _, c := range []byte(kind) {
		if c < ' ' || c > '~' {
			return "?"
		}
	}
	return kind
}

// readMovie takes the duration from mvhd (or mehd of a fragmented file) and the size of the first picture track.
func readMovie(r io.ReaderAt, moov box, info *Info) {
	var scale, length uint64
	walk(r, moov, 0, func(b box) {
		v, ok := fullBox(r, b)
		if !ok {
			return
		}
		switch b.kind {
		case "mvhd":
			scale = uint64(v.u32(8, 16))
			length = v.time(12, 20)
		case "mehd":
			if length == 0 {
				length = v.time(0, 0)
			}
		case "tkhd":
			if w, h := v.u32(72, 84)>>16, v.u32(76, 88)>>16; w > 0 && h > 0 && info.Width == 0 {
				info.Width, info.Height = int(w), int(h)
			}
		}
	})
	if scale > 0 && length > 0 && length < math.MaxUint32*scale {
		info.Duration = time.Duration(float64(length) / float64(scale) * float64(time.Second))
	}
	if info.Duration > 0 && info.Duration < 100*time.Millisecond {
		info.Warnings = append(info.Warnings, "short: it plays for "+info.Duration.String())
	}
}

// walk visits the boxes in a container, its children's children too where they are known containers.
func walk(r io.ReaderAt, parent box, depth int, visit func(box)) {
	n := 0
	for off := parent.body; off < parent.next && n < 1000; n++ {
		b, err := readBox(r, off, parent.next)
		if err != nil {
			return
		}
		if (b.kind == "trak" || b.kind == "mvex") && depth < 3 {
			walk(r, b, depth+1, visit)
		} else {
			visit(b)
		}
		off = b.next
	}
}

// full is the body of a box with version and flags.
type full struct {
	version byte
	b       []byte // after version and flags
}

func fullBox(r io.ReaderAt, b box) (full, bool) {
	n := min(b.next-b.body, 128)
	if n < 8 {
		return full{}, false
	}
	buf := make([]byte, n)
	if _, err := r.ReadAt(buf, b.body); err != nil && err != io.EOF {
		return full{}, false
	}
	return full{version: buf[0], b: buf[4:]}, true
}

// u32 reads at the place of version 0 or of version 1.
func (f full) u32(v0, v1 int) uint32 {
	at := v0
	if f.version == 1 {
		at = v1
	}
	if len(f.b) < at+4 {
		return 0
	}
	return binary.BigEndian.Uint32(f.b[at:])
}

// time reads a duration, which is twice as wide in version 1.
func (f full) time(v0, v1 int) uint64 {
	if f.version != 1 {
		return uint64(f.u32(v0, v0))
	}
	if len(f.b) < v1+8 {
		return 0
	}
	return binary.BigEndian.Uint64(f.b[v1:])
}

// checkItems looks whether an AVIF file is whole: its boxes must fit.
func checkItems(r io.ReaderAt, size int64) error {
	for off, n := int64(0), 0; off < size && n < 10_000; n++ {
		b, err := readBox(r, off, size)
		if err != nil {
			return fmt.Errorf("%w: the picture breaks off at byte %d of %d", ErrCorrupt, off, size)
		}
		off = b.next
	}
	return nil
}
