package sim

// responses is OpenAI's Responses API. Source: https://platform.openai.com/docs/api-reference/responses
var responses = dialect{name: "responses", area: Text | Stream, plain: responsesPlain, events: responsesEvents, fail: openAIError,
	broken: func(c *call, e *apiError) []byte {
		return sseEvent("error", obj{"type": "error", "code": e.Code, "message": e.Message, "param": nil, "sequence_number": 99})
	}}

func responsesPlain(c *call, a *answer) any {
	status, why := "completed", any(nil)
	switch a.finish {
	case finLength:
		status, why = "incomplete", obj{"reason": "max_output_tokens"}
	case finFilter:
		status, why = "incomplete", obj{"reason": "content_filter"}
	}
	return responseObject(c, a, c.s.id("resp_"), status, why, responsesItems(c, a, status))
}

func responseObject(c *call, a *answer, id, status string, why any, items []any) obj {
	return obj{"id": id, "object": "response", "created_at": c.s.now().Unix(), "status": status, "error": nil,
		"incomplete_details": why, "instructions": nil, "max_output_tokens": c.args["max_output_tokens"], "model": a.model,
		"output": items, "parallel_tool_calls": true, "temperature": 1, "tool_choice": "auto", "tools": []any{},
		"top_p": 1, "truncation": "disabled", "metadata": obj{},
		"usage": obj{"input_tokens": a.usage.in, "input_tokens_details": obj{"cached_tokens": 0}, "output_tokens": a.usage.out,
			"output_tokens_details": obj{"reasoning_tokens": a.usage.reasoning}, "total_tokens": a.usage.in + a.usage.out}}
}

func responsesItems(c *call, a *answer, status string) []any {
	items := []any{}
	if a.noChoices {
		return items
	}
	if a.reasoning != "" || a.usage.reasoning > 0 {
		items = append(items, obj{"type": "reasoning", "id": c.s.id("rs_"), "summary": []any{}})
	}
	for _, t := range a.calls {
		items = append(items, obj{"type": "function_call", "id": c.s.id("fc_"), "call_id": t.id, "name": t.name,
			"arguments": t.args, "status": "completed"})
	}
	content := []any{}
	switch {
	case a.refusal != "":
		content = append(content, obj{"type": "refusal", "refusal": a.refusal})
	case !a.null:
		content = append(content, obj{"type": "output_text", "text": a.text, "annotations": []any{}, "logprobs": []any{}})
	}
	spent := a.usage.reasoning > 0 && a.usage.reasoning == a.usage.out // reasoning left nothing for a message
	if len(a.calls) == 0 && !spent || a.text != "" {
		items = append(items, obj{"type": "message", "id": c.s.id("msg_"), "status": status, "role": "assistant", "content": content})
	}
	return items
}

func responsesEvents(c *call, a *answer) [][]byte {
	var out [][]byte
	n := 0
	ev := func(name string, o obj) {
		o["type"], o["sequence_number"] = name, n
		n++
		out = append(out, sseEvent(name, o))
	}
	whole := responsesPlain(c, a).(obj)
	items := whole["output"].([]any)
	begun := responseObject(c, a, whole["id"].(string), "in_progress", nil, []any{})
	begun["usage"] = nil
	ev("response.created", obj{"response": begun})
	ev("response.in_progress", obj{"response": begun})
	for i, it := range items {
		item := it.(obj)
		id := item["id"]
		open := obj{"id": id, "type": item["type"], "status": "in_progress"}
		switch item["type"] {
		case "function_call":
			open["name"], open["call_id"], open["arguments"] = item["name"], item["call_id"], ""
		case "message":
			open["role"], open["content"] = "assistant", []any{}
		default:
			open["summary"] = []any{}
		}
		ev("response.output_item.added", obj{"output_index": i, "item": open})
		switch item["type"] {
		case "function_call":
			for _, p := range pieces(item["arguments"].(string)) {
				ev("response.function_call_arguments.delta", obj{"item_id": id, "output_index": i, "delta": p})
			}
			ev("response.function_call_arguments.done", obj{"item_id": id, "output_index": i, "arguments": item["arguments"], "name": item["name"]})
		case "message":
			for j, part := range item["content"].([]any) {
				responsesPart(ev, id, i, j, part.(obj))
			}
		}
		ev("response.output_item.done", obj{"output_index": i, "item": item})
	}
	if !a.noFinish && !a.noEnd {
		name := "response.completed"
		if whole["status"] == "incomplete" {
			name = "response.incomplete"
		}
		ev(name, obj{"response": whole})
	}
	return out
}

func responsesPart(ev func(string, obj), id any, i, j int, part obj) {
	at := func(o obj) obj {
		o["item_id"], o["output_index"], o["content_index"] = id, i, j
		return o
	}
	key, name := "text", "response.output_text"
	if part["type"] == "refusal" {
		key, name = "refusal", "response.refusal"
	}
	text := part[key].(string)
	empty := obj{"type": part["type"], key: ""}
	if key == "text" {
		empty["annotations"] = []any{}
	}
	ev("response.content_part.added", at(obj{"part": empty}))
	for _, p := range pieces(text) {
		ev(name+".delta", at(obj{"delta": p, "logprobs": []any{}}))
	}
	ev(name+".done", at(obj{key: text, "logprobs": []any{}}))
	ev("response.content_part.done", at(obj{"part": part}))
}
