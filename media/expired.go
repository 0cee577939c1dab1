package media

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Deadline reads from a signed URL until when it is valid; false when it does not say.
//
// The parameters are those of Azure (se), S3 and what speaks like it (X-Amz-Date with X-Amz-Expires), Google
// (X-Goog-Date with X-Goog-Expires), TOS (X-Tos-...), OSS V4 (x-oss-...), and OSS, CloudFront and S3 V2 (Expires).
func Deadline(raw string) (time.Time, bool) {
	u, err := url.Parse(raw)
	if err != nil {
		return time.Time{}, false
	}
	q := map[string]string{}
	for k, v := range u.Query() {
		q[strings.ToLower(k)] = v[0]
	}
	for _, p := range []string{"x-amz-", "x-goog-", "x-tos-", "x-oss-"} {
		from, err := time.Parse("20060102T150405Z", q[p+"date"])
		secs, err2 := strconv.ParseInt(q[p+"expires"], 10, 64)
		if err == nil && err2 == nil && secs >= 0 && secs < 1e9 {
			return from.Add(time.Duration(secs) * time.Second), true
		}
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z", "2006-01-02"} {
		if t, err := time.Parse(layout, q["se"]); err == nil && q["sig"] != "" {
			return t, true
		}
	}
	if n, err := strconv.ParseInt(q["expires"], 10, 64); err == nil && n > 1e9 && n < 1e11 && (q["signature"] != "" || q["key-pair-id"] != "") {
		return time.Unix(n, 0).UTC(), true
	}
	return time.Time{}, false
}

// Expired reports whether a refusal means that the URL's time is over, and what says so. now is the server's
// own clock where its Date header gives it.
func Expired(rawURL string, status int, h http.Header, body []byte) (evidence string, yes bool) {
	if status == http.StatusGone {
		return "status 410", true
	}
	if status != http.StatusForbidden && status != http.StatusNotFound && status != http.StatusBadRequest && status != http.StatusUnauthorized {
		return "", false
	}
	low := bytes.ToLower(body[:min(len(body), 8<<10)])
	for _, s := range []string{
		"request has expired",                              // S3 and OSS: AccessDenied
		"<code>expiredrequest</code>",                      // R2 (10018)
		"<code>expiredtoken</code>",                        // S3, GCS
		"signature not valid in the specified time frame",  // Azure: AuthenticationFailed
		"<ec>0002-00000069</ec>", "<ec>0002-00000418</ec>", // OSS: the signed URL has expired
		"the provided token has expired", "signed url expired", "url signature expired", "link has expired",
	} {
		if bytes.Contains(low, []byte(s)) {
			return s, true
		}
	}
	now, err := http.ParseTime(h.Get("Date"))
	if end, ok := Deadline(rawURL); ok && err == nil && now.After(end) {
		return "the URL was valid until " + end.Format(time.RFC3339), true
	}
	return "", false
}
