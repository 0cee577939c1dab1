package telltale

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strings"
)

// maxUnpacked is the most that is unpacked of a compressed body, in bytes.
const maxUnpacked = 8 << 20

// unpack gives the plain bytes of a body that is still compressed with gzip or deflate: as far as they can be
// read, and not more than maxUnpacked. Other encodings are left to whoever has their decoder.
func unpack(r *Response) ([]byte, bool) {
	var in io.Reader
	b := r.Body
	switch {
	case b[0] == 0x1f && b[1] == 0x8b:
		z, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil, false
		}
		in = z
	case b[0] == 0x78 && len(r.Header) > 0 && strings.EqualFold(get(r.Header, "Content-Encoding"), "deflate"):
		z, err := zlib.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil, false
		}
		in = z
	default:
		return nil, false
	}
	plain, _ := io.ReadAll(io.LimitReader(in, maxUnpacked)) // a cut end keeps what came before it
	return plain, len(plain) > 0
}
