package telltale

import (
	"github.com/telltale-ai/telltale/fault"
)

// Check finds, in an answer that claims success, something that the provider does not say. Checks are run in
// order; the first finding decides. Run must not keep the facts.
type Check struct {
	ID  string
	Doc string // what it finds, and why that is a failure
	Run func(f *Facts) *Found
}

// Found is what a check found.
type Found struct {
	Cause     fault.Cause
	Class     fault.Class // "" stands for silent
	Param     string
	Summary   string // "" stands for the cause's own meaning
	Rule      string // "" stands for the check's ID
	Likely    bool
	Retryable *bool // nil stands for the cause's own
	Evidence  []Evidence
}

// builtinChecks look at healthy-looking answers.
var builtinChecks = []Check{
	{ID: "tool-arguments", Doc: "The arguments of a tool call are no JSON object, so no program can run the call.", Run: checkToolArguments},
	{ID: "tool-call-as-text", Doc: "A tool call stands in the text, where no SDK looks for it.", Run: checkToolText},
	{ID: "stopped-at-limit", Doc: "The provider says stop, but the output ends in the middle exactly at the token limit.", Run: checkStoppedAtLimit},
	{ID: "request", Doc: "The output does not keep what the request asked for.", Run: checkRequest},
	{ID: "detect", Doc: "The text is useless whatever was asked for.", Run: checkDetect},
	{ID: "expect", Doc: "The output breaks what the caller expects.", Run: checkExpect},
}
