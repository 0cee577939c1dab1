package telltale

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
)

const prose = "Paris became the capital because the Counts of Paris, who held the crossing of the Seine, were elected kings in 987 and simply stayed where their land was. The river carried grain and wine, the abbeys brought scholars, and by 1200 the walls of Philip Augustus enclosed a market that no rival town could match. Later rulers built at Versailles or on the Loire, yet courts, guilds and the university never followed them for long. After 1789 the new government needed printers and crowds more than hunting grounds, so offices settled on the right bank. Railways then met in a ring of stations, and every ministry followed the lines. "

// chatOf is an answer of about n bytes: the prose, and behind it words that next gives.
func chatOf(n int, next func(i int) string) []byte {
	var long strings.Builder
	for i := 0; long.Len() < n; i++ {
		long.WriteString(next(i))
		long.WriteByte(' ')
	}
	text := (prose + long.String())[:max(n-640, 20)]
	return fmt.Appendf(nil, `{"id":"chatcmpl-ABfvqbR","object":"chat.completion","created":1727346142,"model":"gpt-5.4-mini-2026-03-17","choices":[{"index":0,"message":{"role":"assistant","content":"%s.","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":19,"completion_tokens":110,"total_tokens":129,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}},"service_tier":"default","system_fingerprint":"fp_cbf1785567"}`, text)
}

// healthyChat is a healthy answer of about n bytes: words as varied as a language's.
func healthyChat(n int) []byte {
	words, random := strings.Fields(prose), rand.New(rand.NewPCG(1, 2))
	syllables := strings.Fields("ta ren mo sil ve ka dor in pu le shan gri os bel tu nar ef wi cho lam")
	return chatOf(n, func(i int) string {
		if i%2 == 0 {
			return words[random.IntN(len(words))]
		}
		return syllables[random.IntN(20)] + syllables[random.IntN(20)] + syllables[random.IntN(20)]
	})
}

// roundChat is an answer of about n bytes that goes round and round in few words.
func roundChat(n int) []byte {
	words := strings.Fields(prose)
	return chatOf(n, func(i int) string {
		at := (i/len(words) + 1) * 7
		return words[(i*(at+1)+at)%len(words)]
	})
}

func BenchmarkDiagnose(b *testing.B) {
	header := http.Header{"Content-Type": {"application/json"}, "Openai-Version": {"2020-10-01"}, "X-Request-Id": {"req_1"}, "Date": {"Wed, 21 Oct 2026 07:28:00 GMT"}, "X-Ratelimit-Remaining-Requests": {"99"}}
	request := Request{Method: "POST", URL: "https://api.openai.com/v1/chat/completions", Body: []byte(`{"model":"gpt-5.4-mini","messages":[{"role":"user","content":"What is the capital of France?"}]}`)}
	var stream strings.Builder
	for i := range 100 {
		fmt.Fprintf(&stream, "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word%d\"},\"finish_reason\":null}]}\n\n", i)
	}
	stream.WriteString("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
	bare := &Diagnoser{Checks: []Check{}}
	for _, c := range []struct {
		name   string
		status int
		body   []byte
	}{
		{"healthy-1.2KB", 200, healthyChat(1200)},
		{"healthy-32KB", 200, healthyChat(32 << 10)},
		{"healthy-1.2KB-without-checks", 200, healthyChat(1200)},
		{"looping-32KB", 200, roundChat(32 << 10)},
		{"error", 429, []byte(`{"error":{"message":"Rate limit reached for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000. Please try again in 2s. Visit https://platform.openai.com/account/rate-limits to learn more.","type":"tokens","param":null,"code":"rate_limit_exceeded"}}`)},
		{"error-nested", 400, []byte(`{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\n \"error\": {\n \"code\": 400,\n \"message\": \"User location is not supported for the API use.\",\n \"status\": \"FAILED_PRECONDITION\"\n }\n}\n","provider_name":"Google AI Studio"}}}`)},
		{"stream-100-events", 200, []byte(stream.String())},
	} {
		b.Run(c.name, func(b *testing.B) {
			x := &Exchange{Request: request, Response: &Response{Status: c.status, Header: header, Body: c.body}}
			d := defaultDiagnoser
			if strings.HasSuffix(c.name, "checks") {
				d = bare
			}
			if out := d.Diagnose(x); out.OK() != strings.HasPrefix(c.name, "healthy") && out.OK() != strings.HasPrefix(c.name, "stream") {
				b.Fatal(out)
			}
			b.SetBytes(int64(len(c.body)))
			b.ReportAllocs()
			for b.Loop() {
				d.Diagnose(x)
			}
		})
	}
}

func BenchmarkParseExchange(b *testing.B) {
	line := []byte(`{"id":"7","surface":"chat","provider":"openai","request":{"model":"m"},"status":429,"headers":{"retry-after":"20"},"body":"{\"error\":{\"message\":\"Rate limit reached\",\"code\":\"rate_limit_exceeded\"}}"}`)
	var x Exchange
	var out []byte
	b.ReportAllocs()
	for b.Loop() {
		id, _ := ParseExchange(line, &x)
		d := Diagnose(&x)
		out = d.AppendJSON(out[:0], id)
	}
}

// BenchmarkDocumented judges every documented case: failures of all kinds, the whole way from line to line.
func BenchmarkDocumented(b *testing.B) {
	cases := documented(b)
	lines := make([][]byte, len(cases))
	for i, c := range cases {
		lines[i] = fmt.Appendf(nil, `{"id":%q,"surface":%q,"provider":%q,"status":%d,"body":%s}`, c.ID, c.Surface, c.Provider, c.Status, appendQuoted(nil, c.Body))
	}
	var x Exchange
	var out []byte
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		id, err := ParseExchange(lines[i%len(lines)], &x)
		if err != nil {
			b.Fatal(err)
		}
		d := Diagnose(&x)
		out = d.AppendJSON(out[:0], id)
	}
}
