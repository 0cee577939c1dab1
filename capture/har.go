package capture

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	telltale "github.com/telltale-ai/telltale"
)

// har takes an HTTP archive (http://www.softwareishard.com/blog/har-12-spec/), as browsers and SDKs' recorders
// write it. Entries that are no API calls (pages, scripts, pictures that a browser loaded) are left out
// when others are.
func (d document) har() bool {
	entries := gjson.Get(d.doc, "log.entries")
	if !entries.IsArray() {
		entries = gjson.Get(d.doc, "entries")
		if !entries.IsArray() || !gjson.Get(d.doc, "entries.0.request").IsObject() {
			return false
		}
	}
	var api, other []Item
	n := 0
	entries.ForEach(func(_, e gjson.Result) bool {
		n++
		if !e.Get("request").IsObject() || e.Get("request.method").Str == "OPTIONS" {
			return true
		}
		it := d.entry(e)
		if isAPICall(&it) {
			api = append(api, it)
		} else {
			other = append(other, it)
		}
		return true
	})
	keep := api
	if len(keep) == 0 {
		keep = other
	}
	if left := n - len(keep); left > 0 && len(keep) > 0 {
		keep[len(keep)-1].Notes = append(keep[len(keep)-1].Notes, fmt.Sprintf("%d entries of the archive that are no API calls were left out", left))
	}
	d.s.items = append(d.s.items, keep...)
	return true
}

// entry reads one entry of an archive.
func (d document) entry(e gjson.Result) Item {
	q, r := e.Get("request"), e.Get("response")
	it := Item{Format: "HAR entry", At: d.span(e)}
	it.Request = telltale.Request{Method: q.Get("method").Str, URL: q.Get("url").Str}
	it.Request.Header, _ = d.headerObject(q.Get("headers"))
	if p := q.Get("postData.text"); p.Type == gjson.String {
		it.Request.Body = unquote(d.s.src, d.span(p)).body
	}
	it.Name = name(it.Request)
	it.Start, _ = time.Parse(time.RFC3339Nano, e.Get("startedDateTime").Str)
	if ms := e.Get("time").Float(); ms > 0 && ms < 1e12 {
		it.Elapsed = time.Duration(ms * float64(time.Millisecond))
	}
	status := r.Get("status")
	if status.Int() <= 0 {
		what := first(r, "_error", "statusText", "_transferError")
		text := what.Str
		if text == "" {
			text = "the archive holds no response (the browser could not send the request, or was not allowed to read the answer)"
		} else {
			sp := d.span(what)
			it.Body = whole(Span{sp.Start + 1, sp.End - 1})
		}
		it.Err = errors.New(text)
		return it
	}
	res := &telltale.Response{Status: int(status.Int())}
	res.Header, it.Header = d.headerObject(r.Get("headers"))
	it.Status = d.span(status)
	content := r.Get("content")
	text := content.Get("text")
	switch {
	case text.Type != gjson.String && content.Get("size").Int() != 0:
		res.Partial = true
		it.Notes = append(it.Notes, "the archive holds no body: save it with content")
	case strings.EqualFold(content.Get("encoding").Str, "base64"):
		raw, err := base64.StdEncoding.DecodeString(text.Str)
		if err != nil {
			it.Notes = append(it.Notes, "the body in the archive is not the base64 that it says")
			res.Partial = true
		}
		res.Body = raw
	case text.Type == gjson.String:
		u := unquote(d.s.src, d.span(text))
		res.Body, it.Body = u.body, u.m
	}
	if res.Header != nil {
		res.Header.Del("Content-Encoding") // the archive holds the body decoded
	}
	if mime := content.Get("mimeType").Str; mime != "" && res.Header.Get("Content-Type") == "" {
		if res.Header == nil {
			res.Header = map[string][]string{}
		}
		res.Header.Set("Content-Type", mime)
	}
	it.Response = res
	if what := first(r, "_error", "_transferError"); what.Str != "" {
		it.Err = errors.New(what.Str)
	}
	return it
}

// isAPICall tells the calls of an API from what else a browser loads.
func isAPICall(it *Item) bool {
	for _, h := range []string{kind(it.Request.Header.Get("Content-Type")), responseKind(it)} {
		if h != "" {
			return true
		}
	}
	for _, p := range [...]string{"/v1/", "/v1beta/", "/v2/", "/api/", "/openai/", "/chat/completions", ":generateContent", ":streamGenerateContent"} {
		if strings.Contains(it.Request.URL, p) {
			return true
		}
	}
	return false
}

func responseKind(it *Item) string {
	if it.Response == nil {
		return ""
	}
	return kind(it.Response.Header.Get("Content-Type"))
}

// kind keeps the content types that APIs speak.
func kind(contentType string) string {
	for _, k := range [...]string{"json", "event-stream", "ndjson"} {
		if strings.Contains(contentType, k) {
			return k
		}
	}
	return ""
}
