package telltale

import "strings"

// messageLeads stand in front of the sentence itself and name a kind of error, folded.
var messageLeads = []string{
	"invalid params, ", "invalid params: ", "invalid params，", "invalid request: ", "bad request: ", "validation error: ", "value error, ", "<400> internalerror.algo.invalidparameter: ",
	"<400> internalerror.algo: ", "error: ", "invalid_request_error: ", "invalid input: ", "参数错误: ", "参数错误：", "参数错误，", "请求参数错误：", "请求参数错误:", "参数校验失败：", "参数校验失败: ",
}

// dropLead drops the kinds of error that stand in front of a sentence.
func dropLead(text string) string {
	for again := true; again; {
		again = false
		for _, lead := range messageLeads {
			if len(text) > len(lead) && strings.EqualFold(text[:len(lead)], lead) {
				text, again = text[len(lead):], true
			}
		}
	}
	return text
}

// places are nouns that follow the name of a parameter: "the stopSequences field".
var places = []string{" field", " parameter", " argument", " property", " option", " param", " attribute", " header", " value"}

// namedPlace finds a name by where it stands: in front of "field" or "parameter", as the first word of a list of
// Google's ("* Message.field: ..."), on the second line of a list of pydantic's, behind "#/" of a JSON pointer, or
// as the field of a Go structure.
func namedPlace(text string) string {
	head := text[:min(len(text), 600)]
	if rest, ok := strings.CutPrefix(head, "* "); ok {
		if k := strings.IndexByte(rest, ':'); k > 0 && identifier(rest[:k]) {
			name := rest[:k]
			if first, tail, ok := strings.Cut(name, "."); ok && first[0] >= 'A' && first[0] <= 'Z' {
				return tail
			}
			return name
		}
	}
	if k := strings.Index(head, "validation error"); k >= 0 {
		if nl := strings.IndexByte(head[k:], '\n'); nl > 0 {
			line, _, _ := strings.Cut(head[k+nl+1:], "\n")
			if line = strings.TrimSpace(line); identifier(line) {
				return line
			}
		}
	}
	if k := strings.Index(head, "Go struct field "); k >= 0 {
		name := head[k+len("Go struct field "):]
		if end := strings.IndexByte(name, ' '); end > 0 {
			name = name[:end]
		}
		if _, field, ok := strings.Cut(name, "."); ok && identifier(field) {
			return field
		}
	}
	if k := strings.Index(head, "#/"); k >= 0 && !strings.Contains(head, "#/$defs") && !strings.Contains(head, "#/definitions") && !strings.Contains(head, "extraneous key") && !strings.Contains(head, "required key") {
		name := head[k+2:]
		end := 0
		for end < len(name) && (isWordByte(name[end]) || name[end] == '/' || name[end] == '-') {
			end++
		}
		if p := strings.ReplaceAll(strings.Trim(name[:end], "/"), "/", "."); identifier(p) {
			return p
		}
	}
	if k := strings.Index(head, "required key ["); k >= 0 {
		if p, _, ok := strings.Cut(head[k+len("required key ["):], "]"); ok && identifier(p) {
			return p
		}
	}
	best, at := "", len(head)
	for _, noun := range places {
		for from := 0; ; {
			k := strings.Index(head[from:], noun)
			if k < 0 {
				break
			}
			k += from
			from = k + len(noun)
			if from < len(head) && isWordByte(head[from]) && !(head[from] == 's' && (from+1 == len(head) || !isWordByte(head[from+1]))) || k >= at {
				continue
			}
			word := head[strings.LastIndexAny(head[:k], " \t\n(:")+1 : k]
			bare := strings.Trim(word, "'\"`")
			if !identifier(bare) || commonNoun(strings.ToLower(bare)) {
				continue
			}
			if bare != word || looksLikeParam(bare) && strings.ToLower(bare) != "model" {
				best, at = strings.TrimRight(bare, "."), k
			}
		}
	}
	if best != "" && at > 0 && !strings.Contains(strings.ToLower(head[max(0, at-60):at]), "instead") {
		return best
	}
	return ""
}

// commonNoun reports words in front of "field" or "parameter" that are no name.
func commonNoun(low string) bool {
	switch low {
	case "this", "that", "the", "a", "an", "required", "unknown", "unsupported", "invalid", "missing", "following", "input", "request", "query", "body", "api", "function", "tool", "one", "any", "some", "extra", "another", "each", "every", "same", "of", "or", "and", "is", "no", "content-type", "authorization", "string", "json", "name", "model", "type", "user", "path", "text":
		return true
	}
	return false
}

// tickedName finds the first name in back-ticks.
func tickedName(text string) string {
	_, rest, ok := strings.Cut(text, "`")
	if !ok {
		return ""
	}
	p, _, ok := strings.Cut(rest, "`")
	if ok && identifier(p) && looksLikeParam(p) {
		return p
	}
	return ""
}

// foreignName finds the name in a sentence of a script without spaces or of other letters: there the first
// word in Latin letters that is shaped as parameters are.
func foreignName(text string) string {
	text = text[:min(len(text), 400)]
	foreign := 0
	for _, r := range text {
		if r >= 0x400 {
			foreign++
		}
	}
	if foreign < 3 {
		return ""
	}
	for i := 0; i < len(text); {
		if !isWordByte(text[i]) {
			i++
			continue
		}
		end := i
		for end < len(text) && (isWordByte(text[end]) || (text[end] == '.' || text[end] == '[' || text[end] == ']') && end+1 < len(text) && (isWordByte(text[end+1]) || text[end] == ']')) {
			end++
		}
		w := text[i:end]
		i = end
		if identifier(w) && looksLikeParam(w) && strings.ToLower(w) != "api_key" && strings.ToLower(w) != "url" && w != "request_id" && w != "http" {
			return w
		}
	}
	return ""
}
