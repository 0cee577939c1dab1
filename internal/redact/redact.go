// Package redact takes keys and media out of text before it is kept or shown: call [String] for a text,
// [Body] for a request's or response's bytes, [Header] for headers.
//
// It is the only place that knows what a secret looks like. It finds secrets by their own shape
// (sk-..., AIza..., a JWT), by the name that stands before them ("api_key": "...", ?sig=...), and by
// the words around them ("Incorrect API key provided: ..."). Redacting twice is the same as once.
package redact

import (
	"strings"
	"unicode/utf8"
)

// Mask stands where a secret stood.
const Mask = "[redacted]"

// passes bounds how often a text is read again after something was taken out of it. A second
// reading finds what came nearer to a word such as "key" by the first.
const passes = 8

// String returns s without secrets, and with long base64 replaced by a note of its size.
// A text with nothing to hide is returned as it is, without allocation.
func String(s string) string {
	for range passes {
		t := scan(s, 0)
		if t == s {
			return s
		}
		s = t
	}
	return s
}

// Cap is [String], cut to at most max bytes on a rune's boundary; max <= 0 means no bound.
// The cut is made after redacting, so that no half of a secret escapes it. It reports whether it cut.
func Cap(s string, max int) (string, bool) {
	if max <= 0 {
		return String(s), false
	}
	for range passes {
		t := scan(s, max)
		if t == s {
			break
		}
		s = t
	}
	if len(s) <= max {
		return s, false
	}
	for max > 0 && !utf8.RuneStart(s[max]) {
		max--
	}
	return s[:max], true
}

// normal writes a name in small letters, without hyphens and underscores.
func normal(name string) string {
	if strings.IndexFunc(name, func(r rune) bool { return r == '-' || r == '_' || r >= 'A' && r <= 'Z' }) < 0 {
		return name
	}
	b := make([]byte, 0, len(name))
	for i := range len(name) {
		c := name[i]
		switch {
		case c == '-' || c == '_':
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		default:
			b = append(b, c)
		}
	}
	return string(b)
}
