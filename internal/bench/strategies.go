package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/shared"
	"github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/recovery"
	"github.com/tidwall/gjson"
)

// limit is how long any strategy waits for the next byte.
const limit = 2 * time.Second

// strategy makes one call. The text is what the program would go on with; an error is a failure that it knows of.
type strategy struct {
	name string
	ask  func(ctx context.Context, base string, p plan) (string, error)
}

func strategies() []strategy {
	bare := func() *http.Transport {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.MaxIdleConnsPerHost = 256
		t.ResponseHeaderTimeout = limit
		return t
	}
	plain := &http.Client{Transport: bare()}
	policy := recovery.Policy{FirstByte: limit, Idle: limit}
	all := policy
	all.Recover = []recovery.Recovery{recovery.Heal, recovery.Reprompt, recovery.Continue, recovery.RaiseLimit}
	def := &http.Client{Transport: &recovery.Transport{Base: bare(), Policy: policy}}
	full := &http.Client{Transport: &recovery.Transport{Base: bare(), Policy: all}}
	return []strategy{
		{"no retries", func(ctx context.Context, base string, p plan) (string, error) {
			return once(ctx, plain, base, p, false)
		}},
		{"the guide's loop", func(ctx context.Context, base string, p plan) (string, error) { return guide(ctx, plain, base, p) }},
		{"openai-go", sdk(plain)},
		{"telltale", func(ctx context.Context, base string, p plan) (string, error) { return once(ctx, def, base, p, true) }},
		{"telltale, all on", func(ctx context.Context, base string, p plan) (string, error) { return once(ctx, full, base, p, true) }},
	}
}

// request is the body of a call.
func request(p plan) (path string, body []byte) {
	m := map[string]any{"model": "gpt-5.4-mini", "user": fmt.Sprintf("call-%d", p.id), "max_tokens": 100,
		"messages": []any{map[string]string{"role": "user", "content": "When does the last ferry leave?"}}}
	switch p.kind {
	case "image":
		b, _ := json.Marshal(map[string]any{"model": "gpt-image-2", "user": m["user"], "prompt": "a lighthouse"})
		return "/images/generations", b
	case "stream":
		m["stream"] = true
	case "json":
		m["response_format"] = map[string]string{"type": "json_object"}
	}
	b, _ := json.Marshal(m)
	return "/chat/completions", b
}

type statusError struct {
	status int
	body   string
}

func (e *statusError) Error() string { return fmt.Sprintf("status %d: %s", e.status, e.body) }

// once makes one request and believes a status of 2xx, as most programs do. With verdict it also asks
// Telltale what it made of the answer.
func once(ctx context.Context, c *http.Client, base string, p plan, verdict bool) (string, error) {
	path, body := request(p)
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "POST", base+path, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	if !verdict && p.kind == "stream" { // a program without an idle limit would hang for ever
		t := time.AfterFunc(2*limit, cancel)
		defer t.Stop()
	}
	resp, err := c.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", err
	}
	if resp.StatusCode >= 300 {
		return "", &statusError{resp.StatusCode, string(b)}
	}
	if verdict {
		if d, ok := telltale.FromResponse(resp); ok && !d.OK() {
			return "", fmt.Errorf("%s: %s", d.Class, d.Cause)
		}
	}
	return read(p, b)
}

// read takes the text out of an answer.
func read(p plan, b []byte) (string, error) {
	if p.kind == "image" {
		return gjson.GetBytes(b, "data.0.url").Str, nil
	}
	if p.kind != "stream" {
		if !gjson.ValidBytes(b) {
			return "", errors.New("no JSON")
		}
		return gjson.GetBytes(b, "choices.0.message.content").Str, nil
	}
	var text strings.Builder
	for line := range strings.SplitSeq(string(b), "\n") {
		if d, ok := strings.CutPrefix(line, "data: {"); ok {
			if e := gjson.Get("{"+d, "error.message"); e.Exists() {
				return "", errors.New(e.Str)
			}
			text.WriteString(gjson.Get("{"+d, "choices.0.delta.content").Str)
		}
	}
	return text.String(), nil
}

// guide is the loop of the guide as its text has it: 429 and 5xx are retried, with exponential backoff and
// jitter; content_filter and empty content are errors, length is only logged.
func guide(ctx context.Context, c *http.Client, base string, p plan) (text string, err error) {
	const most = 3
	for i := range most {
		text, err = once(ctx, c, base, p, false)
		var s *statusError
		switch {
		case err == nil && text == "":
			return "", errors.New("empty output, or a blocked one")
		case err == nil:
			return text, nil
		case errors.As(err, &s) && s.status < 500 && s.status != 429:
			return "", err
		case !errors.As(err, &s):
			return "", err // a connection error is no APIStatusError
		}
		if i < most-1 {
			time.Sleep(time.Duration((float64(int(1)<<i) + rand.Float64()) * float64(time.Second)))
		}
	}
	return "", err
}

// sdk is openai-go with the retries that it comes with.
func sdk(c *http.Client) func(context.Context, string, plan) (string, error) {
	return func(ctx context.Context, base string, p plan) (string, error) {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		cl := openai.NewClient(option.WithBaseURL(base), option.WithAPIKey("sk-bench"), option.WithHTTPClient(c), option.WithRequestTimeout(2*limit))
		user := openai.String(fmt.Sprintf("call-%d", p.id))
		if p.kind == "image" {
			r, err := cl.Images.Generate(ctx, openai.ImageGenerateParams{Model: "gpt-image-2", Prompt: "a lighthouse"}, option.WithJSONSet("user", fmt.Sprintf("call-%d", p.id)))
			if err != nil {
				return "", err
			}
			if len(r.Data) == 0 {
				return "", nil
			}
			return r.Data[0].URL, nil
		}
		q := openai.ChatCompletionNewParams{Model: "gpt-5.4-mini", User: user, MaxTokens: openai.Int(100),
			Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage("When does the last ferry leave?")}}
		if p.kind == "json" {
			q.ResponseFormat.OfJSONObject = &shared.ResponseFormatJSONObjectParam{}
		}
		if p.kind == "stream" {
			s := cl.Chat.Completions.NewStreaming(ctx, q)
			defer s.Close()
			text := ""
			for s.Next() {
				if ch := s.Current().Choices; len(ch) > 0 {
					text += ch[0].Delta.Content
				}
			}
			return text, s.Err()
		}
		r, err := cl.Chat.Completions.New(ctx, q)
		if err != nil {
			return "", err
		}
		if len(r.Choices) == 0 {
			return "", nil
		}
		return r.Choices[0].Message.Content, nil
	}
}
