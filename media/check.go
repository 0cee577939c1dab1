package media

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// Info is what a look at media tells.
type Info struct {
	Type          string // by its bytes, whatever anybody claimed
	Width, Height int    // of a picture, or of a video's picture where its container says so
	Duration      time.Duration
	// Warnings say what is doubtful, each beginning with a word of its own: "blank", "mismatch", "unknown", "short".
	Warnings []string
}

// Check looks whether size bytes in r are whole media of the claimed type ("video/mp4", "image/*", empty: any).
// An error wraps ErrCorrupt and says what was found instead.
func Check(r io.ReaderAt, size int64, claimed string) (Info, error) {
	head := make([]byte, min(size, 4096))
	if n, err := r.ReadAt(head, 0); n < len(head) && err != nil {
		return Info{}, err
	}
	if len(head) == 0 {
		return Info{}, fmt.Errorf("%w: they are none", ErrCorrupt)
	}
	claimed, _, _ = mime.ParseMediaType(claimed)
	info := Info{Type: Sniff(head)}
	var err error
	switch {
	case info.Type == "":
		return unknown(head, claimed)
	case strings.HasPrefix(info.Type, "image/"):
		err = checkPicture(r, size, &info)
	case info.Type == "video/webm" || info.Type == "video/x-matroska":
		err = checkEBML(r, size, &info)
	case info.Type == "video/mp4" || info.Type == "video/quicktime" || info.Type == "audio/mp4":
		err = checkBoxes(r, size, &info)
	}
	if err != nil {
		return info, err
	}
	want, _, _ := strings.Cut(claimed, "/")
	got, _, _ := strings.Cut(info.Type, "/")
	if (want == "image" || want == "video" || want == "audio") && want != got {
		info.Warnings = append(info.Warnings, fmt.Sprintf("mismatch: %s came where %s was claimed", info.Type, claimed))
	}
	return info, nil
}

// unknown judges bytes without a known beginning: text is never media, the rest may be a format that is not known here.
func unknown(head []byte, claimed string) (Info, error) {
	what := http.DetectContentType(head)
	trimmed := bytes.TrimLeft(head, " \t\r\n\xef\xbb\xbf")
	switch {
	case bytes.HasPrefix(trimmed, []byte("{")) || bytes.HasPrefix(trimmed, []byte("[")):
		what = "JSON"
	case bytes.HasPrefix(trimmed, []byte("<?xml")), bytes.HasPrefix(trimmed, []byte("<Error")):
		what = "XML"
	case strings.HasPrefix(what, "text/html"):
		what = "an HTML page"
	case utf8.Valid(head) && !bytes.ContainsRune(head, 0):
		what = "text"
	default:
		if strings.HasPrefix(claimed, "image/") || strings.HasPrefix(claimed, "video/") || strings.HasPrefix(claimed, "audio/") {
			return Info{}, fmt.Errorf("%w: they do not begin as %s does", ErrCorrupt, claimed)
		}
		return Info{Type: "application/octet-stream", Warnings: []string{"unknown: the format is not known here"}}, nil
	}
	if strings.HasPrefix(what, "text/") {
		what = "text"
	}
	return Info{}, fmt.Errorf("%w: they are %s: %q", ErrCorrupt, what, clip(trimmed, 80))
}

func clip(b []byte, n int) []byte {
	if len(b) > n {
		return b[:n]
	}
	return b
}

// Sniff tells media by its first bytes; empty: none that is known.
func Sniff(b []byte) string {
	at := func(i int, s string) bool { return len(b) >= i+len(s) && string(b[i:i+len(s)]) == s }
	switch {
	case at(0, "\x89PNG\r\n\x1a\n"):
		return "image/png"
	case at(0, "\xff\xd8\xff"):
		return "image/jpeg"
	case at(0, "GIF87a"), at(0, "GIF89a"):
		return "image/gif"
	case at(0, "RIFF") && at(8, "WEBP"):
		return "image/webp"
	case at(0, "RIFF") && at(8, "WAVE"):
		return "audio/wav"
	case at(0, "OggS"):
		return "audio/ogg"
	case at(0, "fLaC"):
		return "audio/flac"
	case at(0, "ID3"), len(b) > 1 && b[0] == 0xff && (b[1]&0xfe == 0xfa || b[1]&0xfe == 0xf2):
		return "audio/mpeg"
	case at(0, "\x1a\x45\xdf\xa3"):
		if bytes.Contains(b[:min(len(b), 128)], []byte("webm")) {
			return "video/webm"
		}
		return "video/x-matroska"
	case at(4, "ftyp"):
		switch {
		case at(8, "avif"), at(8, "avis"):
			return "image/avif"
		case at(8, "qt  "):
			return "video/quicktime"
		case at(8, "M4A "):
			return "audio/mp4"
		}
		return "video/mp4"
	}
	return ""
}
