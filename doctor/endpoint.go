package doctor

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"sort"
	"strings"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
)

func checkEndpoint() Check {
	return Check{ID: "endpoint", Title: "Endpoint", Doc: "What answers at the base URL is an API that takes the key: no redirect, no web page, no 404. " +
		"When it is none, the same address with and without /v1 is tried.", Needs: []string{"tcp", "tls"}, run: runEndpoint}
}

func checkModels() Check {
	return Check{ID: "models", Title: "Model listed", Doc: "The model is in the endpoint's list of models. Without --model a small one is taken from the list.", Needs: []string{"endpoint"}, run: runModels}
}

func (s *session) modelsPath() string {
	if s.anthropic {
		return "/v1/models"
	}
	return "/models"
}

func runEndpoint(ctx context.Context, s *session) Result {
	x := s.ask(ctx, http.MethodGet, s.modelsPath(), telltale.Models, nil)
	d := telltale.Diagnose(x)
	if x.Response == nil {
		return judged(d)
	}
	status := x.Response.Status
	if status >= 300 && status < 400 {
		return fail(fmt.Sprintf("the endpoint answers with a redirect (%d) to %s", status, redactURL(x.Response.Header.Get("Location"))),
			"Use the address that it redirects to: SDKs lose the key or the method on a redirect.")
	}
	if ids, ok := modelIDs(x.Response.Body); ok && status == http.StatusOK {
		s.models = ids
		return good(fmt.Sprintf("an API answers and takes the key (%s)", took(x)))
	}
	page := d.Cause == fault.NotAPIResponse || looksPage(x.Response.Body)
	if page || status == http.StatusNotFound || status == http.StatusMethodNotAllowed {
		if better := s.tryOthers(ctx); better != "" {
			return fail(fmt.Sprintf("%s is not the API's address (status %d), and %s is", s.base.Redacted(), status, better), "Use --base-url "+better)
		}
	}
	switch {
	case page:
		r := fail(fmt.Sprintf("a web page answers at the base URL (status %d), not an API", status), "Check the base URL: it is that of a website, a login or a proxy.")
		r.Diagnosis = &d
		return r
	case status == http.StatusNotFound || status == http.StatusMethodNotAllowed:
		return warn("an API answers, but it has no list of models", "Give the model with --model.")
	case !d.OK():
		return judged(d)
	}
	return good(fmt.Sprintf("status %d (%s)", status, took(x)))
}

func looksPage(body []byte) bool {
	low := bytes.ToLower(bytes.TrimSpace(body[:min(len(body), 512)]))
	return bytes.HasPrefix(low, []byte("<!doctype")) || bytes.HasPrefix(low, []byte("<html"))
}

// tryOthers looks for the API at the addresses that are usually meant.
func (s *session) tryOthers(ctx context.Context) string {
	path := strings.TrimRight(s.base.Path, "/")
	var paths []string
	if strings.HasSuffix(path, "/v1") {
		paths = append(paths, strings.TrimSuffix(path, "/v1"))
	} else {
		paths = append(paths, path+"/v1")
	}
	if path != "" && path != "/v1" {
		paths = append(paths, "/v1")
	}
	paths = append(paths, "/api/v1", "/openai/v1")
	was := s.base
	defer func() { s.base = was }()
	for _, p := range paths {
		u := *was
		u.Path = p
		s.base = &u
		x := s.ask(ctx, http.MethodGet, s.modelsPath(), telltale.Models, nil)
		if x.Response == nil {
			continue
		}
		_, list := modelIDs(x.Response.Body)
		if list && x.Response.Status == http.StatusOK || x.Response.Status == http.StatusUnauthorized && json.Valid(x.Response.Body) {
			return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: p}).String()
		}
	}
	return ""
}

// modelIDs reads a list of models, as OpenAI and Anthropic ({"data":[{"id"}]}), Gemini and others ({"models":[{"name"}]}) write it.
func modelIDs(body []byte) ([]string, bool) {
	var list struct {
		Data, Models []struct{ ID, Name string }
	}
	if json.Unmarshal(body, &list) != nil {
		var bare []struct{ ID, Name string } // Together: a bare list
		if json.Unmarshal(body, &bare) != nil {
			return nil, false
		}
		list.Data = bare
	}
	if list.Data == nil && list.Models == nil {
		return nil, false
	}
	var ids []string
	for _, m := range append(list.Data, list.Models...) {
		if m.ID == "" {
			m.ID = strings.TrimPrefix(m.Name, "models/")
		}
		ids = append(ids, m.ID)
	}
	return ids, true
}

func runModels(_ context.Context, s *session) Result {
	if len(s.models) == 0 {
		if s.model == "" {
			return Result{State: Skipped, Seen: "the endpoint lists no models, and none was given", Do: []string{"Give one with --model."}}
		}
		return skipped("the endpoint lists no models; " + s.model + " is tried as it is")
	}
	if s.model == "" {
		s.model = smallModel(s.models)
		return good(fmt.Sprintf("%d models are listed; %s is taken for the checks below", len(s.models), s.model))
	}
	var missing []string
	for _, m := range []string{s.model, s.o.ImageModel, s.o.VideoModel} {
		if m != "" && !contains(s.models, m) {
			missing = append(missing, m)
		}
	}
	if len(missing) == 0 {
		return good(fmt.Sprintf("%s is among the %d models of this key", s.model, len(s.models)))
	}
	seen := fmt.Sprintf("%s is not among the %d models of this key", strings.Join(missing, ", "), len(s.models))
	do := []string{"Take one that is listed; the nearest are " + strings.Join(nearest(s.models, missing[0]), ", ") + "."}
	if missing[0] != s.model {
		return warn(seen, do...)
	}
	// A list may leave out aliases and media models: the call below decides.
	return warn(seen, append(do, "The call below shows whether it is served all the same.")...)
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s || strings.TrimPrefix(e, "models/") == s {
			return true
		}
	}
	return false
}

// smallModel takes a cheap model of text out of a list.
func smallModel(ids []string) string {
	bad := []string{"embed", "image", "video", "tts", "whisper", "audio", "realtime", "moderation", "transcribe", "dall-e", "sora", "veo", "rerank", "imagen", "kling", "mj_", "flux", "search", "guard", "ocr", "instruct", "codex", "speech", "banana"}
	for _, want := range []string{"nano", "mini", "flash-lite", "haiku", "flash", "small", "lite", "8b", "instant", ""} {
		for _, id := range ids {
			low := strings.ToLower(id)
			usable := strings.Contains(low, want)
			for _, b := range bad {
				usable = usable && !strings.Contains(low, b)
			}
			if usable && !(want == "mini" && strings.Contains(low, "gemini") && !strings.Contains(strings.Replace(low, "gemini", "", 1), "mini")) {
				return id
			}
		}
	}
	return ids[0]
}

// nearest gives the three names that share most with s.
func nearest(ids []string, s string) []string {
	out := append([]string(nil), ids...)
	score := func(id string) int {
		n := 0
		for n < len(id) && n < len(s) && id[n] == s[n] {
			n++
		}
		for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == '-' || r == '.' || r == '/' || r == '_' }) {
			if strings.Contains(id, part) {
				n += 2
			}
		}
		return n
	}
	sort.SliceStable(out, func(i, j int) bool { return score(out[i]) > score(out[j]) })
	return out[:min(3, len(out))]
}
