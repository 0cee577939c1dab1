package sim

import "strconv"

// embeddings is OpenAI's. Source: https://platform.openai.com/docs/api-reference/embeddings
var embeddings = dialect{name: "embeddings", area: Other, fail: openAIError, plain: func(c *call, _ *answer) any {
	in, ok := c.args["input"].([]any)
	if !ok {
		in = []any{c.args["input"]}
	}
	size := intOf(c.args["dimensions"])
	if size <= 0 || size > 4096 {
		size = 8
	}
	var data []any
	for i, x := range in {
		v := make([]float64, size)
		for j := range v {
			v[j] = float64(c.s.hash("embedding", marshal(x), strconv.Itoa(j))%2000)/1000 - 1
		}
		data = append(data, obj{"object": "embedding", "index": i, "embedding": v})
	}
	return obj{"object": "list", "model": c.model, "data": data, "usage": obj{"prompt_tokens": 4 * len(in), "total_tokens": 4 * len(in)}}
}}

// models lists a few names. Source: https://platform.openai.com/docs/api-reference/models
var models = dialect{name: "models", area: Other, fail: openAIError, plain: func(c *call, _ *answer) any {
	one := func(id string) obj {
		return obj{"id": id, "object": "model", "created": 1767225600, "owned_by": "simulator"}
	}
	if id := c.r.PathValue("model"); id != "" {
		return one(id)
	}
	var data []any
	for _, id := range []string{"gpt-5.4", "gpt-5.4-mini", "gpt-image-2", "qwen-image", "dall-e-3", "sora-2", "kling-v3"} {
		data = append(data, one(id))
	}
	return obj{"object": "list", "data": data}
}}
