// Package expect judges outputs: [Detect] finds text that is useless whatever was asked for,
// and an [Expectation] says whether an output is what the caller wants.
package expect

import "github.com/telltale-ai/telltale/fault"

// Output is what a call produced, as far as expectations and detectors look at it.
type Output struct {
	Text   string // the visible text of one choice, without reasoning
	Prompt string // the last user message, or "" when unknown
	System string // the system prompt, or "" when unknown
}

// Finding is one thing that is wrong with an output.
type Finding struct {
	Cause  fault.Cause
	Rule   string // which detector or expectation found it, such as "refusal" or "labels"
	Where  string // such as "text[120:160]", "/items/0/price", "tool_calls[0].arguments"
	Want   string // what was expected; "" for detectors
	Got    string // what came, capped at 200 bytes
	Likely bool   // likely, not certain
}

// Detect finds text that is useless whatever was asked for: refusals, loops, cut ends, leaked template
// tokens, echoes, another language than the request's. The most certain finding comes first; nil is healthy.
func Detect(o *Output) []Finding { return nil }

// Expectation is a compiled [Spec]. It is safe for concurrent use.
type Expectation struct{}

// Check returns what in o is not as expected; nil when all is.
func (e *Expectation) Check(o *Output) []Finding { return nil }
