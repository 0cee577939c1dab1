package telltale

import (
	"net/http"
	"testing"
	"time"

	"github.com/telltale-ai/telltale/fault"
)

func TestRetryTiming(t *testing.T) {
	const plain = `{"error":{"message":"Rate limit reached","code":"rate_limit_exceeded"}}`
	for _, c := range []struct {
		name   string
		status int
		header http.Header
		body   string
		want   time.Duration
		cause  fault.Cause
	}{
		{"seconds", 429, http.Header{"Retry-After": {"20"}}, plain, 20 * time.Second, fault.RateLimited},
		{"date", 429, http.Header{"Retry-After": {"Wed, 21 Oct 2026 07:28:30 GMT"}, "Date": {"Wed, 21 Oct 2026 07:28:00 GMT"}}, plain, 30 * time.Second, fault.RateLimited},
		{"milliseconds", 429, http.Header{"Retry-After-Ms": {"1500"}}, plain, 1500 * time.Millisecond, fault.RateLimited},
		{"azure milliseconds", 429, http.Header{"X-Ms-Retry-After-Ms": {"250"}}, plain, 250 * time.Millisecond, fault.RateLimited},
		{"reset of what is used up", 429, http.Header{"X-Ratelimit-Remaining-Requests": {"0"}, "X-Ratelimit-Reset-Requests": {"1m9.696s"}}, plain, 69696 * time.Millisecond, fault.RateLimited},
		{"reset of what is left", 429, http.Header{"X-Ratelimit-Remaining-Requests": {"5"}, "X-Ratelimit-Reset-Requests": {"1m9s"}}, plain, 0, fault.RateLimited},
		{"RetryInfo", 429, nil, `{"error":{"code":429,"message":"Resource exhausted","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.4s"}]}}`, 34400 * time.Millisecond, fault.RateLimited},
		{"RetryInfo beside a day", 429, nil, `{"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]},{"retryDelay":"26s"}]}}`, 0, fault.QuotaExhausted},
		{"in the message", 429, nil, `{"error":{"message":"Rate limit reached. Please try again in 9m38.016s.","code":"rate_limit_exceeded"}}`, 578016 * time.Millisecond, fault.RateLimited},
		{"a day in the message", 429, nil, `{"error":{"code":"429","message":"Requests have exceeded call rate limit. Please retry after 86400 seconds."}}`, 86400 * time.Second, fault.QuotaExhausted},
		{"hours", 429, nil, `{"error":{"code":429,"message":"You have exhausted your capacity on this model. Your quota will reset after 8h44m7s."}}`, 8*time.Hour + 44*time.Minute + 7*time.Second, fault.QuotaExhausted},
		{"until a date", 429, nil, `{"error":{"code":"1308","message":"已达到 5 小时的使用上限。您的限额将在 2026-08-25 07:41:44 重置。"}}`, 0, fault.QuotaExhausted},
		{"body field", 429, nil, `{"detail":"Request was throttled.","status":429,"retry_after":5}`, 5 * time.Second, fault.RateLimited},
		{"estimated_time", 503, nil, `{"error":"Model x is currently loading","estimated_time":20.0}`, 20 * time.Second, fault.Overloaded},
		{"never to be loaded", 503, nil, `{"error":"Model x is currently loading","estimated_time":1809.2}`, 0, fault.ModelNotFound},
		{"huge", 429, http.Header{"Retry-After": {"99999999999999999999"}}, plain, 366 * 24 * time.Hour, fault.QuotaExhausted},
	} {
		d := Diagnose(&Exchange{Response: &Response{Status: c.status, Header: c.header, Body: []byte(c.body)}})
		if d.RetryAfter.Round(time.Millisecond) != c.want || d.Cause != c.cause {
			t.Errorf("%s: %s, %s by %s; want %s, %s", c.name, d.RetryAfter, d.Cause, d.Signature, c.want, c.cause)
		}
	}
	ok := Diagnose(&Exchange{Response: &Response{Status: 200, Header: http.Header{"Retry-After": {"30"}}, Body: []byte(`{"choices":[{"message":{"content":"Hello there."},"finish_reason":"stop"}]}`)}})
	if ok.RetryAfter != 0 || !ok.OK() {
		t.Errorf("a wait was read off a success: %v", ok)
	}
}
