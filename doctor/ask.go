package doctor

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
)

const maxAnswer = 8 << 20 // how much of an answer is read, in bytes

// ask sends one request to a path below the base URL and gives the exchange. It holds no key.
func (s *session) ask(ctx context.Context, method, path string, surface telltale.Surface, body any) *telltale.Exchange {
	var raw []byte
	if body != nil {
		raw, _ = json.Marshal(body)
	}
	return s.send(ctx, method, path, surface, "application/json", raw)
}

func (s *session) send(ctx context.Context, method, path string, surface telltale.Surface, kind string, raw []byte) *telltale.Exchange {
	ctx, cancel := context.WithTimeout(ctx, s.o.Timeout)
	defer cancel()
	u := *s.base
	u.Path = strings.TrimRight(u.Path, "/") + path
	x := &telltale.Exchange{Request: telltale.Request{Method: method, URL: u.String(), Surface: surface, Body: raw}, Start: s.now()}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(raw))
	if err != nil {
		x.Err = err
		return x
	}
	if raw != nil {
		req.Header.Set("Content-Type", kind)
	}
	req.Header.Set("User-Agent", "telltale-doctor")
	s.authorize(req.Header)
	start := time.Now()
	resp, err := s.client.Do(req)
	if err != nil {
		x.Err, x.Elapsed = err, time.Since(start)
		return x
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	x.Err, x.Sent, x.Elapsed = err, true, time.Since(start)
	x.Response = &telltale.Response{Status: resp.StatusCode, Header: resp.Header, Trailer: resp.Trailer, Body: answer, Partial: len(answer) == maxAnswer}
	if d := resp.Header.Get("Date"); d != "" && s.date == "" {
		s.date, s.dateAt = d, s.now()
	}
	return x
}

func (s *session) authorize(h http.Header) {
	switch {
	case s.key == "":
	case s.anthropic:
		h.Set("X-Api-Key", s.key)
	default:
		h.Set("Authorization", "Bearer "+s.key)
	}
	if s.anthropic {
		h.Set("Anthropic-Version", "2023-06-01")
	}
}

// judged makes a result of a failed exchange.
func judged(d telltale.Diagnosis) Result {
	seen := string(d.Cause) + ": " + d.Summary
	if d.ProviderMessage != "" && !strings.Contains(d.Summary, d.ProviderMessage) {
		m := d.ProviderMessage
		if len(m) > 200 {
			m = strings.ToValidUTF8(m[:200], "") + "…"
		}
		seen += " The provider says: " + m
	}
	return Result{State: Failed, Seen: seen, Do: append([]string(nil), d.Remedies...), Diagnosis: &d}
}

// chat sends a short chat request in the endpoint's dialect. extra is laid over the request.
func (s *session) chat(ctx context.Context, prompt string, tokens int, extra map[string]any) *telltale.Exchange {
	body := map[string]any{"model": s.model, "messages": []any{map[string]any{"role": "user", "content": prompt}}, s.maxTokens: tokens}
	for k, v := range extra {
		body[k] = v
	}
	if s.anthropic {
		return s.ask(ctx, http.MethodPost, "/v1/messages", telltale.Messages, body)
	}
	x := s.ask(ctx, http.MethodPost, "/chat/completions", telltale.Chat, body)
	if d := telltale.Diagnose(x); s.maxTokens == "max_tokens" && d.Cause == fault.UnsupportedParameter && d.Param == "max_tokens" {
		s.maxTokens = "max_completion_tokens" // reasoning models take this name only
		delete(body, "max_tokens")
		body[s.maxTokens] = tokens
		x = s.ask(ctx, http.MethodPost, "/chat/completions", telltale.Chat, body)
	}
	return x
}

// took says how long an exchange took.
func took(x *telltale.Exchange) string {
	return fmt.Sprint(x.Elapsed.Round(10 * time.Millisecond))
}
