package capture

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The files hold what the SDKs of November 2026 printed against a local server, with shortened stacks.
var sdkCases = []struct {
	file     string
	status   int
	body     string // contained in the body; with status 0 and err "", the status is unknown
	err      string // contained in the transport's error
	provider string
}{
	{file: "openai-python-429.txt", status: 429, body: `"code":"rate_limit_exceeded"`},
	{file: "openai-python-400.txt", status: 400, body: `"param":"max_tokens"`},
	{file: "openai-python-502-html.txt", status: 502, body: "<center>nginx</center>"},
	{file: "openai-python-dns.txt", err: "Name or service not known"},
	{file: "openai-python-timeout.txt", err: "timed out"},
	{file: "openai-python-stream.txt", body: "The server had an error"},
	{file: "openai-python-nokey.txt", status: 401, body: "Missing credentials"},
	{file: "anthropic-python-529.txt", status: 529, body: `"type":"overloaded_error"`, provider: "anthropic"},
	{file: "langchain-python-429.txt", status: 429, body: `"code":"rate_limit_exceeded"`},
	{file: "litellm-429.txt", status: 429, body: `"code":"rate_limit_exceeded"`},
	{file: "litellm-502-html.txt", status: 502, body: "502 Bad Gateway"},
	{file: "litellm-gemini-429.txt", status: 429, body: `"retryDelay": "26s"`, provider: "gemini"},
	{file: "litellm-timeout.txt", err: "timed out"},
	{file: "requests-429.txt", status: 429},
	{file: "httpx-429.txt", status: 429},
	{file: "requests-refused.txt", err: "Connection refused"},
	{file: "openai-node-429.txt", status: 429, body: `"code":"rate_limit_exceeded"`},
	{file: "openai-node-502-html.txt", status: 502, body: "<center>nginx</center>"},
	{file: "openai-node-reset.txt", err: "other side closed"},
	{file: "openai-node-stream.txt", body: `"type":"server_error"`},
	{file: "openai-node-timeout.txt", err: "Request timed out"},
	{file: "anthropic-node-529.txt", status: 529, body: `"overloaded_error"`},
	{file: "genai-node-429.txt", status: 429, body: "RESOURCE_EXHAUSTED"},
	{file: "vercel-ai-429.txt", status: 429, body: `"code": "rate_limit_exceeded"`},
	{file: "vercel-ai-retry-502.txt", status: 502, body: "<center>nginx</center>"},
	{file: "langchain-node-429.txt", status: 429, body: "Rate limit reached"},
	{file: "axios-429.txt", status: 429},
	{file: "fetch-dns.txt", err: "ENOTFOUND"},
	{file: "anthropic-go-529.txt", status: 529, body: "overloaded_error"},
	{file: "genai-go-429.txt", status: 429, body: `"retryDelay":"26s"`, provider: "gemini"},
	{file: "openai-go-429.txt", status: 429},
	{file: "go-dns.txt", err: "no such host"},
	{file: "go-eof.txt", err: "EOF"},
}

func TestSDKErrors(t *testing.T) {
	for _, c := range sdkCases {
		t.Run(c.file, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", c.file))
			if err != nil {
				t.Fatal(err)
			}
			items, err := Parse(data)
			if err != nil || len(items) != 1 {
				t.Fatalf("%d items, error %v", len(items), err)
			}
			it := items[0]
			checkPlaces(t, &it)
			if c.err != "" {
				if it.Response != nil || it.Err == nil || !strings.Contains(it.Err.Error(), c.err) {
					t.Fatalf("response %v, error %v; want an error with %q", it.Response, it.Err, c.err)
				}
				return
			}
			if it.Response == nil {
				t.Fatalf("no response, error %v", it.Err)
			}
			if it.Response.Status != c.status || !strings.Contains(string(it.Response.Body), c.body) {
				t.Errorf("status %d, body %q", it.Response.Status, it.Response.Body)
			}
			if it.Request.Provider != c.provider {
				t.Errorf("provider %q, want %q", it.Request.Provider, c.provider)
			}
		})
	}
}

// Every file of testdata is named in a case: none lies there unread.
func TestEveryFileIsRead(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	named := map[string]bool{}
	for _, c := range sdkCases {
		named[c.file] = true
	}
	for _, f := range files {
		if !named[filepath.Base(f)] {
			t.Errorf("%s is in no case", f)
		}
	}
}

// checkPlaces holds what every item promises about where it stands.
func checkPlaces(t *testing.T, it *Item) {
	t.Helper()
	inside := func(what string, sp Span) {
		if sp.Start < 0 || sp.End < sp.Start || sp.End > len(it.Source) {
			t.Errorf("%s at %v is outside of the source of %d bytes", what, sp, len(it.Source))
		}
	}
	inside("item", it.At)
	inside("status", it.Status)
	for k, sp := range it.Header {
		inside(k, sp)
	}
	last := 0
	for _, p := range it.Body {
		inside("piece", Span{p.Source, p.Source + p.Len})
		if p.Body < last || p.Len < 0 {
			t.Errorf("piece %+v is out of order", p)
		}
		last = p.Body
		if it.Response != nil && p.Body > len(it.Response.Body) {
			t.Errorf("piece %+v is outside of the body of %d bytes", p, len(it.Response.Body))
		}
	}
	if it.Response == nil && it.Err == nil && it.Format != "URL" {
		t.Errorf("neither response nor error: %+v", it)
	}
}
