package sdktest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anthropics/anthropic-sdk-go"
	anthropicoption "github.com/anthropics/anthropic-sdk-go/option"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	gopenai "github.com/sashabaranov/go-openai"
	"github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/recovery"
	"github.com/telltale-ai/telltale/sim"
)

// counted is the simulator, and how often it was asked.
func counted(t *testing.T) (*httptest.Server, *atomic.Int32) {
	var n atomic.Int32
	s := &sim.Server{}
	p := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { n.Add(1); s.ServeHTTP(w, r) }))
	t.Cleanup(p.Close)
	return p, &n
}

func official(p *httptest.Server) openai.Client {
	return openai.NewClient(option.WithBaseURL(p.URL+"/v1"), option.WithAPIKey("sk-test"), option.WithHTTPClient(client()))
}

func params(model string) openai.ChatCompletionNewParams {
	return openai.ChatCompletionNewParams{Model: model, Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage("What is the capital of France?")}}
}

func TestTheSDKsRetriesDoNotMultiply(t *testing.T) {
	for _, model := range []string{"gpt-5.4@500", "gpt-5.4@reset", "gpt-5.4@429"} {
		p, n := counted(t)
		c := official(p)
		if _, err := c.Chat.Completions.New(t.Context(), params(model)); err == nil || n.Load() != 4 {
			t.Errorf("%s: %d requests, %v", model, n.Load(), err)
		}
	}
	p, n := counted(t)
	a := anthropic.NewClient(anthropicoption.WithBaseURL(p.URL), anthropicoption.WithAPIKey("sk-test"), anthropicoption.WithHTTPClient(client()))
	_, err := a.Messages.New(t.Context(), anthropic.MessageNewParams{Model: "claude@529", MaxTokens: 10,
		Messages: []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock("Hi"))}})
	if d, ok := telltale.FromError(err); n.Load() != 4 || !ok || d.Cause != fault.Overloaded {
		t.Errorf("%d requests, %v, %v", n.Load(), d.Cause, err)
	}
}

func TestFromResponseUnderTheSDKs(t *testing.T) {
	p, _ := counted(t)
	c := official(p)
	for model, want := range map[string]fault.Cause{"gpt-5.4": fault.None, "gpt-5.4@length": fault.Truncated, "gpt-5.4@content-filter": fault.ContentFilter} {
		var resp *http.Response
		if _, err := c.Chat.Completions.New(t.Context(), params(model), option.WithResponseInto(&resp)); err != nil {
			t.Fatal(err)
		}
		if d, ok := telltale.FromResponse(resp); !ok || d.Cause != want {
			t.Errorf("%s: %v %v", model, d.Cause, ok)
		}
	}
	if d, ok := telltale.FromError(errors.New("another")); ok {
		t.Errorf("a foreign error gave %v", d.Cause)
	}
}

func TestACutStreamIsAnErrorInEverySDK(t *testing.T) {
	p, _ := counted(t)
	c := official(p)
	s := c.Chat.Completions.NewStreaming(t.Context(), params("gpt-5.4@stream-cut"))
	text := ""
	for s.Next() {
		if ch := s.Current().Choices; len(ch) > 0 {
			text += ch[0].Delta.Content
		}
	}
	if d, ok := telltale.FromError(s.Err()); s.Err() == nil || text == "" || !ok || d.Cause != fault.StreamInterrupted {
		t.Errorf("openai-go: %q then %v (%v %v)", text, s.Err(), d.Cause, ok)
	}

	cfg := gopenai.DefaultConfig("sk-test")
	cfg.BaseURL, cfg.HTTPClient = p.URL+"/v1", client()
	g, err := gopenai.NewClientWithConfig(cfg).CreateChatCompletionStream(t.Context(), gopenai.ChatCompletionRequest{Model: "gpt-5.4@stream-reset",
		Messages: []gopenai.ChatCompletionMessage{{Role: "user", Content: "Hi"}}})
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	for err == nil {
		_, err = g.Recv()
	}
	if d, ok := telltale.FromError(err); errors.Is(err, io.EOF) || !ok || d.OK() {
		t.Errorf("go-openai: %v (%v %v)", err, d.Cause, ok)
	}

	a := anthropic.NewClient(anthropicoption.WithBaseURL(p.URL), anthropicoption.WithAPIKey("sk-test"), anthropicoption.WithHTTPClient(client()))
	as := a.Messages.NewStreaming(t.Context(), anthropic.MessageNewParams{Model: "claude@stream-abort", MaxTokens: 10,
		Messages: []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock("Hi"))}})
	for as.Next() {
	}
	if d, ok := telltale.FromError(as.Err()); as.Err() == nil || !ok || d.Cause != fault.StreamInterrupted {
		t.Errorf("anthropic-sdk-go: %v (%v %v)", as.Err(), d.Cause, ok)
	}
}

func TestHealthyStreamsAreWhole(t *testing.T) {
	p, _ := counted(t)
	for _, mode := range []recovery.Mode{recovery.Observe, recovery.Recover, recovery.Strict} {
		c := official(p)
		ctx, cancel := context.WithTimeout(recovery.WithMode(t.Context(), mode), 10*time.Second)
		var resp *http.Response
		s := c.Chat.Completions.NewStreaming(ctx, params("gpt-5.4"), option.WithResponseInto(&resp))
		n := 0
		for s.Next() {
			n++
		}
		s.Close()
		if d, ok := telltale.FromResponse(resp); s.Err() != nil || n < 3 || !ok || !d.OK() {
			t.Errorf("%s: %d events, %v, %v %v", mode, n, s.Err(), d.Cause, ok)
		}
		cancel()
	}
}

func TestStrictModeIsAnErrorInEverySDK(t *testing.T) {
	p, n := counted(t)
	c := official(p)
	ctx := recovery.WithMode(t.Context(), recovery.Strict)
	_, err := c.Chat.Completions.New(ctx, params("gpt-5.4@empty-choices,empty-choices,empty-choices,empty-choices"))
	var e *openai.Error
	if !errors.As(err, &e) || e.StatusCode != 422 || !strings.Contains(e.Message, "Telltale: ") || n.Load() > 4 {
		t.Errorf("openai-go: %v after %d", err, n.Load())
	}
	a := anthropic.NewClient(anthropicoption.WithBaseURL(p.URL), anthropicoption.WithAPIKey("sk-test"), anthropicoption.WithHTTPClient(client()))
	_, err = a.Messages.New(ctx, anthropic.MessageNewParams{Model: "claude@length", MaxTokens: 10,
		Messages: []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock("Hi"))}})
	var ae *anthropic.Error
	if d, ok := telltale.FromError(err); !errors.As(err, &ae) || ae.StatusCode != 422 || !ok || d.Cause != fault.Truncated {
		t.Errorf("anthropic-sdk-go: %v (%v)", err, d.Cause)
	}
}
