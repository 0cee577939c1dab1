package sim

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
)

// gemini is Google's generateContent. Source: https://ai.google.dev/api/generate-content
var gemini = dialect{name: "generate_content", area: Text | Stream, plain: geminiPlain, events: geminiEvents, fail: googleError,
	broken: func(c *call, e *apiError) []byte { _, b := googleError(e, c); return sseEvent("", b) }}

var geminiFinish = map[finish]string{finStop: "STOP", finLength: "MAX_TOKENS", finFilter: "SAFETY", finTools: "STOP"}

func geminiPlain(c *call, a *answer) any { return geminiChunk(c, a, c.s.id(""), geminiParts(a), true) }

func geminiParts(a *answer) []any {
	parts := []any{}
	if a.reasoning != "" {
		parts = append(parts, obj{"text": a.reasoning, "thought": true})
	}
	if t := a.text + a.refusal; t != "" || !a.null && len(a.calls) == 0 && a.finish == finStop {
		parts = append(parts, obj{"text": t})
	}
	for _, t := range a.calls {
		var in any
		if json.Unmarshal([]byte(t.args), &in) != nil {
			in = obj{"raw": t.args}
		}
		parts = append(parts, obj{"functionCall": obj{"name": t.name, "args": in}})
	}
	return parts
}

func geminiChunk(c *call, a *answer, id string, parts []any, last bool) obj {
	content := obj{"role": "model"}
	if len(parts) > 0 {
		content["parts"] = parts
	}
	cand := obj{"content": content, "index": 0}
	if last && !a.noFinish {
		cand["finishReason"] = geminiFinish[a.finish]
		if a.finish == finFilter {
			delete(cand, "content")
			cand["safetyRatings"] = []any{obj{"category": "HARM_CATEGORY_DANGEROUS_CONTENT", "probability": "HIGH", "blocked": true}}
		}
	}
	o := obj{"candidates": []any{cand}, "modelVersion": a.model, "responseId": id, "usageMetadata": obj{
		"promptTokenCount": a.usage.in, "candidatesTokenCount": a.usage.out - a.usage.reasoning,
		"thoughtsTokenCount": a.usage.reasoning, "totalTokenCount": a.usage.in + a.usage.out}}
	if a.noChoices {
		delete(o, "candidates")
	}
	return o
}

// geminiImage is an answer with a picture among its parts.
// Source: https://ai.google.dev/gemini-api/docs/image-generation
func geminiImage(c *call, p *plan) any {
	cand := obj{"index": 0, "finishReason": "STOP"}
	if p.image.empty {
		cand["finishReason"], cand["finishMessage"] = "IMAGE_SAFETY", "Unable to show the generated image. The model could not generate the image based on the prompt provided."
	} else {
		body, ctype, _ := p.picture(0)
		cand["content"] = obj{"role": "model", "parts": []any{obj{"text": "Here is the picture."},
			obj{"inlineData": obj{"mimeType": ctype, "data": base64.StdEncoding.EncodeToString(body)}}}}
	}
	return obj{"candidates": []any{cand}, "modelVersion": c.model, "responseId": c.s.id(""),
		"usageMetadata": obj{"promptTokenCount": 7, "candidatesTokenCount": 1290, "totalTokenCount": 1297}}
}

// geminiEvents is the stream of alt=sse.
func geminiEvents(c *call, a *answer) [][]byte {
	id := c.s.id("")
	var out [][]byte
	add := func(parts []any, last bool) { out = append(out, sseEvent("", geminiChunk(c, a, id, parts, last))) }
	for _, p := range pieces(a.text) {
		add([]any{obj{"text": p}}, false)
	}
	rest := *a
	rest.text, rest.null = "", true
	add(geminiParts(&rest), !a.noEnd)
	return out
}

var googleStatus = map[int]string{400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
	408: "DEADLINE_EXCEEDED", 429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED"}

func googleError(e *apiError, _ *call) (int, any) {
	code := e.Status
	if code == 0 { // inside a stream
		code = 503
	}
	status := googleStatus[code]
	if status == "" {
		status = "UNKNOWN"
	}
	in := obj{"code": code, "message": e.Message, "status": status}
	if d, ok := e.Extra["details"]; ok {
		in["details"] = d
	}
	return e.Status, obj{"error": in}
}

// geminiRoute splits "models/NAME:operation"; the name may hold an order for a failure, with anything in it.
func (s *Server) geminiRoute(w http.ResponseWriter, r *http.Request) {
	rest := r.PathValue("rest")
	i := strings.LastIndex(rest, ":")
	if i < 0 {
		s.geminiGet(w, r, rest)
		return
	}
	model, op := rest[:i], rest[i+1:]
	switch op {
	case "generateContent", "streamGenerateContent":
		d := gemini
		c := s.begin(w, r, d)
		c.model, c.entry.Model = model, model
		c.stream = op == "streamGenerateContent"
		if strings.Contains(bare(model), "image") && !c.stream {
			c.d.area = Images
			s.images(c, geminiImage)
			return
		}
		s.text(c)
	case "predictLongRunning", "fetchPredictOperation":
		s.veo(w, r, model, op)
	case "countTokens":
		c := s.begin(w, r, plainDialect(gemini, Other, obj{"totalTokens": 8}))
		c.model, c.entry.Model = model, model
		s.text(c)
	default:
		s.missing(w, r)
	}
}
