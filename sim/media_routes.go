package sim

import (
	"context"
	"net/http"
	"slices"
	"strings"
)

// Providers lists the first path segments that name an API, so that `http://HOST/kling` can stand for the host of
// that vendor: /kling/v1/videos/text2video is what Kling has at /v1/videos/text2video.
func Providers() []string {
	return []string{"openai", "anthropic", "gemini", "vertex", "comet", "newapi", "sora", "veo", "kling", "runway", "runwayml", "luma",
		"minimax", "ark", "vidu", "dashscope", "fal", "replicate", "siliconflow", "bfl", "stability", "xai", "midjourney"}
}

// named takes the first segment of the path off when it names an API.
func named(r *http.Request) *http.Request {
	first, rest, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if !ok || !slices.Contains(Providers(), first) {
		return r
	}
	r2 := r.Clone(context.WithValue(r.Context(), providerKey{}, first))
	if first != "fal" { // there the path is the application's name
		r2.URL.Path = "/" + rest
	}
	r2.URL.RawPath = ""
	return r2
}

func (s *Server) mediaRoutes() {
	m := s.mux
	m.HandleFunc("GET /sim/media/{name}", s.serveFile)
	m.HandleFunc("POST /v1/images/generations", s.serveImages)
	m.HandleFunc("POST /v1/images/edits", s.serveImages)
	s.soraRoutes(m)
	s.klingRoutes(m)
	s.runwayRoutes(m)
	s.lumaRoutes(m)
	s.minimaxRoutes(m)
	s.arkRoutes(m)
	s.viduRoutes(m)
	s.dashscopeRoutes(m)
	s.falRoutes(m)
	s.replicateRoutes(m)
	s.siliconflowRoutes(m)
	s.bflRoutes(m)
	s.stabilityRoutes(m)
	s.xaiRoutes(m)
	s.midjourneyRoutes(m)
}

// creates routes a create.
func (s *Server) creates(m *http.ServeMux, pattern string, a *taskAPI) {
	m.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.create(w, r, a, "") })
}

// polls routes a poll whose id is the {id} of the pattern.
func (s *Server) polls(m *http.ServeMux, pattern string, a *taskAPI) {
	m.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.poll(w, r, r.PathValue("id"), a, "") })
}
