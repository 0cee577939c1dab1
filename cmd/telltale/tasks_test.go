package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/telltale-ai/telltale/internal/config"
	"github.com/telltale-ai/telltale/sim"
)

// tasksRig is a gateway as `serve` makes it, in front of the simulator, with its data in the working directory.
func tasksRig(t *testing.T, tune func(*config.Config)) *httptest.Server {
	t.Helper()
	provider := httptest.NewServer(&sim.Server{Seed: 2})
	t.Cleanup(provider.Close)
	t.Chdir(t.TempDir())
	cfg := config.Default()
	cfg.DefaultUpstream, cfg.Upstreams = "default", map[string]config.Upstream{"default": {BaseURL: provider.URL + "/v1"}}
	cfg.Tasks.PollFirst, cfg.Tasks.PollMax = config.Duration(20*time.Millisecond), config.Duration(100*time.Millisecond)
	if tune != nil {
		tune(cfg)
	}
	a := &app{ctx: context.Background(), stdout: io.Discard, stderr: io.Discard, getenv: func(string) string { return "" }}
	s, err := a.newServer(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	if len(s.warnings) > 0 {
		t.Errorf("warnings: %q", s.warnings)
	}
	gate := httptest.NewServer(s.gateway)
	t.Cleanup(gate.Close)
	s.at.Store(strings.TrimPrefix(gate.URL, "http://"))
	return gate
}

func post(t *testing.T, url, body string) *http.Response {
	t.Helper()
	resp, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return resp
}

// run runs a command line in this process.
func runCommand(t *testing.T, line string) (string, int) {
	t.Helper()
	var out bytes.Buffer
	a := &app{ctx: t.Context(), stdin: strings.NewReader(""), stdout: &out, stderr: &out, getenv: func(string) string { return "" }}
	code := a.run(strings.Fields(line))
	return out.String(), code
}

// TestMediaDocument runs the examples of docs/media.md: "..." stands for anything.
func TestMediaDocument(t *testing.T) {
	doc, err := os.ReadFile("../../docs/media.md")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("LANG", "C.UTF-8")
	gate := tasksRig(t, nil)
	id, ran := "", 0
	for _, b := range regexp.MustCompile("(?ms)^```console\n\\$ (.*?)\n(.*?)^```").FindAllStringSubmatch(string(doc), -1) {
		command := strings.NewReplacer("$TASK", id, "http://127.0.0.1:8484", gate.URL).Replace(b[1])
		var got string
		switch words := strings.Fields(command); {
		case words[0] == "telltale":
			got, _ = runCommand(t, strings.TrimPrefix(command, "telltale "))
		case len(words) == 5 && words[3] == "-d":
			resp := post(t, words[2], words[4])
			id = resp.Header.Get("Telltale-Task-Id")
			var buf bytes.Buffer
			buf.WriteString(resp.Proto + " " + resp.Status + "\n")
			_ = resp.Header.Write(&buf)
			buf.WriteString("\n")
			_, _ = io.Copy(&buf, resp.Body)
			got = strings.ReplaceAll(buf.String(), "\r\n", "\n")
		default:
			resp, err := http.Get(words[len(words)-1])
			if err != nil {
				t.Fatal(err)
			}
			all, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			got = string(all)
		}
		ran++
		want := regexp.QuoteMeta(strings.TrimSpace(b[2]))
		want = regexp.MustCompile(` +`).ReplaceAllString(want, ` +`)
		want = strings.ReplaceAll(want, `\.\.\.`, `(?s:.*?)`)
		if !regexp.MustCompile("^" + want + `\s*$`).MatchString(strings.TrimSpace(got)) {
			t.Errorf("$ %s\nprints\n%s\nthe document says\n%s", command, got, b[2])
		}
	}
	if ran < 4 {
		t.Errorf("%d examples ran", ran)
	}
}

// TestTasksCommand: lists, JSON and mistakes.
func TestTasksCommand(t *testing.T) {
	gate := tasksRig(t, nil)
	if out, code := runCommand(t, "tasks --data nowhere"); code != 1 || !strings.Contains(out, "error: there are no tasks in nowhere") || !strings.Contains(out, "hint: ") {
		t.Errorf("%d %s", code, out)
	}
	if out, code := runCommand(t, "tasks"); code != 0 || !strings.Contains(out, "no tasks that fit") {
		t.Errorf("%d %s", code, out)
	}
	id := post(t, gate.URL+"/v1/videos", `{"model":"m@video-failed","prompt":"a boat"}`).Header.Get("Telltale-Task-Id")
	resp, err := http.Get(gate.URL + "/telltale/api/tasks/" + id + "?wait=20")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	out, code := runCommand(t, "tasks "+id)
	for _, want := range []string{id, "failed", "content_filter", "likely", "evidence", "do "} {
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("%d, without %q: %s", code, want, out)
		}
	}
	out, _ = runCommand(t, "tasks --json --state failed")
	var list struct{ Tasks []map[string]any }
	if err := json.Unmarshal([]byte(out), &list); err != nil || len(list.Tasks) != 1 || list.Tasks[0]["id"] != id {
		t.Errorf("%s %v", out, err)
	}
	for _, k := range []string{"id", "upstream_id", "upstream", "provider", "state", "progress", "polls", "created_at", "updated_at", "media", "diagnosis"} {
		if _, ok := list.Tasks[0][k]; !ok {
			t.Errorf("no %q", k)
		}
		delete(list.Tasks[0], k)
	}
	if len(list.Tasks[0]) > 0 {
		t.Errorf("keys beyond the contract: %v", list.Tasks[0])
	}
	if out, code := runCommand(t, "tasks task_none"); code != 1 || !strings.Contains(out, "hint: ") {
		t.Errorf("%d %s", code, out)
	}
	if out, code := runCommand(t, "tasks --state lost"); code != 2 {
		t.Errorf("%d %s", code, out)
	}
}

// TestTasksGuarded: with a token, tasks are told to nobody without it; media is served to who knows its name.
func TestTasksGuarded(t *testing.T) {
	gate := tasksRig(t, func(c *config.Config) { c.Admin.Token = config.Plain("s3cret-token") })
	for path, want := range map[string]int{"/telltale/api/tasks": 401, "/telltale/api/tasks/x": 401, "/telltale/media/" + strings.Repeat("0", 64) + ".mp4": 404} {
		resp, err := http.Get(gate.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: %s, want %d", path, resp.Status, want)
		}
	}
}
