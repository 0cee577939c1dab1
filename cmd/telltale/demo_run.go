package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
)

// outcome is what came of a row.
type outcome struct {
	row    *demoRow
	says   string // class and cause of what broke
	class  fault.Class
	cause  fault.Cause
	did    []string
	wrong  []string // where it is not as the guide says
	call   string   // its id
	likely bool
}

// run makes the calls of every row, those that wait for something side by side, and gives the number of rows that came out wrong.
func (t *tour) run(ctx context.Context) (failed int) {
	t.outcomes = make([]outcome, len(demoRows))
	var waiting sync.WaitGroup
	for i := range demoRows {
		one := func() { t.outcomes[i] = t.play(ctx, &demoRows[i]) }
		if demoRows[i].ask.then == thenNothing {
			one()
		} else {
			waiting.Go(one)
		}
	}
	waiting.Wait()
	for i := range t.outcomes {
		o := &t.outcomes[i]
		o.expect(o.call == "" || t.recorded(ctx, o.call), "the call is not among the records")
		if len(o.wrong) > 0 {
			failed++
		}
	}
	return failed
}

// recorded waits a little for a call to be among the records: they are written in batches.
func (t *tour) recorded(ctx context.Context, id string) bool {
	for range 100 {
		if t.records == nil {
			return false
		}
		if _, err := t.records.Get(ctx, id); err == nil {
			return true
		}
		time.Sleep(20 * time.Millisecond)
	}
	return false
}

func (o *outcome) expect(ok bool, format string, args ...any) {
	if !ok {
		o.wrong = append(o.wrong, fmt.Sprintf(format, args...))
	}
}

func (o *outcome) doing(format string, args ...any) {
	o.did = append(o.did, fmt.Sprintf(format, args...))
}

func (t *tour) play(ctx context.Context, row *demoRow) outcome {
	o := outcome{row: row}
	got, err := t.fetch(ctx, "POST", row.ask.path, row.ask.body, row.ask.header)
	if err != nil {
		o.expect(false, "no answer: %v", err)
		return o
	}
	switch row.ask.then {
	case thenTask:
		t.followTask(ctx, &o, got)
	case thenDownload:
		t.followLink(ctx, &o, got)
	default:
		t.judge(&o, got)
	}
	return o
}

// judge compares a call with what the row wants.
func (t *tour) judge(o *outcome, got *reply) {
	want, h := o.row.want, got.header
	o.expect(got.status == cmp.Or(want.status, 200), "the client got status %d", got.status)
	o.expect(strings.Contains(got.body, want.body), "no %s in what the client got", want.body)
	c := t.watch.call(h.Get("Telltale-Call"))
	if c == nil || len(c.Attempts) == 0 {
		o.expect(false, "the call was not recorded")
		return
	}
	o.call = c.ID
	d := broke(c)
	o.tell(d)
	o.expect(d.Class == want.class && d.Cause == want.cause, "%s %s was wanted", want.class, want.cause)
	o.expect(want.param == "" || d.Param == want.param, "the parameter is %q", d.Param)
	final := cmp.Or(want.final, want.cause)
	o.expect(c.Final.Cause == final, "the client got %s, not %s", c.Final.Cause, final)
	o.expect(h.Get("Telltale-Class") == string(c.Final.Class) && h.Get("Telltale-Cause") == string(c.Final.Cause),
		"the headers say %s %s", h.Get("Telltale-Class"), h.Get("Telltale-Cause"))
	n := len(c.Attempts)
	o.expect(want.attempts < 0 || n == cmp.Or(want.attempts, 1), "%d attempts", n)
	changed := h.Get("Telltale-Changed")
	o.expect(strings.Contains(changed, want.changed), "changed: %q", changed)
	var waited time.Duration
	for _, at := range c.Attempts {
		waited += at.Wait
	}
	o.expect(waited >= want.waited, "it waited %s only", waited)
	o.act(c, changed, waited)
}

// broke is the diagnosis of the first attempt that was not healthy, else of the last.
func broke(c *telltale.Call) *telltale.Diagnosis {
	for i := range c.Attempts {
		if d := &c.Attempts[i].Diagnosis; !d.OK() {
			return d
		}
	}
	return &c.Final
}

// tell notes the verdict.
func (o *outcome) tell(d *telltale.Diagnosis) {
	o.class, o.cause, o.likely = d.Class, d.Cause, d.Likely
	o.says = string(d.Cause)
	if d.Class != fault.OK {
		o.says = string(d.Class) + ": " + o.says
	}
	if d.Likely {
		o.says += " (likely)"
	}
	if d.Param != "" {
		o.says += ", " + d.Param
	}
}

// act notes what was done about it.
func (o *outcome) act(c *telltale.Call, changed string, waited time.Duration) {
	if changed != "" {
		o.doing("%s", changed)
	} else if n := len(c.Attempts) - 1; n > 0 {
		o.doing("retried %s, after %s", times(n), waited.Round(10*time.Millisecond))
	}
	if o.row.does != "" {
		o.doing("%s", o.row.does)
	}
	if !c.Final.OK() && len(c.Final.Remedies) > 0 {
		o.doing("advice: %s", c.Final.Remedies[0])
	} else if c.Final.Cause == fault.ToolCalls {
		o.doing("passed on: null content is by design here")
	} else if len(o.did) == 0 {
		o.doing("passed on, byte for byte")
	}
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// followLink lets a picture's link expire, asks for it through the gateway, and then for the copy that was kept.
func (t *tour) followLink(ctx context.Context, o *outcome, got *reply) {
	var pic struct {
		Data []struct{ URL string }
	}
	if err := json.Unmarshal([]byte(got.body), &pic); err != nil || len(pic.Data) == 0 {
		o.expect(false, "no link came: %s", got.body)
		return
	}
	link, err := url.Parse(pic.Data[0].URL)
	if err != nil {
		o.expect(false, "%v", err)
		return
	}
	begun := time.Now()
	kept, ok := t.task(ctx, got.header.Get("Telltale-Task-Id"))
	o.expect(ok && kept.State == "succeeded", "the picture was not kept")
	select {
	case <-time.After(time.Until(begun.Add(5100 * time.Millisecond))): // its link is good for five seconds
	case <-ctx.Done():
	}
	late, err := t.fetch(ctx, "GET", link.RequestURI(), "", [2]string{})
	if err != nil {
		o.expect(false, "no answer: %v", err)
		return
	}
	t.keptMedia(ctx, o, kept)
	t.judge(o, late)
}

// keptMedia fetches what Telltale kept for a task.
func (t *tour) keptMedia(ctx context.Context, o *outcome, of taskAnswer) {
	o.expect(len(of.Media) > 0, "no media was kept")
	for _, m := range of.Media {
		got, err := t.fetch(ctx, "GET", m.URL, "", [2]string{})
		ok := err == nil && got.status == 200 && len(got.body) > 0
		o.expect(ok, "the kept media is not served")
		if ok {
			o.doing("kept the media (%d bytes)", len(got.body))
		}
	}
}

// taskAnswer is what GET /telltale/api/tasks/{id} gives.
type taskAnswer struct {
	ID, State string
	Polls     int
	Media     []struct{ URL string }
	Diagnosis struct {
		Class    fault.Class
		Cause    fault.Cause
		Likely   bool
		Remedies []string
	}
}

// task waits for the end of a task, or for the verdict that it has none; false when there is no such task.
func (t *tour) task(ctx context.Context, id string) (ans taskAnswer, ok bool) {
	if id == "" {
		return ans, false
	}
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end) && ctx.Err() == nil; {
		r, err := t.fetch(ctx, "GET", "/telltale/api/tasks/"+url.PathEscape(id)+"?wait=1", "", [2]string{})
		if err != nil || r.status != 200 {
			return ans, false
		}
		ans = taskAnswer{}
		if json.Unmarshal([]byte(r.body), &ans) != nil {
			return ans, false
		}
		switch {
		case ans.State == "succeeded", ans.State == "failed", ans.State == "cancelled", ans.Diagnosis.Cause == fault.TaskStuck:
			return ans, true
		}
	}
	return ans, true
}

// followTask waits for the end of a task that a create began.
func (t *tour) followTask(ctx context.Context, o *outcome, got *reply) {
	o.call = got.header.Get("Telltale-Call")
	ans, ok := t.task(ctx, taskID(got.body))
	if !ok {
		o.expect(false, "Telltale knows no task after the create's answer: %d %s", got.status, clip(got.body, 80))
		return
	}
	want := o.row.want
	d := telltale.Diagnosis{Class: ans.Diagnosis.Class, Cause: ans.Diagnosis.Cause, Likely: ans.Diagnosis.Likely}
	o.tell(&d)
	o.expect(d.Class == want.class && d.Cause == want.cause, "%s %s was wanted", want.class, want.cause)
	o.expect(want.state == "" || ans.State == want.state, "the task is %s", ans.State)
	o.expect(ans.Polls >= want.polls, "it was polled %d times", ans.Polls)
	o.doing("polled %s: %s", times(ans.Polls), ans.State)
	if o.row.does != "" {
		o.doing("%s", o.row.does)
	}
	if want.kept {
		t.keptMedia(ctx, o, ans)
	}
	if d.Class != fault.OK && len(ans.Diagnosis.Remedies) > 0 {
		o.doing("advice: %s", ans.Diagnosis.Remedies[0])
	}
}

// taskID finds the id in the answer to a create.
func taskID(body string) string {
	var v struct {
		ID   string
		Data struct {
			TaskID string `json:"task_id"`
		}
	}
	if json.Unmarshal([]byte(body), &v) != nil {
		return ""
	}
	return cmp.Or(v.ID, v.Data.TaskID)
}
