package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/record"
)

type callsMarkCmd struct {
	recordsFlags `embed:""`
	ID           string `arg:"" help:"The call."`
	Mark         string `arg:"" enum:"good,bad,none" help:"good, bad, or none to take a mark back."`
	As           string `help:"For a bad call: the cause that is right, where the recorded one is not." placeholder:"CAUSE"`
}

// Run marks a call.
func (c *callsMarkCmd) Run(a *app) error {
	m := record.Marking{Mark: record.Mark(c.Mark), MarkCause: fault.Cause(c.As)}
	if c.Mark == "none" {
		m.Mark = ""
	}
	if err := m.Check(); err != nil {
		return &exit{code: 2, err: err, hint: "--as names a cause of a bad call; telltale causes lists them"}
	}
	s, err := c.open(a)
	if err != nil {
		return err
	}
	defer s.Close()
	err = s.Mark(a.ctx, c.ID, m)
	if errors.Is(err, record.ErrNotFound) {
		return notRecorded(c.ID)
	}
	if err != nil {
		return explained(err)
	}
	_, err = fmt.Fprintf(a.stdout, "%s is marked %s\n", plain(c.ID), c.Mark)
	return err
}

type callsExportCmd struct {
	recordsFlags `embed:""`
	Marked       bool `required:"" help:"Export the calls that were marked good or bad."`
}

// Run writes the marked calls as labelled cases, newest first.
func (c *callsExportCmd) Run(a *app) error {
	s, err := c.open(a)
	if err != nil {
		return err
	}
	defer s.Close()
	enc := json.NewEncoder(a.stdout)
	enc.SetEscapeHTML(false)
	written, without := 0, 0
	f := record.Filter{Marked: true, Limit: 200}
	for {
		page, err := s.List(a.ctx, f)
		if err != nil {
			return explained(err)
		}
		for i := range page.Calls {
			e, err := s.Get(a.ctx, page.Calls[i].ID)
			if err != nil {
				return explained(err)
			}
			one, ok := e.Case()
			if !ok {
				without++
				continue
			}
			if err := enc.Encode(one); err != nil {
				return err
			}
			written++
		}
		if f.Cursor = page.Next; f.Cursor == "" {
			break
		}
	}
	if without > 0 {
		fmt.Fprintf(a.stderr, "warning: of %d marked calls the output was not kept\nhint: `record: {bodies: all}` keeps the output of healthy calls too\n", without)
	}
	if written == 0 && without == 0 {
		return &exit{code: 1, err: errors.New("no call is marked"), hint: "telltale calls mark ID good|bad"}
	}
	return nil
}
