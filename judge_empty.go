package telltale

import (
	"strconv"

	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/fault"
)

// judgeEmpty judges an answer in which there is nothing.
func (e *engine) judgeEmpty(f *Facts, p *catalog.Provider) (Diagnosis, bool) {
	usable := f.Media + f.Vectors
	for i := range f.Choices {
		c := &f.Choices[i]
		usable += len(c.ToolCalls) + c.other
		if hasText(c.Text) {
			usable++
		}
	}
	if usable > 0 {
		return Diagnosis{}, false
	}
	if f.Surface == Embeddings || f.vectors != unseen {
		if f.vectors == isEmpty && f.vectorAt.n.up != nil || f.vectors == isNull || f.vectors == unseen && (f.results == isEmpty || f.results == isNull) {
			if f.vectors == isEmpty && len(f.X.Request.Body) > 0 && f.Request().Prompt == "" && f.Request().Known && string(f.Request().Field("input")) == `""` {
				return Diagnosis{}, false // nothing was asked for
			}
			return e.empty(f, fault.Soft, f.vectorAt, "The list of embeddings is empty or null."), true
		}
	}
	if len(f.Choices) > 0 && (f.Choices[0].Finish == "load" || f.Choices[0].Finish == "unload") && f.Request().Prompt == "" {
		return Diagnosis{}, false // a call that only loads or unloads the model
	}
	if len(f.Choices) > 0 && foldCode(f.Choices[0].Finish) == "stopsequence" {
		return Diagnosis{}, false // the caller's own stop sequence came first
	}
	reasoned := f.hasReasoning()
	if len(f.Choices) == 0 || f.results == isNull || f.results == isEmpty && !f.Stream {
		switch f.results {
		case isNull, isEmpty:
			if f.Surface == Models || f.Surface == "" && !f.textResults() {
				return Diagnosis{}, false
			}
			if f.Surface == Images || f.Surface == "" && f.resultsAt.n != nil && f.resultsAt.n.name == "data" {
				out := e.conclude(fault.Soft, fault.ContentFilter)
				out.Likely = true
				out.Signature = "images-empty"
				out.Summary = "Likely the prompt was filtered: the answer is a success without any image."
				out.Evidence = []Evidence{evidence(f.resultsAt.String(), stateWord(f.results))}
				return out, true
			}
			return e.empty(f, fault.Soft, f.resultsAt, "The list of results is "+stateWord(f.results)+"."), true
		}
		if f.Stream && len(f.Choices) == 0 && f.other == 0 {
			return e.empty(f, fault.Silent, at{path: "body"}, "The stream held no output at all."), true
		}
		return e.judgeShape(f, p)
	}
	if r := f.X.Request.Body; len(r) > 0 && f.Surface == Chat && f.Request().Known && f.Request().empty() {
		out := e.conclude(fault.Silent, fault.InvalidRequest)
		out.Signature = "request-without-messages"
		out.Summary = "The answer is empty because the request holds neither messages nor a prompt; the server ignores keys that it does not know."
		out.Evidence = []Evidence{evidence("request", view(r))}
		return out, true
	}
	c := &f.Choices[0]
	if c.seenText || c.textAt.seen() || c.finishAt.seen() || c.parts > 0 || reasoned || f.results == isThere {
		class := fault.Silent
		if c.server > 0 {
			return Diagnosis{}, false
		}
		where := c.textAt
		if !where.seen() {
			where = c.finishAt
		}
		if !where.seen() {
			where = f.resultsAt
		}
		summary := "The provider claims success, but the answer is empty."
		if reasoned {
			summary = "The answer is empty although there is reasoning: the answer may stand in the reasoning."
		} else if f.HasUsage && f.Usage.Output == 0 {
			summary = "The answer is empty and no token was counted: the upstream failed and nobody said so."
		}
		if f.done == isFalse && !f.Stream {
			class = fault.Soft
		}
		return e.empty(f, class, where, summary), true
	}
	return e.judgeShape(f, p)
}

func stateWord(s state) string {
	switch s {
	case isNull:
		return "null"
	case isEmpty:
		return "empty"
	}
	return "missing"
}

// textResults reports whether the list of results is one that holds answers, whatever the surface.
func (f *Facts) textResults() bool {
	if f.resultsAt.n == nil {
		return false
	}
	switch f.resultsAt.n.name {
	case "choices", "candidates", "content", "output":
		return true
	case "data":
		return f.keys <= 3 && f.Object == ""
	}
	return false
}

func (e *engine) empty(f *Facts, class fault.Class, where at, summary string) Diagnosis {
	out := e.conclude(class, fault.EmptyOutput)
	out.Signature = "empty"
	out.Summary = summary
	value := ""
	if f.HasUsage {
		value = "output tokens: " + strconv.FormatInt(f.Usage.Output, 10)
	}
	out.Evidence = []Evidence{evidence(where.String(), value)}
	return out
}

// hasText reports whether there is more than white space.
func hasText(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] > ' ' {
			return true
		}
	}
	return false
}

// judgeShape judges an answer in which nothing known was found.
func (e *engine) judgeShape(f *Facts, p *catalog.Provider) (Diagnosis, bool) {
	if f.Stream || f.other > 0 || f.status != "" || f.X.Response == nil || f.HasUsage {
		return Diagnosis{}, false
	}
	top := topKeys(f.X.Response.Body)
	echo := top.has("method") && (top.has("pathname") || top.has("path") || top.has("url") || top.has("headers")) && (top.has("headers") || top.has("contentType") || top.has("origin") || top.has("pathname"))
	if !echo && (!errorSurface(f.Surface) || f.Surface == Responses && top.has("object") || f.Object != "") {
		return Diagnosis{}, false
	}
	if !echo && top.n == 0 && f.Surface != Chat && f.Surface != Messages {
		return Diagnosis{}, false
	}
	out := e.conclude(fault.Silent, fault.NotAPIResponse)
	out.Signature = "foreign-json"
	out.Likely = true
	out.Summary = "Likely another server answered: the JSON has nothing in it that this API's answers have."
	out.Evidence = []Evidence{evidence("body", view(f.X.Response.Body))}
	return out, true
}
