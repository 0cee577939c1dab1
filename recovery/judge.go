package recovery

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
	"github.com/tidwall/gjson"
)

// Opinion says how a healthy text answer is looked at a second time, by calls that cost money. The zero value
// asks nobody.
type Opinion struct {
	Judge *Judge        // a model that says whether the answer is good; nil: none
	Agree int           // 2 to 5: the question is asked so many times in all, and the answers are compared
	Limit time.Duration // 30s; after it the answer is given as it is
}

// Judge is a model that is asked whether an answer is good.
type Judge struct {
	Model    string
	Upstream *Upstream // nil: where the call itself went
	Rubric   string    // what matters beyond the built-in rubric
}

// opinionLimit is how long a call waits for its second opinion.
const opinionLimit = 30 * time.Second

// opinion is what the owner wants for this call: that of its task, else that of its route. A second opinion
// gets none itself.
func (c *call) opinion() Opinion {
	if c.set.second || c.set.quiet {
		return Opinion{}
	}
	if o, ok := c.t.policy.Opinions[c.rec.Task]; ok && c.rec.Task != "" {
		return o
	}
	if c.route != nil {
		return c.route.Opinion
	}
	return Opinion{}
}

// second asks for a second opinion on a healthy text answer that is held whole, and makes it a silent failure
// if that is bad. Whatever goes wrong with it is noted, and the answer stays as it was.
func (c *call) second(r *result) {
	o := c.opinion()
	if o.Judge == nil && o.Agree < 2 {
		return
	}
	if r.open != nil && r.open.watch != nil && !r.open.told {
		c.note("no second opinion: the answer is streamed")
		return
	}
	if !r.d.OK() || r.d.Cause != fault.None || !textual(c.surface) || c.costly || c.rest != nil || r.x.Response == nil {
		return
	}
	text := ""
	switch {
	case r.open == nil && r.whole && !isStream(r.resp):
		if p := textPath(c.surface, r.x.Response.Body); p != "" {
			text = gjson.GetBytes(r.x.Response.Body, p).Str
		}
	case r.open != nil && r.open.told && r.whole: // a stream that was held to its end
		text = r.text
	}
	if strings.TrimSpace(text) == "" {
		return
	}
	limit := o.Limit
	if limit <= 0 {
		limit = opinionLimit
	}
	if !c.end.IsZero() {
		limit = min(limit, time.Until(c.end))
	}
	ctx, cancel := context.WithTimeout(c.ctx, limit)
	defer cancel()
	defer func() {
		if recover() != nil {
			c.note("the second opinion failed: the answer was given as it is")
		}
	}()
	d, bad := telltale.Diagnosis{}, false
	if o.Agree > 1 {
		d, bad = c.agree(ctx, r, text, min(o.Agree, 5))
	}
	if !bad && o.Judge != nil {
		d, bad = c.judge(ctx, r, text, o.Judge)
	}
	if !bad {
		return
	}
	r.d, r.open = d, nil
	if n := len(c.rec.Attempts); n > 0 {
		c.rec.Attempts[n-1].Diagnosis = d
	}
}

// judge asks the model of j, and reports whether it found the answer bad.
func (c *call) judge(ctx context.Context, r *result, text string, j *Judge) (d telltale.Diagnosis, bad bool) {
	s := c.surface
	if j.Upstream != nil {
		s = j.Upstream.speaks()
	}
	question := rubricQuestion(c.surface, c.body, text, c.expect.Wants())
	var a asked
	for _, formatted := range [...]bool{true, false} {
		body := judgeBody(s, j.Model, rubricFor(j.Rubric), question, formatted)
		if body == nil {
			c.note("not judged: a judge cannot be asked in this API; name an upstream for it")
			return d, false
		}
		a = c.askAll(ctx, "judge", c.judgeRequest(r, j, s, body), 1)[0]
		if a.status != 400 && a.status != 422 {
			break // else the format of the verdict may be what it does not take
		}
	}
	if a.failed != "" {
		c.note("not judged by " + j.Model + ": " + a.failed + a.in())
		return d, false
	}
	v, ok := readVerdict(a.text)
	if !ok {
		c.note("not judged by " + j.Model + ": its answer is no verdict" + a.in())
		return d, false
	}
	c.note("judged " + map[bool]string{true: "bad", false: "good"}[v.bad] + " by " + j.Model + a.in())
	if !v.bad {
		return d, false
	}
	d = suspect(&r.d, v.cause, "judge", "A second model judged the answer, which is likely wrong: "+strings.TrimSuffix(v.reason, ".")+".")
	d.Evidence = []telltale.Evidence{{Where: "judge", Value: v.reason}}
	return d, true
}

// suspect is the diagnosis of a healthy answer that a second opinion speaks against.
func suspect(healthy *telltale.Diagnosis, cause fault.Cause, by, summary string) telltale.Diagnosis {
	d := *healthy
	i, _ := fault.Lookup(cause)
	d.Class, d.Cause, d.Retryable, d.Action, d.Remedies = fault.Silent, i.Cause, i.Retryable, i.Action, i.Remedies
	d.Likely, d.Signature, d.Summary = true, by, summary
	return d
}

// verdict is what a judge says.
type verdict struct {
	bad    bool
	cause  fault.Cause
	reason string
}

// judged are the causes that a judge may name. What can be known without a model is not asked of one.
var judged = [...]fault.Cause{fault.UnexpectedOutput, fault.Refusal, fault.Repetition, fault.Echo, fault.WrongLanguage, fault.CutOutput, fault.LeakedTemplate}

func readVerdict(text string) (v verdict, ok bool) {
	raw, ok := healJSON(text)
	if !ok && gjson.Valid(text) {
		raw, ok = text, true
	}
	if !ok {
		return v, false
	}
	switch gjson.Get(raw, "verdict").Str {
	case "good":
		return v, true
	case "bad":
	default:
		return v, false
	}
	v = verdict{bad: true, cause: fault.UnexpectedOutput, reason: strings.Join(strings.Fields(clip(gjson.Get(raw, "reason").Str, 500)), " ")}
	for _, k := range judged {
		if gjson.Get(raw, "cause").Str == string(k) {
			v.cause = k
		}
	}
	return v, v.reason != "" // a verdict without evidence is none
}

// speaks is the surface on which a text model of u is asked.
func (u *Upstream) speaks() telltale.Surface {
	switch strings.ToLower(u.Provider) {
	case "anthropic":
		return telltale.Messages
	case "gemini", "google":
		return telltale.GenerateContent
	case "":
	default:
		return telltale.Chat
	}
	switch host := u.Base.Hostname(); {
	case strings.HasSuffix(host, "anthropic.com"):
		return telltale.Messages
	case host == "generativelanguage.googleapis.com" && !strings.Contains(u.Base.Path, "/openai"):
		return telltale.GenerateContent
	}
	return telltale.Chat
}

// asked is what came of a call of Telltale's own.
type asked struct {
	text   string
	status int    // 0: no response
	failed string // why there is no text
	id     string // of the call
}

func (a *asked) in() string {
	if a.id == "" {
		return ""
	}
	return " (call " + a.id + ")"
}

// taskOf names a call of Telltale's own in the record, so that it can be told from the clients'.
func (c *call) taskOf(kind string) string {
	if c.rec.Task == "" {
		return kind
	}
	return kind + ":" + c.rec.Task
}

func statusText(status int, cause fault.Cause) string {
	return fmt.Sprintf("%s (%s)", strconv.Itoa(status), cause)
}
