package sim

import (
	"net/http"
	"strings"
)

// MiniMax Hailuo: three calls, and failures inside a 200. Source: https://platform.minimax.io/docs/api-reference/video-generation-query
var minimax = &taskAPI{name: "minimax", prefix: "", ext: "mp4", store: "oss",
	words: [5]string{"Queueing", "Processing", "Success", "Fail", "Fail"},
	created: func(c *call, t *task, id any) (int, any) {
		return 200, obj{"task_id": id, "base_resp": baseResp(0, "success")}
	},
	polled: func(c *call, t *task, v view) (int, any) {
		o := obj{"task_id": t.id, "status": t.api.word(v), "base_resp": baseResp(0, "success")}
		switch v.state {
		case succeeded:
			o["file_id"] = "file" + t.id
			if v.noResult {
				o["file_id"] = ""
			}
			o["video_width"], o["video_height"] = 1366, 768
		case failed:
			if v.code != "" {
				o["base_resp"] = baseResp(1000, v.reason)
			}
			if v.filtered {
				o["base_resp"] = baseResp(1027, "output new_sensitive")
			}
		}
		return 200, o
	},
	unknown: func(c *call, id string) (int, any) {
		return 200, obj{"task_id": "", "status": "", "file_id": "", "base_resp": baseResp(2013, "invalid params, task not found")}
	},
	fail: func(e *apiError, _ *call) (int, any) {
		code := map[int]int{401: 1004, 403: 1004, 429: 1002, 402: 1008, 400: 2013, 422: 2013}[e.Status]
		switch {
		case e.Code == "insufficient_quota":
			code = 1008
		case e.Code == "content_filter" || e.Code == "moderation_blocked":
			code = 1026
		case code == 0:
			code = 1000
		}
		return 200, obj{"task_id": "", "base_resp": baseResp(code, e.Message)}
	}}

func baseResp(code int, msg string) obj { return obj{"status_code": code, "status_msg": msg} }

func (s *Server) minimaxRoutes(m *http.ServeMux) {
	s.creates(m, "POST /v1/video_generation", minimax)
	m.HandleFunc("GET /v1/query/video_generation", func(w http.ResponseWriter, r *http.Request) {
		s.poll(w, r, r.URL.Query().Get("task_id"), minimax, "")
	})
	m.HandleFunc("GET /v1/files/retrieve", func(w http.ResponseWriter, r *http.Request) {
		id := r.URL.Query().Get("file_id")
		s.ask(w, r, strings.TrimPrefix(id, "file"), minimax, "result", func(c *call, t *task) (int, any) {
			if status := t.failedResult(); status != 0 {
				return t.api.fail(&apiError{Status: status, Message: "internal error"}, c)
			}
			return 200, obj{"file": obj{"file_id": id, "bytes": len(t.file().body), "created_at": t.created.Unix(), "filename": "output.mp4", "purpose": "video_generation",
				"download_url": first(t.results(c, view{}))}, "base_resp": baseResp(0, "success")}
		})
	})
}

// failedResult is the status of a result that cannot be fetched (yet); 0 when it can.
func (t *task) failedResult() int {
	p := t.plan
	if p.video.result == 0 {
		return 0
	}
	if first := p.k.get("first"); first != "" && t.c.s.next("result "+t.id) >= p.k.num("first") {
		return 0
	}
	return p.video.result
}
