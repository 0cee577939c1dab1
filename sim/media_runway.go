package sim

import "net/http"

// Runway. Source: https://docs.dev.runwayml.com/api/ and, for the late task,
// https://apidoc.cometapi.com/api/video/runway/official-format/runway-to-get-task-details
var runway = &taskAPI{name: "runway", prefix: "", ext: "mp4", store: "cloudfront",
	words:   [5]string{"PENDING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"},
	created: func(c *call, t *task, id any) (int, any) { return 200, obj{"id": id} },
	polled: func(c *call, t *task, v view) (int, any) {
		o := obj{"id": t.id, "status": t.api.word(v), "createdAt": t.created.UTC().Format("2006-01-02T15:04:05.000Z")}
		switch v.state {
		case running:
			o["progress"] = float64(v.progress) / 100
		case succeeded:
			o["output"] = t.results(c, v)
		case failed:
			if v.code != "" {
				o["failure"], o["failureCode"] = v.reason, "INTERNAL.BAD_OUTPUT.CODE01"
			}
			if v.filtered {
				o["failureCode"] = "SAFETY.OUTPUT.VIDEO"
			}
		}
		return 200, o
	},
	unknown: func(c *call, id string) (int, any) {
		if p := provider(c.r.Context()); p == "runway" {
			return 404, obj{"error": "Could not find a task with the given ID."}
		}
		return 400, obj{"code": "task_not_exist", "message": "task_not_exist", "data": nil}
	},
	fail: func(e *apiError, _ *call) (int, any) { return e.Status, obj{"error": e.Message} }}

func (s *Server) runwayRoutes(m *http.ServeMux) {
	for _, p := range []string{"text_to_video", "image_to_video", "video_to_video", "text_to_image"} {
		s.creates(m, "POST /v1/"+p, runway)
	}
	s.polls(m, "GET /v1/tasks/{id}", runway)
	m.HandleFunc("DELETE /v1/tasks/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.cancel(r.PathValue("id"))
		w.WriteHeader(http.StatusNoContent)
	})
}
