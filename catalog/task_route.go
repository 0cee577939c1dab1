package catalog

import (
	"net/url"
	"path"
	"strings"
)

// TaskMatch is a request that was recognised.
type TaskMatch struct {
	Dialect *TaskDialect
	ID      string            // of the task, on a poll
	Prefix  string            // what stood before the route's own path: "" or "/kling"
	Vars    map[string]string // what the route captured
}

// MatchCreate recognises the request that begins a task. host may be empty or carry a port.
// A match says how to read the answer; whether a task was made, only the answer's id tells.
func MatchCreate(method, host, path string) (TaskMatch, bool) {
	for _, byHost := range []bool{true, false} {
		for _, d := range tasks {
			for i := range d.Create {
				r := &d.Create[i]
				if m, ok := r.match(method, host, path); ok && byHost == (r.Host != "") {
					m.Dialect = d
					return m, true
				}
			}
		}
	}
	return TaskMatch{}, false
}

// MatchPoll recognises a question after a task. target is the path with its query; body may be nil unless
// the provider is asked by POST. Where two providers share a path (GET /v1/videos/ID), the host decides,
// and without one the more common is named: a program that keeps tasks knows better.
func MatchPoll(method, host, target string, body []byte) (TaskMatch, bool) {
	for _, byHost := range []bool{true, false} {
		for _, d := range tasks {
			if m, ok := d.matchPoll(method, host, target, body, byHost); ok {
				return m, true
			}
		}
	}
	return TaskMatch{}, false
}

// MatchPoll recognises a question after a task of this dialect, wherever it is sent.
func (d *TaskDialect) MatchPoll(method, host, target string, body []byte) (TaskMatch, bool) {
	if m, ok := d.matchPoll(method, host, target, body, true); ok {
		return m, true
	}
	return d.matchPoll(method, host, target, body, false)
}

func (d *TaskDialect) matchPoll(method, host, target string, body []byte, byHost bool) (TaskMatch, bool) {
	for i := range d.Poll {
		r := &d.Poll[i]
		m, ok := r.match(method, host, target)
		if !ok || byHost != (r.Host != "") {
			continue
		}
		switch {
		case r.IDIn != "":
			doc, _ := decodeJSON(body)
			m.ID = JSONText(doc, []string{r.IDIn})
		case r.ID != "":
			m.ID = expand(r.ID, m.Vars, false)
		default:
			m.ID = m.Vars["id"]
		}
		if m.ID != "" {
			m.Dialect = d
			return m, true
		}
	}
	return TaskMatch{}, false
}

// PickRoute takes the first route that host allows and whose captures vars holds; nil when there is none.
func PickRoute(routes []TaskRoute, host string, vars map[string]string) *TaskRoute {
next:
	for i := range routes {
		r := &routes[i]
		if !HostMatches(r.Host, host) {
			continue
		}
		for _, seg := range splitPath(r.Path) {
			_, capture, ok := strings.Cut(seg, "{")
			if !ok {
				continue
			}
			capture, _, _ = strings.Cut(capture, "}")
			name, alternatives, limited := strings.Cut(strings.TrimSuffix(capture, "..."), ":")
			v, has := vars[name]
			if !has || limited && !matchSegment("{x:"+alternatives+"}", v, map[string]string{}) {
				continue next
			}
		}
		return r
	}
	return nil
}

// URL fills in the route. base gives scheme and host; prefix and vars come from the match of the create,
// and vars holds "id" (or "file") besides. It is empty when an id has no safe place in a URL.
func (r *TaskRoute) URL(base, prefix string, vars map[string]string) string {
	for _, v := range vars {
		if !SafeTaskID(v) {
			return ""
		}
	}
	return strings.TrimSuffix(base, "/") + prefix + expand(r.Path, vars, true)
}

// Payload is the body to send with the route, nil for none.
func (r *TaskRoute) Payload(vars map[string]string) []byte {
	if r.Body == "" || !SafeTaskID(vars["id"]) {
		return nil
	}
	return []byte(expand(r.Body, vars, false))
}

// SafeTaskID reports whether an id that a provider gave may be put into a URL and a JSON string:
// no longer than 1,024 bytes, printable ASCII without quotes and backslashes, and no "." or ".." segment.
func SafeTaskID(id string) bool {
	if id == "" || len(id) > 1024 {
		return false
	}
	for _, c := range []byte(id) {
		if c <= ' ' || c >= 0x7f || c == '"' || c == '\\' {
			return false
		}
	}
	for _, s := range strings.Split(id, "/") {
		if s == "." || s == ".." {
			return false
		}
	}
	return true
}

func (r *TaskRoute) match(method, host, target string) (TaskMatch, bool) {
	if !strings.EqualFold(r.Method, method) || !HostMatches(r.Host, host) {
		return TaskMatch{}, false
	}
	p, query, _ := strings.Cut(target, "?")
	want, wantQuery, _ := strings.Cut(r.Path, "?")
	segs, pats := splitPath(p), splitPath(want)
	for from := 0; from+len(pats) <= len(segs); from++ {
		vars := map[string]string{}
		if !matchSegments(pats, segs[from:], vars) || !matchQuery(wantQuery, query, vars) {
			continue
		}
		m := TaskMatch{Vars: vars}
		if from > 0 {
			m.Prefix = "/" + strings.Join(segs[:from], "/")
		}
		return m, true
	}
	return TaskMatch{}, false
}

// HostMatches reports whether host, whose port does not count, fits the glob. An empty glob fits every host.
func HostMatches(glob, host string) bool {
	if glob == "" {
		return true
	}
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		host = host[:i]
	}
	ok, _ := path.Match(glob, strings.ToLower(host))
	return ok
}

func splitPath(p string) []string { return strings.Split(strings.Trim(p, "/"), "/") }

func matchSegments(pats, segs []string, vars map[string]string) bool {
	for i, pat := range pats {
		if name, ok := strings.CutSuffix(pat, "...}"); ok { // takes all but what the rest needs
			rest := pats[i+1:]
			n := len(segs) - len(rest)
			if n < 1 {
				return false
			}
			vars[name[1:]] = strings.Join(segs[:n], "/")
			pats, segs = rest, segs[n:]
			return matchSegments(pats, segs, vars)
		}
		if len(segs) == 0 || !matchSegment(pat, segs[0], vars) {
			return false
		}
		segs = segs[1:]
	}
	return len(segs) == 0
}

func matchSegment(pat, seg string, vars map[string]string) bool {
	if !strings.HasPrefix(pat, "{") {
		ok, _ := path.Match(pat, seg)
		return ok
	}
	name, suffix, _ := strings.Cut(pat[1:], "}")
	seg, ok := strings.CutSuffix(seg, suffix)
	if !ok || seg == "" {
		return false
	}
	name, alternatives, limited := strings.Cut(name, ":")
	if u, err := url.PathUnescape(seg); err == nil {
		seg = u
	}
	for _, a := range strings.Split(alternatives, "|") {
		if ok, _ := path.Match(a, seg); ok || !limited {
			vars[name] = seg
			return true
		}
	}
	return false
}

// matchQuery reads the captures of "a={x}&b={y}" out of a query; a key that is missing is no match.
func matchQuery(want, got string, vars map[string]string) bool {
	if want == "" {
		return true
	}
	values, _ := url.ParseQuery(got)
	for _, pair := range strings.Split(want, "&") {
		key, name, _ := strings.Cut(pair, "=")
		v := values.Get(key)
		if v == "" {
			return false
		}
		vars[strings.Trim(name, "{}")] = v
	}
	return true
}

// expand puts vars into the braces of a template, escaped for a URL when asked; {name...} keeps its slashes.
func expand(template string, vars map[string]string, escape bool) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(template, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		if strings.HasPrefix(rest, "\"") { // an object of a JSON template, not a capture
			b.WriteByte('{')
			template = rest
			continue
		}
		name, after, _ := strings.Cut(rest, "}")
		template = after
		name, many := strings.CutSuffix(name, "...")
		name, _, _ = strings.Cut(name, ":")
		v := vars[name]
		switch {
		case escape && many:
			parts := strings.Split(v, "/")
			for i := range parts {
				parts[i] = url.PathEscape(parts[i])
			}
			v = strings.Join(parts, "/")
		case escape && strings.Contains(b.String(), "?"):
			v = url.QueryEscape(v)
		case escape:
			v = url.PathEscape(v)
		}
		b.WriteString(v)
	}
}

// AskRoutes are the routes to poll with; [PickRoute] chooses among them.
func (d *TaskDialect) AskRoutes() []TaskRoute {
	if len(d.Ask) > 0 {
		return d.Ask
	}
	return d.Poll
}

// MatchContent recognises the request for a task's bytes where a provider serves them by the task's id.
func MatchContent(method, host, target string) (TaskMatch, bool) {
	path, _, _ := strings.Cut(target, "?")
	for _, d := range tasks {
		for i := range d.Content {
			r := &d.Content[i]
			if m, ok := r.match(method, host, path); ok && m.Vars["id"] != "" {
				m.Dialect, m.ID = d, m.Vars["id"]
				return m, true
			}
		}
	}
	return TaskMatch{}, false
}

// MayPoll reports whether a request is a poll whose id stands in its body.
func MayPoll(method, host, path string) bool {
	for _, d := range tasks {
		for i := range d.Poll {
			r := &d.Poll[i]
			if _, ok := r.match(method, host, path); ok && r.IDIn != "" {
				return true
			}
		}
	}
	return false
}
