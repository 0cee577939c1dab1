package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

//go:generate go run . demo --markdown ../../docs/guide.md

// guidePoint is a row or point of the guide: what it says, and what of Telltale does it.
type guidePoint struct{ id, says, does string }

// guideParts are the guide's tables and lists in their order. Each id stands in demoGuide too.
var guideParts = []struct {
	title  string
	points []guidePoint
}{
	{"The three types of failure", []guidePoint{
		{"type hard", "Hard: an HTTP error, the request did not complete", "class `hard`; [causes](causes/README.md)"},
		{"type soft", "Soft: 200, but `finish_reason` is `content_filter` or `length`", "class `soft`; [causes](causes/README.md)"},
		{"type silent", "Silent: 200, everything looks fine, the output is wrong", "class `silent`; [silent failures](silent.md)"},
		{"error structure", "Log message and param; parse the raw body", "`summary`, `provider_message` and `param` of every [diagnosis](explain.md), in the [records](records.md)"},
	}},
	{"HTTP status codes", []guidePoint{
		{"status 400", "400: check `error.param`", "`invalid_request` or `unsupported_parameter` with `param`; not retried; a parameter refused by name is [repaired](recovery.md)"},
		{"status 401", "401: verify the `Bearer <key>` format", "`authentication`, not retried; [`telltale doctor`](doctor.md) checks the key's format"},
		{"status 429", "429: exponential backoff", "`rate_limited` is [retried](recovery.md) with backoff, full jitter and Retry-After; `quota_exhausted` is not"},
		{"status 500", "500: retry with backoff", "`server_error`, [retried](recovery.md); a 500 that is an invalid request is not"},
		{"status 504", "504: retry or use a faster model", "`timeout`, [retried](recovery.md); [fallback](recovery.md) to another model when asked for"},
		{"backoff", "Backoff with jitter against the thundering herd", "full jitter, one time budget, a retry budget: [recovery](recovery.md)"},
	}},
	{"`finish_reason`", []guidePoint{
		{"finish stop", "`stop`: success", "`ok`"},
		{"finish length", "`length`: increase `max_tokens` or shorten the prompt", "`truncated`, action `raise_limit`; [`raise_limit` and `continue`](recovery.md) when asked for"},
		{"finish content_filter", "`content_filter`: rephrase the prompt", "`content_filter`, action `rephrase`, the category where the provider names it"},
		{"finish tool_calls", "`tool_calls`: handle the call, content is null", "`tool_calls` of class `ok`; the arguments are [held to the tool's schema](silent.md)"},
	}},
	{"Silent failures", []guidePoint{
		{"silent empty", "Empty output although it is no tool call", "`empty_output`; [silent failures](silent.md)"},
		{"silent label", "Output that is none of the labels", "`unexpected_output`, from an [expectation](silent.md) by task, header or Go"},
		{"silent json", "Plain text where JSON was expected", "`invalid_json`, from `response_format` alone or an [expectation](silent.md)"},
		{"silent cause: ambiguous", "Cause: ambiguous prompts", "the violated [expectation](silent.md) with what was expected and what came"},
		{"silent cause: format", "Cause: the model ignored format instructions", "`schema_mismatch` with the path; [`reprompt`](recovery.md) asks again with the violation"},
		{"silent cause: length", "Cause: input too short or too long", "`min_length` and `max_length` of an [expectation](silent.md)"},
	}},
	{"Image generation", []guidePoint{
		{"image empty", "Empty `data` array: prompt filtered; check `revised_prompt`", "`content_filter`, likely, with the revised prompt as evidence"},
		{"image response_format", "`response_format` refused by GPT Image 2: use `output_format`", "[repaired](recovery.md) and remembered for the model"},
		{"image n", "`n` > 1 refused by Qwen Image: loop single requests", "[sent as single requests](recovery.md), results merged in order"},
		{"image url", "URL answers 403 later: download immediately", "`url_expired`; pictures are [kept at once](media.md)"},
	}},
	{"Video generation", []guidePoint{
		{"video queued", "Stuck in `queued` for more than 10 minutes: try a different model", "`task_stuck`, after `tasks.queue_limit`; [tasks](media.md)"},
		{"video failed", "`failed` with no detail: prompt filtered", "`content_filter`, likely; [tasks](media.md)"},
		{"video url", "URL answers 403: download immediately", "fetched and [kept](media.md) before the task counts as succeeded"},
		{"video task_not_exist", "`task_not_exist` on the first poll: wait 5 s and retry", "waited out, 5 s and growing, up to 2 minutes; [tasks](media.md)"},
		{"video succeed", "Kling says `succeed`: handle both words", "each provider's status words are [data of the catalogue](media.md)"},
	}},
	{"Debugging checklist: text", []guidePoint{
		{"text: key format", "The API key is correctly formatted", "`authentication`; [`telltale doctor`](doctor.md)"},
		{"text: finish_reason", "`finish_reason` is `stop`", "every answer is judged by it, streams too"},
		{"text: content null", "`content` is not null, or null is expected", "`empty_output` against `tool_calls`"},
		{"text: 4xx or 5xx", "The error is 4xx (fix) or 5xx (retry)", "`retryable` and `action`, by what the answer says and not by the status alone"},
		{"text: validation", "The output passes validation", "[expectations](silent.md)"},
	}},
	{"Debugging checklist: images", []guidePoint{
		{"image: data", "The `data` array is not empty", "`content_filter`, likely"},
		{"image: parameters", "Correct parameters are used", "[repair](recovery.md)"},
		{"image: download", "Downloaded before the URL expired", "[media are kept](media.md)"},
	}},
	{"Debugging checklist: video", []guidePoint{
		{"video: beyond queued", "The task progresses beyond `queued`", "`task_stuck`"},
		{"video: error field", "The error field of a failed task is checked", "the task's `diagnosis`"},
		{"video: download", "Downloaded before the URL expired", "[media are kept](media.md)"},
		{"video: both words", "Handles both `succeed` and `succeeded`", "[task dialects](media.md)"},
	}},
	{"Questions", []guidePoint{
		{"faq: no content", "200 but no content: what happened?", "`content_filter`, `tool_calls`, `truncated` and `empty_output` are told apart"},
		{"faq: filtered", "Was my prompt filtered?", "`content_filter` on text, images and tasks alike"},
		{"faq: when to retry", "When should I retry?", "`retryable`, `retry_after_ms`; done by [recovery](recovery.md)"},
		{"faq: backoff", "What is exponential backoff?", "[recovery](recovery.md)"},
		{"faq: silent", "How do I catch silent failures?", "[silent failures](silent.md)"},
	}},
}

// guidePage is docs/guide.md.
func guidePage() string {
	var b strings.Builder
	b.WriteString(`# The debugging guide, row by row

Telltale does what "AI API Errors: A Practical Debugging Guide for Developers" tells its readers to do by hand. Each row
below names the feature, and the calls of ` + "`telltale demo`" + ` that prove it: the simulator plays the failure, the gateway
answers, and the row must come out as the guide says. ` + "`TestTourOfSingleCalls`" + ` runs the calls that stand alone, and the
script ` + "`demo.txtar`" + ` runs ` + "`telltale demo --once`" + ` whole, tasks included. Where the guide's sample code and its words
disagree, the words hold: its Python example never retries a 429, its text and Telltale do.

This page is written by ` + "`go generate ./cmd/telltale`" + `.
`)
	for _, part := range guideParts {
		fmt.Fprintf(&b, "\n## %s\n\n| the guide | Telltale | in the tour: what the provider sends |\n|---|---|---|\n", part.title)
		for _, p := range part.points {
			var rows []string
			for _, r := range demoRows {
				if slices.Contains(r.at, p.id) {
					rows = append(rows, r.sends)
				}
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", p.says, p.does, strings.Join(rows, "<br>"))
		}
	}
	return b.String()
}

func writeGuidePage(file string) error { return os.WriteFile(file, []byte(guidePage()), 0o644) }
