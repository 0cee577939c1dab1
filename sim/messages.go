package sim

import (
	"encoding/json"
	"strings"
)

// messages is Anthropic's Messages API. Source: https://docs.anthropic.com/en/api/messages
var messages = dialect{name: "messages", area: Text | Stream, plain: messagesPlain, events: messagesEvents, fail: anthropicError,
	broken: func(c *call, e *apiError) []byte {
		_, b := anthropicError(e, c)
		delete(b.(obj), "request_id")
		return sseEvent("error", b)
	}}

var messagesStop = map[finish]string{finStop: "end_turn", finLength: "max_tokens", finFilter: "refusal", finTools: "tool_use"}

func messagesPlain(c *call, a *answer) any {
	return obj{"id": c.s.id("msg_"), "type": "message", "role": "assistant", "model": a.model, "content": messagesBlocks(a),
		"stop_reason": messagesStop[a.finish], "stop_sequence": nil,
		"usage": obj{"input_tokens": a.usage.in, "output_tokens": a.usage.out}}
}

func messagesBlocks(a *answer) []any {
	blocks := []any{}
	if a.noChoices {
		return blocks
	}
	if a.reasoning != "" {
		blocks = append(blocks, obj{"type": "thinking", "thinking": a.reasoning, "signature": "c2lt"})
	}
	if t := a.text + a.refusal; t != "" || !a.null && len(a.calls) == 0 {
		blocks = append(blocks, obj{"type": "text", "text": t})
	}
	for _, t := range a.calls {
		var in any
		if json.Unmarshal([]byte(t.args), &in) != nil {
			in = obj{"raw": t.args} // an object is all that this API can write in a plain answer
		}
		blocks = append(blocks, obj{"type": "tool_use", "id": t.id, "name": t.name, "input": in})
	}
	return blocks
}

func messagesEvents(c *call, a *answer) [][]byte {
	var out [][]byte
	ev := func(name string, o obj) { o["type"] = name; out = append(out, sseEvent(name, o)) }
	ev("message_start", obj{"message": obj{"id": c.s.id("msg_"), "type": "message", "role": "assistant", "model": a.model,
		"content": []any{}, "stop_reason": nil, "stop_sequence": nil,
		"usage": obj{"input_tokens": a.usage.in, "output_tokens": 1}}})
	ev("ping", obj{})
	calls := 0
	for i, b := range messagesBlocks(a) {
		block := b.(obj)
		switch block["type"] {
		case "text":
			ev("content_block_start", obj{"index": i, "content_block": obj{"type": "text", "text": ""}})
			for _, p := range pieces(block["text"].(string)) {
				ev("content_block_delta", obj{"index": i, "delta": obj{"type": "text_delta", "text": p}})
			}
		case "thinking":
			ev("content_block_start", obj{"index": i, "content_block": obj{"type": "thinking", "thinking": "", "signature": ""}})
			ev("content_block_delta", obj{"index": i, "delta": obj{"type": "thinking_delta", "thinking": block["thinking"]}})
			ev("content_block_delta", obj{"index": i, "delta": obj{"type": "signature_delta", "signature": "c2lt"}})
		case "tool_use":
			ev("content_block_start", obj{"index": i, "content_block": obj{"type": "tool_use", "id": block["id"], "name": block["name"], "input": obj{}}})
			for _, p := range pieces(a.calls[calls].args) {
				ev("content_block_delta", obj{"index": i, "delta": obj{"type": "input_json_delta", "partial_json": p}})
			}
			calls++
		}
		ev("content_block_stop", obj{"index": i})
	}
	if !a.noFinish {
		ev("message_delta", obj{"delta": obj{"stop_reason": messagesStop[a.finish], "stop_sequence": nil},
			"usage": obj{"output_tokens": a.usage.out}})
	}
	if !a.noEnd {
		ev("message_stop", obj{})
	}
	return out
}

// anthropicTypes are the documented types by status. Source: https://docs.anthropic.com/en/api/errors
var anthropicTypes = map[int]string{400: "invalid_request_error", 401: "authentication_error", 402: "billing_error",
	403: "permission_error", 404: "not_found_error", 413: "request_too_large", 422: "invalid_request_error",
	429: "rate_limit_error", 500: "api_error", 503: "api_error", 504: "timeout_error", 529: "overloaded_error"}

func anthropicError(e *apiError, c *call) (int, any) {
	typ := anthropicTypes[e.Status]
	if strings.HasSuffix(e.Type, "_error") && typ == "" {
		typ = e.Type
	}
	if typ == "" {
		typ = "api_error"
	}
	return e.Status, obj{"type": "error", "error": obj{"type": typ, "message": e.Message}, "request_id": c.entry.RequestID}
}
