package task

import (
	"context"
	"fmt"
	"net/url"

	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/fault"
)

// resubmit sends a stuck task's create again elsewhere, if the owner wants that, once the old task is
// cancelled or counts as lost. The intention is stored before anything is sent: a process that dies in
// between never sends a third create.
func (p *Poller) resubmit(ctx context.Context, t *Task, d *catalog.TaskDialect) {
	if p.Resubmit == nil || len(t.Create) == 0 || t.ResubmittedAs != "" {
		return
	}
	if t.Resubmitting {
		t.warn("a resubmission was interrupted and may have been charged: it is not sent again")
		return
	}
	if !p.cancel(ctx, t, d) && (p.LostAfter <= 0 || t.QueuedFor < p.LostAfter) {
		t.warn("the stuck task could not be cancelled: it is not resubmitted")
		return
	}
	t.Resubmitting = true
	if p.Store.Update(ctx, t) != nil {
		t.Resubmitting = false
		return
	}
	again, err := p.Resubmit(ctx, t)
	if err != nil {
		t.warn("the resubmission failed: " + clip(err.Error()))
		return
	}
	t.ResubmittedAs = again.ID
	t.end(Cancelled, verdict(fault.Soft, fault.TaskStuck, fmt.Sprintf("The task was stuck in the queue; it was given up and submitted again as %s.", again.ID), "task.status", t.Status))
}

// cancel asks the provider to cancel and reports whether it agreed.
func (p *Poller) cancel(ctx context.Context, t *Task, d *catalog.TaskDialect) bool {
	if len(d.Cancel) == 0 {
		return false
	}
	c, ok := p.credential(ctx, t)
	if !ok {
		return false
	}
	req, err := p.request(ctx, t, d, d.Cancel, t.CancelURL, t.vars("id", t.UpstreamID), c)
	if err != nil {
		return false
	}
	a := p.ask(req, t, d)
	return a.x.Err == nil && a.status/100 == 2 && !a.view.Refused && a.view.ErrorCode == ""
}

func hostOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return u.Host
}

// withQuery adds the create's harmless query and the credential's to a URL of the provider's own.
func withQuery(raw, query string, c Credential) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	q := u.Query()
	for _, pairs := range []url.Values{queryOf(query), c.Query} {
		for k, v := range pairs {
			q[k] = v
		}
	}
	u.RawQuery = q.Encode()
	return u.String()
}
