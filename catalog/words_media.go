package catalog

import "github.com/telltale-ai/telltale/fault"

const (
	srcComet = "https://apidoc.cometapi.com/errors/error-codes-handling"
	srcSAS   = "https://learn.microsoft.com/en-us/azure/storage/common/storage-sas-overview"
	srcKling = "https://app.klingai.com/global/dev/document-api/apiReference/commonInfo"
)

// mediaWords are the words for tasks and for media URLs, whoever says them.
var mediaWords = []Signature{
	{
		ID: "task-unknown", Narrow: 1, Cause: fault.TaskNotFound,
		Text: []string{"task_not_exist", "task not exist", "task does not exist", "task doesn't exist", "task * does not exist", "task * not found", "task not found", "task id * not found", "task id * not exist", "task_id * not exist", "no such task", "unknown task", "task origin not exist", "video not found", "video * not found", "prediction not found", "generation not found", "job not found", "request not found", "operation * not found", "operation not found", "task expired or not", "invalid task id", "invalid task_id",
			"任务不存在", "任务 * 不存在", "任务未找到", "找不到任务", "задача не найдена"},
		Why: "The id is not known, or not known yet.", Source: "https://apidoc.cometapi.com/api/video/seedance/query",
		Case: &Case{Status: 400, Body: `{"code":"task_not_exist","message":"task_not_exist","data":null}`},
	},
	{
		ID: "task-unknown-code", Narrow: 1, Cause: fault.TaskNotFound, Codes: []string{"task_not_exist", "TaskNotFound", "task_not_found", "task_origin_not_exist", "VideoNotFound", "InvalidTaskId", "JobNotFound"},
		Why: "The id is not known, or not known yet.", Source: "https://platform.vidu.com/docs/error-code",
		Case: &Case{Status: 404, Body: `{"code":"TaskNotFound","message":"nope"}`},
	},
	{
		ID: "task-not-ready", Narrow: 1, Cause: fault.Pending,
		Text:     []string{"task is not completed yet", "not completed yet", "is not complete yet", "is not ready yet", "not ready yet", "still processing", "still in progress", "is still in progress", "still being processed", "is still being", "still running", "is not finished", "not finished yet", "video is not ready", "request is still in progress", "generation is still", "has not finished", "hasn't finished", "任务未完成", "任务处理中", "生成中", "任务进行中", "尚未完成"},
		Status:   []int{4, 5, 2},
		Surfaces: []string{"video_poll", "media_download", "images", "video_create", "responses"},
		Why:      "The task runs; its result is asked for too early.", Source: "https://apidoc.cometapi.com/zh-Hans/api/video/sora-2/official/retrieve-video-content",
		Case: &Case{Status: 400, Surface: "media_download", Body: `Task is not completed yet, current status: NOT_START`},
	},
	{
		ID: "url-expired", Narrow: 2, Cause: fault.URLExpired,
		Text:     []string{"the provided token has expired", "provided token has expired", "token is expired", "expiredtoken", "expired token", "authentication information is not given in the correct format", "request has expired", "signature not valid in the specified time frame", "signature not valid in the specified", "signed expiry time", "expiredrequest", "expired request", "url has expired", "link has expired", "url expired", "signature has expired", "signature expired", "policy expired", "token has expired or is invalid url", "expired token url", "the specified blob does not exist", "the specified key does not exist", "blob not found", "nosuchkey", "no such key", "no such object", "the object does not exist", "链接已过期", "已过期"},
		Status:   []int{400, 401, 403, 404, 410},
		Surfaces: []string{"media_download"},
		Why:      "The link's own deadline is over, or the object behind it is gone.", Source: srcSAS,
		Case: &Case{Status: 403, Surface: "media_download", Body: `<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>`},
	},
	{
		ID: "object-private", Narrow: 2, Cause: fault.PermissionDenied,
		Text: []string{"no right to access this object because of bucket acl", "bucket acl"},
		Why:  "A private object behind a link that was not signed: nothing expired.", Source: "https://help.aliyun.com/zh/oss/user-guide/http-403-status-code",
		Case: &Case{Status: 403, Surface: "media_download", Body: `<Error><Code>AccessDenied</Code><Message>You have no right to access this object because of bucket acl.</Message></Error>`},
	},
	{
		ID: "download-key-missing", Narrow: 2, Cause: fault.Authentication, Surfaces: []string{"media_download"},
		Text: []string{"method doesn't allow unregistered callers", "callers without established identity", "please use api key"},
		Why:  "The file needs the API key, unlike a signed link.", Source: "https://ai.google.dev/gemini-api/docs/video",
		Case: &Case{Status: 403, Surface: "media_download", Body: `{"error":{"code":403,"message":"Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.","status":"PERMISSION_DENIED"}}`},
	},
	{
		ID: "input-media-unreadable", Cause: fault.InvalidRequest,
		Text: []string{"failed to read user input frames", "corrupt_input", "inpaint image must match", "failed to read image", "failed to decode image", "image * could not be", "cannot read image", "image_url * invalid"},
		Why:  "The image that was given cannot be used.", Source: "https://docs.lumalabs.ai/docs/errors", Case: &Case{Status: 422, Body: `{"detail": "Failed to read user input frames"}`},
	},
	{
		ID: "generation-failed-own", Cause: fault.TaskFailed, Retry: RetryYes, Status: []int{2},
		Text: []string{"interrupted; please retry", "prediction interrupted", "internal.bad_output", "generation_failed", "output_not_found", "generation failed due to an internal", "failed due to internal"},
		Why:  "The provider names its own fault.", Source: "https://docs.dev.runwayml.com/errors/task-failures/", Case: &Case{Status: 200, Surface: "video_poll", Provider: "runway", Body: `{"id": "1", "status": "FAILED", "failure": "x", "failureCode": "INTERNAL.BAD_OUTPUT"}`},
	},
}

// providerWords hold only for those who say them.
var providerWords = []Signature{
	{ID: "dashscope-throttle", Narrow: 2, Providers: []string{"dashscope"}, Codes: []string{"insufficient_quota", "Throttling.AllocationQuota", "limit_requests"}, Cause: fault.RateLimited, Window: true,
		Why: "In the compatible mode this word means the token rate; its link leads to #token-limit.", Source: srcAliyunErr,
		Case: &Case{Status: 429, Provider: "dashscope", Body: `{"error":{"message":"You exceeded your current quota, please check your plan and billing details. For more information, see https://help.aliyun.com/zh/model-studio/error-code#token-limit","type":"insufficient_quota","code":"insufficient_quota"}}`}},
	{ID: "dashscope-token-limit", Narrow: 2, Cause: fault.RateLimited, Text: []string{"error-code#token-limit", "help * #token-limit", "currently exceeded its quota"}, Window: true,
		Why: "The link names the token rate limit.", Source: srcAliyunErr,
		Case: &Case{Status: 429, Body: `{"error":{"message":"You exceeded your current quota, please check your plan and billing details: https://help.aliyun.com/zh/model-studio/error-code#token-limit","type":"insufficient_quota","code":"insufficient_quota"}}`}},
	{ID: "zhipu-1302", Narrow: 2, Providers: []string{"zhipu"}, Codes: []string{"1302", "1303"}, Cause: fault.RateLimited, Window: true, Why: "Concurrency and frequency.", Source: srcZhipuErr,
		Case: &Case{Status: 429, Provider: "zhipu", Body: `{"error":{"code":"1302","message":"x"}}`}},
	{ID: "zhipu-1305", Narrow: 2, Providers: []string{"zhipu"}, Codes: []string{"1305", "1312", "1234"}, Cause: fault.Overloaded, Why: "The model has too many requests in all.", Source: srcZhipuErr,
		Case: &Case{Status: 429, Provider: "zhipu", Body: `{"error":{"code":"1305","message":"x"}}`}},
	{ID: "zhipu-1113", Narrow: 2, Providers: []string{"zhipu"}, Codes: []string{"1113", "1112"}, Cause: fault.QuotaExhausted, Why: "No balance or package for this address.", Source: srcZhipuErr,
		Case: &Case{Status: 429, Provider: "zhipu", Body: `{"error":{"code":"1113","message":"x"}}`}},
	{ID: "zhipu-1308", Narrow: 2, Providers: []string{"zhipu"}, Codes: []string{"1304", "1308", "1309", "1310", "1313", "1316", "1317"}, Cause: fault.QuotaExhausted, Window: true, Why: "A plan's window is used up, or the plan is over.", Source: srcZhipuErr,
		Case: &Case{Status: 429, Provider: "zhipu", Body: `{"error":{"code":"1308","message":"x"}}`}},
	{ID: "zhipu-1301", Narrow: 2, Providers: []string{"zhipu"}, Codes: []string{"1301", "1300"}, Cause: fault.ContentFilter, Why: "Unsafe content.", Source: srcZhipuErr,
		Case: &Case{Status: 400, Provider: "zhipu", Body: `{"error":{"code":"1301","message":"x"}}`}},
	{ID: "zhipu-1211", Narrow: 2, Providers: []string{"zhipu"}, Codes: []string{"1211"}, Cause: fault.ModelNotFound, Param: "model", Why: "No such model.", Source: srcZhipuErr,
		Case: &Case{Status: 400, Provider: "zhipu", Body: `{"error":{"code":"1211","message":"x"}}`}},
	{ID: "zhipu-1261", Narrow: 2, Providers: []string{"zhipu"}, Codes: []string{"1261"}, Cause: fault.ContextLengthExceeded, Why: "Prompt over the window.", Source: srcZhipuErr,
		Case: &Case{Status: 400, Provider: "zhipu", Body: `{"error":{"code":"1261","message":"x"}}`}},
	{ID: "zhipu-auth", Narrow: 2, Providers: []string{"zhipu"}, Codes: []string{"1000", "1001", "1002", "1003", "1004"}, Cause: fault.Authentication, Why: "Key missing, wrong or expired.", Source: srcZhipuErr},
	{ID: "zhipu-120x", Narrow: 2, Providers: []string{"zhipu"}, Codes: []string{"1210", "1212", "1213", "1214", "1215"}, Cause: fault.InvalidRequest, Why: "Parameter missing or wrong.", Source: srcZhipuErr},
	{ID: "zhipu-500", Narrow: 2, Providers: []string{"zhipu"}, Codes: []string{"1200", "1230", "1234", "500"}, Cause: fault.ServerError, Why: "Faults of its own.", Source: srcZhipuErr},
	{ID: "minimax-rate", Narrow: 2, Providers: []string{"minimax"}, Codes: []string{"1002", "1039", "1041", "2045"}, Cause: fault.RateLimited, Window: true, Why: "Rate, tokens, connections.", Source: "https://platform.minimax.io/docs/api-reference/errorcode"},
	{ID: "minimax-auth", Narrow: 2, Providers: []string{"minimax"}, Codes: []string{"1004", "2049"}, Cause: fault.Authentication, Why: "Key unknown.", Source: "https://platform.minimax.io/docs/api-reference/errorcode"},
	{ID: "minimax-money", Narrow: 2, Providers: []string{"minimax"}, Codes: []string{"1008", "2056"}, Cause: fault.QuotaExhausted, Why: "Balance or plan window used up.", Source: "https://platform.minimax.io/docs/api-reference/errorcode", Case: &Case{Status: 200, Provider: "minimax", Body: `{"base_resp": {"status_code": 2056, "status_msg": "x"}}`}},
	{ID: "minimax-filter", Narrow: 2, Providers: []string{"minimax"}, Codes: []string{"1026", "1027"}, Cause: fault.ContentFilter, Why: "Sensitive input or output.", Source: "https://platform.minimax.io/docs/api-reference/errorcode",
		Case: &Case{Status: 200, Provider: "minimax", Body: `{"base_resp":{"status_code":1026,"status_msg":"x"}}`}},
	{ID: "minimax-param", Narrow: 2, Providers: []string{"minimax"}, Codes: []string{"2013", "1042"}, Cause: fault.InvalidRequest, Why: "Parameters.", Source: "https://platform.minimax.io/docs/api-reference/errorcode"},
	{ID: "minimax-fault", Narrow: 2, Providers: []string{"minimax"}, Codes: []string{"1000", "1013", "1024", "1033"}, Cause: fault.ServerError, Why: "Faults of its own.", Source: "https://platform.minimax.io/docs/api-reference/errorcode"},
	{ID: "minimax-timeout", Narrow: 2, Providers: []string{"minimax"}, Codes: []string{"1001"}, Cause: fault.Timeout, Why: "Timeout.", Source: "https://platform.minimax.io/docs/api-reference/errorcode", Case: &Case{Status: 200, Provider: "minimax", Body: `{"base_resp": {"status_code": 1001, "status_msg": "x"}}`}},
	{ID: "kling-auth", Narrow: 2, Providers: []string{"kling"}, Codes: []string{"1000", "1001", "1002", "1003", "1004"}, Cause: fault.Authentication, Why: "Authentication codes.", Source: srcKling, Case: &Case{Status: 401, Provider: "kling", Body: `{"code": 1004, "message": "x"}`}},
	{ID: "kling-account", Narrow: 2, Providers: []string{"kling"}, Codes: []string{"1100", "1103"}, Cause: fault.PermissionDenied, Why: "Account codes.", Source: srcKling, Case: &Case{Status: 403, Provider: "kling", Body: `{"code": 1103, "message": "x"}`}},
	{ID: "kling-money", Narrow: 2, Providers: []string{"kling"}, Codes: []string{"1101", "1102"}, Cause: fault.QuotaExhausted, Why: "Arrears, or the pack is used up or expired.", Source: srcKling,
		Case: &Case{Status: 429, Provider: "kling", Body: `{"code":1102,"message":"x"}`}},
	{ID: "kling-request", Narrow: 2, Providers: []string{"kling"}, Codes: []string{"1200", "1201", "1202"}, Cause: fault.InvalidRequest, Why: "Bad request, parameters, method.", Source: srcKling, Case: &Case{Status: 400, Provider: "kling", Body: `{"code": 1201, "message": "x"}`}},
	{ID: "kling-model", Narrow: 2, Providers: []string{"kling"}, Codes: []string{"1203"}, Cause: fault.ModelNotFound, Why: "No such resource or model.", Source: srcKling, Case: &Case{Status: 404, Provider: "kling", Body: `{"code": 1203, "message": "x"}`}},
	{ID: "kling-filter", Narrow: 2, Providers: []string{"kling"}, Codes: []string{"1300", "1301"}, Cause: fault.ContentFilter, Why: "Safety policy.", Source: srcKling, Case: &Case{Status: 400, Provider: "kling", Body: `{"code": 1301, "message": "x"}`}},
	{ID: "kling-rate", Narrow: 2, Providers: []string{"kling"}, Codes: []string{"1302", "1303"}, Cause: fault.RateLimited, Window: true, Why: "Too fast, or more tasks at once than the pack allows.", Source: srcKling,
		Case: &Case{Status: 429, Provider: "kling", Body: `{"code":1303,"message":"x"}`}},
	{ID: "kling-fault", Narrow: 2, Providers: []string{"kling"}, Codes: []string{"5000", "5001", "5002"}, Cause: fault.ServerError, Why: "Faults of its own.", Source: srcKling, Case: &Case{Status: 503, Provider: "kling", Body: `{"code": 5001, "message": "x"}`}},
	{ID: "vidu-concurrency", Narrow: 2, Providers: []string{"vidu"}, Codes: []string{"QuotaExceeded"}, Cause: fault.RateLimited, Why: "Its word for tasks at once, not for money.", Source: "https://platform.vidu.com/docs/error-code",
		Case: &Case{Status: 429, Provider: "vidu", Body: `{"code":"QuotaExceeded","message":"x"}`}},
	{ID: "replicate-throttle", Narrow: 2, Cause: fault.RateLimited, Text: []string{"request was throttled", "rate limit for creating predictions"}, Window: true,
		Why: "With little credit the rate is lowered; waiting works.", Source: "https://replicate.com/docs/topics/predictions/rate-limits",
		Case: &Case{Status: 429, Body: `{"detail":"Request was throttled. Your rate limit for creating predictions is reduced to 6 requests per minute while you have less than $5.0 in credit.","status":429,"retry_after":5}`}},
	{ID: "fal-locked", Narrow: 2, Cause: fault.QuotaExhausted, Text: []string{"user is locked. reason: exhausted balance", "user is locked"}, Why: "Balance, or a lock by the administration.", Source: "https://docs.fal.ai/errors",
		Case: &Case{Status: 403, Body: `{"detail":"User is locked. Reason: Exhausted balance."}`}},
	{ID: "cohere-498", Narrow: 2, Providers: []string{"cohere"}, Status: []int{498}, Text: []string{"blocked", "prompt"}, Cause: fault.ContentFilter, Why: "Its own status for a blocked prompt.", Source: "https://docs.cohere.com/reference/errors"},
	{ID: "newapi-saturated", Cause: fault.RateLimited, Likely: true, Text: []string{"当前分组上游负载已饱和", "当前分组负载已饱和", "upstream load of the current group is saturated"},
		Why: "The family of gateways writes this over every upstream 429; the truth, if any is left, stands in type, code or param.", Source: srcNewAPI,
		Case: &Case{Status: 429, Body: `{"error":{"message":"当前分组上游负载已饱和，请稍后再试","type":"new_api_error","param":"","code":null}}`}},
	{ID: "cloudflare-4006", Narrow: 2, Cause: fault.QuotaExhausted, Text: []string{"daily free allocation", "used up your daily"}, Why: "Neurons per day; reset at midnight UTC.", Source: "https://developers.cloudflare.com/workers-ai/platform/pricing/",
		Case: &Case{Status: 429, Body: "4006: you have used up your daily free allocation of 10,000 neurons"}},
	{ID: "anthropic-long-context", Narrow: 2, Cause: fault.PermissionDenied, Text: []string{"long context beta is not yet available", "long context beta"}, Why: "An entitlement of the plan.", Source: srcAnthropicErr, Case: &Case{Status: 400, Body: `{"type": "error", "error": {"type": "invalid_request_error", "message": "The long context beta is not yet available for this subscription."}}`}},
	{ID: "fal-runner", Narrow: 1, Cause: fault.ServerError, Codes: []string{"runner_disconnected", "runner_incomplete_response", "runner_server_error", "runner_connection_error", "runner_connection_refused"}, Why: "A fault behind its own gateway, named by X-Fal-Error-Type; the status is that of a gateway.", Source: "https://docs.fal.ai/errors",
		Case: &Case{Status: 503, Body: `{"detail":"The runner went away.","error_type":"runner_disconnected"}`}},
	{ID: "google-internal", Cause: fault.ServerError, Providers: []string{"gemini", "vertex"}, Codes: []string{"13", "2", "15"}, Status: []int{2}, Why: "The number of gRPC for internal errors, in an operation.", Source: "https://grpc.io/docs/guides/status-codes/",
		Case: &Case{Status: 200, Provider: "gemini", Body: `{"error":{"code":13,"message":"x"}}`}},
	{ID: "google-unavailable", Cause: fault.Overloaded, Providers: []string{"gemini", "vertex"}, Codes: []string{"14"}, Status: []int{2}, Why: "The number of gRPC for a service that is not there just now.", Source: "https://grpc.io/docs/guides/status-codes/",
		Case: &Case{Status: 200, Provider: "gemini", Body: `{"error":{"code":14,"message":"x"}}`}},
	{ID: "baidu-request", Narrow: 1, Cause: fault.InvalidRequest, Codes: []string{"336001", "336002", "336003", "336004", "336005", "336006", "336007", "336104"}, Why: "Baidu's numbers for a request that is at fault.", Source: "https://cloud.baidu.com/doc/WENXINWORKSHOP/s/tlmyncueh",
		Case: &Case{Status: 200, Surface: "chat", Body: `{"error_code":336003,"error_msg":"x"}`}},
	{ID: "baidu-window", Narrow: 1, Cause: fault.ContextLengthExceeded, Codes: []string{"336103"}, Why: "Baidu's number for too many prompt tokens.", Source: "https://cloud.baidu.com/doc/WENXINWORKSHOP/s/tlmyncueh",
		Case: &Case{Status: 200, Surface: "chat", Body: `{"error_code":336103,"error_msg":"x"}`}},
	{ID: "baidu-rate", Narrow: 1, Cause: fault.RateLimited, Codes: []string{"336501", "336502", "336503", "336504", "336505"}, Why: "Baidu's numbers for requests and tokens per minute.", Source: "https://cloud.baidu.com/doc/WENXINWORKSHOP/s/tlmyncueh",
		Case: &Case{Status: 200, Surface: "chat", Body: `{"error_code":336501,"error_msg":"x"}`}},
	{ID: "veo-audio", Narrow: 2, Cause: fault.ContentFilter, Retry: RetryYes, Text: []string{"could not generate audio", "generated audio", "audio * filtered", "issue with the audio"}, Status: []int{2},
		Why: "Veo's audio filter is random: the same input often passes when it is repeated.", Source: "https://ai.google.dev/gemini-api/docs/video", Case: &Case{Status: 200, Surface: "video_poll", Provider: "gemini", Body: `{"done": true, "response": {"generateVideoResponse": {"raiMediaFilteredCount": 1, "raiMediaFilteredReasons": ["We encountered an issue with the audio for your prompt."]}}}`}},
	{ID: "veo-route", Narrow: 2, Cause: fault.EndpointNotFound, Text: []string{"must be accessed through predictlongrunning", "predictlongrunning"}, Why: "Veo answers on another method only.", Source: "https://ai.google.dev/gemini-api/docs/video", Case: &Case{Status: 429, Body: `{"error": {"code": 429, "message": "Veo must be accessed through PredictLongRunning.", "status": "RESOURCE_EXHAUSTED"}}`}},
	{ID: "mj-banned", Narrow: 2, Surfaces: []string{"images", "video_create"}, Codes: []string{"24"}, Status: []int{2}, Providers: []string{"midjourney"}, Cause: fault.ContentFilter, Why: "Submit code 24: a banned word.", Source: "https://github.com/novicezk/midjourney-proxy", Case: &Case{Status: 200, Provider: "midjourney", Surface: "images", Body: `{"code": 24, "description": "x"}`}},
	{ID: "mj-full", Narrow: 2, Providers: []string{"midjourney"}, Codes: []string{"23"}, Status: []int{2}, Cause: fault.Overloaded, Why: "Submit code 23: the queue is full.", Source: "https://github.com/novicezk/midjourney-proxy", Case: &Case{Status: 200, Provider: "midjourney", Surface: "images", Body: `{"code": 23, "description": "x"}`}},
	{ID: "mj-no-account", Narrow: 2, Providers: []string{"midjourney"}, Codes: []string{"3"}, Status: []int{2}, Cause: fault.ModelNotFound, Why: "Submit code 3: no account that could do it.", Source: "https://github.com/novicezk/midjourney-proxy", Case: &Case{Status: 200, Provider: "midjourney", Surface: "images", Body: `{"code": 3, "description": "x"}`}},
	{ID: "bedrock-model-error", Narrow: 2, Cause: fault.InvalidToolCall, Text: []string{"produced invalid sequence as part of tooluse"}, Why: "The model wrote a broken tool call.", Source: srcBedrock,
		Case: &Case{Status: 424, Body: `{"message":"Model produced invalid sequence as part of ToolUse."}`}},
	{ID: "bedrock-conn", Narrow: 2, Cause: fault.Overloaded, Text: []string{"too many connections"}, Why: "The queue of the provider.", Source: srcBedrock, Case: &Case{Status: 503, Body: `{"message": "Too many connections"}`}},
	{ID: "forbidden-edge", Narrow: 2, Providers: []string{"anthropic"}, Cause: fault.PermissionDenied, Text: []string{"request not allowed"}, Why: "The edge refuses region or address.", Source: srcAnthropicErr,
		Case: &Case{Status: 403, Body: `{"error":{"type":"forbidden","message":"Request not allowed"}}`}},
}

func builtinSignatures() []Signature {
	var all []Signature
	for _, l := range [][]Signature{limitWords, accessWords, requestWords, contentWords, serverWords, mediaWords, providerWords} {
		all = append(all, l...)
	}
	return all
}
