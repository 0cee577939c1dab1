package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"sort"
	"strings"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/fault"
)

// causePages makes the pages of docs/causes, by file name.
func causePages() map[string]string {
	set := catalog.Builtin()
	pages := map[string]string{}
	var index strings.Builder
	index.WriteString("# Causes\n\nEvery diagnosis names one of these. The pages are made from the vocabulary and the catalogue by `go generate ./cmd/telltale`;\n" +
		"`telltale causes CAUSE` shows the same in a terminal.\n\n| cause | meaning | the same request may work later | next step |\n|---|---|---|---|\n")
	for _, info := range fault.All() {
		name := string(info.Cause) + ".md"
		fmt.Fprintf(&index, "| [%s](%s) | %s | %s | `%s` |\n", info.Cause, name, info.Meaning, yesNo(info.Retryable), info.Action)
		pages[name] = causePage(knownOf(set, info))
	}
	pages["README.md"] = index.String()
	return pages
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// causePage is the page of one cause: what it means, what to do, and how it shows at whom, with examples.
func causePage(k known) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: %s\n\n%s\n\n", k.Cause, k.Title, k.Meaning)
	fmt.Fprintf(&b, "The same request, sent again later, may work: **%s**. Next step: `%s`.\n\n", yesNo(k.Retryable), k.Action)
	if len(k.Remedies) > 0 {
		b.WriteString("## What to do\n\n")
		for i, r := range k.Remedies {
			fmt.Fprintf(&b, "%d. %s\n", i+1, r)
		}
		b.WriteString("\n")
	}
	if len(k.Statuses)+len(k.Finishes) > 0 {
		b.WriteString("## How it shows\n\n")
		for _, s := range k.Statuses {
			fmt.Fprintf(&b, "- %s%s\n", statusRule(s), source(s.Source))
		}
		for _, f := range k.Finishes {
			fmt.Fprintf(&b, "- finish reason `%s`%s\n", f.Word, source(f.Source))
		}
		b.WriteString("\n")
	}
	if len(k.Signatures) > 0 {
		b.WriteString("## What providers say\n\n")
	}
	for _, s := range k.Signatures {
		fmt.Fprintf(&b, "### %s\n\n%s.", s.ID, upper(conditions(s)))
		if s.Why != "" {
			fmt.Fprintf(&b, " %s", dot(upper(s.Why)))
		}
		fmt.Fprintf(&b, "%s\n\n", source(s.Source))
		if s.Summary != "" && s.Summary != k.Meaning {
			fmt.Fprintf(&b, "%s\n\n", s.Summary)
		}
		for _, r := range s.Remedies {
			fmt.Fprintf(&b, "- %s\n", r)
		}
		if len(s.Remedies) > 0 {
			b.WriteString("\n")
		}
		if s.Case != nil {
			b.WriteString(example(s))
		}
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// example shows a case with what telltale explain says of it.
func example(s catalog.Signature) string {
	c := s.Case
	var b strings.Builder
	x := telltale.Exchange{Request: telltale.Request{Provider: c.Provider, Surface: telltale.Surface(c.Surface)}}
	if c.Provider == "" && len(s.Providers) > 0 {
		x.Request.Provider = s.Providers[0]
	}
	if c.Surface == "" && len(s.Surfaces) > 0 {
		x.Request.Surface = telltale.Surface(s.Surfaces[0])
	}
	header := http.Header{}
	if c.Status == 0 {
		fmt.Fprintf(&b, "    %s\n", plain(c.Body))
		x.Err = fmt.Errorf("%s", c.Body)
	} else {
		fmt.Fprintf(&b, "    HTTP/1.1 %d %s\n", c.Status, http.StatusText(c.Status))
		keys := make([]string, 0, len(c.Headers))
		for k := range c.Headers {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			fmt.Fprintf(&b, "    %s: %s\n", k, c.Headers[k])
			header.Set(k, c.Headers[k])
		}
		b.WriteString("    \n")
		for line := range strings.Lines(pretty(c.Body)) {
			fmt.Fprintf(&b, "    %s\n", strings.TrimRight(line, "\r\n"))
		}
		x.Response = &telltale.Response{Status: c.Status, Header: header, Body: []byte(c.Body)}
	}
	d := telltale.Diagnose(&x)
	fmt.Fprintf(&b, "\n→ **%s %s**, retry: %s", d.Class, d.Cause, yesNo(d.Retryable))
	if d.RetryAfter > 0 {
		fmt.Fprintf(&b, " after %s", d.RetryAfter)
	}
	if d.Param != "" {
		fmt.Fprintf(&b, ", parameter `%s`", d.Param)
	}
	b.WriteString("\n\n")
	return b.String()
}

// pretty indents a JSON body; what is no JSON stays as it is.
func pretty(body string) string {
	var b bytes.Buffer
	if len(body) < 100 || json.Indent(&b, []byte(body), "", "  ") != nil {
		return body
	}
	return b.String()
}

func source(s string) string {
	switch {
	case s == "":
		return ""
	case strings.HasPrefix(s, "http"):
		return " ([source](" + s + "))"
	}
	return " (source: " + s + ")"
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func dot(s string) string {
	if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}
