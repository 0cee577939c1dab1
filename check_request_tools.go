package telltale

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/telltale-ai/telltale/expect"
	"github.com/telltale-ai/telltale/fault"
)

// checkTools finds a call of a tool that was not offered, arguments that do not match the tool's parameters, and
// a tool that had to be called and was not. Tools that the provider runs itself have no parameters to match.
func checkTools(f *Facts) *Found {
	r := f.Request()
	if !r.HasTools || len(r.Tools) == 0 {
		return nil
	}
	called := false
	for i := range f.Choices {
		c := &f.Choices[i]
		called = called || len(c.ToolCalls) > 0 || c.server > 0 || c.other > 0 || c.Refusal != "" || c.Text == ""
		for k := range c.ToolCalls {
			if found := checkCall(f, r, &c.ToolCalls[k]); found != nil {
				return found
			}
		}
	}
	if called {
		return nil
	}
	return notCalled(f, r)
}

func checkCall(f *Facts, r *RequestFacts, t *ToolCall) *Found {
	at := slices.IndexFunc(r.Tools, func(s ToolSpec) bool { return s.Name == t.Name })
	if at < 0 {
		if t.Name == "" || r.hosted() {
			return nil
		}
		var names []string
		for _, s := range r.Tools {
			names = append(names, s.Name)
		}
		return &Found{Cause: fault.InvalidToolCall, Rule: "unknown", Summary: "The model called the tool " + clip(t.Name, 80) + ", which was not offered.",
			Evidence: []Evidence{evidence(t.at.String(), t.Name), evidence("request.tools", strings.Join(names, ", "))}}
	}
	raw := r.Tools[at].Parameters
	if !isObject(raw) || t.noParse {
		return nil
	}
	dialect := expect.JSONSchema
	if f.Surface == GenerateContent {
		dialect = expect.OpenAPISchema
	}
	schema, err := f.schemas().Compile(raw, dialect)
	if err != nil {
		return nil
	}
	args := strings.TrimSpace(t.Args)
	if args == "" || args == "null" || args == "None" {
		args = "{}"
	}
	value, bad := expect.ParseJSON(args)
	if bad != nil {
		return nil // told by the check of arguments alone
	}
	all := schema.Check(value)
	if len(all) == 0 {
		return nil
	}
	found := &Found{Cause: fault.InvalidToolCall, Rule: "arguments"}
	for i := range all {
		found.Evidence = append(found.Evidence, evidence(t.at.String()+".arguments "+all[i].Where, "expected "+all[i].Want+", got "+all[i].Got))
	}
	found.Summary = clip("The arguments of the tool call "+t.Name+" do not match its parameters: at "+all[0].Where+" expected "+all[0].Want+", got "+all[0].Got, 500) + "."
	return found
}

// hosted reports whether the request offers tools that the provider runs itself, or fetches from elsewhere:
// what those are called is the provider's affair.
func (r *RequestFacts) hosted() bool {
	if len(r.raw["mcp_servers"]) > 0 || len(r.raw["previous_response_id"]) > 0 || len(r.raw["prompt"]) > 0 {
		return true
	}
	var list []struct {
		Type       string          `json:"type"`
		Function   json.RawMessage `json:"function"`
		Decls      json.RawMessage `json:"functionDeclarations"`
		DeclsSnake json.RawMessage `json:"function_declarations"`
		Schema     json.RawMessage `json:"input_schema"`
		Parameters json.RawMessage `json:"parameters"`
	}
	if json.Unmarshal(r.raw["tools"], &list) != nil {
		return len(r.raw["toolConfig"]) == 0
	}
	for _, t := range list {
		if t.Type != "" && t.Type != "function" && t.Type != "custom" || t.Type == "" && t.Function == nil && t.Decls == nil && t.DeclsSnake == nil && t.Schema == nil && t.Parameters == nil {
			return true
		}
	}
	return false
}

// notCalled finds that a tool which had to be called was not.
func notCalled(f *Facts, r *RequestFacts) *Found {
	must := r.ToolChoice
	switch must {
	case "", "auto", "none", "validated", "allowed_tools":
		must = ""
	}
	if must == "" && anyMode(r.raw["toolConfig"], r.raw["tool_config"]) {
		must = "required"
	}
	if must == "" || r.hosted() || must != "required" && must != "any" && !slices.ContainsFunc(r.Tools, func(s ToolSpec) bool { return s.Name == must }) {
		return nil
	}
	what := "the tool " + clip(must, 80)
	if must == "required" || must == "any" {
		what = "a tool"
	}
	c := &f.Choices[0]
	return &Found{Cause: fault.InvalidToolCall, Rule: "not-called", Param: "tool_choice", Summary: "The request demands that " + what + " be called, but the model answered with text.",
		Evidence: []Evidence{evidence("request.tool_choice", must), evidence(c.textAt.String(), c.Text)}}
}

// anyMode reports whether Gemini's or Bedrock's configuration demands a call.
func anyMode(configs ...json.RawMessage) bool {
	for _, raw := range configs {
		raw = bytes.ReplaceAll(raw, []byte(" "), nil)
		if bytes.Contains(raw, []byte(`"mode":"ANY"`)) || bytes.Contains(raw, []byte(`"toolChoice":{"any"`)) {
			return true
		}
	}
	return false
}
