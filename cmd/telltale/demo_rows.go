package main

import (
	"time"

	"github.com/telltale-ai/telltale/fault"
)

// demoRow is one call of the tour, and what must come out of it.
type demoRow struct {
	part  string   // heading in the printed table
	at    []string // the rows and points of the guide that it stands for; see demoGuide
	sends string   // what the provider sends, in words
	ask   demoAsk
	want  demoWant
	does  string // what Telltale did about it, in words, where attempts and changes do not say it
}

// demoAsk is the call: a POST to path, and what is done with the answer.
type demoAsk struct {
	path   string // through the gateway
	body   string // JSON
	header [2]string
	then   demoThen
}

// demoThen is what follows the answer to a create.
type demoThen int

const (
	thenNothing  demoThen = iota
	thenDownload          // fetch the picture's link once its time is over
	thenTask              // wait for the end of the task
)

// demoWant is what must come out. Class and cause are what broke: those of the first attempt that was not
// healthy, or of the last one.
type demoWant struct {
	class    fault.Class
	cause    fault.Cause
	param    string
	attempts int           // 0: one; -1: any number
	waited   time.Duration // between the attempts, at least
	final    fault.Cause   // of what the client got, where a recovery changed it
	changed  string        // stands in Telltale-Changed
	status   int           // what the client gets; 0: 200
	body     string        // stands in what the client gets
	state    string        // of a task
	polls    int           // at least
	kept     bool          // the media is served by Telltale
}

const (
	chatPath  = "/v1/chat/completions"
	imagePath = "/v1/images/generations"
	videoPath = "/v1/videos"

	ask        = `,"messages":[{"role":"user","content":"When does the ferry leave, and from which pier?"}]`
	classify   = `,"messages":[{"role":"user","content":"Is the sentiment of this review positive, negative or neutral? The ferry was late, but the crew was lovely."}]`
	extract    = `,"messages":[{"role":"user","content":"Extract the total of this invoice as JSON: 14 March, 120 euros, due in 30 days."}],"response_format":{"type":"json_schema","json_schema":{"name":"invoice","schema":{"type":"object","required":["total"],"properties":{"total":{"type":"number"}}}}}`
	weatherFn  = `,"tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","required":["city"],"properties":{"city":{"type":"string"}}}}}]`
	paint      = `,"prompt":"A lighthouse at dusk"`
	labelsWord = "labels=positive|negative|neutral"
)

func chatWith(model, rest string) demoAsk {
	return demoAsk{path: chatPath, body: `{"model":"` + model + `"` + rest + `}`}
}

func (a demoAsk) with(name, value string) demoAsk { a.header = [2]string{name, value}; return a }

func imageWith(model, rest string) demoAsk {
	return demoAsk{path: imagePath, body: `{"model":"` + model + `"` + paint + rest + `}`}
}

func videoWith(path, body string) demoAsk { return demoAsk{path: path, body: body, then: thenTask} }

// demoRows is the tour, in the order of the guide.
var demoRows = []demoRow{
	{part: "HTTP status codes", at: []string{"status 400", "error structure", "text: 4xx or 5xx", "faq: when to retry"},
		sends: "400, error.param messages[0].role", ask: chatWith("gpt-5.4@400", ask),
		want: demoWant{class: fault.Hard, cause: fault.InvalidRequest, param: "messages[0].role", status: 400}},
	{at: []string{"status 401", "type hard"},
		sends: "401 invalid_api_key", ask: chatWith("gpt-5.4@401", ask),
		want: demoWant{class: fault.Hard, cause: fault.Authentication, status: 401}},
	{at: []string{"text: key format"},
		sends: "401 for a key without Bearer", ask: chatWith("gpt-5.4", ask).with("Authorization", "sk-demo-without-a-scheme"),
		want: demoWant{class: fault.Hard, cause: fault.Authentication, status: 401}},
	{at: []string{"status 429", "backoff", "faq: backoff"},
		sends: "429 twice, then 200", ask: chatWith("gpt-5.4@429*2,ok", ask),
		want: demoWant{class: fault.Hard, cause: fault.RateLimited, attempts: 3, final: fault.None}},
	{at: []string{"status 429"},
		sends: "429 with Retry-After: 1, then 200", ask: chatWith("gpt-5.4@429;retry-after=1,ok", ask),
		want: demoWant{class: fault.Hard, cause: fault.RateLimited, attempts: 2, waited: time.Second, final: fault.None}},
	{at: []string{"status 429"},
		sends: "429 insufficient_quota", ask: chatWith("gpt-5.4@insufficient-quota", ask),
		want: demoWant{class: fault.Hard, cause: fault.QuotaExhausted, status: 429}},
	{at: []string{"status 500", "text: 4xx or 5xx"},
		sends: "500, then 200", ask: chatWith("gpt-5.4@500,ok", ask),
		want: demoWant{class: fault.Hard, cause: fault.ServerError, attempts: 2, final: fault.None}},
	{at: []string{"status 504"},
		sends: "504, then 200", ask: chatWith("gpt-5.4@504,ok", ask),
		want: demoWant{class: fault.Hard, cause: fault.Timeout, attempts: 2, final: fault.None}},

	{part: "finish_reason", at: []string{"finish stop", "text: finish_reason"},
		sends: "finish_reason stop", ask: chatWith("gpt-5.4", ask),
		want: demoWant{class: fault.OK, cause: fault.None}},
	{at: []string{"finish length"},
		sends: "finish_reason length", ask: chatWith("gpt-5.4@length", ask),
		want: demoWant{class: fault.Soft, cause: fault.Truncated}},
	{at: []string{"finish content_filter", "type soft", "text: finish_reason", "faq: no content", "faq: filtered"},
		sends: "finish_reason content_filter, content null", ask: chatWith("gpt-5.4@content-filter", ask),
		want: demoWant{class: fault.Soft, cause: fault.ContentFilter}},
	{at: []string{"finish tool_calls", "text: content null", "faq: no content"},
		sends: "finish_reason tool_calls, content null", ask: chatWith("gpt-5.4@tool-calls", ask+weatherFn),
		want: demoWant{class: fault.OK, cause: fault.ToolCalls}},

	{part: "Silent failures", at: []string{"silent empty", "text: content null", "faq: no content"},
		sends: "finish_reason stop, content \"\"", ask: chatWith("gpt-5.4@empty-content", ask),
		want: demoWant{class: fault.Silent, cause: fault.EmptyOutput, attempts: -1}},
	{at: []string{"silent label", "type silent", "text: validation", "faq: silent", "silent cause: ambiguous"},
		sends: "a sentence instead of a label", ask: chatWith("gpt-5.4@wrong-label", classify).with("Telltale-Expect", labelsWord),
		want: demoWant{class: fault.Silent, cause: fault.UnexpectedOutput}},
	{at: []string{"silent json", "text: validation", "faq: silent"},
		sends: "plain text instead of JSON", ask: chatWith("gpt-5.4@not-json", extract),
		want: demoWant{class: fault.Silent, cause: fault.InvalidJSON}},
	{at: []string{"silent cause: format"},
		sends: "JSON of another shape, then the right one", ask: chatWith("gpt-5.4@schema-mismatch,ok", extract).with("Telltale-Recover", "reprompt"),
		want: demoWant{class: fault.Silent, cause: fault.SchemaMismatch, attempts: 2, final: fault.None}},
	{at: []string{"silent cause: length", "faq: silent"},
		sends: "one word where a minimum length is set", ask: chatWith("gpt-5.4@short-output", ask).with("Telltale-Expect", "min_length=20"),
		want: demoWant{class: fault.Silent, cause: fault.UnexpectedOutput}},

	{part: "Images", at: []string{"image empty", "image: data", "faq: filtered"},
		sends: "200, data [] and a revised_prompt", ask: imageWith("dall-e-3@image-empty", ""),
		want: demoWant{class: fault.Soft, cause: fault.ContentFilter}},
	{at: []string{"image response_format", "image: parameters"},
		sends: "400 Unknown parameter: 'response_format'", ask: imageWith("gpt-image-2", `,"response_format":"b64_json"`),
		want: demoWant{class: fault.Hard, cause: fault.UnsupportedParameter, param: "response_format", attempts: 2, final: fault.None, changed: "response_format"}},
	{at: []string{"image n"},
		sends: "400: the model supports only n=1", ask: imageWith("qwen-image", `,"n":2`),
		want: demoWant{class: fault.Hard, cause: fault.UnsupportedParameter, param: "n", attempts: -1, final: fault.None, changed: "n"}},
	{at: []string{"image url", "image: download"},
		sends: "a link that answers 403 five seconds later", ask: demoAsk{path: imagePath, body: `{"model":"dall-e-3@url-expired;after=5s"` + paint + `}`, then: thenDownload},
		want: demoWant{class: fault.Hard, cause: fault.URLExpired, status: 403, kept: true}},

	{part: "Video", at: []string{"video queued", "video: beyond queued"},
		sends: "queued, for ever", ask: videoWith(videoPath, `{"model":"sora-2@video-stuck"`+paint+`}`),
		want: demoWant{class: fault.Soft, cause: fault.TaskStuck}},
	{at: []string{"video failed", "video: error field", "faq: filtered"},
		sends: "failed at once, no reason", ask: videoWith(videoPath, `{"model":"sora-2@video-failed"`+paint+`}`),
		want: demoWant{class: fault.Soft, cause: fault.ContentFilter, state: "failed"}},
	{at: []string{"video url", "video: download"},
		sends: "completed, the link answers 403 five seconds later", ask: videoWith(videoPath, `{"model":"sora-2@url-expired;after=5s;polls=1"`+paint+`}`),
		want: demoWant{class: fault.OK, cause: fault.None, state: "succeeded", kept: true}},
	{at: []string{"video task_not_exist"},
		sends: "400 task_not_exist on the first poll", ask: videoWith("/runwayml/v1/text_to_video", `{"model":"gen4.5@task-not-exist;polls=1","promptText":"A lighthouse at dusk"}`),
		want: demoWant{class: fault.OK, cause: fault.None, state: "succeeded", polls: 3, kept: true}, does: "waited until the provider knew the task"},
	{at: []string{"video succeed", "video: both words"},
		sends: "task_status succeed", ask: videoWith("/kling/v1/videos/text2video", `{"model_name":"kling-v3@ok;polls=1"`+paint+`}`),
		want: demoWant{class: fault.OK, cause: fault.None, state: "succeeded", kept: true}, does: "took succeed for succeeded"},
	{at: []string{"video: both words"},
		sends: "status succeeded", ask: videoWith("/ark/api/v3/contents/generations/tasks", `{"model":"seedance-2@ok;polls=1","content":[{"type":"text","text":"A lighthouse at dusk"}]}`),
		want: demoWant{class: fault.OK, cause: fault.None, state: "succeeded", kept: true}},

	{part: "Beyond the guide", at: []string{"beyond"},
		sends: "connection reset, then 200", ask: chatWith("gpt-5.4@reset,ok", ask),
		want: demoWant{class: fault.Hard, cause: fault.Network, attempts: 2, final: fault.None}},
	{at: []string{"beyond"},
		sends: "a stream that ends in the middle, as if complete", ask: chatWith("gpt-5.4@stream-cut;gap=40ms", ask+`,"stream":true`),
		want: demoWant{class: fault.Soft, cause: fault.StreamInterrupted, body: `"error"`}},
	{at: []string{"beyond"},
		sends: "a web page with status 200", ask: chatWith("gpt-5.4@html-200", ask),
		want: demoWant{class: fault.Silent, cause: fault.NotAPIResponse}},
	{at: []string{"beyond"},
		sends: "a refusal in plain text", ask: chatWith("gpt-5.4@refusal", ask),
		want: demoWant{class: fault.Silent, cause: fault.Refusal}},
}

// demoGuide lists every row and point of the guide: one row of the tour at least stands for each.
var demoGuide = []string{
	"type hard", "type soft", "type silent", "error structure",
	"status 400", "status 401", "status 429", "status 500", "status 504", "backoff",
	"finish stop", "finish length", "finish content_filter", "finish tool_calls",
	"silent empty", "silent label", "silent json", "silent cause: ambiguous", "silent cause: format", "silent cause: length",
	"image empty", "image response_format", "image n", "image url",
	"video queued", "video failed", "video url", "video task_not_exist", "video succeed",
	"text: key format", "text: finish_reason", "text: content null", "text: 4xx or 5xx", "text: validation",
	"image: data", "image: parameters", "image: download",
	"video: beyond queued", "video: error field", "video: download", "video: both words",
	"faq: no content", "faq: filtered", "faq: when to retry", "faq: backoff", "faq: silent",
}
