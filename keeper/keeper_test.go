package keeper_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/folder"
	"github.com/telltale-ai/telltale/gateway"
	"github.com/telltale-ai/telltale/keeper"
	"github.com/telltale-ai/telltale/recovery"
	"github.com/telltale-ai/telltale/sim"
	"github.com/telltale-ai/telltale/task"
	"github.com/telltale-ai/telltale/task/queue"
)

// rig is a gateway with a keeper in front of a simulated provider.
type rig struct {
	t     *testing.T
	k     *keeper.Keeper
	q     queue.Queue
	gate  *httptest.Server
	sim   *httptest.Server
	dir   string
	stop  func()
	store *folder.Folder
}

func newRig(t *testing.T, tune func(*keeper.Config), gate ...func(*gateway.Config)) *rig {
	t.Helper()
	r := &rig{t: t, dir: t.TempDir()}
	r.sim = httptest.NewServer(&sim.Server{Seed: 1})
	t.Cleanup(r.sim.Close)
	var err error
	if r.q, err = queue.OpenSQLite(t.Context(), filepath.Join(r.dir, "tasks.db"), queue.Options{Poll: 20 * time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	if r.store, err = folder.Open(filepath.Join(r.dir, "media")); err != nil {
		t.Fatal(err)
	}
	cfg := keeper.Config{Queue: r.q, Media: r.store, AllowPrivate: []string{"127.0.0.1"}, PollFirst: 20 * time.Millisecond, PollMax: 100 * time.Millisecond, Dir: r.dir, MaxBytes: 1 << 20}
	if tune != nil {
		tune(&cfg)
	}
	if r.k, err = keeper.Open(cfg); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.k.Run(ctx) }()
	r.stop = func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		r.q.Close()
		r.store.Close()
	}
	t.Cleanup(func() { r.stop() })
	base, err := url.Parse(r.sim.URL)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/telltale/api/", r.k.API())
	mux.Handle("/telltale/media/", r.k.Media())
	gc := gateway.Config{Upstreams: map[string]*recovery.Upstream{"sim": {Name: "sim", Base: base}}, Default: "sim", Tasks: r.k, Admin: mux}
	for _, tune := range gate {
		tune(&gc)
	}
	g, err := gateway.New(gc)
	if err != nil {
		t.Fatal(err)
	}
	r.gate = httptest.NewServer(g)
	t.Cleanup(r.gate.Close)
	return r
}

// reply is an answer, read.
type reply struct {
	status int
	h      http.Header
	body   string
}

func (r *rig) do(method, path, body, key string, header ...string) reply {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.gate.URL+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Authorization", "Bearer "+key)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, string(b)}
}

const key = "sk-canary-0815-client-key"

// create makes a task and gives Telltale's id of it.
func (r *rig) create(path, model string, header ...string) string {
	r.t.Helper()
	got := r.do("POST", path, fmt.Sprintf(`{"model":%q,"prompt":"a boat","input":{"prompt":"a boat"}}`, model), key, header...)
	if got.status/100 != 2 || got.h.Get("Telltale-Task-Id") == "" {
		r.t.Fatalf("%s: %d %v %s", path, got.status, got.h, got.body)
	}
	return got.h.Get("Telltale-Task-Id")
}

// wait asks the API until the task ends.
func (r *rig) wait(id string) keeper.View {
	r.t.Helper()
	got := r.do("GET", "/telltale/api/tasks/"+id+"?wait=30", "", key)
	var v keeper.View
	if err := json.Unmarshal([]byte(got.body), &v); got.status != 200 || err != nil {
		r.t.Fatalf("%s: %d %s", id, got.status, got.body)
	}
	return v
}

// providers are the creates of every simulated provider.
var providers = map[string]string{
	"sora": "/v1/videos", "newapi": "/v1/video/generations", "kling": "/kling/v1/videos/text2video", "runway": "/runwayml/v1/image_to_video",
	"luma": "/dream-machine/v1/generations", "minimax": "/v1/video_generation", "ark": "/api/v3/contents/generations/tasks", "vidu": "/ent/v2/text2video",
	"dashscope": "/api/v1/services/aigc/video-generation/video-synthesis", "siliconflow": "/v1/video/submit", "replicate": "/v1/predictions",
	"bfl": "/bfl/v1/flux-dev", "stability": "/v2beta/image-to-video", "xai": "/xai/v1/videos/generations", "midjourney": "/mj/submit/imagine", "fal": "/fal-ai/veo3",
	"veo": "/v1beta/models/veo-3:predictLongRunning", "vertex": "/vertex/v1/projects/p/locations/us/publishers/google/models/veo-3:predictLongRunning",
}

// TestEveryProvider: through the gateway, each provider's task is followed to its end and its media is kept.
func TestEveryProvider(t *testing.T) {
	r := newRig(t, nil)
	t.Run("all", func(t *testing.T) { everyProvider(t, r) })
	r.noKeyOnDisk()
}

func everyProvider(t *testing.T, r *rig) {
	for name, path := range providers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := *r
			r.t = t
			v := r.wait(r.create(path, "m-1"))
			if v.State != task.Succeeded || len(v.Media) == 0 || v.Diagnosis.Cause != fault.None || v.Progress != 1 {
				t.Fatalf("%+v %+v", v, v.Diagnosis)
			}
			for _, m := range v.Media {
				u, err := url.Parse(m.URL)
				if err != nil {
					t.Fatal(err)
				}
				got := r.do("GET", u.Path, "", key)
				if got.status != 200 || int64(len(got.body)) != m.Bytes || got.h.Get("Content-Type") != m.ContentType || m.Bytes == 0 {
					t.Errorf("%+v is served as %d %v, %d bytes", m, got.status, got.h, len(got.body))
				}
			}
		})
	}
}

// noKeyOnDisk looks for the client's key in everything that was written.
func (r *rig) noKeyOnDisk() {
	r.t.Helper()
	err := filepath.WalkDir(r.dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		if bytes.Contains(b, []byte("canary")) {
			r.t.Errorf("the client's key stands in %s", p)
		}
		return err
	})
	if err != nil {
		r.t.Error(err)
	}
}

// TestTraps: what simulated providers do to those who poll them, and what becomes of it.
func TestTraps(t *testing.T) {
	r := newRig(t, nil)
	for _, c := range []struct {
		path, fault string
		state       task.State
		causes      string
	}{
		{"/v1/videos", "video-failed", task.Failed, "content_filter"},
		{"/kling/v1/videos/text2video", "video-failed", task.Failed, "content_filter"},
		{"/v1/videos", "video-filtered", task.Failed, "content_filter"},
		{"/api/v3/contents/generations/tasks", "video-filtered", task.Failed, "content_filter"},
		{"/runwayml/v1/image_to_video", "video-filtered", task.Failed, "content_filter"},
		{"/v1beta/models/veo-3@video-filtered:predictLongRunning", "video-filtered", task.Failed, "content_filter"},
		{"/v1/videos", "video-error", task.Failed, "task_failed server_error"},
		{"/runwayml/v1/image_to_video", "video-cancelled", task.Cancelled, "cancelled"},
		{"/v1/videos", "task-not-exist;late=3", task.Succeeded, "ok"},
		{"/runwayml/v1/image_to_video", "task-not-exist;late=3", task.Succeeded, "ok"},
		{"/kling/v1/videos/text2video", "video-succeed", task.Succeeded, "ok"},
		{"/v1/videos", "video-succeed", task.Succeeded, "ok"},
		{"/v1/videos", "video-unknown-status", task.Succeeded, "ok"},
		{"/v1/videos", "video-backwards", task.Succeeded, "ok"},
		{"/kling/v1/videos/text2video", "video-empty", task.Failed, "empty_output"},
		{"/fal-ai/veo3@video-result-422", "video-result-422", task.Failed, "content_filter task_failed invalid_request"},
		{"/fal-ai/veo3@video-result-500", "video-result-500", task.Succeeded, "ok"},
		{"/kling/v1/videos/text2video", "url-link-local", task.Failed, "unknown"},
		{"/kling/v1/videos/text2video", "url-endless", task.Failed, "unknown"},
		{"/kling/v1/videos/text2video", "url-html", task.Failed, "corrupt_media"},
	} {
		t.Run(c.fault+c.path, func(t *testing.T) {
			t.Parallel()
			r := *r
			r.t = t
			v := r.wait(r.create(c.path, "m@"+c.fault))
			if v.State != c.state || !strings.Contains(" "+c.causes+" ", " "+string(v.Diagnosis.Cause)+" ") {
				t.Errorf("%s, %+v; want %s with %s", v.State, v.Diagnosis, c.state, c.causes)
			}
		})
	}
}

// TestClientPolls: the client sees the provider's own words on the provider's own path, and no early "not found".
func TestClientPolls(t *testing.T) {
	for _, rewrite := range []bool{false, true} {
		t.Run(fmt.Sprint("rewrite ", rewrite), func(t *testing.T) {
			r := newRig(t, func(c *keeper.Config) {
				c.Rewrite = rewrite
				c.PublicURL = func() string { return "http://telltale.example" }
			})
			got := r.do("POST", "/kling/v1/videos/text2video", `{"model_name":"m@video-succeed","prompt":"x"}`, key)
			var made struct {
				Data struct {
					ID string `json:"task_id"`
				} `json:"data"`
			}
			if err := json.Unmarshal([]byte(got.body), &made); err != nil || made.Data.ID == "" {
				t.Fatal(got)
			}
			path := "/kling/v1/videos/text2video/" + made.Data.ID
			end := time.Now().Add(20 * time.Second)
			for {
				got = r.do("GET", path, "", key)
				if got.status != 200 {
					t.Fatalf("a poll: %d %s", got.status, got.body)
				}
				if got.h.Get("Telltale-Task-State") == "succeeded" || time.Now().After(end) {
					break
				}
				if rewrite && strings.Contains(got.body, `"succeed"`) {
					t.Error("the provider's URL was shown before ours was there")
				}
				time.Sleep(10 * time.Millisecond)
			}
			if !strings.Contains(got.body, `"task_status":"succeed"`) {
				t.Errorf("the provider's word was touched: %s", got.body)
			}
			ours := strings.Contains(got.body, "http://telltale.example/telltale/media/")
			if ours != rewrite || strings.Contains(got.body, r.sim.URL) == rewrite || (got.h.Get("Telltale-Changed") != "") != rewrite {
				t.Errorf("rewrite %v: %v %s", rewrite, got.h, got.body)
			}
			// Another key is not told from the store: the provider answers it.
			if other := r.do("GET", path, "", "sk-somebody-else"); other.h.Get("Telltale-Task-Id") != "" {
				t.Error("another client's key was answered from the store")
			}
			// By the provider's id too.
			if v := r.wait(made.Data.ID); v.UpstreamID != made.Data.ID || v.State != task.Succeeded {
				t.Errorf("by the provider's id: %+v", v)
			}
		})
	}
}

// TestContent: the bytes are served on the provider's path from what is kept, also when the provider has them no more.
func TestContent(t *testing.T) {
	r := newRig(t, nil)
	id := r.create("/v1/videos", "sora-2")
	v := r.wait(id)
	if v.State != task.Succeeded {
		t.Fatalf("%+v", v.Diagnosis)
	}
	r.sim.Close()
	got := r.do("GET", "/v1/videos/"+v.UpstreamID+"/content", "", key)
	if got.status != 200 || int64(len(got.body)) != v.Media[0].Bytes || got.h.Get("Content-Type") != "video/mp4" {
		t.Errorf("%d %v %d bytes", got.status, got.h, len(got.body))
	}
	if got := r.do("GET", "/v1/videos/"+v.UpstreamID, "", key); got.status != 200 || !strings.Contains(got.body, "completed") {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// TestNoID: a create without an id is passed on, and is no task.
func TestNoID(t *testing.T) {
	r := newRig(t, nil)
	got := r.do("POST", "/v1/videos", `{"model":"m@video-no-id","prompt":"x"}`, key)
	if got.status != 200 || got.h.Get("Telltale-Task-Id") != "" {
		t.Errorf("%d %v %s", got.status, got.h, got.body)
	}
	if list, err := r.q.List(t.Context(), task.Filter{}); err != nil || len(list) != 0 {
		t.Errorf("%d tasks (%v)", len(list), err)
	}
}

// TestSameID: two creates that are given one id are one task, with a warning.
func TestSameID(t *testing.T) {
	r := newRig(t, nil)
	a, b := r.create("/v1/videos", "m@video-same-id"), r.create("/v1/videos", "m@video-same-id")
	if a != b {
		t.Errorf("two tasks for one id: %s and %s", a, b)
	}
	k, err := r.q.Get(t.Context(), a)
	if err != nil || len(k.Warnings) != 1 {
		t.Errorf("warnings %q (%v)", k.Warnings, err)
	}
}
