package sim

import "net/http"

// Luma Dream Machine. Source: https://docs.lumalabs.ai/docs/errors
var luma = &taskAPI{name: "luma", prefix: "", ext: "mp4",
	words:   [5]string{"queued", "dreaming", "completed", "failed", "failed"},
	created: func(c *call, t *task, id any) (int, any) { return 201, lumaObject(c, t, id, view{}) },
	polled:  func(c *call, t *task, v view) (int, any) { return 200, lumaObject(c, t, t.id, v) },
	unknown: func(c *call, id string) (int, any) { return 404, obj{"detail": "Generation not found"} },
	fail:    func(e *apiError, _ *call) (int, any) { return e.Status, obj{"detail": e.Message} }}

func lumaObject(c *call, t *task, id any, v view) obj {
	o := obj{"id": id, "generation_type": "video", "state": t.api.word(v), "failure_reason": nil, "created_at": t.created.UTC().Format("2006-01-02T15:04:05.000Z"),
		"assets": nil, "model": t.c.model, "request": obj{"prompt": t.c.prompt}}
	switch v.state {
	case succeeded:
		o["assets"] = obj{"video": first(t.results(c, v))}
	case failed:
		if v.code != "" {
			o["failure_reason"] = "Job failed: " + v.reason
		}
		if v.filtered {
			o["failure_reason"] = "Advanced prompt moderation failed"
		}
	}
	return o
}

func (s *Server) lumaRoutes(m *http.ServeMux) {
	s.creates(m, "POST /dream-machine/v1/generations", luma)
	s.creates(m, "POST /dream-machine/v1/generations/video", luma)
	s.polls(m, "GET /dream-machine/v1/generations/{id}", luma)
}
