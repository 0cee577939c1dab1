// Package expect judges outputs: [Detect] finds text that is useless whatever was asked for,
// and an [Expectation] says whether an output is what the caller wants.
package expect

import "github.com/telltale-ai/telltale/fault"

// Output is what a call produced, as far as expectations and detectors look at it.
// Only what is known need be set; the zero value is an empty output.
type Output struct {
	Text   string // the visible text of one choice, without reasoning
	Prompt string // the last user message, or "" when unknown
	System string // the system prompt, or "" when unknown

	Structured bool // the request asked for JSON or another fixed form: language, echo and a cut end are not judged
	Partial    bool // the text may rightly end or begin anywhere (stop sequences, a prefilled answer, a token limit): a cut end is not judged

	Media *Media // of an image or video; nil for text
}

// Finding is one thing that is wrong with an output.
type Finding struct {
	Cause  fault.Cause
	Rule   string // which detector or expectation found it, such as "refusal" or "labels"
	Where  string // such as "text[120:160]" (bytes), "/items/0/price", "tool_calls[0].arguments"
	Want   string // what was expected; "" for detectors
	Got    string // what came, capped at 200 bytes
	Likely bool   // likely, not certain
}

// detector is one way in which a text can be useless. It must cost next to nothing on a healthy text.
type detector func(*Output) (Finding, bool)

// detectors stand in the order in which one explains another: a loop in a foreign language is a loop,
// a refusal that breaks off is a refusal.
var detectors = [...]detector{empty, repetition, leaked, refusal, echo, wrongLanguage, cut}

// Detect finds text that is useless whatever was asked for: nothing at all, leaked template tokens, loops,
// refusals, echoes, another language than the request's, cut ends. The most certain finding comes first; nil is healthy.
//
// It looks at no more than the first and last few ten thousand bytes, so that its cost is bounded, and
// allocates nothing for a healthy text. It is built to keep silent in doubt.
//
// Detect never panics: what fails in here finds nothing.
func Detect(o *Output) (found []Finding) {
	defer func() {
		if recover() != nil {
			found = nil
		}
	}()
	for _, d := range detectors {
		if f, ok := d(o); ok {
			found = append(found, f)
		}
	}
	return found
}
