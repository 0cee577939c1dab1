package recovery

// droppable are parameters that tune an answer and do not change what kind of answer it is. What a caller
// needs in order to read the answer (tools, formats, logprobs), or what bounds its price (quality, size,
// limits), is never dropped.
var droppable = map[string]bool{
	"temperature": true, "top_p": true, "top_k": true, "min_p": true, "frequency_penalty": true, "presence_penalty": true,
	"repetition_penalty": true, "seed": true, "logit_bias": true, "user": true, "store": true, "metadata": true,
	"service_tier": true, "stream_options": true, "reasoning_effort": true, "verbosity": true, "parallel_tool_calls": true,
	"prompt_cache_key": true, "prompt_cache_retention": true, "safety_identifier": true, "style": true,
}

// drop leaves a tuning parameter out that the model does not take.
func drop(f *refusal) (fix, bool) {
	if !f.unsupported || !droppable[f.param] {
		return fix{}, false
	}
	return fix{op: "drop", param: f.param}, true
}
