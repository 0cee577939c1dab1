package sim

import "strings"

var statusFaults = []Fault{
	{Name: "400", Doc: "400 invalid_request_error: a message of the request is malformed; error.param names it.", Guide: "HTTP status codes: 400", On: Any,
		play: func(p *plan) {
			p.fail(400, "invalid_request_error", nil, "Missing required parameter: 'messages[0].role'.")
			p.err.Code, p.err.Param = "missing_required_parameter", "messages[0].role"
		}},
	{Name: "401", Doc: "401 invalid_api_key.", Guide: "HTTP status codes: 401", On: Any,
		play: func(p *plan) {
			p.fail(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided. You can find your API key in the settings of your account.")
		}},
	{Name: "403", Doc: "403: the project has no access to the model.", On: Any,
		play: func(p *plan) {
			p.fail(403, "invalid_request_error", "model_not_found", "Project `proj_sim` does not have access to model `"+p.model+"`.")
			p.err.Code = "permission_denied"
		}},
	{Name: "404", Doc: "404 Invalid URL: the path does not exist.", On: Any,
		play: func(p *plan) {
			p.fail(404, "invalid_request_error", nil, "Invalid URL ("+p.c.r.Method+" "+p.c.r.URL.Path+")")
		}},
	{Name: "model-not-found", Doc: "404 model_not_found, as OpenAI answers for an unknown model.", On: Text | Images | Video | Other,
		play: func(p *plan) {
			p.fail(404, "invalid_request_error", "model_not_found", "The model `"+p.model+"` does not exist or you do not have access to it.")
		}},
	{Name: "408", Doc: "408: the server gave up waiting.", On: Any,
		play: func(p *plan) { p.fail(408, "timeout", "request_timeout", "Request timed out.") }},
	{Name: "413", Doc: "413: the request is larger than the server takes.", On: Any,
		play: func(p *plan) {
			p.fail(413, "invalid_request_error", "request_too_large", "Request exceeds the maximum size of 32 MB.")
		}},
	{Name: "422", Doc: "422 with a list of what is wrong, as FastAPI servers write it.", On: Any,
		play: func(p *plan) {
			p.page(422, "application/json", `{"detail":[{"type":"less_than_equal","loc":["body","temperature"],"msg":"Input should be less than or equal to 2","input":7.5}]}`)
		}},
	{Name: "context-length", Doc: "400 context_length_exceeded.", On: Text,
		play: func(p *plan) {
			p.fail(400, "invalid_request_error", "context_length_exceeded", "This model's maximum context length is 8192 tokens. However, your messages resulted in 9310 tokens. Please reduce the length of the messages.")
			p.err.Param = "messages"
		}},
	{Name: "500", Doc: "500 server_error.", Guide: "HTTP status codes: 500", On: Any,
		play: func(p *plan) {
			p.fail(500, "server_error", nil, "The server had an error while processing your request. Sorry about that!")
		}},
	{Name: "500-invalid-request", Doc: "500 whose code says invalid_request: the request is at fault, not the server. Source: https://apidoc.cometapi.com/errors/error-codes-handling", On: Any,
		play: func(p *plan) {
			p.fail(500, "comet_api_error", "invalid_request", "field messages is required (request id: "+p.c.entry.RequestID+")")
		}},
	{Name: "502", Doc: "502 as an HTML page of nginx.", On: Any,
		play: func(p *plan) { p.page(502, "text/html", nginx("502 Bad Gateway")) }},
	{Name: "503", Doc: "503: the model is overloaded.", On: Any, Keys: retryKeys(""),
		play: func(p *plan) {
			p.fail(503, "server_error", "service_unavailable", "The engine is currently overloaded, please try again later.")
			p.retryAfter()
		}},
	{Name: "503-model-not-found", Doc: "503 whose code says model_not_found: no channel serves the model, and waiting does not help. Source: https://github.com/QuantumNous/new-api", On: Any,
		play: func(p *plan) {
			p.fail(503, "comet_api_error", "model_not_found", "no available channel for group default and model "+p.model+" (distributor) (request id: "+p.c.entry.RequestID+")")
		}},
	{Name: "504", Doc: "504: the upstream of a gateway took too long.", Guide: "HTTP status codes: 504", On: Any,
		play: func(p *plan) {
			p.fail(504, "timeout_error", "gateway_timeout", "Gateway timeout: the provider took too long to answer (request id: "+p.c.entry.RequestID+")")
		}},
	{Name: "524", Doc: "524 as an HTML page of Cloudflare.", On: Any,
		play: func(p *plan) {
			p.page(524, "text/html; charset=UTF-8", `<!DOCTYPE html><html lang="en-US"><head><title>api.example.com | 524: A timeout occurred</title></head><body><div id="cf-wrapper"><h1>A timeout occurred <span>Error code 524</span></h1><p>The origin web server timed out responding to this request.</p></div></body></html>`)
			p.set("Server", "cloudflare")
		}},
	{Name: "529", Doc: "529 overloaded_error, as Anthropic answers.", On: Any, Keys: retryKeys(""),
		play: func(p *plan) {
			p.fail(529, "overloaded_error", nil, "Overloaded")
			p.set("x-should-retry", "true")
			p.retryAfter()
		}},
}

func nginx(title string) string {
	return "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title + "</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
}

// bare is a model's name without the order in it.
func bare(model string) string {
	if in := specIn(model); in != "" {
		return strings.TrimSuffix(strings.TrimSuffix(model, in), "@")
	}
	return model
}
