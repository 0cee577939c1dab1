package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/fault"
)

//go:generate go run . causes --markdown ../../docs/causes

type causesCmd struct {
	Cause    string `arg:"" optional:"" help:"A cause, such as rate_limited; without one all are listed."`
	JSON     bool   `name:"json" help:"Write JSON."`
	Markdown string `placeholder:"DIR" help:"Write one page a cause into a folder, as docs/causes holds them."`
}

// known is all that is known of a cause: the vocabulary's row, and what the catalogue says of it.
type known struct {
	fault.Info
	Signatures []catalog.Signature  `json:"signatures"`
	Finishes   []catalog.Finish     `json:"finishes"`
	Statuses   []catalog.StatusRule `json:"statuses"`
}

// Run lists the causes, or tells what is known of one.
func (c *causesCmd) Run(a *app) error {
	if c.Markdown != "" {
		return writeCausePages(c.Markdown)
	}
	set := catalog.Builtin()
	all := fault.All()
	if c.Cause != "" {
		info, ok := fault.Lookup(fault.Cause(c.Cause))
		if !ok {
			return &exit{code: 2, err: fmt.Errorf("%q is no cause", c.Cause), hint: "the nearest is " + nearestCause(c.Cause) + "; telltale causes lists all"}
		}
		all = []fault.Info{info}
	}
	if c.JSON {
		out := make([]known, len(all))
		for i, info := range all {
			out[i] = knownOf(set, info)
		}
		enc := json.NewEncoder(a.stdout)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		if c.Cause != "" {
			return enc.Encode(out[0])
		}
		return enc.Encode(out)
	}
	w := colorprofile.NewWriter(a.stdout, os.Environ())
	bold := lipgloss.NewStyle().Bold(true)
	if c.Cause == "" {
		for _, info := range all {
			fmt.Fprintf(w, "%s %s\n", bold.Render(fmt.Sprintf("%-24s", info.Cause)), info.Meaning)
		}
		fmt.Fprintln(w, "\ntelltale causes CAUSE tells how it shows and what to do.")
		return nil
	}
	k := knownOf(set, all[0])
	fmt.Fprintf(w, "%s: %s\n  %s\n\n  retry   %s\n  action  %s\n", bold.Render(string(k.Cause)), k.Title, k.Meaning, sameRequest(k.Retryable), k.Action)
	for i, r := range k.Remedies {
		fmt.Fprintf(w, "  %-7s %s\n", map[bool]string{true: "do"}[i == 0], r)
	}
	if len(k.Signatures)+len(k.Finishes)+len(k.Statuses) > 0 {
		fmt.Fprintf(w, "\n  %s\n", bold.Render("how it shows"))
	}
	for _, s := range k.Statuses {
		fmt.Fprintf(w, "  - %s\n", statusRule(s))
	}
	for _, f := range k.Finishes {
		fmt.Fprintf(w, "  - finish reason %s\n", f.Word)
	}
	for _, s := range k.Signatures {
		fmt.Fprintf(w, "  - %s: %s\n", s.ID, conditions(s))
	}
	return nil
}

func sameRequest(retryable bool) string {
	if retryable {
		return "yes: the same request may work later"
	}
	return "no: the same request would fail again"
}

// knownOf gathers what the catalogue says of a cause, ordered by name.
func knownOf(set catalog.Set, info fault.Info) known {
	k := known{Info: info, Signatures: []catalog.Signature{}, Finishes: []catalog.Finish{}, Statuses: []catalog.StatusRule{}}
	for _, s := range set.Signatures {
		if s.Cause == info.Cause {
			k.Signatures = append(k.Signatures, s)
		}
	}
	for _, f := range set.Finishes {
		if f.Cause == info.Cause {
			k.Finishes = append(k.Finishes, f)
		}
	}
	for _, s := range set.Statuses {
		if s.Cause == info.Cause {
			k.Statuses = append(k.Statuses, s)
		}
	}
	sort.Slice(k.Signatures, func(i, j int) bool { return k.Signatures[i].ID < k.Signatures[j].ID })
	sort.Slice(k.Finishes, func(i, j int) bool { return k.Finishes[i].Word < k.Finishes[j].Word })
	sort.Slice(k.Statuses, func(i, j int) bool {
		return k.Statuses[i].Status < k.Statuses[j].Status || k.Statuses[i].Status == k.Statuses[j].Status && k.Statuses[i].Surface < k.Statuses[j].Surface
	})
	return k
}

// conditions says in words when a signature holds.
func conditions(s catalog.Signature) string {
	var parts []string
	list := func(what string, words []string) {
		if len(words) == 0 {
			return
		}
		quoted := make([]string, len(words))
		for i, w := range words {
			quoted[i] = "`" + w + "`"
		}
		parts = append(parts, what+" "+strings.Join(quoted, " or "))
	}
	if len(s.Status) > 0 {
		words := make([]string, len(s.Status))
		for i, n := range s.Status {
			words[i] = statusInWords(n)
		}
		parts = append(parts, strings.Join(words, " or "))
	}
	list("code", s.Codes)
	list("message with", s.Text)
	list("without", s.Not)
	if s.Page {
		parts = append(parts, "on a web page")
	}
	if len(s.Surfaces) > 0 {
		parts = append(parts, "on "+strings.Join(s.Surfaces, ", "))
	}
	if len(s.Providers) > 0 {
		parts = append(parts, "at "+strings.Join(s.Providers, ", "))
	}
	return strings.Join(parts, "; ")
}

func statusInWords(n int) string {
	switch {
	case n == 0:
		return "no response"
	case n < 10:
		return fmt.Sprintf("status %dxx", n)
	}
	return fmt.Sprintf("status %d", n)
}

func statusRule(s catalog.StatusRule) string {
	t := statusInWords(s.Status) + ", when the answer says nothing better"
	if s.Surface != "" {
		t += ", on " + s.Surface
	}
	return t
}

// nearestCause is the cause whose name shares most with s.
func nearestCause(s string) string {
	best, score := fault.Unknown, -1
	for _, info := range fault.All() {
		n := 0
		for i := 0; i+1 < len(s); i++ {
			if strings.Contains(string(info.Cause), s[i:i+2]) {
				n++
			}
		}
		if n > score {
			best, score = info.Cause, n
		}
	}
	return string(best)
}

// writeCausePages writes docs/causes: an index and one page a cause. Pages of causes that are gone are removed.
func writeCausePages(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	pages := causePages()
	old, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		return err
	}
	for _, f := range old {
		if _, keep := pages[filepath.Base(f)]; !keep {
			if err := os.Remove(f); err != nil {
				return err
			}
		}
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
