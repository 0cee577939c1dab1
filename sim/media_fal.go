package sim

import (
	"net/http"
	"strings"
)

// fal's queue: a failed job says COMPLETED, and the error appears when the result is fetched.
// Sources: https://docs.fal.ai/model-endpoints/queue, https://docs.fal.ai/errors
var fal = &taskAPI{name: "fal", prefix: "", ext: "mp4",
	words: [5]string{"IN_QUEUE", "IN_PROGRESS", "COMPLETED", "COMPLETED", "COMPLETED"},
	created: func(c *call, t *task, id any) (int, any) {
		o := falLinks(c, t)
		o["request_id"], o["status"], o["queue_position"] = id, "IN_QUEUE", 0
		return 200, o
	},
	polled: func(c *call, t *task, v view) (int, any) {
		o := falLinks(c, t)
		o["request_id"], o["status"] = t.id, t.api.word(v)
		if v.state == queued {
			o["queue_position"] = 1
			return 202, o
		}
		if v.state == running {
			return 202, o
		}
		return 200, o
	},
	unknown: func(c *call, id string) (int, any) { return 404, obj{"detail": "Request not found"} },
	fail: func(e *apiError, c *call) (int, any) {
		typ := map[int]string{400: "bad_request", 500: "internal_error", 503: "runner_scheduling_failure", 504: "request_timeout"}[e.Status]
		if e.Code == "content_filter" || e.Code == "moderation_blocked" {
			return 422, falDetail(c)
		}
		if typ != "" {
			c.w.Header().Set("X-Fal-Error-Type", typ)
		}
		o := obj{"detail": e.Message}
		if typ != "" {
			o["error_type"] = typ
		}
		return e.Status, o
	}}

func falDetail(c *call) obj {
	c.w.Header().Set("X-Fal-Retryable", "false")
	return obj{"detail": []any{obj{"loc": []any{"body", "prompt"}, "msg": "The content could not be processed because it was flagged by a content checker.",
		"type": "content_policy_violation", "url": "https://docs.fal.ai/errors/#content_policy_violation", "ctx": obj{}, "input": obj{}}}}
}

func falLinks(c *call, t *task) obj {
	at := c.s.base(c.r)
	at += strings.TrimSuffix(t.c.r.URL.Path, "/") + "/requests/" + t.id
	return obj{"status_url": at + "/status", "response_url": at, "cancel_url": at + "/cancel"}
}

// falRoutes: the application's name is the path, so the routes are those of the segment /fal and of fal's own applications.
func (s *Server) falRoutes(m *http.ServeMux) {
	queue := func(w http.ResponseWriter, r *http.Request) {
		app, rest, asked := strings.Cut(r.URL.Path, "/requests/")
		if !asked {
			s.create(w, r, fal, strings.TrimPrefix(strings.TrimPrefix(app, "/fal/"), "/"))
			return
		}
		id, op, _ := strings.Cut(rest, "/")
		switch op {
		case "status":
			s.poll(w, r, id, fal, "")
		case "cancel":
			s.cancel(id)
			w.WriteHeader(http.StatusAccepted)
		default:
			s.ask(w, r, id, fal, "result", s.falResult)
		}
	}
	m.HandleFunc("/fal/", queue)
	m.HandleFunc("/fal-ai/", queue)
}

func (s *Server) falResult(c *call, t *task) (int, any) {
	s.mu.Lock()
	n := t.polls - t.plan.video.late
	s.mu.Unlock()
	v := t.view(max(1, n))
	status := t.failedResult()
	switch {
	case v.state < succeeded:
		return 400, obj{"detail": "Request is still in progress"}
	case v.filtered, status == 422, v.state == failed && v.code == "":
		return 422, falDetail(c)
	case v.state == failed:
		return fal.fail(&apiError{Status: 500, Message: v.reason}, c)
	case v.state == cancelled:
		return 400, obj{"detail": "Request was cancelled", "error_type": "client_cancelled"}
	case status != 0:
		return fal.fail(&apiError{Status: status, Message: "Internal server error"}, c)
	}
	if strings.Contains(t.c.model, "image") || strings.Contains(t.c.model, "flux") {
		list := []any{}
		for _, u := range t.results(c, v) {
			list = append(list, obj{"url": u, "content_type": "image/png", "width": 64, "height": 64})
		}
		return 200, obj{"images": list, "has_nsfw_concepts": []any{t.plan.image.black}, "prompt": t.c.prompt}
	}
	return 200, obj{"video": obj{"url": first(t.results(c, v)), "content_type": "video/mp4", "file_name": "output.mp4"}}
}
