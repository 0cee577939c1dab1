package sim

import (
	"net/http"
	"strings"
)

// Sora at OpenAI. Source: https://platform.openai.com/docs/api-reference/videos
var sora = &taskAPI{name: "sora", prefix: "video_", ext: "mp4",
	words:   [5]string{"queued", "in_progress", "completed", "failed", "failed"},
	created: func(c *call, t *task, id any) (int, any) { return 200, soraObject(t, id, view{}) },
	polled:  func(c *call, t *task, v view) (int, any) { return 200, soraObject(t, t.id, v) },
	unknown: func(c *call, id string) (int, any) {
		return openAIError(&apiError{Status: 404, Type: "invalid_request_error", Message: "Video with id '" + id + "' not found."}, c)
	}}

func soraObject(t *task, id any, v view) obj {
	seconds, size := t.c.args["seconds"], t.c.args["size"]
	if seconds == nil {
		seconds = "4"
	}
	if size == nil {
		size = "720x1280"
	}
	o := obj{"id": id, "object": "video", "model": t.c.model, "status": t.api.word(v), "progress": v.progress,
		"created_at": t.created.Unix(), "seconds": seconds, "size": size, "error": nil}
	switch v.state {
	case succeeded:
		o["completed_at"], o["expires_at"] = t.c.s.now().Unix(), t.c.s.now().Unix()+3600
	case failed:
		if v.code != "" {
			code := v.code
			if v.filtered {
				code = "moderation_blocked"
			}
			o["error"] = obj{"code": code, "message": v.reason}
		}
	}
	return o
}

// The unified /v1/videos of CometAPI, whose two alphabets depend on the model, and of new-api.
// Sources: https://apidoc.cometapi.com/guides/webhook-and-polling-for-video-generation,
// https://apidoc.cometapi.com/api/video/seedance/query
var (
	comet    = unified("comet", [5]string{"queued", "in_progress", "completed", "failed", "failed"})
	seedance = unified("comet", [5]string{"SUBMITTED", "IN_PROGRESS", "SUCCESS", "FAILED", "FAILED"})
	newapi   = unified("newapi", [5]string{"unknown", "in_progress", "completed", "failed", "failed"})
)

func unified(name string, words [5]string) *taskAPI {
	return &taskAPI{name: name, prefix: "task_", ext: "mp4", words: words,
		created: func(c *call, t *task, id any) (int, any) { return 200, cometObject(t, c, id, view{}) },
		polled:  func(c *call, t *task, v view) (int, any) { return 200, cometObject(t, c, t.id, v) },
		unknown: func(c *call, id string) (int, any) {
			return 400, obj{"code": "task_not_exist", "message": "task_not_exist", "data": nil}
		}}
}

func cometObject(t *task, c *call, id any, v view) obj {
	o := soraObject(t, id, v)
	o["task_id"] = id
	if v.state == succeeded {
		links := t.results(c, v)
		o["video_url"] = first(links)
		o["output"] = links
	}
	return o
}

// newapiTask is what new-api answers at /v1/video/generations/{id}. Source: https://github.com/QuantumNous/new-api
var newapiTask = &taskAPI{name: "newapi", prefix: "task_", ext: "mp4",
	words:   [5]string{"queued", "in_progress", "completed", "failed", "failed"},
	created: func(c *call, t *task, id any) (int, any) { return 200, obj{"task_id": id, "status": "queued"} },
	polled: func(c *call, t *task, v view) (int, any) {
		d := obj{"task_id": t.id, "status": t.api.word(v), "fail_reason": v.reason, "progress": v.progress}
		if v.state == succeeded {
			d["url"] = first(t.results(c, v))
		}
		return 200, obj{"code": "success", "message": "", "data": d}
	},
	unknown: comet.unknown}

func first(links []string) any {
	if len(links) == 0 {
		return nil
	}
	return links[0]
}

func (s *Server) soraRoutes(m *http.ServeMux) {
	m.HandleFunc("POST /v1/videos", func(w http.ResponseWriter, r *http.Request) {
		// The alphabet depends on the model, which stands in the body: the choice is made on the call.
		a := comet
		switch provider(r.Context()) {
		case "openai", "sora":
			a = sora
		case "newapi":
			a = newapi
		}
		s.create(w, r, a, "")
	})
	m.HandleFunc("GET /v1/videos/{id}", func(w http.ResponseWriter, r *http.Request) {
		a := comet
		switch provider(r.Context()) {
		case "openai", "sora":
			a = sora
		case "xai":
			a = xai
		}
		s.poll(w, r, r.PathValue("id"), a, "")
	})
	m.HandleFunc("DELETE /v1/videos/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.ask(w, r, r.PathValue("id"), sora, "delete", func(c *call, t *task) (int, any) {
			s.cancel(t.id)
			return 200, obj{"id": t.id, "object": "video.deleted", "deleted": true}
		})
	})
	m.HandleFunc("GET /v1/videos/{id}/{part}", func(w http.ResponseWriter, r *http.Request) {
		id, part := r.PathValue("id"), r.PathValue("part")
		if part != "content" { // Kling: {action}/{id}
			s.poll(w, r, part, kling, "")
			return
		}
		s.ask(w, r, id, sora, "download", func(c *call, t *task) (int, any) {
			s.mu.Lock()
			n := t.polls - t.plan.video.late
			s.mu.Unlock()
			if t.view(max(1, n)).state != succeeded {
				return openAIError(&apiError{Status: 400, Type: "invalid_request_error", Code: "video_not_ready", Message: "Video is not ready yet, use GET /v1/videos/{video_id} to check status."}, c)
			}
			f := t.file()
			f.name, f.born = t.id+"."+t.api.ext, t.created
			return 200, f
		})
	})
	s.creates(m, "POST /v1/video/generations", newapiTask)
	s.polls(m, "GET /v1/video/generations/{id}", newapiTask)
}

// alphabet is the API that a model has at CometAPI's /v1/videos.
func alphabet(a *taskAPI, model string) *taskAPI {
	if a == comet && strings.Contains(model, "seedance") {
		return seedance
	}
	return a
}
