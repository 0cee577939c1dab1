package media_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/telltale-ai/telltale/folder"
	"github.com/telltale-ai/telltale/media"
)

func TestHandler(t *testing.T) {
	store, err := folder.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	video, page := media.Name(strings.Repeat("a1", 32), "video/mp4"), media.Name(strings.Repeat("b2", 32), "text/html")
	for name, b := range map[string]string{video: "0123456789", page: "<script>alert(1)</script>"} {
		if err := store.Write(t.Context(), name, bytes.NewReader([]byte(b)), int64(len(b))); err != nil {
			t.Fatal(err)
		}
	}
	h := media.Handler(store)
	get := func(method, path string, head ...string) *http.Response {
		r := httptest.NewRequest(method, path, nil)
		for i := 0; i < len(head); i += 2 {
			r.Header.Set(head[i], head[i+1])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result()
	}
	body := func(r *http.Response) string { b, _ := io.ReadAll(r.Body); return string(b) }

	r := get("GET", "/telltale/media/"+video)
	if r.StatusCode != 200 || r.Header.Get("Content-Type") != "video/mp4" || body(r) != "0123456789" {
		t.Errorf("whole: %v", r)
	}
	if r.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(r.Header.Get("Content-Security-Policy"), "sandbox") || !strings.HasPrefix(r.Header.Get("Content-Disposition"), "inline") {
		t.Errorf("the browser is not held back: %v", r.Header)
	}
	if r := get("GET", "/telltale/media/"+video, "Range", "bytes=3-5"); r.StatusCode != 206 || body(r) != "345" || r.Header.Get("Content-Range") != "bytes 3-5/10" {
		t.Errorf("range: %v", r)
	}
	if r := get("GET", "/telltale/media/"+video, "Range", "bytes=99-"); r.StatusCode != 416 {
		t.Errorf("beyond the end: %v", r.Status)
	}
	if r := get("GET", "/telltale/media/"+video, "If-None-Match", `"`+strings.Repeat("a1", 32)+`"`); r.StatusCode != 304 {
		t.Errorf("known already: %v", r.Status)
	}
	if r := get("HEAD", "/telltale/media/"+video); r.StatusCode != 200 || body(r) != "" || r.Header.Get("Content-Length") != "10" {
		t.Errorf("head: %v", r)
	}
	if r := get("GET", "/telltale/media/"+page); r.Header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("a page is served as %v", r.Header)
	}
	for _, p := range []string{"/telltale/media/", "/telltale/media/..%2f..%2fetc%2fpasswd", "/telltale/media/" + strings.Repeat("c3", 32) + ".mp4", "/telltale/media/x.html"} {
		if r := get("GET", p); r.StatusCode != 404 {
			t.Errorf("%s: %s", p, r.Status)
		}
	}
	if r := get("POST", "/telltale/media/"+video); r.StatusCode != 405 {
		t.Errorf("POST: %s", r.Status)
	}
}
