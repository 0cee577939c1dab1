package telltale

import (
	"strings"

	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/fault"
)

// foreign judges a 2xx whose body is no JSON.
func (e *engine) foreign(d *Diagnoser, f *Facts, p *catalog.Provider, kind int) Diagnosis {
	r := f.X.Response
	out := e.healthy(f)
	switch kind {
	case bodyEmpty:
		switch {
		case f.X.Err != nil:
			out = e.conclude(fault.Soft, fault.StreamInterrupted)
			out.Signature, out.Evidence = "body-lost", []Evidence{evidence("error", f.X.Err.Error())}
		case r.Status == 202 && (f.Surface == VideoPoll || f.Surface == VideoCreate):
			out = e.conclude(fault.OK, fault.Pending)
			out.Signature, out.Evidence = "task-queued", []Evidence{evidence("status", "202")}
		case f.Surface == MediaDownload:
			out = e.conclude(fault.Silent, fault.CorruptMedia)
			out.Signature, out.Summary = "media-empty", "The file is empty."
			out.Evidence = []Evidence{evidence("body", "")}
		case f.Surface == "" || f.Surface == Models || r.Status == 204 || r.Status == 202 || f.X.Request.Method == "DELETE" || f.X.Request.Method == "HEAD" || r.Partial:
		default:
			out = e.conclude(fault.Silent, fault.EmptyOutput)
			out.Signature, out.Summary = "body-empty", "The status claims success, but the body is empty."
			out.Evidence = []Evidence{evidence("body", "")}
		}
	case bodyPage:
		out = e.conclude(fault.Silent, fault.NotAPIResponse)
		out.Signature = "page"
		title, text := pageText(r.Body)
		if title == "" {
			title = text
		}
		out.Summary = "A web page came instead of an answer of the API."
		if title != "" {
			out.Summary = "A web page came instead of an answer of the API: \"" + clip(title, 80) + "\"."
		}
		out.Evidence = []Evidence{evidence("body", title)}
		if strings.Contains(strings.ToLower(string(r.Body[:min(len(r.Body), 600)])), "<svg") && (f.Surface == MediaDownload || f.Surface == Images) {
			out = e.healthy(f)
		}
	case bodyXML:
		if f.Surface == MediaDownload || errorSurface(f.Surface) {
			out = e.failure(f.X, fault.Soft, r.Status, r.Body, "body", p)
		}
	case bodyText:
		out = e.foreignText(d, f, p)
	case bodyMedia:
		f.Media++
		switch reason := get(r.Header, "Finish-Reason"); {
		case strings.EqualFold(reason, "CONTENT_FILTERED"):
			out = e.conclude(fault.Soft, fault.ContentFilter)
			out.Signature, out.Evidence = "header-finish-reason", []Evidence{evidence("header.finish-reason", reason)}
		case mediaKind(r.Body) == "" && errorSurface(f.Surface) && f.Surface != Converse && get(r.Header, "Content-Type") != "application/octet-stream":
			out = e.conclude(fault.Silent, fault.NotAPIResponse)
			out.Signature, out.Summary = "binary", "The body is no readable text."
			out.Evidence = []Evidence{evidence("body", view(r.Body))}
		case mediaKind(r.Body) != "" && (f.Surface == Chat || f.Surface == Messages):
			out = e.conclude(fault.Silent, fault.NotAPIResponse)
			out.Signature, out.Summary = "binary", "Media came where text was due."
			out.Evidence = []Evidence{evidence("body", mediaKind(r.Body))}
		}
	case bodyPacked:
		out.Summary = "The body is compressed and was not judged."
	}
	return e.finish(f, out, p)
}

// foreignText judges a plain text under a success.
func (e *engine) foreignText(d *Diagnoser, f *Facts, p *catalog.Provider) Diagnosis {
	body := f.X.Response.Body
	switch f.Surface {
	case "", Models:
		return e.healthy(f)
	case VideoPoll, VideoCreate, MediaDownload, Images:
		out := e.failure(f.X, fault.Soft, f.Status, body, "body", p)
		if out.Signature == "error-in-success" {
			out = e.conclude(fault.Silent, fault.NotAPIResponse)
			if f.Surface == MediaDownload {
				out = e.conclude(fault.Silent, fault.CorruptMedia)
			}
			out.Signature, out.Summary = "plain-text", "Plain text came where JSON or media was due."
			out.Evidence = []Evidence{evidence("body", view(body))}
		}
		return out
	}
	w := walkBody(e.m, body, "body")
	if m, ok := e.m.best(&subject{status: f.Status, surface: f.Surface, provider: p}, w.layers); ok && !m.weak && len(body) < 2000 {
		return e.failure(f.X, fault.Soft, f.Status, body, "body", p)
	}
	out := e.conclude(fault.Silent, fault.NotAPIResponse)
	out.Signature, out.Summary = "plain-text", "Plain text came where an answer of the API was due."
	out.Evidence = []Evidence{evidence("body", view(body))}
	return out
}
