package sim

import "net/http"

// DashScope: Wan and Qwen Image. Source: https://www.alibabacloud.com/help/en/model-studio/text-to-video-api-reference
var dashscope = dashscopeTask("mp4")

var dashscopeImages = dashscopeTask("png")

func dashscopeTask(ext string) *taskAPI {
	return &taskAPI{name: "dashscope", prefix: "", ext: ext, store: "oss",
		words: [5]string{"PENDING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELED"},
		created: func(c *call, t *task, id any) (int, any) {
			return 200, obj{"output": obj{"task_status": "PENDING", "task_id": id}, "request_id": c.entry.RequestID}
		},
		polled: func(c *call, t *task, v view) (int, any) {
			out := obj{"task_id": t.id, "task_status": t.api.word(v), "submit_time": t.created.UTC().Format("2006-01-02 15:04:05.000")}
			switch v.state {
			case succeeded:
				links := t.results(c, v)
				if t.api.ext == "mp4" {
					out["video_url"] = first(links)
				} else {
					list := []any{}
					for _, u := range links {
						list = append(list, obj{"url": u})
					}
					out["results"] = list
				}
			case failed:
				if v.code != "" {
					out["code"], out["message"] = "InternalError", v.reason
				}
				if v.filtered {
					out["code"], out["message"] = "DataInspectionFailed", "Output data may contain inappropriate content."
				}
			}
			return 200, obj{"request_id": c.entry.RequestID, "output": out}
		},
		unknown: func(c *call, id string) (int, any) {
			return 200, obj{"request_id": c.entry.RequestID, "output": obj{"task_id": id, "task_status": "UNKNOWN"}}
		},
		fail: func(e *apiError, c *call) (int, any) {
			code := map[int]string{400: "InvalidParameter", 401: "InvalidApiKey", 403: "AccessDenied", 404: "ModelNotFound",
				429: "Throttling.RateQuota", 500: "InternalError", 503: "ModelServingError", 504: "RequestTimeOut"}[e.Status]
			switch {
			case e.Code == "insufficient_quota":
				return 400, obj{"code": "Arrearage", "message": "Access denied, please make sure your account is in good standing.", "request_id": c.entry.RequestID}
			case e.Code == "content_filter" || e.Code == "moderation_blocked":
				return 400, obj{"code": "DataInspectionFailed", "message": "Input data may contain inappropriate content.", "request_id": c.entry.RequestID}
			case code == "":
				code = "InternalError"
			}
			return e.Status, obj{"code": code, "message": e.Message, "request_id": c.entry.RequestID}
		}}
}

func (s *Server) dashscopeRoutes(m *http.ServeMux) {
	s.creates(m, "POST /api/v1/services/aigc/video-generation/video-synthesis", dashscope)
	s.creates(m, "POST /api/v1/services/aigc/image2video/video-synthesis", dashscope)
	s.creates(m, "POST /api/v1/services/aigc/text2image/image-synthesis", dashscopeImages)
	s.polls(m, "GET /api/v1/tasks/{id}", dashscope)
	m.HandleFunc("POST /api/v1/tasks/{id}/cancel", func(w http.ResponseWriter, r *http.Request) {
		s.cancel(r.PathValue("id"))
		_, _ = w.Write([]byte("{}"))
	})
}
