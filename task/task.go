// Package task follows asynchronous media jobs to their end: give a [Poller] a [Store] and call Step whenever
// a task is due. A task outlives the process that took it; its result is kept before it counts as succeeded.
//
// The package does no I/O of its own but the polls, which go through the RoundTripper it is given.
package task

import (
	"context"
	"errors"
	"time"
)

// State is where a task stands.
type State string

// The states. A task that is saving has succeeded at the provider; its media is being fetched and kept.
const (
	Queued    State = "queued"
	Running   State = "running"
	Saving    State = "saving"
	Succeeded State = "succeeded"
	Failed    State = "failed"
	Cancelled State = "cancelled" // by a person, or expired at the provider
)

// Ended reports whether the task will not change any more.
func (s State) Ended() bool { return s == Succeeded || s == Failed || s == Cancelled }

// Header is the state as the Telltale-Task-State header gives it: saving counts as running.
func (s State) Header() string {
	if s == Saving {
		return string(Running)
	}
	return string(s)
}

// Images is the dialect of a task that keeps what an image call has already given: it is never polled.
const Images = "images"

// Task is one media job at a provider. It holds the name of an upstream, never a key.
type Task struct {
	ID         string `json:"id"` // unique, sortable by time
	Upstream   string `json:"upstream"`
	UpstreamID string `json:"upstream_id"` // as the provider named it; unique within the upstream
	Provider   string `json:"provider"`
	Dialect    string `json:"dialect"`
	Model      string `json:"model,omitempty"`
	Call       string `json:"call,omitempty"` // the call that created it

	Base      string            `json:"base"` // scheme and host of the create: polls go there
	Prefix    string            `json:"prefix,omitempty"`
	Vars      map[string]string `json:"vars,omitempty"`
	Query     string            `json:"query,omitempty"`   // of the create, without secrets: some hosts want it on polls
	Headers   map[string]string `json:"headers,omitempty"` // to repeat on polls; never a secret
	PollURL   string            `json:"poll_url,omitempty"`
	CancelURL string            `json:"cancel_url,omitempty"`
	ResultURL string            `json:"result_url,omitempty"`
	ClientKey string            `json:"client_key,omitempty"` // fingerprint of the client's own key; empty: the upstream's configured key
	KeyHeader string            `json:"key_header,omitempty"` // where the key stood in the create, with what stood before it: "Authorization: Bearer "

	State    State    `json:"state"`
	Status   string   `json:"status,omitempty"` // the provider's last word
	Progress float64  `json:"progress"`         // 0 to 1, never falling
	Polls    int      `json:"polls"`
	Warnings []string `json:"warnings,omitempty"` // each once, in words
	Waiting  string   `json:"waiting,omitempty"`  // why nothing happens just now; empty when something does

	CreatedAt time.Time     `json:"created_at"`
	UpdatedAt time.Time     `json:"updated_at"`
	NextAt    time.Time     `json:"next_at"` // when the next step is due
	SteppedAt time.Time     `json:"stepped_at"`
	Spent     time.Duration `json:"spent"`      // followed so far; a clock that jumps does not count, ns
	QueuedFor time.Duration `json:"queued_for"` // of which in the queue, ns
	MissedFor time.Duration `json:"missed_for"` // of which the provider denied to know it, the last time in a row, ns
	Errors    int           `json:"errors"`     // polls in a row that told nothing
	Tries     int           `json:"tries"`      // attempts in a row to get or keep the result
	Fresh     int           `json:"fresh"`      // fresh URLs asked for because one had expired

	Answer      []byte    `json:"answer,omitempty"` // the provider's last object while it ran, or the create's
	Final       []byte    `json:"final,omitempty"`  // the provider's object that ended it
	AnsweredAt  time.Time `json:"answered_at"`
	ContentType string    `json:"content_type,omitempty"` // of the two
	HTTPStatus  int       `json:"http_status,omitempty"`  // of the last answer; 0: 200

	Sources []Source `json:"sources,omitempty"`
	Refresh bool     `json:"refresh,omitempty"` // the sources' URLs are no good any more: poll for fresh ones
	Media   []Media  `json:"media,omitempty"`
	Verdict *Verdict `json:"verdict,omitempty"` // also while it runs, when something is wrong

	Expect          string `json:"expect,omitempty"` // name of what the caller expects of the results
	Create          []byte `json:"create,omitempty"` // the request's body, only where the owner wants resubmission
	CreatePath      string `json:"create_path,omitempty"`
	Resubmitting    bool   `json:"resubmitting,omitempty"` // a second create may have left: it is never sent again
	ResubmittedAs   string `json:"resubmitted_as,omitempty"`
	ResubmittedFrom string `json:"resubmitted_from,omitempty"`

	Webhook Webhook `json:"webhook"`

	Version int64 `json:"-"` // of the stored row; an update of an older one is refused
}

// Source is one result as the provider gave it, to be fetched.
type Source struct {
	URL   string `json:"url,omitempty"`
	Key   bool   `json:"key,omitempty"` // the provider wants its key, and the URL is the provider's own
	Kept  bool   `json:"kept,omitempty"`
	Index int    `json:"index"` // in Media, once kept
}

// Media is one kept result.
type Media struct {
	Name        string   `json:"name"` // in the store
	URL         string   `json:"url"`  // ours, or the provider's when nothing is kept
	ContentType string   `json:"content_type"`
	Bytes       int64    `json:"bytes"`
	SHA256      string   `json:"sha256"`
	Warnings    []string `json:"warnings,omitempty"` // such as a blank picture
	Unmet       []string `json:"unmet,omitempty"`    // what is not as the caller expects, in words
}

// Webhook is what is told to whom when the task ends.
type Webhook struct {
	URL     string    `json:"url,omitempty"`
	Tries   int       `json:"tries,omitempty"`
	NextAt  time.Time `json:"next_at"`
	DoneAt  time.Time `json:"done_at"`
	GaveUp  bool      `json:"gave_up,omitempty"`
	LastErr string    `json:"last_err,omitempty"`
}

// pending reports whether the webhook still has to be called.
func (w *Webhook) pending() bool { return w.URL != "" && w.DoneAt.IsZero() && !w.GaveUp }

// Settled reports whether nothing is left to do: the task has ended and its webhook, if any, is done with.
func (t *Task) Settled() bool { return t.State.Ended() && !t.Webhook.pending() }

// Warn adds a warning once; at most 20 are kept.
func (t *Task) Warn(s string) { t.warn(s) }

// warn adds a warning once; at most 20 are kept.
func (t *Task) warn(s string) {
	for _, w := range t.Warnings {
		if w == s {
			return
		}
	}
	if len(t.Warnings) < 20 {
		t.Warnings = append(t.Warnings, s)
	}
}

// Errors of a Store.
var (
	ErrNotFound = errors.New("no such task")
	ErrStale    = errors.New("the task was changed by somebody else meanwhile")
)

// Store keeps tasks. Implementations pass the suite of package tasktest.
type Store interface {
	// Create stores t, with its first job due at t.NextAt, in one transaction. Where the upstream's id is
	// known already, it stores nothing and returns the task that has it, made false.
	Create(ctx context.Context, t Task) (stored Task, made bool, err error)
	// Get finds a task by its id; ErrNotFound.
	Get(ctx context.Context, id string) (Task, error)
	// Find finds tasks by the provider's id, in any upstream when upstream is empty; newest first.
	Find(ctx context.Context, upstream, upstreamID string) ([]Task, error)
	// Update stores t if its Version is still the stored one, and counts that up; ErrStale.
	Update(ctx context.Context, t *Task) error
	// List gives tasks, newest first.
	List(ctx context.Context, f Filter) ([]Task, error)
}

// Filter chooses tasks; the zero value lists the newest 100.
type Filter struct {
	State  State
	Before string // ids below this one: the last of the page before
	Limit  int
}
