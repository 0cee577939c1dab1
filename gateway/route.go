package gateway

import (
	"net/url"
	"strings"

	"github.com/telltale-ai/telltale/recovery"
)

// find picks the upstream of a path and the URL there. Paths are kept escaped as the client wrote them.
func (g *Gateway) find(u *url.URL) (*recovery.Upstream, *url.URL) {
	path := u.EscapedPath()
	first, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	up, named := g.ups[first]
	if named {
		path = "/" + rest
		if rest == "" && !strings.HasSuffix(u.Path, "/") {
			path = ""
		}
	} else {
		up = g.def
	}
	if up == nil {
		return nil, nil
	}
	to := *up.Base
	joined := join(strings.TrimRight(up.Base.EscapedPath(), "/"), path, named)
	to.Path, to.RawPath = joined, ""
	if p, err := url.PathUnescape(joined); err == nil && p != joined {
		to.Path, to.RawPath = p, joined
	}
	to.RawQuery = u.RawQuery
	if q := up.Base.RawQuery; q != "" {
		to.RawQuery = strings.Trim(q+"&"+u.RawQuery, "&")
	}
	return up, &to
}

// join puts a client's path below an upstream's base path. A version stands in both as a rule
// (/v1/chat/completions below https://host/v1): it is not doubled, and the base's own wins over "v1". A
// path that is not of the OpenAI family is taken from the base's root, beside its version.
func join(base, path string, named bool) string {
	if base == "" {
		return path
	}
	first, rest, more := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	last := base[strings.LastIndexByte(base, '/')+1:]
	root := base
	if version(last) {
		root = base[:len(base)-len(last)-1]
	}
	switch {
	case first == "v1" || version(first) && first == last:
		if more {
			return base + "/" + rest
		}
		return base
	case version(first):
		return root + path
	case named:
		return base + path
	}
	return root + path
}

// version reports whether a path segment looks like v1, v4 or v1beta.
func version(s string) bool {
	return len(s) >= 2 && s[0] == 'v' && s[1] >= '0' && s[1] <= '9'
}
