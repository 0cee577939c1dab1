package telltale

import "encoding/json"

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
	if len(raw) > 2 && json.Unmarshal(raw, &list) == nil {
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
	if raw := r.raw["functions"]; len(raw) > 2 && json.Unmarshal(raw, &fns) == nil {
		for _, t := range fns {
			r.HasTools = true
			r.Tools = append(r.Tools, ToolSpec{t.Name, t.Parameters})
		}
	}
	r.readToolChoice()
}

func (r *RequestFacts) readToolChoice() {
	raw := r.raw["tool_choice"]
	if len(raw) == 0 {
		return
	}
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
		if len(raw) == 0 || json.Unmarshal(raw, &s) != nil || s.Type == "text" {
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
		if len(r.raw[k]) > 0 && json.Unmarshal(r.raw[k], &box) == nil && box.Format != nil {
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
		if len(r.raw[k]) == 0 || json.Unmarshal(r.raw[k], &g) != nil {
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
	if raw := r.raw["inferenceConfig"]; len(raw) > 0 && json.Unmarshal(raw, &c) == nil {
		if c.Max > 0 {
			r.MaxTokens = int64(c.Max)
		}
		r.Stop = append(r.Stop, c.Stop...)
	}
	var o struct {
		Max float64 `json:"num_predict"`
	}
	if raw := r.raw["options"]; len(raw) > 0 && json.Unmarshal(raw, &o) == nil && o.Max > 0 && r.MaxTokens == 0 {
		r.MaxTokens = int64(o.Max)
	}
}
