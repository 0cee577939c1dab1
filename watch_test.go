package telltale

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/telltale-ai/telltale/fault"
)

// streams are one body a dialect, written after the providers' documentation, with the verdict on it.
var streams = []struct {
	name, body, ct string
	class          fault.Class
	cause          fault.Cause
}{
	{"openai", "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello there.\"},\"finish_reason\":null}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n", "", fault.OK, fault.None},
	{"openai cut", "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"},\"finish_reason\":null}]}\n\n", "", fault.Soft, fault.StreamInterrupted},
	{"openai done without finish", "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello there.\"}}]}\n\ndata: [DONE]\n\n", "", fault.OK, fault.None},
	{"openai finish without done", "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello there.\"},\"finish_reason\":\"stop\"}]}\n\n", "", fault.OK, fault.None},
	{"openai tools", "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\":\"}}]}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"1}\"}}]}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\ndata: [DONE]\n\n", "", fault.OK, fault.ToolCalls},
	{"openai broken arguments", "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":\"}}]}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\ndata: [DONE]\n\n", "", fault.Silent, fault.InvalidToolCall},
	{"openai error event", "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"}}]}\n\ndata: {\"error\":{\"message\":\"The server had an error while processing your request\",\"type\":\"server_error\"}}\n\n", "", fault.Soft, fault.ServerError},
	{"anthropic", "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":3}}}\n\nevent: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\nevent: ping\ndata: {\"type\":\"ping\"}\n\nevent: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello there.\"}}\n\nevent: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\nevent: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":4}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", "", fault.OK, fault.None},
	{"anthropic cut", "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"content\":[]}}\n\nevent: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hel\"}}\n\n", "", fault.Soft, fault.StreamInterrupted},
	{"anthropic overloaded", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n", "", fault.Soft, fault.Overloaded},
	{"gemini last reason counts", "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"One\"}]},\"finishReason\":\"STOP\"}]}\n\ndata: {\"candidates\":[{\"finishReason\":\"RECITATION\"}]}\n\n", "", fault.Soft, fault.ContentFilter},
	{"gemini array", "[{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"One two.\"}]}}]},\n{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\" Three.\"}]},\"finishReason\":\"STOP\"}]}]", "", fault.OK, fault.None},
	{"responses", "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"status\":\"in_progress\",\"output\":[]}}\n\nevent: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"Hello there.\"}\n\nevent: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hello there.\"}]}]}}\n\n", "", fault.OK, fault.None},
	{"responses incomplete", "data: {\"type\":\"response.created\",\"response\":{\"status\":\"in_progress\",\"output\":[]}}\n\ndata: {\"type\":\"response.incomplete\",\"response\":{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"max_output_tokens\"},\"output\":[]}}\n\n", "", fault.Soft, fault.Truncated},
	{"responses cut", "data: {\"type\":\"response.created\",\"response\":{\"status\":\"in_progress\",\"output\":[]}}\n\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"Hel\"}\n\n", "", fault.Soft, fault.StreamInterrupted},
	{"ollama", "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"},\"done\":false}\n{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\" there.\"},\"done\":false}\n{\"model\":\"m\",\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\"}\n", "application/x-ndjson", fault.OK, fault.None},
	{"ollama error", "{\"model\":\"m\",\"response\":\"Hel\",\"done\":false}\n{\"error\":\"an error was encountered while running the model\"}\n", "application/x-ndjson", fault.Soft, fault.ServerError},
	{"cohere", "event: message-start\ndata: {\"type\":\"message-start\",\"delta\":{\"message\":{\"content\":[]}}}\n\nevent: content-delta\ndata: {\"type\":\"content-delta\",\"index\":0,\"delta\":{\"message\":{\"content\":{\"text\":\"Hello there.\"}}}}\n\nevent: message-end\ndata: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"COMPLETE\"}}\n\n", "", fault.OK, fault.None},
	{"dashscope", "id:1\nevent:error\n:HTTP_STATUS/429\ndata:{\"code\":\"Throttling.RateQuota\",\"message\":\"Requests rate limit exceeded\"}\n\n", "", fault.Soft, fault.RateLimited},
	{"glued frames", "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello the data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"re.\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n", "", fault.OK, fault.None},
	{"comments and CRLF", ": PROCESSING\r\n\r\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello there.\"},\"finish_reason\":\"stop\"}]}\r\n\r\ndata: [DONE]\r\n\r\n", "", fault.OK, fault.None},
	{"nothing", "data: [DONE]\n\n", "text/event-stream", fault.Silent, fault.EmptyOutput},
}

func streamExchange(body, ct string) *Exchange {
	if ct == "" {
		ct = "text/event-stream"
	}
	return &Exchange{Request: Request{Surface: Chat}, Response: &Response{Status: 200, Header: http.Header{"Content-Type": {ct}}, Body: []byte(body)}}
}

func TestStreams(t *testing.T) {
	for _, s := range streams {
		d := Diagnose(streamExchange(s.body, s.ct))
		if d.Class != s.class || d.Cause != s.cause {
			t.Errorf("%s: %s %s by %s, want %s %s", s.name, d.Class, d.Cause, d.Signature, s.class, s.cause)
		}
	}
}

// TestWatchAnyChunking cuts each stream in two at every byte, and into single bytes: the verdict must be the same.
func TestWatchAnyChunking(t *testing.T) {
	for _, s := range streams {
		x := streamExchange(s.body, s.ct)
		want := Diagnose(x)
		judge := func(chunks ...string) Diagnosis {
			w := defaultDiagnoser.Watch(x)
			for _, c := range chunks {
				io.WriteString(w, c)
			}
			return w.Close(nil)
		}
		same := func(got Diagnosis, how string, at int) {
			if got.Class != want.Class || got.Cause != want.Cause || got.Signature != want.Signature || len(got.Evidence) != len(want.Evidence) || len(want.Evidence) > 0 && got.Evidence[0] != want.Evidence[0] {
				t.Fatalf("%s: %s at %d: %s %s by %s %v, whole %s %s by %s %v", s.name, how, at, got.Class, got.Cause, got.Signature, got.Evidence, want.Class, want.Cause, want.Signature, want.Evidence)
			}
		}
		for i := range s.body {
			same(judge(s.body[:i], s.body[i:]), "cut", i)
		}
		same(judge(strings.Split(s.body, "")...), "single bytes", 0)
	}
}

func TestWatchAsItPasses(t *testing.T) {
	w := defaultDiagnoser.Watch(streamExchange("", ""))
	io.WriteString(w, "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n")
	if w.Output() || w.Failed() || w.Ended() {
		t.Error("an empty first event counts as something")
	}
	io.WriteString(w, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n")
	if !w.Output() || w.Text() != "Hi" {
		t.Errorf("output %v, text %q", w.Output(), w.Text())
	}
	io.WriteString(w, "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":7}}\n\n")
	if u := w.Usage(); u.Input != 3 || u.Output != 7 {
		t.Errorf("usage %+v", u)
	}
	d := w.Close(errors.New("connection reset by peer"))
	if d.Class != fault.Soft || d.Cause != fault.StreamInterrupted || !d.Retryable {
		t.Errorf("%s %s", d.Class, d.Cause)
	}
	w = defaultDiagnoser.Watch(streamExchange("", ""))
	for range 400 {
		io.WriteString(w, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"and so on \"}}]}\n\n")
	}
	if !w.Looping() {
		t.Error("a loop was not seen")
	}
}

func TestWatchMemoryIsBounded(t *testing.T) {
	w := defaultDiagnoser.Watch(streamExchange("", ""))
	chunk := []byte("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + strings.Repeat("word and ", 1000) + "\"}}]}\n\n")
	for range 2000 {
		w.Write(chunk)
	}
	if n := len(w.Text()); n > 2*maxText {
		t.Errorf("%d bytes of text were kept", n)
	}
	io.WriteString(w, "data: ")
	for range 20000 {
		w.Write(chunk[6:1000])
	}
	if d := w.Close(nil); d.Class == "" {
		t.Error("no verdict")
	}
}

// amazonFrame makes one message of an AWS event stream.
func amazonFrame(payload string, headers ...string) string {
	var h []byte
	for i := 0; i+1 < len(headers); i += 2 {
		h = append(h, byte(len(headers[i])))
		h = append(h, headers[i]...)
		h = append(h, 7, byte(len(headers[i+1])>>8), byte(len(headers[i+1])))
		h = append(h, headers[i+1]...)
	}
	total := 16 + len(h) + len(payload)
	b := []byte{byte(total >> 24), byte(total >> 16), byte(total >> 8), byte(total), 0, 0, byte(len(h) >> 8), byte(len(h)), 0, 0, 0, 0}
	b = append(append(b, h...), payload...)
	return string(append(b, 0, 0, 0, 0))
}

func TestAmazonEventStream(t *testing.T) {
	text := amazonFrame(`{"contentBlockIndex":0,"delta":{"text":"Hello there."}}`, ":event-type", "contentBlockDelta", ":message-type", "event")
	stop := amazonFrame(`{"stopReason":"end_turn"}`, ":event-type", "messageStop", ":message-type", "event")
	fail := amazonFrame(`{"message":"Too many requests, please wait before trying again."}`, ":exception-type", "throttlingException", ":message-type", "exception")
	for name, c := range map[string]struct {
		body  string
		cause fault.Cause
	}{"whole": {text + stop, fault.None}, "cut": {text, fault.StreamInterrupted}, "exception": {text + fail, fault.RateLimited}} {
		x := streamExchange(c.body, "application/vnd.amazon.eventstream")
		x.Request.Surface = Converse
		if d := Diagnose(x); d.Cause != c.cause {
			t.Errorf("%s: %s by %s", name, d.Cause, d.Signature)
		}
	}
}
