package sim

import "net/http"

// Replicate. Source: https://replicate.com/docs/topics/predictions/lifecycle
var replicate = &taskAPI{name: "replicate", prefix: "", ext: "mp4",
	words:   [5]string{"starting", "processing", "succeeded", "failed", "canceled"},
	created: func(c *call, t *task, id any) (int, any) { return 201, prediction(c, t, id, view{}) },
	polled:  func(c *call, t *task, v view) (int, any) { return 200, prediction(c, t, t.id, v) },
	unknown: func(c *call, id string) (int, any) {
		return 404, obj{"detail": "The requested resource could not be found.", "status": 404, "title": "Not found"}
	},
	fail: func(e *apiError, _ *call) (int, any) {
		return e.Status, obj{"detail": e.Message, "status": e.Status, "title": http.StatusText(e.Status)}
	}}

func prediction(c *call, t *task, id any, v view) obj {
	at := c.s.base(c.r)
	if provider(c.r.Context()) != "" {
		at += "/replicate"
	}
	at += "/v1/predictions/" + t.id
	o := obj{"id": id, "model": t.c.model, "input": obj{"prompt": t.c.prompt}, "output": nil, "error": nil, "logs": "", "status": t.api.word(v),
		"created_at": t.created.UTC().Format("2006-01-02T15:04:05.000Z"), "urls": obj{"get": at, "cancel": at + "/cancel"}}
	switch v.state {
	case succeeded:
		o["output"] = first(t.results(c, v))
		if v.noResult {
			o["output"] = []any{}
		}
	case failed:
		if v.code != "" {
			o["error"] = v.reason + " (E1001)"
		}
		if v.filtered {
			o["error"] = "The input or output was flagged as sensitive. Please try again with different inputs. (E005)"
		}
	}
	return o
}

func (s *Server) replicateRoutes(m *http.ServeMux) {
	s.creates(m, "POST /v1/predictions", replicate)
	m.HandleFunc("POST /v1/models/{owner}/{name}/predictions", func(w http.ResponseWriter, r *http.Request) {
		s.create(w, r, replicate, r.PathValue("owner")+"/"+r.PathValue("name"))
	})
	s.polls(m, "GET /v1/predictions/{id}", replicate)
	m.HandleFunc("POST /v1/predictions/{id}/cancel", func(w http.ResponseWriter, r *http.Request) {
		s.cancel(r.PathValue("id"))
		_, _ = w.Write([]byte("{}"))
	})
}
