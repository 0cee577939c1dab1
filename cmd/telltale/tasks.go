package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/keeper"
	"github.com/telltale-ai/telltale/task"
	"github.com/telltale-ai/telltale/task/queue"
)

type tasksCmd struct {
	recordsFlags `embed:""`
	ID           string `arg:"" optional:"" help:"The task to show, by Telltale's id or the provider's; without it tasks are listed, newest first."`
	State        string `help:"Only tasks in this state: queued, running, saving, succeeded, failed, cancelled." placeholder:"STATE" enum:",queued,running,saving,succeeded,failed,cancelled" default:""`
	Limit        int    `help:"At most so many." default:"50"`
	JSON         bool   `name:"json" help:"Write JSON, as the API gives it."`
}

// Run lists tasks or shows one.
func (c *tasksCmd) Run(a *app) error {
	q, err := c.tasks(a)
	if err != nil {
		return err
	}
	defer q.Close()
	if c.ID != "" {
		return c.one(a, q)
	}
	list, err := q.List(a.ctx, task.Filter{State: task.State(c.State), Limit: c.Limit})
	if err != nil {
		return fmt.Errorf("read the tasks: %w", err)
	}
	if c.JSON {
		views := []keeper.View{}
		for i := range list {
			views = append(views, keeper.ViewOf(&list[i]))
		}
		return writeTaskJSON(a, map[string]any{"tasks": views})
	}
	p := newPicture(a)
	if len(list) == 0 {
		p.line("no tasks that fit are known")
	}
	for i := range list {
		p.task(&list[i])
	}
	return p.flush()
}

// tasks opens the task store for reading, as the configuration and the flags say.
func (c *tasksCmd) tasks(a *app) (queue.Reader, error) {
	cfg, err := a.config(c.Config)
	if err != nil {
		return nil, err
	}
	if store := cfg.Record.Store.Value(); isPostgres(store) && c.Data == "" {
		return queue.ReadPostgres(a.ctx, store)
	}
	if c.Data != "" {
		cfg.Data = c.Data
	}
	q, err := queue.ReadSQLite(filepath.Join(cfg.Data, tasksFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &exit{code: 1, err: fmt.Errorf("there are no tasks in %s", cfg.Data), hint: "`telltale serve` stores them there; --data DIR names another folder"}
	}
	return q, err
}

func (c *tasksCmd) one(a *app, q queue.Reader) error {
	t, err := q.Get(a.ctx, c.ID)
	if errors.Is(err, task.ErrNotFound) {
		var list []task.Task
		if list, err = q.Find(a.ctx, "", c.ID); err == nil && len(list) == 0 {
			return &exit{code: 1, err: fmt.Errorf("there is no task %s", c.ID), hint: "`telltale tasks` lists them; Telltale's ids and the provider's are both known"}
		} else if err == nil {
			t = list[0]
		}
	}
	if err != nil {
		return fmt.Errorf("read the task: %w", err)
	}
	if c.JSON {
		return writeTaskJSON(a, keeper.ViewOf(&t))
	}
	p := newPicture(a)
	p.task(&t)
	p.wholeTask(&t)
	return p.flush()
}

func writeTaskJSON(a *app, v any) error {
	enc := json.NewEncoder(a.stdout)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// task prints a task in one line, and in a second what is wrong with it.
func (p *picture) task(t *task.Task) {
	style := p.class[fault.OK]
	switch t.State {
	case task.Failed, task.Cancelled:
		style = p.class[fault.Hard]
	case task.Queued, task.Running, task.Saving:
		style = p.bold
	}
	p.line("%s  %s %s  %-9s %-14s %s", t.ID, p.bar(t.Progress), style.Render(fmt.Sprintf("%-9s", t.State)), age(t), plain(t.Upstream), p.dim.Render(plain(t.UpstreamID)))
	if v := t.Verdict; v != nil && v.Cause != fault.None {
		p.line("    %s %s", p.class[v.Class].Render(string(v.Cause)), plain(v.Summary))
	}
	if t.Waiting != "" {
		p.line("    %s %s", p.mark.Render("waits:"), plain(t.Waiting))
	}
	for _, w := range t.Warnings {
		p.line("    %s %s", p.mark.Render("warning:"), plain(w))
	}
}

// wholeTask prints the rest of what is known.
func (p *picture) wholeTask(t *task.Task) {
	p.field("status", plain(t.Status)+" (the provider's word)")
	p.field("provider", t.Provider)
	p.field("model", plain(t.Model))
	p.field("call", t.Call)
	p.field("polls", fmt.Sprint(t.Polls))
	p.field("created", t.CreatedAt.Local().Format(time.DateTime))
	p.field("updated", t.UpdatedAt.Local().Format(time.DateTime))
	if t.ResubmittedAs != "" {
		p.field("again as", t.ResubmittedAs)
	}
	for _, m := range t.Media {
		size := ""
		if m.Bytes > 0 {
			size = " (" + humanize.IBytes(uint64(m.Bytes)) + ", " + m.ContentType + ")"
		}
		name := m.Name
		if name == "" {
			name = m.URL
		}
		p.field("media", plain(name)+size)
		for _, w := range m.Warnings {
			p.field("", p.mark.Render("warning: ")+plain(w))
		}
	}
	if t.Webhook.URL != "" {
		state := "not called yet"
		switch {
		case !t.Webhook.DoneAt.IsZero():
			state = "called"
		case t.Webhook.GaveUp:
			state = "given up: " + t.Webhook.LastErr
		case t.Webhook.LastErr != "":
			state = fmt.Sprintf("tried %d times: %s", t.Webhook.Tries, t.Webhook.LastErr)
		}
		p.field("webhook", plain(t.Webhook.URL)+" "+plain(state))
	}
	if v := t.Verdict; v != nil {
		for _, e := range v.Evidence {
			p.field("evidence", plain(e.Where)+" = "+plain(e.Value))
		}
		for _, r := range v.Remedies {
			p.field("do", plain(r))
		}
	}
}

// bar pictures progress, in plain characters where a terminal may not have others.
func (p *picture) bar(progress float64) string {
	const width = 10
	full, empty := "█", "░"
	if l := strings.ToUpper(os.Getenv("LC_ALL") + os.Getenv("LC_CTYPE") + os.Getenv("LANG")); l != "" && !strings.Contains(l, "UTF") {
		full, empty = "#", "."
	}
	n := min(max(int(progress*width+0.5), 0), width)
	return strings.Repeat(full, n) + p.dim.Render(strings.Repeat(empty, width-n)) + fmt.Sprintf(" %3.0f%%", progress*100)
}

// age is how long a task took, or has taken so far.
func age(t *task.Task) string {
	end := time.Now()
	if t.State.Ended() {
		end = t.UpdatedAt
	}
	return max(end.Sub(t.CreatedAt), 0).Round(time.Second).String()
}
