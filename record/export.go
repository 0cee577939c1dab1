package record

import (
	"net/http"
	"strings"

	"github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
	"github.com/tidwall/gjson"
)

// Case is a call that a person has marked, as an example to measure detectors with.
type Case struct {
	ID     string `json:"id"`
	Prompt string `json:"prompt"`
	Text   string `json:"text"`  // what the model wrote
	Label  string `json:"label"` // healthy, refusal, repetition, cut, empty_or_placeholder, echo, wrong_language, or the name of another cause
	Hard   bool   `json:"hard"`  // healthy, and Telltale took it for a failure
}

// labels are the names under which outputs are labelled, for the causes that have one.
var labels = map[fault.Cause]string{fault.None: "healthy", fault.CutOutput: "cut", fault.Truncated: "cut",
	fault.EmptyOutput: "empty_or_placeholder", fault.LeakedTemplate: "empty_or_placeholder"}

// Case makes an example of a marked call; false when the call is not marked, or its output was not kept.
func (e *Entry) Case() (Case, bool) {
	if e.Mark == "" || len(e.Attempts) == 0 {
		return Case{}, false
	}
	a := &e.Attempts[len(e.Attempts)-1]
	if a.Response == nil {
		return Case{}, false
	}
	cause := e.Cause
	switch {
	case e.Mark == Good:
		cause = fault.None
	case e.MarkCause != "":
		cause = e.MarkCause
	case !e.Failed():
		cause = fault.UnexpectedOutput
	}
	c := Case{ID: e.ID, Text: a.output(), Label: labels[cause], Hard: e.Mark == Good && e.Failed()}
	if c.Label == "" {
		c.Label = string(cause)
	}
	if a.Request != nil {
		c.Prompt = prompt(a.Request.Body.String())
	}
	return c, true
}

// prompt finds the last thing that the user said, in the request of any of the usual interfaces.
func prompt(body string) string {
	r := gjson.Parse(body)
	for _, path := range []string{"messages", "input", "contents"} {
		list := r.Get(path)
		if list.Type == gjson.String {
			return list.String()
		}
		last := ""
		list.ForEach(func(_, m gjson.Result) bool {
			if role := m.Get("role").String(); role == "user" || role == "" {
				if t := texts(m.Get("content")) + texts(m.Get("parts")); t != "" {
					last = t
				}
			}
			return true
		})
		if last != "" {
			return last
		}
	}
	return r.Get("prompt").String()
}

// texts joins the texts of a message's content: a string, or a list of parts.
func texts(content gjson.Result) string {
	if content.Type == gjson.String {
		return content.String()
	}
	var b strings.Builder
	content.ForEach(func(_, part gjson.Result) bool {
		if t := part.Get("text"); t.Type == gjson.String && !part.Get("thought").Bool() {
			b.WriteString(t.String())
		}
		return true
	})
	return b.String()
}

// output finds what the model wrote.
func (a *Attempt) output() string {
	body := a.Response.Body.String()
	if s := strings.TrimLeft(body, " \r\n"); strings.HasPrefix(s, "data:") || strings.HasPrefix(s, "event:") {
		x := telltale.Exchange{Response: &telltale.Response{Status: a.Response.Status, Header: http.Header{"Content-Type": {"text/event-stream"}}}}
		if a.Request != nil {
			x.Request.URL = a.Request.URL.String()
		}
		w := new(telltale.Diagnoser).Watch(&x)
		_, _ = w.Write([]byte(body))
		return w.Text()
	}
	r := gjson.Parse(body)
	if t := texts(r.Get("choices.0.message.content")) + texts(r.Get("content")) + texts(r.Get("candidates.0.content.parts")); t != "" {
		return t
	}
	var b strings.Builder
	r.Get("output").ForEach(func(_, item gjson.Result) bool {
		if item.Get("type").String() == "message" {
			b.WriteString(texts(item.Get("content")))
		}
		return true
	})
	if b.Len() > 0 {
		return b.String()
	}
	return r.Get("choices.0.text").String()
}
