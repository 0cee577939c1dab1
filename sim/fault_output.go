package sim

// What the provider itself says of its output: finish reasons and what comes with them.
var outputFaults = []Fault{
	{Name: "content-filter", Doc: "200 with finish_reason content_filter and no content (the dialect's own word for it).", Guide: "finish_reason: content_filter", On: Text,
		Keys: []Key{{"text", "", "text that came before the block"}},
		play: func(p *plan) {
			p.a.say(p.k.get("text"))
			p.a.null, p.a.finish = p.a.text == "", finFilter
		}},
	{Name: "content-filter-400", Doc: "400 content_filter: the prompt was blocked, as Azure answers.", On: Text | Images | Video,
		play: func(p *plan) {
			p.fail(400, "invalid_request_error", "content_filter", "The response was filtered due to the prompt triggering the content management policy. Please modify your prompt and retry.")
			p.err.Param = "prompt"
		}},
	{Name: "length", Doc: "200 with finish_reason length: the token limit was hit in the middle of a sentence.", Guide: "finish_reason: length", On: Text,
		play: func(p *plan) {
			p.a.say("The main reasons are three. First, the cable was laid before the harbour was deepened, and second, the")
			p.a.finish = finLength
			p.limit()
		}},
	{Name: "reasoning-budget", Doc: "200 with finish_reason length and empty content: reasoning used the whole token limit.", On: Text,
		play: func(p *plan) {
			p.a.say("")
			p.a.usage.reasoning = 256
			p.a.finish = finLength
			p.limit()
			p.a.usage.reasoning = p.a.usage.out
		}},
	{Name: "empty-content", Doc: "200, finish_reason stop, content \"\".", Guide: "FAQ: 200 but no content", On: Text,
		play: func(p *plan) { p.a.say("") }},
	{Name: "null-content", Doc: "200, finish_reason stop, content null, no tool call.", Guide: "Debugging checklist: content is not null", On: Text,
		play: func(p *plan) { p.a.say(""); p.a.null = true }},
	{Name: "empty-choices", Doc: "200 with an empty list of choices (output, content, candidates).", On: Text,
		play: func(p *plan) { p.a.say(""); p.a.noChoices = true }},
	{Name: "refusal-field", Doc: "200 with the model's refusal in the field that is made for it.", On: Text,
		play: func(p *plan) {
			p.a.say("")
			p.a.null, p.a.refusal = true, "I'm sorry, I can't assist with that request."
		}},
	{Name: "model-mismatch", Doc: "200 from another model than the one that was asked for.", On: Text,
		Keys: []Key{{"model", "tiny-chat-1b", "the model that answers"}},
		play: func(p *plan) { p.a.model = p.k.get("model") }},
	{Name: "say", Doc: "200 with the text of your choice.", On: Text,
		Keys: []Key{{"text", "yes", "the text"}, {"reasoning", "", "thinking that comes first"}},
		play: func(p *plan) { p.a.say(p.k.get("text")); p.a.reasoning = p.k.get("reasoning") }},
}

// limit makes the usage equal to the limit that the request set.
func (p *plan) limit() {
	for _, k := range []string{"max_tokens", "max_completion_tokens", "max_output_tokens"} {
		if n := intOf(p.c.args[k]); n > 0 {
			p.a.usage.out = n
			return
		}
	}
	p.a.usage.out = 256
}
