package doctor

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/telltale-ai/telltale/sim"
)

const canary = "sk-canary-3f9c1d7e5b2a4860"

func run(t *testing.T, o Options) (Report, map[string]Result) {
	t.Helper()
	if o.Key == "" {
		o.Key = canary
	}
	o.Timeout = 10 * time.Second
	var told int
	r := Run(t.Context(), o, func(Result) { told++ })
	if told != len(r.Checks) || len(r.Checks) != len(Checks()) {
		t.Errorf("%d results were told of, %d are in the report, of %d checks", told, len(r.Checks), len(Checks()))
	}
	by := map[string]Result{}
	for _, c := range r.Checks {
		by[c.ID] = c
		if c.State == Failed && len(c.Do) == 0 {
			t.Errorf("%s failed without saying what to do", c.ID)
		}
		if c.Seen == "" {
			t.Errorf("%s says nothing", c.ID)
		}
	}
	j, _ := json.Marshal(r)
	if strings.Contains(string(j), cleanKey(o.Key)) && len(cleanKey(o.Key)) > 8 {
		t.Errorf("the key is in the report: %s", j)
	}
	return r, by
}

func serve(t *testing.T, h http.Handler) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func TestHealthy(t *testing.T) {
	url := serve(t, &sim.Server{})
	r, by := run(t, Options{BaseURL: url + "/v1", Model: "gpt-5.4"})
	for id, c := range by {
		if c.State == Failed {
			t.Errorf("%s: %s", id, c.Seen)
		}
	}
	if !r.OK || by["call"].State != OK || by["stream"].State != OK || by["image"].State != Skipped || by["video"].State != Skipped {
		t.Errorf("%+v", r)
	}
}

func TestMedia(t *testing.T) {
	if testing.Short() {
		t.Skip("waits 5 s for a task")
	}
	url := serve(t, &sim.Server{})
	_, by := run(t, Options{BaseURL: url + "/v1", Model: "gpt-5.4", ImageModel: "gpt-image-2", VideoModel: "sora-2"})
	if by["image"].State != OK || by["video"].State != OK {
		t.Errorf("image %+v, video %+v", by["image"], by["video"])
	}
}

// Each mistake shows in its own check, with the remedy.
func TestMistakes(t *testing.T) {
	url := serve(t, &sim.Server{})
	page := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Write([]byte("<!DOCTYPE html><html><title>Welcome</title></html>"))
	}))
	moved := serve(t, http.RedirectHandler("https://elsewhere.test/v1", http.StatusMovedPermanently))
	echo := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(401)
		json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"message": "Incorrect API key provided: " + strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), "code": "invalid_api_key"}})
	}))
	for name, c := range map[string]struct {
		o     Options
		check string
		state State
		seen  string
		do    string
	}{
		"Bearer in key":    {Options{BaseURL: url + "/v1", Key: "Bearer " + canary}, "key", Failed, "Bearer", "Remove"},
		"quotes":           {Options{BaseURL: url + "/v1", Key: `"` + canary + `"`}, "key", Failed, "quotes", "Remove"},
		"line break":       {Options{BaseURL: url + "/v1", Key: canary + "\n"}, "key", Failed, "line break", "Remove"},
		"blank":            {Options{BaseURL: url + "/v1", Key: canary + " "}, "key", Failed, "blank", "Remove"},
		"invisible":        {Options{BaseURL: url + "/v1", Key: canary + "\u200b"}, "key", Failed, "character", "Copy"},
		"placeholder":      {Options{BaseURL: url + "/v1", Key: "your-api-key-here"}, "key", Failed, "placeholder", "real key"},
		"no scheme":        {Options{BaseURL: "api.openai.com.invalid/v1"}, "base_url", Failed, "scheme", "https://api.openai.com.invalid/v1"},
		"double v1":        {Options{BaseURL: url + "/v1/v1"}, "base_url", Failed, "twice", url + "/v1"},
		"whole path":       {Options{BaseURL: url + "/v1/chat/completions"}, "base_url", Failed, "/chat/completions", url + "/v1"},
		"missing v1":       {Options{BaseURL: url, Model: "gpt-5.4"}, "endpoint", Failed, "is not the API's address", url + "/v1"},
		"web page":         {Options{BaseURL: page + "/v1"}, "endpoint", Failed, "web page", "base URL"},
		"redirect":         {Options{BaseURL: moved + "/v1"}, "endpoint", Failed, "redirect", "redirects to"},
		"no such host":     {Options{BaseURL: "https://no-such-host.invalid/v1"}, "dns", Failed, "no-such-host.invalid", "DNS"},
		"nobody listens":   {Options{BaseURL: "http://127.0.0.1:1/v1"}, "tcp", Failed, "no connection", "port"},
		"key not taken":    {Options{BaseURL: echo + "/v1"}, "endpoint", Failed, "authentication", "key"},
		"unknown model":    {Options{BaseURL: url + "/v1", Model: "gpt-99"}, "models", Warning, "not among", "nearest"},
		"http, not https":  {Options{BaseURL: strings.Replace(url, "http:", "https:", 1) + "/v1"}, "tls", Failed, "not https", "http://"},
		"clock is wrong":   {Options{BaseURL: url + "/v1", Model: "gpt-5.4", Now: func() time.Time { return time.Now().Add(time.Hour) }}, "clock", Failed, "ahead", "NTP"},
		"call is limited":  {Options{BaseURL: url + "/v1", Model: "gpt-5.4@429"}, "call", Failed, "rate_limited", ""},
		"answer is empty":  {Options{BaseURL: url + "/v1", Model: "fault-content-filter"}, "call", Failed, "content_filter", ""},
		"no image in data": {Options{BaseURL: url + "/v1", Model: "gpt-5.4", ImageModel: "gpt-image-2@image-empty"}, "image", Failed, "content_filter", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r, by := run(t, c.o)
			got := by[c.check]
			if got.State != c.state || !strings.Contains(got.Seen, c.seen) || !strings.Contains(strings.Join(got.Do, " "), c.do) {
				t.Errorf("%s: %s %q, do %q", c.check, got.State, got.Seen, got.Do)
			}
			if r.OK != (c.state != Failed) && c.state == Failed {
				t.Error("the report is ok although a check failed")
			}
		})
	}
}

// What shows without a connection is found without one.
func TestMistakesByForm(t *testing.T) {
	for name, c := range map[string]struct {
		o     Options
		check string
		state State
		seen  string
		do    string
	}{
		"no key":            {Options{BaseURL: "https://api.openai.com.invalid/v1", Key: " "}, "key", Failed, "not set", "export"},
		"another's key":     {Options{BaseURL: "https://api.openai.com/v1", Key: "sk-ant-api03-" + canary}, "key", Failed, "Anthropic", "base URL of Anthropic"},
		"known, no v1":      {Options{BaseURL: "https://api.cometapi.com"}, "base_url", Failed, "misses /v1", "https://api.cometapi.com/v1"},
		"Anthropic with v1": {Options{BaseURL: "https://api.anthropic.com/v1", Key: "sk-ant-" + canary}, "base_url", Failed, "twice", "https://api.anthropic.com"},
		"all well":          {Options{BaseURL: "https://api.openai.com/v1", Key: "sk-proj-" + canary}, "key", OK, "OpenAI", ""},
		"local, no key":     {Options{BaseURL: "http://localhost:11434/v1"}, "key", Warning, "local", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSession(c.o)
			got := map[string]func(context.Context, *session) Result{"key": runKey, "base_url": runBaseURL}[c.check](t.Context(), s)
			if got.State != c.state || !strings.Contains(got.Seen, c.seen) || !strings.Contains(strings.Join(got.Do, " "), c.do) {
				t.Errorf("%s %q, do %q", got.State, got.Seen, got.Do)
			}
		})
	}
}

// A check whose ground is missing says which.
func TestSkipped(t *testing.T) {
	_, by := run(t, Options{BaseURL: "http://127.0.0.1:1/v1"})
	for _, id := range []string{"tls", "endpoint", "call", "stream", "image"} {
		if by[id].State != Skipped || !strings.Contains(by[id].Seen, "did not run") && !strings.Contains(by[id].Seen, "failed") {
			t.Errorf("%s: %+v", id, by[id])
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	for _, c := range Run(ctx, Options{}, nil).Checks {
		if c.State != Skipped {
			t.Errorf("%s ran although the run was stopped", c.ID)
		}
	}
}

// A server with a certificate of its own is named, and nothing is sent to it.
func TestUnknownIssuer(t *testing.T) {
	asked := false
	s := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer s.Close()
	s.Config.ErrorLog = nil
	_, by := run(t, Options{BaseURL: s.URL + "/v1"})
	if by["tls"].State != Failed || !strings.Contains(by["tls"].Seen, "not trust") || asked {
		t.Errorf("%+v, asked %v", by["tls"], asked)
	}
}

func TestEveryCheckIsTold(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Checks() {
		if c.ID == "" || c.Title == "" || c.Doc == "" || c.run == nil || seen[c.ID] {
			t.Errorf("%+v is incomplete or doubled", c)
		}
		for _, n := range c.Needs {
			if !seen[n] {
				t.Errorf("%s needs %s, which does not come before it", c.ID, n)
			}
		}
		seen[c.ID] = true
	}
}

func TestAnthropic(t *testing.T) {
	url := serve(t, http.StripPrefix("/anthropic", &sim.Server{}))
	r, by := run(t, Options{BaseURL: url + "/anthropic", Model: "claude-sonnet-4"})
	if !r.OK || by["call"].State != OK || by["stream"].State != OK || by["json"].State != Skipped {
		t.Errorf("%+v", r)
	}
}
