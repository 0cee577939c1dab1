package main

import (
	"encoding/json"
	"errors"
	"net/http"

	telltale "github.com/telltale-ai/telltale"
)

// parseExchange reads one line of the exchange format.
func parseExchange(line []byte, x *telltale.Exchange) (id string, err error) {
	var w struct {
		ID, URL, Method, Provider, Surface string
		Request                            json.RawMessage
		Status                             *int
		Headers                            map[string]string
		Body                               *string
	}
	if err := json.Unmarshal(line, &w); err != nil {
		return "", err
	}
	if w.Status == nil || w.Body == nil {
		return w.ID, errors.New("an exchange needs status and body")
	}
	*x = telltale.Exchange{Request: telltale.Request{Method: w.Method, URL: w.URL, Provider: w.Provider, Surface: telltale.Surface(w.Surface), Body: w.Request}}
	if *w.Status == 0 {
		x.Err = errors.New(*w.Body)
		return w.ID, nil
	}
	x.Response = &telltale.Response{Status: *w.Status, Header: http.Header{}, Body: []byte(*w.Body)}
	for k, v := range w.Headers {
		x.Response.Header.Set(k, v)
	}
	return w.ID, nil
}

// appendDiagnosis writes d with the keys of the public contract.
func appendDiagnosis(b []byte, id string, d *telltale.Diagnosis) []byte {
	type out struct {
		ID              string              `json:"id"`
		Class           string              `json:"class"`
		Cause           string              `json:"cause"`
		Retryable       bool                `json:"retryable"`
		RetryAfterMS    int64               `json:"retry_after_ms"`
		Param           string              `json:"param"`
		Action          string              `json:"action"`
		Summary         string              `json:"summary"`
		Remedies        []string            `json:"remedies"`
		Evidence        []telltale.Evidence `json:"evidence"`
		Provider        string              `json:"provider"`
		ProviderCode    string              `json:"provider_code"`
		ProviderMessage string              `json:"provider_message"`
		RequestID       string              `json:"request_id"`
		Signature       string              `json:"signature"`
	}
	j, err := json.Marshal(out{id, string(d.Class), string(d.Cause), d.Retryable, d.RetryAfter.Milliseconds(), d.Param, string(d.Action), d.Summary,
		d.Remedies, d.Evidence, d.Provider, d.ProviderCode, d.ProviderMessage, d.RequestID, d.Signature})
	if err != nil {
		return append(b, `{}`...)
	}
	return append(b, j...)
}
