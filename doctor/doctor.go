// Package doctor runs the debugging checklist live against an endpoint: call [Run] and read the [Report].
//
// It looks at the key and the base URL, then at DNS, TCP, TLS and the clock, then asks for the list of
// models, for a short answer, a stream, JSON and a tool call, and, when asked to, for a picture and a video.
// Nothing that it returns holds the key.
package doctor

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/url"
	"strings"
	"time"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/internal/redact"
)

// Options says what to look at. Only BaseURL and Key are usually needed.
type Options struct {
	BaseURL string // as a program would give it to an SDK
	Key     string
	KeyName string // where the key came from, such as OPENAI_API_KEY; for messages

	Model      string // "": a small one of the endpoint's list
	ImageModel string // "": no picture is made, because it costs money
	VideoModel string // "": no video is made, because it costs money

	Client  *http.Client     // nil: a client of its own. Redirects are never followed
	TLS     *tls.Config      // for the look at the certificate; nil is the default
	Now     func() time.Time // nil is time.Now
	Timeout time.Duration    // for one request; 0 is 60 s
}

// State is what came of a check.
type State string

// The states. A warning does not make the report fail.
const (
	OK      State = "ok"
	Failed  State = "failed"
	Warning State = "warning"
	Skipped State = "skipped"
)

// Result is what one check saw.
type Result struct {
	ID        string              `json:"id"`
	Title     string              `json:"title"`
	State     State               `json:"state"`
	Seen      string              `json:"seen"`                // one sentence: what was seen, or why it was skipped
	Do        []string            `json:"do,omitempty"`        // what to do about it, best first
	Diagnosis *telltale.Diagnosis `json:"diagnosis,omitempty"` // of the exchange that failed
	ElapsedMS int64               `json:"elapsed_ms"`

	halts bool // what needs this check cannot run
}

// Report is what all checks saw, in order.
type Report struct {
	BaseURL string   `json:"base_url"`
	Model   string   `json:"model"`
	OK      bool     `json:"ok"` // no check failed
	Checks  []Result `json:"checks"`
}

// Check is one line of the checklist.
type Check struct {
	ID    string
	Title string
	Doc   string   // what it looks at and why
	Needs []string // checks that must not have failed before it
	run   func(context.Context, *session) Result
}

// Checks lists the checks in the order in which they run.
func Checks() []Check {
	return []Check{checkKey(), checkBaseURL(), checkDNS(), checkTCP(), checkTLS(), checkEndpoint(), checkClock(), checkModels(),
		checkCall(), checkStream(), checkJSON(), checkTool(), checkImage(), checkVideo()}
}

// Run runs every check. It takes as long as the endpoint takes to answer some eight short requests;
// when ctx ends, what has not run is skipped. each, when not nil, is told of every result as it comes.
func Run(ctx context.Context, o Options, each func(Result)) Report {
	s := newSession(o)
	r := Report{BaseURL: redactURL(strings.TrimSpace(o.BaseURL)), OK: true}
	state, stopped := map[string]State{}, map[string]bool{}
	for _, c := range Checks() {
		res := Result{State: Skipped}
		why := blocked(ctx, c, state, stopped)
		if why != "" {
			res.Seen = why
			res.halts = true
		} else {
			start := time.Now()
			res = c.run(ctx, s)
			res.ElapsedMS = time.Since(start).Milliseconds()
		}
		res.ID, res.Title = c.ID, c.Title
		s.hide(&res)
		state[c.ID], stopped[c.ID] = res.State, res.halts
		r.OK = r.OK && res.State != Failed
		r.Checks = append(r.Checks, res)
		if each != nil {
			each(res)
		}
	}
	r.Model = s.model
	return r
}

// blocked says why a check cannot run; "" when it can.
func blocked(ctx context.Context, c Check, state map[string]State, stopped map[string]bool) string {
	if ctx.Err() != nil {
		return "the run was stopped"
	}
	for _, need := range c.Needs {
		if state[need] == Failed {
			return need + " failed"
		}
		if stopped[need] {
			return need + " did not run"
		}
	}
	return ""
}

// session is what the checks of one run share.
type session struct {
	o      Options
	key    string // as it is sent: without the blanks and quotes that checkKey complains of
	raw    string // base URL as given
	base   *url.URL
	client *http.Client
	now    func() time.Time

	anthropic bool // the endpoint speaks Anthropic's dialect
	model     string
	models    []string
	date      string // the Date header of the endpoint's first answer
	dateAt    time.Time
	maxTokens string // the parameter that this model takes
}

func newSession(o Options) *session {
	s := &session{o: o, raw: o.BaseURL, key: cleanKey(o.Key), now: o.Now, model: o.Model, maxTokens: "max_tokens"}
	if s.now == nil {
		s.now = time.Now
	}
	c := http.Client{}
	if o.Client != nil {
		c = *o.Client
	}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	s.client = &c
	if s.o.Timeout == 0 {
		s.o.Timeout = time.Minute
	}
	return s
}

// hide takes the key out of whatever a result says.
func (s *session) hide(r *Result) {
	clean := func(t string) string {
		for _, k := range []string{s.o.Key, strings.TrimSpace(s.o.Key), s.key} {
			if len(k) >= 4 {
				t = strings.ReplaceAll(t, k, redact.Mask)
			}
		}
		return redact.String(t)
	}
	r.Seen = clean(r.Seen)
	for i := range r.Do {
		r.Do[i] = clean(r.Do[i])
	}
	if d := r.Diagnosis; d != nil {
		d.ProviderMessage, d.Summary = clean(d.ProviderMessage), clean(d.Summary)
		for i := range d.Evidence {
			d.Evidence[i].Value = clean(d.Evidence[i].Value)
		}
	}
}

// redactURL drops what is secret in a URL: a password, and the values of a query.
func redactURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return redact.String(raw)
	}
	if u.User != nil {
		u.User = url.User(u.User.Username())
	}
	return redact.String(u.String())
}

func good(seen string) Result               { return Result{State: OK, Seen: seen} }
func skipped(why string) Result             { return Result{State: Skipped, Seen: why} }
func warn(seen string, do ...string) Result { return Result{State: Warning, Seen: seen, Do: do} }
func fail(seen string, do ...string) Result { return Result{State: Failed, Seen: seen, Do: do} }

// halted is a skipped check without which those that need it cannot run.
func halted(why string) Result { return Result{State: Skipped, Seen: why, halts: true} }
