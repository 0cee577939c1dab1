package sim

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Grammar tells how a failure is ordered, in Markdown.
const Grammar = "A failure is ordered in the name of the model, after an `@` or after `fault-`, or in the header `Sim-Fault`,\n" +
	"which outranks the name:\n\n" +
	"    gpt-5.4@429;retry-after=2        one failure, with a key\n" +
	"    fault-content-filter             the same as anything@content-filter\n" +
	"    gpt-5.4@429,429,ok               a sequence: two refusals, then an answer, then from the first again\n" +
	"    gpt-5.4@429*2,ok;id=test-7       the same; id keeps it apart from other users of the same order\n" +
	"    gpt-5.4@503;every=3              every third call fails\n" +
	"    sora-2@503;on=poll;times=2       the first two polls of each task fail\n" +
	"    sora-2@task-not-exist+url-expired;late=2;after=5s   two failures of one task\n" +
	"    Sim-Fault: stream-reset;after=6  in a header\n\n" +
	"    order = step { \",\" step }\n" +
	"    step  = name { \"+\" name } [ \"*\" count ] { \";\" key \"=\" value }\n\n" +
	"In names `_` and `-` are the same. Commas and semicolons in values are written %2C and %3B. Without an order, the\n" +
	"answer is healthy whatever the model's name; only `gpt-image*` (refuses `response_format`), `qwen-image*` (refuses\n" +
	"`n` > 1) and `o1*`, `o3*`, `o4*` (refuse `max_tokens`) behave as the models of those names do.\n"

// WriteList prints the grammar and the faults for a terminal.
func WriteList(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintln(b, strings.ReplaceAll(Grammar, "`", ""))
	fmt.Fprintln(b, "Keys that every fault takes:")
	for _, k := range commonKeys {
		fmt.Fprintf(b, "  %-24s %s\n", k.form(), k.Doc)
	}
	last := ""
	for _, f := range Faults() {
		if on := f.On.String(); on != last {
			fmt.Fprintf(b, "\nFaults for %s:\n", on)
			last = on
		}
		fmt.Fprintf(b, "  %-24s %s\n", f.Name, f.Doc)
		for _, k := range f.Keys {
			fmt.Fprintf(b, "  %-24s   %s: %s\n", "", k.form(), k.Doc)
		}
	}
	return b.Flush()
}

// WriteMarkdown prints the tables of docs/simulator.md.
func WriteMarkdown(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "## Ordering a failure\n\n%s\n", Grammar)
	fmt.Fprint(b, "Keys that every fault takes:\n\n| key | meaning |\n|---|---|\n")
	for _, k := range commonKeys {
		fmt.Fprintf(b, "| `%s` | %s |\n", k.form(), cell(k.Doc))
	}
	fmt.Fprint(b, "\n## Faults\n\n| fault | on | what goes over the wire | row of the guide |\n|---|---|---|---|\n")
	for _, f := range Faults() {
		doc := cell(f.Doc)
		for _, k := range f.Keys {
			doc += fmt.Sprintf("<br>`%s` %s", k.form(), cell(k.Doc))
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", f.Name, f.On, doc, cell(f.Guide))
	}
	return b.Flush()
}

func (k Key) form() string {
	if k.Default == "" {
		return k.Name + "="
	}
	return k.Name + "=" + k.Default
}

func cell(s string) string { return strings.ReplaceAll(s, "|", "\\|") }
