package telltale

import (
	"encoding/json"
	"strings"
)

// RequestFacts is what a request asks for, whatever its dialect. Get it from [Facts.Request].
type RequestFacts struct {
	Known      bool   // there was a body that could be read
	Model      string // as asked for, from the body or the URL
	Prompt     string // the last user message, text only
	System     string // system and developer messages
	Stream     bool
	N          int   // answers asked for; 0 when it does not say
	MaxTokens  int64 // the output token limit; 0 when it does not say
	Stop       []string
	ToolChoice string // "none", "auto", "required", or the name of the tool that must be called; "" when it does not say
	Tools      []ToolSpec
	Format     string          // of the output: "json_object", "json_schema", or ""
	Schema     json.RawMessage // of the output, for json_schema
	HasTools   bool            // tools were offered, those that the provider runs itself included
	AfterTool  bool            // the last message is the result of a tool

	Prefilled bool // the last message is the beginning of the answer

	raw map[string]json.RawMessage
}

// ToolSpec is one tool that the model may call.
type ToolSpec struct {
	Name       string
	Parameters json.RawMessage // JSON Schema; nil when there is none
}

// Field gives a field of the top of the request as it stands, nil when there is none.
func (r *RequestFacts) Field(name string) json.RawMessage { return r.raw[name] }

// Request reads what the request asks for, on the first call only.
func (f *Facts) Request() *RequestFacts {
	if f.req == nil {
		f.req = readRequest(&f.X.Request)
	}
	return f.req
}

func readRequest(q *Request) *RequestFacts {
	r := &RequestFacts{}
	r.Model = modelOfURL(q.URL)
	if len(q.Body) == 0 || json.Unmarshal(q.Body, &r.raw) != nil {
		return r
	}
	r.Known = len(r.raw) > 0
	if m := r.str("model"); m != "" {
		r.Model = m
	}
	if m := r.str("modelId"); m != "" {
		r.Model = m
	}
	r.Stream = string(r.raw["stream"]) == "true"
	r.N = int(r.num("n"))
	for _, k := range []string{"max_completion_tokens", "max_tokens", "max_output_tokens"} {
		if n := r.num(k); n > 0 && r.MaxTokens == 0 {
			r.MaxTokens = n
		}
	}
	r.readStop()
	r.readMessages()
	r.readTools()
	r.readFormat()
	return r
}

// empty reports whether the request asks nothing at all.
func (r *RequestFacts) empty() bool {
	for _, k := range []string{"messages", "prompt", "input", "contents", "model_params", "inputs", "query", "chat_history", "text", "suffix"} {
		if _, ok := r.raw[k]; ok {
			return false
		}
	}
	_, typo := r.raw["message"]
	return typo
}

func (r *RequestFacts) str(k string) string {
	var s string
	_ = json.Unmarshal(r.raw[k], &s)
	return s
}

func (r *RequestFacts) num(k string) int64 {
	var n float64
	_ = json.Unmarshal(r.raw[k], &n)
	return int64(n)
}

// modelOfURL reads the model out of paths such as /models/X:generateContent, /model/X/converse, /deployments/X/.
func modelOfURL(u string) string {
	for _, lead := range []string{"/models/", "/model/", "/deployments/"} {
		if _, rest, ok := strings.Cut(u, lead); ok {
			if k := strings.IndexAny(rest, "/:?"); k > 0 {
				rest = rest[:k]
			}
			return strings.ReplaceAll(rest, "%3A", ":")
		}
	}
	return ""
}

func (r *RequestFacts) readStop() {
	for _, k := range []string{"stop", "stop_sequences", "stopSequences"} {
		raw := r.raw[k]
		var one string
		if json.Unmarshal(raw, &one) == nil && one != "" {
			r.Stop = append(r.Stop, one)
			continue
		}
		var many []string
		if json.Unmarshal(raw, &many) == nil {
			r.Stop = append(r.Stop, many...)
		}
	}
}

// message is any dialect's message.
type message struct {
	Role    string          `json:"role"`
	Type    string          `json:"type"`
	Content json.RawMessage `json:"content"`
	Parts   json.RawMessage `json:"parts"`
}

func (r *RequestFacts) readMessages() {
	var list []message
	for _, k := range []string{"messages", "contents", "input"} {
		if raw := r.raw[k]; len(raw) > 0 && json.Unmarshal(raw, &list) == nil && len(list) > 0 {
			break
		}
	}
	for i, m := range list {
		text := textOf(m.Content)
		if m.Parts != nil {
			text = textOf(m.Parts)
		}
		last := i == len(list)-1
		switch m.Role {
		case "user", "":
			if m.Type == "function_call_output" || m.Role == "" && m.Type != "" && m.Type != "message" {
				r.AfterTool = last
				continue
			}
			if hasToolResult(m.Content) || hasToolResult(m.Parts) {
				r.AfterTool = last
				if text == "" {
					continue
				}
			}
			if text != "" {
				r.Prompt = text
			}
		case "assistant", "model":
			r.Prefilled = last
		case "system", "developer":
			r.System = joinText(r.System, text)
		case "tool", "function":
			r.AfterTool = last
		}
	}
	for _, k := range []string{"system", "instructions", "systemInstruction", "system_instruction"} {
		if raw := r.raw[k]; len(raw) > 0 {
			r.System = joinText(r.System, textOf(raw))
		}
	}
	if r.Prompt == "" {
		for _, k := range []string{"prompt", "input"} {
			if s := r.str(k); s != "" {
				r.Prompt = s
				break
			}
		}
	}
}

func joinText(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n" + b
}

func hasToolResult(raw json.RawMessage) bool {
	s := string(raw)
	return strings.Contains(s, "tool_result") || strings.Contains(s, "toolResult") || strings.Contains(s, "functionResponse")
}

// textOf gives the text of a string, of a list of parts, or of an object with parts.
func textOf(raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	switch raw[0] {
	case '"':
		var s string
		_ = json.Unmarshal(raw, &s)
		return s
	case '[':
		var parts []json.RawMessage
		if json.Unmarshal(raw, &parts) != nil {
			return ""
		}
		out := ""
		for _, p := range parts {
			out = joinText(out, textOf(p))
		}
		return out
	case '{':
		var o struct {
			Type  string          `json:"type"`
			Text  string          `json:"text"`
			Parts json.RawMessage `json:"parts"`
		}
		if json.Unmarshal(raw, &o) != nil {
			return ""
		}
		if o.Parts != nil {
			return textOf(o.Parts)
		}
		return o.Text
	}
	return ""
}

func (r *RequestFacts) readTools() {
	raw := r.raw["tools"]
	if c := r.raw["toolConfig"]; len(c) > 0 { // Bedrock
		var o struct {
			Tools json.RawMessage `json:"tools"`
		}
		if json.Unmarshal(c, &o) == nil && len(o.Tools) > 0 {
			raw = o.Tools
		}
	}
	type fn struct {
		Name        string          `json:"name"`
		Parameters  json.RawMessage `json:"parameters"`
		InputSchema json.RawMessage `json:"input_schema"`
	}
	var list []struct {
		fn
		Type       string `json:"type"`
		Function   *fn    `json:"function"`
		Custom     *fn    `json:"custom"`
		Decls      []fn   `json:"functionDeclarations"`
		DeclsSnake []fn   `json:"function_declarations"`
		ToolSpec   *struct {
			Name        string `json:"name"`
			InputSchema struct {
				JSON json.RawMessage `json:"json"`
			} `json:"inputSchema"`
		} `json:"toolSpec"`
	}
	if json.Unmarshal(raw, &list) == nil {
		for _, t := range list {
			r.HasTools = true
			switch {
			case t.Function != nil:
				r.Tools = append(r.Tools, ToolSpec{t.Function.Name, t.Function.Parameters})
			case t.Custom != nil:
				r.Tools = append(r.Tools, ToolSpec{t.Custom.Name, nil})
			case t.ToolSpec != nil:
				r.Tools = append(r.Tools, ToolSpec{t.ToolSpec.Name, t.ToolSpec.InputSchema.JSON})
			case len(t.Decls)+len(t.DeclsSnake) > 0:
				for _, d := range append(t.Decls, t.DeclsSnake...) {
					r.Tools = append(r.Tools, ToolSpec{d.Name, d.Parameters})
				}
			case t.Name != "":
				p := t.Parameters
				if p == nil {
					p = t.InputSchema
				}
				r.Tools = append(r.Tools, ToolSpec{t.Name, p})
			}
		}
	}
	var fns []fn
	if json.Unmarshal(r.raw["functions"], &fns) == nil {
		for _, t := range fns {
			r.HasTools = true
			r.Tools = append(r.Tools, ToolSpec{t.Name, t.Parameters})
		}
	}
	r.readToolChoice()
}

func (r *RequestFacts) readToolChoice() {
	raw := r.raw["tool_choice"]
	var word string
	if json.Unmarshal(raw, &word) == nil {
		r.ToolChoice = word
		return
	}
	var o struct {
		Type     string `json:"type"`
		Name     string `json:"name"`
		Function struct {
			Name string `json:"name"`
		} `json:"function"`
	}
	if json.Unmarshal(raw, &o) == nil {
		switch {
		case o.Function.Name != "":
			r.ToolChoice = o.Function.Name
		case o.Name != "":
			r.ToolChoice = o.Name
		case o.Type == "any":
			r.ToolChoice = "required"
		default:
			r.ToolChoice = o.Type
		}
	}
}

func (r *RequestFacts) readFormat() {
	type schema struct {
		Type       string          `json:"type"`
		Schema     json.RawMessage `json:"schema"`
		JSONSchema struct {
			Schema json.RawMessage `json:"schema"`
		} `json:"json_schema"`
	}
	take := func(raw json.RawMessage) {
		var s schema
		if json.Unmarshal(raw, &s) != nil || s.Type == "text" {
			return
		}
		if s.Type == "json_object" || s.Type == "json_schema" {
			r.Format = s.Type
			r.Schema = s.Schema
			if s.JSONSchema.Schema != nil {
				r.Schema = s.JSONSchema.Schema
			}
		}
	}
	take(r.raw["response_format"])
	var box struct {
		Format json.RawMessage `json:"format"`
	}
	for _, k := range []string{"text", "output_config"} {
		if json.Unmarshal(r.raw[k], &box) == nil && box.Format != nil {
			take(box.Format)
		}
	}
	switch f := r.raw["format"]; { // Ollama
	case string(f) == `"json"`:
		r.Format = "json_object"
	case len(f) > 0 && f[0] == '{':
		r.Format, r.Schema = "json_schema", f
	}
	for _, k := range []string{"generationConfig", "generation_config"} {
		var g struct {
			Mime   string          `json:"responseMimeType"`
			Mime2  string          `json:"response_mime_type"`
			Schema json.RawMessage `json:"responseJsonSchema"`
			Max    float64         `json:"maxOutputTokens"`
			Stop   []string        `json:"stopSequences"`
			Count  float64         `json:"candidateCount"`
		}
		if json.Unmarshal(r.raw[k], &g) != nil {
			continue
		}
		if g.Mime+g.Mime2 == "application/json" {
			r.Format = "json_object"
			if g.Schema != nil {
				r.Format, r.Schema = "json_schema", g.Schema
			}
		}
		r.Stop = append(r.Stop, g.Stop...)
		if g.Max > 0 {
			r.MaxTokens = int64(g.Max)
		}
		if g.Count > 0 {
			r.N = int(g.Count)
		}
	}
	var c struct {
		Max  float64  `json:"maxTokens"`
		Stop []string `json:"stopSequences"`
	}
	if json.Unmarshal(r.raw["inferenceConfig"], &c) == nil {
		if c.Max > 0 {
			r.MaxTokens = int64(c.Max)
		}
		r.Stop = append(r.Stop, c.Stop...)
	}
	var o struct {
		Max float64 `json:"num_predict"`
	}
	if json.Unmarshal(r.raw["options"], &o) == nil && o.Max > 0 && r.MaxTokens == 0 {
		r.MaxTokens = int64(o.Max)
	}
}
