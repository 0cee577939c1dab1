package redact

import (
	"net/http"
	"strings"
)

// Keys gives the secrets that a request's headers hold, so that they can be taken out of what answers it,
// whatever they look like: a provider that refuses a key likes to repeat it. What is too plain to be a
// secret, such as "EMPTY" or "ollama", is left out.
func Keys(h http.Header) []string {
	var keys []string
	for name, values := range h {
		if !secretHeader(name) {
			continue
		}
		for _, v := range values {
			v = v[scheme(v):]
			if strings.EqualFold(name, "Cookie") {
				for pair := range strings.SplitSeq(v, ";") {
					_, v, _ := strings.Cut(pair, "=")
					keys = known(keys, v)
				}
				continue
			}
			keys = known(keys, v)
		}
	}
	return keys
}

func known(keys []string, v string) []string {
	v = strings.TrimSpace(v)
	if len(v) >= 16 || len(v) >= 6 && strings.ContainsAny(v, "0123456789") {
		return append(keys, v)
	}
	return keys
}

// Without masks these keys wherever they stand in t.
func (t Text) Without(keys []string) Text {
	for _, k := range keys {
		if strings.Contains(t.s, k) {
			t.s = strings.ReplaceAll(t.s, k, Mask)
		}
	}
	return t
}
