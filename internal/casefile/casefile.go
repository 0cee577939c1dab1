// Package casefile reads labelled cases: call [Read] with JSON lines. It is strict: an unknown key is an error,
// so that a label cannot be lost by a typing mistake.
package casefile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// Case is one response with the truth about it.
type Case struct {
	ID       string            `json:"id"`
	Provider string            `json:"provider"`
	Surface  string            `json:"surface"`
	URL      string            `json:"url"`
	Method   string            `json:"method"`
	Request  json.RawMessage   `json:"request"`
	Status   int               `json:"status"` // 0: no response, Body holds what the transport said
	Headers  map[string]string `json:"headers"`
	Body     string            `json:"body"`
	Label    Label             `json:"label"`
	Source   string            `json:"source"` // the page that shows it
	Note     string            `json:"note"`

	Decidable      *bool `json:"decidable"`       // false: the truth cannot be known from the exchange
	BlindDecidable *bool `json:"blind_decidable"` // false: not without provider, surface and request
}

// Label is the truth about a case.
type Label struct {
	Class     string `json:"class"`
	Cause     string `json:"cause"`
	Retryable bool   `json:"retryable"`
	Param     string `json:"param"`
}

// Read reads cases, one a line; blank lines are stepped over. Errors name the line.
func Read(r io.Reader) ([]Case, error) {
	var all []Case
	seen := map[string]bool{}
	in := bufio.NewScanner(r)
	in.Buffer(nil, 64<<20)
	for n := 1; in.Scan(); n++ {
		line := bytes.TrimSpace(in.Bytes())
		if len(line) == 0 {
			continue
		}
		var c Case
		d := json.NewDecoder(bytes.NewReader(line))
		d.DisallowUnknownFields()
		if err := d.Decode(&c); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		switch {
		case c.ID == "" || seen[c.ID]:
			return nil, fmt.Errorf("line %d: the id %q is empty or stands there twice", n, c.ID)
		case c.Source == "":
			return nil, fmt.Errorf("line %d: case %s has no source", n, c.ID)
		case c.Label.Cause == "" || !slices.Contains([]string{"ok", "hard", "soft", "silent"}, c.Label.Class):
			return nil, fmt.Errorf("line %d: case %s has no cause, or an unknown class: %q", n, c.ID, c.Label.Class)
		}
		seen[c.ID] = true
		all = append(all, c)
	}
	return all, in.Err()
}
