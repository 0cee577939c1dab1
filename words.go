package telltale

import (
	"strings"

	"github.com/telltale-ai/telltale/catalog"
)

// words passes on the provider's own words.
func (e *engine) words(x *Exchange, d *Diagnosis, layers []layer, p *catalog.Provider, m *match, matched bool) {
	if p != nil {
		d.Provider = p.ID
	}
	pick := -1
	if matched {
		pick = m.layer
	} else {
		for i := range layers {
			if len(layers[i].text) > 0 && (pick < 0 || layers[i].depth > layers[pick].depth) {
				pick = i
			}
		}
	}
	if pick >= 0 {
		l := &layers[pick]
		d.ProviderMessage = clip(l.msg.text, 1000)
		best := 0
		for _, w := range l.words {
			r := 0
			switch w.key {
			case "code", "error_code", "errorcode", "err_code", "errcode", "ret_code":
				r = 4
			case "type", "__type", "error_type", "errortype":
				r = 3
			case "status", "reason", "name", "failurecode", "failure_code":
				r = 2
			case "error":
				r = 1
			}
			if len(w.value) == 3 && digits(w.value) {
				r = 0
			}
			if r > best {
				best, d.ProviderCode = r, clip(w.value, 200)
				if len(d.Evidence) == 0 {
					d.Evidence = append(d.Evidence, evidence(w.path, w.value))
				}
			}
		}
		if len(d.Evidence) == 0 && l.msg.text != "" {
			d.Evidence = append(d.Evidence, evidence(l.msg.path, l.msg.text))
		}
	}
	if d.ProviderCode == "" && x.Response != nil {
		if w := headerWords(x, d.Class); len(w) > 0 {
			d.ProviderCode = clip(w[0].value, 200)
		}
	}
	d.RequestID = requestID(x, layers)
}

// requestLeads stand in front of a request id in a sentence.
var requestLeads = []string{"request id: ", "Request id: ", "Request ID: ", "request ID: ", "request ID ", "request id ", "RequestId: ", "RequestId:", "requestId: ", "request_id: "}

// requestID finds the id to quote to the provider's support.
func requestID(x *Exchange, layers []layer) string {
	for i := range layers {
		if id := layers[i].id; id != "" {
			return clip(id, 200)
		}
	}
	for i := range layers {
		for _, lead := range requestLeads {
			if k := strings.Index(layers[i].msg.text, lead); k >= 0 {
				rest := layers[i].msg.text[k+len(lead):]
				if end := strings.IndexAny(rest, " )\n,;\"'"); end > 0 {
					rest = rest[:end]
				}
				rest = strings.TrimRight(rest, ".")
				if len(rest) >= 8 {
					return clip(rest, 200)
				}
			}
		}
	}
	if x.Response != nil && len(x.Response.Header) > 0 {
		for _, name := range []string{"X-Request-Id", "Request-Id", "X-Amzn-Requestid", "Apim-Request-Id", "X-Ms-Request-Id", "X-Oneapi-Request-Id", "X-Fal-Request-Id", "X-Trace-Id", "Cf-Ray"} {
			if v := get(x.Response.Header, name); v != "" {
				return clip(v, 200)
			}
		}
	}
	return ""
}

// explain completes the summary.
func (e *engine) explain(d *Diagnosis) {
	if d.Likely && !strings.Contains(strings.ToLower(d.Summary), "likely") {
		d.Summary = "Likely: " + d.Summary
	}
}
