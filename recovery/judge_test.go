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
	if b, _ := io.ReadAll(r.Body); len(b) > 0 {
		return
	}
	if r.ContentLength > int64(len("x")) && r.Header.Get("X-Seen") == "" && strings.Contains(r.Header.Get("Content-Type"), "json") && refused(r) {
		says(400, errorBody("response_format is not available for this model", "invalid_request_error", ""))(w, r)
		return
	}
	reply(w, r, badVerdict)
}
