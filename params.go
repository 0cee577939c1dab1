package telltale

import (
	"strings"

	"github.com/telltale-ai/telltale/fault"
)

// findParam finds the parameter at fault: the innermost error's own field, else the name as the sentence writes it.
func findParam(layers []layer, m *match, sigParam string, cause fault.Cause) string {
	for depth := maxLayers; depth >= 0; depth-- {
		for i := range layers {
			if layers[i].depth == depth && layers[i].param != "" {
				return strings.Clone(layers[i].param)
			}
		}
	}
	switch cause {
	case fault.InvalidRequest, fault.UnsupportedParameter:
	case fault.RequestTooLarge, fault.ContextLengthExceeded:
		for i := len(layers) - 1; i >= 0; i-- {
			if p := pathToken(layers[i].msg.text); p != "" {
				return strings.Clone(p)
			}
		}
		return sigParam
	default:
		return sigParam
	}
	texts := make([]string, 0, 4)
	if m != nil {
		l := &layers[m.layer]
		if m.value != "" && strings.Contains(m.value, " ") {
			texts = append(texts, m.value)
		}
		if l.msg.text != "" {
			texts = append(texts, l.msg.text)
		}
	}
	for i := len(layers) - 1; i >= 0; i-- {
		if layers[i].msg.text != "" {
			texts = append(texts, layers[i].msg.text)
		}
	}
	for _, t := range texts {
		if p := paramIn(t); p != "" {
			return strings.Clone(p)
		}
	}
	if sigParam != "" {
		return sigParam
	}
	return ""
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

// paramIn reads the name of a parameter out of a sentence.
func paramIn(text string) string {
	if len(text) > 2000 {
		text = text[:2000]
	}
	if len(text) > 5 && digits(text[:3]) && text[3] == ':' {
		text = text[5:] // "400: concepts are not supported"
	}
	if p := pathToken(text); p != "" {
		if q := quotedName(text); q != "" && strings.Index(text, q) < strings.Index(text, p) {
			return q
		}
		return p
	}
	low := strings.ToLower(text)
	if len(low) != len(text) {
		low = text // lower case of another length: places would not fit
	}
	for _, lead := range paramLeads {
		for from := 0; ; {
			k := strings.Index(low[from:], lead)
			if k < 0 {
				break
			}
			k += from
			from = k + len(lead)
			if k > 0 && isWordByte(low[k-1]) && lead[0] < 0x80 {
				continue
			}
			if p := nameAt(text[from:], lead); p != "" {
				return p
			}
		}
	}
	// "max_tokens: 21333 > 4096", "temperature: range: 0..1", "messages.0.role: Input should be"
	if k := strings.Index(text, ": "); k > 0 && k < 40 && identifier(text[:k]) {
		for _, rest := range []string{"Extra inputs", "Field required", "Input should", "extra fields", "field required"} {
			if strings.HasPrefix(text[k+2:], rest) {
				return text[:k]
			}
		}
	}
	if k := strings.Index(text, ": "); k > 0 && k < 80 {
		if p := text[:k]; identifier(p) && looksLikeParam(p) && !commonWord(strings.ToLower(p)) {
			return p
		}
	}
	if p := quotedName(text); p != "" {
		return p
	}
	if p := subjectOf(text); p != "" {
		return p
	}
	// "max_tokens is too large"
	if k := strings.IndexByte(text, ' '); k > 0 {
		if p := text[:k]; identifier(p) && looksLikeParam(p) && strings.ContainsAny(p, "_.[") {
			return p
		}
	}
	for _, w := range strings.FieldsFunc(text, func(r rune) bool {
		return r == ' ' || r == ',' || r == '(' || r == ')' || r == '=' || r == '\n' || r == ';'
	}) {
		w = strings.Trim(w, "'\"`.:;")
		if strings.Contains(w, "_") && identifier(w) && looksLikeParam(w) && !strings.Contains(w, "error") {
			return w
		}
	}
	for _, f := range featureParams {
		if strings.Contains(low, f.words) {
			return f.param
		}
	}
	return ""
}

// pathToken finds a path into the request: "messages.0.content.2.image", "output_config.format.schema".
func pathToken(text string) string {
	for _, w := range strings.FieldsFunc(text[:min(len(text), 600)], func(r rune) bool { return r <= ' ' || r == ',' || r == '(' || r == ')' || r == '=' || r == ';' }) {
		w = strings.Trim(w, "'\"`.:;")
		if !strings.ContainsAny(w, ".[") || !identifier(w) || strings.Contains(w, "..") || strings.HasSuffix(w, "]") && !strings.Contains(w, "[") {
			continue
		}
		first := strings.SplitN(strings.SplitN(strings.ToLower(w), ".", 2)[0], "[", 2)[0]
		if first == "model" || first == "file" || first == "image" || first == "api" || first == "name" || first == "type" {
			continue
		}
		if knownParam(first) || first == "payload" || first == "parameters" || first == "body" || strings.Contains(first, "_") && !strings.Contains(first, "error") && first == strings.SplitN(strings.SplitN(w, ".", 2)[0], "[", 2)[0] {
			return w
		}
	}
	return ""
}

// subjectOf finds a parameter that is the subject of a sentence: "prompt is required", "concepts are not supported".
func subjectOf(text string) string {
	words := strings.Fields(text[:min(len(text), 600)])
	for i := 0; i+2 < len(words); i++ {
		switch words[i+1] {
		case "is", "are", "must", "cannot", "should":
		default:
			continue
		}
		w := strings.Trim(words[i], "'\"`:")
		if i == 0 && knownParam(strings.ToLower(w)) && w != "Model" && w != "model" && w != "Content" {
			return strings.ToLower(w)
		}
		if !identifier(w) || strings.ToLower(w) != w || w == "json_schema" || w == "json_object" {
			continue
		}
		next := words[i+2]
		if knownParam(w) && w != "model" && w != "name" && w != "type" && w != "content" && w != "url" || strings.Contains(w, "_") {
			return w
		}
		if i == 0 && !commonWord(w) && (next == "required" || next == "required." || next == "not" && i+3 < len(words) && strings.HasPrefix(words[i+3], "support")) {
			return w
		}
	}
	return ""
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

// nameAt reads the name that a text begins with, quoted or bare.
func nameAt(s, lead string) string {
	s = strings.TrimLeft(s, " :：")
	if s == "" {
		return ""
	}
	quote := strings.IndexByte("'\"`[", s[0])
	if quote >= 0 {
		end := strings.IndexAny(s[1:], "'\"`]")
		if end <= 0 || end > 100 {
			return ""
		}
		if p := s[1 : 1+end]; identifier(p) {
			return trimFill(p, s[1+end:])
		}
		return ""
	}
	end := 0
	for end < len(s) && (isWordByte(s[end]) || s[end] == '.' && end+1 < len(s) && isWordByte(s[end+1]) || s[end] == '[' || s[end] == ']' || s[end] == '-') {
		end++
	}
	p := s[:end]
	if p == "" || !identifier(p) {
		return ""
	}
	if lead == "extraneous key [" {
		return strings.TrimSuffix(p, "]")
	}
	low := strings.ToLower(p)
	if commonWord(low) {
		return ""
	}
	switch lead {
	case "invalid ", "missing ", "missing a ", "value of ", "the value of ", "range of ", "field ", "property ", "argument ", "invalid parameter ", "invalid parameter: ", "parameters ", "parameter ":
		rest := strings.ToLower(s[end:])
		if !strings.ContainsAny(p, "_.[") && !knownParam(low) && !strings.HasPrefix(rest, " value") && !strings.HasPrefix(rest, " is ") && !strings.HasPrefix(rest, " must") && !strings.HasPrefix(rest, " should") {
			return ""
		}
	}
	return p
}

// trimFill keeps a quoted name as it is.
func trimFill(p, _ string) string { return p }

// quotedName finds the first quoted word that looks like a parameter: 'max_tokens', `tools`, "n".
func quotedName(text string) string {
	for i := 0; i < len(text); i++ {
		q := text[i]
		if q != '\'' && q != '`' && q != '"' {
			continue
		}
		if i > 0 && isWordByte(text[i-1]) {
			continue // an apostrophe
		}
		end := strings.IndexByte(text[i+1:], q)
		if end < 0 {
			return ""
		}
		p := text[i+1 : i+1+end]
		before := strings.ToLower(strings.TrimRight(text[max(0, i-24):i], " "))
		isValue := strings.HasSuffix(before, "value:") || strings.HasSuffix(before, "values are:") || strings.HasSuffix(before, " or") || strings.HasSuffix(before, "level") || strings.HasSuffix(before, "for model") || strings.HasSuffix(before, "model") || strings.HasSuffix(before, "role") || strings.HasSuffix(before, "type:")
		if identifier(p) && looksLikeParam(p) && !isValue {
			return p
		}
		i += end + 1
	}
	return ""
}

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
	return strings.ContainsAny(p, "_[") && low == p || strings.Contains(p, ".") && !strings.Contains(p, "..") && knownParam(strings.SplitN(strings.SplitN(low, ".", 2)[0], "[", 2)[0]) || camel(p)
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
