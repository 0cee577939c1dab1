package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/telltale-ai/telltale/capture"
	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/record"
)

type callsCmd struct {
	Show   callsShowCmd   `cmd:"" default:"withargs" help:"List recorded calls, or show one."`
	Mark   callsMarkCmd   `cmd:"" help:"Say that a call's output was good or bad, whatever Telltale said."`
	Export callsExportCmd `cmd:"" help:"Write marked calls as labelled cases, one JSON object a line."`
}

type callsShowCmd struct {
	recordsFlags `embed:""`
	ID           string `arg:"" optional:"" help:"The call to show; without it calls are listed, newest first."`
	Class        string `help:"Only these classes: ok, hard, soft, silent; several with commas." placeholder:"CLASS"`
	Cause        string `help:"Only these causes; several with commas." placeholder:"CAUSE"`
	Since        string `help:"From then on: 15m, 24h, 7d back from now, or a time such as 2026-01-31T08:00:00Z." placeholder:"TIME"`
	Until        string `help:"Before then." placeholder:"TIME"`
	Upstream     string `help:"Only calls to this upstream." placeholder:"NAME"`
	Model        string `help:"Only calls for this model." placeholder:"NAME"`
	Limit        int    `help:"At most so many." default:"50"`
	Cursor       string `help:"Where the page before ended." placeholder:"CURSOR"`
	JSON         bool   `name:"json" help:"Write JSON."`
}

// Run lists calls or shows one.
func (c *callsShowCmd) Run(a *app) error {
	f, err := c.filter(time.Now())
	if err != nil {
		return explained(err)
	}
	s, err := c.open(a)
	if err != nil {
		return err
	}
	defer s.Close()
	if c.ID != "" {
		return c.one(a, s)
	}
	page, err := s.List(a.ctx, f)
	if err != nil {
		return explained(err)
	}
	if c.JSON {
		return writeJSON(a, page)
	}
	p := newPicture(a)
	p.calls(page.Calls)
	if page.Next != "" {
		p.line("%s", p.dim.Render("more: telltale calls --cursor "+page.Next))
	}
	if len(page.Calls) == 0 {
		p.line("no calls that fit are recorded")
	}
	return p.flush()
}

func (c *callsShowCmd) filter(now time.Time) (f record.Filter, err error) {
	f = record.Filter{Upstream: c.Upstream, Model: c.Model, Limit: c.Limit, Cursor: c.Cursor}
	var errs [4]error
	f.Classes, errs[0] = record.ParseClasses(c.Class)
	f.Causes, errs[1] = record.ParseCauses(c.Cause)
	f.Since, errs[2] = record.ParseTime(c.Since, now)
	f.Until, errs[3] = record.ParseTime(c.Until, now)
	return f, errors.Join(errs[:]...)
}

func (c *callsShowCmd) one(a *app, s record.Store) error {
	e, err := s.Get(a.ctx, c.ID)
	if errors.Is(err, record.ErrNotFound) {
		return notRecorded(c.ID)
	}
	if err != nil {
		return explained(err)
	}
	if c.JSON {
		return writeJSON(a, e)
	}
	p := newPicture(a)
	p.call(&e)
	return p.flush()
}

func writeJSON(a *app, v any) error {
	enc := json.NewEncoder(a.stdout)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// calls prints a table, one call a line.
func (p *picture) calls(list []record.Entry) {
	if len(list) == 0 {
		return
	}
	p.line("%s", p.dim.Render(fmt.Sprintf("%-19s  %-6s  %-22s  %6s  %3s  %9s  %-24s  %-12s  %s", "time", "class", "cause", "status", "try", "latency", "model", "upstream", "id")))
	for i := range list {
		p.callLine(&list[i])
	}
}

func (p *picture) callLine(e *record.Entry) {
	class := p.class[e.Class].Render(fmt.Sprintf("%-6s", e.Class))
	p.line("%s  %s  %-22s  %6s  %3d  %9s  %-24s  %-12s  %s", e.Time.Local().Format(time.DateTime), class, e.Cause, statusWord(e.Status), len(e.Attempts),
		shortDuration(e.Latency), clip(plain(e.Model.String()), 24), clip(plain(e.Upstream.String()), 12), plain(e.ID))
}

// statusWord is the status, or a dash where no response came.
func statusWord(status int) string {
	if status == 0 {
		return "-"
	}
	return fmt.Sprint(status)
}

// shortDuration writes a latency with three figures or so.
func shortDuration(m record.Millis) string {
	d := time.Duration(m)
	switch {
	case d >= 10*time.Second:
		return d.Round(100 * time.Millisecond).String()
	case d >= 100*time.Millisecond:
		return d.Round(time.Millisecond).String()
	case d >= time.Millisecond:
		return d.Round(100 * time.Microsecond).String()
	}
	return d.Round(time.Microsecond).String()
}

// call prints one call whole: what it was, what became of it, and each attempt with its evidence where it stands.
func (p *picture) call(e *record.Entry) {
	p.line("%s %s  %s", p.bold.Render("call"), plain(e.ID), p.dim.Render(e.Time.Local().Format("2006-01-02 15:04:05.000 MST")))
	model := plain(e.Model.String())
	if e.Stream {
		model += " (streamed)"
	}
	p.field("route", strings.TrimSpace(plain(e.Route.String())+"  "+model))
	p.field("upstream", plain(e.Upstream.String()))
	p.field("took", shortDuration(e.Latency)+first(e.TTFT))
	if e.InputTokens+e.OutputTokens > 0 {
		p.field("tokens", fmt.Sprintf("%d in, %d out", e.InputTokens, e.OutputTokens))
	}
	p.field("task", plain(e.Task.String()))
	if e.PossiblyBilled {
		p.field("billed", "possibly: the answer of an attempt was lost")
	}
	if e.Mark != "" {
		p.field("marked", strings.TrimSpace(string(e.Mark)+" "+string(e.MarkCause)))
	}
	for _, c := range e.Changed {
		p.field("changed", plain(c.String()))
	}
	for _, c := range e.Notes {
		p.field("note", plain(c.String()))
	}
	p.line("")
	last := len(e.Attempts) - 1
	for i := range e.Attempts {
		t := &e.Attempts[i]
		v := &t.Verdict
		if i == last { // what the client got is judged as a whole
			v = &e.Verdict
		}
		if last > 0 {
			p.line("%s", p.dim.Render(attemptHead(i, t)))
		}
		p.attempt(t, v)
		p.line("")
	}
	if last < 0 {
		p.verdict(&verdict{file: "call", it: &capture.Item{}, d: e.Verdict.Diagnosis()}, 0, 1)
	}
}

func attemptHead(i int, t *record.Attempt) string {
	s := fmt.Sprintf("attempt %d: %s %s, status %s, %s", i+1, plain(t.Upstream.String()), plain(t.Model.String()), statusWord(t.Status), shortDuration(t.Elapsed))
	if t.Wait > 0 {
		s += ", after waiting " + shortDuration(t.Wait)
	}
	for _, e := range t.Edits {
		s += ", " + plain(e.String())
	}
	return s
}

func first(m record.Millis) string {
	if m <= 0 {
		return ""
	}
	return ", first output after " + shortDuration(m)
}

// attempt prints a verdict over the response it was made on, as far as that is kept.
func (p *picture) attempt(t *record.Attempt, v *record.Verdict) {
	it := &capture.Item{}
	if t.Response != nil && v.Class != fault.OK {
		if items, err := capture.Parse(t.Response.HTTP()); err == nil && len(items) > 0 {
			it = &items[0]
		}
	}
	p.verdict(&verdict{file: "response", it: it, d: v.Diagnosis()}, 0, 1)
	if t.Error.String() != "" {
		p.field("transport", plain(t.Error.String()))
	}
	if t.Request != nil {
		p.body("request", t.Request.HTTP(), t.Request.Truncated)
	}
	if t.Response != nil {
		p.body("response", t.Response.HTTP(), t.Response.Truncated)
	}
}

// shownLines is how much of a body is printed; --json has all that is kept.
const shownLines = 40

func (p *picture) body(label string, text []byte, truncated bool) {
	p.line("  %s", p.dim.Render(label))
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	for i, l := range lines {
		if i == shownLines {
			p.line("    %s", p.dim.Render(fmt.Sprintf("... %d more lines: --json shows all", len(lines)-i)))
			break
		}
		p.line("    %s", clip(plain(l), 400))
	}
	if truncated {
		p.line("    %s", p.dim.Render("(only a part of it was kept)"))
	}
}
