package task_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/task"
)

const done = `200 {"id":"v","status":"completed","output":["https://cdn.example.com/1","https://cdn.example.com/2"]}`

// TestKeeping holds what becomes of a task whose result is hard to get.
func TestKeeping(t *testing.T) {
	fail := func(times int, err error) func(int, task.Fetch) (task.Media, error) {
		return func(n int, f task.Fetch) (task.Media, error) {
			if n <= times {
				return task.Media{}, fmt.Errorf("try %d: %w", n, err)
			}
			return media(n), nil
		}
	}
	for _, c := range []struct {
		name  string
		keep  func(int, task.Fetch) (task.Media, error)
		state task.State
		cause fault.Cause
	}{
		{"a network that breaks", fail(5, errors.New("reset")), task.Succeeded, fault.None},
		{"expired, then fresh", fail(2, task.ErrExpired), task.Succeeded, fault.None},
		{"expired for ever", fail(1000, task.ErrExpired), task.Failed, fault.URLExpired},
		{"a private address", fail(1000, task.ErrRefused), task.Failed, fault.Unknown},
		{"a page instead of media, once", fail(1, task.ErrCorrupt), task.Succeeded, fault.None},
		{"a page instead of media", fail(1000, task.ErrCorrupt), task.Failed, fault.CorruptMedia},
		{"a disk that was full", fail(100, task.ErrNoSpace), task.Succeeded, fault.None},
		{"a blank picture", func(n int, _ task.Fetch) (task.Media, error) {
			m := media(n)
			m.Warnings = []string{"blank: all black"}
			return m, nil
		}, task.Succeeded, fault.CorruptMedia},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newRig(t, "openai-video", done)
				g.keep = c.keep
				g.drive(6 * time.Hour)
				k := g.want(c.state, c.cause)
				if k.State == task.Succeeded && len(k.Media) != 2 {
					t.Errorf("%d results are kept, want 2", len(k.Media))
				}
			})
		})
	}
}

// TestDiskFull: the task waits and says so, however long; nothing is lost.
func TestDiskFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, "openai-video", done)
		g.keep = func(int, task.Fetch) (task.Media, error) { return task.Media{}, task.ErrNoSpace }
		g.drive(30 * time.Hour)
		k := g.get()
		if k.State != task.Saving || !strings.Contains(k.Waiting, "space") {
			t.Fatalf("%s, waiting %q", k.State, k.Waiting)
		}
		if k.State.Header() != "running" {
			t.Errorf("the header says %q", k.State.Header())
		}
		g.keep = nil
		g.drive(time.Hour)
		g.want(task.Succeeded, fault.None)
	})
}

// TestFreshURL: an expired URL leads to a poll, and what was kept already is not fetched twice.
func TestFreshURL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, "openai-video", done, strings.ReplaceAll(done, "example.com/", "example.com/fresh/"))
		g.keep = func(n int, f task.Fetch) (task.Media, error) {
			if f.URL == "https://cdn.example.com/2" {
				return task.Media{}, task.ErrExpired
			}
			return media(n), nil
		}
		g.drive(time.Hour)
		g.want(task.Succeeded, fault.None)
		var urls []string
		for _, f := range g.kept {
			urls = append(urls, f.URL)
			if len(f.Header) > 0 {
				t.Errorf("a key for %s", f.URL)
			}
		}
		if got := strings.Join(urls, " "); got != "https://cdn.example.com/1 https://cdn.example.com/2 https://cdn.example.com/fresh/2" {
			t.Errorf("fetched %s", got)
		}
	})
}

// TestThirdCall: MiniMax gives a file id, fal an URL whose answer is the result or the true error.
func TestThirdCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, "minimax", `200 {"task_id":"1","status":"Success","file_id":"77","base_resp":{"status_code":0}}`, `200 {"file":{"download_url":"https://cdn/77"}}`)
		g.drive(time.Hour)
		g.want(task.Succeeded, fault.None)
		if g.s.asked[1] != "GET https://api.example.com/v1/files/retrieve?file_id=77" || g.kept[0].URL != "https://cdn/77" {
			t.Errorf("asked %v, kept %+v", g.s.asked, g.kept)
		}
	})
	const complete = `200 {"request_id":"1","status":"COMPLETED","response_url":"https://api.example.com/r"}`
	fal := func(t *testing.T, lines ...string) *rig {
		g := newRig(t, "fal-queue", lines...)
		k := g.get()
		k.PollURL = "https://api.example.com/s"
		if err := g.p.Store.Update(t.Context(), &k); err != nil {
			t.Fatal(err)
		}
		g.drive(3 * time.Hour)
		return g
	}
	synctest.Test(t, func(t *testing.T) {
		g := fal(t, complete, `502 bad gateway`, complete, "drop", complete, `200 {"video":{"url":"https://cdn/v"},"seed":1}`)
		g.want(task.Succeeded, fault.None)
	})
	synctest.Test(t, func(t *testing.T) {
		g := fal(t, complete, `422 {"detail":[{"loc":["body","prompt"],"msg":"flagged","type":"content_policy_violation"}]}`)
		g.want(task.Failed, fault.ContentFilter)
		if len(g.s.asked) != 2 {
			t.Errorf("asked %v", g.s.asked)
		}
	})
}

// TestKeyGoesNowhereElse: a URL that an answer names gets the key only on the create's own host or the provider's.
func TestKeyGoesNowhereElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, "replicate", `200 {"id":"1","status":"processing"}`)
		g.p.Credential = func(context.Context, *task.Task) (task.Credential, bool) {
			return task.Credential{Header: http.Header{"Authorization": {"Bearer sk-canary"}}}, true
		}
		for _, named := range []string{"https://evil.example.net/v1/predictions/1", "http://api.example.com/x", "https://api.replicate.com/v1/predictions/1", "http://169.254.169.254/", "https://user@api.example.com/"} {
			k := g.get()
			k.PollURL = named
			if err := g.p.Store.Update(t.Context(), &k); err != nil {
				t.Fatal(err)
			}
			if _, _, err := g.p.Step(t.Context(), g.id); err != nil {
				t.Fatal(err)
			}
			if got := g.s.asked[len(g.s.asked)-1]; got != "GET https://api.example.com/v1/predictions/video_1" {
				t.Errorf("with poll URL %s it asked %s", named, got)
			}
		}
	})
}

// TestWebhook: it is signed as the scheme says, tried again for a day, and given up then.
func TestWebhook(t *testing.T) {
	key, err := task.WebhookSecret("whsec_" + strings.Repeat("QUJD", 11))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := task.WebhookSecret("whsec_c2hvcnQ="); err == nil {
		t.Error("a short secret is taken")
	}
	wh, err := standardwebhooks.NewWebhook("whsec_" + strings.Repeat("QUJD", 11))
	if err != nil {
		t.Fatal(err)
	}
	var bad error
	var ids []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := make([]byte, r.ContentLength)
		if _, err := r.Body.Read(body); err != nil && err.Error() != "EOF" {
			bad = err
		}
		if err := wh.Verify(body, r.Header); err != nil {
			bad = err
		}
		ids = append(ids, r.Header.Get("webhook-id"))
	}))
	defer srv.Close()
	h := &task.Webhooks{Transport: http.DefaultTransport, Secret: key, Payload: func(k *task.Task) any { return map[string]string{"id": k.ID} }}
	k := &task.Task{ID: "task_1", State: task.Succeeded, Webhook: task.Webhook{URL: srv.URL}}
	for range 2 {
		if err := h.Deliver(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	if bad != nil || len(ids) != 2 || ids[0] != ids[1] {
		t.Errorf("the receiver says %v, ids %v", bad, ids)
	}

	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, "openai-video", done)
		k := g.get()
		k.Webhook.URL = "https://example.com/hook"
		if err := g.p.Store.Update(t.Context(), &k); err != nil {
			t.Fatal(err)
		}
		n := 0
		g.p.Notify = func(_ context.Context, k *task.Task) error {
			n++
			if k.State != task.Succeeded {
				t.Errorf("told while %s", k.State)
			}
			return errors.New("connection refused")
		}
		start := time.Now()
		g.drive(72 * time.Hour)
		if k := g.get(); !k.Webhook.GaveUp || k.State != task.Succeeded || n != 11 {
			t.Errorf("%d tries, %+v", n, k.Webhook)
		}
		if d := time.Since(start); d < 23*time.Hour || d > 30*time.Hour {
			t.Errorf("given up after %s", d)
		}
	})
	for _, u := range []string{"", "x", "ftp://x/", "https://a:b@x/"} {
		if task.CheckWebhookURL(u) == nil {
			t.Errorf("%q is taken for a webhook", u)
		}
	}
}
