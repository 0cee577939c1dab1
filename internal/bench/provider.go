package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/tidwall/gjson"
)

// mishap is one way for a call to go wrong. It strikes the first attempts of a call and then lets it pass.
type mishap struct {
	name     string
	times    int  // attempts that it strikes; 0: all
	stream   bool // strikes streams only
	image    bool // strikes image creates only
	hopeless bool // no repeat and no edit can cure it
}

// mishaps are played in equal shares.
var mishaps = []mishap{
	{name: "429 with Retry-After", times: 1},
	{name: "429", times: 2},
	{name: "429 no money", hopeless: true},
	{name: "500", times: 1},
	{name: "503", times: 2},
	{name: "504", times: 1},
	{name: "reset before sending", times: 1},
	{name: "reset after sending", times: 1},
	{name: "HTML", times: 1, hopeless: true}, // a page from something in between: it may pass, and is no reason to hammer
	{name: "error in 200", times: 1},
	{name: "empty", times: 1},
	{name: "broken JSON", times: 1},
	{name: "truncated", times: 1},
	{name: "filtered", hopeless: true},
	{name: "stream cut", times: 1, stream: true},
	{name: "stream stalled", times: 1, stream: true},
	{name: "image 429", times: 1, image: true},
	{name: "image lost after sending", image: true, times: 1, hopeless: true}, // it may have been made: sending it again may bill it twice
}

// plan says what a call is and what happens to it.
type plan struct {
	id     int
	kind   string // json, text, stream, image
	mishap *mishap
}

func plans(n int, share float64, seed uint64) []plan {
	r := rand.New(rand.NewPCG(seed, 7))
	out := make([]plan, n)
	for i := range out {
		p := plan{id: i, kind: []string{"json", "text", "stream", "image"}[r.IntN(4)]}
		if r.Float64() < share {
			p.mishap = &mishaps[r.IntN(len(mishaps))]
			switch {
			case p.mishap.stream:
				p.kind = "stream"
			case p.mishap.image:
				p.kind = "image"
			case p.mishap.name == "broken JSON":
				p.kind = "json"
			case p.kind == "image", p.kind == "stream" && (p.mishap.name == "empty" || p.mishap.name == "truncated"):
				p.kind = "text"
			}
		}
		out[i] = p
	}
	return out
}

// words is the good answer of a text call.
func (p plan) words() string {
	return fmt.Sprintf("Answer %d: the ferry leaves the second pier every forty minutes, and the last one crosses shortly before midnight.", p.id)
}

func (p plan) json() string { return fmt.Sprintf(`{"answer":%d,"pier":"second"}`, p.id) }

// good reports whether an answer is the one that was asked for.
func (p plan) good(text string) bool {
	switch p.kind {
	case "json":
		var v struct {
			Answer *int   `json:"answer"`
			Pier   string `json:"pier"`
		}
		return json.Unmarshal([]byte(text), &v) == nil && v.Answer != nil && *v.Answer == p.id && v.Pier == "second"
	case "image":
		return text == fmt.Sprintf("http://images.example/%d.png", p.id)
	}
	return text == p.words()
}

// provider plays the plans. It counts what it was asked, and what it would bill.
type provider struct {
	plans []plan
	mu    sync.Mutex
	asked []int
	bills []int
}

func (s *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	var id int
	if _, err := fmt.Sscanf(gjson.GetBytes(body, "user").Str, "call-%d", &id); err != nil || id < 0 || id >= len(s.plans) {
		http.Error(w, "no such call", http.StatusBadRequest)
		return
	}
	p := s.plans[id]
	s.mu.Lock()
	s.asked[id]++
	n := s.asked[id]
	s.mu.Unlock()
	m := p.mishap
	if m == nil || m.times > 0 && n > m.times {
		s.bill(id)
		s.well(w, p, body, "stop")
		return
	}
	fail := func(status int, message, kind, code string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"error":{"message":%q,"type":%q,"param":null,"code":%q}}`, message, kind, code)
	}
	switch m.name {
	case "429 with Retry-After", "image 429":
		w.Header().Set("Retry-After", "1")
		fail(429, "Rate limit reached for requests", "requests", "rate_limit_exceeded")
	case "429":
		fail(429, "Rate limit reached for requests", "requests", "rate_limit_exceeded")
	case "429 no money":
		fail(429, "You exceeded your current quota, please check your plan and billing details.", "insufficient_quota", "insufficient_quota")
	case "500":
		fail(500, "The server had an error while processing your request", "server_error", "")
	case "503":
		fail(503, "The engine is currently overloaded, please try again later", "server_error", "")
	case "504":
		fail(504, "upstream request timeout", "server_error", "")
	case "reset before sending", "reset after sending", "image lost after sending":
		if m.name != "reset before sending" {
			s.bill(id)
		}
		reset(w)
	case "HTML":
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<!DOCTYPE html><html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>")
	case "error in 200":
		fail(200, "Provider returned error: the upstream is overloaded", "server_error", "overloaded")
	case "empty":
		s.bill(id)
		s.say(w, p, "", "stop")
	case "broken JSON":
		s.bill(id)
		s.say(w, p, strings.TrimSuffix(p.json(), "}")+",}", "stop")
	case "truncated":
		s.bill(id)
		if gjson.GetBytes(body, "max_tokens").Int() > 100 || strings.Contains(string(body), "Go on from") {
			s.well(w, p, body, "stop")
			return
		}
		s.say(w, p, p.words()[:60], "length")
	case "filtered":
		s.say(w, p, "", "content_filter")
	case "stream cut", "stream stalled":
		s.bill(id)
		s.well(w, p, body, m.name)
	}
}

func (s *provider) bill(id int) {
	s.mu.Lock()
	s.bills[id]++
	s.mu.Unlock()
}

// well answers as was asked for; how is stop, or the way in which a stream breaks.
func (s *provider) well(w http.ResponseWriter, p plan, body []byte, how string) {
	switch p.kind {
	case "image":
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"created":1,"data":[{"url":"http://images.example/%d.png"}]}`, p.id)
	case "json":
		s.say(w, p, p.json(), how)
	case "stream":
		if gjson.GetBytes(body, "stream").Bool() {
			s.stream(w, p, body, how)
			return
		}
		fallthrough
	default:
		text := p.words()
		if strings.Contains(string(body), "Go on from") {
			text = text[50:]
		}
		s.say(w, p, text, how)
	}
}

func (s *provider) say(w http.ResponseWriter, p plan, text, finish string) {
	if p.kind == "stream" { // an answer in one piece is a stream too
		w.Header().Set("Content-Type", "text/event-stream")
		if text != "" {
			fmt.Fprint(w, piece(text, ""))
		}
		fmt.Fprint(w, piece("", finish)+"data: [DONE]\n\n")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"id":"chatcmpl-%d","object":"chat.completion","created":1,"model":"gpt-5.4-mini","choices":[{"index":0,"message":{"role":"assistant","content":%q},"finish_reason":%q}],"usage":{"prompt_tokens":10,"completion_tokens":30,"total_tokens":40}}`, p.id, text, finish)
}

func piece(text, finish string) string {
	f, d := "null", fmt.Sprintf(`{"content":%q}`, text)
	if finish != "" {
		f, d = fmt.Sprintf("%q", finish), "{}"
	}
	return `data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-5.4-mini","choices":[{"index":0,"delta":` + d + `,"finish_reason":` + f + "}]}\n\n"
}

func (s *provider) stream(w http.ResponseWriter, p plan, body []byte, how string) {
	w.Header().Set("Content-Type", "text/event-stream")
	text := p.words()
	if strings.Contains(string(body), "Go on from") {
		text = text[len("Answer"):]
		if i := strings.Index(p.words(), "second"); i > 0 {
			text = p.words()[i:]
		}
	}
	parts := strings.SplitAfter(text, " ")
	for i, word := range parts {
		if i == len(parts)/2 && how != "stop" {
			w.(http.Flusher).Flush()
			if how == "stream stalled" {
				time.Sleep(3 * limit)
			}
			reset(w)
			return
		}
		_, _ = io.WriteString(w, piece(word, ""))
		w.(http.Flusher).Flush()
	}
	_, _ = io.WriteString(w, piece("", "stop")+"data: [DONE]\n\n")
}

// reset breaks the connection as a crashed machine does.
func reset(w http.ResponseWriter) {
	c, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	_ = c.Close()
}
