package capture

import (
	"bytes"

	telltale "github.com/telltale-ai/telltale"
)

// mediaFile reads a picture, video or sound file as what a download URL gave.
func mediaFile(data []byte) (Item, bool) {
	kind := sniffMedia(data)
	if kind == "" {
		return Item{}, false
	}
	it := Item{Format: "media file", Source: data, At: Span{0, len(data)}, Body: whole(Span{0, len(data)})}
	it.Request.Surface = telltale.MediaDownload
	it.Response = &telltale.Response{Status: 200, Header: map[string][]string{"Content-Type": {kind}}, Body: data}
	it.Notes = []string{"the file was read as what a media URL answered with status 200"}
	return it, true
}

// sniffMedia names the media type that the first bytes claim; "" when they claim none.
func sniffMedia(b []byte) string {
	for _, m := range [...]struct{ magic, kind string }{
		{"\x89PNG\r\n\x1a\n", "image/png"},
		{"\xff\xd8\xff", "image/jpeg"},
		{"GIF87a", "image/gif"},
		{"GIF89a", "image/gif"},
		{"\x1a\x45\xdf\xa3", "video/webm"},
		{"OggS", "application/ogg"},
		{"ID3", "audio/mpeg"},
		{"fLaC", "audio/flac"},
	} {
		if bytes.HasPrefix(b, []byte(m.magic)) {
			return m.kind
		}
	}
	if len(b) >= 12 {
		switch {
		case string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
			return "image/webp"
		case string(b[:4]) == "RIFF" && string(b[8:12]) == "WAVE":
			return "audio/wav"
		case string(b[4:8]) == "ftyp":
			switch string(b[8:12]) {
			case "avif", "avis":
				return "image/avif"
			case "qt  ":
				return "video/quicktime"
			}
			return "video/mp4"
		}
	}
	return ""
}
