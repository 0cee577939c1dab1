package redact

import (
	"net/http"
	"strings"
)

const (
	maxHeaders     = 100
	maxHeaderValue = 2 << 10
)

// Header returns a copy of h without secrets: the value of a header whose name speaks of one is masked
// (the scheme of Authorization stays, so that a missing "Bearer" can be seen), every other value is read
// as text. At most 100 headers are kept, and 2 KiB of each value. A nil or empty h gives nil.
func Header(h http.Header) http.Header {
	if len(h) == 0 {
		return nil
	}
	out := make(http.Header, min(len(h), maxHeaders))
	for name, values := range h {
		if len(out) == maxHeaders {
			break
		}
		clean, _ := Cap(clean(name), 128)
		for _, v := range values {
			out[clean] = append(out[clean], headerValue(name, v))
		}
	}
	return out
}

func headerValue(name, v string) string {
	if !secretHeader(name) {
		v, _ = Cap(clean(v), maxHeaderValue)
		return v
	}
	if v == "" {
		return ""
	}
	if n := scheme(v); n > 0 && strings.HasSuffix(strings.ToLower(name), "authorization") {
		return v[:n] + Mask
	}
	return Mask
}

// secretHeader reports whether a header of this name may hold a secret.
func secretHeader(name string) bool {
	name = strings.ToLower(name)
	switch name {
	case "idempotency-key", "x-idempotency-key", "surrogate-key", "x-cache-key":
		return false
	}
	for w := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '-' || r == '_' }) {
		switch w {
		case "authorization", "cookie", "cookie2", "key", "apikey", "token", "secret", "auth", "signature", "sig", "credential", "credentials",
			"password", "passwd", "jwt", "cert", "apitoken", "authtoken", "accesstoken", "accesskey", "secretkey":
			return true
		}
	}
	return false
}
