package sim

import "slices"

// Refusals of a parameter are played only when the request has the parameter; without it the answer is healthy.
var paramFaults = []Fault{
	{Name: "refuse-max-tokens", Doc: "400 unsupported_parameter when the request has max_tokens, as reasoning models answer.", On: Text,
		play: func(p *plan) {
			if p.c.has("max_tokens") {
				refuseParam(p, "max_tokens", "unsupported_parameter", "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.")
			}
		}},
	{Name: "refuse-temperature", Doc: "400 unsupported_value when the request has a temperature other than 1.", On: Text,
		play: func(p *plan) {
			if t, ok := p.c.args["temperature"]; ok && t != 1.0 {
				refuseParam(p, "temperature", "unsupported_value", "Unsupported value: 'temperature' does not support "+marshal(t)+" with this model. Only the default (1) value is supported.")
			}
		}},
	{Name: "refuse-response-format", Doc: "400 unknown_parameter when the request has response_format, as GPT Image answers; output_format must be png, jpeg or webp there.", Guide: "Image generation errors: response_format error", On: Text | Images,
		play: func(p *plan) {
			if p.c.has("response_format") {
				refuseParam(p, "response_format", "unknown_parameter", "Unknown parameter: 'response_format'.")
			} else if f, ok := p.c.args["output_format"].(string); ok && p.c.d.area == Images && !slices.Contains([]string{"png", "jpeg", "webp"}, f) {
				refuseParam(p, "output_format", "invalid_value", "Invalid value: '"+f+"'. Supported values are: 'png', 'jpeg', and 'webp'.")
			}
		}},
	{Name: "refuse-n", Doc: "400 when the request asks for more than one image, as Qwen Image answers.", Guide: "Image generation errors: n > 1 error", On: Text | Images,
		play: func(p *plan) {
			if intOf(p.c.args["n"]) > 1 {
				refuseParam(p, "n", "invalid_value", "Invalid value for 'n': this model supports only n=1.")
			}
		}},
	{Name: "refuse", Doc: "400 unsupported_parameter when the request has the named parameter.", On: Text | Images | Video | Other,
		Keys: []Key{{"param", "logprobs", "the parameter's name"}},
		play: func(p *plan) {
			if name := p.k.get("param"); p.c.has(name) {
				refuseParam(p, name, "unsupported_parameter", "Unsupported parameter: '"+name+"' is not supported with this model.")
			}
		}},
}

func refuseParam(p *plan, param, code, message string) {
	p.fail(400, "invalid_request_error", code, message)
	p.err.Param = param
}
