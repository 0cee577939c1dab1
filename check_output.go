package telltale

import (
	"strconv"
	"strings"

	"github.com/telltale-ai/telltale/expect"
	"github.com/telltale-ai/telltale/fault"
)

// checkToolArguments finds arguments that no program can read.
func checkToolArguments(f *Facts) *Found {
	for i := range f.Choices {
		c := &f.Choices[i]
		for k := range c.ToolCalls {
			t := &c.ToolCalls[k]
			if strings.Contains(t.Name, "<|") || strings.ContainsAny(t.Name, " \n{}<>\"") {
				return &Found{Cause: fault.InvalidToolCall, Summary: "The name of the called tool is none: something else stands in it.",
					Evidence: []Evidence{evidence(t.at.String()+".name", t.Name)}}
			}
			if t.object || t.noParse || brokenArgs(t.Args) == "" {
				continue
			}
			return &Found{Cause: fault.InvalidToolCall, Summary: "The arguments of the tool call " + clip(t.Name, 80) + " are " + brokenArgs(t.Args) + ".",
				Evidence: []Evidence{evidence(t.at.String()+".arguments", t.Args)}}
		}
	}
	return nil
}

// brokenArgs says what is wrong with arguments; "" is right. Nothing at all and "null" are right: several
// providers write so for tools without parameters.
func brokenArgs(args string) string {
	a := strings.TrimSpace(args)
	switch {
	case a == "" || a == "null" || a == "None":
		return ""
	case !validJSON([]byte(a)):
		return "not JSON"
	case a[0] != '{':
		return "JSON, but no object"
	}
	return ""
}

// toolMarks begin a tool call that a model wrote into its text.
var toolMarks = []string{"<tool_call>", "<|tool_call|>", "<|tool_call_start|>", "<|tool_calls_section_begin|>", "<｜tool▁calls▁begin｜>", "<｜tool▁call▁begin｜>", "[TOOL_CALLS]", "<function_calls>", "<function=", "<|python_tag|>", "<invoke name=", "<tool_code>", "<minimax:tool_call>", "<|channel|>commentary to=functions", "<seed:tool_call>", "<longcat_tool_call>", "<|action_start|>", "<|open|>tool", "<|toolcall", "<|tool_use|>"}

// checkToolText finds a tool call that stands in the text instead of in its own field.
func checkToolText(f *Facts) *Found {
	for i := range f.Choices {
		c := &f.Choices[i]
		if len(c.ToolCalls) > 0 || c.Text == "" {
			continue
		}
		text := strings.TrimSpace(c.Text)
		angle := strings.IndexByte(text, '<') >= 0
		if angle {
			if k := strings.LastIndex(text, "</think>"); k >= 0 {
				text = strings.TrimSpace(text[k+len("</think>"):])
			}
		}
		marked := angle || strings.IndexByte(text, '[') >= 0 && strings.Contains(text, "[TOOL_CALLS]")
		for _, mark := range toolMarks {
			if !marked {
				break
			}
			k := strings.Index(text, mark)
			if k < 0 || !looksLikeCall(text[k+len(mark):], mark) || k > 0 && strings.Contains(text[:k], "```") {
				continue
			}
			return &Found{Cause: fault.InvalidToolCall, Summary: "The tool call stands in the text as " + mark + ", where no SDK looks for it.",
				Evidence: []Evidence{evidence(c.textAt.String(), text[k:])}}
		}
		if strings.HasPrefix(text, "```tool_code") && len(f.X.Request.Body) > 0 && f.Request().HasTools {
			return &Found{Cause: fault.InvalidToolCall, Summary: "The tool call stands in the text as a block of code, where no SDK looks for it.",
				Evidence: []Evidence{evidence(c.textAt.String(), text)}}
		}
		if jsonCall(text) && (len(f.X.Request.Body) == 0 || f.Request().HasTools || !f.Request().Known) && f.jsonCallWanted(text) {
			return &Found{Cause: fault.InvalidToolCall, Summary: "The tool call stands in the text as JSON, where no SDK looks for it.",
				Evidence: []Evidence{evidence(c.textAt.String(), text)}}
		}
	}
	return nil
}

// looksLikeCall reports whether what follows a mark is a call, not talk about the mark.
func looksLikeCall(rest, mark string) bool {
	rest = strings.TrimSpace(rest)
	if mark == "<|python_tag|>" {
		return strings.Contains(rest, `"name"`) && (strings.Contains(rest, `"parameters"`) || strings.Contains(rest, `"arguments"`)) || strings.HasPrefix(rest, "{\"type\": \"function\"") || strings.Contains(rest, ".call(")
	}
	return strings.ContainsAny(rest, "{[<=(\"") || strings.Contains(rest, "name")
}

// jsonCall reports whether a whole text is the JSON of a call: {"name": ..., "parameters": {...}}.
func jsonCall(text string) bool {
	if len(text) < 12 || text[0] != '{' || len(text) > 16<<10 {
		return false
	}
	head := text[:min(len(text), 200)]
	if !strings.Contains(head, `"name"`) {
		return false
	}
	if strings.Contains(head, `"type": "function"`) || strings.Contains(head, `"type":"function"`) {
		return true
	}
	s := strings.TrimLeft(text[1:], " \n\t")
	return strings.HasPrefix(s, `"name"`) && (strings.Contains(head, `"parameters`) || strings.Contains(head, `"arguments`))
}

// jsonCallWanted guards against JSON that was asked for: without a request only the wrapper of a function counts.
func (f *Facts) jsonCallWanted(text string) bool {
	r := f.Request()
	if r.Known {
		return r.HasTools && r.Format == ""
	}
	head := text[:min(len(text), 200)]
	return strings.Contains(head, `"type": "function"`) || strings.Contains(head, `"type":"function"`)
}

// checkStoppedAtLimit finds a cut that the provider calls a stop.
func checkStoppedAtLimit(f *Facts) *Found {
	if f.Usage.Output <= 0 || len(f.Choices) != 1 || len(f.X.Request.Body) == 0 {
		return nil
	}
	c := &f.Choices[0]
	text := strings.TrimRight(c.Text, " \n\t*_`")
	if text == "" || endsWhole(text) || len(c.ToolCalls) > 0 {
		return nil
	}
	r := f.Request()
	if r.MaxTokens == 0 || f.Usage.Output != r.MaxTokens || r.Format != "" {
		return nil
	}
	return &Found{Cause: fault.Truncated, Summary: "The provider says stop, but the text ends in the middle exactly at the token limit of " + strconv.FormatInt(r.MaxTokens, 10) + ".",
		Evidence: []Evidence{evidence("usage.output", strconv.FormatInt(f.Usage.Output, 10)), evidence(c.textAt.String(), tail(text, 80))}}
}

func tail(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return "…" + strings.ToValidUTF8(s[len(s)-n:], "")
}

// endsWhole reports whether a text ends as sentences do.
func endsWhole(text string) bool {
	for _, end := range []string{".", "!", "?", ":", ";", ")", "]", "}", "\"", "'", "”", "’", "。", "！", "？", "：", "」", "）", "…", ">", "|", "/", "%"} {
		if strings.HasSuffix(text, end) {
			return true
		}
	}
	r := text[len(text)-1]
	return r >= '0' && r <= '9' || r >= 0x80 && strings.ContainsAny(text[max(0, len(text)-4):], "🎉😊👋✨🚀👍🌟")
}

// checkDetect runs the detectors of useless text.
func checkDetect(f *Facts) *Found {
	if len(f.Choices) == 0 {
		return nil
	}
	for i := range f.Choices {
		c := &f.Choices[i]
		if c.Text == "" {
			continue
		}
		if found := brokenModel(c); found != nil {
			return found
		}
		if len(c.ToolCalls) > 0 || expect.Healthy(c.Text, view(f.X.Request.Body)) {
			continue
		}
		o := expect.Output{Text: c.Text, Partial: c.Capped}
		if len(f.X.Request.Body) > 0 {
			r := f.Request()
			format, _, _ := r.wanted()
			o.Prompt, o.System, o.Structured = r.Prompt, r.System, format != ""
			o.Partial = o.Partial || len(r.Stop) > 0 || r.Prefilled
		}
		if found := foundOf(expect.Detect(&o), c); found != nil {
			return found
		}
	}
	return nil
}

// brokenModel finds text that only a broken model or template writes: one letter over and over, a template's token
// alone beside a tool call, the end of a reasoning that never began in the text.
func brokenModel(c *Choice) *Found {
	text := strings.TrimSpace(c.Text)
	if len(text) >= 24 && (text[0] == '!' || text[0] == '?' || text[0] == '@' || text[0] >= 'A' && text[0] <= 'Z') && strings.Trim(text, text[:1]) == "" && len(c.ToolCalls) == 0 {
		return &Found{Cause: fault.Repetition, Summary: "The whole answer is one character, over and over.", Evidence: []Evidence{evidence(c.textAt.String(), text)}}
	}
	if len(c.ToolCalls) > 0 && strings.HasPrefix(text, "<|") && strings.HasSuffix(text, "|>") && len(text) < 40 && !strings.ContainsAny(text, " \n") {
		return &Found{Cause: fault.LeakedTemplate, Summary: "A token of the chat template stands beside the tool call as text.", Evidence: []Evidence{evidence(c.textAt.String(), text)}}
	}
	if k := strings.Index(text, "</think>"); k > 0 && !strings.Contains(text[:k], "<think") && !strings.Contains(text[:k], "`") && c.Reasoning == "" && strings.HasPrefix(text[k:], "</think>\n") {
		return &Found{Cause: fault.LeakedTemplate, Likely: true, Summary: "Likely the reasoning stands in the text: its closing token is there without the opening one.", Evidence: []Evidence{evidence(c.textAt.String(), text[k:])}}
	}
	return nil
}

// checkExpect asks what the caller expects.
func checkExpect(f *Facts) *Found {
	if f.X.Expect == nil {
		return nil
	}
	for i := range f.Choices {
		c := &f.Choices[i]
		if len(c.ToolCalls) > 0 && strings.TrimSpace(c.Text) == "" {
			continue
		}
		o := expect.Output{Text: c.Text, Prompt: f.Request().Prompt, System: f.Request().System}
		if found := foundOf(f.X.Expect.Check(&o), c); found != nil {
			return found
		}
	}
	return nil
}
