package telltale

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestParseExchange(t *testing.T) {
	var x Exchange
	id, err := ParseExchange([]byte(`{"id":"7","surface":"chat","provider":"openai","unknown":{"a":[1,{"b":2}]},"method":"POST","url":"https://x/v1","request":{"model":"m"},"status":429,"headers":{"retry-after":"20","x-a":["1","2"]},"body":"a \"b\" \u00e9"}`), &x)
	if err != nil || id != "7" || x.Request.Surface != Chat || x.Request.Provider != "openai" || x.Request.Method != "POST" || x.Request.URL != "https://x/v1" || string(x.Request.Body) != `{"model":"m"}` ||
		x.Response.Status != 429 || x.Response.Header.Get("Retry-After") != "20" || len(x.Response.Header["X-A"]) != 2 || string(x.Response.Body) != `a "b" é` {
		t.Errorf("%q, %v, %+v", id, err, x)
	}
	if _, err = ParseExchange([]byte(`{"status":0,"body":"dial tcp: no such host"}`), &x); err != nil || x.Response != nil || x.Err == nil {
		t.Errorf("%v, %+v", err, x)
	}
	if _, err = ParseExchange([]byte(`{"status":"503","body":"overloaded"}`), &x); err != nil || x.Response == nil || x.Response.Status != 503 {
		t.Errorf("a status in quotes: %v, %+v", err, x)
	}
	for name, bad := range map[string]string{
		"no object": `[]`, "no status": `{"body":""}`, "no body": `{"status":200}`, "cut": `{"status":200,"body":"x`, "status word": `{"status":"ok","body":""}`, "empty": ``, "id object": `{"id":{},"status":200,"body":""}`,
	} {
		if _, err := ParseExchange([]byte(bad), &x); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestDiagnosisJSON(t *testing.T) {
	d := Diagnose(&Exchange{Response: &Response{Status: 429, Body: []byte(`{"error":{"message":"slow \u0001 \"down\"","code":"rate_limit_exceeded"}}`)}})
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var back map[string]any
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{"class", "cause", "retryable", "retry_after_ms", "param", "action", "summary", "remedies", "evidence", "provider", "provider_code", "provider_message", "request_id", "signature", "likely"} {
		if _, ok := back[k]; !ok {
			t.Errorf("no key %s", k)
		}
	}
	if !strings.HasPrefix(string(d.AppendJSON(nil, "x")), `{"id":"x","class":"hard"`) {
		t.Errorf("%s", d.AppendJSON(nil, "x"))
	}
}
