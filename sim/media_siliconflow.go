package sim

import "net/http"

// SiliconFlow. Source: https://docs.siliconflow.cn/cn/api-reference/videos/get_videos_status
var siliconflow = &taskAPI{name: "siliconflow", prefix: "", ext: "mp4", store: "s3",
	words:   [5]string{"InQueue", "InProgress", "Succeed", "Failed", "Failed"},
	created: func(c *call, t *task, id any) (int, any) { return 200, dropKey(obj{"requestId": id}, id) },
	polled: func(c *call, t *task, v view) (int, any) {
		o := obj{"status": t.api.word(v), "reason": v.reason, "position": 0}
		if v.filtered {
			o["reason"] = "The content was blocked by the safety policy."
		}
		if v.state == succeeded {
			list := []any{}
			for _, u := range t.results(c, v) {
				list = append(list, obj{"url": u})
			}
			o["results"] = obj{"videos": list, "timings": obj{"inference": 123}, "seed": 7}
		}
		return 200, o
	},
	unknown: func(c *call, id string) (int, any) {
		return 404, obj{"code": 20015, "message": "request id not found", "data": nil}
	},
	fail: func(e *apiError, _ *call) (int, any) {
		return e.Status, obj{"code": e.Status*100 + 1, "message": e.Message, "data": nil}
	}}

func dropKey(o obj, v any) obj {
	if v == nil {
		return obj{}
	}
	return o
}

func (s *Server) siliconflowRoutes(m *http.ServeMux) {
	s.creates(m, "POST /v1/video/submit", siliconflow)
	m.HandleFunc("POST /v1/video/status", func(w http.ResponseWriter, r *http.Request) {
		body, r2 := peek(r)
		id, _ := body["requestId"].(string)
		s.poll(w, r2, id, siliconflow, "")
	})
}
