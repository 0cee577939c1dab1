// Package telltale tells what broke in an AI API call: call [Diagnose] with an
// [Exchange] and read the [Diagnosis].
//
// The package is pure: it does no I/O, reads no clock and starts no goroutine.
package telltale

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/expect"
	"github.com/telltale-ai/telltale/fault"
)

// Diagnose says what broke in x with the built-in catalogue. It never fails; the same x has the same answer.
func Diagnose(x *Exchange) Diagnosis { return defaultDiagnoser.Diagnose(x) }

var defaultDiagnoser = &Diagnoser{}

// Diagnoser judges exchanges. The zero value uses the built-in catalogue and checks. It may be used by several
// goroutines at once; do not copy or change it after its first use.
type Diagnoser struct {
	Catalog catalog.Set // an empty set stands for the built-in one
	Checks  []Check     // nil stands for the built-in ones

	once sync.Once
	own  *engine

	schemas expect.Schemas // that requests brought
}

func (d *Diagnoser) engine() *engine {
	d.once.Do(func() {
		if len(d.Catalog.Signatures) == 0 && len(d.Catalog.Dialects) == 0 {
			d.own = builtin()
			return
		}
		d.own = newEngine(d.Catalog)
	})
	return d.own
}

func (d *Diagnoser) checks() []Check {
	if d.Checks != nil {
		return d.Checks
	}
	return builtinChecks
}

// Diagnose says what broke in x.
func (d *Diagnoser) Diagnose(x *Exchange) Diagnosis {
	e := d.engine()
	r := x.Response
	if r != nil && len(r.Body) > 2 {
		if plain, ok := unpack(r); ok {
			y, s := *x, *r
			s.Body, s.Partial = plain, r.Partial || len(plain) >= maxUnpacked
			y.Response = &s
			x, r = &y, &s
		}
	}
	if r == nil || r.Status == 0 {
		return e.transport(x)
	}
	if r.Status < 200 || r.Status >= 300 {
		return e.hard(x)
	}
	body := r.Body
	k := sniff(r)
	if k == bodyStream || k == bodyBinaryStream {
		w := d.watch(x)
		w.Write(body)
		return w.Close(x.Err)
	}
	f := &Facts{X: x, Status: r.Status, tree: e.tree, kept: &d.schemas}
	f.Surface = surfaceOf(x)
	p := e.provider(x)
	if p != nil {
		f.Provider = p.ID
	}
	if k == bodyJSON {
		_, whole := f.read(body)
		f.seal()
		return e.judge(d, f, p, whole)
	}
	return e.foreign(d, f, p, k)
}

// body kinds.
const (
	bodyEmpty = iota
	bodyJSON
	bodyStream
	bodyBinaryStream
	bodyPage
	bodyXML
	bodyText
	bodyMedia
	bodyPacked
)

// sniff tells what a body is, by what it begins with rather than by what its headers claim.
func sniff(r *Response) int {
	b := r.Body
	i := 0
	for i < len(b) && (b[i] <= ' ' || b[i] == 0xEF || b[i] == 0xBB || b[i] == 0xBF) {
		i++
	}
	b = b[i:]
	ct := ""
	if len(r.Header) > 0 {
		ct = get(r.Header, "Content-Type")
	}
	if len(b) == 0 {
		if strings.HasPrefix(ct, "text/event-stream") {
			return bodyStream
		}
		return bodyEmpty
	}
	switch b[0] {
	case '{':
		if strings.HasPrefix(ct, "application/x-ndjson") || strings.HasPrefix(ct, "text/event-stream") || moreValues(b) {
			return bodyStream
		}
		return bodyJSON
	case '[':
		if strings.HasPrefix(ct, "text/event-stream") || bytes.Contains(b[:min(len(b), 2048)], []byte(`"candidates"`)) {
			return bodyStream
		}
		return bodyJSON
	case '<':
		head := strings.ToLower(string(b[:min(len(b), 300)]))
		if strings.HasPrefix(head, "<?xml") && !strings.Contains(head, "<html") || strings.HasPrefix(head, "<error") || strings.HasPrefix(head, "<code") {
			return bodyXML
		}
		return bodyPage
	case '"', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 't', 'f', 'n':
		if validJSON(b) {
			return bodyJSON
		}
	}
	if len(b) >= 2 && b[0] == 0x1f && b[1] == 0x8b || get(r.Header, "Content-Encoding") != "" && !printable(b) {
		return bodyPacked
	}
	if strings.HasPrefix(ct, "application/vnd.amazon.eventstream") {
		return bodyBinaryStream
	}
	if streamStart(b) || strings.HasPrefix(ct, "text/event-stream") {
		return bodyStream
	}
	if mediaKind(b) != "" || !printable(b) {
		return bodyMedia
	}
	return bodyText
}

// moreValues reports whether a second JSON value follows the first, on a line of its own.
func moreValues(b []byte) bool {
	k := bytes.IndexByte(b, '\n')
	for k >= 0 && k+1 < len(b) {
		j := k
		for j < len(b) && b[j] <= ' ' {
			j++
		}
		if j < len(b) && b[j] == '{' && b[j-1] == '\n' && bytes.HasSuffix(bytes.TrimRight(b[:k], " \r"), []byte("}")) {
			return true
		}
		if k > 64<<10 {
			return false
		}
		n := bytes.IndexByte(b[k+1:], '\n')
		if n < 0 {
			return false
		}
		k += 1 + n
	}
	return false
}

// streamStart reports whether b begins as an event stream does.
func streamStart(b []byte) bool {
	for _, s := range []string{"data:", "event:", "id:", "retry:", ":"} {
		if bytes.HasPrefix(b, []byte(s)) {
			return true
		}
	}
	return false
}

func printable(b []byte) bool {
	b = b[:min(len(b), 512)]
	odd := 0
	for _, c := range b {
		if c < 9 || c > 13 && c < 32 || c == 127 {
			odd++
		}
	}
	return odd*20 <= len(b)
}

// mediaKind tells media by its first bytes.
func mediaKind(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("\x89PNG")):
		return "png"
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return "jpeg"
	case bytes.HasPrefix(b, []byte("GIF8")):
		return "gif"
	case len(b) > 12 && string(b[:4]) == "RIFF":
		return strings.ToLower(string(b[8:12]))
	case len(b) > 12 && string(b[4:8]) == "ftyp":
		return "mp4"
	case bytes.HasPrefix(b, []byte("\x1a\x45\xdf\xa3")):
		return "webm"
	case bytes.HasPrefix(b, []byte("ID3")), bytes.HasPrefix(b, []byte("\xff\xfb")), bytes.HasPrefix(b, []byte("\xff\xf3")):
		return "mp3"
	case bytes.HasPrefix(b, []byte("OggS")):
		return "ogg"
	case bytes.HasPrefix(b, []byte("fLaC")):
		return "flac"
	case bytes.HasPrefix(b, []byte("%PDF")):
		return "pdf"
	case bytes.HasPrefix(b, []byte("BM")) && !printable(b):
		return "bmp"
	}
	return ""
}

// conclude fills in what follows from the cause.
func (e *engine) conclude(class fault.Class, cause fault.Cause) Diagnosis {
	i, _ := fault.Lookup(cause)
	return Diagnosis{Class: class, Cause: cause, Retryable: i.Retryable, Action: i.Action, Summary: i.Meaning, Remedies: i.Remedies}
}

// transport judges an exchange that got no response.
func (e *engine) transport(x *Exchange) Diagnosis {
	text := ""
	if x.Err != nil {
		text = x.Err.Error()
	}
	var body []byte
	if x.Response != nil {
		body = x.Response.Body
	}
	if len(body) > 0 && text == "" {
		text = string(body[:min(len(body), 16<<10)])
	}
	p := e.provider(x)
	if d, ok := e.goError(x, p, text); ok {
		return d
	}
	w := &walker{m: e.m}
	w.body([]byte(text), "error")
	sub := subject{status: 0, surface: surfaceOf(x), provider: p}
	d := e.conclude(fault.Hard, fault.Network)
	if m, ok := e.m.best(&sub, w.layers); ok {
		d = e.fromSignature(x, fault.Hard, &m, w.layers, 0)
	}
	if len(d.Evidence) == 0 {
		d.Evidence = []Evidence{evidence("error", text)}
	}
	if p != nil {
		d.Provider = p.ID
	}
	d.ProviderMessage = clip(text, 1000)
	if d.Signature == "" {
		d.Signature = "transport"
		d.Likely = text != ""
	}
	return d
}

// hard judges an answer whose status is no success.
func (e *engine) hard(x *Exchange) Diagnosis {
	return e.failure(x, fault.Hard, x.Response.Status, x.Response.Body, "body", e.provider(x))
}

// failure judges an error body. status is the HTTP status, or the one that stands for it inside a 2xx.
func (e *engine) failure(x *Exchange, class fault.Class, status int, body []byte, where string, p *catalog.Provider) Diagnosis {
	if p == nil && len(body) > 0 {
		p = e.byBody(body)
	}
	sub := subject{status: status, surface: surfaceOf(x), provider: p}
	w := &walker{m: e.m}
	kind := bodyJSON
	if where == "body" && x.Response != nil && class == fault.Hard {
		kind = sniff(x.Response)
	}
	switch kind {
	case bodyPage, bodyXML:
		sub.page = kind == bodyPage
		title, text := pageText(body)
		l := w.newLayer(0)
		if title != "" {
			w.addText(&w.layers[l], title, "body.title", 4)
		}
		w.addText(&w.layers[l], text, where, 2)
		if kind == bodyXML {
			w.layers[l].words = append(w.layers[l].words, word{where + ".Code", "code", xmlField(body, "Code")})
		}
	case bodyPacked, bodyMedia:
	default:
		*w = *walkBody(e.m, body, where)
	}
	if len(w.layers) == 0 {
		w.newLayer(0)
	}
	sub.extra = headerWords(x, class)
	inner := 0
	for i := range w.layers {
		if s := w.layers[i].status; s >= 300 && s < 600 && (inner == 0 || w.layers[i].depth > 0) {
			inner = s
		}
	}
	if class != fault.Hard && inner != 0 {
		sub.status = inner
	}
	m, ok := e.m.best(&sub, w.layers)
	var d Diagnosis
	fallback := e.byStatus(sub.status, sub.surface)
	if inner != 0 && inner != sub.status && (inner/100 == 4 || sub.status/100 == 5) {
		if f := e.byStatus(inner, sub.surface); f != nil && inner != 429 {
			fallback = f
		}
	}
	switch {
	case ok && (!m.weak || fallback == nil || !e.statusOutranks(fallback, status)):
		d = e.fromSignature(x, class, &m, w.layers, sub.status)
	case fallback != nil:
		d = e.conclude(class, fallback.Cause)
		d.Likely = fallback.Likely
		d.Signature = "status-" + strconv.Itoa(fallback.Status)
		d.Param = findParam(w.layers, nil, "", d.Cause)
	case class != fault.Hard:
		d = e.conclude(class, fault.ServerError)
		d.Signature = "error-in-success"
		d.Likely = true
	default:
		d = e.conclude(class, fault.Unknown)
		d.Retryable = status == 408 || status == 409 || status == 429 || status >= 500
		d.Signature = "status-" + strconv.Itoa(status)
	}
	if d.Signature == "newapi-saturated" && inner != 0 && inner != 429 {
		if r := e.byStatus(inner, sub.surface); r != nil { // the upstream's own status was kept
			cause := r.Cause
			if inner == 404 {
				cause = fault.ModelNotFound
			}
			e.recast(&d, cause)
			d.Likely = true
			d.Evidence = append(d.Evidence, evidence("upstream status", strconv.Itoa(inner)))
		}
	}
	e.weigh(x, &d, &sub, w.layers, status)
	if class == fault.Hard {
		e.contradicted(&d, status, kind, &sub)
	}
	if class == fault.Hard {
		d.Evidence = append(d.Evidence, evidence("status", strconv.Itoa(status)))
	}
	e.words(x, &d, w.layers, p, &m, ok)
	if len(d.Evidence) == 0 {
		d.Evidence = []Evidence{evidence(where, view(body[:min(len(body), 400)]))}
	}
	e.explain(&d)
	return d
}

// statusOutranks reports whether a status says more than a word that names only a kind of failure.
func (e *engine) statusOutranks(rule *catalog.StatusRule, status int) bool {
	switch rule.Status {
	case 401, 402, 403, 404, 405, 408, 410, 413, 414, 429, 431, 451, 503, 504, 522, 524, 529:
		return true
	}
	return false
}

func (e *engine) byStatus(status int, s Surface) *catalog.StatusRule {
	var found *catalog.StatusRule
	rules := e.statuses[status]
	for i := range rules {
		if rules[i].Surface == "" && found == nil || rules[i].Surface != "" && rules[i].Surface == string(s) {
			found = &rules[i]
		}
	}
	if found == nil && status >= 500 && status < 600 {
		if r := e.statuses[500]; len(r) > 0 {
			return &r[0]
		}
	}
	return found
}

// fromSignature makes a diagnosis of a signature that holds.
func (e *engine) fromSignature(x *Exchange, class fault.Class, m *match, layers []layer, status int) Diagnosis {
	s := &e.m.sigs[m.sig]
	d := e.conclude(class, s.Cause)
	d.Signature = s.ID
	d.Likely = s.Likely
	switch s.Retry {
	case catalog.RetryYes:
		d.Retryable = true
	case catalog.RetryNo:
		d.Retryable = false
		if d.Action == fault.ActRetry {
			d.Action = fault.ActReadMessage
		}
	}
	if s.Action != "" {
		d.Action = s.Action
	}
	if s.Summary != "" {
		d.Summary = s.Summary
	}
	if len(s.Remedies) > 0 {
		d.Remedies = s.Remedies
	}
	if d.Cause == fault.Pending {
		d.Action = fault.ActWait
	}
	d.Param = findParam(layers, m, s.Param, d.Cause)
	d.Evidence = append(d.Evidence, evidence(m.where, m.value))
	return d
}

// weigh lets facts outrank words: a wait that is stated, the age of a task, the limit of zero.
func (e *engine) weigh(x *Exchange, d *Diagnosis, sub *subject, layers []layer, status int) {
	switch d.Cause {
	case fault.TaskNotFound:
		if x.TaskAge > 0 && x.TaskAge.Seconds() < 120 {
			d.Retryable = true
			d.Summary = "The provider does not know this task id yet: the task was created only seconds ago."
		}
	case fault.Unknown:
		d.Retryable = status == 408 || status == 409 || status == 429 || status >= 500
	}
	w, ok := statedWait(x, sub.status, layers)
	if !ok {
		return
	}
	window := d.Cause == fault.RateLimited
	firm := false
	if i := slices.IndexFunc(e.m.sigs, func(s catalog.Signature) bool { return s.ID == d.Signature }); i >= 0 && d.Cause == fault.QuotaExhausted {
		window = e.m.sigs[i].Window
	}
	for i := range layers {
		if strings.Contains(view(layers[i].text), "perday") {
			firm = true
		}
	}
	if strings.HasPrefix(w.where, "header.") && d.Cause == fault.QuotaExhausted {
		window = false
	}
	likelyForever := d.Cause == fault.Overloaded && strings.HasSuffix(w.where, "estimated_time") && w.d > 10*longWait/15*15
	switch {
	case window && firm:
		e.recast(d, fault.QuotaExhausted)
	case window && w.long:
		e.recast(d, fault.QuotaExhausted)
		d.Evidence = append(d.Evidence, evidence(w.where, w.value))
		d.RetryAfter = w.d
	case window:
		e.recast(d, fault.RateLimited)
		d.Evidence = append(d.Evidence, evidence(w.where, w.value))
		d.RetryAfter = w.d
	case likelyForever || d.Cause == fault.Overloaded && strings.HasSuffix(w.where, "estimated_time") && w.d >= longWait:
		e.recast(d, fault.ModelNotFound)
		d.Likely = true
		d.Evidence = append(d.Evidence, evidence(w.where, w.value))
	case d.Retryable && !w.long:
		d.RetryAfter = w.d
		d.Evidence = append(d.Evidence, evidence(w.where, w.value))
	case d.Retryable && d.Cause == fault.Overloaded:
		d.RetryAfter = w.d
		d.Evidence = append(d.Evidence, evidence(w.where, w.value))
	}
}

// contradicted lets a status that can mean only one thing outrank words that would mean another.
func (e *engine) contradicted(d *Diagnosis, status, kind int, sub *subject) {
	request := d.Cause == fault.InvalidRequest || d.Cause == fault.UnsupportedParameter
	switch {
	case status == 413 && (request || d.Cause == fault.ServerError):
		e.recast(d, fault.RequestTooLarge)
	case status == 429 && request:
		e.recast(d, fault.RateLimited)
	case status == 402 && request:
		e.recast(d, fault.QuotaExhausted)
	case status == 401 && request:
		e.recast(d, fault.Authentication)
	case status == 403 && d.Cause == fault.InvalidRequest:
		e.recast(d, fault.PermissionDenied)
	case status == 403 && kind == bodyXML && sub.surface == MediaDownload && d.Cause == fault.PermissionDenied && strings.HasPrefix(d.Signature, "rights"):
		e.recast(d, fault.URLExpired)
		d.Likely = true
	}
}

// recast changes the cause and what follows from it.
func (e *engine) recast(d *Diagnosis, cause fault.Cause) {
	if d.Cause == cause {
		return
	}
	n := e.conclude(d.Class, cause)
	d.Cause, d.Retryable, d.Action, d.Summary, d.Remedies = n.Cause, n.Retryable, n.Action, n.Summary, n.Remedies
}

// headerWords are the codes that stand in headers.
func headerWords(x *Exchange, class fault.Class) (words []word) {
	if x.Response == nil {
		return nil
	}
	for _, name := range []string{"X-Amzn-Errortype", ":exception-type", "X-Fal-Error-Type", "X-Ms-Error-Code", "X-Error-Code"} {
		if v := get(x.Response.Header, name); v != "" {
			v, _, _ = strings.Cut(v, ":")
			words = append(words, word{"header." + strings.ToLower(name), "code", v})
		}
	}
	return words
}

// words passes on the provider's own words.
func (e *engine) words(x *Exchange, d *Diagnosis, layers []layer, p *catalog.Provider, m *match, matched bool) {
	if p != nil {
		d.Provider = p.ID
	}
	pick := -1
	if matched {
		pick = m.layer
	} else {
		for i := range layers {
			if len(layers[i].text) > 0 && (pick < 0 || layers[i].depth > layers[pick].depth) {
				pick = i
			}
		}
	}
	if pick >= 0 {
		l := &layers[pick]
		d.ProviderMessage = clip(l.msg.text, 1000)
		best := 0
		for _, w := range l.words {
			r := 0
			switch w.key {
			case "code", "error_code", "errorcode", "err_code", "errcode", "ret_code":
				r = 4
			case "type", "__type", "error_type", "errortype":
				r = 3
			case "status", "reason", "name", "failurecode", "failure_code":
				r = 2
			case "error":
				r = 1
			}
			if n, err := strconv.Atoi(w.value); err == nil && n >= 100 && n < 600 {
				r = 0
			}
			if r > best {
				best, d.ProviderCode = r, clip(w.value, 200)
				if len(d.Evidence) == 0 {
					d.Evidence = append(d.Evidence, evidence(w.path, w.value))
				}
			}
		}
		if len(d.Evidence) == 0 && l.msg.text != "" {
			d.Evidence = append(d.Evidence, evidence(l.msg.path, l.msg.text))
		}
	}
	if d.ProviderCode == "" && x.Response != nil {
		if w := headerWords(x, d.Class); len(w) > 0 {
			d.ProviderCode = clip(w[0].value, 200)
		}
	}
	d.RequestID = requestID(x, layers)
}

// requestID finds the id to quote to the provider's support.
func requestID(x *Exchange, layers []layer) string {
	for i := range layers {
		if id := layers[i].id; id != "" {
			return clip(id, 200)
		}
	}
	for i := range layers {
		low := strings.ToLower(layers[i].msg.text)
		if len(low) != len(layers[i].msg.text) {
			low = layers[i].msg.text // lower case of another length: places would not fit
		}
		for _, lead := range []string{"request id: ", "request id ", "requestid: ", "request_id: ", "requestid:"} {
			if k := strings.Index(low, lead); k >= 0 {
				rest := layers[i].msg.text[k+len(lead):]
				if end := strings.IndexAny(rest, " )\n,;\"'"); end > 0 {
					rest = rest[:end]
				}
				rest = strings.TrimRight(rest, ".")
				if len(rest) >= 8 {
					return clip(rest, 200)
				}
			}
		}
	}
	if x.Response != nil && len(x.Response.Header) > 0 {
		for _, name := range []string{"X-Request-Id", "Request-Id", "X-Amzn-Requestid", "Apim-Request-Id", "X-Ms-Request-Id", "X-Oneapi-Request-Id", "X-Fal-Request-Id", "X-Trace-Id", "Cf-Ray"} {
			if v := get(x.Response.Header, name); v != "" {
				return clip(v, 200)
			}
		}
	}
	return ""
}

// explain completes the summary.
func (e *engine) explain(d *Diagnosis) {
	if d.Likely && !strings.Contains(strings.ToLower(d.Summary), "likely") {
		d.Summary = "Likely: " + d.Summary
	}
}
