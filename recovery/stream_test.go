package recovery_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/recovery"
	"github.com/tidwall/gjson"
)

const streamed = `{"model":"%s","stream":true,"messages":[{"role":"user","content":"What is the capital of France?"}]}`

func TestStreamsOfTheSimulator(t *testing.T) {
	for _, c := range []struct {
		path, fault string
		ends        string // how the stream must end: done, error, own (the provider's own error), status
		sent        int
	}{
		{"/v1/chat/completions", "ok", "done", 1},
		{"/v1/chat/completions", "stream-no-done", "clean", 1},
		{"/v1/chat/completions", "stream-cut", "error", 1},
		{"/v1/chat/completions", "stream-abort", "error", 1},
		{"/v1/chat/completions", "stream-reset", "error", 1},
		{"/v1/chat/completions", "stream-overloaded,ok", "done", 2},
		{"/v1/chat/completions", "stream-empty,ok", "done", 2},
		{"/v1/chat/completions", "reset,ok", "done", 2},
		{"/v1/messages", "stream-cut", "error", 1},
		{"/v1/messages", "stream-overloaded,ok", "clean", 2},
		{"/v1/responses", "stream-reset;after=9", "error", 1},
	} {
		t.Run(c.path+" "+c.fault, func(t *testing.T) {
			p := simulated(t)
			rt, b := over()
			body := fmt.Sprintf(streamed, "gpt-5.4@"+c.fault)
			if c.path == "/v1/responses" {
				body = `{"model":"gpt-5.4@` + c.fault + `","stream":true,"input":"What is the capital of France?"}`
			} else if c.path == "/v1/messages" {
				body = `{"model":"claude@` + c.fault + `","stream":true,"max_tokens":100,"messages":[{"role":"user","content":"What is the capital of France?"}]}`
			}
			resp, got := send(t, rt, t.Context(), p.URL+c.path, body)
			if n := len(p.requests()); n != c.sent || resp.StatusCode != 200 {
				t.Errorf("%d after %d attempts: %s", resp.StatusCode, n, got)
			}
			end := "clean"
			switch {
			case strings.Contains(got, "Telltale: "):
				end = "error"
			case strings.HasSuffix(strings.TrimSpace(got), "[DONE]"):
				end = "done"
			}
			if end != c.ends || c.ends == "error" && strings.Contains(got, "[DONE]") {
				t.Errorf("the stream ended %s, want %s:\n%s", end, c.ends, got)
			}
			call := b.last(t)
			if call.Final.OK() != (c.ends != "error") {
				t.Errorf("final: %+v", call.Final)
			}
			d, ok := telltale.FromResponse(resp)
			if !ok || d.Cause != call.Final.Cause {
				t.Errorf("FromResponse: %v %v", d.Cause, ok)
			}
		})
	}
}

func TestAStalledStreamIsTold(t *testing.T) {
	p := simulated(t)
	rt, b := over(func(p *recovery.Policy) { p.Idle = 200e6 })
	_, got := send(t, rt, t.Context(), p.URL+"/v1/chat/completions", fmt.Sprintf(streamed, "gpt-5.4@stream-stall"))
	if !strings.Contains(got, `data: {"error":{"message":"Telltale: `) || b.last(t).Final.OK() {
		t.Errorf("ended with %q", got[max(0, len(got)-300):])
	}
}

func TestStrict(t *testing.T) {
	p := simulated(t)
	rt, b := over()
	ctx := recovery.WithMode(t.Context(), recovery.Strict)
	for _, c := range []struct{ path, model, want string }{
		{"/v1/chat/completions", "gpt-5.4@content-filter", `{"error":{"message":"Telltale: `},
		{"/v1/chat/completions", "gpt-5.4@length", `{"error":{"message":"Telltale: `},
		{"/v1/chat/completions", "gpt-5.4@empty-content", `{"error":{"message":"Telltale: `},
		{"/v1/messages", "claude@length", `{"type":"error","error":{"type":"api_error","message":"Telltale: `},
		{"/v1beta/models/gemini@length:generateContent", "", `{"error":{"code":422,"message":"Telltale: `},
	} {
		body := `{"model":"` + c.model + `","max_tokens":10,"messages":[{"role":"user","content":"Hi"}],"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}`
		resp, got := send(t, rt, ctx, p.URL+c.path, body)
		if resp.StatusCode != 422 || !strings.HasPrefix(got, c.want) || resp.Header.Get("X-Should-Retry") != "false" {
			t.Errorf("%s %s: %d %s", c.path, c.model, resp.StatusCode, got)
		}
		if !strings.Contains(strings.Join(b.last(t).Changed, ";"), "422") {
			t.Errorf("changed: %v", b.last(t).Changed)
		}
	}
	resp, got := send(t, rt, ctx, p.URL+"/v1/chat/completions", `{"model":"gpt-5.4","messages":[{"role":"user","content":"Hi"}]}`)
	if resp.StatusCode != 200 {
		t.Errorf("a healthy call: %d %s", resp.StatusCode, got)
	}
	for _, model := range []string{"gpt-5.4@length", "gpt-5.4@repetition"} {
		_, got := send(t, rt, ctx, p.URL+"/v1/chat/completions", fmt.Sprintf(streamed, model))
		if !strings.Contains(got, `data: {"error":{"message":"Telltale: `) || strings.Contains(got, "[DONE]") {
			t.Errorf("%s: the stream ended with %q", model, got[max(0, len(got)-400):])
		}
	}
	if _, got := send(t, rt, ctx, p.URL+"/v1/chat/completions", fmt.Sprintf(streamed, "gpt-5.4")); !strings.HasSuffix(got, "data: [DONE]\n\n") {
		t.Errorf("a healthy stream ended with %q", got[max(0, len(got)-200):])
	}
}

// words answers a request for text: the n-th with the n-th part.
func words(stream bool, parts ...[2]string) (http.Handler, *[]string) {
	var asked []string
	n := 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		asked = append(asked, string(b))
		part := parts[min(n, len(parts)-1)]
		n++
		if !stream {
			says(200, chat(part[0], part[1]))(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, `data: {"id":"c`+fmt.Sprint(n)+`","object":"chat.completion.chunk","model":"gpt-5.4-mini","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}`+"\n\n")
		for _, word := range strings.SplitAfter(part[0], " ") {
			io.WriteString(w, delta(word))
		}
		if part[1] == "cut" {
			panic("cut")
		}
		io.WriteString(w, `data: {"id":"c","object":"chat.completion.chunk","model":"gpt-5.4-mini","choices":[{"index":0,"delta":{},"finish_reason":"`+part[1]+`"}]}`+"\n\n")
		io.WriteString(w, "data: [DONE]\n\n")
	}), &asked
}

func textOf(stream string) (text, finish string) {
	for line := range strings.SplitSeq(stream, "\n") {
		if d, ok := strings.CutPrefix(line, "data: {"); ok {
			text += gjson.Get("{"+d, "choices.0.delta.content").Str
			if f := gjson.Get("{"+d, "choices.0.finish_reason").Str; f != "" {
				finish += f
			}
		}
	}
	return text, finish
}

const story = "The ferry leaves the second pier every forty minutes, and the last one crosses shortly before midnight. Tickets are sold on board."

func TestContinue(t *testing.T) {
	word, half := len("The ferry leaves the second pier every forty"), len("The ferry leaves the second pier every forty min")
	for name, c := range map[string]struct {
		cut  int
		next string
	}{
		"goes on":               {word, story[word:]},
		"leaves the blank out":  {word, story[word+1:]},
		"repeats the last word": {word, story[word-len("forty"):]},
		"repeats the anchor":    {half, story[half-48:]},
		"repeats half a word":   {half, story[half-len("forty min"):]},
		"begins again":          {half, "Of course, going on: " + story[half-30:]},
	} {
		cut, next := c.cut, c.next
		for _, end := range []string{"length", "cut"} {
			t.Run(name+"/stream/"+end, func(t *testing.T) {
				h, asked := words(true, [2]string{story[:cut], end}, [2]string{next, "stop"})
				rt, _, b := setUp(h)
				ctx := recovery.WithRecover(t.Context(), recovery.Continue)
				_, got := post(t, rt, ctx, "/v1/chat/completions", fmt.Sprintf(streamed, "gpt-5.4-mini"))
				text, finish := textOf(got)
				if text != story || finish != "stop" || !strings.HasSuffix(got, "data: [DONE]\n\n") || strings.Count(got, "[DONE]") != 1 {
					t.Errorf("joined to %q, finish %q\n%s", text, finish, got)
				}
				call := b.last(t)
				if len(call.Attempts) != 2 || !call.Final.OK() || len(call.Changed) != 1 || len(*asked) != 2 {
					t.Errorf("record: %+v", call)
				}
				if m := gjson.Get((*asked)[1], "messages").Array(); len(m) != 3 || m[1].Get("content").Str != story[:cut] {
					t.Errorf("asked %s", (*asked)[1])
				}
			})
		}
		t.Run(name+"/plain", func(t *testing.T) {
			h, _ := words(false, [2]string{story[:cut], "length"}, [2]string{next, "stop"})
			rt, _, b := setUp(h)
			_, got := post(t, rt, recovery.WithRecover(t.Context(), recovery.Continue), "/v1/chat/completions", ask)
			if text := gjson.Get(got, "choices.0.message.content").Str; text != story || gjson.Get(got, "choices.0.finish_reason").Str != "stop" || gjson.Get(got, "usage.total_tokens").Int() != 30 {
				t.Errorf("joined to %s", got)
			}
			if call := b.last(t); call.Usage.Output != 10 || !call.Final.OK() {
				t.Errorf("usage %+v, %+v", call.Usage, call.Final)
			}
		})
	}
	t.Run("off", func(t *testing.T) {
		h, asked := words(false, [2]string{story[:40], "length"})
		rt, _, _ := setUp(h)
		if _, got := post(t, rt, t.Context(), "/v1/chat/completions", ask); len(*asked) != 1 || got != chat(story[:40], "length") {
			t.Errorf("%d requests, %s", len(*asked), got)
		}
	})
	t.Run("bounded", func(t *testing.T) {
		h, asked := words(true, [2]string{"and on ", "length"})
		rt, _, b := setUp(h)
		_, got := post(t, rt, recovery.WithRecover(t.Context(), recovery.Continue), "/v1/chat/completions", fmt.Sprintf(streamed, "gpt-5.4-mini"))
		if len(*asked) != 4 || b.last(t).Final.Cause != fault.Truncated {
			t.Errorf("%d requests, %s\n%s", len(*asked), b.last(t).Final.Cause, got)
		}
	})
}

func TestRaiseLimit(t *testing.T) {
	var asked []int64
	rt, _, b := setUp(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		n := gjson.GetBytes(body, "max_tokens").Int()
		asked = append(asked, n)
		switch {
		case n > 300:
			says(400, `{"error":{"message":"max_tokens is too large: 400. This model supports at most 300 completion tokens.","type":"invalid_request_error","param":"max_tokens","code":null}}`)(w, r)
		case n < 300:
			says(200, chat("The ferry leaves", "length"))(w, r)
		default:
			says(200, chat(story, "stop"))(w, r)
		}
	}))
	body := strings.Replace(ask, "{", `{"max_tokens":100,`, 1)
	_, got := post(t, rt, recovery.WithRecover(t.Context(), recovery.RaiseLimit), "/v1/chat/completions", body)
	if fmt.Sprint(asked) != "[100 400 300]" || got != chat(story, "stop") {
		t.Errorf("asked with %v: %s", asked, got)
	}
	if len(b.last(t).Changed) != 2 {
		t.Errorf("changed: %q", b.last(t).Changed)
	}
}

func TestHealAndReprompt(t *testing.T) {
	p := simulated(t)
	rt, b := over()
	schema := `"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object","properties":{"total":{"type":"number"},"paid":{"type":"boolean"}},"required":["total","paid"],"additionalProperties":false}}}`
	for _, c := range []struct {
		fault string
		on    []recovery.Recovery
		sent  int
		ok    bool
	}{
		{"fenced-json", []recovery.Recovery{recovery.Heal}, 1, true},
		{"trailing-comma", []recovery.Recovery{recovery.Heal}, 1, true},
		{"broken-json", []recovery.Recovery{recovery.Heal}, 1, false},
		{"not-json", []recovery.Recovery{recovery.Heal}, 1, false},
		{"not-json,ok", []recovery.Recovery{recovery.Heal, recovery.Reprompt}, 2, true},
		{"broken-json,ok", []recovery.Recovery{recovery.Reprompt}, 2, true},
		{"schema-mismatch,ok", []recovery.Recovery{recovery.Reprompt}, 2, true},
		{"schema-mismatch", []recovery.Recovery{recovery.Reprompt}, 4, false},
		{"not-json", nil, 1, false},
	} {
		t.Run(fmt.Sprint(c.fault, c.on), func(t *testing.T) {
			ctx := context.Context(t.Context())
			if c.on != nil {
				ctx = recovery.WithRecover(ctx, c.on...)
			}
			resp, got := send(t, rt, ctx, p.URL+"/v1/chat/completions", `{"model":"gpt-5.4@`+c.fault+`",`+schema+`,"messages":[{"role":"user","content":"What is the total?"}]}`)
			sent := p.requests()
			call := b.last(t)
			if resp.StatusCode != 200 || len(sent) != c.sent || call.Final.OK() != c.ok {
				t.Errorf("%d after %d requests, %s %s: %s", resp.StatusCode, len(sent), call.Final.Class, call.Final.Cause, got)
			}
			if text := gjson.Get(got, "choices.0.message.content").Str; c.ok && !gjson.Get(text, "total").Exists() {
				t.Errorf("text %q", text)
			}
			if c.ok && len(call.Changed) == 0 {
				t.Error("nothing is said to have changed")
			}
			if c.sent == 2 && len(sent) == 2 {
				if m := gjson.Get(sent[1], "messages").Array(); len(m) != 3 || m[1].Get("role").Str != "assistant" || !strings.Contains(m[2].Get("content").Str, "cannot be used") {
					t.Errorf("asked again with %s", sent[1])
				}
			}
		})
	}
}

// claude streams parts as Anthropic does: the n-th request gets the n-th part. An end of "cut" breaks the connection.
func claude(parts ...[2]string) http.Handler {
	n := 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		part := parts[min(n, len(parts)-1)]
		n++
		w.Header().Set("Content-Type", "text/event-stream")
		ev := func(kind, data string) { fmt.Fprintf(w, "event: %s\ndata: {\"type\":%q%s}\n\n", kind, kind, data) }
		ev("message_start", fmt.Sprintf(`,"message":{"id":"msg_%d","type":"message","role":"assistant","model":"claude-opus-4","content":[],"stop_reason":null,"usage":{"input_tokens":5,"output_tokens":1}}`, n))
		ev("content_block_start", `,"index":0,"content_block":{"type":"text","text":""}`)
		for _, word := range strings.SplitAfter(part[0], " ") {
			ev("content_block_delta", fmt.Sprintf(`,"index":0,"delta":{"type":"text_delta","text":%q}`, word))
		}
		if part[1] == "cut" {
			panic("cut")
		}
		ev("content_block_stop", `,"index":0`)
		ev("message_delta", fmt.Sprintf(`,"delta":{"stop_reason":%q,"stop_sequence":null},"usage":{"output_tokens":9}`, part[1]))
		ev("message_stop", "")
	})
}

func TestContinueAnthropic(t *testing.T) {
	for _, end := range []string{"cut", "max_tokens"} {
		rt, m, b := setUp(claude([2]string{story[:60], end}, [2]string{story[35:], "end_turn"}))
		ctx := recovery.WithRecover(t.Context(), recovery.Continue)
		_, got := post(t, rt, ctx, "/v1/messages", `{"model":"claude-opus-4","max_tokens":100,"stream":true,"messages":[{"role":"user","content":"When does the ferry leave?"}]}`)
		text, started, stopped, last := "", 0, 0, int64(-1)
		for line := range strings.SplitSeq(got, "\n") {
			d, _ := strings.CutPrefix(line, "data: ")
			text += gjson.Get(d, "delta.text").Str
			switch gjson.Get(d, "type").Str {
			case "message_start":
				started++
			case "message_stop":
				stopped++
			case "content_block_start":
				if i := gjson.Get(d, "index").Int(); i != last+1 {
					t.Errorf("%s: block %d after block %d", end, i, last)
				}
				last++
			}
		}
		if text != story || started != 1 || stopped != 1 || m.count != 2 || strings.Contains(got, "error") || !b.last(t).Final.OK() {
			t.Errorf("%s: %q, %d starts, %d stops, %d requests, %s\n%s", end, text, started, stopped, m.count, b.last(t).Final.Cause, got)
		}
	}
}

func TestAStreamThatFailsBeforeItsOutputIsReplacedUnseen(t *testing.T) {
	p := simulated(t)
	rt, b := over(func(p *recovery.Policy) {
		p.Attempts = 1
		p.Routes = []recovery.Route{{Fallback: []recovery.Target{{Model: "spare"}}}}
	})
	_, got := send(t, rt, t.Context(), p.URL+"/v1/chat/completions", fmt.Sprintf(streamed, "gpt-5.4@stream-overloaded"))
	call := b.last(t)
	if !strings.HasSuffix(got, "data: [DONE]\n\n") || strings.Contains(got, "error") || len(call.Attempts) != 2 || call.Attempts[1].Model != "spare" || !call.Final.OK() {
		t.Errorf("%d attempts: %s", len(call.Attempts), got)
	}
}

func TestAskingAgainHoldsAStreamWhole(t *testing.T) {
	p := simulated(t)
	rt, b := over()
	body := `{"model":"gpt-5.4@not-json,ok","stream":true,"response_format":{"type":"json_object"},"messages":[{"role":"user","content":"As JSON, please."}]}`
	_, got := send(t, rt, recovery.WithRecover(t.Context(), recovery.Reprompt), p.URL+"/v1/chat/completions", body)
	text, finish := textOf(got)
	if call := b.last(t); !gjson.Valid(text) || finish != "stop" || len(call.Attempts) != 2 || !call.Final.OK() {
		t.Errorf("%q %q, %d attempts, %s", text, finish, len(call.Attempts), call.Final.Cause)
	}
}

func TestStreamsOfUnknownAPIsPassAsTheyCome(t *testing.T) {
	const progress = "event: progress\ndata: {\"step\":1}\n\n"
	rt, m, _ := setUp(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, progress)
		w.(http.Flusher).Flush()
		io.WriteString(w, "data: no blank line")
		if r.URL.Path == "/v1/broken" {
			panic("cut")
		}
	}))
	if _, got := post(t, rt, t.Context(), "/v1/jobs/events", `{}`); got != progress+"data: no blank line" || m.count != 1 {
		t.Errorf("%d requests, %q", m.count, got)
	}
	if _, got := post(t, rt, t.Context(), "/v1/broken", `{}`); !strings.Contains(got, "\n<read tcp") || strings.Contains(got, "Telltale: ") {
		t.Errorf("a cut ended with %q", got)
	}
}
