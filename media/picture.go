package media

import (
	"fmt"
	"image"
	_ "image/gif" // the formats that are looked into
	_ "image/jpeg"
	_ "image/png"
	"io"

	_ "golang.org/x/image/webp" // and this one
)

// mostPixels is the largest picture that is decoded to look at it; a larger one is kept unseen.
const mostPixels = 20 << 20

// checkPicture decodes a picture and looks whether it shows anything.
func checkPicture(r io.ReaderAt, size int64, info *Info) error {
	if info.Type == "image/avif" {
		return checkItems(r, size)
	}
	cfg, _, err := image.DecodeConfig(io.NewSectionReader(r, 0, size))
	if err != nil {
		return fmt.Errorf("%w: the head of the picture cannot be read: %w", ErrCorrupt, err)
	}
	info.Width, info.Height = cfg.Width, cfg.Height
	if cfg.Width <= 0 || cfg.Height <= 0 {
		return fmt.Errorf("%w: the picture has no size", ErrCorrupt)
	}
	if int64(cfg.Width)*int64(cfg.Height) > mostPixels {
		info.Warnings = append(info.Warnings, "unknown: the picture is too large to look at")
		return nil
	}
	img, _, err := image.Decode(io.NewSectionReader(r, 0, size))
	if err != nil {
		if info.Type == "image/webp" { // animations and some lossless ones are beyond the decoder
			return nil
		}
		return fmt.Errorf("%w: the picture breaks off or is damaged: %w", ErrCorrupt, err)
	}
	if what := Blank(img); what != "" && cfg.Width*cfg.Height >= 64*64 { // a tiny one may be meant so
		info.Warnings = append(info.Warnings, "blank: "+what)
	}
	return nil
}

// Blank says in what way a picture shows nothing: "all black", "all white", "transparent" or "one colour";
// empty when it shows something. Differences of less than 1.2 % in every channel count as nothing.
func Blank(img image.Image) string {
	const tolerance = 0x0300
	b := img.Bounds()
	if b.Empty() {
		return "empty"
	}
	var lo, hi [4]uint32
	lo = [4]uint32{0xffff, 0xffff, 0xffff, 0xffff}
	see := func(x, y int) bool { // false: there is something to see
		c := [4]uint32{}
		c[0], c[1], c[2], c[3] = img.At(x, y).RGBA()
		for i, v := range c {
			lo[i], hi[i] = min(lo[i], v), max(hi[i], v)
			if hi[i]-lo[i] > tolerance {
				return false
			}
		}
		return true
	}
	// A grid first, for most pictures show something at once; then every pixel, for a small thing is something.
	for _, step := range []int{max(1, min(b.Dx(), b.Dy())/16), 1} {
		for y := b.Min.Y; y < b.Max.Y; y += step {
			for x := b.Min.X; x < b.Max.X; x += step {
				if !see(x, y) {
					return ""
				}
			}
		}
	}
	switch {
	case hi[3] == 0:
		return "transparent"
	case max(hi[0], hi[1], hi[2]) <= 0x0800:
		return "all black"
	case min(lo[0], lo[1], lo[2]) >= 0xf700:
		return "all white"
	}
	return "one colour"
}
