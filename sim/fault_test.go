package sim_test

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/telltale-ai/telltale/sim"
)

const withSchema = `,"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object","required":["total"],"properties":{"total":{"type":"number"}}}}}`
const withTool = `,"tools":[{"type":"function","function":{"name":"find_ferry","parameters":{"type":"object","required":["pier"],"properties":{"pier":{"type":"string"}}}}}]`

// onText says of each fault for text what a plain client sees. Streams are asked for where the name begins with stream-.
var onText = map[string]func(a *asker, g got){
	"ok": func(a *asker, g got) {
		g.is(200)
		g.want("choices.0.finish_reason", "stop")
		if len(g.text()) < 20 {
			g.t.Errorf("text %q", g.text())
		}
	},
	"400": func(a *asker, g got) { g.is(400); g.want("error.param", "messages[0].role") },
	"401": func(a *asker, g got) { g.is(401); g.want("error.code", "invalid_api_key") },
	"402": func(a *asker, g got) { g.is(402) },
	"403": func(a *asker, g got) { g.is(403) },
	"404": func(a *asker, g got) { g.is(404); g.has("Invalid URL") },
	"408": func(a *asker, g got) { g.is(408) },
	"413": func(a *asker, g got) { g.is(413) },
	"422": func(a *asker, g got) { g.is(422); g.want("detail.0.loc.1", "temperature") },
	"429": func(a *asker, g got) {
		g.is(429)
		g.want("error.code", "rate_limit_exceeded")
		if v := g.header.Get("Retry-After"); v != "" {
			g.t.Errorf("Retry-After %q", v)
		}
	},
	"500":                 func(a *asker, g got) { g.is(500); g.want("error.type", "server_error") },
	"500-invalid-request": func(a *asker, g got) { g.is(500); g.want("error.code", "invalid_request") },
	"502": func(a *asker, g got) {
		g.is(502)
		g.has("<h1>502 Bad Gateway</h1>", "nginx")
		if ct := g.header.Get("Content-Type"); ct != "text/html" {
			g.t.Errorf("content type %q", ct)
		}
	},
	"503":                 func(a *asker, g got) { g.is(503) },
	"503-model-not-found": func(a *asker, g got) { g.is(503); g.want("error.code", "model_not_found") },
	"504":                 func(a *asker, g got) { g.is(504) },
	"524":                 func(a *asker, g got) { g.is(524); g.has("524: A timeout occurred") },
	"529": func(a *asker, g got) {
		g.is(529)
		if g.header.Get("X-Should-Retry") != "true" {
			g.t.Error("no x-should-retry")
		}
	},
	"model-not-found":    func(a *asker, g got) { g.is(404); g.want("error.code", "model_not_found"); g.has("`m`") },
	"context-length":     func(a *asker, g got) { g.is(400); g.want("error.code", "context_length_exceeded") },
	"insufficient-quota": func(a *asker, g got) { g.is(429); g.want("error.code", "insufficient_quota") },

	"refuse-max-tokens": func(a *asker, g got) {
		g.is(200)
		g = a.chat("m@refuse-max-tokens", `,"max_tokens":9`)
		g.is(400)
		g.want("error.param", "max_tokens")
		a.chat("m@refuse-max-tokens", `,"max_completion_tokens":9`).is(200)
		a.chat("o3-mini", `,"max_tokens":9`).is(400)
	},
	"refuse-temperature": func(a *asker, g got) {
		g.is(200)
		a.chat("m@refuse-temperature", `,"temperature":1`).is(200)
		a.chat("m@refuse-temperature", `,"temperature":0.2`).want("error.code", "unsupported_value")
	},
	"refuse-response-format": func(a *asker, g got) {
		g.is(200)
		body := func(model, more string) got {
			return a.post("/v1/images/generations", `{"model":"`+model+`","prompt":"a boat"`+more+`}`)
		}
		for _, m := range []string{"m@refuse-response-format", "gpt-image-2"} {
			g := body(m, `,"response_format":"b64_json"`)
			g.is(400)
			g.want("error.message", "Unknown parameter: 'response_format'.")
			body(m, "").is(200)
			body(m, `,"output_format":"webp"`).is(200)
			body(m, `,"output_format":"b64_json"`).want("error.param", "output_format")
		}
	},
	"refuse-n": func(a *asker, g got) {
		g.is(200)
		for n, status := range map[string]int{"1": 200, "2": 400} {
			a.post("/v1/images/generations", `{"model":"qwen-image","prompt":"a boat","n":`+n+`}`).is(status)
		}
	},
	"refuse": func(a *asker, g got) {
		g.is(200)
		a.chat("m@refuse;param=top_k", `,"top_k":3`).want("error.param", "top_k")
	},

	"content-filter": func(a *asker, g got) {
		g.want("choices.0.finish_reason", "content_filter")
		g.want("choices.0.message.content", nil)
	},
	"content-filter-400": func(a *asker, g got) { g.is(400); g.want("error.code", "content_filter") },
	"length": func(a *asker, g got) {
		g.want("choices.0.finish_reason", "length")
		a.chat("m@length", `,"max_tokens":33`).want("usage.completion_tokens", 33.0)
	},
	"reasoning-budget": func(a *asker, g got) {
		g.want("choices.0.finish_reason", "length")
		g.want("choices.0.message.content", "")
		g.want("usage.completion_tokens_details.reasoning_tokens", g.at("usage.completion_tokens"))
	},
	"empty-content": func(a *asker, g got) {
		g.want("choices.0.message.content", "")
		g.want("choices.0.finish_reason", "stop")
	},
	"null-content": func(a *asker, g got) {
		g.want("choices.0.message.content", nil)
		g.want("choices.0.finish_reason", "stop")
	},
	"empty-choices":  func(a *asker, g got) { g.has(`"choices":[]`) },
	"refusal-field":  func(a *asker, g got) { g.has(`"refusal":"I'm sorry`); g.want("choices.0.message.content", nil) },
	"model-mismatch": func(a *asker, g got) { g.want("model", "tiny-chat-1b") },
	"say":            func(a *asker, g got) { a.chat("m@say;text=a%2C b", "").want("choices.0.message.content", "a, b") },

	"tool-calls": func(a *asker, _ got) {
		g := a.chat("m@tool-calls", withTool)
		g.want("choices.0.finish_reason", "tool_calls")
		g.want("choices.0.message.content", nil)
		g.want("choices.0.message.tool_calls.0.function.name", "find_ferry")
		g.want("choices.0.message.tool_calls.0.function.arguments", `{"pier":"harbour"}`)
	},
	"bad-tool-arguments": func(a *asker, g got) {
		args, _ := g.at("choices.0.message.tool_calls.0.function.arguments").(string)
		if args == "" || json.Valid([]byte(args)) {
			g.t.Errorf("arguments %q", args)
		}
	},
	"tool-schema-mismatch": func(a *asker, g got) {
		a.chat("m@tool-schema-mismatch", withTool).want("choices.0.message.tool_calls.0.function.arguments", `{"unexpected":"value"}`)
	},
	"unknown-tool": func(a *asker, g got) {
		a.chat("m@unknown-tool", withTool).want("choices.0.message.tool_calls.0.function.name", "delete_everything")
	},
	"printed-tool-call": func(a *asker, g got) { g.want("choices.0.finish_reason", "stop"); g.has("<tool_call>") },

	"broken-json":    notJSON("m@broken-json"),
	"trailing-comma": notJSON("m@trailing-comma"),
	"fenced-json":    notJSON("m@fenced-json"),
	"not-json":       notJSON("m@not-json"),
	"schema-mismatch": func(a *asker, _ got) {
		g := a.chat("m@schema-mismatch", withSchema)
		if s := g.text(); !json.Valid([]byte(s)) || strings.Contains(s, "total") {
			g.t.Errorf("text %q", s)
		}
		if s := a.chat("m", withSchema).text(); s != `{"total":3}` {
			g.t.Errorf("healthy text %q", s)
		}
	},
	"wrong-label": func(a *asker, g got) {
		if len(strings.Fields(g.text())) < 5 {
			g.t.Errorf("text %q", g.text())
		}
	},
	"refusal": func(a *asker, g got) { g.has("I can't help"); g.want("choices.0.finish_reason", "stop") },
	"repetition": func(a *asker, g got) {
		if n := strings.Count(g.text(), "and then the ship"); n < 50 {
			g.t.Errorf("%d times", n)
		}
	},
	"echo":            func(a *asker, g got) { g.want("choices.0.message.content", "When does the ferry leave?") },
	"cut-output":      func(a *asker, g got) { g.want("choices.0.finish_reason", "stop"); g.has(`check that the la"`) },
	"leaked-template": func(a *asker, g got) { g.has("<|im_end|>") },
	"wrong-language":  func(a *asker, g got) { g.has("El barco sale") },
	"short-output":    func(a *asker, g got) { g.want("choices.0.message.content", "Ok.") },

	"html-200":  func(a *asker, g got) { g.is(200); g.has("<!DOCTYPE html>") },
	"challenge": func(a *asker, g got) { g.is(403); g.has("Just a moment...") },
	"error-200": func(a *asker, g got) { g.is(200); g.want("error.message", "Provider returned error") },
	"empty-body": func(a *asker, g got) {
		g.is(200)
		if g.body != "" || g.cut != nil {
			g.t.Errorf("%q, %v", g.body, g.cut)
		}
	},
	"login-redirect": func(a *asker, g got) {
		g.is(302)
		g = a.do("GET", g.header.Get("Location"), "")
		g.is(200)
		g.has("Sign in")
	},
	"wrong-content-type": func(a *asker, g got) {
		g.want("choices.0.finish_reason", "stop")
		if ct := g.header.Get("Content-Type"); ct != "text/html; charset=utf-8" {
			g.t.Errorf("content type %q", ct)
		}
	},
	"glued": func(a *asker, g got) {
		d := json.NewDecoder(strings.NewReader(g.body))
		var v any
		if err := d.Decode(&v); err != nil || d.Decode(&v) == nil {
			g.t.Errorf("%v\n%s", err, g.body)
		}
	},

	"reset": func(a *asker, g got) {
		if !errors.Is(g.err, syscall.ECONNRESET) && !errors.Is(g.err, io.EOF) {
			g.t.Errorf("%v", g.err)
		}
	},
	"reset-after-headers": func(a *asker, g got) {
		g.is(200)
		if g.body != "" || !errors.Is(g.cut, syscall.ECONNRESET) {
			g.t.Errorf("%q, %v", g.body, g.cut)
		}
	},
	"cut-body": func(a *asker, g got) {
		g.is(200)
		if g.body == "" || !errors.Is(g.cut, io.ErrUnexpectedEOF) {
			g.t.Errorf("%q, %v", g.body, g.cut)
		}
	},
	"trickle": func(a *asker, _ got) {
		g := a.chat("m@trickle;gap=1ms;pieces=9", "")
		g.want("choices.0.finish_reason", "stop")
	},
	"huge": func(a *asker, _ got) {
		g := a.chat("m@huge;mib=3", "")
		if len(g.body) < 3<<20 {
			g.t.Errorf("%d bytes", len(g.body))
		}
		g.want("choices.0.finish_reason", "stop")
	},
	"gzip": func(a *asker, g got) {
		if g.header.Get("Content-Encoding") != "gzip" {
			g.t.Error("no Content-Encoding")
		}
		g.body = unzip(g.t, g.body)
		g.want("choices.0.finish_reason", "stop")
	},

	"stream-cut": func(a *asker, g got) {
		text, finish, done := g.stream()
		if text == "" || finish != "" || done || g.cut != nil {
			g.t.Errorf("%q %q %v %v", text, finish, done, g.cut)
		}
	},
	"stream-abort": func(a *asker, g got) {
		text, finish, done := g.stream()
		if text == "" || finish != "" || done || !errors.Is(g.cut, io.ErrUnexpectedEOF) {
			g.t.Errorf("%q %q %v %v", text, finish, done, g.cut)
		}
	},
	"stream-reset": func(a *asker, g got) {
		text, _, done := g.stream()
		if text == "" || done || !errors.Is(g.cut, syscall.ECONNRESET) {
			g.t.Errorf("%q %v %v", text, done, g.cut)
		}
	},
	"stream-error": func(a *asker, g got) {
		text, finish, done := g.stream()
		if text == "" || finish != "" || done || g.cut != nil {
			g.t.Errorf("%q %q %v %v", text, finish, done, g.cut)
		}
		g.has(`data: {"error":{"code":"server_error"`)
	},
	"stream-overloaded": func(a *asker, g got) {
		if !strings.HasPrefix(g.body, `data: {"error":`) {
			g.t.Error(g.body)
		}
	},
	"stream-no-finish": func(a *asker, g got) {
		text, finish, done := g.stream()
		if len(text) < 40 || finish != "" || done {
			g.t.Errorf("%q %q %v", text, finish, done)
		}
	},
	"stream-no-done": func(a *asker, g got) {
		text, finish, done := g.stream()
		if len(text) < 40 || finish != "stop" || done {
			g.t.Errorf("%q %q %v", text, finish, done)
		}
	},
	"stream-empty": func(a *asker, g got) {
		g.is(200)
		if g.body != "" || g.cut != nil {
			g.t.Errorf("%q %v", g.body, g.cut)
		}
	},
	"stream-no-text": func(a *asker, g got) {
		text, finish, done := g.stream()
		if text != "" || finish != "stop" || !done {
			g.t.Errorf("%q %q %v", text, finish, done)
		}
	},
}

func notJSON(model string) func(*asker, got) {
	return func(a *asker, _ got) {
		g := a.chat(model, withSchema)
		g.want("choices.0.finish_reason", "stop")
		if s := g.text(); s == "" || json.Valid([]byte(s)) {
			g.t.Errorf("text %q", s)
		}
	}
}

// elsewhere names the faults that have tests of their own, and where.
var elsewhere = map[string]string{
	"stall": "TestWaits", "slow-body": "TestWaits", "stream-stall": "TestWaits", "endless": "TestEndless",
}

func TestTextFaults(t *testing.T) {
	for name, check := range onText {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAsker(t)
			more := ""
			if strings.HasPrefix(name, "stream-") {
				more = `,"stream":true`
			}
			check(a, a.chat("m@"+name, more))
		})
	}
}

// Every fault has a test, a doc and a place.
func TestEveryFaultIsTested(t *testing.T) {
	var names []string
	for _, f := range sim.Faults() {
		if f.Doc == "" || f.On == 0 {
			t.Errorf("%s: no doc or no place", f.Name)
		}
		if slices.Contains(names, f.Name) {
			t.Errorf("%s twice", f.Name)
		}
		names = append(names, f.Name)
		_, text := onText[f.Name]
		_, media := onMedia[f.Name]
		if !text && !media && elsewhere[f.Name] == "" {
			t.Errorf("fault %s has no test", f.Name)
		}
	}
	for n := range onText {
		if !slices.Contains(names, n) {
			t.Errorf("no fault is called %s", n)
		}
	}
	for n := range onMedia {
		if !slices.Contains(names, n) {
			t.Errorf("no fault is called %s", n)
		}
	}
}
