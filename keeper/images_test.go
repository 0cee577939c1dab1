package keeper_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/telltale-ai/telltale/folder"
	"github.com/telltale-ai/telltale/keeper"
	"github.com/telltale-ai/telltale/task"
	"github.com/telltale-ai/telltale/task/queue"
)

// TestImages: pictures are kept, by URL and as base64, and our URL stands in the answer when that is wanted.
func TestImages(t *testing.T) {
	r := newRig(t, func(c *keeper.Config) { c.Rewrite = true })
	got := r.do("POST", "/v1/images/generations", `{"model":"dall-e-3","prompt":"a boat"}`, key)
	var a struct{ Data []struct{ URL string } }
	if err := json.Unmarshal([]byte(got.body), &a); err != nil || len(a.Data) != 1 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if !strings.HasPrefix(a.Data[0].URL, "/telltale/media/") || !strings.Contains(got.h.Get("Telltale-Changed"), "replaced") {
		t.Errorf("%v %s", got.h, got.body)
	}
	if pic := r.do("GET", a.Data[0].URL, "", key); pic.status != 200 || !strings.HasPrefix(pic.h.Get("Content-Type"), "image/") {
		t.Errorf("%d %v", pic.status, pic.h)
	}
	got = r.do("POST", "/v1/images/generations", `{"model":"gpt-image-1","prompt":"a boat"}`, key)
	if !strings.Contains(got.body, "b64_json") {
		t.Errorf("base64 was touched: %.200s", got.body)
	}
	end := time.Now().Add(10 * time.Second)
	for {
		list, err := r.q.List(t.Context(), task.Filter{State: task.Succeeded})
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 2 && len(list[0].Media) == 1 && len(list[1].Media) == 1 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%d kept image tasks: %+v", len(list), list)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// TestRestart: with the process gone, tasks go on when another one starts; a client's own key comes back with the client.
func TestRestart(t *testing.T) {
	for _, viaAPI := range []bool{false, true} {
		t.Run(fmt.Sprint("by the API ", viaAPI), func(t *testing.T) { restart(t, viaAPI) })
	}
}

func restart(t *testing.T, viaAPI bool) {
	r := newRig(t, func(c *keeper.Config) { c.PollFirst, c.PollMax = 300*time.Millisecond, 300*time.Millisecond })
	id := r.create("/v1/videos", "sora-2")
	upstreamID := func() string { k, _ := r.q.Get(t.Context(), id); return k.UpstreamID }()
	r.stop()
	r.stop = func() {}
	q, err := queue.OpenSQLite(t.Context(), filepath.Join(r.dir, "tasks.db"), queue.Options{Poll: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	store, err := folder.Open(filepath.Join(r.dir, "media"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	k, err := keeper.Open(keeper.Config{Queue: q, Media: store, AllowPrivate: []string{"127.0.0.1"}, PollFirst: 20 * time.Millisecond, PollMax: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- k.Run(ctx) }()
	time.Sleep(400 * time.Millisecond)
	if got, err := k.Get(t.Context(), id); err != nil || got.State.Ended() || !strings.Contains(got.Waiting, "key") {
		t.Errorf("without the client's key: %+v %v", got, err)
	}
	ask := httptest.NewRequest("GET", "/telltale/api/tasks/"+id+"?wait=1", nil)
	ask.Header.Set("Authorization", "Bearer sk-another-key")
	k.API().ServeHTTP(httptest.NewRecorder(), ask)
	if got, err := k.Get(t.Context(), id); err != nil || got.State.Ended() || got.Polls > 0 {
		t.Errorf("with another's key: %+v %v", got, err)
	}
	end := time.Now().Add(20 * time.Second)
	if viaAPI {
		ask.Header.Set("Authorization", "Bearer "+key)
		ask.URL.RawQuery = "wait=20"
		k.API().ServeHTTP(httptest.NewRecorder(), ask)
	}
	for !viaAPI && time.Now().Before(end) { // the client asks again
		req := httptest.NewRequest("GET", r.sim.URL+"/v1/videos/"+upstreamID, nil)
		req.Header.Set("Authorization", "Bearer "+key)
		if resp, ok := k.Answer(t.Context(), "sim", req); ok {
			resp.Body.Close()
			if resp.Header.Get("Telltale-Task-State") == "succeeded" {
				break
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	if got, err := k.Get(t.Context(), id); err != nil || got.State != task.Succeeded || len(got.Media) != 1 {
		t.Errorf("after the client came back: %+v %v", got, err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	r.noKeyOnDisk()
}

// TestWebhook: a call names who is told; a private receiver is not told unless it is listed.
func TestWebhook(t *testing.T) {
	told := make(chan string, 9)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		told <- r.Header.Get("Webhook-Signature") + " " + string(b)
	}))
	defer receiver.Close()
	for _, listed := range []bool{true, false} {
		r := newRig(t, func(c *keeper.Config) {
			c.WebhookSecret = "whsec_" + strings.Repeat("QUJD", 11)
			if !listed {
				c.AllowPrivate = nil
			}
		})
		req, err := http.NewRequestWithContext(t.Context(), "POST", r.gate.URL+"/v1/videos", strings.NewReader(`{"model":"m@video-failed","prompt":"x"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Telltale-Webhook", receiver.URL)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		id := resp.Header.Get("Telltale-Task-Id")
		if v := r.wait(id); v.State != task.Failed {
			t.Fatalf("%+v", v)
		}
		if !listed {
			end := time.Now().Add(10 * time.Second)
			for {
				k, err := r.q.Get(t.Context(), id)
				if err != nil {
					t.Fatal(err)
				}
				if strings.Contains(k.Webhook.LastErr, "public address") {
					break
				}
				if time.Now().After(end) {
					t.Fatalf("the private receiver was not refused: %+v", k.Webhook)
				}
				time.Sleep(20 * time.Millisecond)
			}
			if len(told) > 0 {
				t.Error("a private receiver was told")
			}
			continue
		}
		select {
		case m := <-told:
			if !strings.HasPrefix(m, "v1,") || !strings.Contains(m, `"type":"task.failed"`) || !strings.Contains(m, id) {
				t.Errorf("told %s", m)
			}
		case <-time.After(10 * time.Second):
			t.Error("nobody was told")
		}
	}
}
