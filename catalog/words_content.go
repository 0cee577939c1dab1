package catalog

import "github.com/telltale-ai/telltale/fault"

const srcAzureFilter = "https://learn.microsoft.com/en-us/azure/ai-foundry/openai/concepts/content-filter"

// contentWords are the words for moderation and for outputs that went wrong, whoever says them.
var contentWords = []Signature{
	{
		ID: "moderation", Narrow: 1, Cause: fault.ContentFilter,
		Text: []string{"unsafe words", "unsafe word", "risk control system", "is sensitive", "are sensitive", "new_sensitive", "sensitive, please", "unsafe generation", "unsafe_generation", "public error sexual", "public error minor", "public error prominent", "public error violence", "real person", "real people", "human faces", "contains a human face", "contain human face", "contains faces", "recognizable person", "public figure", "celebrity likeness", "copyrighted", "copyright restrictions", "intellectual property", "trademark", "violates the terms of", "against our policies", "against our policy", "not allowed by our safety", "rejected by the safety", "unsafe prompt", "unsafe input", "unsafe output", "deemed unsafe", "包含人脸", "真实人脸", "真人", "人脸信息", "侵权", "版权", "不合规", "涉嫌", "审查", "屏蔽词", "敏感词", "違反", "審查", "content management policy", "content filter", "content_filter", "content policy", "content_policy", "content moderation", "content_moderation", "content safety", "content security", "content warning", "content violates", "content violation", "content exists risk", "content risk", "contents risk", "usage guidelines", "usage policy", "usage policies", "safety policy", "safety policies", "safety system", "safety filter", "safety check", "safety guidelines", "safety violation", "safety concerns", "safety settings", "safety reasons", "safety_check_type", "policy violation", "violates our policies", "violates our usage", "violate our", "violates the policy", "violates policy", "violated our", "violates google's responsible ai", "responsible ai", "responsible_ai", "community guidelines", "acceptable use policy", "prohibited use policy", "prohibited content", "prohibited use", "flagged by", "flagged as", "was flagged", "been flagged", "were flagged", "your prompt was flagged", "output blocked", "blocked by content", "blocked by our", "blocked by safety", "blocked by the safety", "blocked due to", "was blocked by", "prompt was blocked", "prompt is blocked", "prompt blocked", "response was blocked", "response was filtered", "been filtered", "was filtered", "images were filtered", "filtered out because", "filtered words", "filtered due", "moderation", "moderated", "inappropriate content", "inappropriate", "sensitive content", "sensitive information", "sensitive words", "sensitive word", "banned word", "banned prompt", "blacklisted word", "blacklisted words", "forbidden word", "unsafe content", "unsafe or sensitive", "considered high risk", "harmful content", "explicit content", "sexual content", "nsfw", "child safety", "recitation", "prominent people", "third-party content", "data inspection", "data_inspection_failed", "may contain inappropriate", "input data may contain", "output data may contain", "jailbreak", "guardrail intervened", "guardrail blocked", "blocked by guardrail", "risk control", "privacy information", "sensitive content detected", "image safety",
			"敏感", "违规", "违禁", "不安全内容", "内容安全", "安全审核", "审核不通过", "审核未通过", "内容审核", "涉黄", "涉政", "不适当", "违反", "风险内容", "内容风险", "高风险", "政策限制", "политик", "модерац", "contenido inapropiado", "contenu inapproprié", "unangemessene", "不適切", "コンテンツポリシー", "부적절"},
		Not: []string{"resource has been temporarily blocked", "risk of injury", "access terminated", "organization has been disabled", "guardrail restrictions and data policy"},
		Why: "Words of a safety system.", Source: srcAzureFilter,
		Case: &Case{Status: 400, Body: `{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management policy.","param":"prompt","code":"content_filter"}}`},
	},
	{
		ID: "moderation-random", Narrow: 2, Cause: fault.ContentFilter, Retry: RetryYes,
		Text: []string{"try running it again", "try running the request again with", "may pass if repeated", "running it again may", "may succeed if retried", "your request may succeed if"},
		Why:  "The provider rewrites the prompt each time, and says that the same request may pass.", Source: "https://platform.openai.com/docs/guides/image-generation",
		Case: &Case{Status: 400, Body: `{"error":{"code":"content_policy_violation","message":"Your request was rejected as a result of our safety system. If you believe this was done in error, your request may succeed if retried, or by adjusting your prompt."}}`},
	},
	{
		ID: "moderation-code", Narrow: 1, Cause: fault.ContentFilter,
		Codes: []string{"PUBLIC_ERROR_UNSAFE_GENERATION", "PUBLIC_ERROR_SEXUAL", "PUBLIC_ERROR_MINOR_UPLOAD", "PUBLIC_ERROR_PROMINENT_PEOPLE_FILTER_FAILED", "PUBLIC_ERROR_PROMINENT_PEOPLE_UPLOAD", "CONTENT_FILTERED", "NSFW_CONTENT_DETECTED", "content_filter", "content_policy_violation", "moderation_blocked", "content_moderation", "content_moderated", "ResponsibleAIPolicyViolation", "data_inspection_failed", "DataInspectionFailed", "InputTextSensitiveContentDetected", "InputImageSensitiveContentDetected", "InputVideoSensitiveContentDetected", "OutputTextSensitiveContentDetected", "OutputImageSensitiveContentDetected", "OutputVideoSensitiveContentDetected", "OutputAudioSensitiveContentDetected", "SensitiveContentDetected", "SensitiveContentDetected.SevereViolation", "invalid_prompt", "safety", "SAFETY", "safety_violation", "safety_error", "content_flagged", "flagged", "prompt_blocked", "content_violation", "policy_violation", "image_content_policy_violation", "IPInfringementSuspect", "AuditSubmitIllegal", "TaskPromptPolicyViolation", "CreationPolicyViolation", "PromptPolicyViolation", "sensitive_words_detected", "sensitive_words", "PROHIBITED_CONTENT", "RECITATION", "cyber_policy", "cyber_policy_violation", "SAFETY.INPUT.TEXT", "SAFETY.INPUT.IMAGE", "SAFETY.OUTPUT", "INPUT_PREPROCESSING.SAFETY.TEXT", "contentfilter", "content_blocked", "risk_control", "guardrail_intervened", "output_moderation", "input_moderation", "nsfw_content", "nsfw_detected", "bio_policy", "prompt_injection"},
		Why:   "Codes of a safety system.", Source: srcAzureFilter,
		Case: &Case{Status: 400, Body: `{"code":"DataInspectionFailed","message":"nope","request_id":"x"}`},
	},
	{
		ID: "resource-blocked", Narrow: 2, Cause: fault.PermissionDenied,
		Text: []string{"resource has been temporarily blocked because we detected", "your resource has been temporarily blocked"},
		Why:  "The whole resource is blocked, not the prompt: another prompt changes nothing.", Source: srcAzureFilter,
		Case: &Case{Status: 403, Body: `{"error":{"code":"Forbidden","message":"Your resource has been temporarily blocked because we detected behavior that may violate our content policy."}}`},
	},
	{
		ID: "tool-call-broken", Narrow: 2, Cause: fault.InvalidToolCall,
		Text: []string{"failed to call a function", "tool call validation failed", "tool use failed", "tool_use_failed", "tool choice is required, but model did not call a tool", "model did not call a tool", "invalid sequence as part of tooluse", "produced invalid sequence", "model generated invalid tool", "model produced an invalid tool", "malformed function call", "malformed tool call", "malformed_function_call", "failed to parse tool call", "failed to parse function", "error parsing tool call", "invalid tool call generated", "attempted to call tool * which was not in request.tools", "tool call parsing", "model called unknown", "unexpected tool call", "could not parse tool call"},
		Why:  "The model wrote a tool call that does not fit: sampling again may help.", Source: "https://console.groq.com/docs/tool-use",
		Case: &Case{Status: 400, Body: `{"error":{"message":"Failed to call a function. Please adjust your prompt.","type":"invalid_request_error","code":"tool_use_failed","failed_generation":"x"}}`},
	},
	{
		ID: "tool-call-code", Narrow: 2, Cause: fault.InvalidToolCall, Codes: []string{"tool_use_failed", "ModelErrorException.ToolUse", "malformed_tool_call", "invalid_tool_call_generated", "MALFORMED_FUNCTION_CALL", "modelStreamErrorException.ToolUse"},
		Why: "Groq's code for it.", Source: "https://console.groq.com/docs/tool-use", Case: &Case{Status: 400, Body: `{"error": {"message": "no", "code": "tool_use_failed"}}`},
	},
	{
		ID: "json-broken", Narrow: 2, Cause: fault.InvalidJSON,
		Text: []string{"failed to generate json", "failed to validate json", "generated json", "model did not return valid json", "max completion tokens reached before generating a valid document", "could not parse model output as json", "json_validate_failed"},
		Why:  "The model's output is not the JSON that was asked for: sampling again may help.", Source: "https://console.groq.com/docs/structured-outputs",
		Case: &Case{Status: 400, Body: `{"error":{"message":"Failed to generate JSON. Please adjust your prompt.","type":"invalid_request_error","code":"json_validate_failed"}}`},
	},
	{
		ID: "json-broken-code", Narrow: 2, Cause: fault.InvalidJSON, Codes: []string{"json_validate_failed", "json_parse_failed_output"},
		Why: "Groq's code for it.", Source: "https://console.groq.com/docs/structured-outputs", Case: &Case{Status: 400, Body: `{"error": {"message": "no", "code": "json_validate_failed"}}`},
	},
	{
		ID: "token-repeat", Narrow: 1, Cause: fault.Repetition,
		Text: []string{"token repeat limit reached", "repetition detected", "repeating output", "output is repeating", "degenerate output", "loop detected"},
		Why:  "The server stopped a loop.", Source: "https://github.com/ollama/ollama/blob/main/llm/server.go",
		Case: &Case{Status: 500, Body: `{"error":"token repeat limit reached"}`},
	},
	{
		ID: "token-limit-reached", Narrow: 2, Cause: fault.Truncated,
		Text: []string{"token limit reached", "max_tokens or model output limit was reached", "model output limit was reached", "output token limit reached", "maximum output tokens reached", "reached max_tokens", "reached the maximum number of tokens", "could not finish the message because max_tokens"},
		Why:  "The output hit the token limit.", Source: srcOpenAIErrors,
		Case: &Case{Status: 400, Body: `{"error":{"message":"Could not finish the message because max_tokens or model output limit was reached. Please try again with higher max_tokens.","type":"invalid_request_error"}}`},
	},
	{
		ID: "model-refused", Cause: fault.Refusal,
		Text: []string{"model refused", "model declined", "refused to answer", "refused to generate"},
		Why:  "The model declined.", Source: "https://platform.openai.com/docs/guides/structured-outputs#refusals", Case: &Case{Status: 400, Body: `{"error": {"message": "The model refused to generate this."}}`},
	},
}
