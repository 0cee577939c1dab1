package sim_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telltale-ai/telltale/sim"
	"github.com/telltale-ai/telltale/sim/simtest"
)

func chatRequest(ctx context.Context, model, more string) *http.Request {
	body := `{"model":"` + model + `","messages":[{"role":"user","content":"When does the ferry leave?"}]` + more + `}`
	r, _ := http.NewRequestWithContext(ctx, "POST", "http://sim.test/v1/chat/completions", strings.NewReader(body))
	return r
}

// Waits are waits: the first byte of a stall comes when it is due, and a stream falls silent after its first events.
func TestWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &sim.Server{}
		client := simtest.Client(t, s)
		start := time.Now()
		g := read(t, client, chatRequest(t.Context(), "m@stall;wait=90s", ""))
		if d := time.Since(start); g.status != 200 || d != 90*time.Second {
			t.Errorf("stall: %d after %v, %v", g.status, d, g.err)
		}
		start = time.Now()
		g = read(t, client, chatRequest(t.Context(), "m@slow-body;wait=30s", ""))
		if d := time.Since(start); g.text() == "" || d != 30*time.Second {
			t.Errorf("slow-body: %v", d)
		}
		start = time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		g = read(t, client, chatRequest(ctx, "m@stream-stall", `,"stream":true`))
		if text, finish, _ := g.stream(); text == "" || finish != "" || !errors.Is(g.cut, context.DeadlineExceeded) {
			t.Errorf("stream-stall: %q %q %v", text, finish, g.cut)
		}
		if d := time.Since(start); d != time.Minute {
			t.Errorf("stream-stall: %v", d)
		}
		synctest.Wait()
		if n := s.Stats().Aborted; n != 1 {
			t.Errorf("%d calls were left by the client", n)
		}
		start = time.Now()
		g = read(t, client, chatRequest(t.Context(), "m@trickle;gap=1s;pieces=10", ""))
		if d := time.Since(start); d < 9*time.Second || g.text() == "" {
			t.Errorf("trickle: %v", d)
		}
	})
}

// Tasks by time, and links that expire after a while, follow the clock.
func TestClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := simtest.Client(t, &sim.Server{})
		ask := func(method, url, body string) got {
			r, _ := http.NewRequest(method, url, strings.NewReader(body))
			return read(t, client, r)
		}
		g := ask("POST", "http://sim.test/v1/videos", `{"model":"sora-2@url-expired;after=60s;takes=40s","prompt":"a boat"}`)
		id := g.at("id").(string)
		for _, want := range []string{"queued", "in_progress", "completed"} {
			g = ask("GET", "http://sim.test/v1/videos/"+id, "")
			g.want("status", want)
			time.Sleep(20 * time.Second)
		}
		link := g.at("video_url").(string)
		ask("GET", link, "").is(200)
		time.Sleep(41 * time.Second)
		ask("GET", link, "").is(403)
		fresh := ask("GET", "http://sim.test/v1/videos/"+id, "").at("video_url").(string)
		if fresh == link {
			t.Error("no fresh link")
		}
		ask("GET", fresh, "").is(200)
	})
}

func TestEndless(t *testing.T) {
	client := simtest.Client(t, &sim.Server{})
	resp, err := client.Do(chatRequest(t.Context(), "m@endless", ""))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if n, err := io.CopyN(io.Discard, resp.Body, 5<<20); err != nil {
		t.Errorf("ended after %d bytes: %v", n, err)
	}
}
