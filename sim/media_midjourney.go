package sim

import "net/http"

// Midjourney proxies. Sources: https://github.com/novicezk/midjourney-proxy,
// https://apidoc.cometapi.com/api/image/midjourney/task-fetching-api/fetch-single-task
var midjourney = &taskAPI{name: "midjourney", prefix: "", ext: "png",
	words: [5]string{"SUBMITTED", "IN_PROGRESS", "SUCCESS", "FAILURE", "CANCEL"},
	created: func(c *call, t *task, id any) (int, any) {
		return 200, obj{"code": 1, "description": "Submit success", "result": id, "properties": obj{}}
	},
	polled: func(c *call, t *task, v view) (int, any) {
		progress := ""
		if v.progress > 0 {
			progress = marshal(v.progress) + "%"
		}
		o := obj{"id": t.id, "action": "IMAGINE", "prompt": t.c.prompt, "status": t.api.word(v), "progress": progress, "failReason": v.reason,
			"submitTime": t.created.UnixMilli(), "imageUrl": "", "buttons": []any{}}
		if v.filtered {
			o["failReason"] = "Banned prompt detected"
		}
		if v.state == succeeded {
			if u := first(t.results(c, v)); u != nil {
				o["imageUrl"] = u
			}
		}
		return 200, o
	},
	unknown: func(c *call, id string) (int, any) {
		return 400, obj{"code": 4, "description": "task_no_found", "type": "upstream_error"}
	},
	fail: func(e *apiError, _ *call) (int, any) {
		switch {
		case e.Status == 429 && e.Code != "insufficient_quota":
			return 429, obj{"code": 30, "description": "The current group is saturated, please try again later", "type": "upstream_error"}
		case e.Code == "content_filter" || e.Code == "moderation_blocked":
			return 200, obj{"code": 24, "description": "The prompt may contain sensitive words", "properties": obj{"bannedWord": "blood"}}
		case e.Code == "insufficient_quota":
			return 400, obj{"code": 4, "description": "quota_not_enough", "type": "upstream_error"}
		}
		return e.Status, obj{"code": 4, "description": e.Message, "type": "upstream_error"}
	}}

func (s *Server) midjourneyRoutes(m *http.ServeMux) {
	s.creates(m, "POST /mj/submit/imagine", midjourney)
	s.polls(m, "GET /mj/task/{id}/fetch", midjourney)
}
