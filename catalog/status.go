package catalog

import "github.com/telltale-ai/telltale/fault"

const (
	rfc9110    = "https://www.rfc-editor.org/rfc/rfc9110#section-15"
	cloudflare = "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/"
)

// statuses say what is left when an answer has no words of its own.
var statuses = []StatusRule{
	{Status: 300, Cause: fault.EndpointNotFound, Likely: true, Source: rfc9110},
	{Status: 301, Cause: fault.EndpointNotFound, Source: "https://apidoc.cometapi.com/errors/error-codes-handling"},
	{Status: 302, Cause: fault.NotAPIResponse, Source: rfc9110},
	{Status: 303, Cause: fault.NotAPIResponse, Source: rfc9110},
	{Status: 307, Cause: fault.EndpointNotFound, Source: rfc9110},
	{Status: 308, Cause: fault.EndpointNotFound, Source: rfc9110},
	{Status: 400, Cause: fault.InvalidRequest, Source: rfc9110},
	{Status: 401, Cause: fault.Authentication, Source: rfc9110},
	{Status: 402, Cause: fault.QuotaExhausted, Source: rfc9110},
	{Status: 403, Cause: fault.PermissionDenied, Source: rfc9110},
	{Status: 403, Surface: "media_download", Cause: fault.URLExpired, Likely: true, Source: "https://learn.microsoft.com/en-us/azure/storage/common/storage-sas-overview"},
	{Status: 404, Cause: fault.EndpointNotFound, Source: rfc9110},
	{Status: 404, Surface: "media_download", Cause: fault.URLExpired, Likely: true, Source: "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"},
	{Status: 404, Surface: "video_poll", Cause: fault.TaskNotFound, Source: rfc9110},
	{Status: 405, Cause: fault.EndpointNotFound, Source: rfc9110},
	{Status: 406, Cause: fault.InvalidRequest, Source: rfc9110},
	{Status: 407, Cause: fault.NotAPIResponse, Source: rfc9110},
	{Status: 408, Cause: fault.Timeout, Source: rfc9110},
	{Status: 410, Cause: fault.EndpointNotFound, Source: rfc9110},
	{Status: 410, Surface: "media_download", Cause: fault.URLExpired, Source: rfc9110},
	{Status: 411, Cause: fault.InvalidRequest, Source: rfc9110},
	{Status: 413, Cause: fault.RequestTooLarge, Source: rfc9110},
	{Status: 414, Cause: fault.RequestTooLarge, Source: rfc9110},
	{Status: 415, Cause: fault.InvalidRequest, Source: rfc9110},
	{Status: 421, Cause: fault.EndpointNotFound, Source: rfc9110},
	{Status: 422, Cause: fault.InvalidRequest, Source: rfc9110},
	{Status: 424, Cause: fault.ServerError, Likely: true, Source: "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html"},
	{Status: 429, Cause: fault.RateLimited, Source: "https://www.rfc-editor.org/rfc/rfc6585#section-4"},
	{Status: 431, Cause: fault.RequestTooLarge, Source: "https://www.rfc-editor.org/rfc/rfc6585#section-5"},
	{Status: 451, Cause: fault.PermissionDenied, Source: "https://www.rfc-editor.org/rfc/rfc7725"},
	{Status: 499, Cause: fault.Cancelled, Source: "https://docs.cohere.com/reference/errors"},
	{Status: 500, Cause: fault.ServerError, Source: rfc9110},
	{Status: 501, Cause: fault.EndpointNotFound, Source: rfc9110},
	{Status: 502, Cause: fault.ServerError, Source: rfc9110},
	{Status: 503, Cause: fault.Overloaded, Likely: true, Source: rfc9110},
	{Status: 504, Cause: fault.Timeout, Source: rfc9110},
	{Status: 507, Cause: fault.ServerError, Source: "https://www.rfc-editor.org/rfc/rfc4918#section-11.5"},
	{Status: 520, Cause: fault.ServerError, Source: cloudflare},
	{Status: 521, Cause: fault.ServerError, Source: cloudflare},
	{Status: 522, Cause: fault.Timeout, Source: cloudflare},
	{Status: 523, Cause: fault.ServerError, Source: cloudflare},
	{Status: 524, Cause: fault.Timeout, Source: cloudflare},
	{Status: 525, Cause: fault.ServerError, Source: cloudflare},
	{Status: 526, Cause: fault.ServerError, Source: cloudflare},
	{Status: 529, Cause: fault.Overloaded, Source: "https://docs.anthropic.com/en/api/errors"},
	{Status: 530, Cause: fault.ServerError, Source: cloudflare},
	{Status: 598, Cause: fault.Timeout, Likely: true, Source: "https://en.wikipedia.org/wiki/List_of_HTTP_status_codes"},
	{Status: 599, Cause: fault.Timeout, Likely: true, Source: "https://en.wikipedia.org/wiki/List_of_HTTP_status_codes"},
}
