package recovery

import (
	telltale "github.com/telltale-ai/telltale"
	"github.com/tidwall/gjson"
)

// usageOf reads the token counts of a plain response: OpenAI's two spellings, Anthropic's and Gemini's.
func usageOf(x *telltale.Exchange) (u telltale.Usage) {
	if x.Response == nil || x.Response.Status >= 300 || !isJSON(x.Response.Body) {
		return u
	}
	s := gjson.GetBytes(x.Response.Body, "usage")
	if s.IsObject() {
		s.ForEach(func(k, v gjson.Result) bool {
			switch k.Str {
			case "prompt_tokens", "input_tokens", "inputTokens":
				u.Input = v.Int()
			case "completion_tokens", "output_tokens", "outputTokens":
				u.Output = v.Int()
			case "completion_tokens_details", "output_tokens_details":
				u.Reasoning = v.Get("reasoning_tokens").Int()
			}
			return true
		})
		return u
	}
	if s = gjson.GetBytes(x.Response.Body, "usageMetadata"); s.IsObject() {
		u.Input = s.Get("promptTokenCount").Int()
		u.Reasoning = s.Get("thoughtsTokenCount").Int()
		u.Output = s.Get("candidatesTokenCount").Int() + u.Reasoning
	}
	return u
}

func first(r gjson.Result, paths ...string) int64 {
	for _, p := range paths {
		if v := r.Get(p); v.Type == gjson.Number {
			return v.Int()
		}
	}
	return 0
}
