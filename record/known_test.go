package record_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/record"
)

// A key of no known form is masked all the same where a provider repeats the one that it was shown.
func TestTheKeyOfTheCallIsMaskedWhateverItsForm(t *testing.T) {
	for header, value := range map[string]string{"Authorization": "Bearer Canary-1", "X-Api-Key": "CanaryOfOurOwnMaking", "Cookie": "a=1; session=Canary99"} {
		key := value[strings.Index(value, "Canary"):]
		body := `{"error":{"message":"Unknown key ` + key + `.","param":"` + key + `","type":"` + key + `"}}`
		x := &telltale.Exchange{Sent: true,
			Request:  telltale.Request{Method: "POST", URL: "https://h/v1/chat/completions?u=" + key, Header: http.Header{header: {value}}, Body: []byte(`{"user":"` + key + `"}`)},
			Response: &telltale.Response{Status: 401, Header: http.Header{"X-Request-Id": {key}}, Body: []byte(body)}}
		d := telltale.Diagnose(x)
		d.RequestID, d.Param = key, key
		c := &telltale.Call{ID: "call_1", Attempts: []telltale.Attempt{{Exchange: x, Diagnosis: d}}, Final: d}
		b, err := json.Marshal(record.New(c, record.Policy{}))
		if err != nil || strings.Contains(string(b), "Canary") || !strings.Contains(string(b), "[redacted]") {
			t.Errorf("%s: %s", header, b)
		}
	}
	c := &telltale.Call{ID: "call_1", Attempts: []telltale.Attempt{{Exchange: &telltale.Exchange{
		Request:  telltale.Request{Header: http.Header{"Authorization": {"Bearer ollama"}}},
		Response: &telltale.Response{Status: 500, Body: []byte(`{"error":"ollama runner has ended"}`)}}}}}
	if b, _ := json.Marshal(record.New(c, record.Policy{})); !strings.Contains(string(b), "ollama runner has ended") {
		t.Errorf("a word that is no secret is masked: %s", b)
	}
}
