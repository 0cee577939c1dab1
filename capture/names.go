package capture

import (
	"bytes"
	"strings"
)

// errorName reads "openai.RateLimitError: message" or "APICallError [AI_APICallError]: message":
// the class, and where the message begins.
func errorName(t []byte) (class string, message int, ok bool) {
	n := 0
	for n < len(t) && n < 160 && (letter(t[n]) || t[n] == '_' || t[n] == '.' || t[n] == '$' || n > 0 && t[n] >= '0' && t[n] <= '9') {
		n++
	}
	if n == 0 || n >= len(t) {
		return "", 0, false
	}
	class = string(t[:n])
	end := n
	if t[end] == ' ' && end+1 < len(t) && t[end+1] == '[' {
		close := bytes.IndexByte(t[end:min(len(t), end+80)], ']')
		if close < 0 {
			return "", 0, false
		}
		end += close + 1
	}
	if end >= len(t) || t[end] != ':' || !isErrorClass(class) {
		return "", 0, false
	}
	end++
	for end < len(t) && t[end] == ' ' {
		end++
	}
	return class, end, true
}

// isErrorClass knows the names that classes of errors have.
func isErrorClass(class string) bool {
	last := lastName(class)
	for _, suffix := range [...]string{"Error", "Exception", "Timeout", "Exhausted", "Denied", "NotFound"} {
		if strings.HasSuffix(last, suffix) {
			return true
		}
	}
	_, ok := classStatus[last]
	return ok
}

// lastName is the part of a dotted name after the last dot.
func lastName(class string) string { return class[strings.LastIndexByte(class, '.')+1:] }

// classStatus gives the status that a class of an SDK stands for, 0 for a transport failure.
// Sources: openai-python and anthropic-sdk-python src/*/_exceptions.py, openai-node and
// anthropic-sdk-typescript src/core/error.ts, litellm/exceptions.py, google.api_core.exceptions,
// the error lists of the Bedrock Runtime API.
var classStatus = map[string]int{
	"BadRequestError": 400, "AuthenticationError": 401, "PermissionDeniedError": 403, "NotFoundError": 404,
	"ConflictError": 409, "UnprocessableEntityError": 422, "RateLimitError": 429, "InternalServerError": 500,
	"BadGatewayError": 502, "ServiceUnavailableError": 503, "OverloadedError": 529, "RequestTooLargeError": 413,
	"DeadlineExceededError": 504, "ContentPolicyViolationError": 400, "ContextWindowExceededError": 400,
	"OpenAIRateLimitError": 429, "OpenAIInvalidRequestError": 400, "OpenAIAuthenticationError": 401,

	"InvalidArgument": 400, "FailedPrecondition": 400, "OutOfRange": 400, "Unauthenticated": 401, "Forbidden": 403,
	"PermissionDenied": 403, "NotFound": 404, "ResourceExhausted": 429, "TooManyRequests": 429,
	"ServiceUnavailable": 503, "DeadlineExceeded": 504, "GatewayTimeout": 504,

	"ThrottlingException": 429, "ValidationException": 400, "AccessDeniedException": 403, "ResourceNotFoundException": 404,
	"ModelTimeoutException": 408, "ModelErrorException": 424, "ModelNotReadyException": 429, "InternalServerException": 500,
	"ServiceUnavailableException": 503, "ServiceQuotaExceededException": 400, "ModelStreamErrorException": 424,

	"APIConnectionError": 0, "APITimeoutError": 0, "APIConnectionTimeoutError": 0, "ConnectError": 0, "ConnectTimeout": 0,
	"ReadTimeout": 0, "WriteTimeout": 0, "PoolTimeout": 0, "ReadError": 0, "WriteError": 0, "RemoteProtocolError": 0, "ConnectionError": 0,
	"ConnectionResetError": 0, "ConnectionRefusedError": 0, "BrokenPipeError": 0, "SSLError": 0, "SSLCertVerificationError": 0,
	"ServerDisconnectedError": 0, "ClientConnectorError": 0, "ClientConnectorDNSError": 0, "ClientOSError": 0, "ClientPayloadError": 0, "MaxRetryError": 0,
	"NewConnectionError": 0, "NameResolutionError": 0, "ReadTimeoutError": 0, "ConnectTimeoutError": 0, "ProtocolError": 0,
	"ChunkedEncodingError": 0, "ProxyError": 0, "Timeout": 0, "TimeoutError": 0, "SocketError": 0, "gaierror": 0, "EndpointConnectionError": 0,
}

// transportWords are what programs say when no response came.
var transportWords = [...]string{
	"econnrefused", "econnreset", "enotfound", "etimedout", "eai_again", "epipe", "ehostunreach", "enetunreach", "und_err_", "econnaborted",
	"dial tcp", "dial udp", "no such host", "connection refused", "connection reset", "name or service not known", "nodename nor servname",
	"getaddrinfo", "name resolution", "could not resolve host", "failed to resolve", "certificate verify failed", "certificate_verify_failed",
	"x509:", "tls:", "tls handshake", "ssl handshake", "ssl routines", "socket hang up", "fetch failed", "request timed out", "timed out",
	"deadline exceeded", "i/o timeout", "connection aborted", "remotedisconnected", "server disconnected", "peer closed connection",
	"unexpected eof", ": eof", "max retries exceeded with url", "other side closed", "network is unreachable", "no route to host",
	"connection error", "connection closed", "broken pipe", "network error", "failed to connect", "connection timed out", "incomplete chunked read",
	"self-signed certificate", "self signed certificate", "unable to verify the first certificate", "err_name_not_resolved", "err_connection",
}

// saysTransport reports whether t says that no response came.
func saysTransport(t []byte) bool {
	low := bytes.ToLower(t[:min(len(t), 4096)])
	for _, w := range transportWords {
		if bytes.Contains(low, []byte(w)) {
			return true
		}
	}
	return false
}

// providerOf names the provider that a class or module surely belongs to.
func providerOf(class string) string {
	switch {
	case strings.HasPrefix(class, "anthropic."), strings.HasPrefix(class, "Anthropic"):
		return "anthropic"
	case strings.HasPrefix(class, "google.genai."), strings.HasPrefix(class, "genai."), strings.HasPrefix(class, "gemini"), strings.HasPrefix(class, "Gemini"):
		return "gemini"
	case strings.HasPrefix(class, "VertexAI"), strings.HasPrefix(class, "Vertex_ai"):
		return "vertex"
	case strings.HasPrefix(class, "botocore."), strings.HasPrefix(class, "Bedrock"):
		return "bedrock"
	case strings.HasPrefix(class, "Azure"):
		return "azure"
	}
	return ""
}
