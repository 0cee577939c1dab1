package telltale

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// wait is how long somebody says to wait.
type wait struct {
	d     time.Duration
	long  bool // longer than a retry can bridge, or until a date
	where string
	value string
}

// longWait is where waiting stops being a retry: a longer stated wait is an exhausted quota.
const longWait = 15 * time.Minute

// headerWait reads the waits that response headers state. now is when the answer came, zero when unknown.
func headerWait(h http.Header, status int, now time.Time) (wait, bool) {
	if len(h) == 0 {
		return wait{}, false
	}
	if date, err := http.ParseTime(get(h, "Date")); err == nil {
		now = date
	}
	for _, name := range []string{"Retry-After-Ms", "X-Ms-Retry-After-Ms"} {
		if v := get(h, name); v != "" {
			if ms, err := strconv.ParseFloat(v, 64); err == nil && ms >= 0 {
				return headerResult(name, v, span(ms/1000)), true
			}
		}
	}
	if v := get(h, "Retry-After"); v != "" {
		if s, err := strconv.ParseFloat(strings.TrimSuffix(v, "s"), 64); err == nil && s >= 0 {
			return headerResult("Retry-After", v, span(s)), true
		}
		if t, err := http.ParseTime(v); err == nil && !now.IsZero() {
			return headerResult("Retry-After", v, max(t.Sub(now), 0)), true
		}
		if d, ok := goSpan(v); ok {
			return headerResult("Retry-After", v, d), true
		}
	}
	if status != 429 && status != 503 && status != 529 {
		return wait{}, false
	}
	for _, pair := range resetHeaders {
		if v := get(h, pair[1]); v != "" && get(h, pair[0]) == "0" {
			if d, ok := resetSpan(v, now); ok {
				return headerResult(pair[1], v, d), true
			}
		}
	}
	for _, name := range []string{"X-Ratelimit-Reset-After", "X-Ratelimit-Reset", "Ratelimit-Reset", "X-Rate-Limit-Reset"} {
		if v := get(h, name); v != "" {
			if d, ok := resetSpan(v, now); ok {
				return headerResult(name, v, d), true
			}
		}
	}
	return wait{}, false
}

func headerResult(name, v string, d time.Duration) wait {
	return wait{d: d, long: d > longWait, where: "header." + strings.ToLower(name), value: v}
}

// resetHeaders say when a limit is full again, and how much of it is left: only a limit that is used up counts.
var resetHeaders = [][2]string{
	{"X-Ratelimit-Remaining-Requests", "X-Ratelimit-Reset-Requests"},
	{"X-Ratelimit-Remaining-Tokens", "X-Ratelimit-Reset-Tokens"},
	{"Anthropic-Ratelimit-Requests-Remaining", "Anthropic-Ratelimit-Requests-Reset"},
	{"Anthropic-Ratelimit-Tokens-Remaining", "Anthropic-Ratelimit-Tokens-Reset"},
	{"Anthropic-Ratelimit-Input-Tokens-Remaining", "Anthropic-Ratelimit-Input-Tokens-Reset"},
	{"Anthropic-Ratelimit-Output-Tokens-Remaining", "Anthropic-Ratelimit-Output-Tokens-Reset"},
}

// get reads a header by its canonical name; [canonical] has seen to it that the names are.
func get(h http.Header, name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// canonical gives x with response headers whose names are written as net/http writes them: x itself, as a rule.
func canonical(x *Exchange) *Exchange {
	if x.Response == nil {
		return x
	}
	odd := false
	for k := range x.Response.Header {
		if k != "" && k[0] >= 'a' && k[0] <= 'z' {
			odd = true
			break
		}
	}
	if !odd {
		return x
	}
	h := make(http.Header, len(x.Response.Header))
	for k, v := range x.Response.Header {
		k = http.CanonicalHeaderKey(k)
		h[k] = append(h[k], v...)
	}
	y, r := *x, *x.Response
	r.Header = h
	y.Response = &r
	return &y
}

// span turns seconds into a duration, capped at a year.
func span(s float64) time.Duration {
	if s > 366*24*3600 {
		s = 366 * 24 * 3600
	}
	if s < 0 || s != s {
		s = 0
	}
	return time.Duration(s * float64(time.Second))
}

// resetSpan reads the value of a reset header: a Go duration, seconds, a Unix time, or a date.
func resetSpan(v string, now time.Time) (time.Duration, bool) {
	if d, ok := goSpan(v); ok {
		return d, true
	}
	if n, err := strconv.ParseFloat(v, 64); err == nil && n >= 0 {
		switch {
		case n > 1e12 && !now.IsZero():
			return max(time.UnixMilli(int64(n)).Sub(now), 0), true
		case n > 1e9 && n < 1e11 && !now.IsZero():
			return max(time.Unix(int64(n), 0).Sub(now), 0), true
		case n < 1e8:
			return span(n), true
		}
		return 0, false
	}
	if t, err := time.Parse(time.RFC3339, v); err == nil && !now.IsZero() {
		return max(t.Sub(now), 0), true
	}
	return 0, false
}

// goSpan reads durations as Go and Google write them ("1m9.696s", "34.4s", "8h44m7s", "120ms"), and with days.
func goSpan(v string) (time.Duration, bool) {
	v = strings.TrimSpace(v)
	if v == "" || v[0] < '0' || v[0] > '9' || v[len(v)-1] >= '0' && v[len(v)-1] <= '9' {
		return 0, false
	}
	var days time.Duration
	if k := strings.IndexByte(v, 'd'); k > 0 {
		n, err := strconv.ParseFloat(v[:k], 64)
		if err != nil {
			return 0, false
		}
		days = span(n * 86400)
		if v = v[k+1:]; v == "" {
			return days, true
		}
	}
	d, err := time.ParseDuration(v)
	if err != nil || d < 0 {
		return 0, false
	}
	return days + d, true
}

// fieldWait reads a field of a body that states a wait, written as "name=value".
func fieldWait(s seg) (wait, bool) {
	name, v, _ := strings.Cut(s.text, "=")
	if d, ok := goSpan(v); ok {
		return wait{d: d, long: d > longWait, where: s.path, value: v}, true
	}
	n, err := strconv.ParseFloat(v, 64)
	if err != nil || n < 0 || n > 1e11 {
		return wait{}, false
	}
	if strings.HasSuffix(name, "ms") {
		n /= 1000
	}
	if name == "x-ratelimit-reset" {
		return wait{}, false
	}
	d := span(n)
	return wait{d: d, long: d > longWait, where: s.path, value: v}, true
}

// before a wait in a sentence stands one of these; folded text.
var waitLeads = []string{
	"try again in ", "retry in ", "retry after ", "reset after ", "resets in ", "reset in ", "wait ", "retry again in ", "available in ",
	"try again after ", "retrying in ", "back in ", "resets after ", "retry your request after ", "after ", "please wait for ", "retry-after: ", "retry_after: ", "come back in ", "wait for ",
	"请在", "等待", "请于", "重试时间",
}

// sentenceWait reads a wait that a sentence names; text is folded.
func sentenceWait(text string) (d time.Duration, value string, ok bool) {
	for _, lead := range waitLeads {
		from := 0
		for {
			k := strings.Index(text[from:], lead)
			if k < 0 {
				break
			}
			rest := text[from+k+len(lead):]
			from += k + len(lead)
			rest = strings.TrimLeft(rest, "~ aboutprximely")
			if d, n := leadingSpan(rest); n > 0 {
				return d, lead + rest[:n], true
			}
		}
	}
	return 0, "", false
}

var spanUnits = []struct {
	word string
	unit time.Duration
}{
	{"milliseconds", time.Millisecond}, {"millisecond", time.Millisecond}, {"ms", time.Millisecond},
	{"seconds", time.Second}, {"second", time.Second}, {"secs", time.Second}, {"sec", time.Second},
	{"minutes", time.Minute}, {"minute", time.Minute}, {"mins", time.Minute}, {"min", time.Minute},
	{"hours", time.Hour}, {"hour", time.Hour}, {"hrs", time.Hour}, {"hr", time.Hour},
	{"days", 24 * time.Hour}, {"day", 24 * time.Hour}, {"weeks", 7 * 24 * time.Hour}, {"week", 7 * 24 * time.Hour},
	{"个小时", time.Hour}, {"小时", time.Hour}, {"分钟", time.Minute}, {"秒", time.Second}, {"天", 24 * time.Hour},
	{"s", time.Second}, {"m", time.Minute}, {"h", time.Hour}, {"d", 24 * time.Hour},
}

// leadingSpan reads a span such as "9m38.016s", "20 seconds", "3 days, 2 hours" that s begins with; n is its length.
func leadingSpan(s string) (d time.Duration, n int) {
	i := 0
	for {
		j := i
		for j < len(s) && (s[j] == ' ' || s[j] == ',') {
			j++
		}
		if strings.HasPrefix(s[j:], "and ") {
			j += 4
		}
		start := j
		for j < len(s) && (s[j] >= '0' && s[j] <= '9' || s[j] == '.' && j+1 < len(s) && s[j+1] >= '0' && s[j+1] <= '9') {
			j++
		}
		if j == start || j-start > 12 {
			return d, n
		}
		v, err := strconv.ParseFloat(s[start:j], 64)
		if err != nil {
			return d, n
		}
		for j < len(s) && s[j] == ' ' {
			j++
		}
		found := false
		for _, u := range spanUnits {
			if strings.HasPrefix(s[j:], u.word) {
				end := j + len(u.word)
				if len(u.word) <= 2 && end < len(s) && s[end] >= 'a' && s[end] <= 'z' {
					continue
				}
				d += span(v * u.unit.Seconds())
				i, n, found = end, end, true
				break
			}
		}
		if !found {
			return d, n
		}
	}
}

// dated reports whether a sentence names a date or time of day at which access comes back; text is folded.
func dated(text string) (string, bool) {
	for i := 0; i+10 <= len(text); i++ {
		if text[i] == '2' && text[i+1] == '0' && digits(text[i:i+4]) && (text[i+4] == '-' || text[i+4] == '/') && digits(text[i+5:i+7]) && text[i+7] == text[i+4] && digits(text[i+8:i+10]) {
			before := text[max(0, i-60):i]
			for _, lead := range []string{"regain", "reset", "until", "available", "access", "resume", "renew", "重置", "恢复", "try again", "retry", "解除", "将在"} {
				if strings.Contains(before, lead) {
					return text[i : i+10], true
				}
			}
		}
	}
	return "", false
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// statedWait finds what an error says about waiting: in its fields, its sentences, the headers.
func statedWait(x *Exchange, status int, layers []layer) (w wait, ok bool) {
	for i := range layers {
		for _, s := range layers[i].waits {
			if got, good := fieldWait(s); good && (!ok || got.d > w.d) {
				w, ok = got, true
			}
		}
	}
	for i := range layers {
		for k, s := range layers[i].segs {
			end := len(layers[i].text)
			if k+1 < len(layers[i].segs) {
				end = layers[i].segs[k+1].at
			}
			folded := view(layers[i].text[s.at:end])
			if v, yes := dated(folded); yes {
				return wait{long: true, where: s.path, value: strings.Clone(v)}, true
			}
			if d, v, yes := sentenceWait(folded); yes && (!ok || d > w.d) {
				w, ok = wait{d: d, long: d > longWait, where: s.path, value: strings.Clone(v)}, true
			}
		}
	}
	if x.Response != nil {
		now := x.Start
		if !now.IsZero() {
			now = now.Add(x.Elapsed)
		}
		if got, good := headerWait(x.Response.Header, status, now); good {
			if !ok || w.d == 0 && !w.long {
				return got, true
			}
		}
	}
	return w, ok
}
