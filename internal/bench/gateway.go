package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/telltale-ai/telltale/gateway"
	"github.com/telltale-ai/telltale/recovery"
)

// answer is a healthy chat completion of about 1.2 KB.
var answer = `{"id":"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT","object":"chat.completion","created":1741569952,"model":"gpt-5.4-mini","choices":[{"index":0,"message":{"role":"assistant","content":"` +
	"The harbour opens at six, and the first ferry leaves soon after, as long as the fog has lifted. On weekdays a second boat follows at seven for those who work on the island; on Sundays it stays at the pier until nine. Tickets are sold on board, and children under five travel free. If you bring a bicycle, be there ten minutes early, because only eight of them fit on the deck. The crossing takes forty minutes in calm water and somewhat longer when the wind comes from the north. From the landing, a bus runs up to the village every half hour; the path along the shore is prettier, though, and takes no more than twenty minutes on foot." +
	`","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":19,"completion_tokens":140,"total_tokens":159,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}},"service_tier":"default"}`

const question = `{"model":"gpt-5.4-mini","messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"When does the harbour open, and when does the first ferry leave?"}]}`

// bareProxy is what the gateway is measured against.
func bareProxy(upstream string) {
	to, err := url.Parse(upstream)
	if err != nil {
		panic(err)
	}
	base := http.DefaultTransport.(*http.Transport).Clone()
	base.MaxIdleConnsPerHost = 256
	base.DisableCompression = true
	p := &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.URL.Path = r.In.URL.Path },
		Transport: base,
	}
	s := httptest.NewServer(p)
	fmt.Fprintf(os.Stderr, "listening on %s\n", s.URL)
	_, _ = io.Copy(io.Discard, os.Stdin) // until the parent goes
}

// child is a proxy in a process of its own, on one core.
type child struct {
	name string
	cmd  *exec.Cmd
	url  string
	rate []float64       // requests a second, by round
	cpu  []time.Duration // of one request, by round
}

func start(name string, args ...string) (*child, error) {
	c := &child{name: name, cmd: exec.Command(args[0], args[1:]...)}
	c.cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	if _, err := c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	for s := bufio.NewScanner(out); s.Scan(); {
		if _, u, ok := strings.Cut(s.Text(), "listening on "); ok {
			c.url = u
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return c, nil
		}
	}
	return nil, fmt.Errorf("%s did not begin to listen", name)
}

// used is the processor time that the child has used so far.
func (c *child) used() time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	var user, system int64
	_, _ = fmt.Sscan(f[11], &user)
	_, _ = fmt.Sscan(f[12], &system)
	return time.Duration(user+system) * (time.Second / 100) // clock ticks: sysconf(_SC_CLK_TCK) is 100 on Linux
}

func (c *child) stop() {
	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	_ = c.cmd.Wait()
}

func benchGateway(rounds int, each time.Duration, clients int) error {
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Request-Id", "req_1")
		_, _ = io.WriteString(w, answer)
	}))
	defer up.Close()
	dir, err := os.MkdirTemp("", "telltale-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	bin := filepath.Join(dir, "telltale")
	build := exec.Command("go", "build", "-o", bin, "./cmd/telltale")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build telltale: %w", err)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	bare, err := start("bare proxy", self, "proxy", up.URL)
	if err != nil {
		return err
	}
	defer bare.stop()
	gate, err := start("gateway", bin, "serve", "--listen", "127.0.0.1:0", "--upstream", up.URL+"/v1", "--data", filepath.Join(dir, "data"))
	if err != nil {
		return err
	}
	defer gate.stop()
	both := []*child{bare, gate}
	for _, c := range both {
		if err := load(c, time.Second, clients); err != nil { // warm
			return err
		}
		c.rate, c.cpu = nil, nil
	}
	for range rounds {
		for _, c := range both {
			if err := load(c, each, clients); err != nil {
				return err
			}
		}
	}
	fmt.Printf("chat completion of %d bytes, %d clients, %d rounds of %v each in turn, one core a proxy, recording on\n\n", len(answer), clients, rounds, each)
	fmt.Printf("%-12s %12s %16s %14s %12s\n", "", "requests/s", "CPU a request", "allocations", "bytes")
	allocs := map[string][2]float64{"bare proxy": allocations(false, up.URL), "gateway": allocations(true, up.URL)}
	for _, c := range both {
		a := allocs[c.name]
		fmt.Printf("%-12s %12.0f %16v %14.0f %12.0f\n", c.name, median(c.rate), median(c.cpu).Round(100*time.Nanosecond), a[0], a[1])
	}
	fmt.Printf("\ngateway / bare proxy: %.2f of the requests a second, %.2f of the processor time (medians)\n",
		median(gate.rate)/median(bare.rate), float64(median(gate.cpu))/float64(median(bare.cpu)))
	fmt.Println("Allocations are those of the handler alone, without network, observer or recorder.")
	return nil
}

func median[T float64 | time.Duration](v []T) T {
	v = slices.Clone(v)
	slices.Sort(v)
	return v[len(v)/2]
}

// load asks c for as long as it is told and notes what came of it.
func load(c *child, d time.Duration, clients int) error {
	tr := &http.Transport{MaxIdleConnsPerHost: clients, DisableCompression: true}
	defer tr.CloseIdleConnections()
	var n atomic.Int64
	var bad atomic.Pointer[error]
	var wg sync.WaitGroup
	before, start := c.used(), time.Now()
	end := start.Add(d)
	for range clients {
		wg.Go(func() {
			buf := make([]byte, 8<<10)
			for time.Now().Before(end) {
				req, _ := http.NewRequest("POST", c.url+"/v1/chat/completions", strings.NewReader(question))
				req.Header.Set("Content-Type", "application/json")
				req.Header.Set("Authorization", "Bearer sk-bench")
				resp, err := tr.RoundTrip(req)
				if err == nil {
					got := 0
					for err == nil {
						var k int
						k, err = resp.Body.Read(buf)
						got += k
					}
					resp.Body.Close()
					class := resp.Header.Get("Telltale-Class")
					if err == io.EOF && got == len(answer) && resp.StatusCode == 200 && (class == "ok" || class == "" && c.name == "bare proxy") {
						n.Add(1)
						continue
					}
					err = fmt.Errorf("%s answered %d with %d bytes: %v", c.name, resp.StatusCode, got, err)
				}
				bad.Store(&err)
				return
			}
		})
	}
	wg.Wait()
	if e := bad.Load(); e != nil {
		return *e
	}
	took := time.Since(start)
	c.rate = append(c.rate, float64(n.Load())/took.Seconds())
	c.cpu = append(c.cpu, (c.used()-before)/time.Duration(max(n.Load(), 1)))
	return nil
}

// canned answers without a network.
type canned struct{}

func (canned) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
	return &http.Response{StatusCode: 200, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r, ContentLength: int64(len(answer)),
		Header: http.Header{"Content-Type": {"application/json"}, "X-Request-Id": {"req_1"}}, Body: io.NopCloser(strings.NewReader(answer))}, nil
}

// allocations counts what one request costs the handler.
func allocations(gate bool, upstream string) [2]float64 {
	to, _ := url.Parse(upstream + "/v1")
	var h http.Handler = &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }, Transport: canned{}}
	if gate {
		g, err := gateway.New(gateway.Config{Upstreams: map[string]*recovery.Upstream{"x": {Base: to}}, Base: canned{}})
		if err != nil {
			panic(err)
		}
		h = g
	}
	once := func() {
		r := httptest.NewRequest("POST", "/v1/chat/completions", strings.NewReader(question))
		r.Header.Set("Content-Type", "application/json")
		h.ServeHTTP(&sink{h: http.Header{}}, r)
	}
	once()
	const n = 2000
	var a, b runtime.MemStats
	runtime.ReadMemStats(&a)
	for range n {
		once()
	}
	runtime.ReadMemStats(&b)
	return [2]float64{float64(b.Mallocs-a.Mallocs) / n, float64(b.TotalAlloc-a.TotalAlloc) / n}
}

type sink struct{ h http.Header }

func (s *sink) Header() http.Header         { return s.h }
func (s *sink) WriteHeader(int)             {}
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }
