package task

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/telltale-ai/telltale"
)

// Poller takes tasks a step further. Its zero durations mean the defaults; Store and Transport are needed.
// One Poller serves every task of the process: it is what tasks of one key share their rate through.
type Poller struct {
	Store     Store
	Transport http.RoundTripper // for polls; it may retry, it must not follow redirects to other hosts
	Diagnoser *telltale.Diagnoser

	// Credential gives what authorises a poll. False: no key is held just now, the task waits.
	Credential func(ctx context.Context, t *Task) (Credential, bool)
	// Keep fetches, checks and keeps one result. Nil: results are not kept, and a task that succeeded names the provider's URLs.
	Keep func(ctx context.Context, t *Task, from Fetch) (Media, error)
	// Ended is told of each task once it has ended and is stored; it must not block.
	Ended func(Task)
	// Observe is told of each poll and what was made of it; it must not block.
	Observe func(ctx context.Context, t *Task, x *telltale.Exchange, d telltale.Diagnosis)
	// Resubmit sends the create again elsewhere and returns the new task. Nil: stuck tasks are diagnosed only.
	Resubmit func(ctx context.Context, t *Task) (Task, error)
	// Notify delivers a webhook. Nil: none are.
	Notify func(ctx context.Context, t *Task) error

	First       time.Duration // before the first poll: 5 s
	Max         time.Duration // the longest interval: 30 s
	QueueLimit  time.Duration // in the queue before a task counts as stuck: 10 m
	Deadline    time.Duration // followed before a task is given up: 24 h
	LateFor     time.Duration // how long a provider may not know a task: 2 m
	FilterSoon  time.Duration // a failure without detail this soon is likely a content filter: 60 s
	LostAfter   time.Duration // a stuck task that cannot be cancelled counts as lost, and may be resubmitted; 0: never
	AnswerLimit int64         // bytes of one answer: 96 MiB (Vertex puts whole videos there)

	pace pace
	// Now is the clock; nil: time.Now.
	Now func() time.Time
}

// Credential is what authorises a request to an upstream. It is held in memory only.
type Credential struct {
	Header http.Header
	Query  url.Values
}

// Fetch is one result to be kept.
type Fetch struct {
	URL    string
	Data   []byte      // the media itself, when it came in an answer
	Base64 string      // or as base64 or a data URL
	Header http.Header // the provider's key; only with a URL on the provider's own hosts
	Hosts  []string    // the provider's own hosts, as globs: Header goes nowhere else, not on a redirect either
	Type   string      // what it claims to be, if known: "video/mp4", "video/*"
}

// The errors that Keep may return, wrapped; any other is tried again.
var (
	ErrExpired = errors.New("the media URL has expired")
	ErrNoSpace = errors.New("no space to keep the media")
	ErrRefused = errors.New("the media will not be fetched")     // for good: a private address, too large
	ErrCorrupt = errors.New("the bytes are not the media")       // tried a few times
	ErrBlocked = errors.New("the provider refused the download") // such as 401
)

// Step does what is due for a task and says when the next step is. done: nothing is left to do.
// An error means that the store failed; the step is to be repeated.
func (p *Poller) Step(ctx context.Context, id string) (wait time.Duration, done bool, err error) {
	t, err := p.Store.Get(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return 0, true, nil
	}
	if err != nil {
		return 0, false, err
	}
	if t.Settled() {
		return 0, true, nil
	}
	now := p.now()
	p.spend(&t, now)
	wasEnded := t.State.Ended()
	if wasEnded {
		wait = p.notify(ctx, &t)
	} else {
		wait = p.advance(ctx, &t)
		if t.State.Ended() {
			wait = 0
		}
	}
	if ctx.Err() != nil {
		return 0, false, ctx.Err() // being stopped: what was learnt is learnt again
	}
	now = p.now()
	t.SteppedAt, t.UpdatedAt, t.NextAt = now, now, now.Add(wait)
	if err := p.Store.Update(ctx, &t); err != nil {
		if errors.Is(err, ErrStale) {
			return time.Second, false, nil // the client's own poll was quicker
		}
		return 0, false, err
	}
	if t.State.Ended() && !wasEnded && p.Ended != nil {
		p.Ended(t)
	}
	return wait, t.Settled(), nil
}

// spend counts the time since the last step. A clock that jumped, or a process that was not there, counts
// for no more than the step that was due and a minute.
func (p *Poller) spend(t *Task, now time.Time) {
	last := t.SteppedAt
	if last.IsZero() {
		last = t.CreatedAt
	}
	due := t.NextAt.Sub(last)
	d := now.Sub(last)
	d = max(0, min(d, max(due, 0)+time.Minute))
	t.Spent += d
	if t.State == Queued {
		t.QueuedFor += d
	} else {
		t.QueuedFor = 0
	}
}

func (p *Poller) now() time.Time {
	if p.Now != nil {
		return p.Now()
	}
	return time.Now()
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

func (p *Poller) first() time.Duration      { return or(p.First, 5*time.Second) }
func (p *Poller) longest() time.Duration    { return or(p.Max, 30*time.Second) }
func (p *Poller) queueLimit() time.Duration { return or(p.QueueLimit, 10*time.Minute) }
func (p *Poller) deadline() time.Duration   { return or(p.Deadline, 24*time.Hour) }
func (p *Poller) lateFor() time.Duration    { return or(p.LateFor, 2*time.Minute) }
func (p *Poller) filterSoon() time.Duration { return or(p.FilterSoon, time.Minute) }

// interval is the time to the next poll of a task that goes on: the first wait, growing by half with each
// poll up to the longest, and no less than the provider asks for unless the owner's longest is shorter.
func (p *Poller) interval(t *Task, least time.Duration) time.Duration {
	d := p.first()
	for i := 1; i < t.Polls && d < p.longest(); i++ {
		d += d / 2
	}
	return min(max(d, least), p.longest())
}
