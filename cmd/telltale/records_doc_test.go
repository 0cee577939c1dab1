package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/telltale-ai/telltale/dashboard"
	"github.com/telltale-ai/telltale/internal/config"
	"github.com/telltale-ai/telltale/sqlite"
)

// TestRecordsDoc runs the console blocks of docs/records.md: what stands under a command is what it prints,
// where "..." on a line of its own stands for any lines, and within a line for any text.
func TestRecordsDoc(t *testing.T) {
	doc, err := os.ReadFile("../../docs/records.md")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	zone := time.Local
	time.Local = time.UTC
	defer func() { time.Local = zone }()
	args := os.Args
	os.Args = []string{"record-some", "telltale-data"}
	recordSome()
	os.Args = args
	s, err := sqlite.OpenRecords("telltale-data")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	srv := httptest.NewServer(dashboard.New(dashboard.Options{Store: s}))
	defer srv.Close()

	commands := 0
	for _, block := range regexp.MustCompile("(?ms)^```console\n(.*?)^```").FindAllStringSubmatch(string(doc), -1) {
		for part := range strings.SplitSeq(strings.TrimPrefix(block[1], "$ "), "\n$ ") {
			command, want, _ := strings.Cut(part, "\n")
			commands++
			got := runDoc(t, command, srv.URL)
			lines := strings.Split(regexp.QuoteMeta(strings.TrimSpace(want)), "\n")
			for i, l := range lines {
				if lines[i] = strings.ReplaceAll(strings.TrimRight(l, " "), `\.\.\.`, ".*?"); lines[i] == ".*?" {
					lines[i] = "(?s:.*?)"
				}
			}
			pattern := strings.Join(lines, " *\n")
			if !regexp.MustCompile(`^` + pattern + `\s*$`).MatchString(strings.TrimSpace(got)) {
				t.Errorf("$ %s\nprints\n%s\nthe document says\n%s", command, got, want)
			}
		}
	}
	if commands < 5 {
		t.Errorf("%d commands in the document", commands)
	}
}

func runDoc(t *testing.T, command, url string) string {
	t.Helper()
	words := strings.Fields(command)
	var out bytes.Buffer
	switch words[0] {
	case "telltale":
		a := &app{ctx: t.Context(), stdin: strings.NewReader(""), stdout: &out, stderr: &out, getenv: func(string) string { return "" }}
		a.run(words[1:])
	case "curl":
		target := strings.Trim(words[len(words)-1], "'")
		resp, err := http.Get(strings.Replace(target, "http://127.0.0.1:8484", url, 1))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		io.Copy(&out, resp.Body)
	default:
		fmt.Fprintf(&out, "this test cannot run %s", words[0])
	}
	return out.String()
}

// TestServingWithoutRecords gives the gateway a data directory that cannot be made.
func TestServingWithoutRecords(t *testing.T) {
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"data":[]}`) }))
	defer provider.Close()
	file := t.TempDir() + "/file"
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := config.Default()
	cfg.Data, cfg.DefaultUpstream, cfg.Upstreams = file+"/data", "p", map[string]config.Upstream{"p": {BaseURL: provider.URL}}
	var errs syncBuffer
	a := &app{ctx: context.Background(), stdout: io.Discard, stderr: &errs, getenv: func(string) string { return "" }}
	s, err := a.newServer(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	if w := strings.Join(s.warnings, "\n"); !strings.Contains(w, "calls are not recorded: the data directory cannot be made") || !strings.Contains(w, "--data") {
		t.Errorf("warnings: %s", w)
	}
	gate := httptest.NewServer(s.gateway)
	defer gate.Close()
	for path, want := range map[string]string{"/v1/models": `{"data":[]}`, "/telltale/api/calls": `"hint":"give a directory`} {
		resp, err := http.Get(gate.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if !strings.Contains(string(b), want) {
			t.Errorf("%s: %s %s", path, resp.Status, b)
		}
	}
}
