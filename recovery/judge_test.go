package recovery_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/expect"
	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/recovery"
	"github.com/tidwall/gjson"
)

// bench is a provider with a model that answers and one that judges.
type bench struct {
	mu      sync.Mutex
	answers []string // of the model, in turn; the last stays
	verdict string   // of the judge
	judge   http.HandlerFunc
	asked   []string // bodies that the model got
	judged  []*http.Request
	bodies  []string // that the judge got
}

func (p *bench) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	body := string(b)
	p.mu.Lock()
	if gjson.Get(body, "model").Str == "judge-1" || strings.Contains(r.URL.Path, "/judge-1:") {
		p.judged, p.bodies = append(p.judged, r), append(p.bodies, body)
		h, v := p.judge, p.verdict
		p.mu.Unlock()
		if h != nil {
			r.Body = io.NopCloser(strings.NewReader(body))
			h(w, r)
			return
		}
		reply(w, r, v)
		return
	}
	p.asked = append(p.asked, body)
	text := p.answers[0]
	if len(p.answers) > 1 {
		p.answers = p.answers[1:]
	}
	p.mu.Unlock()
	if gjson.Get(body, "stream").Bool() {
		says(200, delta(text)+"data: [DONE]\n\n", "Content-Type", "text/event-stream")(w, r)
		return
	}
	reply(w, r, text)
}

// reply answers in the dialect of the path.
func reply(w http.ResponseWriter, r *http.Request, text string) {
	q, _ := json.Marshal(text)
	body := chat(text, "stop")
	switch {
	case strings.HasSuffix(r.URL.Path, "/messages"):
		body = fmt.Sprintf(`{"id":"m","type":"message","role":"assistant","model":"x","content":[{"type":"text","text":%s}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":2}}`, q)
	case strings.HasSuffix(r.URL.Path, "/responses"):
		body = fmt.Sprintf(`{"id":"r","object":"response","status":"completed","model":"x","output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":%s}]}],"usage":{"input_tokens":3,"output_tokens":2}}`, q)
	case strings.Contains(r.URL.Path, ":generateContent"):
		body = fmt.Sprintf(`{"candidates":[{"content":{"role":"model","parts":[{"text":%s}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2}}`, q)
	case !strings.Contains(body, text):
		body = strings.Replace(chat("@", "stop"), `"@"`, string(q), 1)
	}
	says(200, body)(w, r)
}

const badVerdict = `{"verdict":"bad","cause":"unexpected_output","reason":"It names the capital of Spain."}`

func withOpinion(o recovery.Opinion, change ...func(*recovery.Policy)) func(*recovery.Policy) {
	return func(p *recovery.Policy) {
		p.Routes = append(p.Routes, recovery.Route{Model: "gpt-5.4-mini", Opinion: o})
		for _, f := range change {
			f(p)
		}
	}
}

func calls(b *book) map[string][]*telltale.Call {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := map[string][]*telltale.Call{}
	for _, c := range b.calls {
		out[c.Task] = append(out[c.Task], c)
	}
	return out
}

func TestJudge(t *testing.T) {
	j := recovery.Opinion{Judge: &recovery.Judge{Model: "judge-1", Rubric: "Capitals must be right."}}
	for name, c := range map[string]struct {
		verdict string
		judge   http.HandlerFunc
		cause   fault.Cause
		note    string
		asks    int
	}{
		"good":             {verdict: `{"verdict":"good","cause":"ok","reason":""}`, note: "judged good by judge-1 (call ", asks: 1},
		"bad":              {verdict: badVerdict, cause: fault.UnexpectedOutput, note: "judged bad by judge-1 (call ", asks: 1},
		"in a fence":       {verdict: "```json\n{\"verdict\":\"bad\",\"cause\":\"refusal\",\"reason\":\"It declines.\"}\n```", cause: fault.Refusal, asks: 1},
		"another cause":    {verdict: `{"verdict":"bad","cause":"network","reason":"It is wrong."}`, cause: fault.UnexpectedOutput, asks: 1},
		"no reason":        {verdict: `{"verdict":"bad","cause":"refusal","reason":" "}`, note: "no verdict", asks: 1},
		"chatter":          {verdict: "I think that it is bad, very bad.", note: "no verdict", asks: 1},
		"refuses schemas":  {judge: refusesFormat, cause: fault.UnexpectedOutput, asks: 2},
		"broken":           {judge: says(401, errorBody("Incorrect API key provided", "invalid_request_error", "invalid_api_key")), note: "401 (authentication)", asks: 1},
		"breaks off":       {judge: breaks, note: "not judged by judge-1: ", asks: 4},
		"never answers":    {judge: hangs, note: "within its time limit", asks: 1},
		"answers an image": {judge: says(200, "\x89PNG\r\n", "Content-Type", "image/png"), note: "not judged by judge-1: ", asks: 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &bench{answers: []string{"The capital of France is Madrid."}, verdict: c.verdict, judge: c.judge}
				rt, _, b := setUp(p, withOpinion(j))
				start := time.Now()
				resp, body := post(t, rt, t.Context(), "/v1/chat/completions", ask, "Authorization", "Bearer sk-client")
				if resp.StatusCode != 200 || body != chat("The capital of France is Madrid.", "stop") {
					t.Errorf("the answer was changed: %d %s", resp.StatusCode, body)
				}
				if took := time.Since(start); took > 30*time.Second {
					t.Errorf("the call took %v", took)
				}
				synctest.Wait()
				by := calls(b)
				if len(by[""]) != 1 || len(by["judge"]) == 0 || len(p.bodies) != c.asks || len(p.asked) != 1 {
					t.Fatalf("calls %v, judge asked %d times, model %d times", by, len(p.bodies), len(p.asked))
				}
				call := by[""][0]
				d := call.Final
				if c.cause == "" && !d.OK() || c.cause != "" && (d.Class != fault.Silent || d.Cause != c.cause || !d.Likely || len(d.Evidence) != 1 || d.Signature != "judge") {
					t.Errorf("final: %+v", d)
				}
				if got, ok := telltale.FromResponse(resp); !ok || got.Cause != d.Cause {
					t.Errorf("FromResponse: %+v", got)
				}
				if call.Attempts[0].Diagnosis.Cause != d.Cause || !strings.Contains(strings.Join(call.Notes, "\n"), c.note) {
					t.Errorf("attempt: %v, notes: %q", call.Attempts[0].Diagnosis.Cause, call.Notes)
				}
				if name == "good" && (by["judge"][0].Usage.Input != 10 || call.Usage.Input != 10) {
					t.Errorf("cost: judge %+v, call %+v", by["judge"][0].Usage, call.Usage)
				}
				sent := p.bodies[0]
				question := gjson.Get(sent, "messages.1.content").Str
				if !strings.Contains(gjson.Get(sent, "messages.0.content").Str, "Capitals must be right.") || gjson.Get(sent, "response_format.json_schema.schema.properties.verdict").Raw == "" ||
					gjson.Get(question, "request.0.text").Str != "What is the capital of France?" || gjson.Get(question, "answer").Str != "The capital of France is Madrid." {
					t.Errorf("the judge was asked %s", sent)
				}
			})
		})
	}
}

func refusesFormat(w http.ResponseWriter, r *http.Request) {
	if b, _ := io.ReadAll(r.Body); gjson.GetBytes(b, "response_format").Exists() {
		says(400, errorBody("Invalid parameter: response_format of type json_schema is not supported with this model", "invalid_request_error", ""))(w, r)
		return
	}
	reply(w, r, badVerdict)
}

func TestAJudgeIsAskedInTheCallersDialect(t *testing.T) {
	for path, c := range map[string]struct{ body, question, rubric string }{
		"/v1/messages":  {`{"model":"gpt-5.4-mini","max_tokens":50,"system":"Be brief.","messages":[{"role":"user","content":[{"type":"text","text":"Capital?"},{"type":"image","source":{}}]}]}`, "messages.0.content", "system"},
		"/v1/responses": {`{"model":"gpt-5.4-mini","instructions":"Be brief.","input":"Capital?"}`, "input", "instructions"},
		"/v1beta/models/gpt-5.4-mini:generateContent": {`{"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"text":"Capital?"}]}]}`, "contents.0.parts.0.text", "systemInstruction.parts.0.text"},
		"/v1/chat/completions":                        {`{"model":"gpt-5.4-mini","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Capital?"}]}`, "messages.1.content", "messages.0.content"},
	} {
		t.Run(path, func(t *testing.T) {
			p := &bench{answers: []string{"The capital of France is Madrid."}, verdict: badVerdict}
			rt, _, b := setUp(p, withOpinion(recovery.Opinion{Judge: &recovery.Judge{Model: "judge-1"}}))
			_, _ = post(t, rt, t.Context(), path, c.body, "Authorization", "Bearer sk-client", "Idempotency-Key", "k")
			if len(p.bodies) != 1 {
				t.Fatalf("judge asked %d times: %q", len(p.bodies), b.last(t).Notes)
			}
			q := gjson.Get(p.bodies[0], c.question).Str
			if gjson.Get(q, "request.0.text").Str != "Be brief." || !strings.HasPrefix(gjson.Get(q, "request.1.text").Str, "Capital?") || !strings.Contains(gjson.Get(p.bodies[0], c.rubric).Str, "The verdict is") {
				t.Errorf("asked: %s", p.bodies[0])
			}
			if d := b.last(t).Final; d.Cause != fault.UnexpectedOutput {
				t.Errorf("final: %+v, notes %q", d, b.last(t).Notes)
			}
			if r := p.judged[0]; r.Header.Get("Authorization") != "Bearer sk-client" || r.Header.Get("Idempotency-Key") != "" {
				t.Errorf("header: %v", r.Header)
			}
		})
	}
}

func TestAJudgeElsewhereNeverSeesTheClientsKey(t *testing.T) {
	for name, c := range map[string]struct {
		up   recovery.Upstream
		base string
		path string
		key  [2]string
	}{
		"with a key":    {recovery.Upstream{Name: "o", Key: "sk-own"}, "http://judge.example.com/v1", "/v1/chat/completions", [2]string{"Authorization", "Bearer sk-own"}},
		"without a key": {recovery.Upstream{Name: "o"}, "http://127.0.0.1:11434/v1", "/v1/chat/completions", [2]string{}},
		"same host":     {recovery.Upstream{Name: "o"}, "http://api.example.com/v2", "/v2/chat/completions", [2]string{"Authorization", "Bearer sk-client"}},
		"anthropic":     {recovery.Upstream{Name: "o", Key: "sk-own", Provider: "anthropic"}, "http://judge.example.com/v1", "/v1/messages", [2]string{"X-Api-Key", "sk-own"}},
		"gemini":        {recovery.Upstream{Name: "o", Key: "sk-own", Provider: "gemini"}, "http://judge.example.com/v1beta", "/v1beta/models/judge-1:generateContent", [2]string{"Authorization", "Bearer sk-own"}},
	} {
		t.Run(name, func(t *testing.T) {
			base, err := url.Parse(c.base)
			if err != nil {
				t.Fatal(err)
			}
			c.up.Base = base
			p := &bench{answers: []string{"The capital of France is Madrid."}, verdict: badVerdict}
			rt, _, b := setUp(p, withOpinion(recovery.Opinion{Judge: &recovery.Judge{Model: "judge-1", Upstream: &c.up}}))
			_, _ = post(t, rt, t.Context(), "/v1/chat/completions", ask, "Authorization", "Bearer sk-client")
			if len(p.judged) != 1 || b.last(t).Final.Cause != fault.UnexpectedOutput {
				t.Fatalf("judge asked %d times: %q", len(p.bodies), b.last(t).Notes)
			}
			r := p.judged[0]
			if r.URL.Path != c.path || c.key[0] != "" && r.Header.Get(c.key[0]) != c.key[1] {
				t.Errorf("%s %v", r.URL, r.Header)
			}
			if all := fmt.Sprint(r.Header, r.URL); name != "same host" && strings.Contains(all, "sk-client") {
				t.Errorf("the client's key was shown: %s", all)
			}
			if jc := calls(b)["judge"]; len(jc) != 1 || jc[0].Upstream != "o" {
				t.Errorf("record: %+v", jc)
			}
		})
	}
}

func TestWhatIsNotJudged(t *testing.T) {
	o := recovery.Opinion{Judge: &recovery.Judge{Model: "judge-1"}, Agree: 2}
	for name, c := range map[string]struct{ path, body, answer string }{
		"a stream":     {"/v1/chat/completions", `{"model":"gpt-5.4-mini","stream":true,"messages":[{"role":"user","content":"Hi"}]}`, "Hello there, friend."},
		"an image":     {"/v1/images/generations", `{"model":"gpt-5.4-mini","prompt":"a cat"}`, "x"},
		"embeddings":   {"/v1/embeddings", `{"model":"gpt-5.4-mini","input":"a"}`, "x"},
		"what failed":  {"/v1/chat/completions", ask, "I'm sorry, but I can't help with that request."},
		"another task": {"/v1/chat/completions", `{"model":"other","messages":[{"role":"user","content":"Hi"}]}`, "Hello there, friend."},
	} {
		t.Run(name, func(t *testing.T) {
			p := &bench{answers: []string{c.answer}, verdict: badVerdict}
			rt, _, b := setUp(p, withOpinion(o))
			_, _ = post(t, rt, t.Context(), c.path, c.body)
			if len(p.bodies) != 0 || len(p.asked) != 1 || len(b.calls) != 1 {
				t.Errorf("judge asked %d times, model %d times", len(p.bodies), len(p.asked))
			}
			if name == "a stream" && !strings.Contains(strings.Join(b.last(t).Notes, ";"), "streamed") {
				t.Errorf("notes: %q", b.last(t).Notes)
			}
		})
	}
}

func TestABadVerdictInStrictModeAndWithReprompt(t *testing.T) {
	j := withOpinion(recovery.Opinion{Judge: &recovery.Judge{Model: "judge-1"}})
	p := &bench{answers: []string{"The capital of France is Madrid."}, verdict: badVerdict}
	rt, _, _ := setUp(p, j)
	ctx := recovery.WithMode(t.Context(), recovery.Strict)
	resp, body := post(t, rt, ctx, "/v1/chat/completions", ask)
	if resp.StatusCode != 422 || !strings.Contains(body, "It names the capital of Spain") || gjson.Get(body, "error.code").Str != "unexpected_output" {
		t.Errorf("strict: %d %s", resp.StatusCode, body)
	}

	rt, _, b := setUp(p, j)
	resp, body = post(t, rt, recovery.WithMode(t.Context(), recovery.Observe), "/v1/chat/completions", ask)
	if call := b.last(t); resp.StatusCode != 200 || body != chat("The capital of France is Madrid.", "stop") || call.Final.Cause != fault.UnexpectedOutput || len(call.Changed) != 0 {
		t.Errorf("observe: %d %s %+v", resp.StatusCode, body, call.Final)
	}

	for _, stream := range []bool{false, true} {
		p = &bench{answers: []string{"The capital of France is Madrid.", "The capital of France is Paris."}}
		verdicts := []string{badVerdict, `{"verdict":"good","cause":"ok","reason":""}`}
		p.judge = func(w http.ResponseWriter, r *http.Request) { reply(w, r, verdicts[len(p.bodies)-1]) }
		e, err := expect.Compile(expect.Spec{MaxLength: 100}, expect.Options{})
		if err != nil {
			t.Fatal(err)
		}
		rt, _, b := setUp(p, func(p *recovery.Policy) {
			p.Recover = []recovery.Recovery{recovery.Reprompt}
			p.Expect = map[string]*expect.Expectation{"capital": e}
			p.Opinions = map[string]recovery.Opinion{"capital": {Judge: &recovery.Judge{Model: "judge-1"}}}
		})
		asks := strings.Replace(ask, `{"model"`, fmt.Sprintf(`{"stream":%v,"metadata":{"task":"capital"},"model"`, stream), 1)
		resp, body = post(t, rt, t.Context(), "/v1/chat/completions", asks)
		if resp.StatusCode != 200 || !strings.Contains(body, "Paris") || strings.Contains(body, "Madrid") || strings.Contains(body, "data: ") != stream {
			t.Errorf("reprompt, stream %v: %d %s", stream, resp.StatusCode, body)
		}
		if len(p.asked) != 2 || !strings.Contains(p.asked[1], "It names the capital of Spain.") {
			t.Fatalf("stream %v: asked %q", stream, p.asked)
		}
		by := calls(b)
		if call := by["capital"]; len(call) != 1 || !call[0].Final.OK() || len(call[0].Attempts) != 2 || call[0].Attempts[0].Diagnosis.Cause != fault.UnexpectedOutput || len(by["judge:capital"]) != 2 {
			t.Errorf("record: %v", by)
		}
	}
}
