package recovery

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
)

func TestErrorBodiesAreInTheCallersDialect(t *testing.T) {
	d := telltale.Diagnosis{Class: fault.Soft, Cause: fault.ContentFilter, Param: "prompt", Summary: "Blocked.", Remedies: []string{"Rephrase."}}
	for path, want := range map[string]string{
		"/v1/chat/completions":                      `{"error":{"message":"Telltale: Blocked. Rephrase.","type":"telltale_soft","param":"prompt","code":"content_filter"},"telltale":{"class":"soft",`,
		"/v1/images/generations":                    `{"error":{"message":"Telltale: Blocked. Rephrase.","type":"telltale_soft",`,
		"/v1/responses":                             `{"error":{"message":"Telltale: Blocked. Rephrase.","type":"telltale_soft",`,
		"/v1/messages":                              `{"type":"error","error":{"type":"api_error","message":"Telltale: Blocked. Rephrase.",`,
		"/v1beta/models/gemini-2.5:generateContent": `{"error":{"code":422,"message":"Telltale: Blocked. Rephrase.","status":"FAILED_PRECONDITION",`,
		"/model/nova/converse":                      `{"message":"Telltale: Blocked. Rephrase.",`,
	} {
		if got := string(ErrorBody(httptest.NewRequest("POST", path, nil), 422, d)); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", path, got)
		}
	}
}

func TestErrorEventsAreRaisedBySDKs(t *testing.T) {
	d := telltale.Diagnosis{Class: fault.Soft, Cause: fault.StreamInterrupted, Summary: "Cut."}
	for l, want := range map[dialect]string{
		openAI:          `data: {"error":{"message":"Telltale: Cut.","type":"telltale_soft","param":null,"code":"stream_interrupted"}}`,
		openAIResponses: "event: error\ndata: " + `{"message":"Telltale: Cut.","type":"error","param":null,"code":"stream_interrupted","error":{"message":"Telltale: Cut.","type":"telltale_soft","param":null,"code":"stream_interrupted"}}`,
		anthropic:       "event: error\ndata: " + `{"type":"error","error":{"type":"api_error","message":"Telltale: Cut.",`,
		gemini:          `data: {"error":{"code":502,"message":"Telltale: Cut.",`,
	} {
		if got := string(l.event(&d)); !strings.HasPrefix(got, want) {
			t.Errorf("%d: %s", l, got)
		}
	}
	d.Cause = fault.Truncated
	if got := string(gemini.event(&d)); !strings.HasPrefix(got, `data: {"error":{"code":422,`) {
		t.Errorf("strict: %s", got)
	}
}

func TestMessagesAreSentences(t *testing.T) {
	d := telltale.Diagnosis{Cause: fault.Network, Summary: "it broke", ProviderMessage: "reset by peer", Remedies: []string{"Retry."}}
	if got, want := message(&d), "Telltale: it broke. The provider says: reset by peer. Retry."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	d = telltale.Diagnosis{Cause: fault.Network, Summary: "是的。", ProviderMessage: "why?"}
	if got, want := message(&d), "Telltale: 是的。 The provider says: why?"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func FuzzErrorEvent(f *testing.F) {
	f.Add("The stream broke.", "a\nb\r\n\r\ndata: [DONE]", "x\x00\xff")
	f.Fuzz(func(t *testing.T, summary, message, param string) {
		d := telltale.Diagnosis{Class: fault.Soft, Cause: fault.StreamInterrupted, Summary: summary, ProviderMessage: message, Param: param}
		for _, l := range []dialect{openAI, openAIResponses, anthropic, gemini, bedrock} {
			ev := l.event(&d)
			if wholeEvents(ev) != len(ev) || bytes.Count(ev, []byte("\n\n")) != 1 || bytes.ContainsRune(ev, '\r') {
				t.Fatalf("not one event: %q", ev)
			}
			if !json.Valid(dataOf(ev)) || !json.Valid(l.body(422, &d)) {
				t.Fatalf("no JSON: %q", ev)
			}
		}
	})
}
