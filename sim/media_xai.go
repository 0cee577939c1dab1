package sim

import "net/http"

// xAI: a poll of a pending video answers 202, and success is the word done. Source: https://docs.x.ai/docs/guides/video-generation
var xai = &taskAPI{name: "xai", prefix: "", ext: "mp4",
	words:   [5]string{"pending", "pending", "done", "failed", "expired"},
	created: func(c *call, t *task, id any) (int, any) { return 200, obj{"request_id": id} },
	polled: func(c *call, t *task, v view) (int, any) {
		o := obj{"status": t.api.word(v)}
		switch {
		case v.filtered:
			return 200, obj{"status": "done", "video": obj{"url": "", "duration": 0, "respect_moderation": false}, "model": t.c.model}
		case v.state < succeeded:
			return 202, o
		case v.state == succeeded:
			o["model"] = t.c.model
			o["video"] = obj{"url": first(t.results(c, v)), "duration": 5, "respect_moderation": true}
		case v.code != "":
			o["error"] = obj{"code": v.code, "message": v.reason}
		}
		return 200, o
	},
	unknown: func(c *call, id string) (int, any) {
		return 404, obj{"code": "Some requested entity was not found", "error": "The requested video was not found."}
	},
	fail: func(e *apiError, _ *call) (int, any) {
		code := map[int]string{400: "Client specified an invalid argument", 401: "The request does not have valid authentication credentials for the operation.",
			429: "Some resource has been exhausted"}[e.Status]
		if code == "" {
			code = "The service encountered an error"
		}
		return e.Status, obj{"code": code, "error": e.Message}
	}}

func (s *Server) xaiRoutes(m *http.ServeMux) {
	s.creates(m, "POST /v1/videos/generations", xai)
}
