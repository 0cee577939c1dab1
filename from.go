package telltale

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/telltale-ai/telltale/fault"
)

// Verdict knows what became of a call. On a stream it knows only once the stream has ended.
type Verdict interface {
	Diagnosis() (Diagnosis, bool)
}

type verdictKey struct{}

// Attach makes v what [FromResponse] tells of resp. It outlives a body that was replaced, as SDKs do,
// because it travels in the context of resp.Request.
func Attach(resp *http.Response, v Verdict) {
	req := resp.Request
	if req == nil {
		req = &http.Request{}
	}
	resp.Request = req.WithContext(context.WithValue(req.Context(), verdictKey{}, v))
}

// FromResponse gives the diagnosis of a response that came through recovery.Transport or through the
// gateway; false when it came another way, or is a stream that has not ended. From the gateway's headers
// class, cause, retryable and retry-after are known, not the evidence.
func FromResponse(resp *http.Response) (Diagnosis, bool) {
	if resp == nil {
		return Diagnosis{}, false
	}
	if resp.Request != nil {
		if v, ok := resp.Request.Context().Value(verdictKey{}).(Verdict); ok {
			return v.Diagnosis()
		}
	}
	for _, h := range []http.Header{resp.Header, resp.Trailer} {
		if cause := fault.Cause(h.Get("Telltale-Cause")); cause != "" {
			d := ofCause(cause)
			d.Class = fault.Class(h.Get("Telltale-Class"))
			d.Retryable, _ = strconv.ParseBool(h.Get("Telltale-Retryable"))
			if s, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && resp.StatusCode >= 400 {
				d.RetryAfter = time.Duration(s) * time.Second
			}
			return d, d.Class.Valid()
		}
	}
	return Diagnosis{}, false
}

// FromError gives the diagnosis behind an error that an SDK or http.Client returned: of the response that
// the error carries, of an error of recovery.Transport, or of the status and message that the error was made from.
// It knows the errors of openai-go, anthropic-sdk-go and go-openai by the shape of their fields, not by type.
func FromError(err error) (Diagnosis, bool) {
	if err == nil {
		return Diagnosis{}, false
	}
	var v Verdict
	if errors.As(err, &v) {
		return v.Diagnosis()
	}
	var found Diagnosis
	ok := false
	walk(err, func(e error) bool {
		found, ok = fromFields(e)
		return ok
	})
	if !ok {
		found, ok = fromText(err.Error())
	}
	return found, ok
}

// walk visits err and everything that it wraps until visit returns true.
func walk(err error, visit func(error) bool) bool {
	if err == nil {
		return false
	}
	if visit(err) {
		return true
	}
	switch u := err.(type) {
	case interface{ Unwrap() error }:
		return walk(u.Unwrap(), visit)
	case interface{ Unwrap() []error }:
		for _, e := range u.Unwrap() {
			if walk(e, visit) {
				return true
			}
		}
	}
	return false
}

// fromFields reads an SDK's error struct: a Response, or else a status with body or message.
func fromFields(err error) (Diagnosis, bool) {
	v := reflect.ValueOf(err)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return Diagnosis{}, false
	}
	get := func(name string) any {
		if f := v.FieldByName(name); f.IsValid() && f.CanInterface() {
			return f.Interface()
		}
		return nil
	}
	if kind, _ := get("Type").(string); strings.HasPrefix(kind, ours) { // of the gateway, in an SDK's form
		code, _ := get("Code").(string)
		msg, _ := get("Message").(string)
		return ourWords(kind, code, msg)
	}
	resp, _ := get("Response").(*http.Response)
	if d, ok := FromResponse(resp); ok {
		return d, true
	}
	x := &Exchange{Response: &Response{}}
	if resp != nil {
		x.Response.Status, x.Response.Header = resp.StatusCode, resp.Header
		if resp.Request != nil && resp.Request.URL != nil {
			x.Request.Method, x.Request.URL = resp.Request.Method, resp.Request.URL.String()
		}
	}
	for _, name := range []string{"HTTPStatusCode", "StatusCode", "Code"} {
		if n, isInt := get(name).(int); isInt && n >= 100 && n < 600 && x.Response.Status == 0 {
			x.Response.Status = n
		}
	}
	if x.Response.Status == 0 {
		return Diagnosis{}, false
	}
	if raw, isRaw := err.(interface{ RawJSON() string }); isRaw {
		x.Response.Body = []byte(`{"error":` + raw.RawJSON() + `}`)
	} else if b, isBytes := get("Body").([]byte); isBytes {
		x.Response.Body = b
	} else if m, isText := get("Message").(string); isText {
		e := map[string]any{"message": m, "type": get("Type"), "code": get("Code")}
		if p, isPtr := get("Param").(*string); isPtr && p != nil {
			e["param"] = *p
		}
		x.Response.Body, _ = json.Marshal(map[string]any{"error": e})
	}
	return Diagnose(x), true
}

// fromText finds Telltale's own error event in the text that an SDK made of it.
func fromText(s string) (Diagnosis, bool) {
	at := strings.Index(s, "{")
	if at < 0 {
		return Diagnosis{}, false
	}
	type word struct {
		Type    string      `json:"type"`
		Class   fault.Class `json:"class"`
		Code    any         `json:"code"`
		Message string      `json:"message"`
	}
	var e struct {
		word
		Error *word `json:"error"`
	}
	if json.NewDecoder(strings.NewReader(s[at:])).Decode(&e) != nil {
		return Diagnosis{}, false
	}
	w := e.word
	if e.Error != nil {
		w = *e.Error
	}
	code, _ := w.Code.(string)
	if w.Class != "" { // Anthropic's form
		w.Type = ours + string(w.Class)
	}
	return ourWords(w.Type, code, w.Message)
}

// ours begins the type of every error that Telltale itself answers with; the class follows.
const ours = "telltale_"

func ourWords(kind, code, message string) (Diagnosis, bool) {
	class, found := strings.CutPrefix(kind, ours)
	if _, known := fault.Lookup(fault.Cause(code)); !found || !known || !fault.Class(class).Valid() {
		return Diagnosis{}, false
	}
	d := ofCause(fault.Cause(code))
	d.Class, d.ProviderMessage = fault.Class(class), message
	return d, true
}

// ofCause is what is known from a cause alone.
func ofCause(c fault.Cause) Diagnosis {
	i, _ := fault.Lookup(c)
	return Diagnosis{Cause: c, Retryable: i.Retryable, Action: i.Action, Summary: i.Meaning, Remedies: i.Remedies}
}

// AttachedTo gives what [Attach] put to resp, or nil.
func AttachedTo(resp *http.Response) Verdict {
	if resp == nil || resp.Request == nil {
		return nil
	}
	v, _ := resp.Request.Context().Value(verdictKey{}).(Verdict)
	return v
}
