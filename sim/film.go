package sim

import (
	"encoding/binary"
	"slices"
)

// MP4 returns a small sound video: five seconds, one frame a second, each a JPEG.
// Layout after ISO/IEC 14496-12; the sample entry is mp4v with the JPEG object type (0x6C) of ISO/IEC 14496-1.
func MP4() []byte {
	var frames [][]byte
	var data []byte
	for i := range 5 {
		f := jpegOf(drawing(i * 12))
		frames = append(frames, f)
		data = append(data, f...)
	}
	ftyp := box("ftyp", []byte("isom"), u32(0x200), []byte("isomiso2mp41"))
	// The chunk's offset is known once moov's size is, which does not depend on it.
	moov := movie(frames, 0)
	moov = movie(frames, uint32(len(ftyp)+len(moov)+8))
	return slices.Concat(ftyp, moov, box("mdat", data))
}

const ticks = 1000 // units a second

func movie(frames [][]byte, offset uint32) []byte {
	length := uint32(len(frames) * ticks)
	matrix := slices.Concat(u32(0x10000), u32(0), u32(0), u32(0), u32(0x10000), u32(0), u32(0), u32(0), u32(0x40000000))
	mvhd := box("mvhd", u32(0), u32(0), u32(0), u32(ticks), u32(length), u32(0x10000), u16(0x100), make([]byte, 10), matrix, make([]byte, 24), u32(2))
	tkhd := box("tkhd", u32(7), u32(0), u32(0), u32(1), u32(0), u32(length), make([]byte, 16), matrix, u32(64<<16), u32(64<<16))
	mdhd := box("mdhd", u32(0), u32(0), u32(0), u32(ticks), u32(length), u16(0x55c4), u16(0))
	hdlr := box("hdlr", u32(0), u32(0), []byte("vide"), make([]byte, 12), []byte("video\x00"))
	dinf := box("dinf", box("dref", u32(0), u32(1), box("url ", u32(1))))
	minf := box("minf", box("vmhd", u32(1), make([]byte, 8)), dinf, samples(frames, offset))
	return box("moov", mvhd, box("trak", tkhd, box("mdia", mdhd, hdlr, minf)))
}

func samples(frames [][]byte, offset uint32) []byte {
	decoder := slices.Concat([]byte{0x04, 13, 0x6c, 0x11, 0, 0, 0}, u32(0), u32(0))
	es := slices.Concat([]byte{0x03, byte(3 + len(decoder) + 3), 0, 1, 0}, decoder, []byte{0x06, 1, 0x02})
	entry := box("mp4v", make([]byte, 6), u16(1), make([]byte, 16), u16(64), u16(64), u32(0x480000), u32(0x480000),
		u32(0), u16(1), make([]byte, 32), u16(24), u16(0xffff), box("esds", u32(0), es))
	sizes := [][]byte{u32(0), u32(0), u32(uint32(len(frames)))}
	for _, f := range frames {
		sizes = append(sizes, u32(uint32(len(f))))
	}
	n := uint32(len(frames))
	return box("stbl",
		box("stsd", u32(0), u32(1), entry),
		box("stts", u32(0), u32(1), u32(n), u32(ticks)),
		box("stsc", u32(0), u32(1), u32(1), u32(n), u32(1)),
		box("stsz", sizes...),
		box("stco", u32(0), u32(1), u32(offset)))
}

func box(kind string, parts ...[]byte) []byte {
	body := slices.Concat(parts...)
	return slices.Concat(u32(uint32(8+len(body))), []byte(kind), body)
}

func u32(v uint32) []byte { return binary.BigEndian.AppendUint32(nil, v) }
func u16(v uint16) []byte { return binary.BigEndian.AppendUint16(nil, v) }
