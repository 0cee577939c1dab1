package record

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/telltale-ai/telltale"
)

// Options sets up a [Recorder]. The zero value is ready to use.
type Options struct {
	Policy Policy
	Keep   time.Duration // remove calls older than this; 0 keeps them
	Size   int64         // keep the records within so many bytes, removing the oldest calls; 0 does not limit
	Log    *slog.Logger  // told when the store fails and when it works again; nil is silent

	Queue  int           // calls that may wait for the store; 0 means 8192
	Memory int64         // bytes of bodies that may wait; 0 means 64 MiB. Beyond it calls are recorded without bodies
	Batch  int           // calls written at once at most; 0 means 512
	Linger time.Duration // how long a call waits for company; 0 means 50 ms
	Sweep  time.Duration // how often old calls are looked for; 0 means a minute
}

// Recorder writes calls to a store, in batches and in the background. Get one from [NewRecorder]; it is safe for concurrent use.
//
// It never fails a call and never makes one wait: when the store is slower than the calls, or broken,
// calls are dropped and counted.
type Recorder struct {
	store Store
	opt   Options
	queue chan item
	done  chan struct{}   // the writer has ended
	open  context.Context // ends with Close: do not wait any more
	shut  context.CancelFunc
	swept sync.WaitGroup
	count counters
	live  audience
}

// item is a call on its way to the store, or an order to the writer.
type item struct {
	snapshot
	flush chan error // answer here when all before is written
	quit  bool
}

// NewRecorder starts to record into s. Close it before s.
func NewRecorder(s Store, o Options) *Recorder {
	def(&o.Queue, 8192)
	def(&o.Memory, 64<<20)
	def(&o.Batch, 512)
	def(&o.Linger, 50*time.Millisecond)
	def(&o.Sweep, time.Minute)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	r := &Recorder{store: s, opt: o, queue: make(chan item, o.Queue), done: make(chan struct{})}
	r.open, r.shut = context.WithCancel(context.Background())
	go r.write()
	if o.Keep > 0 || o.Size > 0 {
		r.swept.Go(r.sweep)
	}
	return r
}

func def[T int | int64 | time.Duration](v *T, to T) {
	if *v <= 0 {
		*v = to
	}
}

// ObserveCall records c. It copies what it needs before it returns, so c and its bytes may be used again;
// the copying is short: a healthy call's bodies are not touched, unless all are to be kept.
func (r *Recorder) ObserveCall(_ context.Context, c *telltale.Call) {
	if r.open.Err() != nil {
		r.count.dropped.Add(1)
		return
	}
	bodies := r.count.waiting.Load() < r.opt.Memory
	it := item{snapshot: r.opt.Policy.snap(c, bodies)}
	r.count.waiting.Add(int64(it.bytes))
	if !bodies && r.opt.Policy.Bodies != None && !c.Final.OK() {
		r.count.bare.Add(1)
	}
	select {
	case r.queue <- it:
	default:
		r.count.waiting.Add(-int64(it.bytes))
		r.count.dropped.Add(1)
	}
}

// Observe does nothing: ObserveCall is told of every attempt at the end of its call. It makes the recorder an observer of recovery.
func (r *Recorder) Observe(context.Context, *telltale.Exchange, telltale.Diagnosis) {}

// ErrClosed says that the recorder is closed.
var ErrClosed = errors.New("the recorder is closed")

// Flush waits until every call observed before is in the store, and says why if it is not.
// After a nil error those calls survive the end of this process, however it comes.
func (r *Recorder) Flush(ctx context.Context) error {
	answer := make(chan error, 1)
	select {
	case r.queue <- item{flush: answer}:
	case <-r.done:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-answer:
		return err
	case <-r.done:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close writes what waits and ends the recorder; calls observed afterwards are dropped. It does not close the store.
func (r *Recorder) Close(ctx context.Context) error {
	r.shut()
	err := r.Flush(ctx)
	if errors.Is(err, ErrClosed) {
		return nil
	}
	select {
	case r.queue <- item{quit: true}:
	case <-r.done:
	case <-ctx.Done():
		return errors.Join(err, ctx.Err())
	}
	select {
	case <-r.done:
	case <-ctx.Done():
		return errors.Join(err, ctx.Err())
	}
	r.swept.Wait()
	return err
}
