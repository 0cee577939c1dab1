package sim

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
)

// drawing is a small picture with enough in it not to be blank; shade moves its colours.
func drawing(shade int) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	for y := range 64 {
		for x := range 64 {
			c := color.NRGBA{uint8(x*4 + shade), uint8(y*4 + shade/2), uint8(128 + (x^y)*2), 255}
			if dx, dy := x-32, y-32; dx*dx+dy*dy < 300 {
				c = color.NRGBA{250, uint8(180 + shade%60), 40, 255}
			}
			m.Set(x, y, c)
		}
	}
	return m
}

func pngOf(m image.Image) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, m)
	return b.Bytes()
}

func jpegOf(m image.Image) []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, m, nil)
	return b.Bytes()
}

// PNG returns a small sound picture.
func PNG() []byte { return pngOf(drawing(0)) }

// JPEG returns a small sound picture.
func JPEG() []byte { return jpegOf(drawing(0)) }

// BlackPNG returns a picture of the same size that is black all over.
func BlackPNG() []byte {
	m := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	for i := 3; i < len(m.Pix); i += 4 {
		m.Pix[i] = 255
	}
	return pngOf(m)
}

// WebP returns the smallest sound picture of its kind: one pixel, lossy.
func WebP() []byte {
	b, _ := base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	return b
}

// pictureOf writes a picture in the format that the request named, PNG otherwise.
func pictureOf(format string, shade int) (body []byte, ctype, ext string) {
	switch format {
	case "jpeg", "jpg":
		return jpegOf(drawing(shade)), "image/jpeg", "jpg"
	case "webp":
		return WebP(), "image/webp", "webp"
	}
	return pngOf(drawing(shade)), "image/png", "png"
}
