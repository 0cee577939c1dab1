package media

import (
	"errors"
	"net/http"
	"path"
	"strings"
)

// Handler serves kept media under its names: the last segment of the path. Nothing it serves is executed in a
// browser: the type is the one that was seen in the bytes, sniffing is forbidden, and a policy takes every right away.
func Handler(s Store) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "error: only GET and HEAD", http.StatusMethodNotAllowed)
			return
		}
		name := path.Base(r.URL.Path)
		if !ValidName(name) {
			http.NotFound(w, r)
			return
		}
		f, err := s.Read(r.Context(), name)
		if errors.Is(err, ErrNotKept) {
			http.NotFound(w, r)
			return
		}
		if err != nil {
			http.Error(w, "error: the media store cannot be read just now\nhint: see the log", http.StatusServiceUnavailable)
			return
		}
		defer f.Close()
		h := w.Header()
		ctype := TypeOfName(name)
		h.Set("Content-Type", ctype)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		how := "inline"
		if !strings.HasPrefix(ctype, "image/") && !strings.HasPrefix(ctype, "video/") && !strings.HasPrefix(ctype, "audio/") {
			how = "attachment"
		}
		h.Set("Content-Disposition", how+`; filename="`+name+`"`)
		h.Set("Cache-Control", "private, max-age=31536000, immutable") // a name never changes its content
		hash, _, _ := strings.Cut(name, ".")
		h.Set("ETag", `"`+hash+`"`)
		http.ServeContent(w, r, name, f.ModTime(), f)
	})
}
