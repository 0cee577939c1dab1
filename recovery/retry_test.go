package recovery_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/recovery"
)

func TestRetryWaitsAsTheProviderSays(t *testing.T) {
	date := time.Date(2000, 1, 1, 0, 0, 7, 0, time.UTC) // a bubble's clock begins at midnight of 2000
	for name, c := range map[string]struct {
		head []string
		body string
		wait time.Duration
	}{
		"seconds":      {[]string{"Retry-After", "7"}, limited, 7 * time.Second},
		"date":         {[]string{"Retry-After", date.Format(http.TimeFormat)}, limited, 7 * time.Second},
		"milliseconds": {[]string{"Retry-After-Ms", "1500"}, limited, 1500 * time.Millisecond},
		"in words":     {nil, errorBody("Rate limit reached. Please try again in 4s.", "requests", "rate_limit_exceeded"), 4 * time.Second},
		"google":       {nil, `{"error":{"code":429,"message":"Resource has been exhausted","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"3s"}]}}`, 3 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rt, m, b := setUp(script(says(429, c.body, c.head...), fine))
				start := time.Now()
				resp, body := post(t, rt, t.Context(), "/v1/chat/completions", ask)
				if resp.StatusCode != 200 || m.count != 2 {
					t.Fatalf("%d after %d attempts: %s", resp.StatusCode, m.count, body)
				}
				between(t, "the call", time.Since(start), c.wait, c.wait+c.wait/4+600*time.Millisecond)
				call := b.last(t)
				if len(call.Attempts) != 2 || call.Attempts[1].Wait < c.wait || !call.Final.OK() || len(b.attempts) != 2 {
					t.Errorf("record: %+v", call)
				}
			})
		})
	}
}

func TestAWaitBeyondTheBudgetFailsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt, m, b := setUp(script(says(429, errorBody("Rate limit reached. Please try again in 3m20s.", "requests", "rate_limit_exceeded")), fine))
		start := time.Now()
		resp, _ := post(t, rt, t.Context(), "/v1/chat/completions", ask)
		if resp.StatusCode != 429 || m.count != 1 || time.Since(start) != 0 {
			t.Errorf("%d after %d attempts and %v", resp.StatusCode, m.count, time.Since(start))
		}
		if resp.Header.Get("Retry-After") != "200" || resp.Header.Get("X-Should-Retry") != "false" {
			t.Errorf("the client is not told when to come back: %v", resp.Header)
		}
		if notes := strings.Join(b.last(t).Notes, "\n"); !strings.Contains(notes, "time budget") {
			t.Errorf("notes: %q", notes)
		}
	})
}

func TestBackoffIsExponentialWithFullJitter(t *testing.T) {
	var waits [4][]time.Duration
	for range 200 {
		synctest.Test(t, func(t *testing.T) {
			rt, _, b := setUp(says(500, errorBody("The server had an error", "server_error", "")))
			post(t, rt, t.Context(), "/v1/chat/completions", ask)
			for i, a := range b.last(t).Attempts {
				waits[i] = append(waits[i], a.Wait)
			}
		})
	}
	for i, most := range []time.Duration{0, 500 * time.Millisecond, time.Second, 2 * time.Second} {
		low, high := slices.Min(waits[i]), slices.Max(waits[i])
		if high > most || i > 0 && (high < most*8/10 || low > most/10) {
			t.Errorf("waits before attempt %d: %v to %v, want all of 0 to %v", i+1, low, high, most)
		}
	}
}

func TestWhatCannotHelpIsNotRepeated(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"no money":                  says(429, noMoney),
		"bad key":                   says(401, errorBody("Incorrect API key provided", "invalid_request_error", "invalid_api_key"), "Retry-After", "1"),
		"bad request":               says(400, errorBody("messages is required", "invalid_request_error", "")),
		"500 that is the request's": says(500, errorBody("field messages is required (request id: 1)", "comet_api_error", "invalid_request")),
		"healthy":                   says(200, chat("All is well with us today.", "stop"), "Retry-After", "30"),
		"filtered":                  says(200, `{"id":"c","object":"chat.completion","model":"gpt-5.4-mini","choices":[{"index":0,"message":{"role":"assistant","content":null},"finish_reason":"content_filter"}]}`),
		"truncated":                 says(200, chat("The capital of France is", "length")),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rt, m, _ := setUp(h)
				post(t, rt, t.Context(), "/v1/chat/completions", ask)
				if m.count != 1 || time.Since(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)) != 0 {
					t.Errorf("sent %d times", m.count)
				}
			})
		})
	}
}

func TestLimits(t *testing.T) {
	stall := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.WriteHeader(200)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	for name, c := range map[string]struct {
		h    http.HandlerFunc
		dial func(context.Context) error
		took time.Duration
	}{
		"connect":    {fine, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, 10 * time.Second},
		"first byte": {hangs, nil, 120 * time.Second},
		"idle":       {stall, nil, 60 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rt, m, b := setUp(c.h, func(p *recovery.Policy) { p.Attempts = 1 })
				m.dial = c.dial
				start := time.Now()
				resp, body := post(t, rt, t.Context(), "/v1/chat/completions", `{"stream":true,"model":"m","messages":[]}`)
				if resp.StatusCode/100 != 5 || !strings.HasPrefix(body, `{"error":{"message":"Telltale: `) {
					t.Errorf("%d %s", resp.StatusCode, body)
				}
				between(t, "the limit", time.Since(start), c.took, c.took)
				if d := b.last(t).Final; d.Cause != fault.Timeout && d.Cause != fault.StreamInterrupted && d.Cause != fault.Network {
					t.Errorf("cause %s", d.Cause)
				}
			})
		})
	}
	t.Run("total", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			rt, _, _ := setUp(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/event-stream")
				for r.Context().Err() == nil {
					fmt.Fprint(w, delta("word "))
					select {
					case <-time.After(30 * time.Second):
					case <-r.Context().Done():
					}
				}
			}))
			start := time.Now()
			_, body := post(t, rt, t.Context(), "/v1/chat/completions", `{"stream":true,"model":"m","messages":[]}`)
			between(t, "the call", time.Since(start), 10*time.Minute, 10*time.Minute)
			if !strings.Contains(body, `data: {"error":`) || strings.Contains(body, "[DONE]") {
				t.Errorf("ended with %q", body[max(0, len(body)-300):])
			}
			synctest.Wait()
		})
	})
}

func TestWaitsEndWithTheClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt, m, b := setUp(says(429, limited, "Retry-After", "30"))
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		start := time.Now()
		resp, text := post(t, rt, ctx, "/v1/chat/completions", ask)
		if resp != nil || m.count != 1 || time.Since(start) != 2*time.Second {
			t.Errorf("%v %q after %v", resp, text, time.Since(start))
		}
		b.last(t)
	})
}

func TestTheBudgetOfRetriesBoundsExtraLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt, m, _ := setUp(says(429, limited))
		var wg sync.WaitGroup
		for range 1000 {
			wg.Go(func() { post(t, rt, t.Context(), "/v1/chat/completions", ask) })
		}
		wg.Wait()
		if extra := m.count - 1000; extra > 200+30 || extra < 150 {
			t.Errorf("1000 failing calls were sent %d times more, want about 200", extra)
		}
	})
}

func TestBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		healthy := false
		rt, m, _ := setUp(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if healthy {
				fine(w, r)
				return
			}
			says(503, overload)(w, r)
		}), func(p *recovery.Policy) { p.Attempts = 1 })
		for range 20 {
			post(t, rt, t.Context(), "/v1/chat/completions", ask)
		}
		sent := m.count
		resp, body := post(t, rt, t.Context(), "/v1/chat/completions", ask)
		if m.count != sent || resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" || !strings.Contains(body, "failed many times") {
			t.Errorf("the breaker let a call through: %d %s", resp.StatusCode, body)
		}
		if post(t, rt, t.Context(), "/v1/chat/completions", strings.Replace(ask, "gpt-5.4-mini", "other", 1)); m.count != sent+1 {
			t.Error("another model was held back too")
		}
		time.Sleep(6 * time.Second)
		sent = m.count
		var wg sync.WaitGroup
		for range 10 { // one of them probes
			wg.Go(func() { post(t, rt, t.Context(), "/v1/chat/completions", ask) })
		}
		wg.Wait()
		if m.count != sent+1 {
			t.Errorf("%d calls probed, want 1", m.count-sent)
		}
		healthy = true
		time.Sleep(11 * time.Second)
		for range 2 {
			if resp, _ := post(t, rt, t.Context(), "/v1/chat/completions", ask); resp.StatusCode != 200 {
				t.Errorf("still closed: %d", resp.StatusCode)
			}
		}
	})
}

func TestMediaIsNeverSentTwiceWhenItMayHaveBeenAccepted(t *testing.T) {
	const picture = `{"model":"gpt-image-2","prompt":"a lighthouse"}`
	for name, c := range map[string]struct {
		path string
		h    http.HandlerFunc
		dial func(context.Context) error
		sent int
		paid bool
	}{
		"image lost":       {"/v1/images/generations", breaks, nil, 1, true},
		"image timeout":    {"/v1/images/generations", hangs, nil, 1, true},
		"image 504":        {"/v1/images/generations", says(504, errorBody("upstream timed out", "server_error", "")), nil, 1, true},
		"video lost":       {"/v1/videos", breaks, nil, 1, true},
		"unknown create":   {"/kling/v1/videos/text2video", breaks, nil, 1, true},
		"video 500":        {"/v1/videos", says(500, errorBody("internal error", "server_error", "")), nil, 1, false},
		"image refused":    {"/v1/images/generations", says(429, limited), nil, 4, false},
		"video overloaded": {"/v1/videos", says(503, overload), nil, 4, false},
		"no connection":    {"/v1/videos", fine, func(context.Context) error { return errors.New("dial tcp 10.0.0.1:443: connect: connection refused") }, 4, false},
		"text lost":        {"/v1/chat/completions", breaks, nil, 4, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rt, m, b := setUp(c.h)
				m.dial = c.dial
				resp, body := post(t, rt, t.Context(), c.path, map[bool]string{true: ask, false: picture}[name == "text lost"])
				call := b.last(t)
				if m.count != c.sent || call.PossiblyBilled != c.paid {
					t.Errorf("sent %d times, possibly billed %v; want %d, %v", m.count, call.PossiblyBilled, c.sent, c.paid)
				}
				if resp.Header.Get("X-Should-Retry") != "false" {
					t.Error("the SDK above would send it again")
				}
				if c.sent == 1 && c.paid && !strings.Contains(strings.Join(call.Final.Remedies, " "), "look for its result") {
					t.Errorf("no word on how to find out: %v, %s", call.Final.Remedies, body)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		rt, m, _ := setUp(script(breaks, says(200, `{"created":1,"data":[{"b64_json":"iVBORw0KGgo="}]}`)))
		ctx := recovery.WithUpstream(t.Context(), &recovery.Upstream{Name: "x", Idempotent: true})
		var keys []string
		inner := m.h
		m.h = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			keys = append(keys, r.Header.Get("Idempotency-Key"))
			inner.ServeHTTP(w, r)
		})
		if resp, body := post(t, rt, ctx, "/v1/images/generations", picture); resp.StatusCode != 200 || m.count != 2 || keys[0] == "" || keys[0] != keys[1] {
			t.Errorf("%d %s, keys %q", resp.StatusCode, body, keys)
		}
	})
}

func TestObserversFaultsFailNothing(t *testing.T) {
	rt := &recovery.Transport{Base: &memory{h: fine}, Observer: bomb{}}
	if resp, _ := post(t, rt, t.Context(), "/v1/chat/completions", ask); resp.StatusCode != 200 {
		t.Error(resp.StatusCode)
	}
}

type bomb struct{}

func (bomb) Observe(context.Context, *telltale.Exchange, telltale.Diagnosis) { panic("full") }
func (bomb) ObserveCall(context.Context, *telltale.Call)                     { panic("full") }

func delta(text string) string {
	return `data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-5.4-mini","choices":[{"index":0,"delta":{"content":"` + text + `"},"finish_reason":null}]}` + "\n\n"
}
