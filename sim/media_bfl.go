package sim

import (
	"net/http"
	"net/url"
	"strings"
)

// Black Forest Labs. Source: https://docs.bfl.ai/api_integration/errors
var bfl = &taskAPI{name: "bfl", prefix: "", ext: "png", store: "azure",
	words: [5]string{"Pending", "Pending", "Ready", "Error", "Error"},
	created: func(c *call, t *task, id any) (int, any) {
		at := c.s.base(c.r)
		if provider(c.r.Context()) != "" {
			at += "/bfl"
		}
		o := obj{"id": id, "polling_url": at + "/v1/get_result?id=" + url.QueryEscape(t.id)}
		if id == nil {
			delete(o, "polling_url")
		}
		return 200, o
	},
	polled: func(c *call, t *task, v view) (int, any) {
		o := obj{"id": t.id, "status": t.api.word(v), "result": nil, "progress": nil, "details": nil}
		switch {
		case v.state == succeeded:
			o["result"] = obj{"sample": first(t.results(c, v)), "prompt": t.c.prompt, "seed": 7}
		case v.filtered:
			o["status"], o["details"] = "Content Moderated", obj{"Moderation Reasons": []any{"Safety Filter"}}
		case v.state == failed && v.code != "":
			o["details"] = obj{"error": v.reason}
		}
		return 200, o
	},
	unknown: func(c *call, id string) (int, any) {
		return 200, obj{"id": id, "status": "Task not found", "result": nil, "progress": nil, "details": nil}
	},
	fail: func(e *apiError, _ *call) (int, any) {
		if e.Code == "insufficient_quota" {
			return 402, obj{"detail": "Insufficient credits"}
		}
		return e.Status, obj{"detail": e.Message}
	}}

func (s *Server) bflRoutes(m *http.ServeMux) {
	m.HandleFunc("POST /v1/{model}", func(w http.ResponseWriter, r *http.Request) {
		model := r.PathValue("model")
		if provider(r.Context()) != "bfl" && !strings.HasPrefix(model, "flux") {
			s.missing(w, r)
			return
		}
		s.create(w, r, bfl, model)
	})
	m.HandleFunc("GET /v1/get_result", func(w http.ResponseWriter, r *http.Request) {
		s.poll(w, r, r.URL.Query().Get("id"), bfl, "")
	})
}
