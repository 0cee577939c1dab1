package expect

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Media is what is known of an image or video. Zero fields are unknown and are not judged.
type Media struct {
	Format   string // such as "png" or "image/png"
	Width    int    // pixels
	Height   int
	Duration time.Duration
}

// formatName gives the one name of a format; "" when it is unknown.
func formatName(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.TrimPrefix(strings.TrimPrefix(s, "image/"), "video/")
	s, _, _ = strings.Cut(s, ";")
	switch s {
	case "jpg", "jpeg", "pjpeg":
		return "jpeg"
	case "mov", "quicktime":
		return "mov"
	case "png", "webp", "gif", "avif", "heic", "svg", "bmp", "tiff", "mp4", "webm", "mkv":
		return s
	case "svg+xml":
		return "svg"
	case "x-matroska":
		return "mkv"
	}
	return ""
}

func (e *Expectation) checkMedia(m *Media) (found []Finding) {
	s := &e.spec
	if got := formatName(m.Format); s.Format != "" && m.Format != "" && got != s.Format {
		found = append(found, violated("format", "media", s.Format, m.Format))
	}
	if s.MinWidth > 0 && m.Width > 0 && m.Width < s.MinWidth {
		found = append(found, violated("min_width", "media", "at least "+strconv.Itoa(s.MinWidth)+" pixels wide", strconv.Itoa(m.Width)))
	}
	if s.MinHeight > 0 && m.Height > 0 && m.Height < s.MinHeight {
		found = append(found, violated("min_height", "media", "at least "+strconv.Itoa(s.MinHeight)+" pixels high", strconv.Itoa(m.Height)))
	}
	if e.aspect > 0 && m.Width > 0 && m.Height > 0 && math.Abs(float64(m.Width)/float64(m.Height)/e.aspect-1) > 0.02 {
		found = append(found, violated("aspect", "media", s.Aspect, strconv.Itoa(m.Width)+"x"+strconv.Itoa(m.Height)))
	}
	const slack = 50 * time.Millisecond // a frame more or less
	if e.min > 0 && m.Duration > 0 && m.Duration < e.min-slack {
		found = append(found, violated("min_duration", "media", "at least "+s.MinDuration, m.Duration.String()))
	}
	if e.max > 0 && m.Duration > e.max+slack {
		found = append(found, violated("max_duration", "media", "at most "+s.MaxDuration, m.Duration.String()))
	}
	return found
}
