package doctor

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"time"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
)

func checkCall() Check {
	return Check{ID: "call", Title: "Plain call", Doc: "The model answers a short prompt (64 tokens at most), and the answer is usable: finish reason, content and refusal are looked at as for any call.",
		Needs: []string{"endpoint"}, run: runCall}
}

func checkStream() Check {
	return Check{ID: "stream", Title: "Stream", Doc: "The same call as a stream comes in pieces and with its own end: a proxy that buffers or cuts shows here.", Needs: []string{"call"}, run: runStream}
}

func checkJSON() Check {
	return Check{ID: "json", Title: "JSON mode", Doc: "`response_format` json_object is taken, and what comes is JSON.", Needs: []string{"call"}, run: runJSON}
}

func checkTool() Check {
	return Check{ID: "tool", Title: "Tool call", Doc: "The model calls a tool that is offered, with arguments that match its schema.", Needs: []string{"call"}, run: runTool}
}

func checkImage() Check {
	return Check{ID: "image", Title: "Image", Doc: "One picture is made with --image-model, which costs what one picture costs. The data array is not empty.", Needs: []string{"endpoint"}, run: runImage}
}

func checkVideo() Check {
	return Check{ID: "video", Title: "Video", Doc: "One video is ordered with --video-model, which costs what one video costs, and its task is asked for once: the id is known and the state is a known word.",
		Needs: []string{"endpoint"}, run: runVideo}
}

const prompt = "Reply with the single word: ferry"

func runCall(ctx context.Context, s *session) Result {
	if s.model == "" {
		return halted("no model is known: give one with --model")
	}
	x := s.chat(ctx, prompt, 64, nil)
	d := telltale.Diagnose(x)
	switch {
	case d.OK():
		return good(s.model + " answered in " + took(x))
	case d.Cause == fault.Truncated:
		return good(s.model + " answered in " + took(x) + "; it used the 64 tokens that were allowed, as reasoning models do")
	}
	return judged(d)
}

func runStream(ctx context.Context, s *session) Result {
	x := s.chat(ctx, prompt, 64, map[string]any{"stream": true})
	d := telltale.Diagnose(x)
	if !d.OK() && d.Cause != fault.Truncated {
		return judged(d)
	}
	events := bytes.Count(x.Response.Body, []byte("data:"))
	if kind := x.Response.Header.Get("Content-Type"); events == 0 {
		return fail("a stream was asked for and a plain body came ("+kind+")", "Check what stands between: it joins the stream or drops the parameter.")
	}
	return good(fmt.Sprintf("%d events and the stream's own end came in %s", events, took(x)))
}

func runJSON(ctx context.Context, s *session) Result {
	if s.anthropic {
		return skipped("Anthropic has no json_object mode: a tool does its work")
	}
	x := s.chat(ctx, `Answer with this JSON object and nothing else: {"ferry": "leaves"}`, 256, map[string]any{"response_format": map[string]any{"type": "json_object"}})
	d := telltale.Diagnose(x)
	switch {
	case d.OK():
		return good("response_format json_object is taken, and JSON came in " + took(x))
	case d.Cause == fault.Truncated:
		return warn("the answer was cut at the 256 tokens that were allowed, so the JSON cannot be judged", "Allow more tokens for JSON answers of this model.")
	case d.Cause == fault.UnsupportedParameter:
		r := judged(d)
		r.State = Warning
		return r
	}
	return judged(d)
}

func runTool(ctx context.Context, s *session) Result {
	schema := map[string]any{"type": "object", "properties": map[string]any{"place": map[string]any{"type": "string"}}, "required": []string{"place"}}
	extra := map[string]any{
		"tools": []any{map[string]any{"type": "function", "function": map[string]any{"name": "ferry_times", "description": "When the ferry leaves", "parameters": schema}}},
	}
	if s.anthropic {
		extra["tools"] = []any{map[string]any{"name": "ferry_times", "description": "When the ferry leaves", "input_schema": schema}}
	}
	x := s.chat(ctx, "When does the ferry leave from Oslo? Use the tool.", 256, extra)
	d := telltale.Diagnose(x)
	switch {
	case d.Cause == fault.ToolCalls:
		return good("the model called the tool in " + took(x))
	case d.OK(), d.Cause == fault.Truncated:
		return warn("the model answered in words instead of calling the tool", "Use a model that is documented for tools, or set tool_choice.")
	case d.Cause == fault.UnsupportedParameter:
		r := judged(d)
		r.State = Warning
		return r
	}
	return judged(d)
}

func runImage(ctx context.Context, s *session) Result {
	if s.o.ImageModel == "" {
		return skipped("not asked for: --image-model makes one picture, at its price")
	}
	x := s.ask(ctx, http.MethodPost, "/images/generations", telltale.Images, map[string]any{"model": s.o.ImageModel, "prompt": "A red circle on a white ground", "n": 1})
	if d := telltale.Diagnose(x); !d.OK() {
		return judged(d)
	}
	return good(s.o.ImageModel + " made a picture in " + took(x) + "; fetch pictures at once, because their URLs expire")
}

func runVideo(ctx context.Context, s *session) Result {
	if s.o.VideoModel == "" {
		return skipped("not asked for: --video-model orders one video, at its price")
	}
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	w.WriteField("model", s.o.VideoModel)
	w.WriteField("prompt", "A ferry leaves a quiet harbour")
	w.Close()
	x := s.send(ctx, http.MethodPost, "/videos", telltale.VideoCreate, w.FormDataContentType(), form.Bytes())
	d := telltale.Diagnose(x)
	if !d.OK() {
		return judged(d)
	}
	var task struct {
		ID     string `json:"id"`
		TaskID string `json:"task_id"`
	}
	_ = json.Unmarshal(x.Response.Body, &task)
	if task.ID == "" {
		task.ID = task.TaskID
	}
	if task.ID == "" {
		return fail("the order was taken, but no task id came", "Look at the answer with curl -i: this endpoint may have another shape for videos.")
	}
	select {
	case <-time.After(5 * time.Second): // a task may be unknown just after its creation
	case <-ctx.Done():
	}
	poll := s.ask(ctx, http.MethodGet, "/videos/"+url.PathEscape(task.ID), telltale.VideoPoll, nil)
	poll.TaskAge = 5 * time.Second
	if d = telltale.Diagnose(poll); !d.OK() {
		return judged(d)
	}
	return good(fmt.Sprintf("the order was taken and the task is known (%s); it is not waited for", d.Cause))
}
