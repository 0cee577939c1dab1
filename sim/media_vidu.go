package sim

import "net/http"

// Vidu. Source: https://platform.vidu.com/docs/get-generation
var vidu = &taskAPI{name: "vidu", prefix: "", ext: "mp4", store: "s3",
	words: [5]string{"queueing", "processing", "success", "failed", "failed"},
	created: func(c *call, t *task, id any) (int, any) {
		return 200, obj{"task_id": id, "state": "created", "model": t.c.model, "prompt": t.c.prompt, "created_at": t.created.UTC().Format("2006-01-02T15:04:05.000Z")}
	},
	polled: func(c *call, t *task, v view) (int, any) {
		o := obj{"id": t.id, "state": t.api.word(v), "err_code": "", "creations": []any{}}
		switch v.state {
		case succeeded:
			list := []any{}
			for _, u := range t.results(c, v) {
				list = append(list, obj{"id": "c" + t.id, "url": u, "cover_url": ""})
			}
			o["creations"] = list
		case failed:
			if v.code != "" {
				o["err_code"] = "CreationFailed"
			}
			if v.filtered {
				o["err_code"] = "CreationPolicyViolation"
			}
		case cancelled:
			o["err_code"] = "UserCancelled"
		}
		return 200, o
	},
	unknown: func(c *call, id string) (int, any) {
		return 404, obj{"code": 404, "reason": "TaskNotFound", "message": "task not found", "metadata": obj{"trace_id": c.entry.RequestID}}
	},
	fail: func(e *apiError, c *call) (int, any) {
		reason := map[int]string{400: "BadRequest", 401: "Unauthorized", 429: "TooManyRequests", 503: "SystemThrottling"}[e.Status]
		switch {
		case e.Code == "insufficient_quota":
			return 400, obj{"code": 400, "reason": "CreditInsufficient", "message": "Credit insufficient", "metadata": obj{"trace_id": c.entry.RequestID}}
		case e.Code == "content_filter" || e.Code == "moderation_blocked":
			reason = "TaskPromptPolicyViolation"
		case reason == "":
			reason = "InternalServerError"
		}
		return e.Status, obj{"code": e.Status, "reason": reason, "message": e.Message, "metadata": obj{"trace_id": c.entry.RequestID}}
	}}

func (s *Server) viduRoutes(m *http.ServeMux) {
	for _, p := range []string{"text2video", "img2video", "reference2video", "start-end2video"} {
		s.creates(m, "POST /ent/v2/"+p, vidu)
	}
	s.polls(m, "GET /ent/v2/tasks/{id}/creations", vidu)
	m.HandleFunc("POST /ent/v2/tasks/{id}/cancel", func(w http.ResponseWriter, r *http.Request) {
		s.cancel(r.PathValue("id"))
		_, _ = w.Write([]byte("{}"))
	})
}
