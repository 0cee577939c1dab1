package recovery

import (
	"errors"
	"fmt"
	"strings"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
)

// errLoop ends the reading of a stream that was stopped.
var errLoop = errors.New("the stream fell into a loop and was stopped")

// stopsLoops reports whether the owner wants streams of this call stopped when they loop: the route outranks
// the upstream, that the policy.
func (c *call) stopsLoops() bool {
	if c.mode == Observe || !textual(c.surface) {
		return false
	}
	if c.route != nil && c.route.StopOnRepetition != nil {
		return *c.route.StopOnRepetition
	}
	if c.up.StopOnRepetition != nil {
		return *c.up.StopOnRepetition
	}
	return c.t.policy.StopOnRepetition
}

// stopLoop cancels the upstream of a stream that has fallen into a loop, at once: what it would still write is
// charged. It reports whether it did.
func (l *live) stopLoop() (stopped bool) {
	if l.watch == nil || l.watchErr || l.raw || !l.c.stopsLoops() {
		return false
	}
	defer l.survive()
	if !l.watch.Looping() || l.watch.Ended() {
		return false
	}
	l.looped = true
	l.src.Close()
	l.r.guard.close()
	l.c.rec.Changed = append(l.c.rec.Changed, "stream: stopped in a loop (stop_on_repetition)")
	l.c.note(fmt.Sprintf("the stream fell into a loop: the upstream was cancelled after %d bytes, so that no more of it is charged", l.total))
	return true
}

// stoppedLoop is the diagnosis of a stream that was stopped.
func (l *live) stoppedLoop() telltale.Diagnosis {
	i, _ := fault.Lookup(fault.Repetition)
	text := l.text()
	return telltale.Diagnosis{
		Class: fault.Silent, Cause: i.Cause, Retryable: i.Retryable, Action: i.Action, Remedies: i.Remedies, Signature: "stop-on-repetition",
		Summary:  "The output fell into a loop, and the stream was stopped to save what it would still have cost.",
		Evidence: []telltale.Evidence{{Where: "stream.text", Value: strings.ToValidUTF8(text[max(0, len(text)-200):], "")}},
	}
}
