package telltale

import (
	"bytes"
	"strings"
)

// sniff tells what a body is, by what it begins with rather than by what its headers claim.
func sniff(r *Response) int {
	b := r.Body
	i := 0
	for i < len(b) && (b[i] <= ' ' || b[i] == 0xEF || b[i] == 0xBB || b[i] == 0xBF) {
		i++
	}
	b = b[i:]
	ct := ""
	if len(r.Header) > 0 {
		ct = get(r.Header, "Content-Type")
	}
	if len(b) == 0 {
		if strings.HasPrefix(ct, "text/event-stream") {
			return bodyStream
		}
		return bodyEmpty
	}
	switch b[0] {
	case '{':
		if strings.HasPrefix(ct, "application/x-ndjson") || strings.HasPrefix(ct, "text/event-stream") || moreValues(b) {
			return bodyStream
		}
		return bodyJSON
	case '[':
		if strings.HasPrefix(ct, "text/event-stream") || bytes.Contains(b[:min(len(b), 2048)], []byte(`"candidates"`)) {
			return bodyStream
		}
		return bodyJSON
	case '<':
		head := strings.ToLower(string(b[:min(len(b), 300)]))
		if strings.HasPrefix(head, "<?xml") && !strings.Contains(head, "<html") || strings.HasPrefix(head, "<error") || strings.HasPrefix(head, "<code") {
			return bodyXML
		}
		return bodyPage
	case '"', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 't', 'f', 'n':
		if validJSON(b) {
			return bodyJSON
		}
	}
	if len(b) >= 2 && b[0] == 0x1f && b[1] == 0x8b || get(r.Header, "Content-Encoding") != "" && !printable(b) {
		return bodyPacked
	}
	if strings.HasPrefix(ct, "application/vnd.amazon.eventstream") {
		return bodyBinaryStream
	}
	if streamStart(b) || strings.HasPrefix(ct, "text/event-stream") {
		return bodyStream
	}
	if mediaKind(b) != "" || !printable(b) {
		return bodyMedia
	}
	return bodyText
}

// moreValues reports whether a second JSON value follows the first, on a line of its own.
func moreValues(b []byte) bool {
	k := bytes.IndexByte(b, '\n')
	for k >= 0 && k+1 < len(b) {
		j := k
		for j < len(b) && b[j] <= ' ' {
			j++
		}
		if j < len(b) && b[j] == '{' && b[j-1] == '\n' && bytes.HasSuffix(bytes.TrimRight(b[:k], " \r"), []byte("}")) {
			return true
		}
		if k > 64<<10 {
			return false
		}
		n := bytes.IndexByte(b[k+1:], '\n')
		if n < 0 {
			return false
		}
		k += 1 + n
	}
	return false
}

// streamStart reports whether b begins as an event stream does.
func streamStart(b []byte) bool {
	for _, s := range []string{"data:", "event:", "id:", "retry:", ":"} {
		if bytes.HasPrefix(b, []byte(s)) {
			return true
		}
	}
	return false
}

func printable(b []byte) bool {
	b = b[:min(len(b), 512)]
	odd := 0
	for _, c := range b {
		if c < 9 || c > 13 && c < 32 || c == 127 {
			odd++
		}
	}
	return odd*20 <= len(b)
}

// mediaKind tells media by its first bytes.
func mediaKind(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("\x89PNG")):
		return "png"
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return "jpeg"
	case bytes.HasPrefix(b, []byte("GIF8")):
		return "gif"
	case len(b) > 12 && string(b[:4]) == "RIFF":
		return strings.ToLower(string(b[8:12]))
	case len(b) > 12 && string(b[4:8]) == "ftyp":
		return "mp4"
	case bytes.HasPrefix(b, []byte("\x1a\x45\xdf\xa3")):
		return "webm"
	case bytes.HasPrefix(b, []byte("ID3")), bytes.HasPrefix(b, []byte("\xff\xfb")), bytes.HasPrefix(b, []byte("\xff\xf3")):
		return "mp3"
	case bytes.HasPrefix(b, []byte("OggS")):
		return "ogg"
	case bytes.HasPrefix(b, []byte("fLaC")):
		return "flac"
	case bytes.HasPrefix(b, []byte("%PDF")):
		return "pdf"
	case bytes.HasPrefix(b, []byte("BM")) && !printable(b):
		return "bmp"
	}
	return ""
}
