package redact

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// keys are made-up keys of every known shape.
var keys = []string{
	"sk-proj-4bCanaryQ7x9Lm2Pq8Rt5Vw1Yz", "sk-ant-api03-CanaryAA9x8y7z6w5v4u3t2s1r0", "sk-or-v1-0123456789abcdefcanary0123456789abcdef",
	"sk-0123456789abcdef0123456789abcdef", "gsk_CanaryWGdyb3FYx1y2z3a4b5c6d7e8", "AIzaSyCanary0123456789abcdefghijklmnopq",
	"xai-Canary0123456789abcdefghijklmnopqrstuv", "hf_CanaryAbCdEfGh1jKlMnOpQrStUvWxYz", "r8_Canary0123456789abcdefghijklmnopqrs",
	"AKIACANARY0123456789", "ya29.a0CanaryAfH6SMBx1y2z3", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlLWNhbmFyeQ",
	"nvapi-Canary0123456789abcdefghijklmnop", "pplx-canary0123456789abcdefghijklmnop", "csk-canary0123456789abcdef",
	"fw_Canary0123456789abcdef", "tgp_v1_Canary0123456789abcdef", "1b2c3d4e-0000-4000-8000-canary012345"[:24] + "abcdef012345:0123456789abcdef0123456789abcdef",
	"0123456789abcdef0123456789abcdef.CanaryAbCdEf1234", "ghp_Canary0123456789abcdefghijklmnopqrst", "whsec_Canary0123456789abcdefghij",
	"ABSKQmVkcm9ja0FQSUtleS1jYW5hcnkxMjM0NTY3ODk", "LTAI5tCanary0123456789", "key_0123456789abcdef0123456789abcdef0123456789abcdef",
}

// secretsWithoutShape are known only by what stands around them.
var secretsWithoutShape = []string{"0123456789abcdef0123456789canary", "CanaryAbCdEfGh1234567890IjKlMnOpQrStUv", "1b2c3d4e-0000-4000-8000-abcdef012345"}

func TestEveryShapeInEveryPlace(t *testing.T) {
	places := map[string]string{
		"alone":          "%s",
		"message":        `Incorrect API key provided: %s. You can find your API key at https://x.test.`,
		"in quotes":      `key '%s' is not valid`,
		"json":           `{"error":{"message":"bad key %s"}}`,
		"nested json":    `{"error":"{\"message\":\"bad key %s\"}"}`,
		"deeper":         `{"a":"{\"b\":\"{\\\"authorization\\\":\\\"Bearer %s\\\"}\"}"}`,
		"escaped line":   `{"log":"line one\n%s\nline three"}`,
		"escaped twice":  `{"log":"{\"x\":\"line\\n%s\\n\"}"}`,
		"escaped equals": `{"u":"https://x.test/?a=1\u0026key\u003d%s"}`,
		"sse":            "data: {\"error\":\"key %s\"}\n\ndata: [DONE]\n\n",
		"header line":    "> Authorization: Bearer %s\r\n> Accept: */*\r\n",
		"curl":           `curl -H "Authorization: Bearer %s" https://x.test/v1/models`,
		"query":          "https://x.test/v1beta/models?alt=sse&key=%s&x=1",
		"query in json":  `{"url":"https://x.test/v1?a=b\u0026key=%s"}`,
		"path":           "https://x.test/token/%s/send",
		"env":            "OPENAI_API_KEY=%s",
		"python":         "{'api_key': '%s', 'n': 1}",
		"chinese":        "无效的令牌：%s",
		"slash":          "provider/%s",
	}
	for place, form := range places {
		for _, k := range keys {
			in := fmt.Sprintf(form, k)
			got := String(in)
			// No eight characters of the key in a row may be left, beyond its public prefix.
			for i := 6; i+8 <= len(k); i++ {
				if strings.Contains(got, k[i:i+8]) && !strings.Contains(strings.ReplaceAll(form, "%s", ""), k[i:i+8]) {
					t.Errorf("%s: %q left in %q", place, k[i:i+8], got)
					break
				}
			}
			if again := String(got); again != got {
				t.Errorf("%s: twice is not once: %q, then %q", place, got, again)
			}
			if json.Valid([]byte(in)) && !json.Valid([]byte(got)) {
				t.Errorf("%s: no longer JSON: %s", place, got)
			}
		}
	}
}

func TestSecretsKnownByTheirSurroundings(t *testing.T) {
	for _, form := range []string{
		`{"api_key":"%s"}`, `{"apiKey": "%s"}`, `{"x":"{\"client_secret\":\"%s\"}"}`, `{"name":"x-api-key","value":"%s"}`, `{"x-api-key":["%s"]}`,
		`api-key: %s`, `API_KEY=%s`, `password=%s`, `https://u:%s@host/x`, `?sig=%s&se=2030`, `&token=%s`, `Bearer %s`, `Incorrect API key provided: %s`,
		`invalid x-api-key %s`, `https://b.test/o.mp4?X-Amz-Credential=%s&X-Amz-Signature=%[1]s`, `"url":"https:\/\/b.test\/o?Signature=%s\u0026Expires=1"`,
		`redirect=https%%3A%%2F%%2Fx%%3Fa%%3D1%%26X-Amz-Signature%%3D%s`, `Authorization: AWS4-HMAC-SHA256 Credential=x, Signature=%s`, `Cookie: session=%s; a=b`,
	} {
		for _, k := range secretsWithoutShape {
			if got := String(fmt.Sprintf(form, k)); strings.Contains(got, k[8:20]) {
				t.Errorf("left in %s", got)
			}
		}
	}
}

func TestOrdinaryTextStays(t *testing.T) {
	for _, s := range []string{
		"", "Hello, world.", "Invalid token (request id: 20250912103322123abcDEF4567)", `{"token":"Hello","logprob":-0.31,"bytes":[72]}`,
		`{"max_tokens":4096,"total_tokens":"12"}`, "The API key does not have access to model gpt-5.4-mini-2026-03-05-preview", "from sklearn import x; pip install sk-learn",
		"hf_hub_download(repo_id)", "Verify `Bearer <key>` format", "Bearer token required", "Basic understanding of Basic Authentication", "secretary: Johannes Brahms",
		"Rate limit reached for gpt-4 in organization org-AbCdEfGh12345678 on tokens per min: Limit 10000", `{"key":"value","id":"chatcmpl-9abcDEF1234567890abcdef"}`,
		"https://api.openai.com/v1/chat/completions?stream=true&n=2", "12:30:45 task_id=abc", "ratio 16:9, size=1024x1024", "req_011CSHoEeqs5C35K2UUqR7Fy",
		"The key is: patience, and the secret: love", strings.Repeat("Ha1", 400), strings.Repeat("=", 300), "C:\\new\\table", "标题：无效的请求", `{"password":{"type":"string"}}`,
		"Dip it into milk with a cookie.\n\n6. **Coat with Powdered Sugar:**", "The key.\n\n1. **Traces and Spans**:\n- ***bold***", "https://vidgen.x.ai/xai-vidgen-bucket/xai-video-00000000-0000.mp4",
		"550e8400-e29b-41d4-a716-446655440000", "model: claude-3-5-sonnet-20241022", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	} {
		if got := String(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
}

func TestMediaBecomesANote(t *testing.T) {
	b64 := "iVBORw0KGgo" + strings.Repeat("Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv+/wXyZ", 100) + "=="
	for _, in := range []string{
		`{"data":[{"b64_json":"` + b64 + `"}]}`, `{"image_url":{"url":"data:image/png;base64,` + b64 + `"}}`,
		`{"b64_json":"` + strings.ReplaceAll(b64, "/", `\/`) + `"}`, `{"b64_json":"` + strings.ReplaceAll(b64, "+", `\u002B`) + `"}`,
	} {
		got := String(in)
		if len(got) > 100 || !strings.Contains(got, "[base64: ") || !strings.Contains(got, "png]") || !json.Valid([]byte(got)) {
			t.Errorf("%.60s... became %.300s", in, got)
		}
	}
	if got := String("data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"); got != "data:image/gif;base64,[base64: 56 characters, gif]" {
		t.Error(got)
	}
	pem := "-----BEGIN RSA PRIVATE KEY-----\nMIICanary\nAAAA\n-----END RSA PRIVATE KEY-----\nafter"
	if got := String(pem); strings.Contains(got, "Canary") || !strings.HasSuffix(got, "-----END RSA PRIVATE KEY-----\nafter") {
		t.Error(got)
	}
}

func TestHeader(t *testing.T) {
	h := http.Header{"Authorization": {"Bearer x1"}, "X-Api-Key": {"a"}, "Api-Key": {"a"}, "X-Goog-Api-Key": {"a"}, "Cookie": {"a=b"}, "Set-Cookie": {"a=b", "c=d"},
		"Proxy-Authorization": {"raw"}, "Xi-Api-Key": {"a"}, "X-Amz-Security-Token": {"a"}, "X-My-Secret": {"a"}, "Retry-After": {"20"},
		"X-Ratelimit-Remaining-Tokens": {"7"}, "Idempotency-Key": {"abc"}, "Location": {"https://x.test/?sig=abc"}, "Www-Authenticate": {"Bearer realm=x"}}
	got := Header(h)
	for name, want := range map[string]string{"Authorization": "Bearer " + Mask, "X-Api-Key": Mask, "Api-Key": Mask, "X-Goog-Api-Key": Mask, "Cookie": Mask,
		"Set-Cookie": Mask, "Proxy-Authorization": Mask, "Xi-Api-Key": Mask, "X-Amz-Security-Token": Mask, "X-My-Secret": Mask, "Retry-After": "20",
		"X-Ratelimit-Remaining-Tokens": "7", "Idempotency-Key": "abc", "Location": "https://x.test/?sig=" + Mask, "Www-Authenticate": "Bearer realm=x"} {
		if got.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, got.Get(name), want)
		}
	}
	if h.Get("Authorization") != "Bearer x1" {
		t.Error("the original was changed")
	}
	if Header(nil) != nil {
		t.Error("nil did not stay nil")
	}
}

func TestBody(t *testing.T) {
	if got, _ := Body([]byte("\x89PNG\r\n\x1a\n\x00\x00"), 100); got.String() != "[binary: 10 bytes, begins 89504e470d0a1a0a]" {
		t.Error(got)
	}
	got, cut := Body([]byte(strings.Repeat("é", 100)), 33)
	if !cut || len(got.String()) != 32 || !utf8.ValidString(got.String()) {
		t.Errorf("%d bytes %q", len(got.String()), got)
	}
	// A key that the cut goes through is not half kept.
	for n := range 60 {
		got, _ := Body([]byte("Authorization: Bearer "+keys[0]+" and more text behind it"), n+1)
		if strings.Contains(got.String(), "4bCan") || len(got.String()) > n+1 {
			t.Errorf("max %d: %q", n+1, got)
		}
	}
	var x Text
	if err := json.Unmarshal([]byte(`"key sk-abcdefgh12345678 <b>"`), &x); err != nil || x.String() != "key "+Mask+" <b>" {
		t.Errorf("%v %q", err, x)
	}
	if b, _ := json.Marshal(struct{ T Text }{x}); !strings.Contains(string(b), Mask) {
		t.Errorf("%s", b)
	}
}

func FuzzRedact(f *testing.F) {
	for _, k := range keys {
		f.Add("x "+k, `{"api_key":"`+k+`"}`, 40)
	}
	f.Add(`{"a":"{\"token\":\"`, `\u003dabc\\\"`, 3)
	f.Add("-----BEGIN PRIVATE KEY-----", "a=://b:c@", 10)
	f.Add("%3D%26key%3Dabc", "sk-***", 1)
	f.Fuzz(func(t *testing.T, a, b string, max int) {
		once := String(a)
		if String(once) != once {
			t.Errorf("%q: twice is not once: %q, %q", a, once, String(once))
		}
		max = max%4096 + 1
		if max > 0 {
			if got, _ := Body([]byte(b), max); len(got.String()) > max && !strings.HasPrefix(got.String(), "[binary") || !utf8.ValidString(got.String()) {
				t.Errorf("max %d: %q", max, got)
			}
		}
		const canary = "sk-ant-api03-FuzzCanary0123456789abcdef"
		if got := String(a + " " + canary + " " + b); strings.Contains(got, "FuzzCanary0123") {
			t.Errorf("left between %q and %q: %q", a, b, got)
		}
		got := String("https://x.test/o?" + url.Values{"x": {a}, "key": {canary}}.Encode())
		if strings.Contains(got, "FuzzCanary0123") {
			t.Errorf("left in %q", got)
		}
	})
}

func BenchmarkRedact(b *testing.B) {
	chat := `{"id":"chatcmpl-1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"` +
		strings.Repeat("The quick brown fox jumps over the lazy dog, and then it rests. ", 16) + `"},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":20}}`
	for _, c := range []struct{ name, text string }{
		{"prose 1KB", chat}, {"with key", chat + keys[0]}, {"base64 1MB", `{"b64_json":"` + strings.Repeat("Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv", 1<<15) + `"}`},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				String(c.text)
			}
		})
	}
}
