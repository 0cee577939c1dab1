package catalog

import "github.com/telltale-ai/telltale/fault"

// serverWords are the words for faults of the provider, of the way there, and of web pages in between.
var serverWords = []Signature{
	{
		ID: "server-fault", Cause: fault.ServerError,
		Text: []string{"internal: ", "ret_check failure", "backend failed", "backend crashed", "backend exception", "internal server error", "internal error", "server error", "server had an error", "error occurred while processing your request", "something went wrong", "unexpected error", "an error was encountered while running the model", "system error", "bad gateway", "upstream error", "upstream request failed", "upstream connect error", "upstream service", "upstream connection", "no healthy upstream", "backend error", "degraded function", "internal failure", "processing error", "model runner has unexpectedly stopped", "llama runner process has terminated", "runner process", "cuda error", "engine core", "enginecore", "background loop has errored", "connection to the server was lost", "provider disconnected", "stream error", "unhandled exception", "nil pointer", "failed to decode", "failed to fetch video content", "web server is down", "origin is unreachable", "origin dns error",
			"内部错误", "服务器错误", "系统错误", "系统异常", "服务异常", "服务器内部", "服务内部", "网络错误", "网关错误", "внутренняя ошибка", "error interno", "erreur interne", "interner fehler", "内部エラー", "내부 오류"},
		Status: []int{5, 2, 0, 400, 424, 403},
		Why:    "The provider says that the fault is its own.", Source: srcOpenAIErrors,
		Case: &Case{Status: 200, Body: `{"error":{"message":"An error was encountered while running the model"}}`},
	},
	{
		ID: "server-code", Cause: fault.ServerError, Weak: true,
		Codes: []string{"server_error", "api_error", "internal_server_error", "internal_error", "INTERNAL", "InternalServerError", "InternalServerException", "InternalError", "InternalServiceError", "ModelErrorException", "modelStreamErrorException", "internalServerException", "upstream_error", "bad_gateway", "UNKNOWN", "DATA_LOSS", "engine_error", "runner_server_error", "runner_disconnected", "runner_incomplete_response", "internal_server_exception", "provider_error", "provider_unavailable", "system_error", "service_error", "InternalFailure", "GENERATION_FAILED", "generation_failed", "APIConnectionError", "bad_response", "do_request_failed", "channel_error"},
		Why:   "Kinds for faults of the provider; what is embedded in the message outranks them.", Source: srcOpenAIErrors,
	},
	{
		ID: "server-hint", Cause: fault.ServerError, Weak: true,
		Text: []string{"please try again later", "try again later", "retry your request, or contact us", "provider returned error", "unknown error", "service error", "请稍后再试", "请稍后重试", "稍后再试", "未知错误"},
		Why:  "Says that a later try may work, and not why.", Source: srcOpenAIErrors,
	},
	{
		ID: "server-lasting", Narrow: 1, Cause: fault.ServerError, Retry: RetryNo,
		Text: []string{"requires more system memory", "model requires more", "not enough memory", "out of memory", "insufficient memory", "insufficient vram", "unable to allocate", "failed to allocate", "cannot allocate memory", "unable to load model", "error loading model", "failed to load model", "unknown model architecture", "unsupported model format", "this page is not available", "license has expired", "disk full", "no space left on device"},
		Why:  "A lasting condition of the server: the same request fails again until somebody changes the machine.", Source: "https://github.com/ollama/ollama/blob/main/docs/troubleshooting.md",
		Case: &Case{Status: 500, Body: `{"error":"model requires more system memory (3.7 GiB) than is available (3.6 GiB)"}`},
	},
	{
		ID: "decode-failed", Narrow: 2, Cause: fault.ServerError, Text: []string{"failed to decode, try again", "failed to decode the batch", "failed to find a memory slot", "failed to find free space in the kv cache"},
		Why: "llama.cpp's slots were all taken while it was decoding; later there is room.", Source: "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md",
		Case: &Case{Status: 500, Body: `{"error":{"message":"failed to decode, try again, increasing context size or reducing parallel"}}`},
	},
	{
		ID: "timeout-words", Narrow: 1, Cause: fault.Timeout,
		Text: []string{"opentimeout", "execution expired", "err_timed_out", "err_connection_timed_out", "tiempo agotado", "délai dépassé", "bodytimeouterror", "body timeout error", "und_err_body_timeout", "connecttimeouterror", "connect timeout", "und_err_connect_timeout", "und_err_headers_timeout", "timed out", "timeout", "time-out", "time out", "deadline exceeded", "deadline_exceeded", "took too long", "request_timeout", "headers timeout", "etimedout", "esockettimedout", "readtimeout", "connecttimeout", "read timeout", "response timeout", "exceeded the maximum time", "context deadline", "operation was aborted due to timeout", "model timed out", "connection took too long",
			"超时", "превышено время", "tiempo de espera", "délai d'attente", "zeitüberschreitung", "タイムアウト", "시간 초과"},
		Status: []int{5, 2, 0, 408, 400, 499, 424},
		Why:    "Words for an answer that did not come in time.", Source: rfc9110,
		Case: &Case{Status: 504, Body: `{"detail":"Request timed out","error_type":"request_timeout"}`},
	},
	{
		ID: "timeout-code", Cause: fault.Timeout,
		Codes: []string{"timeout", "Timeout", "request_timeout", "RequestTimeOut", "RequestTimeout", "RequestTimeoutException", "ModelTimeoutException", "DEADLINE_EXCEEDED", "startup_timeout", "timeout_error", "gateway_timeout", "APITimeoutError", "ETIMEDOUT", "runner_connection_timeout", "InternalError.Timeout", "ResponseTimeout"},
		Why:   "Codes for an answer that did not come in time.", Source: rfc9110,
	},
	{
		ID: "tls", Narrow: 1, Cause: fault.Network, Retry: RetryNo, Status: []int{0},
		Text: []string{"pkix path", "valid certification path", "certificate is invalid", "err_cert_", "cert authority invalid", "certificate", "self signed", "self-signed", "self_signed_cert", "unable to verify the first certificate", "unable_to_verify_leaf_signature", "cert_has_expired", "x509:", "certificate verify failed", "certificate_verify_failed", "ssl certificate", "err_tls_cert", "hostname mismatch", "unknown authority", "err_cert", "unable to get local issuer", "unable_to_get_issuer", "depth_zero_self_signed"},
		Why:  "The certificate is not trusted here: a repeat meets the same one.", Source: "https://nodejs.org/api/tls.html#x509-certificate-error-codes",
		Case: &Case{Status: 0, Body: "tls: failed to verify certificate: x509: certificate signed by unknown authority"},
	},
	{
		ID: "network-words", Cause: fault.Network, Status: []int{0},
		Text: []string{"err_connection_", "err_name_not_resolved", "err_internet_disconnected", "err_network", "hpe_invalid", "internet connection appears to be offline", "network connection was lost", "failed host lookup", "name_not_resolved", "actively refused", "连接被拒绝", "网络连接失败", "连接被重置", "无法解析", "无法连接", "соединени", "connection error", "connection refused", "econnrefused", "connection reset", "econnreset", "reset by peer", "socket hang up", "broken pipe", "epipe", "no route to host", "ehostunreach", "enetunreach", "network is unreachable", "network unreachable", "network error", "fetch failed", "failed to fetch", "getaddrinfo", "enotfound", "eai_again", "no such host", "name or service not known", "nodename nor servname", "could not resolve host", "name resolution", "temporary failure in name resolution", "tls handshake", "ssl handshake", "handshake failure", "ssl: ", "ssl error", "dns lookup", "dns resolution", "dns error", ": eof", "wrong_version_number", "wrong version number", "eof occurred", "unexpected eof", "server disconnected", "remote end closed connection", "remote protocol error", "server closed the connection", "server closed idle connection", "connection closed", "connection aborted", "connection was closed", "connection was forcibly closed", "failed to connect", "could not connect", "couldn't connect", "cannot connect", "unable to connect", "all connection attempts failed", "proxy error", "proxyconnect", "http2: ", "goaway", "other side closed", "und_err_socket", "und_err_connect", "network connection", "apiconnectionerror", "connection failed", "empty reply from server", "recv failure", "transport error"},
		Why:  "Words for a connection that failed before a response came.", Source: "https://nodejs.org/api/errors.html#common-system-errors",
		Case: &Case{Status: 0, Body: "dial tcp 127.0.0.1:9: connect: connection refused"},
	},
	{
		ID: "network-cut", Narrow: 1, Cause: fault.StreamInterrupted, Status: []int{0},
		Text: []string{"stream has been aborted", "err_incomplete_chunked_encoding", "payload is not completed", "broken: incompleteread", "incomplete chunked read", "without sending complete message body", "incompleteread", "incomplete read", "unexpected end of stream", "stream ended", "stream closed", "stream was reset", "stream disconnected before completion", "premature close", "err_stream_premature_close", "prematurely closed", "response ended prematurely", "terminated", "incomplete_chunked_encoding", "transfer closed with outstanding read data", "body timeout", "error decoding response body", "error reading a body", "incomplete envelope", "stream error", "invalidchunklength", "chunkedencodingerror", "ended without", "stream idle timeout", "idle timeout waiting for sse", "unexpected eof while reading body"},
		Why:  "Headers and a part of the body had come.", Source: "https://github.com/encode/httpx/blob/master/httpx/_exceptions.py",
		Case: &Case{Status: 0, Body: "peer closed connection without sending complete message body (incomplete chunked read)"},
	},
	{
		ID: "cut-words", Cause: fault.StreamInterrupted, Status: []int{2},
		Text: []string{"stream disconnected", "stream closed", "stream interrupted", "connection lost", "connection reset", "connection closed", "operation was cancelled", "operation was canceled", "request was cancelled", "request cancelled", "connection aborted", "unexpected eof", "premature"},
		Why:  "The stream says that it broke.", Source: rfc9110, Case: &Case{Status: 200, Body: `{"error": {"message": "stream disconnected"}}`},
	},
	{
		ID: "cancelled-code", Cause: fault.StreamInterrupted, Weak: true, Codes: []string{"CANCELLED", "canceled", "cancelled", "aborted", "ABORTED", "stream_interrupted"},
		Why: "The gRPC word for a call that somebody ended.", Source: "https://grpc.io/docs/guides/status-codes/",
	},
	{
		ID: "page-challenge", Cause: fault.NotAPIResponse, Page: true,
		Text: []string{"just a moment", "checking your browser", "enable javascript and cookies", "attention required", "sorry, you have been blocked", "you have been blocked", "verify you are human", "verifying you are human", "are you a robot", "captcha", "cf-challenge", "challenge-platform", "ddos protection", "ddos-guard", "security check", "access denied", "request blocked", "request was blocked", "the request could not be satisfied", "incapsula", "imperva", "sucuri", "web application firewall", "errors.aliyun.com", "block_message", "blocked by", "has been blocked", "error 1020", "error 1015", "error 1010", "error 1006", "support id", "request rejected", "reference #", "akamai", "datadome", "perimeterx", "zscaler", "fortiguard", "forcepoint", "web filter", "blocked by your", "captive portal", "human verification", "人机验证", "安全验证", "访问被拦截", "访问被阻断", "拦截"},
		Why:  "A page made to stop robots, not the API.", Source: "https://developers.cloudflare.com/cloudflare-challenges/",
		Case: &Case{Status: 403, Body: `<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>`},
	},
	{
		ID: "cloudflare-block", Narrow: 2, Cause: fault.NotAPIResponse,
		Text: []string{"error code: 1005", "error code: 1006", "error code: 1007", "error code: 1008", "error code: 1009", "error code: 1010", "error code: 1011", "error code: 1012", "error code: 1013", "error code: 1014", "error code: 1020", "error code: 1101"},
		Why:  "Cloudflare's own firewall answered with its short text; the API never saw the request.", Source: "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/",
		Case: &Case{Status: 403, Body: "error code: 1010"},
	},
	{
		ID: "cloudflare-rate", Narrow: 2, Cause: fault.RateLimited, Text: []string{"error code: 1015"},
		Why: "Cloudflare's rate rule.", Source: "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/",
		Case: &Case{Status: 429, Body: "error code: 1015"},
	},
	{
		ID: "cloudflare-origin", Narrow: 2, Cause: fault.ServerError, Text: []string{"error code: 1000", "error code: 1016", "error code: 1033", "error code: 502", "error code: 520", "error code: 521", "error code: 523"},
		Why: "Cloudflare cannot reach the server behind it.", Source: "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/",
		Case: &Case{Status: 530, Body: "error code: 1033"},
	},
	{
		ID: "cloudflare-timeout", Narrow: 2, Cause: fault.Timeout, Text: []string{"error code: 504", "error code: 522", "error code: 524"},
		Why: "Cloudflare's short text for a server that did not answer in time.", Source: cloudflare,
		Case: &Case{Status: 524, Body: "error code: 524"},
	},
	{
		ID: "page-login", Cause: fault.NotAPIResponse, Page: true,
		Text:   []string{"sign in", "log in", "single sign-on", "please authenticate", "登录", "登陆", "войти"},
		Status: []int{2, 3, 403, 401},
		Why:    "A page for people to log in.", Source: rfc9110,
		Case: &Case{Status: 200, Body: `<!doctype html><html><head><title>Sign in</title></head></html>`},
	},
}
