package recovery

import (
	"context"
	"net/http"

	"github.com/telltale-ai/telltale/expect"
)

// Settings are what one call wants otherwise than the [Policy] says. Empty fields change nothing.
type Settings struct {
	ID       string // of the call; "" makes one
	Mode     Mode
	Recover  []Recovery          // beside the Policy's; an empty list that is not nil switches those off
	Task     string              // what is expected of the output: a name in Policy.Expect
	Expect   *expect.Expectation // outranks Task
	Upstream *Upstream           // where the request is addressed to
	Route    string              // the path as the client sent it; "" takes the request's own

	second bool // a second opinion: nobody is asked for one on it

	quiet bool // a part of another call: it is not told of as one of its own

	// Informational is called with every 1xx answer of the upstream but 100 and 101.
	Informational func(status int, h http.Header)
}

type settingsKey struct{}

// With gives the calls made with the returned context these settings, in the place of earlier ones.
func With(ctx context.Context, s *Settings) context.Context {
	return context.WithValue(ctx, settingsKey{}, s)
}

func settingsOf(ctx context.Context) *Settings {
	if s, ok := ctx.Value(settingsKey{}).(*Settings); ok {
		return s
	}
	return &Settings{}
}

func change(ctx context.Context, f func(*Settings)) context.Context {
	s := *settingsOf(ctx)
	f(&s)
	return With(ctx, &s)
}

// WithMode sets the mode of the calls made with the returned context.
func WithMode(ctx context.Context, m Mode) context.Context {
	return change(ctx, func(s *Settings) { s.Mode = m })
}

// WithRecover switches recoveries on for the calls made with the returned context; without any it
// switches off those of the policy.
func WithRecover(ctx context.Context, r ...Recovery) context.Context {
	return change(ctx, func(s *Settings) { s.Recover = append([]Recovery{}, r...) })
}

// WithExpect says what is expected of the output of the calls made with the returned context.
func WithExpect(ctx context.Context, e *expect.Expectation) context.Context {
	return change(ctx, func(s *Settings) { s.Expect = e })
}

// WithTask names the task of the calls made with the returned context: the record shows it, and what
// Policy.Expect has under that name is expected of the output.
func WithTask(ctx context.Context, name string) context.Context {
	return change(ctx, func(s *Settings) { s.Task = name })
}

// WithUpstream says where the calls made with the returned context are addressed to.
func WithUpstream(ctx context.Context, u *Upstream) context.Context {
	return change(ctx, func(s *Settings) { s.Upstream = u })
}
