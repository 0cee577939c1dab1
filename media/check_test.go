package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"strings"
	"testing"
	"time"
)

// picture makes a PNG of one colour; dot puts one other pixel into it.
func picture(t testing.TB, c color.Color, dot bool) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 200, 100))
	for i := range 200 * 100 {
		img.Set(i%200, i/200, c)
	}
	if dot {
		img.Set(133, 71, color.NRGBA{255, 0, 0, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func mkBox(kind string, body ...[]byte) []byte {
	b := bytes.Join(body, nil)
	out := binary.BigEndian.AppendUint32(nil, uint32(len(b)+8))
	return append(append(out, kind...), b...)
}

// mp4 makes the smallest file that plays for some seconds.
func mp4(seconds uint32) []byte {
	mvhd := make([]byte, 100)
	binary.BigEndian.PutUint32(mvhd[12:], 1000)
	binary.BigEndian.PutUint32(mvhd[16:], seconds*1000)
	tkhd := make([]byte, 84)
	binary.BigEndian.PutUint32(tkhd[76:], 1280<<16)
	binary.BigEndian.PutUint32(tkhd[80:], 720<<16)
	return bytes.Join([][]byte{
		mkBox("ftyp", []byte("isom\x00\x00\x02\x00isommp42")),
		mkBox("moov", mkBox("mvhd", mvhd), mkBox("trak", mkBox("tkhd", tkhd))),
		mkBox("mdat", []byte("pictures")),
	}, nil)
}

// webm makes the smallest file that plays for some seconds.
func webm(seconds float64) []byte {
	el := func(id []byte, body ...[]byte) []byte {
		b := bytes.Join(body, nil)
		size := binary.BigEndian.AppendUint32(nil, uint32(len(b))|0x10000000)
		return bytes.Join([][]byte{id, size, b}, nil)
	}
	length := binary.BigEndian.AppendUint64(nil, math.Float64bits(seconds*1000))
	return bytes.Join([][]byte{
		el([]byte{0x1a, 0x45, 0xdf, 0xa3}, el([]byte{0x42, 0x82}, []byte("webm"))),
		el([]byte{0x18, 0x53, 0x80, 0x67},
			el([]byte{0x15, 0x49, 0xa9, 0x66}, el([]byte{0x2a, 0xd7, 0xb1}, []byte{0x0f, 0x42, 0x40}), el([]byte{0x44, 0x89}, length)),
			el([]byte{0x16, 0x54, 0xae, 0x6b}, []byte("t")),
			el([]byte{0x1f, 0x43, 0xb6, 0x75}, []byte("pictures"))),
	}, nil)
}

func TestCheck(t *testing.T) {
	scene := picture(t, color.White, true)
	var jpg bytes.Buffer
	if err := jpeg.Encode(&jpg, image.NewGray(image.Rect(0, 0, 300, 300)), nil); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		b       []byte
		claimed string
		want    string // type, or "corrupt"
		warn    string
		secs    float64
	}{
		{"picture", scene, "image/png", "image/png", "", 0},
		{"one dot is something", picture(t, color.Black, true), "image/*", "image/png", "", 0},
		{"black", picture(t, color.Black, false), "image/*", "image/png", "blank: all black", 0},
		{"white", picture(t, color.White, false), "", "image/png", "blank: all white", 0},
		{"transparent", picture(t, color.Transparent, false), "", "image/png", "blank: transparent", 0},
		{"one colour", picture(t, color.NRGBA{9, 120, 33, 255}, false), "", "image/png", "blank: one colour", 0},
		{"black JPEG", jpg.Bytes(), "image/jpeg", "image/jpeg", "blank: all black", 0},
		{"cut picture", scene[:len(scene)-40], "image/png", "corrupt", "", 0},
		{"cut JPEG", jpg.Bytes()[:jpg.Len()/2], "", "corrupt", "", 0},
		{"video", mp4(5), "video/mp4", "video/mp4", "", 5},
		{"video without a claim", mp4(5), "application/octet-stream", "video/mp4", "", 5},
		{"cut video", mp4(5)[:len(mp4(5))-3], "video/*", "corrupt", "", 0},
		{"video without moov", append(mkBox("ftyp", []byte("isom\x00\x00\x02\x00")), mkBox("mdat", []byte("x"))...), "", "corrupt", "", 0},
		{"webm", webm(2.5), "video/*", "video/webm", "", 2.5},
		{"cut webm", webm(2.5)[:len(webm(2.5))-3], "video/*", "corrupt", "", 0},
		{"picture for a video", scene, "video/*", "image/png", "mismatch:", 0},
		{"page", []byte("<!DOCTYPE html><html><body>Sign in</body></html>"), "video/mp4", "corrupt", "", 0},
		{"page without a claim", []byte("\n<html>"), "", "corrupt", "", 0},
		{"JSON", []byte(`{"error":{"message":"expired"}}`), "", "corrupt", "", 0},
		{"XML", []byte(`<?xml version="1.0"?><Error/>`), "", "corrupt", "", 0},
		{"text", []byte("not found"), "image/png", "corrupt", "", 0},
		{"script that claims to be a picture", []byte("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), "image/svg+xml", "corrupt", "", 0},
		{"empty", nil, "", "corrupt", "", 0},
		{"unknown", []byte("glTF\x02\x00\x00\x00\xff\xfe"), "model/gltf-binary", "application/octet-stream", "unknown:", 0},
		{"unknown for a video", []byte("\x02\x00\x00\x00\xff\xfe"), "video/mp4", "corrupt", "", 0},
	} {
		info, err := Check(bytes.NewReader(c.b), int64(len(c.b)), c.claimed)
		if c.want == "corrupt" {
			if !errors.Is(err, ErrCorrupt) {
				t.Errorf("%s: %+v %v, want it to be corrupt", c.name, info, err)
			}
			continue
		}
		if err != nil || info.Type != c.want || !strings.HasPrefix(strings.Join(info.Warnings, ";"), c.warn) || (c.warn == "") != (len(info.Warnings) == 0) {
			t.Errorf("%s: %+v %v, want %s and %q", c.name, info, err, c.want, c.warn)
		}
		if info.Duration != time.Duration(c.secs*float64(time.Second)) {
			t.Errorf("%s: plays for %s, want %gs", c.name, info.Duration, c.secs)
		}
	}
	if info, _ := Check(bytes.NewReader(mp4(5)), int64(len(mp4(5))), ""); info.Width != 1280 || info.Height != 720 {
		t.Errorf("the video's picture is %dx%d", info.Width, info.Height)
	}
}

func TestDecodeBase64(t *testing.T) {
	for in, want := range map[string]string{"aGk": "hi", "aGk=": "hi", "aG\nk=": "hi", "data:image/png;base64,aGk=": "hi", "_-8": "\xff\xef"} {
		if b, _, err := DecodeBase64(in); string(b) != want || err != nil {
			t.Errorf("%q: %q %v", in, b, err)
		}
	}
	for _, in := range []string{"", "data:image/png,aGk=", "!!!", "data:;base64,"} {
		if b, _, err := DecodeBase64(in); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%q: %q %v", in, b, err)
		}
	}
}

// FuzzCheck: whatever comes, looking at it ends, and durations make sense.
func FuzzCheck(f *testing.F) {
	f.Add(mp4(5), "video/mp4")
	f.Add(webm(1), "")
	f.Add(picture(f, color.Black, false), "image/*")
	f.Add([]byte("<html>"), "image/png")
	f.Fuzz(func(t *testing.T, b []byte, claimed string) {
		info, err := Check(bytes.NewReader(b), int64(len(b)), claimed)
		if info.Duration < 0 {
			t.Errorf("plays for %s", info.Duration)
		}
		if err == nil && info.Type == "" {
			t.Error("no type and no error")
		}
		if err == nil && TypeOfName(Name(strings.Repeat("0", 64), info.Type)) != info.Type {
			t.Errorf("%s is served as something else", info.Type)
		}
	})
}
