package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/telltale-ai/telltale"
)

// Diagnosis gives the verdict back as the diagnosis it was made of, redacted.
func (v *Verdict) Diagnosis() telltale.Diagnosis {
	d := telltale.Diagnosis{Class: v.Class, Cause: v.Cause, Retryable: v.Retryable, Param: v.Param.String(), Action: v.Action, Summary: v.Summary.String(),
		Likely: v.Likely, RetryAfter: time.Duration(v.RetryAfterMS) * time.Millisecond, Provider: v.Provider.String(), ProviderCode: v.ProviderCode.String(),
		ProviderMessage: v.ProviderMessage.String(), RequestID: v.RequestID.String(), Signature: v.Signature.String()}
	for _, r := range v.Remedies {
		d.Remedies = append(d.Remedies, r.String())
	}
	for _, e := range v.Evidence {
		d.Evidence = append(d.Evidence, telltale.Evidence{Where: e.Where.String(), Value: e.Value.String()})
	}
	return d
}

// HTTP writes the response as it would stand in a terminal: status line, headers in order, body, a JSON body indented.
func (r *Response) HTTP() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\n", r.Status, http.StatusText(r.Status))
	writeMessage(&b, r.Headers, r.Body)
	return b.Bytes()
}

// HTTP writes the request as [Response.HTTP] writes a response.
func (r *Request) HTTP() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s\n", r.Method, r.URL)
	writeMessage(&b, r.Headers, r.Body)
	return b.Bytes()
}

func writeMessage(b *bytes.Buffer, headers map[string][]Text, body Text) {
	names := make([]string, 0, len(headers))
	for name := range headers {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, v := range headers[name] {
			fmt.Fprintf(b, "%s: %s\n", name, v)
		}
	}
	b.WriteByte('\n')
	if json.Indent(b, []byte(body.String()), "", "  ") != nil {
		b.WriteString(body.String())
	}
}
