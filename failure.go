package telltale

import (
	"slices"
	"strconv"
	"strings"

	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/fault"
)

// failure judges an error body. status is the HTTP status, or the one that stands for it inside a 2xx.
func (e *engine) failure(x *Exchange, class fault.Class, status int, body []byte, where string, p *catalog.Provider) Diagnosis {
	if p == nil && len(body) > 0 {
		p = e.byBody(body)
	}
	sub := subject{status: status, surface: surfaceOf(x), provider: p}
	w := walkers.Get().(*walker)
	w.m = e.m
	defer w.release()
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
		w.body(body[:min(len(body), maxWalked)], where)
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
	e.passOn(&d, &sub, w.layers)
	e.weigh(x, &d, &sub, w.layers, status)
	if class == fault.Hard {
		e.contradicted(&d, status, kind, &sub)
	}
	if class == fault.Hard {
		d.Evidence = append(d.Evidence, Evidence{Where: "status", Value: strconv.Itoa(status)})
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
	d.Evidence = append(make([]Evidence, 0, 3), evidence(m.where, m.value)) // room for a wait and the status
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
	if d.Cause == fault.QuotaExhausted {
		if i := slices.IndexFunc(e.m.sigs, func(s catalog.Signature) bool { return s.ID == d.Signature }); i >= 0 {
			window = e.m.sigs[i].Window
		}
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
	case status == 401 && d.Cause == fault.URLExpired && kind == bodyJSON && sub.surface != MediaDownload:
		e.recast(d, fault.Authentication)
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
