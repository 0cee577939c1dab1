package sim

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
)

// maxRequest bounds how much of a request's body is read.
const maxRequest = 64 << 20

// call is one request on its way through the server.
type call struct {
	s     *Server
	w     http.ResponseWriter
	r     *http.Request
	d     dialect
	entry *Entry

	args   obj // the body, or the fields of the form
	model  string
	prompt string // the last user text
	stream bool
	tools  []tool
	schema any // the JSON schema that the answer must match; true when any JSON is asked for
}

// tool is one that the client offers.
type tool struct {
	name   string
	params any
}

// dialect is how one API writes answers and errors.
type dialect struct {
	name   string
	area   Area
	plain  func(c *call, a *answer) any
	events func(c *call, a *answer) [][]byte
	fail   func(e *apiError, c *call) (status int, body any)
	broken func(c *call, e *apiError) []byte // an error event inside a stream
}

// begin reads a request and opens its entry in the log.
func (s *Server) begin(w http.ResponseWriter, r *http.Request, d dialect) *call {
	c := &call{s: s, w: w, r: r, d: d, args: obj{}}
	c.read()
	c.model, _ = c.args["model"].(string)
	if c.model == "" {
		c.model, _ = c.args["model_name"].(string)
	}
	c.stream, _ = c.args["stream"].(bool)
	c.prompt = promptOf(c.args)
	c.tools = toolsOf(c.args)
	c.schema = schemaOf(c.args)
	c.entry = s.open(c)
	w.Header().Set("X-Request-Id", c.entry.RequestID)
	return c
}

// read takes the arguments out of a JSON body or a form. Files of a form are not kept.
func (c *call) read() {
	body, err := io.ReadAll(io.LimitReader(c.r.Body, maxRequest))
	if err != nil || len(body) == 0 {
		return
	}
	kind, params, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if !strings.HasPrefix(kind, "multipart/") {
		_ = json.Unmarshal(body, &c.args)
		return
	}
	mr := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for {
		p, err := mr.NextPart()
		if err != nil {
			return
		}
		v, _ := io.ReadAll(p)
		if p.FileName() == "" {
			c.args[p.FormName()] = string(v)
		}
	}
}

// has reports whether the request has the parameter, at the top or where Gemini and others put settings.
func (c *call) has(name string) bool {
	for _, at := range []string{"", "generationConfig", "parameters", "input"} {
		o := c.args
		if at != "" {
			o, _ = c.args[at].(obj)
		}
		if v, ok := o[name]; ok && v != nil {
			return true
		}
	}
	return false
}

// promptOf finds the last user text in any of the dialects.
func promptOf(args obj) string {
	for _, k := range []string{"prompt", "text_prompt", "promptText"} {
		if s, ok := args[k].(string); ok {
			return s
		}
	}
	if in, ok := args["input"].(obj); ok { // DashScope, Replicate
		if s, ok := in["prompt"].(string); ok {
			return s
		}
	}
	if s, ok := args["input"].(string); ok { // Responses, embeddings
		return s
	}
	for _, k := range []string{"messages", "input", "contents", "content", "instances"} {
		list, _ := args[k].([]any)
		for i := len(list) - 1; i >= 0; i-- {
			m, _ := list[i].(obj)
			if role, ok := m["role"].(string); ok && role != "user" {
				continue
			}
			if t := textOf(m); t != "" {
				return t
			}
		}
	}
	return ""
}

// textOf gathers the text of a message or of a part of one.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		var b strings.Builder
		for _, x := range v {
			b.WriteString(textOf(x))
		}
		return b.String()
	case obj:
		for _, k := range []string{"text", "prompt", "content", "parts"} {
			if t := textOf(v[k]); t != "" {
				return t
			}
		}
	}
	return ""
}

// toolsOf lists the tools that are offered, in the spelling of any dialect.
func toolsOf(args obj) []tool {
	var out []tool
	list, _ := args["tools"].([]any)
	for _, x := range list {
		t, _ := x.(obj)
		if decl, ok := t["functionDeclarations"].([]any); ok { // Gemini
			for _, d := range decl {
				if f, ok := d.(obj); ok {
					out = append(out, toolIn(f))
				}
			}
			continue
		}
		if f, ok := t["function"].(obj); ok { // chat completions
			t = f
		}
		if t["name"] != nil {
			out = append(out, toolIn(t))
		}
	}
	return out
}

func toolIn(f obj) tool {
	name, _ := f["name"].(string)
	for _, k := range []string{"parameters", "input_schema", "parametersJsonSchema"} {
		if f[k] != nil {
			return tool{name, f[k]}
		}
	}
	return tool{name, obj{"type": "object"}}
}

// schemaOf finds the JSON schema that the answer is asked to match; true when any JSON will do, nil for text.
func schemaOf(args obj) any {
	if rf, ok := args["response_format"].(obj); ok {
		switch rf["type"] {
		case "json_object":
			return true
		case "json_schema":
			js, _ := rf["json_schema"].(obj)
			return js["schema"]
		}
	}
	if text, ok := args["text"].(obj); ok { // Responses
		if f, ok := text["format"].(obj); ok && f["type"] == "json_schema" {
			return f["schema"]
		} else if ok && f["type"] == "json_object" {
			return true
		}
	}
	if g, ok := args["generationConfig"].(obj); ok { // Gemini
		for _, k := range []string{"responseSchema", "responseJsonSchema"} {
			if g[k] != nil {
				return g[k]
			}
		}
		if g["responseMimeType"] == "application/json" {
			return true
		}
	}
	return nil
}
