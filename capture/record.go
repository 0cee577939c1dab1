package capture

import (
	"errors"
	"net/http"
	"strings"

	"github.com/tidwall/gjson"

	telltale "github.com/telltale-ai/telltale"
)

// The names under which loggers and recorders keep the parts of an exchange.
var (
	statusKeys  = []string{"status", "status_code", "statusCode", "http_status", "httpStatus", "response.status", "response.statusCode", "response.status_code", "res.statusCode", "res.status", "http.response.status_code", "response_status"}
	bodyKeys    = []string{"body", "response_body", "responseBody", "response.body.content", "response.body", "response.data", "response.text", "response.content", "res.body", "res.data", "http.response.body.content", "resp_body", "response_text"}
	headerKeys  = []string{"headers", "response_headers", "responseHeaders", "response.headers", "res.headers"}
	requestKeys = []string{"request.body.content", "request.body", "request_body", "requestBody", "req.body", "http.request.body.content", "request.json", "request.data", "requestBodyValues"}
	urlKeys     = []string{"url", "request.url", "request.uri", "request_url", "req.url", "uri", "url.full"}
	methodKeys  = []string{"method", "request.method", "req.method", "http.request.method"}
)

// record takes an object that holds a whole exchange: a line of the project's own format, or a logger's.
func (d document) record(v gjson.Result) bool {
	status := first(v, statusKeys...)
	body := first(v, bodyKeys...)
	if status.Type != gjson.Number && !(status.Type == gjson.String && status.Int() >= 100) {
		return false
	}
	if r := v.Get("response"); !body.Exists() && r.Exists() && v.Get("status").Type == gjson.Number {
		body = r
	}
	if !body.Exists() || status.Int() < 0 || status.Int() > 999 {
		return false
	}
	it := Item{Format: "recorded exchange", ID: v.Get("id").String(), At: d.span(v), Status: d.span(status)}
	text, m := d.content(body)
	it.Request = d.request(v)
	it.Name = name(it.Request)
	if status.Int() == 0 {
		it.Err, it.Body = errors.New(string(text)), m
	} else {
		it.Response = &telltale.Response{Status: int(status.Int()), Body: text}
		it.Response.Header, it.Header = d.headerObject(first(v, headerKeys...))
		it.Body = m
		d.s.inflate(&it)
	}
	d.s.add(it)
	return true
}

// content gives a body that stands in a record as a string or as JSON.
func (d document) content(r gjson.Result) ([]byte, Map) {
	sp := d.span(r)
	if r.Type == gjson.String {
		b := unquote(d.s.src, sp)
		return b.body, b.m
	}
	return d.s.text(sp), whole(sp)
}

// request reads what a record says of the request.
func (d document) request(v gjson.Result) telltale.Request {
	r := telltale.Request{
		Provider: v.Get("provider").Str,
		Surface:  telltale.Surface(v.Get("surface").Str),
		URL:      first(v, urlKeys...).Str,
		Method:   first(v, methodKeys...).Str,
	}
	body := first(v, requestKeys...)
	if q := v.Get("request"); !body.Exists() && q.Exists() && !q.Get("url").Exists() && !q.Get("method").Exists() {
		body = q
	}
	if body.Exists() && body.Type != gjson.Null {
		r.Body, _ = d.content(body)
	}
	r.Header, _ = d.headerObject(first(v, "request.headers", "request_headers", "requestHeaders", "req.headers"))
	return r
}

// headerObject reads headers: an object of strings or lists, or a list of {"name","value"} or [name, value].
func (d document) headerObject(v gjson.Result) (http.Header, map[string]Span) {
	if !v.IsObject() && !v.IsArray() {
		return nil, nil
	}
	h, spans := http.Header{}, map[string]Span{}
	add := func(k string, v gjson.Result) {
		if k == "" || len(k) > 200 {
			return
		}
		h.Add(k, v.String())
		if _, seen := spans[strings.ToLower(k)]; !seen && v.Raw != "" {
			spans[strings.ToLower(k)] = d.span(v)
		}
	}
	v.ForEach(func(k, e gjson.Result) bool {
		switch {
		case e.IsArray() && v.IsArray():
			add(e.Get("0").Str, e.Get("1"))
		case e.IsObject():
			add(e.Get("name").Str, e.Get("value"))
		case e.IsArray():
			e.ForEach(func(_, one gjson.Result) bool { add(k.Str, one); return true })
		default:
			add(k.Str, e)
		}
		return true
	})
	return h, spans
}
