package telltale

import (
	"strconv"
	"strings"

	"github.com/telltale-ai/telltale/fault"
)

// statusLeads stand in front of an HTTP status in a sentence, folded.
var statusLeads = []string{
	"status code: ", "status code ", "status_code: ", "status_code=", "statuscode: ", "status: ", "status ", "status=", "error code: ", "http error ", "http error: ", "http status ", "http ", "http/1.1 ", "http/2 ",
	"returned ", "responded with ", "error: ", "code: ", "code=", "状态码: ", "状态码：", "状态码",
}

// aboutMedia are words for what a request points to: a status beside them is that of the caller's own link.
var aboutMedia = []string{"image", "download", "fetch", "file", "url", "link", "video", "audio", "webhook", "callback", "图片"}

// saidStatus reads the HTTP status of a refusal that a folded sentence names ("Error code: 400 - ", "upstream
// returned status 403"); 0 when it names none, or that of a link which the caller gave.
func saidStatus(text string) int {
	text = text[:min(len(text), 4<<10)]
	found := 0
	for _, lead := range statusLeads {
		for from := 0; found == 0; {
			k := strings.Index(text[from:], lead)
			if k < 0 {
				break
			}
			from += k + len(lead)
			if from+3 > len(text) || from+3 < len(text) && text[from+3] >= '0' && text[from+3] <= '9' {
				continue
			}
			if n := statusIn(text[from : from+3]); n >= 400 {
				found = n
			}
		}
	}
	if found == 0 {
		return 0
	}
	for _, w := range aboutMedia {
		if strings.Contains(text, w) {
			return 0
		}
	}
	return found
}

// alone reports whether a folded sentence about a limit says that the one request is larger than the limit
// itself: "limit 7000, used 0, requested 12903". No wait cures that.
func alone(text string) (value string, yes bool) {
	k := strings.Index(text, "requested")
	if k < 0 {
		return "", false
	}
	asked, _ := numberAfter(text[k+len("requested"):])
	head := text[:k]
	l := strings.LastIndex(head, "limit")
	for l >= 0 && asked > 0 {
		if n, used := numberAfter(head[l+len("limit"):]); n > 0 {
			end := min(len(text), k+len("requested")+12)
			return text[l:end], used < 12 && asked > n
		}
		l = strings.LastIndex(head[:l], "limit")
	}
	return "", false
}

// numberAfter reads the number that stands within a few bytes of the beginning of s, and where it begins.
func numberAfter(s string) (n float64, at int) {
	for at < len(s) && at < 12 && (s[at] < '0' || s[at] > '9') {
		at++
	}
	end := at
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == ',' && end+3 < len(s) && digits(s[end+1:end+4])) {
		end++
	}
	n, err := strconv.ParseFloat(strings.ReplaceAll(s[at:end], ",", ""), 64)
	if err != nil {
		return 0, at
	}
	return n, at
}

// passedOn reports whether a verdict only says that somebody upstream failed, so that a status named in the
// sentence says more.
func passedOn(d *Diagnosis) bool {
	switch d.Signature {
	case "server-fault", "server-hint", "server-code", "request-kind", "request-kind-words", "request-duty":
		return d.Cause == fault.ServerError || d.Cause == fault.InvalidRequest
	}
	return strings.HasPrefix(d.Signature, "status-") || d.Signature == "error-in-success"
}

// passOn lets the status that an upstream's sentence names, or the kind that it puts in brackets, decide where the
// answer itself says only that something failed.
func (e *engine) passOn(d *Diagnosis, sub *subject, layers []layer) {
	if d.Cause == fault.RateLimited {
		for i := range layers {
			if value, yes := alone(view(layers[i].text)); yes {
				e.recast(d, fault.RequestTooLarge)
				d.Retryable = false
				d.Evidence = append(d.Evidence, evidence(layers[i].msg.path, value))
				return
			}
		}
	}
	if (passedOn(d) || d.Signature == "request-bounds") && d.Cause == fault.InvalidRequest {
		for i := range layers {
			if v, yes := bytesBound(view(layers[i].text)); yes {
				e.recast(d, fault.RequestTooLarge)
				d.Evidence = append(d.Evidence, evidence(layers[i].msg.path, v))
				return
			}
		}
	}
	if !passedOn(d) {
		return
	}
	for i := len(layers) - 1; i >= 0; i-- {
		text := view(layers[i].text)
		said := saidStatus(text)
		if said == 0 && (strings.Contains(text, "[invalid_request_error]") || strings.Contains(text, "[bad_request]")) {
			said = 400
		}
		if said == 0 || said/100 == 5 && d.Cause != fault.ServerError {
			continue
		}
		if rule := e.byStatus(said, sub.surface); rule != nil && rule.Cause != d.Cause {
			e.recast(d, rule.Cause)
			d.Likely = true
			d.Evidence = append(d.Evidence, evidence(layers[i].msg.path, "status "+strconv.Itoa(said)))
		}
		return
	}
}

// bytesBound reports whether a folded sentence names an upper bound in bytes: "must not exceed 10MB". Such a bound
// is one of size, whatever the other words are.
func bytesBound(text string) (value string, yes bool) {
	over := false
	for _, w := range []string{"exceed", "larger", "bigger", "too large", "too big", "maximum", "max ", "under", "less than", "smaller than", "up to", "limit", "超过", "大于", "超出", "小于", "限制"} {
		over = over || strings.Contains(text, w)
	}
	if !over || strings.Contains(text, "at least") || strings.Contains(text, "too small") {
		return "", false
	}
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			continue
		}
		end := i
		for end < len(text) && (text[end] >= '0' && text[end] <= '9' || text[end] == '.') {
			end++
		}
		unit := strings.TrimLeft(text[end:min(len(text), end+12)], " -")
		for _, u := range []string{"mb", "kb", "gb", "mib", "kib", "megabyte", "bytes", "m以", "兆"} {
			if strings.HasPrefix(unit, u) && (len(unit) == len(u) || unit[len(u)] < 'a' || unit[len(u)] > 'z' || u == "megabyte") {
				return text[i:min(len(text), end+8)], true
			}
		}
		i = end
	}
	return "", false
}
