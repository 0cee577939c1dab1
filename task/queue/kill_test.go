package queue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/task"
)

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("TELLTALE_KILL_CHILD"); dir != "" {
		if err := child(dir, os.Getenv("TELLTALE_KILL_UPSTREAM"), os.Getenv("TELLTALE_KILL_DSN")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child takes creates on a port of its own, as the gateway does, and follows the tasks.
func child(dir, upstream, dsn string) error {
	ctx := context.Background()
	q, err := openFor(ctx, dir, dsn)
	if err != nil {
		return err
	}
	p := &task.Poller{
		Store: q, Transport: http.DefaultTransport, Diagnoser: &telltale.Diagnoser{},
		First: 20 * time.Millisecond, Max: 200 * time.Millisecond,
		Keep: func(ctx context.Context, t *task.Task, f task.Fetch) (task.Media, error) {
			return keepFile(ctx, dir, f)
		},
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		resp, err := http.Post(upstream+"/v1/videos?n="+r.URL.Query().Get("n"), "application/json", strings.NewReader("{}"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		var made struct{ ID string }
		_ = json.Unmarshal(body, &made)
		now := time.Now()
		_, _, err = q.Create(r.Context(), task.Task{
			ID: "task_" + made.ID, Upstream: "u", UpstreamID: made.ID, Dialect: "openai-video", Base: upstream,
			State: task.Queued, CreatedAt: now, NextAt: now.Add(20 * time.Millisecond),
		})
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Write(body)
	}))
	if err := os.WriteFile(filepath.Join(dir, "addr.tmp"), []byte(l.Addr().String()), 0o600); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(dir, "addr.tmp"), filepath.Join(dir, "addr")); err != nil {
		return err
	}
	return q.Run(ctx, p.Step)
}

func openFor(ctx context.Context, dir, dsn string) (Queue, error) {
	if dsn != "" {
		return OpenPostgres(ctx, dsn, Options{Poll: 50 * time.Millisecond})
	}
	return OpenSQLite(ctx, filepath.Join(dir, "tasks.db"), Options{Poll: 50 * time.Millisecond})
}

// keepFile keeps as the folder store does: temporary name, then a name by content.
func keepFile(ctx context.Context, dir string, f task.Fetch) (task.Media, error) {
	req, err := http.NewRequestWithContext(ctx, "GET", f.URL, nil)
	if err != nil {
		return task.Media{}, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return task.Media{}, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != 200 {
		return task.Media{}, fmt.Errorf("status %d: %v", resp.StatusCode, err)
	}
	sum := sha256.Sum256(b)
	name := hex.EncodeToString(sum[:])
	tmp := filepath.Join(dir, "media", fmt.Sprintf(".%d-%d", os.Getpid(), rand.Int64()))
	if err := os.WriteFile(tmp, b, 0o600); err != nil {
		return task.Media{}, err
	}
	return task.Media{Name: name, SHA256: name, Bytes: int64(len(b)), ContentType: "video/mp4"}, os.Rename(tmp, filepath.Join(dir, "media", name))
}

// provider is the upstream: it makes a task for each create and ends it after a few polls.
type provider struct {
	mu      sync.Mutex
	creates map[string]int // by the client's number
	polls   map[string]int
	next    atomic.Int64
}

func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := strings.TrimPrefix(r.URL.Path, "/v1/videos/")
	switch {
	case r.Method == "POST":
		p.creates[r.URL.Query().Get("n")]++
		fmt.Fprintf(w, `{"id":"video_%d","status":"queued"}`, p.next.Add(1))
	case strings.HasSuffix(id, "/content"):
		fmt.Fprintf(w, "media of %s", id)
	default:
		p.polls[id]++
		status := []string{"queued", "in_progress", "in_progress", "completed"}[min(p.polls[id], 3)]
		fmt.Fprintf(w, `{"id":%q,"status":%q}`, id, status)
	}
}

// TestKill kills the process at any moment: no task is lost, none is created twice, each result is kept once.
func TestKill(t *testing.T) {
	tasks, kills := 200, 25
	if testing.Short() {
		tasks, kills = 40, 5
	}
	for name, dsn := range map[string]string{"sqlite": "", "postgres": os.Getenv("TELLTALE_TEST_POSTGRES")} {
		t.Run(name, func(t *testing.T) {
			if name == "postgres" {
				dsn = freshSchema(t, dsn)
			}
			killTest(t, dsn, tasks, kills)
		})
	}
}

func killTest(t *testing.T, dsn string, tasks, kills int) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "media"), 0o700); err != nil {
		t.Fatal(err)
	}
	up := &provider{creates: map[string]int{}, polls: map[string]int{}}
	srv := httptest.NewServer(up)
	defer srv.Close()

	var cmd *exec.Cmd
	start := func() {
		_ = os.Remove(filepath.Join(dir, "addr"))
		cmd = exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "TELLTALE_KILL_CHILD="+dir, "TELLTALE_KILL_UPSTREAM="+srv.URL, "TELLTALE_KILL_DSN="+dsn)
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
	}
	kill := func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }
	start()
	defer func() { kill() }()

	// The client: it sends each create once and notes the ids that it was given.
	given := map[string]bool{}
	sent := 0
	client := make(chan struct{})
	go func() {
		defer close(client)
		for len(given) < tasks {
			addr, err := os.ReadFile(filepath.Join(dir, "addr"))
			if err != nil {
				time.Sleep(5 * time.Millisecond)
				continue
			}
			sent++
			resp, err := http.Post(fmt.Sprintf("http://%s/?n=%d", addr, sent), "", nil)
			if err != nil {
				continue
			}
			body, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			var made struct{ ID string }
			if err == nil && resp.StatusCode == 200 && json.Unmarshal(body, &made) == nil {
				given[made.ID] = true
			}
			time.Sleep(time.Duration(rand.IntN(30)) * time.Millisecond)
		}
	}()
	for range kills {
		time.Sleep(time.Duration(200+rand.IntN(500)) * time.Millisecond)
		kill()
		start()
	}
	select {
	case <-client:
	case <-time.After(2 * time.Minute):
		t.Fatal("the client did not get its tasks")
	}

	q, err := openFor(t.Context(), dir, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	began := time.Now()
	var open int
	for {
		list, err := q.List(t.Context(), task.Filter{Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		open = 0
		for _, k := range list {
			if k.State != task.Succeeded {
				open++
			}
		}
		if open == 0 {
			break
		}
		if time.Since(began) > 90*time.Second {
			t.Fatalf("%d tasks have not succeeded: %+v", open, list[0])
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Logf("%d kills; all ended %s after the last", kills, time.Since(began).Round(time.Millisecond))

	list, err := q.List(t.Context(), task.Filter{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	stored := map[string]bool{}
	for _, k := range list {
		stored[k.UpstreamID] = true
		if len(k.Media) != 1 {
			t.Errorf("task %s has %d results, want 1", k.ID, len(k.Media))
		}
	}
	for id := range given {
		if !stored[id] {
			t.Errorf("the client was given %s, and it is lost", id)
		}
	}
	up.mu.Lock()
	defer up.mu.Unlock()
	for n, times := range up.creates {
		if times != 1 {
			t.Errorf("create %s was sent %d times", n, times)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "media", "[0-9a-f]*")) // not what a killed process left half written
	if err != nil || len(files) != len(list) {
		t.Errorf("%d files for %d tasks (%v)", len(files), len(list), err)
	}
}
