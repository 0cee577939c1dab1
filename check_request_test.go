package telltale

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/telltale-ai/telltale/fault"
)

// chat wraps a message as an OpenAI-compatible chat completion.
func chat(model, message string) string {
	return `{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"` + model + `","choices":[{"index":0,"message":` + message + `,"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":9,"total_tokens":18}}`
}

func content(text string) string {
	b, _ := json.Marshal(map[string]string{"role": "assistant", "content": text})
	return string(b)
}

func call(name, args string) string {
	b, _ := json.Marshal(map[string]any{"role": "assistant", "content": nil, "tool_calls": []any{map[string]any{"id": "call_1", "type": "function", "function": map[string]any{"name": name, "arguments": args}}}})
	return string(b)
}

func TestAgainstTheRequest(t *testing.T) {
	const (
		schema  = `"response_format":{"type":"json_schema","json_schema":{"name":"p","strict":true,"schema":{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name","age"],"additionalProperties":false}}}`
		object  = `"response_format":{"type":"json_object"}`
		weather = `"tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},"required":["city"]}}}]`
	)
	gemini := func(text string) string {
		b, _ := json.Marshal(text)
		return `{"candidates":[{"content":{"parts":[{"text":` + string(b) + `}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":4},"modelVersion":"gemini-2.5-flash"}`
	}
	geminiCall := `{"candidates":[{"content":{"parts":[{"functionCall":{"name":"get_weather","args":{"city":7}}}],"role":"model"},"finishReason":"STOP","index":0}]}`
	for name, c := range map[string]struct {
		surface Surface
		request string // what stands in it beside model and messages
		body    string
		want    fault.Cause
		where   string // that the evidence names
	}{
		"schema holds":              {Chat, schema, chat("m-1", content(`{"name":"Ann","age":3}`)), fault.None, ""},
		"schema does not hold":      {Chat, schema, chat("m-1", content(`{"name":"Ann","age":"three"}`)), fault.SchemaMismatch, "/age"},
		"a property is missing":     {Chat, schema, chat("m-1", content(`{"name":"Ann"}`)), fault.SchemaMismatch, "/"},
		"no JSON at all":            {Chat, object, chat("m-1", content("Here is what I know of Ann. She is three years old.")), fault.InvalidJSON, "line 1"},
		"fenced JSON":               {Chat, object, chat("m-1", content("```json\n{\"a\":1}\n```")), fault.InvalidJSON, "line 1"},
		"a refusal instead":         {Chat, object, chat("m-1", content("I'm sorry, but I can't help with that.")), fault.Refusal, ""},
		"JSON after thoughts":       {Chat, object, chat("m-1", content("<think>Hm.</think>\n{\"a\":1}")), fault.None, ""},
		"a schema that is wrong":    {Chat, `"response_format":{"type":"json_schema","json_schema":{"schema":{"type":7}}}`, chat("m-1", content(`{"a":1}`)), fault.None, ""},
		"a schema from elsewhere":   {Chat, `"response_format":{"type":"json_schema","json_schema":{"schema":{"$ref":"https://example.com/s"}}}`, chat("m-1", content(`{"a":1}`)), fault.None, ""},
		"text was asked for":        {Chat, `"response_format":{"type":"text"}`, chat("m-1", content("Hello there, how are you?")), fault.None, ""},
		"tool called":               {Chat, weather, chat("m-1", call("get_weather", `{"city":"Rome"}`)), fault.ToolCalls, ""},
		"tool unknown":              {Chat, weather, chat("m-1", call("get_whether", `{"city":"Rome"}`)), fault.InvalidToolCall, "get_whether"},
		"tool arguments wrong":      {Chat, weather, chat("m-1", call("get_weather", `{"city":"Rome","days":"two"}`)), fault.InvalidToolCall, "/days"},
		"tool argument missing":     {Chat, weather, chat("m-1", call("get_weather", `{}`)), fault.InvalidToolCall, "city"},
		"no arguments, none wanted": {Chat, `"tools":[{"type":"function","function":{"name":"now","parameters":{"type":"object","properties":{}}}}]`, chat("m-1", call("now", "")), fault.ToolCalls, ""},
		"hosted tools":              {Chat, `"tools":[{"type":"web_search"},{"type":"function","function":{"name":"a","parameters":{"type":"object"}}}]`, chat("m-1", call("web_search", `{"q":"x"}`)), fault.ToolCalls, ""},
		"forced tool not called":    {Chat, weather + `,"tool_choice":{"type":"function","function":{"name":"get_weather"}}`, chat("m-1", content("It is sunny in Rome today.")), fault.InvalidToolCall, "get_weather"},
		"any tool not called":       {Chat, weather + `,"tool_choice":"required"`, chat("m-1", content("It is sunny in Rome today.")), fault.InvalidToolCall, "required"},
		"tool not needed":           {Chat, weather + `,"tool_choice":"auto"`, chat("m-1", content("It is sunny in Rome today.")), fault.None, ""},
		"fewer answers":             {Chat, `"n":3`, chat("m-1", content("It is sunny in Rome today.")), fault.UnexpectedOutput, "1 of 3"},
		"goes on after stop":        {Chat, `"stop":["END"]`, chat("m-1", content("It is sunny.\nEND\nAnd more of it.")), fault.UnexpectedOutput, "END"},
		"stops":                     {Chat, `"stop":["END"]`, chat("m-1", content("It is sunny in Rome, and the")), fault.None, ""},
		"another model":             {Chat, `"x":1`, chat("claude-3-haiku", content("It is sunny in Rome today.")), fault.None, ""},
		"gemini schema":             {GenerateContent, `"generationConfig":{"responseMimeType":"application/json","responseSchema":{"type":"OBJECT","properties":{"a":{"type":"INTEGER"}},"required":["a"]}}`, gemini(`{"a":1}`), fault.None, ""},
		"gemini schema broken":      {GenerateContent, `"generationConfig":{"responseMimeType":"application/json","responseSchema":{"type":"OBJECT","properties":{"a":{"type":"INTEGER"}},"required":["a"]}}`, gemini(`{"a":"x"}`), fault.SchemaMismatch, "/a"},
		"gemini enum":               {GenerateContent, `"generationConfig":{"responseMimeType":"text/x.enum","responseSchema":{"type":"STRING","enum":["yes","no"]}}`, gemini("yes"), fault.None, ""},
		"gemini tool":               {GenerateContent, `"tools":[{"functionDeclarations":[{"name":"get_weather","parameters":{"type":"OBJECT","properties":{"city":{"type":"STRING"}}}}]}]`, geminiCall, fault.InvalidToolCall, "/city"},
		"responses format":          {Responses, `"text":{"format":{"type":"json_schema","name":"p","schema":{"type":"array"}}}`, `{"id":"resp_1","object":"response","status":"completed","model":"m-1","output":[{"type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"{}","annotations":[]}]}]}`, fault.SchemaMismatch, "/"},
		"messages tool":             {Messages, `"tools":[{"name":"get_weather","input_schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}]`, `{"id":"msg_1","type":"message","role":"assistant","model":"m-1","content":[{"type":"tool_use","id":"t","name":"get_weather","input":{"town":"Rome"}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":1}}`, fault.InvalidToolCall, "city"},
	} {
		t.Run(name, func(t *testing.T) {
			req := fmt.Sprintf(`{"model":"m-1","messages":[{"role":"user","content":"What is it like in Rome?"}],%s}`, c.request)
			if c.surface == GenerateContent {
				req = `{"contents":[{"role":"user","parts":[{"text":"What is it like in Rome?"}]}],` + c.request + `}`
			}
			d := Diagnose(&Exchange{Request: Request{Surface: c.surface, Body: []byte(req)}, Response: &Response{Status: 200, Body: []byte(c.body)}})
			if d.Cause != c.want {
				t.Fatalf("cause %s, want %s: %+v", d.Cause, c.want, d)
			}
			shown := fmt.Sprint(d.Evidence, d.Summary)
			if !strings.Contains(shown, c.where) {
				t.Errorf("the evidence does not name %q: %s", c.where, shown)
			}
			if c.want != fault.None && c.want != fault.ToolCalls && (d.Class != fault.Silent || len(d.Evidence) == 0) {
				t.Errorf("%+v", d)
			}
		})
	}
}

func TestOtherModel(t *testing.T) {
	for _, same := range [][2]string{
		{"gpt-4o", "gpt-4o-2024-08-06"}, {"openai/gpt-4o", "gpt-4o"}, {"gpt-4-turbo", "gpt-4-0125-preview"}, {"gpt-4", "gpt-4-0613"},
		{"claude-3-5-sonnet-latest", "claude-3-5-sonnet-20241022"}, {"anthropic/claude-sonnet-4", "claude-sonnet-4-20250514"}, {"us.anthropic.claude-3-haiku-20240307-v1:0", "claude-3-haiku-20240307"},
		{"gemini-pro", "gemini-1.5-pro-001"}, {"models/gemini-2.5-flash", "gemini-2.5-flash"}, {"gemini-flash-latest", "gemini-2.5-flash-preview-09-2025"},
		{"meta-llama/Llama-3.1-8B-Instruct", "/models/Llama-3.1-8B-Instruct-Q4_K_M.gguf"}, {"llama3", "llama3:8b"}, {"deepseek-chat", "deepseek-v3-0324"}, {"deepseek-r1", "deepseek-r1-distill-llama-70b"},
		{"openrouter/auto", "anthropic/claude-3-haiku"}, {"my-alias", "gpt-4o"}, {"gpt-35-turbo", "gpt-3.5-turbo-0125"}, {"qwen-plus", "qwen3-plus"}, {"mistral-large-latest", "mistral-large-2411"},
		{"o3-mini", "o3-mini-2025-01-31"}, {"gpt-5-chat-latest", "gpt-5-chat"}, {"hermes-3-llama-3.1-405b", "nousresearch/hermes-3"}, {"", "gpt-4o"}, {"command-r", "command-r-08-2024"},
	} {
		if otherModel(same[0], same[1]) {
			t.Errorf("%s answered as %s is no mismatch", same[0], same[1])
		}
	}
	for _, other := range [][2]string{
		{"gpt-4o", "claude-3-haiku-20240307"}, {"gpt-4", "gpt-3.5-turbo"}, {"gpt-4o", "gpt-4o-mini-2024-07-18"}, {"claude-3-opus", "claude-3-haiku-20240307"},
		{"gemini-2.5-pro", "gemini-2.5-flash"}, {"mistral-large-latest", "mistral-small-2409"}, {"llama-3.3-70b", "qwen2.5-7b"},
	} {
		if !otherModel(other[0], other[1]) {
			t.Errorf("%s answered as %s is a mismatch", other[0], other[1])
		}
	}
	x := &Exchange{Request: Request{Surface: Chat, Body: []byte(`{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}]}`)},
		Response: &Response{Status: 200, Body: []byte(chat("gpt-3.5-turbo-0125", content("Hello! How are you today?")))}}
	if d := Diagnose(x); d.Cause != fault.ModelMismatch || d.Retryable {
		t.Errorf("%+v", d)
	}
}

func TestLoopingStream(t *testing.T) {
	d := &Diagnoser{}
	x := &Exchange{Request: Request{Surface: Chat, Body: []byte(`{"model":"m-1","messages":[{"role":"user","content":"Tell me a story."}]}`)}, Response: &Response{Status: 200}}
	w := d.Watch(x)
	for i := range 2000 {
		fmt.Fprintf(w, "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"and then he went home, \"}}]}\n\n")
		if w.Looping() {
			if i < 20 || i > 400 {
				t.Errorf("seen after %d events", i)
			}
			return
		}
	}
	t.Error("not seen")
}

func BenchmarkHealthyWithRequest(b *testing.B) {
	text := "The capital of France is Paris. It lies on the river Seine in the north of the country and has been its capital since the Middle Ages. Today about two million people live in the city itself and more than twelve million in its metropolitan area, which makes it one of the largest in Europe."
	x := &Exchange{Request: Request{Surface: Chat, URL: "https://api.openai.com/v1/chat/completions", Body: []byte(`{"model":"gpt-4o","messages":[{"role":"system","content":"You are a helpful assistant and answer in a few words."},{"role":"user","content":"What is the capital of France, and where is it?"}]}`)},
		Response: &Response{Status: 200, Body: []byte(chat("gpt-4o-2024-08-06", content(text)))}}
	d := &Diagnoser{}
	b.ReportAllocs()
	for b.Loop() {
		if out := d.Diagnose(x); !out.OK() {
			b.Fatal(out)
		}
	}
}
