package telltale

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/telltale-ai/telltale/expect"
	"github.com/telltale-ai/telltale/fault"
)

// checkRequest holds an output against what the request implies: the schema in response_format, the tools, n, stop,
// the model. The request is read only when its raw bytes say that there is something to hold it against.
func checkRequest(f *Facts) *Found {
	body := f.X.Request.Body
	if len(body) == 0 || len(f.Choices) == 0 {
		return nil
	}
	keys := keysOf(body)
	calls := false
	for i := range f.Choices {
		calls = calls || len(f.Choices[i].ToolCalls) > 0
	}
	if calls || keys.tools {
		if found := checkTools(f); found != nil {
			return found
		}
	}
	if keys.format {
		if found := checkFormat(f); found != nil {
			return found
		}
	}
	if keys.count {
		if found := checkCount(f); found != nil {
			return found
		}
	}
	if keys.stop {
		if found := checkStop(f); found != nil {
			return found
		}
	}
	return checkModel(f, keys.model)
}

// checkCount finds fewer answers than were asked for.
func checkCount(f *Facts) *Found {
	n := f.Request().N
	if n <= len(f.Choices) || n > 128 {
		return nil
	}
	return &Found{Cause: fault.UnexpectedOutput, Rule: "n", Param: "n", Summary: "The request asks for " + strconv.Itoa(n) + " answers; " + strconv.Itoa(len(f.Choices)) + " came.",
		Evidence: []Evidence{evidence("body.choices", strconv.Itoa(len(f.Choices))+" of "+strconv.Itoa(n))}}
}

// checkStop finds a text that goes on after a stop sequence. A sequence at the very end is not held against
// the provider: some leave it in.
func checkStop(f *Facts) *Found {
	for i := range f.Choices {
		c := &f.Choices[i]
		for _, stop := range f.Request().Stop {
			if len(strings.TrimSpace(stop)) < 2 {
				continue
			}
			at := strings.Index(c.Text, stop)
			if at >= 0 && strings.TrimSpace(c.Text[at+len(stop):]) != "" {
				return &Found{Cause: fault.UnexpectedOutput, Rule: "stop", Param: "stop", Summary: "The text goes on after the stop sequence " + strconv.Quote(clip(stop, 40)) + ".",
					Evidence: []Evidence{evidence(c.textAt.String(), c.Text[at:])}}
			}
		}
	}
	return nil
}

// checkFormat finds an output that is not the JSON, or not of the schema, that the request asks for.
func checkFormat(f *Facts) *Found {
	format, raw, dialect := f.Request().wanted()
	if format == "" {
		return nil
	}
	var schema *expect.Schema
	if raw != nil {
		schema, _ = f.schemas().Compile(raw, dialect) // one that cannot be compiled is the provider's to judge
	}
	for i := range f.Choices {
		c := &f.Choices[i]
		text := withoutThought(c.Text)
		if text == "" || c.Capped || len(c.ToolCalls) > 0 || c.Refusal != "" {
			continue
		}
		value, bad := expect.ParseJSON(text)
		var all []expect.Finding
		if bad != nil {
			o := expect.Output{Text: text, Prompt: f.Request().Prompt, System: f.Request().System, Structured: true}
			for _, n := range expect.Detect(&o) {
				if n.Cause == fault.Refusal || n.Cause == fault.Repetition || n.Cause == fault.EmptyOutput {
					return foundOf([]expect.Finding{n}, c) // it explains why there is no JSON
				}
			}
			all = []expect.Finding{*bad}
		} else {
			all = schema.Check(value)
		}
		if len(all) > 0 {
			return foundOf(all, c)
		}
	}
	return nil
}

// withoutThought drops the thoughts that some servers leave in front of the answer.
func withoutThought(text string) string {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "<think>") {
		if _, rest, ok := strings.Cut(text, "</think>"); ok {
			return strings.TrimSpace(rest)
		}
	}
	return text
}

// wanted tells the form that the output must have: "json_object", "json_schema" with its schema, or "".
func (r *RequestFacts) wanted() (format string, schema json.RawMessage, d expect.SchemaDialect) {
	for _, k := range [...]string{"generationConfig", "generation_config"} {
		var g struct {
			Mime, MimeSnake json.RawMessage
			JSON            json.RawMessage `json:"responseJsonSchema"`
			JSONSnake       json.RawMessage `json:"response_json_schema"`
			Open            json.RawMessage `json:"responseSchema"`
			OpenSnake       json.RawMessage `json:"response_schema"`
		}
		if len(r.raw[k]) == 0 || json.Unmarshal(r.raw[k], &g) != nil {
			continue
		}
		if !bytes.Contains(r.raw[k], []byte(`"application/json"`)) {
			return "", nil, 0 // text, or one word of an enum
		}
		for _, s := range [...]json.RawMessage{g.JSON, g.JSONSnake} {
			if isObject(s) {
				return "json_schema", s, expect.JSONSchema
			}
		}
		for _, s := range [...]json.RawMessage{g.Open, g.OpenSnake} {
			if isObject(s) {
				return "json_schema", s, expect.OpenAPISchema
			}
		}
	}
	format, schema = r.Format, r.Schema
	var of struct {
		Type   string          `json:"type"`
		Schema json.RawMessage `json:"schema"`
	}
	if format == "" && json.Unmarshal(r.raw["output_format"], &of) == nil && of.Type == "json_schema" {
		format, schema = of.Type, of.Schema
	}
	if !isObject(schema) {
		schema = nil
	}
	return format, schema, expect.JSONSchema
}

func isObject(raw json.RawMessage) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) > 0 && raw[0] == '{'
}

// foundOf makes what a check reports of what an expectation or detector found in a choice.
func foundOf(all []expect.Finding, c *Choice) *Found {
	if len(all) == 0 {
		return nil
	}
	n := &all[0]
	found := &Found{Cause: n.Cause, Rule: n.Rule, Likely: n.Likely}
	for i := range all {
		v := all[i].Got
		if all[i].Want != "" {
			v = "expected " + all[i].Want + ", got " + v
		}
		found.Evidence = append(found.Evidence, evidence(strings.TrimSpace(c.textAt.String()+" "+all[i].Where), v))
	}
	info, _ := fault.Lookup(n.Cause)
	if n.Want != "" {
		found.Summary = strings.TrimSuffix(info.Meaning, ".") + ": at " + n.Where + " expected " + n.Want + ", got " + n.Got
		if len(all) > 1 {
			found.Summary += " (and " + strconv.Itoa(len(all)-1) + " more)"
		}
		found.Summary = clip(found.Summary, 500) + "."
	}
	return found
}

// schemas gives the compiled schemas that the diagnoser keeps.
func (f *Facts) schemas() *expect.Schemas {
	if f.kept == nil {
		f.kept = &expect.Schemas{}
	}
	return f.kept
}
