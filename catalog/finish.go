package catalog

import "github.com/telltale-ai/telltale/fault"

const (
	docOpenAIChat  = "https://platform.openai.com/docs/api-reference/chat/object"
	docAnthropic   = "https://docs.anthropic.com/en/api/handling-stop-reasons"
	docGemini      = "https://ai.google.dev/api/generate-content#FinishReason"
	docVertexStop  = "https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1/GenerateContentResponse#FinishReason"
	docBedrockStop = "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html"
	docCohereStop  = "https://docs.cohere.com/reference/chat"
	docZhipuStop   = "https://docs.z.ai/api-reference/llm/chat-completion"
	docDeepSeek    = "https://api-docs.deepseek.com/api/create-chat-completion"
	docOllamaStop  = "https://github.com/ollama/ollama/blob/main/docs/api.md"
	docTGI         = "https://huggingface.co/docs/text-generation-inference/reference/api_reference"
	docMistral     = "https://docs.mistral.ai/api/"
)

// finishes are the words for the end of an output; they are compared without case and separators,
// so that "max_tokens", "MAX_TOKENS" and "maxTokens" are one.
var finishes = []Finish{
	{Word: "stop", Cause: fault.None, Source: docOpenAIChat},
	{Word: "end_turn", Cause: fault.None, Source: docAnthropic},
	{Word: "stop_sequence", Cause: fault.None, Source: docAnthropic},
	{Word: "complete", Cause: fault.None, Source: docCohereStop},
	{Word: "completed", Cause: fault.None, Source: "https://platform.openai.com/docs/api-reference/responses/object"},
	{Word: "eos", Cause: fault.None, Source: "https://docs.together.ai/reference/chat-completions-1"},
	{Word: "eos_token", Cause: fault.None, Source: docTGI},
	{Word: "finish", Cause: fault.None, Source: "https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html"},
	{Word: "finished", Cause: fault.None, Source: "https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html"},
	{Word: "endoftext", Cause: fault.None, Source: "https://docs.ai21.com/reference"},
	{Word: "done", Cause: fault.None, Source: docOllamaStop},
	{Word: "unload", Cause: fault.None, Source: docOllamaStop},
	{Word: "load", Cause: fault.None, Source: docOllamaStop},
	{Word: "normal", Cause: fault.None, Source: "https://cloud.baidu.com/doc/WENXINWORKSHOP/s/clntwmv7t"},
	{Word: "FINISH_REASON_UNSPECIFIED", Cause: fault.None, Source: docGemini},
	{Word: "FINISH_REASON_STOP", Cause: fault.None, Source: docGemini},

	{Word: "length", Cause: fault.Truncated, Source: docOpenAIChat},
	{Word: "max_tokens", Cause: fault.Truncated, Source: docAnthropic},
	{Word: "max_output_tokens", Cause: fault.Truncated, Source: "https://platform.openai.com/docs/api-reference/responses/object"},
	{Word: "max_output_reached", Cause: fault.Truncated, Source: "https://docs.minimax.io/api-reference/text-openai-api"},
	{Word: "max_length", Cause: fault.Truncated, Source: docTGI},
	{Word: "model_length", Cause: fault.Truncated, Source: docMistral},
	{Word: "token_limit", Cause: fault.Truncated, Source: "https://docs.litellm.ai/docs/completion/output"},
	{Word: "limit", Cause: fault.Truncated, Source: "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md"},
	{Word: "pause_turn", Cause: fault.Truncated, Category: "pause_turn", Source: docAnthropic},
	{Word: "compaction", Cause: fault.None, Source: docAnthropic},

	{Word: "tool_calls", Cause: fault.ToolCalls, Source: docOpenAIChat},
	{Word: "tool_call", Cause: fault.ToolCalls, Source: docCohereStop},
	{Word: "tool_use", Cause: fault.ToolCalls, Source: docAnthropic},
	{Word: "function_call", Cause: fault.ToolCalls, Source: docOpenAIChat},

	{Word: "content_filter", Cause: fault.ContentFilter, Source: docOpenAIChat},
	{Word: "content_filtered", Cause: fault.ContentFilter, Source: docBedrockStop},
	{Word: "content-filter", Cause: fault.ContentFilter, Source: docOpenAIChat},
	{Word: "guardrail_intervened", Cause: fault.ContentFilter, Source: docBedrockStop},
	{Word: "sensitive", Cause: fault.ContentFilter, Source: docZhipuStop},
	{Word: "safety", Cause: fault.ContentFilter, Source: docGemini},
	{Word: "recitation", Cause: fault.ContentFilter, Category: "recitation of protected material", Source: docGemini},
	{Word: "blocklist", Cause: fault.ContentFilter, Category: "blocklist", Source: docGemini},
	{Word: "prohibited_content", Cause: fault.ContentFilter, Category: "prohibited content", Source: docGemini},
	{Word: "spii", Cause: fault.ContentFilter, Category: "sensitive personal data", Source: docGemini},
	{Word: "model_armor", Cause: fault.ContentFilter, Category: "Model Armor template", Source: docVertexStop},
	{Word: "image_safety", Cause: fault.ContentFilter, Category: "image safety", Source: docGemini},
	{Word: "image_prohibited_content", Cause: fault.ContentFilter, Category: "prohibited image content", Source: docGemini},
	{Word: "image_recitation", Cause: fault.ContentFilter, Category: "recitation of a protected image", Source: docGemini},
	{Word: "moderation", Cause: fault.ContentFilter, Source: "https://openrouter.ai/docs/api-reference/errors"},
	{Word: "error_toxic", Cause: fault.ContentFilter, Source: docCohereStop},
	{Word: "risk", Cause: fault.ContentFilter, Source: "https://platform.minimaxi.com/document/ChatCompletion"},
	{Word: "data_inspection_failed", Cause: fault.ContentFilter, Source: "https://help.aliyun.com/zh/model-studio/error-code"},

	{Word: "refusal", Cause: fault.Refusal, Source: docAnthropic},

	{Word: "malformed_function_call", Cause: fault.InvalidToolCall, Source: docGemini},
	{Word: "unexpected_tool_call", Cause: fault.InvalidToolCall, Source: docGemini},
	{Word: "too_many_tool_calls", Cause: fault.InvalidToolCall, Source: docGemini},
	{Word: "missing_thought_signature", Cause: fault.InvalidRequest, Source: docGemini},
	{Word: "malformed_response", Cause: fault.EmptyOutput, Source: docGemini},
	{Word: "malformed_model_output", Cause: fault.EmptyOutput, Source: docBedrockStop},
	{Word: "malformed_tool_use", Cause: fault.InvalidToolCall, Source: docBedrockStop},
	{Word: "language", Cause: fault.EmptyOutput, Category: "unsupported language", Source: docGemini},
	{Word: "other", Cause: fault.EmptyOutput, Source: docGemini},
	{Word: "no_image", Cause: fault.EmptyOutput, Category: "no image was made", Source: docGemini},
	{Word: "image_other", Cause: fault.EmptyOutput, Source: docGemini},

	{Word: "model_context_window_exceeded", Cause: fault.ContextLengthExceeded, Source: docAnthropic},
	{Word: "context_length_exceeded", Cause: fault.ContextLengthExceeded, Source: docAnthropic},
	{Word: "error_limit", Cause: fault.ContextLengthExceeded, Source: docCohereStop},

	{Word: "insufficient_system_resource", Cause: fault.Overloaded, Source: docDeepSeek},
	{Word: "network_error", Cause: fault.ServerError, Source: docZhipuStop},
	{Word: "error", Cause: fault.ServerError, Source: "https://openrouter.ai/docs/api-reference/overview"},
	{Word: "engine_error", Cause: fault.ServerError, Source: "https://docs.sglang.ai/"},
	{Word: "timeout", Cause: fault.Timeout, Source: docCohereStop},
	{Word: "aborted", Cause: fault.StreamInterrupted, Source: docDeepSeek},
	{Word: "abort", Cause: fault.StreamInterrupted, Source: "https://docs.sglang.ai/"},
	{Word: "cancelled", Cause: fault.StreamInterrupted, Source: "https://platform.openai.com/docs/api-reference/responses/object"},
	{Word: "user_cancel", Cause: fault.StreamInterrupted, Source: docCohereStop},
	{Word: "repetition", Cause: fault.Repetition, Source: docOllamaStop},
	{Word: "repetition_detected", Cause: fault.Repetition, Source: docOllamaStop},
}
