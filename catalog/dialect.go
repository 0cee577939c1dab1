package catalog

// Fact is one thing that a response can say, wherever a provider puts it.
type Fact string

// The facts. A path leads from the top of the body to where a fact stands; "[]" stands for every element of an array.
const (
	FactObject    Fact = "object"    // what kind of object this is
	FactModel     Fact = "model"     // the model that answered
	FactID        Fact = "id"        // the answer's id
	FactResults   Fact = "results"   // the list (or object) of results; empty or null means that there is none
	FactChoice    Fact = "choice"    // one of several answers
	FactIndex     Fact = "index"     // its number, or that of a part or call in a stream
	FactFinish    Fact = "finish"    // why it ended
	FactNative    Fact = "native"    // why it ended in the words of the provider behind a gateway
	FactFinishMsg Fact = "finishmsg" // the same in a sentence
	FactText      Fact = "text"
	FactWhole     Fact = "whole" // the text so far, repeated with every event of a stream
	FactReasoning Fact = "reasoning"
	FactRefusal   Fact = "refusal"
	FactPart      Fact = "part"     // one part of an answer: text, reasoning, a tool call, media
	FactPartType  Fact = "parttype" // which of those it is
	FactPartText  Fact = "parttext"
	FactThought   Fact = "thought" // true: the part is reasoning
	FactCall      Fact = "call"    // one tool call
	FactCallName  Fact = "callname"
	FactCallArgs  Fact = "callargs" // a string of JSON, or an object
	FactMedia     Fact = "media"    // bytes or a URL of an image, video or sound
	FactVector    Fact = "vector"   // an embedding
	FactBlock     Fact = "block"    // why the prompt or the output was withheld
	FactBlockMsg  Fact = "blockmsg"
	FactFilter    Fact = "filter" // what a content filter found, by category
	FactError     Fact = "error"  // an error object or sentence
	FactDone      Fact = "done"   // true: the last event of a stream
	FactType      Fact = "type"   // the type of an event
	FactDelta     Fact = "delta"  // a piece whose meaning the type of the event tells
	FactStatus    Fact = "status" // the status of a response or task
	FactUsageIn   Fact = "usage.in"
	FactUsageOut  Fact = "usage.out"
	FactUsageWhy  Fact = "usage.reasoning"
	FactLimit     Fact = "limit"   // the token limit that the answer repeats
	FactFlagged   Fact = "flagged" // true (or, for respect_moderation, false): what was made was filtered
	FactCode      Fact = "code"    // an error code beside the answer; 0 and "" mean none
	FactOther     Fact = "other"   // output of another kind; its presence alone counts
)

// Dialect is one way of saying the facts: where each stands. Paths of several dialects do not get in each other's way.
type Dialect struct {
	ID     string            `json:"id"`
	Roots  []string          `json:"roots,omitempty"` // places where the answer may be wrapped, besides the top
	Paths  map[Fact][]string `json:"paths"`
	Source string            `json:"source"`
}

var dialects = []Dialect{
	{
		ID: "openai-chat", Source: "https://platform.openai.com/docs/api-reference/chat",
		Roots: []string{"output", "result", "data"},
		Paths: map[Fact][]string{
			FactObject:    {"object"},
			FactModel:     {"model"},
			FactID:        {"id"},
			FactResults:   {"choices"},
			FactChoice:    {"choices[]"},
			FactIndex:     {"choices[].index", "choices[].message.tool_calls[].index", "choices[].delta.tool_calls[].index"},
			FactFinish:    {"choices[].finish_reason"},
			FactNative:    {"choices[].native_finish_reason"},
			FactText:      {"choices[].delta.content", "choices[].text", "choices[].delta.text"},
			FactWhole:     {"choices[].message.content", "choices[].messages.content"},
			FactReasoning: {"choices[].message.reasoning_content", "choices[].message.reasoning", "choices[].delta.reasoning_content", "choices[].delta.reasoning", "choices[].delta.reasoning_text"},
			FactRefusal:   {"choices[].message.refusal", "choices[].delta.refusal"},
			FactPart:      {"choices[].message.content[]", "choices[].delta.content[]"},
			FactPartType:  {"choices[].message.content[].type", "choices[].delta.content[].type"},
			FactPartText: {"choices[].message.content[].text", "choices[].delta.content[].text",
				"choices[].message.content[].thinking", "choices[].message.content[].thinking[].text", "choices[].delta.content[].thinking[].text"},
			FactCall: {"choices[].message.tool_calls[]", "choices[].delta.tool_calls[]", "choices[].message.function_call", "choices[].delta.function_call"},
			FactCallName: {"choices[].message.tool_calls[].function.name", "choices[].delta.tool_calls[].function.name",
				"choices[].message.tool_calls[].custom.name", "choices[].delta.tool_calls[].custom.name",
				"choices[].message.function_call.name", "choices[].delta.function_call.name"},
			FactCallArgs: {"choices[].message.tool_calls[].function.arguments", "choices[].delta.tool_calls[].function.arguments",
				"choices[].message.function_call.arguments", "choices[].delta.function_call.arguments"},
			FactMedia: {"choices[].message.audio.data", "choices[].delta.audio.data", "choices[].message.images[]", "choices[].delta.images[]",
				"choices[].message.content[].image_url", "choices[].message.content[].image"},
			FactOther:    {"choices[].message.tool_calls[].custom", "choices[].delta.tool_calls[].custom", "choices[].message.annotations[]"},
			FactFilter:   {"choices[].content_filter_results", "choices[].content_filter_result", "prompt_filter_results", "prompt_annotations"},
			FactError:    {"error", "choices[].error", "error_message"},
			FactUsageIn:  {"usage.prompt_tokens"},
			FactUsageOut: {"usage.completion_tokens"},
			FactUsageWhy: {"usage.completion_tokens_details.reasoning_tokens", "usage.reasoning_tokens"},
			FactDelta:    {"delta"},
		},
	},
	{
		ID: "openai-responses", Source: "https://platform.openai.com/docs/api-reference/responses",
		Roots: []string{"response"},
		Paths: map[Fact][]string{
			FactType:     {"type", "event_type"},
			FactObject:   {"object"},
			FactStatus:   {"status"},
			FactModel:    {"model"},
			FactResults:  {"output"},
			FactPart:     {"output[]", "output[].content[]", "item"},
			FactPartType: {"output[].type", "output[].content[].type", "item.type"},
			FactPartText: {"output[].content[].text", "output[].content[].refusal", "output[].summary[].text"},
			FactCallName: {"output[].name", "item.name"},
			FactCallArgs: {"output[].arguments", "output[].input", "item.arguments", "item.input"},
			FactFinish:   {"incomplete_details.reason"},
			FactError:    {"error"},
			FactIndex:    {"output_index"},
			FactDelta:    {"delta", "refusal"},
			FactUsageIn:  {"usage.input_tokens"},
			FactUsageOut: {"usage.output_tokens"},
			FactUsageWhy: {"usage.output_tokens_details.reasoning_tokens"},
			FactLimit:    {"max_output_tokens"},
			FactOther:    {"transcript"},
		},
	},
	{
		ID: "anthropic-messages", Source: "https://docs.anthropic.com/en/api/messages",
		Roots: []string{"message"},
		Paths: map[Fact][]string{
			FactType:      {"type"},
			FactModel:     {"model"},
			FactResults:   {"content"},
			FactPart:      {"content[]", "content_block"},
			FactPartType:  {"content[].type", "content_block.type"},
			FactPartText:  {"content[].text", "content[].thinking", "content_block.text"},
			FactCallName:  {"content[].name", "content_block.name"},
			FactCallArgs:  {"content[].input", "content_block.input", "delta.partial_json"},
			FactText:      {"delta.text", "completion"},
			FactReasoning: {"delta.thinking"},
			FactFinish:    {"stop_reason", "delta.stop_reason"},
			FactBlock:     {"stop_details.category", "delta.stop_details.category"},
			FactBlockMsg:  {"stop_details.explanation", "delta.stop_details.explanation"},
			FactIndex:     {"index"},
			FactUsageIn:   {"usage.input_tokens", "input_tokens"},
			FactUsageOut:  {"usage.output_tokens"},
			FactError:     {"error"},
			FactID:        {"id"},
		},
	},
	{
		ID: "gemini", Source: "https://ai.google.dev/api/generate-content",
		Roots: []string{"response"},
		Paths: map[Fact][]string{
			FactModel:     {"modelVersion"},
			FactText:      {"candidates[].content", "candidates[].output"},
			FactResults:   {"candidates"},
			FactChoice:    {"candidates[]"},
			FactIndex:     {"candidates[].index"},
			FactFinish:    {"candidates[].finishReason"},
			FactFinishMsg: {"candidates[].finishMessage"},
			FactPart:      {"candidates[].content.parts[]"},
			FactPartText:  {"candidates[].content.parts[].text"},
			FactThought:   {"candidates[].content.parts[].thought"},
			FactCall:      {"candidates[].content.parts[].functionCall", "candidates[].content.parts[].function_call"},
			FactCallName:  {"candidates[].content.parts[].functionCall.name", "candidates[].content.parts[].function_call.name"},
			FactCallArgs:  {"candidates[].content.parts[].functionCall.args", "candidates[].content.parts[].function_call.args"},
			FactMedia:     {"candidates[].content.parts[].inlineData", "candidates[].content.parts[].inline_data", "candidates[].content.parts[].fileData"},
			FactOther:     {"candidates[].content.parts[].executableCode", "candidates[].content.parts[].codeExecutionResult", "candidates[].content.parts[].toolCall", "totalTokens"},
			FactBlock:     {"promptFeedback.blockReason"},
			FactBlockMsg:  {"promptFeedback.blockReasonMessage"},
			FactFilter:    {"candidates[].safetyRatings", "promptFeedback.safetyRatings"},
			FactUsageIn:   {"usageMetadata.promptTokenCount"},
			FactUsageOut:  {"usageMetadata.candidatesTokenCount"},
			FactUsageWhy:  {"usageMetadata.thoughtsTokenCount"},
			FactError:     {"error"},
		},
	},
	{
		ID: "imagen", Source: "https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/imagen-api",
		Paths: map[Fact][]string{
			FactResults:  {"predictions", "generatedImages"},
			FactPart:     {"predictions[]"},
			FactPartText: {"predictions[].content", "predictions[].prompt"},
			FactMedia:    {"predictions[].bytesBase64Encoded", "predictions[].gcsUri", "generatedImages[].image"},
			FactVector:   {"predictions[].embeddings"},
			FactBlock:    {"predictions[].raiFilteredReason", "generatedImages[].raiFilteredReason"},
		},
	},
	{
		ID: "bedrock-converse", Source: "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html",
		Paths: map[Fact][]string{
			FactResults:   {"output.message.content"},
			FactPart:      {"output.message.content[]"},
			FactPartText:  {"output.message.content[].text", "output.message.content[].reasoningContent.reasoningText.text"},
			FactThought:   {"output.message.content[].reasoningContent"},
			FactCall:      {"output.message.content[].toolUse", "start.toolUse", "contentBlockStart.start.toolUse", "delta.toolUse", "contentBlockDelta.delta.toolUse"},
			FactCallName:  {"output.message.content[].toolUse.name", "start.toolUse.name", "contentBlockStart.start.toolUse.name"},
			FactCallArgs:  {"output.message.content[].toolUse.input", "delta.toolUse.input", "contentBlockDelta.delta.toolUse.input"},
			FactText:      {"contentBlockDelta.delta.text"},
			FactReasoning: {"delta.reasoningContent.text", "contentBlockDelta.delta.reasoningContent.text"},
			FactIndex:     {"contentBlockIndex", "contentBlockDelta.contentBlockIndex", "contentBlockStart.contentBlockIndex"},
			FactFinish:    {"stopReason", "messageStop.stopReason"},
			FactUsageIn:   {"usage.inputTokens", "metadata.usage.inputTokens"},
			FactUsageOut:  {"usage.outputTokens", "metadata.usage.outputTokens"},
			FactOther:     {"messageStart", "output.message.content[].image", "output.message.content[].video", "output.message.content[].citationsContent"},
		},
	},
	{
		ID: "bedrock-invoke", Source: "https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html",
		Paths: map[Fact][]string{
			FactResults:  {"results", "outputs", "generations", "images", "artifacts"},
			FactText:     {"generation", "results[].outputText", "outputs[].text", "generations[].text", "outputText"},
			FactFinish:   {"results[].completionReason", "generations[].finish_reason", "artifacts[].finishReason", "artifacts[].finish_reason"},
			FactMedia:    {"images[]", "artifacts[].base64"},
			FactOther:    {"results[]"},
			FactUsageIn:  {"prompt_token_count"},
			FactUsageOut: {"generation_token_count"},
		},
	},
	{
		ID: "ollama", Source: "https://github.com/ollama/ollama/blob/main/docs/api.md",
		Paths: map[Fact][]string{
			FactText:      {"message.content", "response"},
			FactReasoning: {"message.thinking", "thinking"},
			FactCall:      {"message.tool_calls[]"},
			FactCallName:  {"message.tool_calls[].function.name"},
			FactCallArgs:  {"message.tool_calls[].function.arguments"},
			FactDone:      {"done"},
			FactFinish:    {"done_reason"},
			FactVector:    {"embedding", "embeddings", "embeddings[]"},
			FactUsageIn:   {"prompt_eval_count"},
			FactUsageOut:  {"eval_count"},
		},
	},
	{
		ID: "cohere", Source: "https://docs.cohere.com/reference/chat",
		Paths: map[Fact][]string{
			FactPart:      {"message.content[]"},
			FactPartType:  {"message.content[].type"},
			FactPartText:  {"message.content[].text", "message.content[].thinking"},
			FactReasoning: {"message.tool_plan", "delta.message.tool_plan", "delta.message.content.thinking"},
			FactText:      {"delta.message.content.text", "text"},
			FactCall:      {"delta.message.tool_calls"},
			FactCallName:  {"delta.message.tool_calls.function.name"},
			FactCallArgs:  {"delta.message.tool_calls.function.arguments"},
			FactFinish:    {"finish_reason", "delta.finish_reason"},
			FactError:     {"delta.error"},
			FactUsageIn:   {"usage.tokens.input_tokens"},
			FactUsageOut:  {"usage.tokens.output_tokens"},
			FactVector:    {"embeddings.float", "embeddings.int8", "embeddings.uint8", "embeddings.binary", "embeddings.ubinary", "embeddings.base64"},
		},
	},
	{
		ID: "dashscope", Source: "https://help.aliyun.com/zh/model-studio/qwen-api-reference",
		Paths: map[Fact][]string{
			FactText:    {"output.text", "output.message.text"},
			FactCode:    {"code", "base_resp.status_code", "error_code", "errcode", "output.code"},
			FactFinish:  {"output.finish_reason"},
			FactResults: {"output.results", "output.embeddings"},
			FactMedia:   {"output.results[].url", "output.results[].b64_image", "output.image_url"},
			FactVector:  {"output.embeddings[]"},
		},
	},
	{
		ID: "images-embeddings", Source: "https://platform.openai.com/docs/api-reference/images",
		Paths: map[Fact][]string{
			FactResults: {"data"},
			FactMedia:   {"data[].url", "data[].b64_json", "b64_json", "images[].url", "image", "image.url", "image_url", "data.image_urls", "data.image_base64", "video.url"},
			FactVector:  {"data[].embedding"},
			FactOther:   {"data[].id", "data[].object"},
			FactError:   {"data[].error"},
			FactFinish:  {"data[].finish_reason"},
			FactFlagged: {"has_nsfw_concepts", "respect_moderation", "video.respect_moderation", "data[].respect_moderation"},
		},
	},
	{
		ID: "tgi", Source: "https://huggingface.co/docs/text-generation-inference/reference/api_reference",
		Paths: map[Fact][]string{
			FactText:   {"generated_text", "token.text"},
			FactFinish: {"details.finish_reason", "stop_type"},
		},
	},
	{
		ID: "cloudflare-workers-ai", Source: "https://developers.cloudflare.com/workers-ai/",
		Paths: map[Fact][]string{
			FactText:     {"result.response"},
			FactMedia:    {"result.image"},
			FactCall:     {"result.tool_calls[]"},
			FactCallName: {"result.tool_calls[].name"},
			FactCallArgs: {"result.tool_calls[].arguments"},
			FactVector:   {"result.data"},
		},
	},
}
