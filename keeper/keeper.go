// Package keeper keeps what was paid for: it joins package task, which follows long jobs, with package media,
// which keeps what they make. [Open] one and give it to the gateway as its Tasks; mount its API and its Media.
package keeper

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/expect"
	"github.com/telltale-ai/telltale/media"
	"github.com/telltale-ai/telltale/task"
	"github.com/telltale-ai/telltale/task/queue"
)

// Config is what a Keeper goes by. Queue is needed; zero durations mean the defaults of [task.Poller].
type Config struct {
	Queue queue.Queue
	Media media.Store // nil: nothing is kept, tasks are followed all the same

	// Key gives the key that the configuration has for an upstream; "" where the client's own passes through.
	Key       func(upstream string) string
	Transport http.RoundTripper // for polls; nil: http.DefaultTransport
	Diagnoser *telltale.Diagnoser
	Observe   func(ctx context.Context, t *task.Task, x *telltale.Exchange, d telltale.Diagnosis)
	Log       *slog.Logger

	Expect map[string]*expect.Expectation // of pictures and videos, by the name that calls choose

	PollFirst, PollMax, QueueLimit, Deadline time.Duration

	Rewrite       bool          // put the URLs of kept media in the place of the provider's
	PublicURL     func() string // what our URLs begin with, such as http://127.0.0.1:8484; nil or "": they begin with a slash
	AllowPrivate  []string      // hosts and networks that media may be fetched from and webhooks sent to
	Upstreams     []string      // host:port of each upstream: what the owner named himself may be private
	MaxBytes      int64         // of one result; 0: 4 GiB
	Dir           string        // for what is being fetched; empty: the system's
	Retention     media.Retention
	TaskAge       time.Duration // tasks that have ended are forgotten when they are older; 0: never
	Webhook       string        // told of every task, beside the one that a call names; empty: none
	WebhookSecret string        // whsec_...; empty: webhooks are refused

	// Instead names the model that a stuck task of this model is submitted to again, at the same upstream, once the
	// old task is cancelled or counts as lost; "": none. With it the create's body, and so the prompt, is stored
	// with the task. Nil: stuck tasks are told only.
	Instead   func(model string) string
	LostAfter time.Duration
}

// Keeper is the gateway's Tasks. It is safe for concurrent use.
type Keeper struct {
	cfg    Config
	poller *task.Poller
	media  *media.Keeper // nil: nothing is kept
	keys   keyRing
	log    *slog.Logger

	mu      sync.Mutex
	waiting map[string][]chan struct{} // by task: who waits for its end
	steps   map[string]chan struct{}   // by task: a step on behalf of a client
	behind  sync.WaitGroup             // work that goes on after a call was answered
	stopped chan struct{}
	stop    sync.Once
}

// Stop ends every Wait, for a server that is to stop; Run is ended by its context.
func (k *Keeper) Stop() { k.stop.Do(func() { close(k.stopped) }) }

// Open makes a Keeper. It does not close the queue and the store.
func Open(cfg Config) (*Keeper, error) {
	guard, err := media.NewGuard(append(slices.Clone(cfg.AllowPrivate), cfg.Upstreams...))
	if err != nil {
		return nil, fmt.Errorf("media.allow_private: %w", err)
	}
	k := &Keeper{cfg: cfg, log: cfg.Log, waiting: map[string][]chan struct{}{}, steps: map[string]chan struct{}{}, stopped: make(chan struct{})}
	if k.log == nil {
		k.log = slog.New(slog.DiscardHandler)
	}
	if cfg.Transport == nil {
		cfg.Transport = http.DefaultTransport
	}
	k.poller = &task.Poller{
		Store: cfg.Queue, Transport: cfg.Transport, Diagnoser: cfg.Diagnoser, Credential: k.credential, Ended: k.ended, Observe: cfg.Observe,
		First: cfg.PollFirst, Max: cfg.PollMax, QueueLimit: cfg.QueueLimit, Deadline: cfg.Deadline, LostAfter: cfg.LostAfter,
	}
	if cfg.Instead != nil {
		k.poller.Resubmit = k.resubmit
	}
	if k.poller.Diagnoser == nil {
		k.poller.Diagnoser = &telltale.Diagnoser{}
	}
	safe := guard.Transport()
	if cfg.Media != nil {
		k.media = &media.Keeper{Store: cfg.Media, Fetcher: media.Fetcher{Transport: safe, MaxBytes: cfg.MaxBytes, Dir: cfg.Dir}}
		k.poller.Keep = k.keep
	}
	if cfg.WebhookSecret != "" {
		secret, err := task.WebhookSecret(cfg.WebhookSecret)
		if err != nil {
			return nil, fmt.Errorf("tasks.webhook.secret: %w", err)
		}
		hooks := &task.Webhooks{Transport: safe, Secret: secret, Payload: func(t *task.Task) any { return k.View(t, "") }}
		k.poller.Notify = hooks.Deliver
	}
	if cfg.Webhook != "" {
		if cfg.WebhookSecret == "" {
			return nil, errors.New("tasks.webhook.secret: webhooks are signed, a secret is needed")
		}
		if err := task.CheckWebhookURL(cfg.Webhook); err != nil {
			return nil, fmt.Errorf("tasks.webhook.url: %w", err)
		}
	}
	return k, nil
}

// Run follows tasks and cleans the media store until ctx ends.
func (k *Keeper) Run(ctx context.Context) error {
	k.behind.Go(func() { k.clean(ctx) })
	err := k.cfg.Queue.Run(ctx, k.step)
	k.behind.Wait()
	return err
}

// step is a step of the queue's. While a client's own poll takes one, it comes back a little later.
func (k *Keeper) step(ctx context.Context, id string) (time.Duration, bool, error) {
	if !k.begin(id) {
		return 250 * time.Millisecond, false, nil
	}
	defer k.finish(id)
	return k.poller.Step(ctx, id)
}

func (k *Keeper) begin(id string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.steps[id] != nil {
		return false
	}
	k.steps[id] = make(chan struct{})
	return true
}

func (k *Keeper) finish(id string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	close(k.steps[id])
	delete(k.steps, id)
}

// running gives a channel that closes when the step of a task that runs now has ended; nil when none runs.
func (k *Keeper) running(id string) <-chan struct{} {
	k.mu.Lock()
	defer k.mu.Unlock()
	if c := k.steps[id]; c != nil {
		return c
	}
	return nil
}

// clean removes what is not to be kept any longer, until ctx ends.
func (k *Keeper) clean(ctx context.Context) {
	tick := time.NewTicker(10 * time.Minute)
	defer tick.Stop()
	l, _ := k.cfg.Media.(media.Lister)
	for {
		if k.cfg.TaskAge > 0 {
			if _, err := k.cfg.Queue.Purge(ctx, time.Now().Add(-k.cfg.TaskAge)); err != nil && ctx.Err() == nil {
				k.log.Error("forget old tasks", "error", err)
			}
		}
		if l == nil || k.cfg.Retention == (media.Retention{}) {
		} else if n, freed, err := media.Retain(ctx, l, k.cfg.Retention, time.Now()); err != nil && ctx.Err() == nil {
			k.log.Error("clean the media store", "error", err)
		} else if n > 0 {
			k.log.Info("old media removed", "things", n, "bytes", freed)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// keep is what the poller keeps results with.
func (k *Keeper) keep(ctx context.Context, t *task.Task, f task.Fetch) (task.Media, error) {
	var r media.Result
	var err error
	switch {
	case f.Data != nil:
		r, err = k.media.KeepBytes(ctx, f.Data, f.Type)
	case f.Base64 != "":
		r, err = k.media.KeepBase64(ctx, f.Base64, f.Type)
	default:
		r, err = k.media.KeepURL(ctx, media.Source{URL: f.URL, Header: f.Header, Hosts: f.Hosts}, f.Type)
	}
	for from, to := range map[error]error{media.ErrExpired: task.ErrExpired, media.ErrNoSpace: task.ErrNoSpace,
		media.ErrRefused: task.ErrRefused, media.ErrCorrupt: task.ErrCorrupt, media.ErrBlocked: task.ErrBlocked} {
		if errors.Is(err, from) {
			return task.Media{}, failure{err, to}
		}
	}
	if err != nil {
		return task.Media{}, err
	}
	m := kept(r)
	o := &expect.Output{Media: &expect.Media{Format: r.Type, Width: r.Width, Height: r.Height, Duration: r.Duration}}
	for _, f := range k.cfg.Expect[t.Expect].Check(o) {
		m.Unmet = append(m.Unmet, fmt.Sprintf("%s: %s was expected, %s came", f.Rule, f.Want, f.Got))
	}
	return m, nil
}

// failure is an error of package media that package task knows as its own; it speaks in the first one's words.
type failure struct {
	error
	as error
}

func (f failure) Is(target error) bool { return target == f.as }
func (f failure) Unwrap() error        { return f.error }

func kept(r media.Result) task.Media {
	return task.Media{Name: r.Name, ContentType: r.Type, Bytes: r.Bytes, SHA256: r.SHA256, Warnings: r.Warnings}
}

// url is where a kept thing can be had. here is the scheme and host that the client used, if it is known.
func (k *Keeper) url(m task.Media, here string) string {
	if m.Name == "" {
		return m.URL
	}
	if here == "" && k.cfg.PublicURL != nil {
		here = k.cfg.PublicURL()
	}
	return here + "/telltale/media/" + m.Name
}

// ended wakes those who wait for a task.
func (k *Keeper) ended(t task.Task) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, c := range k.waiting[t.ID] {
		close(c)
	}
	delete(k.waiting, t.ID)
}
