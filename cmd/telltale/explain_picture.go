package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
)

// picture prints diagnoses for a person: colours go only to a terminal, and not when NO_COLOR is set.
type picture struct {
	out *colorprofile.Writer
	buf bytes.Buffer

	lines lineCounter

	bold, dim, mark lipgloss.Style
	class           map[fault.Class]lipgloss.Style
}

func newPicture(a *app) *picture {
	fg := func(c string) lipgloss.Style { return lipgloss.NewStyle().Foreground(lipgloss.Color(c)).Bold(true) }
	return &picture{
		out:  colorprofile.NewWriter(a.stdout, os.Environ()),
		bold: lipgloss.NewStyle().Bold(true), dim: lipgloss.NewStyle().Faint(true), mark: fg("9"),
		class: map[fault.Class]lipgloss.Style{fault.OK: fg("10"), fault.Hard: fg("9"), fault.Soft: fg("11"), fault.Silent: fg("13")},
	}
}

func (p *picture) flush() error {
	_, err := p.out.Write(p.buf.Bytes())
	return err
}

func (p *picture) line(format string, args ...any) { fmt.Fprintf(&p.buf, format+"\n", args...) }

// field prints one labelled line; an empty value prints nothing.
func (p *picture) field(label, value string) {
	if value != "" {
		p.line("  %s %s", p.dim.Render(fmt.Sprintf("%-10s", label)), value)
	}
}

// verdict prints one diagnosis: the head, the evidence where it stands, what to do.
func (p *picture) verdict(v *verdict, n, of int) {
	d := &v.d
	if n > 0 {
		p.line("")
	}
	if of > 1 {
		p.line("%s", p.dim.Render(strings.TrimRight(fmt.Sprintf("[%d of %d] %s %s", n+1, of, v.it.Format, plain(v.label())), " ")))
	}
	info, _ := fault.Lookup(d.Cause)
	head := p.class[d.Class].Render(string(d.Class)) + " " + p.bold.Render(string(d.Cause))
	if d.Likely {
		head += " (likely)"
	}
	p.line("%s: %s", head, info.Title)
	p.line("  %s", plain(d.Summary))
	p.evidence(v)
	p.line("")
	p.field("retry", retryWords(d))
	for i, r := range d.Remedies {
		label := ""
		if i == 0 {
			label = "do"
		}
		p.line("  %s %s", p.dim.Render(fmt.Sprintf("%-10s", label)), plain(r))
	}
	p.field("parameter", plain(d.Param))
	p.field("provider", plain(d.Provider))
	if d.ProviderMessage != "" && !strings.Contains(d.Summary, d.ProviderMessage) {
		p.field("it says", plain(clip(d.ProviderMessage, 300)))
	}
	p.field("code", plain(d.ProviderCode))
	p.field("request", plain(d.RequestID))
	p.field("decided by", plain(d.Signature))
	for _, note := range v.it.Notes {
		p.field("note", plain(note))
	}
}

// label names the exchange: its id, or its request.
func (v *verdict) label() string {
	if v.it.ID != "" {
		return v.it.ID
	}
	return clip(v.it.Name, 120)
}

// retryWords says whether the same request is worth sending again, and when.
func retryWords(d *telltale.Diagnosis) string {
	switch {
	case d.OK():
		return ""
	case d.RetryAfter > 0 && d.Retryable:
		return "yes, after " + d.RetryAfter.Round(time.Millisecond).String() + " (the provider says so)"
	case d.RetryAfter > 0:
		return "not now: the provider says to wait " + d.RetryAfter.Round(time.Second).String()
	case d.Retryable:
		return "yes, with growing pauses (1 s, 2 s, 4 s, with some chance in each)"
	}
	return "no: the same request would fail again"
}

// summary counts the diagnoses when there are several.
func (p *picture) summary(found []verdict) {
	if len(found) < 2 {
		return
	}
	count := map[string]int{}
	var order []string
	for i := range found {
		k := string(found[i].d.Class)
		if !found[i].d.OK() {
			k += " " + string(found[i].d.Cause)
		}
		if count[k] == 0 {
			order = append(order, k)
		}
		count[k]++
	}
	parts := make([]string, len(order))
	for i, k := range order {
		parts[i] = fmt.Sprintf("%d %s", count[k], k)
	}
	p.line("")
	p.line("%s %s", p.bold.Render(fmt.Sprintf("%d exchanges:", len(found))), strings.Join(parts, ", "))
}

// clip shortens s to n bytes, at a character's border.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}

// plain takes what could steer a terminal out of a text that came from outside.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			return '·'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
