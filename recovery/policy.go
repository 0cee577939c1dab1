package recovery

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/telltale-ai/telltale/expect"
	"github.com/telltale-ai/telltale/fault"
)

// Mode says how far a Transport may go.
type Mode string

// The modes. An empty Mode is [Recover].
const (
	Observe Mode = "observe" // change nothing and tell
	Recover Mode = "recover" // also do the recoveries that are on
	Strict  Mode = "strict"  // also turn a soft or silent failure into an HTTP 422
)

// ParseMode reads a mode; the empty text is none.
func ParseMode(s string) (Mode, error) {
	m := Mode(strings.ToLower(strings.TrimSpace(s)))
	if m != "" && m != Observe && m != Recover && m != Strict {
		return "", fmt.Errorf("%q is none of observe, recover, strict", s)
	}
	return m, nil
}

// Recovery is one that is off until it is asked for.
type Recovery string

// The recoveries.
const (
	Heal       Recovery = "heal"        // mend JSON without another call
	Reprompt   Recovery = "reprompt"    // ask again with what was wrong
	Continue   Recovery = "continue"    // go on from a truncated or cut answer
	RaiseLimit Recovery = "raise_limit" // ask again with a higher token limit
	Fallback   Recovery = "fallback"    // ask another model or upstream
)

var recoveries = []Recovery{Heal, Reprompt, Continue, RaiseLimit, Fallback}

// ParseRecoveries reads names parted by commas. The word "none" gives an empty list that is not nil: it
// switches off what the policy has on.
func ParseRecoveries(s string) ([]Recovery, error) {
	var out []Recovery
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ',' || r == ' ' }) {
		r := Recovery(w)
		if w == "none" {
			out = []Recovery{}
			continue
		}
		if !slices.Contains(recoveries, r) {
			return nil, fmt.Errorf("%q is none of heal, reprompt, continue, raise_limit, fallback", w)
		}
		out = append(out, r)
	}
	return out, nil
}

// Policy says what a Transport does. Its zero value means the defaults that stand beside the fields;
// a negative duration or size switches the limit off.
type Policy struct {
	Mode    Mode       // recover
	Recover []Recovery // beyond the defaults; none

	Attempts int           // 4; the first included
	Budget   time.Duration // 60s; after it no new attempt begins
	Base     time.Duration // 500ms; first backoff before jitter
	Max      time.Duration // 30s; longest backoff
	Load     float64       // 0.2; retries allowed as a share of calls; negative: none

	Connect   time.Duration // 10s
	FirstByte time.Duration // 120s; from the request's last byte to the response's header
	Idle      time.Duration // 60s; between two parts of a body
	Total     time.Duration // 10m; the whole call, its waits and its stream included
	Hold      int64         // 8 MiB; larger bodies pass by and are not repeated

	Expect map[string]*expect.Expectation // what is expected of an output, by the name of its task

	NoTextRepeat bool // do not repeat a text call whose answer was lost either

	StopOnRepetition bool               // cancel a stream that has fallen into a loop
	Opinions         map[string]Opinion // second opinions on healthy answers, by the name of their task

	Routes []Route
}

// Route says what differs for the calls that it matches. The first match counts. Patterns may hold * for
// any text; an empty one matches all.
type Route struct {
	Model, Path, Upstream string

	Mode    Mode
	Recover []Recovery          // beside the Policy's
	Task    string              // what is expected of the output: a name in Policy.Expect
	Expect  *expect.Expectation // outranks what Task names
	Opinion Opinion             // on these calls, where their task has none

	StopOnRepetition *bool // nil: as the upstream has it

	Fallback   []Target                 // tried in order when [Fallback] is on; a route with a list switches it on
	FallbackOn map[fault.Cause][]Target // another list for a cause; content_filter and refusal have no other
}

// Target is where a call goes when it cannot be answered where it was sent.
type Target struct {
	Upstream *Upstream // nil: the same
	Model    string    // "": the same
}

// Upstream is a provider that calls are sent to.
type Upstream struct {
	Name             string
	Base             *url.URL // such as https://api.openai.com/v1
	Key              string   // "": the client's own; a call falls back to another host only with a key of that host
	Provider         string   // a hint for the diagnosis, where the host does not tell
	Mode             Mode
	Recover          []Recovery
	StopOnRepetition *bool // nil: as the Policy has it

	Idempotent bool // it honours Idempotency-Key: a create whose answer was lost may be sent again
}

func (p Policy) filled() Policy {
	if p.Mode == "" {
		p.Mode = Recover
	}
	if p.Attempts <= 0 {
		p.Attempts = 4
	}
	if p.Load == 0 {
		p.Load = 0.2
	}
	for _, f := range []struct {
		d   *time.Duration
		def time.Duration
	}{
		{&p.Budget, 60 * time.Second}, {&p.Base, 500 * time.Millisecond}, {&p.Max, 30 * time.Second},
		{&p.Connect, 10 * time.Second}, {&p.FirstByte, 120 * time.Second}, {&p.Idle, 60 * time.Second}, {&p.Total, 10 * time.Minute},
	} {
		if *f.d == 0 {
			*f.d = f.def
		}
	}
	if p.Hold == 0 {
		p.Hold = 8 << 20
	}
	return p
}

// route finds the first route that matches, or nil.
func (p *Policy) route(upstream, path, model string) *Route {
	for i := range p.Routes {
		r := &p.Routes[i]
		if Glob(r.Upstream, upstream) && Glob(r.Path, path) && Glob(r.Model, model) {
			return r
		}
	}
	return nil
}

// Glob reports whether s matches pattern, in which * stands for any text.
func Glob(pattern, s string) bool {
	if pattern == "" || pattern == "*" {
		return true
	}
	first, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == s
	}
	s, ok := strings.CutPrefix(s, first)
	if !ok {
		return false
	}
	for {
		part, more, again := strings.Cut(rest, "*")
		if !again {
			return strings.HasSuffix(s, part)
		}
		at := strings.Index(s, part)
		if at < 0 {
			return false
		}
		s, rest = s[at+len(part):], more
	}
}
