package telltale

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// layer is one error as somebody wrote it: the outermost is the body's own, a deeper one stood in a string of it.
type layer struct {
	depth   int
	words   []word // short words of code-like fields
	text    []byte // all sentences, folded for matching
	segs    []seg  // where each sentence stands
	msg     seg    // the best sentence
	msgRank int
	param   string
	paramAt string
	status  int    // an HTTP status written in the body
	id      string // request id
	waits   []seg  // fields that state a wait
	errish  bool   // a field of an error was seen
}

type word struct {
	path, key, value string
}

type seg struct {
	path, text string
	at         int // where it begins in layer.text
}

const (
	maxLayers    = 8
	maxLayerText = 12 << 10
	maxNest      = 24
	maxWalked    = 256 << 10 // bytes of a body
)

// walker takes an error apart, innermost layers included. It reads JSON leniently: cut, with single quotes as
// Python prints it, or with something glued to it.
type walker struct {
	layers []layer
	steps  int
	m      *matcher // whose codes need not be read as words
}

// walkBody reads a whole error body, whatever it is.
func walkBody(m *matcher, body []byte, where string) *walker {
	w := &walker{m: m}
	w.body(body[:min(len(body), maxWalked)], where)
	return w
}

// walkers holds walkers that were released: empty, with the room that they had.
var walkers = sync.Pool{New: func() any { return new(walker) }}

// release gives w back; nothing may look at its layers any more.
func (w *walker) release() {
	if len(w.layers) > maxLayers {
		return
	}
	all := w.layers[:cap(w.layers)]
	for i := range all {
		all[i].empty()
	}
	*w = walker{layers: all[:0]}
	walkers.Put(w)
}

// empty makes a layer new but for its room.
func (l *layer) empty() {
	clear(l.words)
	clear(l.segs)
	clear(l.waits)
	*l = layer{words: l.words[:0], text: l.text[:0], segs: l.segs[:0], waits: l.waits[:0]}
}

func (w *walker) body(body []byte, where string) {
	b := bytes.TrimLeft(body, " \t\r\n\x00\xef\xbb\xbf")
	if len(b) == 0 {
		return
	}
	if b[0] == '{' || b[0] == '[' {
		l := w.newLayer(0)
		s := lenient{b: b}
		w.value(&s, where, "", l, 0)
		rest := b[min(s.i, len(b)):]
		w.frames(rest, where)
		return
	}
	if bytes.HasPrefix(b, []byte("data:")) || bytes.HasPrefix(b, []byte("event:")) || bytes.HasPrefix(b, []byte("id:")) || bytes.Contains(b, []byte("\ndata:")) {
		w.frames(b, where)
		return
	}
	l := w.newLayer(0)
	w.sentence(string(b[:min(len(b), 16<<10)]), where, "message", l, 0)
}

// frames reads the data of event-stream frames, each as a layer of its own.
func (w *walker) frames(b []byte, where string) {
	for len(b) > 0 && len(w.layers) < maxLayers {
		var line []byte
		if k := bytes.IndexByte(b, '\n'); k >= 0 {
			line, b = b[:k], b[k+1:]
		} else {
			line, b = b, nil
		}
		line = bytes.TrimSpace(line)
		for _, field := range []string{"data:", "error:"} {
			if rest, ok := bytes.CutPrefix(line, []byte(field)); ok {
				rest = bytes.TrimSpace(rest)
				if len(rest) > 0 && (rest[0] == '{' || rest[0] == '[') {
					l := w.newLayer(0)
					s := lenient{b: rest}
					w.value(&s, where, "", l, 0)
				}
			}
		}
	}
}

func (w *walker) newLayer(depth int) int {
	if w.layers == nil {
		w.layers = make([]layer, 0, 2)
	}
	n := len(w.layers)
	if n == cap(w.layers) {
		w.layers = append(w.layers, layer{})
	} else {
		w.layers = w.layers[:n+1]
		w.layers[n].empty()
	}
	w.layers[n].depth = depth
	return n
}

// value reads one value at s into layer l.
func (w *walker) value(s *lenient, path, key string, l, nest int) {
	w.steps++
	s.space()
	if s.i >= len(s.b) || nest > maxNest || w.steps > 2000 {
		s.i = len(s.b)
		return
	}
	if q := s.quote(); q != 0 {
		w.sentence(s.str(q), path, key, l, nest)
		return
	}
	switch s.b[s.i] {
	case '{':
		s.i++
		for {
			s.space()
			if s.i >= len(s.b) {
				return
			}
			if s.b[s.i] == '}' {
				s.i++
				return
			}
			if s.b[s.i] == ',' {
				s.i++
				continue
			}
			q := s.quote()
			if q == 0 {
				s.i = len(s.b)
				return
			}
			k := s.str(q)
			s.space()
			if s.i >= len(s.b) || s.b[s.i] != ':' {
				s.i = len(s.b)
				return
			}
			s.i++
			if quiet[k] && key != "errors" {
				w.skim(s, nest)
				continue
			}
			w.value(s, join(path, k), k, l, nest+1)
		}
	case '[', '(':
		s.i++
		var loc []string
		for i := 0; ; i++ {
			s.space()
			if s.i >= len(s.b) {
				return
			}
			if s.b[s.i] == ']' || s.b[s.i] == ')' {
				s.i++
				break
			}
			if s.b[s.i] == ',' {
				s.i++
				i--
				continue
			}
			if key == "loc" || key == "path" {
				if q := s.quote(); q != 0 {
					loc = append(loc, s.str(q))
				} else {
					loc = append(loc, s.bare())
				}
				continue
			}
			if i >= 16 {
				w.skim(s, nest)
				continue
			}
			before := s.i
			w.value(s, path+"["+strconv.Itoa(i)+"]", key, l, nest+1)
			if s.i == before {
				s.i = len(s.b)
			}
		}
		if len(loc) > 0 && (loc[0] == "body" || loc[0] == "query") {
			loc = loc[1:]
		}
		if len(loc) > 0 && w.layers[l].param == "" {
			w.layers[l].param, w.layers[l].paramAt = strings.Join(loc, "."), path
		}
	default:
		w.bareValue(s.bare(), path, key, l)
	}
}

// skim steps over a value without reading it.
func (w *walker) skim(s *lenient, nest int) {
	s.space()
	if q := s.quote(); q != 0 {
		s.str(q)
		return
	}
	if s.i < len(s.b) && (s.b[s.i] == '{' || s.b[s.i] == '[') {
		depth := 0
		for s.i < len(s.b) {
			if q := s.quote(); q != 0 {
				s.str(q)
				continue
			}
			switch s.b[s.i] {
			case '{', '[':
				depth++
			case '}', ']':
				depth--
			}
			s.i++
			if depth == 0 {
				return
			}
		}
		return
	}
	s.bare()
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func (w *walker) bareValue(v, path, key string, l int) {
	L := &w.layers[l]
	low := strings.ToLower(key)
	switch {
	case low == "retry_after" || low == "retryafter" || low == "retry_after_seconds" || low == "estimated_time" || low == "retry_after_ms" || low == "retryafterms" || low == "expectedqueuedelayinms":
		L.waits = append(L.waits, seg{path: path, text: low + "=" + v})
	case codeKeys[low]:
		if v != "null" && v != "None" && v != "true" && v != "false" {
			L.words = append(L.words, word{path, low, v})
			L.errish = true
			if n := statusIn(v); n != 0 && L.status == 0 {
				L.status = n
			}
		}
	case low == "http_status_code" || low == "raw_status_code" || low == "http_code" || low == "httpcode" || low == "http_status":
		if n := statusIn(v); n != 0 {
			L.status = n
		}
	}
}

// sentence takes a string: a code, a sentence, or a further error in disguise.
func (w *walker) sentence(v, path, key string, l, nest int) {
	if v == "" {
		return
	}
	low := strings.ToLower(key)
	L := &w.layers[l]
	if L.param == "" && strings.HasSuffix(path, "."+key+"[0]") && looksLikeParam(key) && (strings.HasSuffix(path, "errors."+key+"[0]") || strings.HasSuffix(path, "detail."+key+"[0]")) {
		L.param, L.paramAt = key, path // {"errors": {"prompt": ["may not be blank"]}}
	}
	switch low {
	case "param", "parameter", "param_name", "field", "parameter_name", "location", "invalid_param":
		if goodParam(v) && L.param == "" {
			L.param, L.paramAt = v, path
		} else if n := statusIn(v); n != 0 {
			L.status = n
		}
		return
	case "request_id", "requestid", "req_id", "trace_id", "x-request-id", "log_id", "tid":
		if L.id == "" {
			L.id = v
		}
		return
	case "id", "object", "@type", "domain", "locale", "lang", "service", "link", "help_url", "doc_url":
		if low == "object" && v == "error" {
			L.errish = true
		}
		if low == "id" && strings.HasPrefix(v, "req") && L.id == "" {
			L.id = v
		}
		return
	case "quotaid", "quota_limit_value", "quota_limit", "quotametric", "quotavalue":
		w.addText(L, low+": "+v, path, 0)
		return
	case "retrydelay", "retry_after", "retryafter", "x-ratelimit-reset", "retry-after", "estimated_time":
		L.waits = append(L.waits, seg{path: path, text: low + "=" + v})
		return
	case "x-ratelimit-limit", "x-ratelimit-remaining":
		return
	}
	if nest < maxNest && len(w.layers) < maxLayers {
		if from, escaped, ok := embedded(v); ok {
			s := lenient{b: []byte(v[from:]), escaped: escaped}
			depth := L.depth + 1
			in := w.newLayer(depth)
			w.value(&s, path, "", in, nest+1)
			if w.layers[in].errish || len(w.layers[in].text) > 0 {
				rest := ""
				if s.i < len(s.b) {
					rest = string(s.b[s.i:])
				}
				v = strings.TrimSpace(v[:from] + " " + rest)
			} else if in == len(w.layers)-1 {
				w.layers = w.layers[:in]
			}
			L = &w.layers[l]
			if v == "" {
				return
			}
		}
	}
	if codeKeys[low] && len(v) <= 100 && !strings.ContainsAny(v, " \t\n") {
		L.errish = true
		if v != "None" && v != "null" {
			L.words = append(L.words, word{path, low, v})
			if n := statusIn(v); n != 0 && L.status == 0 {
				L.status = n
			}
		}
		if w.m == nil || len(w.m.codes[foldCode(v)]) == 0 {
			w.addText(L, unCamel(v), path, 0)
			if strings.Contains(v, "::") { // net::ERR_CONNECTION_RESET
				w.addText(L, v, path, 0)
			}
		}
		if sentenceRank(key) > 1 && L.msgRank == 0 {
			L.msg, L.msgRank = seg{path: path, text: v}, 1
		}
		return
	}
	r := sentenceRank(key)
	if r > 1 {
		L.errish = true
	} else if !strings.Contains(v, " ") && isASCII(v) {
		return
	}
	w.addText(L, v, path, r)
}

func (w *walker) addText(L *layer, v, path string, rank int) {
	if len(L.text) > maxLayerText {
		return
	}
	if len(v) > 6<<10 {
		v = v[:6<<10]
	}
	L.segs = append(L.segs, seg{path: path, text: v, at: len(L.text)})
	L.text = appendFolded(slices.Grow(L.text, len(v)+40), v)
	L.text = append(L.text, '\n')
	if rank > L.msgRank {
		L.msg, L.msgRank = seg{path: path, text: v}, rank
	}
}
