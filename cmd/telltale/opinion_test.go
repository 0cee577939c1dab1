package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/telltale-ai/telltale/internal/config"
	"github.com/telltale-ai/telltale/record"
)

// opinionated is a provider whose model errs and whose judge notices.
func opinionated() http.Handler {
	var totals atomic.Int32
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var ask struct {
			Model    string
			Messages []struct{ Content string }
		}
		if json.NewDecoder(r.Body).Decode(&ask) != nil || len(ask.Messages) == 0 {
			http.Error(w, "{}", 400)
			return
		}
		text := "The ship carried 400 crates."
		switch {
		case ask.Model == "judge-1":
			text = `{"verdict":"good","cause":"ok","reason":""}`
			if strings.Contains(ask.Messages[0].Content, "Every number in the summary") && strings.Contains(ask.Messages[1].Content, "400 crates") {
				text = `{"verdict":"bad","cause":"unexpected_output","reason":"The text says 40 crates, not 400."}`
			}
		case strings.HasPrefix(ask.Messages[0].Content, "Total"):
			text = `{"total": 4200}`
			if totals.Add(1) == 2 {
				text = `{"total": 4020}`
			}
		}
		q, _ := json.Marshal(text)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"id":"c","object":"chat.completion","created":1,"model":%q,"choices":[{"index":0,"message":{"role":"assistant","content":%s},"finish_reason":"stop"}],"usage":{"prompt_tokens":40,"completion_tokens":10,"total_tokens":50}}`, ask.Model, q)
	})
}

// The section on second opinions in docs/silent.md: its configuration is loaded and its commands are run, through
// the gateway as `serve` makes it.
func TestSecondOpinionDocument(t *testing.T) {
	doc, err := os.ReadFile("../../docs/silent.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(doc), "## A second opinion\n")
	if section, _, _ = strings.Cut(section, "\n## "); !ok {
		t.Fatal("docs/silent.md has no such section")
	}
	found := regexp.MustCompile("(?ms)^```(yaml|console)\n(.*?)^```").FindAllStringSubmatch(section, -1)
	if len(found) != 2 {
		t.Fatalf("%d blocks", len(found))
	}
	provider := httptest.NewServer(opinionated())
	t.Cleanup(provider.Close)
	t.Chdir(t.TempDir())
	cfg, err := config.Parse("telltale.yaml", []byte(found[0][2]+"upstreams: {p: {base_url: \""+provider.URL+"/v1\"}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	a := &app{ctx: context.Background(), stdout: io.Discard, stderr: io.Discard, getenv: func(string) string { return "" }}
	s, err := a.newServer(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	gate := httptest.NewServer(s.gateway)
	t.Cleanup(gate.Close)

	ran := 0
	for _, b := range strings.Split(found[1][2], "$ curl ")[1:] {
		command, want, _ := strings.Cut(b, "\n")
		if got := curl(t, strings.ReplaceAll(command, "http://127.0.0.1:8484", gate.URL)); !like(want).MatchString(got) {
			t.Errorf("curl %s\ngot:\n%s\nwant:\n%s", command, got, want)
		}
		ran++
	}
	if ran != 4 {
		t.Errorf("%d commands", ran)
	}

	// Every call of Telltale's own is in the record, with its cost, and can be told from the clients'.
	var recorded record.Page
	if err := json.Unmarshal([]byte(getPage(t, gate.URL+"/telltale/api/calls")), &recorded); err != nil {
		t.Fatal(err)
	}
	tasks := map[string]int{}
	for _, c := range recorded.Calls {
		if tasks[c.Task.String()]++; c.InputTokens != 40 || c.OutputTokens != 10 {
			t.Errorf("%s cost %d and %d tokens", c.Task, c.InputTokens, c.OutputTokens)
		}
	}
	if want := (map[string]int{"summary": 1, "judge:summary": 1, "total": 1, "agree:total": 2}); !maps.Equal(tasks, want) {
		t.Errorf("recorded %v, not %v", tasks, want)
	}

	page := getPage(t, gate.URL+"/metrics")
	for _, want := range []string{`asked_by="judge",cause="ok",class="ok",model="judge-1",surface="chat",upstream="p"} 1`, `asked_by="agree",cause="ok",class="ok",model="gpt-5.4-mini",surface="chat",upstream="p"} 2`, "telltale_recorder_recorded_total 5\n", "telltale_circuits_open 0\n"} {
		if !strings.Contains(page, want) {
			t.Errorf("/metrics misses %s", want)
		}
	}
}

// curl does what the command line of that name does with URL, -i, -s, -H and -d.
func curl(t *testing.T, line string) string {
	t.Helper()
	var words []string
	for _, m := range regexp.MustCompile(`'([^']*)'|(\S+)`).FindAllStringSubmatch(line, -1) {
		words = append(words, m[1]+m[2])
	}
	method, url, body, head, header := "GET", "", "", false, http.Header{}
	for i := 0; i < len(words); i++ {
		switch words[i] {
		case "-i":
			head = true
		case "-s":
		case "-H":
			i++
			name, value, _ := strings.Cut(words[i], ": ")
			header.Set(name, value)
		case "-d":
			i++
			method, body = "POST", words[i]
		default:
			url = words[i]
		}
	}
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = header
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var out strings.Builder
	if head {
		out.WriteString(resp.Proto + " " + resp.Status + "\n")
		var h strings.Builder
		_ = resp.Header.Write(&h)
		out.WriteString(strings.ReplaceAll(h.String(), "\r\n", "\n") + "\n")
	}
	if _, err := io.Copy(&out, resp.Body); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(out.String(), "\n") + "\n"
}

func getPage(t *testing.T, url string) string {
	t.Helper()
	return curl(t, url)
}

// /metrics is for whom the dashboard is for, and stands beside it; /readyz stays ready when only the record fails.
func TestMetricsAndReadiness(t *testing.T) {
	provider := httptest.NewServer(opinionated())
	t.Cleanup(provider.Close)
	file := t.TempDir() + "/file"
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	serve := func(tune func(*config.Config)) (gate, admin *httptest.Server, s *server) {
		cfg := config.Default()
		cfg.Data, cfg.DefaultUpstream, cfg.Upstreams = t.TempDir(), "p", map[string]config.Upstream{"p": {BaseURL: provider.URL + "/v1"}}
		tune(cfg)
		a := &app{ctx: context.Background(), stdout: io.Discard, stderr: io.Discard, getenv: func(string) string { return "" }}
		s, err := a.newServer(cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.close)
		gate, admin = httptest.NewServer(s.gateway), httptest.NewServer(s.admin)
		t.Cleanup(gate.Close)
		t.Cleanup(admin.Close)
		return gate, admin, s
	}
	const counts = "# TYPE go_goroutines gauge"

	gate, _, _ := serve(func(c *config.Config) { c.Admin.Token = config.Plain("tok-1") })
	if got := getPage(t, gate.URL+"/metrics"); strings.Contains(got, counts) || !strings.Contains(got, "a token is needed") {
		t.Errorf("without the token: %s", got)
	}
	if got := curl(t, gate.URL+"/metrics -H 'Authorization: Bearer tok-1'"); !strings.Contains(got, counts) {
		t.Errorf("with the token: %s", got)
	}
	if got := curl(t, gate.URL+"/metrics -H 'X-Forwarded-For: 1.2.3.4'"); strings.Contains(got, counts) {
		t.Error("a stranger was let in")
	}

	gate, admin, _ := serve(func(c *config.Config) { c.Admin.Listen = "127.0.0.1:0" })
	if got := getPage(t, admin.URL+"/metrics"); !strings.Contains(got, counts) {
		t.Errorf("on the administration's address: %s", got)
	}
	if got := getPage(t, gate.URL+"/metrics"); strings.Contains(got, counts) {
		t.Error("metrics are served on the gateway's address too")
	}
	if got := getPage(t, gate.URL+"/readyz"); got != "ready\n" {
		t.Errorf("/readyz: %q", got)
	}

	gate, _, s := serve(func(c *config.Config) { c.Data = file + "/data" })
	if got := curl(t, "-i "+gate.URL+`/v1/chat/completions -d '{"model":"m","messages":[{"role":"user","content":"x"}]}'`); !strings.Contains(got, "200 OK") {
		t.Error(got)
	}
	_ = s.recorder.Flush(t.Context())
	got := curl(t, "-i "+gate.URL+"/readyz")
	if !strings.HasPrefix(got, "HTTP/1.1 200 OK") || !strings.Contains(got, "\nready\nwarning: calls are not recorded just now, the store fails (") || strings.Contains(got, file) {
		t.Errorf("/readyz: %s", got)
	}
	if got := getPage(t, gate.URL+"/metrics"); !strings.Contains(got, "telltale_recorder_failing 1\n") {
		t.Error("/metrics does not tell that the store fails")
	}
}
