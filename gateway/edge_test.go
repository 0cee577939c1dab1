package gateway_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/gateway"
	"github.com/telltale-ai/telltale/recovery"
)

func TestCompressedBodiesPassAsTheyAre(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	io.WriteString(z, `{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}`)
	z.Close()
	gs := stand(t, quick, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "gzip, br" {
			t.Errorf("Accept-Encoding = %q", r.Header.Get("Accept-Encoding"))
		}
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(429)
		w.Write(packed.Bytes())
	})
	req, _ := http.NewRequest("POST", gs.URL+"/v1/chat/completions", strings.NewReader(question))
	req.Header.Set("Accept-Encoding", "gzip, br")
	resp, err := (&http.Transport{DisableCompression: true}).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if b, _ := io.ReadAll(resp.Body); !bytes.Equal(b, packed.Bytes()) || resp.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("the packed body changed: %d bytes", len(b))
	}
	wantHeader(t, resp.Header, "Telltale-Cause", "quota_exhausted") // it was read all the same
	wantHeader(t, resp.Header, "Telltale-Attempts", "1")
}

func TestBinaryBodiesPassWhileTheyCome(t *testing.T) {
	next := make(chan struct{})
	gs := stand(t, quick, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "audio/mpeg")
		w.Write([]byte{0xff, 0xfb, 0x90})
		w.(http.Flusher).Flush()
		<-next
		w.Write([]byte{0, 1, 2})
	})
	resp, err := http.Post(gs.URL+"/v1/audio/speech", "application/json", strings.NewReader(`{"model":"tts-1","input":"x"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b := make([]byte, 3)
	if _, err := io.ReadFull(resp.Body, b); err != nil || b[0] != 0xff {
		t.Fatal(err, b)
	}
	close(next)
	if rest, err := io.ReadAll(resp.Body); err != nil || !bytes.Equal(rest, []byte{0, 1, 2}) {
		t.Errorf("%v %v", rest, err)
	}
}

func TestOldServersAndCutBodies(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var n atomic.Int32
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				r, err := http.ReadRequest(bufio.NewReader(c))
				if err != nil {
					return
				}
				io.Copy(io.Discard, r.Body)
				if strings.HasSuffix(r.URL.Path, "/completions") && n.Add(1) == 1 {
					fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(healthy), healthy[:50])
					return // cut in the middle
				}
				fmt.Fprintf(c, "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n%s", healthy)
			}()
		}
	}()
	base, _ := url.Parse("http://" + l.Addr().String() + "/v1")
	g, _ := gateway.New(gateway.Config{Policy: quick, Upstreams: map[string]*recovery.Upstream{"old": {Base: base}}})
	gs := httptest.NewServer(g)
	defer gs.Close()
	resp, body := ask(t, gs.URL, "/v1/chat/completions", question)
	if resp.StatusCode != 200 || body != healthy {
		t.Errorf("%d %q", resp.StatusCode, body)
	}
	wantHeader(t, resp.Header, "Telltale-Attempts", "2")
}

func TestExpectContinueAndSlowUploads(t *testing.T) {
	gs := stand(t, quick, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, `{"got":%d,"expect":%q}`, len(b), r.Header.Get("Expect"))
	})
	c, err := net.Dial("tcp", strings.TrimPrefix(gs.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "POST /v1/files HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 6\r\n\r\n")
	br := bufio.NewReader(c)
	if line, _ := br.ReadString('\n'); !strings.Contains(line, "100 Continue") {
		t.Fatalf("answered %q before the body", line)
	}
	br.ReadString('\n')
	for _, s := range []string{"ab", "cd", "ef"} {
		time.Sleep(10 * time.Millisecond) // a slow client
		io.WriteString(c, s)
	}
	resp, err := http.ReadResponse(br, nil)
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := io.ReadAll(resp.Body); string(b) != `{"got":6,"expect":""}` {
		t.Errorf("%s", b)
	}
}

func TestSlowClientsSlowTheUpstreamDown(t *testing.T) {
	var sent atomic.Int64
	gs := stand(t, quick, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for r.Context().Err() == nil && sent.Load() < 256<<20 {
			n, err := io.WriteString(w, delta(strings.Repeat("word ", 2000)))
			if err != nil {
				return
			}
			sent.Add(int64(n))
		}
	})
	resp, err := http.Post(gs.URL+"/v1/chat/completions", "application/json", strings.NewReader(`{"stream":true,"model":"m"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	io.ReadFull(resp.Body, make([]byte, 1000))
	last := int64(-1)
	for range 200 { // until nothing moves any more
		if now := sent.Load(); now == last {
			break
		} else {
			last = now
		}
		time.Sleep(50 * time.Millisecond)
	}
	if n := sent.Load(); n > 64<<20 {
		t.Errorf("%d bytes were taken in for a client that does not read", n)
	}
}

func TestUpgradesPassThrough(t *testing.T) {
	gs := stand(t, quick, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "websocket" {
			t.Errorf("headers: %v", r.Header)
		}
		c, rw, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
		line, _ := rw.ReadString('\n')
		io.WriteString(c, "echo "+line)
	})
	c, err := net.Dial("tcp", strings.TrimPrefix(gs.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(5 * time.Second))
	io.WriteString(c, "GET /v1/realtime?model=m HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
	br := bufio.NewReader(c)
	resp, err := http.ReadResponse(br, nil)
	if err != nil || resp.StatusCode != 101 {
		t.Fatal(resp, err)
	}
	io.WriteString(c, "hello\n")
	if line, err := br.ReadString('\n'); line != "echo hello\n" {
		t.Errorf("%q %v", line, err)
	}
}

// chores is a Tasks that keeps what it was told.
type chores struct {
	mu       sync.Mutex
	accepted []string
}

func (c *chores) Accepted(_ context.Context, call *telltale.Call, webhook string, h http.Header, body []byte) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.accepted = append(c.accepted, call.ID+" "+webhook+" "+string(body))
	h.Set("Telltale-Task-State", "queued")
	if strings.Contains(string(body), "panic") {
		panic("the store is on fire")
	}
	return nil
}

func (c *chores) Answer(_ context.Context, upstream string, r *http.Request) (*http.Response, bool) {
	if !strings.HasSuffix(r.URL.Path, "/videos/known") {
		return nil, false
	}
	return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}, "Telltale-Task-State": {"succeeded"}},
		Body: io.NopCloser(strings.NewReader(`{"id":"known","status":"completed"}`))}, true
}

func TestTasksAreAskedAndTold(t *testing.T) {
	var hits atomic.Int32
	k := &chores{}
	body := `{"id":"video_1","object":"video","status":"queued","progress":0,"model":"sora-2"}`
	gs := stand(t, quick, func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		if r.Header.Get("Telltale-Webhook") != "" {
			t.Error("the webhook was shown to the upstream")
		}
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, body)
	}, func(c *gateway.Config) { c.Tasks = k })
	resp, got := ask(t, gs.URL, "/v1/videos", `{"model":"sora-2","prompt":"a ferry"}`, "Telltale-Webhook", "https://x.example/hook")
	if got != body || len(k.accepted) != 1 || !strings.Contains(k.accepted[0], "https://x.example/hook "+body) {
		t.Errorf("%s, accepted %q", got, k.accepted)
	}
	wantHeader(t, resp.Header, "Telltale-Task-State", "queued")
	resp, err := http.Get(gs.URL + "/v1/videos/known")
	if err != nil {
		t.Fatal(err)
	}
	b, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if string(b) != `{"id":"known","status":"completed"}` || hits.Load() != 1 {
		t.Errorf("%s after %d requests", b, hits.Load())
	}
	wantHeader(t, resp.Header, "Telltale-Task-State", "succeeded")
	body = `{"id":"panic","object":"video","status":"queued"}`
	if resp, got = ask(t, gs.URL, "/v1/videos", `{"model":"sora-2","prompt":"a ferry"}`); resp.StatusCode != 200 || got != body {
		t.Errorf("a broken store failed the call: %d %s", resp.StatusCode, got)
	}
}

// ended is an Observer that keeps the calls.
type ended struct {
	mu    sync.Mutex
	calls []*telltale.Call
}

func (e *ended) Observe(context.Context, *telltale.Exchange, telltale.Diagnosis) {}
func (e *ended) ObserveCall(_ context.Context, c *telltale.Call) {
	e.mu.Lock()
	e.calls = append(e.calls, c)
	e.mu.Unlock()
}

func TestShutdownWaitsForCallsAndTheirRecords(t *testing.T) {
	going, finish := make(chan struct{}), make(chan struct{})
	us := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, delta("Hello there, "))
		w.(http.Flusher).Flush()
		close(going)
		<-finish
		io.WriteString(w, delta("friend.")+stop+done)
	}))
	defer us.Close()
	base, _ := url.Parse(us.URL + "/v1")
	obs := &ended{}
	g, _ := gateway.New(gateway.Config{Policy: quick, Observer: obs, Upstreams: map[string]*recovery.Upstream{"main": {Base: base}}})
	gs := httptest.NewServer(g)
	defer gs.Close()
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, body := ask(t, gs.URL, "/v1/chat/completions", `{"stream":true,"model":"m"}`); !strings.HasSuffix(body, done) {
			t.Errorf("the stream was cut: %q", body)
		}
	})
	<-going
	short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	if err := g.Shutdown(short); err == nil {
		t.Error("did not wait for the call")
	}
	cancel()
	if w := httptest.NewRecorder(); true {
		g.ServeHTTP(w, httptest.NewRequest("GET", "/readyz", nil))
		if w.Code != 503 {
			t.Errorf("still ready: %d", w.Code)
		}
	}
	close(finish)
	if err := g.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if len(obs.calls) != 1 {
		t.Errorf("%d calls were told of", len(obs.calls))
	}
	wg.Wait()
}

func TestFilesKeepTheirLength(t *testing.T) {
	film := bytes.Repeat([]byte("film"), 100_000)
	gs := stand(t, quick, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "video/mp4")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(film))
	})
	for _, method := range []string{"GET", "HEAD"} {
		req, _ := http.NewRequest(method, gs.URL+"/v1/videos/video_1/content", nil)
		req.Header.Set("Range", "bytes=4-399999")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != 206 || resp.ContentLength != int64(len(film)-4) || method == "GET" && !bytes.Equal(b, film[4:]) {
			t.Errorf("%s: %d, %d of %d bytes, %v", method, resp.StatusCode, len(b), resp.ContentLength, err)
		}
		if resp.Header.Get("Telltale-Call") == "" {
			t.Error("no Telltale-Call")
		}
	}
}

func TestNoContentTypeIsMadeUp(t *testing.T) {
	gs := stand(t, quick, func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = nil
		w.WriteHeader(http.StatusTeapot)
		io.WriteString(w, "short and stout")
	})
	resp, err := http.Get(gs.URL + "/v1/tea")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if b, _ := io.ReadAll(resp.Body); string(b) != "short and stout" || resp.Header["Content-Type"] != nil {
		t.Errorf("%q with Content-Type %q", b, resp.Header["Content-Type"])
	}
}
