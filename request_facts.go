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
	if r.raw = rawFields(q.Body); r.raw == nil {
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
	s := scanner{b: r.raw[k]}
	if v := s.scalarVal(); v.kind == kindString {
		return unquote(v)
	}
	return ""
}

func (r *RequestFacts) num(k string) int64 {
	s := scanner{b: r.raw[k]}
	n, _ := number(s.scalarVal())
	return n
}

// rawFields cuts an object into its fields, without reading them; nil when it is no whole object.
func rawFields(b []byte) map[string]json.RawMessage {
	s := scanner{b: b}
	s.space()
	if s.i >= len(b) || b[s.i] != '{' {
		return nil
	}
	s.i++
	m := make(map[string]json.RawMessage, 8)
	for {
		k, ok := s.key()
		if !ok {
			break
		}
		m[view(k)] = s.skip()
		if s.bad || !s.more('}') {
			break
		}
	}
	if s.bad {
		return nil
	}
	return m
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
		if len(raw) == 0 || raw[0] != '"' && raw[0] != '[' {
			continue
		}
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

// eachMessage calls fn with the role, type and content of every message of a list.
func eachMessage(raw []byte, fn func(role, kind string, content []byte, last bool)) {
	s := scanner{b: raw}
	s.space()
	if s.i >= len(raw) || raw[s.i] != '[' {
		return
	}
	s.i++
	for {
		item := s.skip()
		last := s.bad || !s.more(']')
		in := scanner{b: item}
		if len(item) > 1 && item[0] == '{' {
			in.i = 1
			role, kind := "", ""
			var content []byte
			for {
				k, ok := in.key()
				if !ok {
					break
				}
				v := in.skip()
				switch string(k) {
				case "role":
					role = bare(v)
				case "type":
					kind = bare(v)
				case "content", "parts":
					content = v
				}
				if in.bad || !in.more('}') {
					break
				}
			}
			fn(role, kind, content, last)
		}
		if last {
			return
		}
	}
}

// bare takes the quotes off a short word.
func bare(v []byte) string {
	if len(v) > 1 && v[0] == '"' {
		return view(v[1 : len(v)-1])
	}
	return ""
}

func (r *RequestFacts) readMessages() {
	var list []byte
	for _, k := range []string{"messages", "contents", "input"} {
		if raw := r.raw[k]; len(raw) > 2 && raw[0] == '[' {
			list = raw
			break
		}
	}
	var prompt []byte
	eachMessage(list, func(role, kind string, content []byte, last bool) {
		switch role {
		case "user", "":
			if kind == "function_call_output" || role == "" && kind != "" && kind != "message" {
				r.AfterTool = last
				return
			}
			if len(content) > 0 && content[0] != '"' && hasToolResult(content) {
				r.AfterTool = last
				if textOf(content) == "" {
					return
				}
			}
			if len(content) > 2 {
				prompt = content
			}
		case "system", "developer":
			r.System = joinText(r.System, textOf(content))
		case "tool", "function":
			r.AfterTool = last
		}
	})
	r.Prompt = textOf(prompt)
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

func hasToolResult(raw []byte) bool {
	s := view(raw)
	return strings.Contains(s, "tool_result") || strings.Contains(s, "toolResult") || strings.Contains(s, "functionResponse")
}

// textOf gives the text of a string, of a list of parts, or of an object with parts.
func textOf(raw []byte) string {
	if len(raw) == 0 {
		return ""
	}
	switch raw[0] {
	case '"':
		s := scanner{b: raw}
		return unquote(s.scalarVal())
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
