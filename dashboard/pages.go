package dashboard

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/record"
)

//go:embed page
var files embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"moment":  func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") },
	"exactly": func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) },
	"took":    took,
	"title": func(c fault.Cause) string {
		if i, ok := fault.Lookup(c); ok {
			return i.Title
		}
		return string(c)
	},
	"inc": func(n int) int { return n + 1 },
}).ParseFS(files, "page/*.html"))

func took(m record.Millis) string {
	d := time.Duration(m)
	switch {
	case d >= 10*time.Second:
		return d.Round(100 * time.Millisecond).String()
	case d >= 100*time.Millisecond:
		return d.Round(time.Millisecond).String()
	}
	return d.Round(10 * time.Microsecond).String()
}

// asset serves a file of the page directory.
func asset(name, contentType string) http.Handler {
	b, err := files.ReadFile("page/" + name)
	if err != nil {
		panic(err) // it is embedded
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(b)
	})
}

// render writes a page, whole or not at all.
func render(w http.ResponseWriter, status int, name string, data any) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, data); err != nil {
		fail(w, http.StatusInternalServerError, "the page cannot be made: "+err.Error(), "the JSON under /telltale/api/ says the same")
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

// listPage is what calls.html shows.
type listPage struct {
	Calls   []record.Entry
	Query   url.Values // the filters as they were asked for
	Error   string
	Older   template.URL // the next page; empty at the end
	Live    string       // where new calls are told; empty on older pages
	Classes []fault.Class
	Causes  []fault.Info
}

func (d *Dashboard) pageCalls(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	q.Del("wrong")
	for name, v := range q {
		if len(v) == 0 || v[0] == "" {
			delete(q, name) // a form sends its empty fields too
		}
	}
	p := listPage{Query: q, Classes: fault.Classes(), Causes: fault.All()}
	status := http.StatusOK
	f, err := filter(q, time.Now())
	if err == nil {
		d.fresh(r.Context())
		var page record.Page
		page, err = d.Store.List(r.Context(), f)
		p.Calls = page.Calls
		if page.Next != "" {
			older := url.Values{}
			for k, v := range q {
				older[k] = slices.Clone(v)
			}
			older.Set("cursor", page.Next)
			p.Older = template.URL("/telltale/?" + older.Encode())
		}
	}
	if err != nil {
		var hint string
		status, p.Error, hint = describe(err)
		p.Error += " — " + hint
	}
	if d.Recorder != nil && !q.Has("cursor") {
		live := url.Values{}
		for _, k := range []string{"class", "cause", "upstream", "model"} {
			if q.Has(k) {
				live.Set(k, q.Get(k))
			}
		}
		p.Live = "/telltale/api/tail?" + live.Encode()
	}
	render(w, status, "calls.html", p)
}

// callPage is what call.html shows.
type callPage struct {
	record.Entry
	Shown []attemptView
}

// attemptView is an attempt with its texts, in which the evidence is marked.
type attemptView struct {
	record.Attempt
	Judged   record.Verdict
	Received []piece
}

func (d *Dashboard) pageCall(w http.ResponseWriter, r *http.Request) {
	d.fresh(r.Context())
	e, err := d.Store.Get(r.Context(), r.PathValue("id"))
	if err != nil {
		status, message, hint := describe(err)
		render(w, status, "error.html", problem{message, hint})
		return
	}
	p := callPage{Entry: e}
	for i, a := range e.Attempts {
		v := attemptView{Attempt: a, Judged: a.Verdict}
		if i == len(e.Attempts)-1 { // what the client got is judged as a whole
			v.Judged = e.Verdict
		}
		if a.Response != nil {
			v.Received = marked(a.Response.HTTP(), &v.Judged)
		}
		p.Shown = append(p.Shown, v)
	}
	render(w, http.StatusOK, "call.html", p)
}

func (d *Dashboard) pageMark(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	m := record.Marking{Mark: record.Mark(r.PostFormValue("mark")), MarkCause: fault.Cause(r.PostFormValue("cause"))}
	if m.Mark != record.Bad {
		m.MarkCause = ""
	}
	err := m.Check()
	if err == nil {
		err = d.Store.Mark(r.Context(), r.PathValue("id"), m)
	}
	if err != nil {
		status, message, hint := describe(err)
		render(w, status, "error.html", problem{message, hint})
		return
	}
	http.Redirect(w, r, "/telltale/calls/"+url.PathEscape(r.PathValue("id")), http.StatusSeeOther)
}
