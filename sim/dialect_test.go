package sim_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// apis is how each text API is asked and where it answers.
var apis = map[string]struct {
	path, stream string // %s is the model
	body         string
	text, finish string
	filtered     string // the word for a filtered answer
	limit        string // and for the token limit
	called       string // where the name of a called tool stands
	end          string // stands at the end of a sound stream
}{
	"responses": {path: "/v1/responses", body: `{"model":"MODEL","input":"When does the ferry leave?","tools":[{"type":"function","name":"find_ferry","parameters":{"type":"object"}}]STREAM}`,
		text: "output.0.content.0.text", finish: "status", filtered: "incomplete", limit: "incomplete", called: "output.0.name", end: "response.completed"},
	"messages": {path: "/v1/messages", body: `{"model":"MODEL","max_tokens":99,"messages":[{"role":"user","content":"When does the ferry leave?"}],"tools":[{"name":"find_ferry","input_schema":{"type":"object"}}]STREAM}`,
		text: "content.0.text", finish: "stop_reason", filtered: "refusal", limit: "max_tokens", called: "content.0.name", end: "message_stop"},
	"gemini": {path: "/v1beta/models/MODEL:generateContent", stream: "/v1beta/models/MODEL:streamGenerateContent?alt=sse",
		body: `{"contents":[{"role":"user","parts":[{"text":"When does the ferry leave?"}]}],"tools":[{"functionDeclarations":[{"name":"find_ferry","parameters":{"type":"OBJECT"}}]}]}`,
		text: "candidates.0.content.parts.0.text", finish: "candidates.0.finishReason", filtered: "SAFETY", limit: "MAX_TOKENS",
		called: "candidates.0.content.parts.0.functionCall.name", end: `"finishReason":"STOP"`},
}

// Each text API says the same failures in its own words.
func TestTextAPIs(t *testing.T) {
	for name, api := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAsker(t)
			ask := func(model string, stream bool) got {
				path, more := api.path, ""
				if stream && api.stream != "" {
					path = api.stream
				} else if stream {
					more = `,"stream":true`
				}
				body := strings.NewReplacer("MODEL", model, "STREAM", more).Replace(api.body)
				return a.post(strings.ReplaceAll(path, "MODEL", model), body)
			}
			g := ask("m", false)
			if s, _ := g.at(api.text).(string); len(s) < 20 {
				t.Errorf("%s = %q\n%s", api.text, s, g.body)
			}
			ask("m@content-filter", false).want(api.finish, api.filtered)
			ask("m@length", false).want(api.finish, api.limit)
			ask("m@tool-calls", false).want(api.called, "find_ferry")
			ask("m@429", false).is(429)

			g = ask("m", true)
			g.has(api.end)
			for line := range strings.SplitSeq(g.body, "\n") {
				if data, ok := strings.CutPrefix(line, "data: "); ok && !json.Valid([]byte(data)) {
					t.Errorf("no JSON: %s", data)
				}
			}
			ask("m@tool-calls", true).has("find_ferry", api.end)
			ask("m@stream-cut", true).lacks(api.end)
			ask("m@stream-error", true).lacks(api.end)
			ask("m@stream-error", true).has("The server had an error")
			ask("m@stream-no-finish", true).lacks(api.end)
		})
	}
}

func TestGeminiArray(t *testing.T) {
	a := newAsker(t)
	g := a.post("/v1beta/models/m:streamGenerateContent", `{"contents":[]}`)
	if l, ok := g.at("0.candidates").([]any); !ok || len(l) == 0 {
		t.Error(g.body)
	}
}

func TestGeminiImages(t *testing.T) {
	a := newAsker(t)
	ask := func(model string) got {
		return a.post("/v1beta/models/"+model+":generateContent", `{"contents":[{"parts":[{"text":"a boat"}]}],"generationConfig":{"responseModalities":["TEXT","IMAGE"]}}`)
	}
	ask("gemini-3.1-flash-image-preview").want("candidates.0.content.parts.1.inlineData.mimeType", "image/png")
	g := ask("gemini-3.1-flash-image-preview@image-empty")
	g.want("candidates.0.finishReason", "IMAGE_SAFETY")
	g.want("candidates.0.content", nil)
	ask("gemini-3.1-flash-image-preview@429").is(429)
}

func TestOtherAPIs(t *testing.T) {
	a := newAsker(t)
	g := a.post("/v1/embeddings", `{"model":"m","input":["a","b"]}`)
	g.is(200)
	if v := g.at("data.1.embedding").([]any); len(v) != 8 {
		t.Errorf("%d numbers", len(v))
	}
	a.post("/v1/embeddings", `{"model":"m@401","input":"a"}`).is(401)
	a.do("GET", "/v1/models", "").want("object", "list")
	a.do("GET", "/v1/models/gpt-5.4", "").want("id", "gpt-5.4")
	a.do("GET", "/v1beta/models", "").is(200)
	a.do("GET", "/v1/v1/chat/completions", "").is(404)
	a.do("GET", "/v1/models", "", "Sim-Fault", "html-200").has("<!DOCTYPE html>")
}

func TestTheResponsesAPIHasAFieldForRefusals(t *testing.T) {
	a := newAsker(t)
	g := a.post("/v1/responses", `{"model":"m@refusal-field","input":"Hi"}`)
	if s, _ := g.at("output.0.content.0.refusal").(string); s == "" {
		t.Errorf("no refusal: %s", g.body)
	}
	a.post("/v1/responses", `{"model":"m@refusal-field","input":"Hi","stream":true}`).has("response.refusal.delta")
}

// Newer clients of Google's own make leave the "beta" out.
func TestGeminiWithoutBeta(t *testing.T) {
	a := newAsker(t)
	if s, _ := a.post("/v1/models/m:generateContent", `{"contents":[]}`).at("candidates.0.content.parts.0.text").(string); s == "" {
		t.Error("no answer")
	}
}
