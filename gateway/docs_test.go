package gateway_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestDocs holds docs/gateway.md to the code: every header is in both, and the error that it shows is what comes.
func TestDocs(t *testing.T) {
	b, err := os.ReadFile("../docs/gateway.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(b)
	name := regexp.MustCompile(`Telltale-[A-Z][a-z]+`)
	inCode := map[string]bool{}
	files, _ := filepath.Glob("*.go")
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range name.FindAllString(string(src), -1) {
			inCode[h] = true
			if !strings.Contains(doc, "`"+h+"`") {
				t.Errorf("%s names %s, docs/gateway.md does not", f, h)
			}
		}
	}
	for _, h := range name.FindAllString(doc, -1) {
		if !inCode[h] {
			t.Errorf("docs/gateway.md names %s, the code does not", h)
		}
	}

	_, shown, _ := strings.Cut(doc, "```json\n")
	shown, _, _ = strings.Cut(shown, "\n```")
	gs := stand(t, quick, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"id":"c","object":"chat.completion","model":"gpt-5.4-mini","choices":[{"index":0,"message":{"role":"assistant","content":null},"finish_reason":"content_filter"}]}`)
	})
	resp, body := ask(t, gs.URL, "/v1/chat/completions", question, "Telltale-Mode", "strict")
	if want := strings.TrimSuffix(shown, "}") + `,"telltale":{`; resp.StatusCode != 422 || !strings.HasPrefix(body, want) {
		t.Errorf("%d %s\nthe docs show\n%s", resp.StatusCode, body, shown)
	}
	wantHeader(t, resp.Header, "Telltale-Class", "soft")
}
