package catalog

import "github.com/telltale-ai/telltale/fault"

const (
	srcOpenAIParam = "https://platform.openai.com/docs/api-reference/chat/create"
	srcBedrock     = "https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html"
)

// requestWords are the words for what is wrong with a request, whoever says them.
var requestWords = []Signature{
	{
		ID: "window-overflow", Narrow: 1, Cause: fault.ContextLengthExceeded,
		Text: []string{"more than max tokens allowed", "max tokens allowed", "token数超过", "token 数超过", "tokens数超过", "token数量超过", "token 数量超过", "超过最大token", "超过了模型", "maximum context length", "context length * exceeded", "context_length_exceeded", "exceeds the context", "exceeds context", "exceed context", "exceed the context", "exceeds the model's context", "exceeds the model's maximum context", "exceeded context", "exceeds the available context size", "longer than the model's context", "context window", "context size", "context length", "max context", "maximum context", "prompt is too long", "prompt too long", "input is too long", "input too long", "input length * exceed", "input length and max_tokens exceed", "input_tokens_exceeded", "too many input tokens", "too many tokens", "exceeds the maximum number of tokens", "exceeds the maximum number of input tokens", "input token count * exceeds", "input tokens exceed", "input token count", "exceeds maximum input", "exceed max input", "maximum input length", "maximum input token", "max input length", "range of input length should be", "reduce the length of the messages", "reduce the length of your", "reduce the length of either", "reduce your prompt", "please reduce the length", "shorten your prompt", "exceeds token limit", "exceeded model token limit", "exceeds the token limit", "exceeds max length", "max_seq_len", "maximum sequence length", "max_model_len", "maximum model length", "sequence length", "`inputs` tokens + `max_new_tokens`", "`inputs` must have less than", "tokens + max_new_tokens", "prompt length", "prompt tokens", "total tokens * exceed", "total number of tokens", "token count * exceeds", "token limit exceeded", "tokens exceed", "too large for model with", "the prompt is * tokens", "input exceeds", "larger than the context", "larger than the maximum context", "n_ctx", "n_keep", "overflow the context", "context overflow", "the input token", "message is too long", "conversation is too long", "text too long", "maximum allowed length of",
			"上下文长度", "上下文窗口", "超过模型最大", "超出模型最大", "超过最大长度", "超出最大长度", "输入过长", "输入长度", "prompt 超长", "prompt超长", "最大上下文", "token 超过", "tokens超", "输入内容过长", "длина контекста", "contexto máximo", "コンテキスト長", "최대 컨텍스트"},
		Not: []string{"per minute", "maximum allowed number of output tokens", "rate limit", "per day", "at most 4096 completion tokens"},
		Why: "Words about the model's window.", Source: srcOpenAIErrors,
		Case: &Case{Status: 400, Body: `{"error":{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.","type":"invalid_request_error"}}`},
	},
	{
		ID: "window-code", Narrow: 1, Cause: fault.ContextLengthExceeded,
		Codes: []string{"context_length_exceeded", "exceed_context_size_error", "exceed_context_size", "context_window_exceeded", "ContextWindowExceededError", "model_context_window_exceeded", "string_above_max_length_tokens", "prompt_too_long", "input_too_long", "max_context_length_exceeded", "context_limit_exceeded", "TokenLimitExceeded", "InvalidParameter.InputTooLong", "context_too_long", "too_many_input_tokens"},
		Why:   "Codes about the model's window.", Source: srcOpenAIErrors,
		Case: &Case{Status: 400, Body: `{"error":{"code":"context_length_exceeded","message":"too much"}}`},
	},
	{
		ID: "size", Narrow: 1, Cause: fault.RequestTooLarge,
		Text: []string{"size cannot exceed", "request size", "exceed * bytes", "exceeds * bytes", "tokens per submitted batch", "tokens per batch", "request entity too large", "payload too large", "payload size exceeds", "request payload size", "content too large", "entity too large", "body too large", "request body is too large", "request body too large", "body exceeded", "request too large", "request exceeds the maximum size", "request_too_large", "maximum request size", "exceeds the maximum allowed size", "exceeds the maximum size", "exceeds maximum size", "exceeds the size limit", "file too large", "file is too large", "image exceeds", "image is too large", "image too large", "image dimensions exceed", "exceed max allowed size", "exceeds max allowed size", "video is too large", "too large: maximum", "maximum content size limit", "string too long", "string_above_max_length", "array too long", "too many images", "too many files", "too many pages", "max payload", "413 request", "content length limit", "exceeded the maximum allowed", "is too large. max", "uri too long", "header fields too large",
			"文件过大", "图片过大", "图片大小", "文件大小", "请求体过大", "请求过大", "слишком большой"},
		Not:    []string{"max_tokens is too large", "must be at least"},
		Status: []int{413, 400, 422, 2, 5, 0, 414, 431, 429},
		Why:    "Words about bytes.", Source: srcAnthropicErr,
		Case: &Case{Status: 413, Body: `{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}`},
	},
	{
		ID: "size-code", Narrow: 1, Cause: fault.RequestTooLarge,
		Codes: []string{"request_too_large", "payload_too_large", "file_too_large", "image_too_large", "string_above_max_length", "PayloadTooLarge", "RequestEntityTooLargeException", "RequestEntityTooLarge", "body_too_large", "content_too_large", "EntityTooLarge", "max_size_exceeded", "FileSizeExceeded"},
		Why:   "Codes about bytes.", Source: srcAnthropicErr,
		Case: &Case{Status: 400, Body: `{"error":{"message":"no","code":"file_too_large"}}`},
	},
	{
		ID: "parameter-unknown", Narrow: 1, Cause: fault.UnsupportedParameter,
		Text: []string{"unknown parameter", "unsupported parameter", "unrecognized request argument", "unrecognized request parameter", "unrecognized argument", "unrecognized parameter", "unrecognized field", "unrecognised field", "unrecognized key", "unknown argument", "unknown name", "unknown field", "unknown property", "unexpected keyword argument", "unexpected parameter", "unexpected field", "unexpected property", "extra inputs are not permitted", "extra fields not permitted", "extra_forbidden", "extra field", "extraneous key", "additional properties are not allowed", "additional property", "property * is unsupported", "does not support parameter", "does not support the parameter", "not support parameter", "parameter * is not supported", "parameter * not supported", "parameter is not supported", "parameters are not supported", "argument not supported", "field is not supported", "property is not supported", "is not a supported parameter", "is not a valid parameter", "not a permitted field", "is not allowed in", "unsupported option", "unsupportedparamserror", "unsupported params", "drop these params", "is deprecated for this model", "unsupported field", "parameter.enable_thinking must be set to false", "no longer supported for this model",
			"不支持的参数", "参数不支持", "不支持参数", "不支持该参数", "未知参数", "неизвестный параметр", "неподдерживаемый параметр", "parámetro desconocido", "paramètre inconnu"},
		Why: "The parameter itself is not taken.", Source: srcOpenAIParam,
		Case: &Case{Status: 400, Body: `{"error":{"message":"Unknown parameter: 'response_format'.","type":"invalid_request_error","param":"response_format","code":"unknown_parameter"}}`},
	},
	{
		ID: "parameter-unknown-code", Narrow: 1, Cause: fault.UnsupportedParameter,
		Codes: []string{"unsupported_parameter", "unknown_parameter", "unsupported_value", "unsupported_argument", "unsupported_request_parameter", "invalid_size", "UnsupportedParameter", "extra_forbidden", "unrecognized_keys", "UnsupportedParams", "unsupported_country_never", "unsupported_format", "unsupported_field", "unsupported_feature", "feature_not_supported", "invalid_enum_value", "literal_error", "enum"},
		Why:   "Codes for a parameter, or one of a fixed set of values, that is not taken.", Source: srcOpenAIParam, Case: &Case{Status: 400, Body: `{"error": {"message": "no", "code": "unsupported_parameter", "param": "x_y"}}`},
	},
	{
		ID: "value-of-set", Narrow: 1, Cause: fault.UnsupportedParameter,
		Text: []string{"must be 1\n", "must be 1.", "must be 1,", "must be 1 ", "must be set to 1", "must equal 1", "provide n=1", "set n=1", "use n=1", "n=1 for", "must be 'text'", "must be either", "should be either", "must be '", `must be "`, "must be any of", "unsupported type:", "allowed sizes", "allowed roles", "valid sizes", "valid roles", "supported modes", "supported models for", "expects one of", "枚举", "仅支持以下", "取值应为", "必须是以下", "可选范围", "is allowed for this model", "are allowed for this model", "allowed for this model", "unsupported value", "supported values are", "supported values", "allowed values", "valid values are", "valid options are", "valid options", "available options", "permitted values", "accepted values", "possible values", "must be one of", "should be one of", "is not one of", "not one of", "expected one of", "one of the following", "input should be '", "input should be \"", "is not a valid enum", "unknown variant", "unknown enum", "supported levels", "supported formats", "supported sizes", "supported roles", "supported aspect", "supported resolutions", "supported languages", "invalid enum", "expected 'system', 'user'", "size is not supported", "not a supported", "only the default (1) value is supported", "only supports values", "only supported values", "with n=1", "only n=1", "n=1 is supported", "n must be 1", "only supports n=1", "n > 1", "multiple candidates is not enabled", "candidate_count must be 1", "invalid size", "unsupported size", "invalid quality", "unsupported aspect ratio", "unsupported resolution", "unsupported role", "unsupported image format", "unsupported media type",
			"可选值", "取值范围为[", "支持的尺寸", "支持的值"},
		Not: []string{"must be one of your"},
		Why: "One value out of a fixed set is not taken.", Source: srcOpenAIParam,
		Case: &Case{Status: 400, Body: `{"error":{"message":"Invalid value: 'hd'. Supported values are: 'low', 'medium', and 'high'.","type":"invalid_request_error","param":"quality","code":"invalid_value"}}`},
	},
	{
		ID: "not-supported", Cause: fault.UnsupportedParameter,
		Text: []string{"is not a supported", "isn't available for", "not available for this", "は対応していません", "非対応", "no soporta", "ne prend pas en charge", "is enabled only for api versions", "enabled only for", "only enabled for", "not enabled for api version", "param requires", "requires --", "not currently supported", "isn't currently supported", "not yet supported", "is not yet supported", "not implemented for", "not support this", "has no support", "is not supported with this model", "not supported with this model", "not supported by this model", "not supported for this model", "not supported by the model", "not supported in this model", "is not supported by model", "not supported when", "does not support", "doesn't support", "do not support", "not support", "is not supported", "are not supported", "not supported", "isn't supported", "aren't supported", "is unsupported", "unsupported", "is not enabled for models/", "penalty is not enabled", "is not enabled for this model", "not enabled for this model", "not allowed for this model", "not allowed with this model", "not available for this model", "not available with this model", "only supports", "only supported for", "only supported with", "only supported by", "only available for * models", "support tool use", "support image input", "support cache control", "that support", "cannot disable", "can't be disabled", "must be enabled", "is only available on", "no support for", "current user api does not support", "tool use with function calling is unsupported", "requires * to be", "not permitted for this model", "thinking is not",
			"不支持", "暂不支持", "не поддерживает", "no admite", "no es compatible", "n'est pas pris en charge", "wird nicht unterstützt", "サポートされていません", "지원하지 않"},
		Status: []int{400, 404, 403, 422, 2, 5, 0, 405, 415, 401},
		Why:    "A feature that this model or endpoint does not have.", Source: srcOpenAIParam,
		Case: &Case{Status: 400, Body: `{"error":{"message":"registry.ollama.ai/library/gemma:2b does not support tools","type":"api_error","param":null,"code":null}}`},
	},
	{
		ID: "request-bounds", Narrow: 1, Cause: fault.InvalidRequest,
		Text: []string{"valid range of", "is less than the minimum", "is greater than the maximum", "less than or equal to", "greater than or equal to", "must be less than", "must be greater than", "must be at least", "must be at most", "must be between", "should be between", "must be in the range", "must be in range", "in the range [", "should be in [", "range of", "out of range", "outside the range", "is too large:", "is too small", "max_tokens is too large", "supports at most", "must not exceed", "cannot exceed", "exceeds the maximum value", "maximum allowed number of output tokens", "which is the maximum allowed", "maximum value", "minimum value", "below the minimum", "above the maximum", "integer_below_min_value", "decimal_above_max_value", "must be positive", "must be a positive", "non-negative", "divisible by", "multiple of", "pixels", "aspect ratio must", "too many stop", "too many messages", "exceeds limit of * tools", "maximum number of", "max number of", "at least 1", "expected maximum length", "budget_tokens",
			"取值范围", "不能超过", "不能大于", "不能小于", "必须大于", "必须小于", "超出范围", "范围应", "должно быть меньше", "debe ser menor"},
		Not: []string{"context length", "per minute", "maximum context"},
		Why: "A number out of its bounds.", Source: srcOpenAIParam,
		Case: &Case{Status: 400, Body: `{"error":{"message":"Invalid max_tokens value, the valid range of max_tokens is [1, 8192]","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}`},
	},
	{
		ID: "request-contradiction", Narrow: 1, Cause: fault.InvalidRequest,
		Text: []string{"cannot be used together", "cannot be used with", "can not be used with", "can't be used with", "cannot be combined", "can't be combined", "cannot be specified together", "cannot both", "can't both", "mutually exclusive", "cannot use both", "can't use both", "cannot set both", "cannot specify both", "can't specify both", "can only specify one of", "only one of", "not both", "may not be enabled when", "cannot be enabled when", "is incompatible with", "are incompatible with", "incompatible with", "not compatible with", "conflicts with", "conflicting", "in conflict with", "contradict", "cannot be set when", "must not be set when", "不能同时", "互斥", "взаимоисключ"},
		Why:  "Two parameters that exclude each other: neither is refused by itself.", Source: srcOpenAIParam,
		Case: &Case{Status: 400, Body: `{"error":{"message":"tools and grammar cannot be used together","type":"invalid_request_error"}}`},
	},
	{
		ID: "request-missing", Cause: fault.InvalidRequest,
		Text: []string{"can not be empty", "can not be null", "can not be blank", "cannot be blank", "must not be blank", "may not be blank", "may not be null", "may not be empty", "is too short", "未提供", "未填写", "未指定", "不可为空", "is a required property", "is required", "are required", "field required", "required parameter", "missing required", "missing parameter", "missing a thought_signature", "missing field", "is missing", "must be provided", "must be specified", "must be set", "must provide", "must specify", "you must provide", "please provide", "must not be empty", "cannot be empty", "can't be empty", "should not be empty", "must be non-empty", "must have non-empty", "is empty", "cannot be null", "must not be null", "must be passed back", "must contain", "must include", "must have", "should have", "model name is required", "no body", "empty body", "empty messages", "no messages", "no prompt", "request body is empty", "at position * must not be empty", "no input", "not provided", "wasn't provided", "not specified",
			"不能为空", "缺少", "必填", "必须提供", "未传入", "не указан", "обязательн", "es obligatorio", "est requis", "erforderlich", "必須"},
		Not: []string{"api key", "access is required", "authentication is required", "payment", "verification is required", "subscription", "usage is required", "header is required"},
		Why: "Something is not there.", Source: srcOpenAIParam,
		Case: &Case{Status: 500, Body: `{"error":{"message":"field messages is required (request id: 1)","type":"comet_api_error","param":"","code":"invalid_request"}}`},
	},
	{
		ID: "request-malformed", Cause: fault.InvalidRequest,
		Text: []string{"cache content", "cached content", "cachedcontent", "not found: cache", "malformed input request", "malformed request", "malformed json", "malformed", "could not parse the json body", "could not parse", "couldn't parse", "failed to parse", "cannot parse", "unable to parse", "parse error", "parsing error", "not valid json", "invalid json", "json decode error", "json parse error", "unexpected end of json", "unexpected character", "deserialize", "unmarshal", "cannot convert", "not a valid json", "is not a valid", "is not of type", "invalid type", "expected a string", "expected an object", "expected an array", "expected array", "expected string", "but got", "instead of", "must be a string", "must be a valid", "must be an array", "must be a list", "must be an integer", "must be a number", "must be a boolean", "must be an object", "valid string", "valid integer", "valid list", "valid dictionary", "valid number", "invalid value", "invalid message", "invalid messages", "invalid schema", "invalid 'messages", "invalid input", "invalid base64", "invalid image", "invalid url", "invalid format", "invalid content", "invalid role", "invalid tool", "invalid function", "invalid prompt format", "invalid payload", "invalid body", "value error", "wrong type", "wrong format", "incorrect format", "not a valid url", "not a valid image", "duplicate", "already exists", "roles must alternate", "must alternate", "must be followed by", "must be a response to", "tool_call_id", "tool result", "tool_result", "tool_use ids", "no tool output found", "no tool call found", "tool call * not found", "function response parts", "previous_response_id", "previous response", "item * not found", "encrypted_content", "thought_signature", "reasoning item", "failed to download", "error while downloading", "error downloading", "could not download", "unable to download", "failed to fetch image", "cannot fetch content", "unable to fetch", "failed to load image", "could not process image", "unable to process input image", "cannot identify image file", "image url", "does not represent a valid image", "unsupported image", "corrupt", "expired file", "file * not found", "no such file", "file not found", "not exist in the file", "conversation not found", "assistant not found", "batch not found", "thread not found",
			"参数有误", "参数无效", "参数不合法", "无效的参数", "无效参数", "格式错误", "格式不正确", "解析失败", "非法参数", "入参", "неверный запрос", "неверный параметр", "ошибка валидации", "solicitud no válida", "requête invalide", "ungültige anfrage", "不正なリクエスト"},
		Status: []int{400, 422, 2, 0, 404, 409, 5, 403},
		Not:    []string{"api key", "internal server error"},
		Why:    "The request cannot be understood, or contradicts itself or its history.", Source: srcOpenAIParam,
		Case: &Case{Status: 400, Body: `{"error":{"message":"Invalid 'messages[1].content': expected a string, but got an object instead.","type":"invalid_request_error"}}`},
	},
	{
		ID: "resource-unreachable", Narrow: 2, Cause: fault.InvalidRequest,
		Text: []string{"timeout while fetching resource", "timeout while fetching", "timeout while downloading", "timed out while downloading", "timed out while fetching", "download * timed out", "downloading * timed out", "download * timeout", "failed to download image", "failed to download the", "failed to download media", "failed to download file", "unable to download the", "unable to download all", "download the media resource", "download multimodal file", "image download failed", "cannot make get request", "failed to fetch image", "failed to fetch the image", "could not fetch image", "cannot fetch content from the provided url", "unable to fetch image", "failed to load image from", "error downloading image", "图片下载失败", "下载图片失败", "图片下载超时", "文件下载失败", "无法下载", "下载超时", "无法访问的图片"},
		Not:  []string{"result", "output"},
		Why:  "The provider cannot reach what the request points to: its time ran out on the caller's own link, and no wait makes that reachable.", Source: "https://help.aliyun.com/zh/model-studio/error-code",
		Case: &Case{Status: 400, Body: `{"error":{"code":"InvalidParameter","message":"The parameter ` + "`image_url`" + ` is not valid: timeout while fetching resource.","type":"BadRequest"}}`},
	},
	{
		ID: "request-code", Cause: fault.InvalidRequest,
		Codes: []string{"invalid_request", "invalid_parameter", "InvalidParameter", "InvalidParameterValue", "missing_required_parameter", "MissingParameter", "invalid_value", "invalid_type", "integer_below_min_value", "integer_above_max_value", "decimal_above_max_value", "decimal_below_min_value", "empty_array", "array_below_min_length", "invalid_json", "invalid_image_url", "invalid_image_format", "invalid_base64", "image_parse_error", "invalid_image", "invalid_function_parameters", "invalid_encrypted_content", "previous_response_not_found", "duplicate_item", "missing", "json_invalid", "greater_than", "less_than", "greater_than_equal", "less_than_equal", "too_long_list", "string_type", "int_parsing", "missing_field", "invalid_field", "invalid_messages", "invalid_schema", "unsupported_request_value", "integer_too_large"},
		Why:   "Codes for a request that is at fault.", Source: srcOpenAIParam,
		Case: &Case{Status: 500, Body: `{"error":{"message":"nope","type":"comet_api_error","param":"","code":"invalid_request"}}`},
	},
	{
		ID: "request-kind", Cause: fault.InvalidRequest, Weak: true,
		Codes: []string{"invalid_request_error", "BadRequestError", "INVALID_ARGUMENT", "FAILED_PRECONDITION", "OUT_OF_RANGE", "ValidationException", "invalid_parameter_error", "BadRequest", "Bad Request", "InvalidRequest", "validation_error", "ValidationError", "value_error", "invalid_argument", "client_error", "Client specified an invalid argument", "image_generation_user_error", "video_generation_user_error", "UnprocessableEntityError", "unprocessable_entity"},
		Why:   "The kind that covers nearly every refusal: parameters, models, money, keys, content.", Source: srcOpenAIErrors,
	},
	{
		ID: "request-duty", Cause: fault.InvalidRequest, Weak: true, Status: []int{2, 400, 422, 500, 0},
		Text: []string{"must be", "must not", "should be", "should not be", "can not be empty", "cannot be", "can not be", "may not be", "has to be", "needs to be", "at least", "at most", "too short", "too long", "too many", "not allowed", "is not valid", "expected", "is invalid", "不合法", "不正确", "有误", "必须", "应为", "不能为", "无效"},
		Why:  "Says what a request has to be like, and no more.", Source: srcOpenAIParam,
	},
	{
		ID: "request-kind-words", Cause: fault.InvalidRequest, Weak: true,
		Text: []string{"invalid argument", "invalid request", "invalid parameter", "bad request", "validation error", "validation failed", "参数错误", "请求参数"},
		Why:  "The same kind in a sentence.", Source: srcOpenAIErrors,
	},
}
