package media

import "strings"

// kinds are the media that are kept: by content type, with the ending of their names.
var kinds = []struct{ ctype, ext string }{
	{"image/png", ".png"}, {"image/jpeg", ".jpg"}, {"image/webp", ".webp"}, {"image/gif", ".gif"}, {"image/avif", ".avif"},
	{"video/mp4", ".mp4"}, {"video/quicktime", ".mov"}, {"video/webm", ".webm"}, {"video/x-matroska", ".mkv"},
	{"audio/mpeg", ".mp3"}, {"audio/wav", ".wav"}, {"audio/ogg", ".ogg"}, {"audio/flac", ".flac"}, {"audio/mp4", ".m4a"},
}

// Name is what content is kept under: the hash of it, and the ending of its type.
func Name(sha256, ctype string) string {
	for _, k := range kinds {
		if k.ctype == ctype {
			return sha256 + k.ext
		}
	}
	return sha256 + ".bin"
}

// TypeOfName is the content type that a kept name is served with.
func TypeOfName(name string) string {
	for _, k := range kinds {
		if strings.HasSuffix(name, k.ext) {
			return k.ctype
		}
	}
	return "application/octet-stream"
}

// ValidName reports whether a name has the form that [Name] gives: no other is looked up.
func ValidName(name string) bool {
	hash, ext, ok := strings.Cut(name, ".")
	if !ok || len(hash) != 64 || strings.Trim(hash, "0123456789abcdef") != "" {
		return false
	}
	if ext == "bin" {
		return true
	}
	for _, k := range kinds {
		if k.ext == "."+ext {
			return true
		}
	}
	return false
}
