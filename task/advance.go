package task

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/fault"
)

// advance polls, or goes on keeping results, and says how long to wait for the next step.
func (p *Poller) advance(ctx context.Context, t *Task) time.Duration {
	d := catalog.Task(t.Dialect)
	if t.Dialect == Images {
		return p.keepImages(ctx, t)
	}
	if d == nil {
		t.end(Failed, verdict(fault.Hard, fault.Unknown, fmt.Sprintf("The catalogue has no task dialect %q any more.", t.Dialect), "", ""))
		return 0
	}
	if t.Spent > p.deadline() && t.Waiting != waitSpace && t.Polls > 0 {
		t.end(Failed, verdict(fault.Soft, fault.TaskStuck, fmt.Sprintf("The task had not ended after %s; it is followed no longer.", p.deadline()), "task.status", t.Status))
		return 0
	}
	if t.State == Saving && len(t.Sources) > 0 && !t.Refresh {
		return p.save(ctx, t, d, nil)
	}
	c, ok := p.credential(ctx, t)
	if !ok {
		t.Waiting = waitKey
		return p.longest()
	}
	key := t.Upstream + " " + t.ClientKey
	if wait := p.pace.ready(key, p.now()); wait > 0 {
		return wait
	}
	a, err := p.poll(ctx, t, d, c)
	if err != nil {
		t.end(Failed, verdict(fault.Hard, fault.InvalidRequest, err.Error(), "task.upstream_id", t.UpstreamID))
		return 0
	}
	if ctx.Err() != nil {
		return 0
	}
	if p.Observe != nil {
		p.Observe(ctx, t, a.x, a.d)
	}
	t.Waiting = ""
	if a.d.Cause == fault.RateLimited || a.status == http.StatusTooManyRequests {
		t.Errors++
		t.Waiting = waitRate
		return p.pace.limited(key, p.now(), a.retryAfter(p.now()))
	}
	p.pace.served(key)
	return p.learn(ctx, t, d, a)
}

// Why a task waits.
const (
	waitKey   = "no key is held for it: it goes on when the client asks again or the upstream has a key"
	waitRate  = "the provider limits the rate of this key"
	waitSpace = "there is no space to keep its media: free some, nothing is lost meanwhile"
	waitSeen  = "the provider does not know it yet"
	waitAuth  = "the provider refuses the key"
)

func (p *Poller) credential(ctx context.Context, t *Task) (Credential, bool) {
	if p.Credential == nil {
		return Credential{}, true
	}
	return p.Credential(ctx, t)
}

func (p *Poller) poll(ctx context.Context, t *Task, d *catalog.TaskDialect, c Credential) (answer, error) {
	req, err := p.request(ctx, t, d, d.AskRoutes(), t.PollURL, t.vars("id", t.UpstreamID), c)
	if err != nil {
		return answer{}, err
	}
	return p.ask(req, t, d), nil
}

// vars are the captures of the create and one more.
func (t *Task) vars(name, value string) map[string]string {
	out := map[string]string{name: value}
	for k, v := range t.Vars {
		if _, ok := out[k]; !ok {
			out[k] = v
		}
	}
	return out
}

// learn takes in one answer to a poll, whoever asked.
func (p *Poller) learn(ctx context.Context, t *Task, d *catalog.TaskDialect, a answer) time.Duration {
	t.Polls++
	v := a.view
	// An answer that is an error in itself says nothing of the task, unless its own state says so.
	if a.status == 0 || a.status >= 500 || a.x.Err != nil || a.cut || v.State == "" {
		if a.status != http.StatusNotFound && a.d.Cause != fault.TaskNotFound {
			return p.told(t, a)
		}
		v.State = catalog.TaskMissing
	}
	t.Errors = 0
	if v.State == catalog.TaskMissing {
		return p.missing(t, a)
	}
	t.MissedFor = 0
	if v.Status != "" {
		t.Status = v.Status
	}
	if !v.Known {
		t.warn(fmt.Sprintf("the provider's status %q is not known; it is taken for running", clip(v.Status)))
	}
	if v.Note != "" {
		t.Waiting = v.Note
	}
	if v.ResultURL != "" {
		t.ResultURL = v.ResultURL
	}
	t.Progress = max(t.Progress, v.Progress)
	t.AnsweredAt, t.ContentType, t.HTTPStatus = p.now(), a.ctype, a.status
	if v.State.Ended() {
		t.Final = keepAnswer(a, v)
		return p.ended(ctx, t, d, a)
	}
	t.Answer = keepAnswer(a, v)
	return p.goesOn(ctx, t, d, v)
}

// keepAnswer is the provider's object as the client may be given it: none where it is media itself or very long.
func keepAnswer(a answer, v catalog.TaskView) []byte {
	if v.BodyIsMedia || len(v.Inline) > 0 || len(a.body) > 1<<20 {
		return nil
	}
	return a.body
}

// goesOn notes a task that is queued or running.
func (p *Poller) goesOn(ctx context.Context, t *Task, d *catalog.TaskDialect, v catalog.TaskView) time.Duration {
	was := t.State
	now := Running
	if v.State == catalog.TaskQueued {
		now = Queued
	}
	switch {
	case was == Saving:
		t.warn(fmt.Sprintf("the status went back from success to %q", clip(v.Status)))
	case was == Running && now == Queued:
		t.warn(fmt.Sprintf("the status went back to %q", clip(v.Status)))
	default:
		t.State = now
	}
	wait := p.interval(t, d.PollEvery)
	if t.State != Queued || t.QueuedFor < p.queueLimit() {
		if t.Verdict != nil {
			t.Verdict = nil
		}
		return wait
	}
	t.Verdict = verdict(fault.Soft, fault.TaskStuck,
		fmt.Sprintf("The task has been queued for %s; the provider is likely overloaded. Try another model.", t.QueuedFor.Round(time.Minute)), v.Where, v.Status)
	p.resubmit(ctx, t, d)
	return wait
}

// told notes an answer from which nothing about the task can be learnt. It fails no task: the next poll may tell more.
func (p *Poller) told(t *Task, a answer) time.Duration {
	t.Errors++
	v := VerdictOf(a.d)
	v.Summary = "The last poll told nothing of the task: " + v.Summary
	t.Verdict = v
	if a.cut {
		t.warn("the answer to a poll was too long to read")
	}
	if a.d.Cause == fault.Authentication || a.d.Cause == fault.PermissionDenied {
		t.Waiting = waitAuth
	}
	wait := p.first()
	for i := 1; i < t.Errors && wait < 5*time.Minute; i++ {
		wait *= 2
	}
	return max(min(wait, 5*time.Minute), a.retryAfter(p.now()))
}

// missing notes that the provider knows no such task: just after the create it may only be late, and a
// provider that knew it once may have forgotten it for a moment.
func (p *Poller) missing(t *Task, a answer) time.Duration {
	if t.MissedFor == 0 {
		t.MissedFor = 1
	} else {
		t.MissedFor += max(0, min(p.now().Sub(t.SteppedAt), 2*time.Minute))
	}
	if t.MissedFor < p.lateFor() || t.Spent < p.lateFor() {
		t.Waiting = waitSeen
		wait := p.first()
		for i := 1; i < t.Polls && wait < p.longest(); i++ {
			wait += wait / 2
		}
		return min(wait, p.longest())
	}
	v := VerdictOf(a.d)
	if a.d.Cause != fault.TaskNotFound {
		v = verdict(fault.Hard, fault.TaskNotFound, "", a.view.Where, t.Status)
		v.ProviderCode, v.ProviderMessage = a.view.ErrorCode, clip(a.view.ErrorMessage)
	}
	v.Summary = fmt.Sprintf("The provider has not known this task for %s.", t.MissedFor.Round(time.Second))
	t.end(Failed, v)
	return 0
}

// ended takes in an answer whose state is the last one.
func (p *Poller) ended(ctx context.Context, t *Task, d *catalog.TaskDialect, a answer) time.Duration {
	v := a.view
	switch v.State {
	case catalog.TaskSucceeded:
		if v.PartlyFiltered {
			t.warn("moderation took some of the results")
		}
		t.State = Saving
		return p.collect(ctx, t, d, a)
	case catalog.TaskCancelled:
		t.end(Cancelled, p.why(t, a, fault.Cancelled, "The task was cancelled."))
	case catalog.TaskExpired:
		t.end(Cancelled, p.why(t, a, fault.Cancelled, "The provider's own deadline for the task passed."))
	case catalog.TaskFiltered:
		t.end(Failed, p.why(t, a, fault.ContentFilter, "The provider's moderation blocked the task."))
	default:
		t.end(Failed, p.whyFailed(t, a))
	}
	return 0
}

// whyFailed judges a failure that is not openly moderation.
func (p *Poller) whyFailed(t *Task, a answer) *Verdict {
	if a.view.ErrorCode == "" && a.view.ErrorMessage == "" && t.Spent <= p.filterSoon() {
		w := p.why(t, a, fault.ContentFilter, "The task failed at once without any detail: likely the prompt was filtered.")
		w.Likely = true
		w.Evidence = append(w.Evidence, telltale.Evidence{Where: "task.age", Value: t.Spent.Round(time.Second).String()})
		return w
	}
	return p.why(t, a, fault.TaskFailed, "")
}

// why makes the verdict of a task that did not succeed. The engine's cause is taken where it found a more telling one.
func (p *Poller) why(t *Task, a answer, cause fault.Cause, summary string) *Verdict {
	switch a.d.Cause {
	case fault.None, fault.ToolCalls, fault.Pending, fault.Unknown, fault.TaskFailed, fault.NotAPIResponse, "":
	default:
		if cause == fault.TaskFailed || cause == a.d.Cause && !a.d.Likely {
			return VerdictOf(a.d)
		}
	}
	w := verdict(fault.Soft, cause, summary, a.view.Where, a.view.Status)
	w.Provider, w.ProviderCode, w.ProviderMessage, w.RequestID = or(a.d.Provider, t.Provider), a.view.ErrorCode, clip(a.view.ErrorMessage), a.d.RequestID
	if w.ProviderMessage != "" && w.ProviderMessage != w.ProviderCode {
		w.Evidence = append(w.Evidence, telltale.Evidence{Where: "provider_message", Value: w.ProviderMessage})
	}
	if a.d.Cause == fault.TaskFailed {
		w.Retryable = a.d.Retryable
	}
	return w
}

// end ends the task with a verdict; nil means healthy.
func (t *Task) end(s State, v *Verdict) {
	t.State, t.Waiting = s, ""
	t.Verdict = v
	if v == nil {
		t.Verdict = verdict(fault.OK, fault.None, "", "", "")
	}
	if s == Succeeded {
		t.Progress = 1
	}
}
