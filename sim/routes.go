package sim

import (
	"net/http"
	"strings"
)

// routes builds the mux. Every API stands at the paths of its vendor; where two vendors use the same path
// they are told apart by the model or the task, or by a first path segment that names the API (see mediaRoutes).
func (s *Server) routes() {
	s.mux = http.NewServeMux()
	s.handle("POST /v1/chat/completions", chat)
	s.handle("POST /v1/responses", responses)
	s.handle("POST /v1/messages", messages)
	s.handle("POST /v1/embeddings", embeddings)
	s.handle("GET /v1/models", models)
	s.handle("GET /v1/models/{model...}", models)
	s.handle("POST /v1/messages/count_tokens", plainDialect(messages, Other, obj{"input_tokens": 8}))
	for _, p := range []string{"/v1beta", "/v1/projects/{project}/locations/{location}/publishers/google"} {
		s.mux.HandleFunc("POST "+p+"/models/{rest...}", s.geminiRoute)
		s.mux.HandleFunc("GET "+p+"/models/{rest...}", s.geminiRoute)
	}
	s.mux.HandleFunc("POST /v1/models/{rest...}", s.geminiRoute) // google-genai's own version
	s.mux.HandleFunc("GET /v1beta/models", func(w http.ResponseWriter, r *http.Request) { s.geminiGet(w, r, "") })
	s.mux.HandleFunc("/sim/log", s.serveLog)
	s.mux.HandleFunc("GET /login", login)
	s.mediaRoutes()
	s.mux.HandleFunc("/", s.missing)
}

func (s *Server) handle(pattern string, d dialect) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.text(s.begin(w, r, d)) })
}

// missing answers paths that no API has, as OpenAI does.
func (s *Server) missing(w http.ResponseWriter, r *http.Request) {
	c := s.begin(w, r, dialect{name: "unknown", area: Other, fail: openAIError})
	defer s.closeEntry(c)
	status, body := openAIError(&apiError{Status: 404, Type: "invalid_request_error",
		Message: "Invalid URL (" + r.Method + " " + r.URL.Path + ")"}, c)
	c.write(status, "application/json", []byte(marshal(body)))
}

// geminiGet lists models and polls operations.
func (s *Server) geminiGet(w http.ResponseWriter, r *http.Request, rest string) {
	if name, id, ok := strings.Cut(rest, "/operations/"); ok {
		s.poll(w, r, id, veoGemini, name)
		return
	}
	var list []any
	for _, id := range []string{"gemini-3.1-flash", "gemini-3.1-flash-image-preview", "veo-3.1-generate-preview"} {
		list = append(list, obj{"name": "models/" + id, "displayName": id,
			"supportedGenerationMethods": []string{"generateContent"}})
	}
	s.text(s.begin(w, r, plainDialect(gemini, Other, obj{"models": list})))
}

func login(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte("<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1>" +
		"<form method=post><input name=user><input name=password type=password></form></body></html>\n"))
}
