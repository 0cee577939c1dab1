package telltale

import "strings"

// quiet keys hold what the caller sent, what a model wrote, or noise: nothing there says what broke.
var quiet = map[string]bool{
	"failed_generation": true, "input": true, "inputs": true, "prompt": true, "messages": true, "request": true,
	"previous_errors": true, "traceback": true, "stack": true, "stack_trace": true, "stacktrace": true,
	"documentation_url": true, "links": true, "url": true, "schema": true, "provider_name": true, "user_id": true,
	"model": true, "output": true, "content": true, "tools": true, "text_format": true, "instructions": true,
	"previous_response_id": true, "metadata_headers": true, "remedy_hint": true, "localized_message": true, "usage": true,
	"safetyRatings": true, "choices": true, "candidates": true, "created": true, "created_at": true, "user": true,
}

// codeKeys hold short words that say what kind of error it is.
var codeKeys = map[string]bool{
	"code": true, "type": true, "status": true, "reason": true, "error_code": true, "errorcode": true, "err_code": true, "errcode": true,
	"name": true, "kind": true, "error_type": true, "errortype": true, "error": true, "title": true, "failurecode": true, "failure_code": true,
	"__type": true, "status_code": true, "statuscode": true, "blockreason": true, "limit_source": true, "ret_code": true, "err": true,
	"internal_code": true, "subcode": true, "category": true, "exception": true, "class": true, "error_name": true, "bizcode": true, "detail": true,
	"message": true, "msg": true, "errors": true, "failreason": true, "finish_reason": true, "stop_reason": true, "task_status_msg": true,
	"fail_reason": true, "failure_reason": true, "failure": true,
}

// sentenceRank says how likely a field holds the sentence for people.
func sentenceRank(key string) int {
	switch strings.ToLower(key) {
	case "message", "msg", "error_message", "error_msg", "errmsg", "status_msg", "errormessage", "message_text":
		return 4
	case "detail", "description", "fail_reason", "failure_reason", "failure", "task_status_msg", "error_description", "failreason", "raw":
		return 3
	case "error", "errors", "reason", "title", "details", "explanation":
		return 2
	}
	return 1
}
