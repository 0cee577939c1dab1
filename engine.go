package telltale

import (
	"net/http"
	"strings"
	"sync"

	"github.com/telltale-ai/telltale/catalog"
)

// engine is a catalogue made ready to judge with.
type engine struct {
	set       catalog.Set
	tree      *node
	m         *matcher
	finishes  map[string]*catalog.Finish
	statuses  map[int][]catalog.StatusRule
	providers map[string]*catalog.Provider // by folded ID and alias
	hosts     map[string]*catalog.Provider
	headers   map[string][]headerMark // by lower-case name
	prefixes  []headerMark            // names that end in "-"
	bodies    *matcher                // marks in bodies
}

type headerMark struct {
	name, start string
	p           *catalog.Provider
}

func newEngine(set catalog.Set) *engine {
	e := &engine{
		set: set, tree: growTree(set.Dialects), m: newMatcher(&set),
		finishes: map[string]*catalog.Finish{}, statuses: map[int][]catalog.StatusRule{},
		providers: map[string]*catalog.Provider{}, hosts: map[string]*catalog.Provider{}, headers: map[string][]headerMark{},
	}
	for i := range set.Finishes {
		e.finishes[foldCode(set.Finishes[i].Word)] = &set.Finishes[i]
	}
	for _, s := range set.Statuses {
		e.statuses[s.Status] = append(e.statuses[s.Status], s)
	}
	marks := catalog.Set{}
	for i := range set.Providers {
		p := &set.Providers[i]
		e.providers[strings.ToLower(p.ID)] = p
		for _, a := range p.Aliases {
			e.providers[strings.ToLower(a)] = p
		}
		for _, h := range p.Hosts {
			e.hosts[h] = p
		}
		for _, h := range p.Headers {
			name, start, _ := strings.Cut(h, ": ")
			if strings.HasSuffix(name, "-") {
				e.prefixes = append(e.prefixes, headerMark{name: name, p: p})
			} else {
				e.headers[name] = append(e.headers[name], headerMark{name: name, start: strings.ToLower(start), p: p})
			}
		}
		if len(p.Body) > 0 {
			s := catalog.Signature{ID: p.ID}
			for _, b := range p.Body {
				s.Text = append(s.Text, strings.ToLower(b))
			}
			marks.Signatures = append(marks.Signatures, s)
		}
	}
	e.bodies = newMatcher(&marks)
	return e
}

var builtin = sync.OnceValue(func() *engine { return newEngine(catalog.Builtin()) })

// provider finds out who answered: by the caller's hint, the host, the headers.
func (e *engine) provider(x *Exchange) *catalog.Provider {
	if h := x.Request.Provider; h != "" {
		if p := e.providers[h]; p != nil {
			return p
		}
		if p := e.providers[strings.ToLower(h)]; p != nil {
			return p
		}
	}
	if x.Request.URL != "" {
		if p := e.byHost(hostOf(x.Request.URL)); p != nil {
			return p
		}
	}
	if x.Response != nil && len(x.Response.Header) > 0 {
		return e.byHeader(x.Response.Header)
	}
	return nil
}

func (e *engine) byHost(host string) *catalog.Provider {
	for h := host; h != ""; {
		if p := e.hosts[h]; p != nil {
			return p
		}
		_, rest, ok := strings.Cut(h, ".")
		if !ok {
			return nil
		}
		h = rest
	}
	return nil
}

// hostOf cuts the host name out of a URL.
func hostOf(u string) string {
	if _, rest, ok := strings.Cut(u, "://"); ok {
		u = rest
	}
	if k := strings.IndexAny(u, "/?#"); k >= 0 {
		u = u[:k]
	}
	if k := strings.LastIndexByte(u, '@'); k >= 0 {
		u = u[k+1:]
	}
	if k := strings.LastIndexByte(u, ':'); k >= 0 && !strings.HasSuffix(u, "]") {
		u = u[:k]
	}
	return strings.ToLower(u)
}

func (e *engine) byHeader(h http.Header) *catalog.Provider {
	var best *catalog.Provider
	for name, values := range h {
		var buf [64]byte
		low := lowerInto(buf[:0], name)
		for _, m := range e.headers[string(low)] {
			if m.start != "" && (len(values) == 0 || !strings.HasPrefix(strings.ToLower(values[0]), m.start)) {
				continue
			}
			if best == nil || m.p.ID < best.ID {
				best = m.p
			}
		}
		for _, m := range e.prefixes {
			if strings.HasPrefix(string(low), m.name) && (best == nil || m.p.ID < best.ID) {
				best = m.p
			}
		}
	}
	return best
}

func lowerInto(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}

// byBody finds a provider by marks in an error body.
func (e *engine) byBody(body []byte) *catalog.Provider {
	if len(body) > 4<<10 {
		body = body[:4<<10]
	}
	var store [32]hit
	hits := e.bodies.find(store[:0], appendFolded(nil, view(body)))
	best := ""
	length := 0
	for _, h := range hits {
		for _, p := range e.bodies.ends[h.lit] {
			if id := e.bodies.sigs[p.sig].ID; p.length > length || p.length == length && id < best {
				best, length = id, p.length
			}
		}
	}
	return e.providers[best]
}

// surface finds out what kind of operation was called.
func surfaceOf(x *Exchange) Surface {
	if x.Request.Surface != "" {
		return x.Request.Surface
	}
	u := x.Request.URL
	if u == "" {
		return ""
	}
	if _, rest, ok := strings.Cut(u, "://"); ok {
		u = rest
	}
	if k := strings.IndexByte(u, '/'); k >= 0 {
		u = u[k:]
	} else {
		return ""
	}
	if k := strings.IndexAny(u, "?#"); k >= 0 {
		u = u[:k]
	}
	u = strings.TrimSuffix(u, "/")
	get := x.Request.Method == http.MethodGet
	has := func(s string) bool { return strings.Contains(u, s) }
	ends := func(s string) bool { return strings.HasSuffix(u, s) }
	switch {
	case ends("/chat/completions"), ends("/completions"), ends("/api/chat"), ends("/api/generate"), ends("/v2/chat"), ends("/v1/chat"), has("/text-generation/generation"):
		return Chat
	case ends("/messages") && has("/v1"):
		return Messages
	case has(":generateContent"), has(":streamGenerateContent"):
		return GenerateContent
	case ends("/converse"), ends("/converse-stream"):
		return Converse
	case ends("/embeddings"), ends("/embed"), ends("/api/embed"), has(":embedContent"), has(":batchEmbedContents"):
		return Embeddings
	case ends("/images/generations"), ends("/images/edits"), ends("/images/variations"), ends("/image_generation"):
		return Images
	case ends("/responses"), has("/responses/") && !ends("/input_items") && !ends("/input_tokens"):
		if has("/responses/") && !get && !ends("/cancel") {
			return ""
		}
		return Responses
	case ends("/models"), has("/models/") && get && !has(":"):
		return Models
	case has("/videos") || has("/video/") || has("/video_generation") || has(":predictLongRunning") || has("/generations/tasks") || has("/contents/generations") || has("text2video") || has("image2video"):
		if ends("/content") {
			return MediaDownload
		}
		if get || has(":fetchPredictOperation") || ends("/status") {
			return VideoPoll
		}
		return VideoCreate
	}
	return ""
}
