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
			if p := tickedName(layers[i].msg.text); p != "" {
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

// paramIn reads the name of a parameter out of a sentence.
func paramIn(text string) string {
	if len(text) > 2000 {
		text = text[:2000]
	}
	if len(text) > 5 && digits(text[:3]) && text[3] == ':' {
		text = text[5:] // "400: concepts are not supported"
	}
	text = dropLead(text)
	if p := namedPlace(text); p != "" {
		return p
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
	if p := foreignName(text); p != "" {
		return p
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
		default: // "the size '512x512' is not supported"
			if q := words[i+1][0]; (q == '\'' || q == '"' || q == '`') && (words[i+2] == "is" || words[i+2] == "not") && knownParam(words[i]) && words[i] != "model" && words[i] != "role" && words[i] != "name" && words[i] != "type" && words[i] != "file" && words[i] != "image" {
				return words[i]
			}
			continue
		}
		w := strings.Trim(words[i], "'\"`:")
		if i == 0 && knownParam(strings.ToLower(w)) && w != "Model" && w != "model" && w != "Content" {
			return strings.ToLower(w)
		}
		if i == 0 && len(w) > 4 && w[0] == 'X' && w[1] == '-' && identifier(w) {
			return w // a header, or a field of a signed link
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
			return strings.TrimRight(p, ".")
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
