package telltale

import "strings"

// identifier reports whether p could be the name of a parameter, with its path.
func identifier(p string) bool {
	if p == "" || len(p) > 80 || p[0] >= '0' && p[0] <= '9' || p[0] == '.' || p[0] == '-' {
		return false
	}
	letter := false
	for i := 0; i < len(p); i++ {
		c := p[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			letter = true
		case c >= '0' && c <= '9' || c == '_' || c == '.' || c == '[' || c == ']' || c == '-':
		default:
			return false
		}
	}
	return letter
}

// looksLikeParam reports whether a word is shaped as parameters are, or is the name of one that many providers share.
func looksLikeParam(p string) bool {
	low := strings.ToLower(p)
	if knownParam(low) {
		return true
	}
	if strings.ContainsAny(p, "-") {
		return false
	}
	return strings.ContainsAny(p, "_[") && low == p || strings.Contains(p, ".") && !strings.Contains(p, "..") && (knownParam(strings.SplitN(strings.SplitN(low, ".", 2)[0], "[", 2)[0]) || camel(strings.SplitN(p, ".", 2)[0])) || camel(p)
}

// camel reports whether p is written likeThis.
func camel(p string) bool {
	if p == "" || p[0] < 'a' || p[0] > 'z' || strings.ContainsAny(p, "./-") {
		return false
	}
	for i := 1; i < len(p); i++ {
		if p[i] >= 'A' && p[i] <= 'Z' {
			return true
		}
	}
	return false
}

func knownParam(low string) bool { return commonParams[low] }

var commonParams = map[string]bool{
	"model": true, "messages": true, "prompt": true, "input": true, "tools": true, "tool_choice": true, "functions": true, "n": true, "stop": true, "stream": true, "temperature": true,
	"top_p": true, "top_k": true, "max_tokens": true, "seed": true, "user": true, "store": true, "metadata": true, "logprobs": true, "size": true, "quality": true, "style": true, "image": true, "images": true, "mask": true,
	"width": true, "height": true, "seconds": true, "duration": true, "dimensions": true, "encoding_format": true, "voice": true, "file": true, "system": true, "role": true, "content": true, "thinking": true, "reasoning": true,
	"effort": true, "format": true, "background": true, "modalities": true, "audio": true, "instructions": true, "include": true, "truncation": true, "verbosity": true, "message": true, "contents": true, "text": true, "resolution": true, "ratio": true, "mode": true, "arguments": true, "name": true, "index": true, "type": true, "url": true, "options": true, "think": true, "raw": true, "suffix": true, "template": true, "strength": true, "steps": true, "language": true, "response_format": true, "parallel_tool_calls": true, "cache_control": true, "betas": true, "service_tier": true,
}

// commonWord reports words that follow a lead without being a name.
func commonWord(low string) bool {
	switch low {
	case "is", "are", "value", "values", "name", "names", "type", "the", "a", "an", "in", "for", "of", "request", "requests", "was", "were", "must", "not", "and", "or", "with", "from", "to", "this", "that", "json", "schema", "argument", "arguments", "parameter", "parameters", "input", "format", "url", "image", "error", "errors", "it", "has", "have", "should", "can", "cannot", "does", "do", "be", "by", "at", "on", "as", "if", "any", "all", "one", "some", "api", "http", "body", "key", "token", "tokens", "data", "file", "field", "fields", "please", "client", "validation", "message", "content", "supplied", "required", "provided", "prompt", "status", "code", "detail", "user", "model", "role":
		return true
	}
	return false
}

// paramLeads stand in front of a parameter's name, folded.
var paramLeads = []string{
	"unknown parameter: ", "unsupported parameter: ", "unknown parameter ", "unsupported parameter ", "unrecognized request argument supplied: ", "unrecognized request arguments supplied: ",
	"unrecognized request argument: ", "unrecognized argument ", "unexpected keyword argument ", "extraneous key [", "unknown name ", "unknown field ", "unknown field: ", "unrecognized field ", "unrecognized key(s) in object: ",
	"unsupported value: ", "missing required parameter: ", "missing required parameter ", "missing required field: ", "missing field ", "missing parameter: ", "missing parameter ", "required parameter: ", "required parameter ",
	"invalid value for ", "invalid value at ", "invalid parameter: ", "invalid parameter ", "parameter.", "the parameter ", "parameter ", "parameters ", "argument ", "property ", "field ", "missing a ", "missing ",
	"invalid type for ", "the value of ", "value of ", "valid range of ", "range of ", "does not support parameter ", "not supported on this model: ", "not supported: ", "unsupported: ", "参数", "参数：", "参数: ", "invalid ",
}

// featureParams are words for a feature that is a parameter by another name.
var featureParams = []struct{ words, param string }{
	{"tool use", "tools"}, {"tool calling", "tools"}, {"function calling", "tools"}, {"support tools", "tools"}, {"tools", "tools"}, {"tool_choice", "tool_choice"}, {"tool choice", "tool_choice"},
	{"effort level", "effort"}, {"reasoning effort", "reasoning_effort"}, {"thinking level", "thinking_level"}, {"system message", "system"}, {"system prompt", "system"}, {"system instruction", "system_instruction"}, {"developer instruction", "system_instruction"},
	{"streaming is only supported with n=1", "n"}, {"n=1", "n"}, {"n > 1", "n"}, {"stream mode", "stream"}, {"streaming", "stream"}, {"image input", "image"}, {"images", "image"}, {"cache control", "cache_control"}, {"the size is", "size"}, {"image size", "size"}, {"invalid size", "size"},
	{"aspect ratio", "aspect_ratio"}, {"response format", "response_format"}, {"json mode", "response_format"}, {"json_schema", "response_format"}, {"structured output", "response_format"}, {"stop sequence", "stop"}, {"max tokens", "max_tokens"}, {"multiple candidates", "candidateCount"}, {"logprobs", "logprobs"},
	{"model name", "model"}, {"duration", "duration"}, {"resolution", "resolution"}, {"quality", "quality"}, {"top_p", "top_p"}, {"temperature", "temperature"}, {"frequency penalty", "frequency_penalty"}, {"presence penalty", "presence_penalty"}, {"thinking budget", "thinking_budget"}, {"thinking", "thinking"},
}
