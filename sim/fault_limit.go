package sim

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

func retryKeys(def string) []Key {
	return []Key{
		{"retry-after", def, "how long the client is told to wait, in seconds (0.5) or as 2s; empty: it is not told"},
		{"as", "seconds", "the spelling: seconds, date (HTTP date), ms (retry-after-ms), x-ms (x-ms-retry-after-ms), " +
			"reset (x-ratelimit-reset-requests), anthropic (anthropic-ratelimit-requests-reset), message (in the text), " +
			"google (RetryInfo), body (retry_after), estimated (estimated_time)"},
	}
}

var limitFaults = []Fault{
	{Name: "429", Doc: "429 rate_limit_exceeded, with or without a word on when to come back.", Guide: "HTTP status codes: 429", On: Any, Keys: retryKeys(""),
		play: func(p *plan) {
			p.fail(429, "requests", "rate_limit_exceeded", "Rate limit reached for "+p.model+" in organization org-sim on requests per min (RPM): Limit 3, Used 3, Requested 1.")
			p.retryAfter()
		}},
	{Name: "insufficient-quota", Doc: "429 insufficient_quota: no money is left, and waiting does not help.", On: Any,
		play: func(p *plan) {
			p.fail(429, "insufficient_quota", "insufficient_quota", "You exceeded your current quota, please check your plan and billing details.")
		}},
	{Name: "402", Doc: "402: no credit is left.", On: Any,
		play: func(p *plan) {
			p.fail(402, "insufficient_credits", 402, "Insufficient credits. Add more credits to your account.")
		}},
}

// writeRetry tells when to come back in one of the spellings that providers use.
func writeRetry(p *plan, as string, d time.Duration, at time.Time) {
	ms := strconv.FormatInt(d.Milliseconds(), 10)
	secs := int(math.Ceil(d.Seconds()))
	switch as {
	case "date":
		p.set("Retry-After", at.Add(999*time.Millisecond).UTC().Format(http.TimeFormat)) // the format drops fractions
	case "ms":
		p.set("retry-after-ms", ms)
	case "x-ms":
		p.set("x-ms-retry-after-ms", ms)
	case "reset":
		p.set("x-ratelimit-limit-requests", "3")
		p.set("x-ratelimit-remaining-requests", "0")
		p.set("x-ratelimit-reset-requests", d.String())
	case "anthropic":
		p.set("anthropic-ratelimit-requests-remaining", "0")
		p.set("anthropic-ratelimit-requests-reset", at.UTC().Format(time.RFC3339))
	case "message":
		p.err.Message += fmt.Sprintf(" Please try again in %s.", d)
	case "google":
		p.err.Extra = obj{"details": []any{
			obj{"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": []any{obj{
				"quotaMetric": "generativelanguage.googleapis.com/generate_requests",
				"quotaId":     "GenerateRequestsPerMinutePerProjectPerModel"}}},
			obj{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + "s"},
		}}
	case "body":
		p.page(p.err.Status, "application/json", marshal(obj{"detail": "Request was throttled. Your rate limit resets in ~" +
			strconv.Itoa(secs) + "s.", "status": p.err.Status, "title": "Too Many Requests", "retry_after": secs}))
		p.err = nil
	case "estimated":
		p.page(503, "application/json", marshal(obj{"error": "Model " + p.model + " is currently loading", "estimated_time": d.Seconds()}))
		p.err = nil
	default:
		p.set("Retry-After", strconv.Itoa(secs))
	}
}
