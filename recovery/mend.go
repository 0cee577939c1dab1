package recovery

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"
)

// maxRounds bounds the calls that raising a limit, continuing and asking again may add, together.
const maxRounds = 3

// mend makes a next attempt out of an answer that came and is not good: with a higher limit, going on from
// where it stopped, or with what was wrong. Only what was asked for is done.
func (c *call) mend(r *result) bool {
	if c.on == nil || !textual(c.surface) || c.costly || c.rounds >= maxRounds || r.x.Response == nil || r.x.Response.Status >= 300 || r.d.Class == fault.Hard && r.open == nil {
		return false
	}
	if r.place.url != nil || r.place.model != "" {
		return false
	}
	var w place
	ok := false
	switch k := r.d.Cause; {
	case k == fault.Truncated:
		if c.on[RaiseLimit] {
			w, ok = c.raise(r)
		}
		if !ok && c.on[Continue] {
			w, ok = c.goOn(r)
		}
	case !c.on[Reprompt] || r.d.Class != fault.Silent && r.d.Action != fault.ActReprompt:
	case r.d.Action == fault.ActReprompt:
		w, ok = c.askAgain(r)
	case r.d.Retryable && r.d.Action == fault.ActRetry: // a loop, leaked tokens, an end in the middle: what was said is of no use
		w, ok = r.place, true
	}
	if !ok {
		return false
	}
	if !c.inTime() {
		c.note("not asked again: the call's time budget is spent")
		return false
	}
	c.rounds++
	w.wait = 0
	c.where = w
	return true
}

// raise asks again with four times the limit.
func (c *call) raise(r *result) (place, bool) {
	w := r.place
	p := limitPath(c.surface, w.body)
	if p == "" {
		return w, false // the model's own maximum was hit
	}
	was := gjson.GetBytes(w.body, p).Int()
	if was > 1<<20 {
		return w, false
	}
	body, err := sjson.SetRawBytes(append([]byte(nil), w.body...), p, []byte(strconv.FormatInt(4*was, 10)))
	if err != nil {
		return w, false
	}
	w.body = body
	w.raised = p
	w.edits = append(w.edits[:len(w.edits):len(w.edits)], fmt.Sprintf("request: %s raised from %d to %d", p, was, 4*was))
	return w, true
}

// lower takes back what raise asked too much: the provider has named the model's maximum.
func lower(f *refusal, raised string) (fix, bool) {
	if raised == "" || f.param != raised {
		return fix{}, false
	}
	was := gjson.GetBytes(f.body, f.param).Int()
	for _, word := range strings.FieldsFunc(f.message, func(r rune) bool { return r < '0' || r > '9' }) {
		if n, err := strconv.ParseInt(word, 10, 64); err == nil && n < was && n > was/4 {
			return fix{op: "set", param: f.param, value: word, was: f.raw()}, true
		}
	}
	return fix{}, false
}

// askAgain shows the model its answer and what is wrong with it.
func (c *call) askAgain(r *result) (place, bool) {
	w := r.place
	said := r.text
	if p := textPath(c.surface, r.x.Response.Body); p != "" {
		said = gjson.GetBytes(r.x.Response.Body, p).Str
	}
	body, ok := converse(c.surface, append([]byte(nil), c.where.base(c.body)...), clip(said, 16<<10), complaint(&r.d))
	if !ok {
		return w, false
	}
	w.body = body
	w.edits = append(w.edits[:len(w.edits):len(w.edits)], "request: asked again with what was wrong ("+string(r.d.Cause)+")")
	return w, true
}

// base is the request as it was before the model's own answers were put behind it.
func (w *place) base(client []byte) []byte {
	if w.plain != nil {
		return w.plain
	}
	if w.body != nil {
		return w.body
	}
	return client
}

// complaint is the smallest prompt that says what was wrong.
func complaint(d *telltale.Diagnosis) string {
	var b strings.Builder
	b.WriteString("That answer cannot be used: " + strings.TrimSuffix(d.Summary, ".") + ".")
	for i, e := range d.Evidence {
		if i == 3 {
			break
		}
		fmt.Fprintf(&b, "\n- %s: %s", e.Where, clip(e.Value, 200))
	}
	b.WriteString("\nAnswer again, with nothing but the corrected answer.")
	return b.String()
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

// better puts an answer right without another call: it heals JSON, and joins an answer with the one that it
// goes on from. It reports whether r is now something else than before.
func (c *call) better(r *result) bool {
	if c.on == nil || r.x.Response == nil || r.x.Response.Status >= 300 || r.open != nil || !textual(c.surface) || isStream(r.resp) {
		return false
	}
	changed := false
	if r.place.after != "" {
		changed = c.join(r)
	}
	if c.on[Heal] && (r.d.Cause == fault.InvalidJSON || r.d.Cause == fault.SchemaMismatch) && r.d.Class == fault.Silent {
		changed = c.heal(r) || changed
	}
	return changed
}

// replace puts another text into an answer and judges it again.
func (c *call) replace(r *result, body []byte, what string) {
	r.x = copyExchange(r.x, body)
	r.body = body
	r.resp.Header.Del("Content-Encoding")
	r.d = c.diagnose(r.x)
	r.changes = append(r.changes, what)
}

func copyExchange(x *telltale.Exchange, body []byte) *telltale.Exchange {
	y := *x
	resp := *x.Response
	resp.Body = body
	y.Response = &resp
	return &y
}

// heal mends JSON in the answer's text, if the outcome is then as it should be.
func (c *call) heal(r *result) bool {
	p := textPath(c.surface, r.x.Response.Body)
	if p == "" {
		return false
	}
	was := gjson.GetBytes(r.x.Response.Body, p).Str
	now, ok := healJSON(was)
	if !ok || now == was {
		return false
	}
	body, err := sjson.SetBytes(append([]byte(nil), r.x.Response.Body...), p, now)
	if err != nil {
		return false
	}
	trial := *r
	trial.resp = &http.Response{Header: http.Header{}}
	c.replace(&trial, body, "")
	if !trial.d.OK() {
		return false
	}
	c.replace(r, body, "response: JSON healed")
	return true
}
