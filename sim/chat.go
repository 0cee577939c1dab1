package sim

// chat is OpenAI's chat completions, which most providers copy.
// Source: https://platform.openai.com/docs/api-reference/chat
var chat = dialect{name: "chat", area: Text | Stream, plain: chatPlain, events: chatEvents, fail: openAIError,
	broken: func(c *call, e *apiError) []byte { _, b := openAIError(e, c); return sseEvent("", b) }}

var chatFinish = map[finish]string{finStop: "stop", finLength: "length", finFilter: "content_filter", finTools: "tool_calls"}

func chatPlain(c *call, a *answer) any {
	msg := obj{"role": "assistant", "content": a.text, "refusal": nil}
	if a.null {
		msg["content"] = nil
	}
	if a.refusal != "" {
		msg["refusal"], msg["content"] = a.refusal, nil
	}
	if a.reasoning != "" {
		msg["reasoning_content"] = a.reasoning
	}
	if len(a.calls) > 0 {
		msg["tool_calls"] = chatCalls(a.calls, false)
	}
	choices := []any{}
	for i := range choiceCount(c, a) {
		choices = append(choices, obj{"index": i, "message": msg, "logprobs": nil, "finish_reason": chatFinish[a.finish]})
	}
	return obj{"id": c.s.id("chatcmpl-"), "object": "chat.completion", "created": c.s.now().Unix(), "model": a.model,
		"choices": choices, "usage": chatUsage(a.usage), "system_fingerprint": "fp_sim"}
}

func choiceCount(c *call, a *answer) int {
	if a.noChoices {
		return 0
	}
	return min(max(1, intOf(c.args["n"])), 16)
}

func chatUsage(u usage) obj {
	return obj{"prompt_tokens": u.in, "completion_tokens": u.out, "total_tokens": u.in + u.out,
		"completion_tokens_details": obj{"reasoning_tokens": u.reasoning}}
}

func chatCalls(calls []toolCall, stream bool) []any {
	var out []any
	for i, t := range calls {
		o := obj{"id": t.id, "type": "function", "function": obj{"name": t.name, "arguments": t.args}}
		if stream {
			o["index"] = i
		}
		out = append(out, o)
	}
	return out
}

func chatEvents(c *call, a *answer) [][]byte {
	id, created := c.s.id("chatcmpl-"), c.s.now().Unix()
	var out [][]byte
	chunk := func(delta obj, fin any) {
		choices := []any{obj{"index": 0, "delta": delta, "logprobs": nil, "finish_reason": fin}}
		if a.noChoices {
			choices = []any{}
		}
		out = append(out, sseEvent("", obj{"id": id, "object": "chat.completion.chunk", "created": created,
			"model": a.model, "system_fingerprint": "fp_sim", "choices": choices}))
	}
	first := obj{"role": "assistant", "content": ""}
	if a.null || len(a.calls) > 0 {
		first["content"] = nil
	}
	chunk(first, nil)
	if a.reasoning != "" {
		chunk(obj{"reasoning_content": a.reasoning}, nil)
	}
	for _, p := range pieces(a.text) {
		chunk(obj{"content": p}, nil)
	}
	for _, p := range pieces(a.refusal) {
		chunk(obj{"refusal": p}, nil)
	}
	for i, t := range a.calls {
		head := t
		head.args = ""
		chunk(obj{"tool_calls": []any{func() any { l := chatCalls([]toolCall{head}, true)[0].(obj); l["index"] = i; return l }()}}, nil)
		for _, p := range pieces(t.args) {
			chunk(obj{"tool_calls": []any{obj{"index": i, "function": obj{"arguments": p}}}}, nil)
		}
	}
	if !a.noFinish {
		chunk(obj{}, chatFinish[a.finish])
	}
	if so, ok := c.args["stream_options"].(obj); ok && so["include_usage"] == true && !a.noFinish {
		out = append(out, sseEvent("", obj{"id": id, "object": "chat.completion.chunk", "created": created,
			"model": a.model, "system_fingerprint": "fp_sim", "choices": []any{}, "usage": chatUsage(a.usage)}))
	}
	if !a.noEnd {
		out = append(out, sseEvent("", "[DONE]"))
	}
	return out
}

// openAIError is the envelope {"error":{message,type,param,code}}.
func openAIError(e *apiError, _ *call) (int, any) {
	in := obj{"message": e.Message, "type": e.Type, "param": nil, "code": e.Code}
	if e.Param != "" {
		in["param"] = e.Param
	}
	for k, v := range e.Extra {
		in[k] = v
	}
	return e.Status, obj{"error": in}
}
