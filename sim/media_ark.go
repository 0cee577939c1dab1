package sim

import "net/http"

// Seedance at Volcengine Ark and BytePlus ModelArk. Source: https://www.volcengine.com/docs/82379/1521309
var ark = &taskAPI{name: "ark", prefix: "cgt-", ext: "mp4", store: "tos",
	words:   [5]string{"queued", "running", "succeeded", "failed", "cancelled"},
	created: func(c *call, t *task, id any) (int, any) { return 200, obj{"id": id} },
	polled: func(c *call, t *task, v view) (int, any) {
		o := obj{"id": t.id, "model": t.c.model, "status": t.api.word(v), "created_at": t.created.Unix(), "updated_at": c.s.now().Unix()}
		switch v.state {
		case succeeded:
			o["content"] = obj{"video_url": first(t.results(c, v))}
			o["usage"] = obj{"completion_tokens": 108900, "total_tokens": 108900}
		case failed:
			if v.code != "" {
				o["error"] = obj{"code": "InternalServiceError", "message": v.reason}
			}
			if v.filtered {
				o["error"] = obj{"code": "OutputVideoSensitiveContentDetected", "message": "The request failed because the output video may contain sensitive information. Request id: " + c.entry.RequestID}
			}
		}
		return 200, o
	},
	unknown: func(c *call, id string) (int, any) {
		return 404, obj{"error": obj{"code": "ResourceNotFound", "message": "The specified resource is not found. Request id: " + c.entry.RequestID, "param": "id", "type": "NotFound"}}
	}}

func (s *Server) arkRoutes(m *http.ServeMux) {
	s.creates(m, "POST /api/v3/contents/generations/tasks", ark)
	s.polls(m, "GET /api/v3/contents/generations/tasks/{id}", ark)
	m.HandleFunc("DELETE /api/v3/contents/generations/tasks/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.cancel(r.PathValue("id"))
		_, _ = w.Write([]byte("{}"))
	})
	m.HandleFunc("POST /api/v3/images/generations", s.serveImages)
}
