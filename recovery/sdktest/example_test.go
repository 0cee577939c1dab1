package sdktest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/anthropics/anthropic-sdk-go"
	anthropicoption "github.com/anthropics/anthropic-sdk-go/option"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	gopenai "github.com/sashabaranov/go-openai"
	"github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/recovery"
	"github.com/telltale-ai/telltale/sim"
)

// provider is the simulator in the place of a real one: the model's name says how it fails.
func provider() *httptest.Server { return httptest.NewServer(&sim.Server{}) }

// client is an http.Client that any SDK takes. The short waits are for the example only.
func client() *http.Client {
	return &http.Client{Transport: &recovery.Transport{Policy: recovery.Policy{Base: time.Millisecond}}}
}

// Example_openai puts the Transport under the official OpenAI SDK.
func Example_openai() {
	p := provider()
	defer p.Close()
	c := openai.NewClient(option.WithBaseURL(p.URL+"/v1"), option.WithAPIKey("sk-test"), option.WithHTTPClient(client()))
	ask := func(model string) (string, error) {
		r, err := c.Chat.Completions.New(context.Background(), openai.ChatCompletionNewParams{
			Model: model, Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage("What is the capital of France?")},
		})
		if err != nil {
			return "", err
		}
		return r.Choices[0].Message.Content, nil
	}
	text, err := ask("gpt-5.4@500,reset,ok") // fails twice, and is repeated
	fmt.Println(text != "", err)
	_, err = ask("gpt-5.4@insufficient-quota")
	d, _ := telltale.FromError(err)
	fmt.Println(d.Class, d.Cause, d.Retryable)
	// Output:
	// true <nil>
	// hard quota_exhausted false
}

// Example_anthropic puts the Transport under the official Anthropic SDK.
func Example_anthropic() {
	p := provider()
	defer p.Close()
	c := anthropic.NewClient(anthropicoption.WithBaseURL(p.URL), anthropicoption.WithAPIKey("sk-test"), anthropicoption.WithHTTPClient(client()))
	_, err := c.Messages.New(context.Background(), anthropic.MessageNewParams{
		Model: "claude@401", MaxTokens: 100,
		Messages: []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock("What is the capital of France?"))},
	})
	d, _ := telltale.FromError(err)
	fmt.Println(d.Class, d.Cause)
	fmt.Println(d.Remedies[0])
	// Output:
	// hard authentication
	// Send the key as the provider wants it (usually `Authorization: Bearer <key>`), without quotes or blanks.
}

// Example_goOpenAI puts the Transport under sashabaranov/go-openai, with strict mode on: a soft failure is an error.
func Example_goOpenAI() {
	p := provider()
	defer p.Close()
	cfg := gopenai.DefaultConfig("sk-test")
	cfg.BaseURL, cfg.HTTPClient = p.URL+"/v1", client()
	c := gopenai.NewClientWithConfig(cfg)
	ctx := recovery.WithMode(context.Background(), recovery.Strict)
	_, err := c.CreateChatCompletion(ctx, gopenai.ChatCompletionRequest{
		Model: "gpt-5.4@content-filter", Messages: []gopenai.ChatCompletionMessage{{Role: "user", Content: "What is the capital of France?"}},
	})
	d, _ := telltale.FromError(err)
	fmt.Println(d.Class, d.Cause)
	// Output:
	// soft content_filter
}
