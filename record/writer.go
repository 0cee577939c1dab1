package record

import (
	"context"
	"fmt"
	"time"
)

// patience is how long the writer waits before it tries a failed batch again, try by try. After the last it
// gives up: entries are tried one by one, so that one the store cannot take does not cost the others.
var patience = [...]time.Duration{100 * time.Millisecond, time.Second, 5 * time.Second}

// writeLimit bounds one write to the store.
const writeLimit = 30 * time.Second

// write is the writer: the only one who appends to the store.
func (r *Recorder) write() {
	defer close(r.done)
	defer r.live.close()
	batch := make([]Entry, 0, r.opt.Batch)
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	var lost error // what was dropped since the last flush
	put := func() {
		if len(batch) == 0 {
			return
		}
		if err := r.append(batch); err != nil {
			lost = err
		}
		clear(batch)
		batch = batch[:0]
	}
	for {
		var it item
		select {
		case it = <-r.queue:
		case <-timer.C:
			put()
			continue
		}
		switch {
		case it.quit:
			put()
			return
		case it.flush != nil:
			put()
			it.flush <- lost
			lost = nil
		default:
			if len(batch) == 0 {
				timer.Reset(r.opt.Linger)
			}
			batch = append(batch, r.entry(it))
			if len(batch) == r.opt.Batch {
				put()
			}
		}
	}
}

// entry makes the entry of an observed call and shows it to those who watch.
func (r *Recorder) entry(it item) (e Entry) {
	r.count.waiting.Add(-int64(it.bytes))
	defer func() {
		if p := recover(); p != nil { // a fault of ours must not end the gateway
			r.count.fail(fmt.Errorf("making the record of call %s: %v", it.call.ID, p))
			it.call.Attempts = nil
			e = Entry{ID: it.call.ID, Time: it.call.Start.UTC().Truncate(time.Microsecond), Verdict: Verdict{Class: it.call.Final.Class, Cause: it.call.Final.Cause}}
		}
	}()
	e = it.snapshot.entry(r.opt.Policy)
	r.live.tell(&e)
	return e
}

// append writes batch, patiently. Entries that the store does not take are dropped and counted.
func (r *Recorder) append(batch []Entry) error {
	err := r.try(batch)
	for _, wait := range patience {
		if err == nil || !r.pause(wait) {
			break
		}
		err = r.try(batch)
	}
	if err == nil {
		return nil
	}
	refused := 0 // in a row
	kept := 0
	for i := range batch {
		if refused == 3 {
			break
		}
		if e := r.try(batch[i : i+1]); e != nil {
			refused++
			continue
		}
		refused, kept = 0, kept+1
	}
	r.count.dropped.Add(int64(len(batch) - kept))
	return fmt.Errorf("%d calls could not be recorded: %w", len(batch)-kept, err)
}

func (r *Recorder) try(batch []Entry) error {
	ctx, cancel := context.WithTimeout(context.Background(), writeLimit)
	defer cancel()
	if err := r.store.Append(ctx, batch); err != nil {
		if r.count.fail(err) {
			r.opt.Log.Error("calls cannot be recorded; they go through nevertheless", "err", err)
		}
		return err
	}
	if r.count.works() {
		r.opt.Log.Info("calls are recorded again")
	}
	r.count.recorded.Add(int64(len(batch)))
	return nil
}

// pause waits, unless the recorder is being closed.
func (r *Recorder) pause(d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-r.open.Done():
		return false
	}
}

// sweep removes old calls in the background, a small batch at a time.
func (r *Recorder) sweep() {
	for wait := r.opt.Sweep / 10; r.pause(wait); wait = r.opt.Sweep {
		for more := true; more; {
			k := Keep{Bytes: r.opt.Size}
			if r.opt.Keep > 0 {
				k.Before = time.Now().Add(-r.opt.Keep)
			}
			ctx, cancel := context.WithTimeout(r.open, writeLimit)
			n, again, err := r.store.Purge(ctx, k)
			cancel()
			if r.open.Err() != nil {
				return
			}
			if err != nil {
				r.count.fail(err)
				r.opt.Log.Error("old calls cannot be removed", "err", err)
				break
			}
			r.count.purged.Add(int64(n))
			if more = again; more && !r.pause(20*time.Millisecond) {
				return
			}
		}
	}
}
