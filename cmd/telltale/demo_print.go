package main

import (
	"fmt"
	"os"
	"strings"

	"charm.land/lipgloss/v2"
	"charm.land/lipgloss/v2/table"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"
)

// report prints the table of the tour.
func (t *tour) report(a *app, failed int) error {
	out := colorprofile.NewWriter(a.stdout, os.Environ())
	width := 110
	if f, ok := a.stdout.(*os.File); ok {
		if w, _, err := term.GetSize(f.Fd()); err == nil && w >= 100 {
			width = min(w, 160)
		}
	}
	p := newPicture(a)
	widths := []int{4, 36, 32, width - 72}
	tb := table.New().Headers("", "the provider sent", "Telltale says", "and did").Width(width).Wrap(true).
		BorderTop(false).BorderBottom(false).BorderLeft(false).BorderRight(false).BorderColumn(false).BorderHeader(true).BorderRow(false).
		BorderStyle(p.dim).
		StyleFunc(func(row, col int) lipgloss.Style {
			return lipgloss.NewStyle().PaddingRight(2).Width(widths[col]).Bold(row == table.HeaderRow)
		})
	for i := range t.outcomes {
		o := &t.outcomes[i]
		if o.row.part != "" {
			tb.Row("", p.bold.Render(o.row.part), "", "")
		}
		mark, did := p.class["ok"].Render("ok"), strings.Join(o.did, "; ")
		if len(o.wrong) > 0 {
			mark = p.mark.Render("NO")
			did = strings.TrimPrefix(did+"; NOT AS THE GUIDE SAYS: "+strings.Join(o.wrong, ", "), "; ")
		}
		tb.Row(mark, o.row.sends, p.class[o.class].Render(o.says), did)
	}
	for line := range strings.Lines(tb.Render()) {
		fmt.Fprintln(out, strings.TrimRight(line, " \n"))
	}
	_, err := fmt.Fprintf(out, "\n%d of %d rows came out as the guide says.\n", len(t.outcomes)-failed, len(t.outcomes))
	return err
}
