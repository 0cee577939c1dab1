package sim

import (
	"encoding/base64"
	"net/http"
	"strings"
)

// Stability: pictures in the answer itself, and image-to-video as a task.
// Source: https://platform.stability.ai/docs/api-reference
var stabilityImages = dialect{name: "stability", area: Images, fail: stabilityError}

var stability = &taskAPI{name: "stability", prefix: "", ext: "mp4",
	words:   [5]string{"in-progress", "in-progress", "complete", "failed", "failed"},
	created: func(c *call, t *task, id any) (int, any) { return 200, obj{"id": id} },
	polled: func(c *call, t *task, v view) (int, any) {
		switch v.state {
		case queued, running:
			return 202, obj{"id": t.id, "status": t.api.word(v)}
		case failed, cancelled:
			e := &apiError{Status: 500, Type: "internal_error", Message: v.reason}
			if v.filtered || v.code == "" {
				e = &apiError{Status: 403, Code: "content_filter"}
			}
			return stabilityError(e, c)
		}
		if strings.Contains(c.r.Header.Get("Accept"), "application/json") {
			return 200, obj{"video": base64.StdEncoding.EncodeToString(t.file().body), "finish_reason": "SUCCESS", "seed": 7}
		}
		f := t.file()
		f.name, f.born = t.id+".mp4", t.created
		return 200, f
	},
	unknown: func(c *call, id string) (int, any) {
		return 404, obj{"id": c.entry.RequestID, "name": "not_found", "errors": []any{"The id was not found: results are kept for 24 hours."}}
	},
	fail: stabilityError}

func stabilityError(e *apiError, c *call) (int, any) {
	name := map[int]string{400: "bad_request", 401: "unauthorized", 402: "payment_required", 403: "permission_denied", 404: "not_found",
		413: "payload_too_large", 422: "unprocessable_entity", 429: "rate_limit_exceeded", 500: "internal_error"}[e.Status]
	status, msg := e.Status, e.Message
	switch {
	case e.Code == "content_filter" || e.Code == "moderation_blocked":
		status, name, msg = 403, "content_moderation", "Your request was flagged by our content moderation system, as a result your request was denied and you were not charged."
	case name == "":
		name = "internal_error"
	}
	return status, obj{"id": c.entry.RequestID, "name": name, "errors": []any{msg}}
}

func (s *Server) stabilityRoutes(m *http.ServeMux) {
	m.HandleFunc("POST /v2beta/stable-image/generate/{model}", func(w http.ResponseWriter, r *http.Request) {
		c := s.begin(w, r, stabilityImages)
		if c.model == "" {
			c.model = r.PathValue("model")
		}
		s.images(c, func(c *call, p *plan) any {
			body, ctype, _ := p.picture(0)
			if p.image.empty { // this API sends a blurred picture and says so
				return obj{"image": base64.StdEncoding.EncodeToString(body), "finish_reason": "CONTENT_FILTERED", "seed": 7}
			}
			if strings.Contains(r.Header.Get("Accept"), "application/json") {
				return obj{"image": base64.StdEncoding.EncodeToString(body), "finish_reason": "SUCCESS", "seed": 7}
			}
			c.w.Header().Set("Finish-Reason", "SUCCESS")
			p.ctype = ctype
			return rawBody(body)
		})
	})
	s.creates(m, "POST /v2beta/image-to-video", stability)
	s.polls(m, "GET /v2beta/image-to-video/result/{id}", stability)
}

// rawBody is an answer that is no JSON.
type rawBody []byte
