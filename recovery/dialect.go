package recovery

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
)

// dialect is the way in which a caller expects errors.
type dialect int

const (
	openAI dialect = iota
	openAIResponses
	anthropic
	gemini
	bedrock
)

func dialectOf(s telltale.Surface, r *http.Request) dialect {
	switch {
	case s == telltale.Responses:
		return openAIResponses
	case s == telltale.Chat: // the path outranks a header that some clients send everywhere
		return openAI
	case s == telltale.Messages, r.Header.Get("Anthropic-Version") != "":
		return anthropic
	case s == telltale.GenerateContent, strings.Contains(r.URL.Path, "/v1beta/models"), r.Header.Get("X-Goog-Api-Key") != "":
		return gemini
	case s == telltale.Converse:
		return bedrock
	}
	return openAI
}

// ErrorBody writes an error with the diagnosis d for the caller of r, in the caller's own dialect: OpenAI,
// Anthropic, Gemini or Bedrock, as path and headers of r tell. The status is part of some dialects.
func ErrorBody(r *http.Request, status int, d telltale.Diagnosis) []byte {
	return dialectOf(SurfaceOf(r.Method, r.URL.Path), r).body(status, &d)
}

func (l dialect) body(status int, d *telltale.Diagnosis) []byte {
	switch l {
	case anthropic:
		return encode(anthropicError{Type: "error", Error: l.anthropic(d), Telltale: d})
	case gemini:
		return encode(struct {
			Error    geminiError         `json:"error"`
			Telltale *telltale.Diagnosis `json:"telltale"`
		}{l.gemini(status, d), d})
	case bedrock:
		return encode(struct {
			Message  string              `json:"message"`
			Telltale *telltale.Diagnosis `json:"telltale"`
		}{message(d), d})
	}
	return encode(struct {
		Error    openAIError         `json:"error"`
		Telltale *telltale.Diagnosis `json:"telltale"`
	}{l.openAI(d), d})
}

// event writes an error event for a stream in this dialect. What was sent before ended with a whole event.
func (l dialect) event(d *telltale.Diagnosis) []byte {
	switch l {
	case anthropic:
		return frame("error", encode(anthropicError{Type: "error", Error: l.anthropic(d)}))
	case gemini:
		status := statusOf(d)
		if d.Class != fault.Hard && !cutShort(d, nil) {
			status = http.StatusUnprocessableEntity // as a plain answer in strict mode
		}
		return frame("", encode(struct {
			Error geminiError `json:"error"`
		}{l.gemini(status, d)}))
	case openAIResponses:
		// The API's own event is flat; its SDKs raise only what has an "error".
		e := responsesError{openAIError: l.openAI(d), Error: l.openAI(d)}
		e.Type = "error"
		return frame("error", encode(e))
	}
	return frame("", encode(struct {
		Error openAIError `json:"error"`
	}{l.openAI(d)}))
}

type openAIError struct {
	Message string  `json:"message"`
	Type    string  `json:"type"`
	Param   *string `json:"param"`
	Code    string  `json:"code"`
}

type responsesError struct {
	openAIError
	Error openAIError `json:"error"`
}

func (l dialect) openAI(d *telltale.Diagnosis) openAIError {
	e := openAIError{Message: message(d), Type: "telltale_" + string(d.Class), Code: string(d.Cause)}
	if d.Param != "" {
		e.Param = &d.Param
	}
	return e
}

type anthropicError struct {
	Type     string              `json:"type"`
	Error    anthropicInner      `json:"error"`
	Telltale *telltale.Diagnosis `json:"telltale,omitempty"`
}

type anthropicInner struct {
	Type    string `json:"type"`
	Message string `json:"message"`
	Code    string `json:"code"`
	Class   string `json:"class"`
}

func (l dialect) anthropic(d *telltale.Diagnosis) anthropicInner {
	return anthropicInner{"api_error", message(d), string(d.Cause), string(d.Class)}
}

type geminiError struct {
	Code    int            `json:"code"`
	Message string         `json:"message"`
	Status  string         `json:"status"`
	Details []geminiDetail `json:"details"`
}

type geminiDetail struct {
	Type   string `json:"@type"`
	Reason string `json:"reason"`
	Domain string `json:"domain"`
}

func (l dialect) gemini(status int, d *telltale.Diagnosis) geminiError {
	words := map[int]string{http.StatusUnprocessableEntity: "FAILED_PRECONDITION", http.StatusServiceUnavailable: "UNAVAILABLE",
		http.StatusGatewayTimeout: "DEADLINE_EXCEEDED", http.StatusBadRequest: "INVALID_ARGUMENT"}
	word := words[status]
	if word == "" {
		word = "INTERNAL"
	}
	return geminiError{status, message(d), word, []geminiDetail{{"type.googleapis.com/google.rpc.ErrorInfo", strings.ToUpper(string(d.Cause)), "telltale"}}}
}

// message says in one line what broke and what to do.
func message(d *telltale.Diagnosis) string {
	s := "Telltale: " + d.Summary
	if d.Summary == "" {
		s = "Telltale: " + string(d.Cause)
	}
	s = sentence(s)
	if d.ProviderMessage != "" && !strings.Contains(s, d.ProviderMessage) {
		s += " The provider says: " + sentence(d.ProviderMessage)
	}
	if len(d.Remedies) > 0 {
		s += " " + d.Remedies[0]
	}
	return s
}

// sentence ends s with a full stop, unless it ends with a mark of its own.
func sentence(s string) string {
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?)]}\"'") || s[len(s)-1] >= 0x80 {
		return s
	}
	return s + "."
}

func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return []byte(`{"error":{"message":"Telltale: the error could not be written","type":"telltale_hard","param":null,"code":"unknown"}}`)
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// frame writes one event. JSON has no raw line ends, so data is one line.
func frame(name string, data []byte) []byte {
	var b []byte
	if name != "" {
		b = append(append(append(b, "event: "...), name...), '\n')
	}
	return append(append(append(b, "data: "...), data...), "\n\n"...)
}
