package capture

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/tidwall/gjson"

	telltale "github.com/telltale-ai/telltale"
)

// looksNode reports whether the error that begins on line l is one that Node printed: a stack of "at" lines
// or a dump of its members follows.
func (s *scanner) looksNode(l Span) bool {
	if bytes.HasSuffix(s.text(l), []byte(" {")) {
		return true
	}
	pos := next(s.src, l)
	for range 40 {
		if pos >= len(s.src) {
			return false
		}
		n := s.line(pos)
		t := bytes.TrimSpace(s.text(n))
		if bytes.HasPrefix(t, []byte("at ")) {
			return true
		}
		if connector(t) || s.boundary(n) {
			return false
		}
		pos = next(s.src, n)
	}
	return false
}

// dump is an error of Node as JSON, with the way back to the source.
type dump struct {
	s   *scanner
	doc string
	m   Map
}

// readNode takes an error as util.inspect shows it.
func (s *scanner) readNode(pos int, class string) (end int, ok bool) {
	b, end, ok := s.literal(pos)
	if !ok {
		return pos, false
	}
	d := dump{s, string(b.body), b.m}
	it, ok := d.item(gjson.Parse(d.doc), class)
	if !ok {
		return pos, false
	}
	it.At = Span{pos, end}
	if it.Format == "" {
		it.Format = "Node error"
	}
	s.addFailure(it)
	return s.restOfLine(end), true
}

// item makes an exchange of an error: of its own members, or of those of the error it wraps.
func (d dump) item(v gjson.Result, class string) (Item, bool) {
	p := v.Get("properties")
	for _, inner := range [...]gjson.Result{p.Get("lastError"), lastOf(p.Get("errors"))} {
		if inner.Get("name").Exists() {
			if it, ok := d.item(inner, inner.Get("name").Str); ok {
				return it, true
			}
		}
	}
	it := Item{Name: clean(first(p, "url", "config.url").Str)}
	it.Request.URL = it.Name
	it.Request.Method = strings.ToUpper(first(p, "method", "config.method").Str)
	it.Request.Provider = providerOf(class)
	status := first(p, "response.status", "response.statusCode", "statusCode", "status")
	h, spans := d.headers(first(p, "response.headers", "responseHeaders", "headers"))
	r := &telltale.Response{Status: int(status.Int()), Header: h}
	it.Header = spans
	if status.Type == gjson.Number {
		it.Status = d.span(status)
	}
	if q := p.Get("requestBodyValues"); q.IsObject() {
		it.Request.Body = []byte(q.Raw)
	}
	body := first(p, "responseBody", "response.data", "error", "data")
	if strings.Contains(body.Raw, `"[Object]"`) && r.Status != 0 { // the dump was cut at its depth
		it.Notes = append(it.Notes, "the dump stops before the body: print the error's response data as JSON")
		r.Partial, it.Response = true, r
		return it, true
	}
	switch {
	case body.Type == gjson.String && body.Str != "":
		u := unquote([]byte(d.doc), Span{body.Index, body.Index + len(body.Raw)})
		r.Body, it.Body = u.body, d.back(u.m)
	case body.IsObject() && (body.Get("error").Exists() || body.Get("type").Str == "error" || p.Get("response.data").Exists()):
		r.Body, it.Body = []byte(body.Raw), d.back(whole(Span{body.Index, body.Index + len(body.Raw)}))
	case body.IsObject() && len(body.Raw) > 2: // openai-node keeps what stood inside "error"
		b := &builder{src: []byte(d.doc)}
		b.add(`{"error":`)
		b.take(Span{body.Index, body.Index + len(body.Raw)})
		b.add("}")
		r.Body, it.Body = b.body, d.back(b.m)
	default:
		return d.message(it, r, v, class)
	}
	it.Response = r
	return it, true
}

// message makes an exchange of an error's own words.
func (d dump) message(it Item, r *telltale.Response, v gjson.Result, class string) (Item, bool) {
	text := v.Get("message")
	sp, ok := d.back(whole(Span{text.Index + 1, text.Index + max(len(text.Raw)-1, 1)})).Span(0, max(len(text.Raw)-2, 1))
	if r.Status == 0 {
		if told := d.causes(v); told != "" && transportClass(class, told) {
			it.Err = errors.New(told)
			it.Body = d.back(whole(Span{text.Index + 1, text.Index + len(text.Raw) - 1}))
			return it, true
		}
	}
	if !ok {
		return it, false
	}
	found, _, ok := d.s.failure(sp)
	if !ok {
		if r.Status == 0 {
			return it, false
		}
		it.Response = r
		d.s.errorBody(&it, sp)
		return it, true
	}
	if found.Response == nil {
		it.Err = found.Err
		return it, found.Err != nil
	}
	if r.Status != 0 {
		found.Response.Status, found.Status = r.Status, it.Status
	}
	found.Response.Header, found.Header = r.Header, it.Header
	mergeRequest(&found.Request, it.Request)
	found.Format = ""
	return found, true
}

// causes joins the words of an error with those of what caused it.
func (d dump) causes(v gjson.Result) string {
	var parts []string
	for range 8 {
		if !v.Exists() {
			break
		}
		part := v.Get("name").Str + ": " + v.Get("message").Str
		if c := first(v, "properties.code", "code"); c.Type == gjson.String {
			part += " (" + c.Str + ")"
		}
		if part != ": " {
			parts = append(parts, part)
		}
		v = first(v, "properties.cause", "cause")
	}
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return fmt.Sprintf("%s, caused by %s", parts[0], strings.Join(parts[1:], ", caused by "))
}

// transportClass reports whether an error without a status says that no response came.
func transportClass(class, told string) bool {
	if n, ok := classStatus[lastName(class)]; ok && n == 0 {
		return true
	}
	return saysTransport([]byte(told))
}

func (d dump) headers(v gjson.Result) (map[string][]string, map[string]Span) {
	if !v.IsObject() {
		return nil, nil
	}
	h, spans := map[string][]string{}, map[string]Span{}
	v.ForEach(func(k, e gjson.Result) bool {
		name := canonical(k.Str)
		h[name] = append(h[name], e.String())
		spans[strings.ToLower(k.Str)] = d.span(e)
		return true
	})
	return h, spans
}

// span tells where r stands in the source.
func (d dump) span(r gjson.Result) Span {
	sp, _ := d.m.Span(r.Index, r.Index+len(r.Raw))
	if n := len(d.s.text(sp)); r.Type == gjson.String && n > 1 && d.s.src[sp.Start] == '\'' {
		return Span{sp.Start + 1, sp.End}
	}
	return sp
}

// back turns a map into the dump into one into the source.
func (d dump) back(m Map) Map { return m.through(d.m) }

func lastOf(v gjson.Result) gjson.Result {
	if a := v.Array(); v.IsArray() && len(a) > 0 {
		return a[len(a)-1]
	}
	return gjson.Result{}
}

// clean drops a URL that is no URL.
func clean(u string) string {
	if strings.HasPrefix(u, "http") || strings.HasPrefix(u, "/") {
		return u
	}
	return ""
}
