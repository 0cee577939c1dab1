package sim

import "net/http"

// Kling. Source: https://apidoc.cometapi.com/api/video/kling/individual-queries
var kling = &taskAPI{name: "kling", prefix: "", ext: "mp4",
	words: [5]string{"submitted", "processing", "succeed", "failed", "failed"},
	created: func(c *call, t *task, id any) (int, any) {
		return 200, klingEnvelope(c, obj{"task_id": id, "task_status": "submitted", "created_at": t.created.UnixMilli(), "updated_at": t.created.UnixMilli()})
	},
	polled: func(c *call, t *task, v view) (int, any) {
		d := obj{"task_id": t.id, "task_status": t.api.word(v), "task_status_msg": v.reason, "created_at": t.created.UnixMilli(), "updated_at": c.s.now().UnixMilli()}
		if v.state == succeeded {
			videos := []any{}
			for i, u := range t.results(c, v) {
				videos = append(videos, obj{"id": t.id + "-" + string(rune('0'+i)), "url": u, "duration": "5"})
			}
			d["task_result"] = obj{"videos": videos}
		}
		return 200, klingEnvelope(c, d)
	},
	unknown: func(c *call, id string) (int, any) {
		return 400, obj{"code": "task_not_exist", "message": "task_not_exist", "data": nil}
	},
	fail: func(e *apiError, c *call) (int, any) {
		code := map[int]int{401: 1000, 429: 1302, 500: 5000, 503: 5001, 504: 5002, 404: 1203}[e.Status]
		switch {
		case e.Code == "insufficient_quota":
			code = 1102
		case e.Code == "content_filter" || e.Code == "moderation_blocked":
			code = 1301
		case code == 0:
			code = 1201
		}
		return e.Status, obj{"code": code, "message": e.Message, "request_id": c.entry.RequestID}
	}}

func klingEnvelope(c *call, data obj) obj {
	return obj{"code": 0, "message": "SUCCEED", "request_id": c.entry.RequestID, "data": data}
}

func (s *Server) klingRoutes(m *http.ServeMux) {
	for _, action := range []string{"text2video", "image2video", "multi-image2video"} {
		s.creates(m, "POST /v1/videos/"+action, kling)
	}
}
