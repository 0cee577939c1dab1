package recovery

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// decoded gives a readable copy of a body that came compressed, at most limit bytes of it, with the header
// that fits it. A body that is not compressed, or cannot be read, comes back as it is. What is passed to the
// client is always the bytes that came.
func decoded(body []byte, h http.Header, limit int64) ([]byte, http.Header) {
	enc := strings.ToLower(strings.TrimSpace(h.Get("Content-Encoding")))
	if enc == "" || enc == "identity" || len(body) == 0 {
		return body, h
	}
	var r io.Reader
	switch enc {
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return body, h
		}
		r = z
	case "deflate":
		z, err := zlib.NewReader(bytes.NewReader(body))
		if err != nil {
			return body, h
		}
		r = z
	case "br":
		r = brotli.NewReader(bytes.NewReader(body))
	case "zstd":
		z, err := zstd.NewReader(bytes.NewReader(body), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20))
		if err != nil {
			return body, h
		}
		defer z.Close()
		r = z
	default:
		return body, h
	}
	if limit < 0 {
		limit = 64 << 20
	}
	out, err := io.ReadAll(io.LimitReader(r, limit))
	if err != nil && len(out) == 0 {
		return body, h
	}
	h = h.Clone()
	h.Del("Content-Encoding")
	h.Del("Content-Length")
	return out, h
}
