package telltale

import "time"

// Call is what a client asked for, with every attempt that was made to answer it.
type Call struct {
	ID       string // unique, sortable by time
	Upstream string // name of the first upstream that was asked
	Route    string // method and path as the client sent them, without query
	Task     string // name of the expectation that the client chose, if any
	Mode     string // observe, recover or strict
	Stream   bool   // the client was sent an event stream

	Start     time.Time
	Elapsed   time.Duration
	FirstByte time.Duration // time to first token: to the first event with output on a stream, to the first byte of the body otherwise

	Attempts       []Attempt
	Final          Diagnosis // of what the client got
	Changed        []string  // every edit that was made to request or response, in words
	Notes          []string  // what was not done, and why: a body too large to be repeated, a retry budget that was spent
	PossiblyBilled bool      // an attempt whose answer was lost may have been charged
	Usage          Usage     // of all attempts together
}

// Attempt is one exchange with an upstream.
type Attempt struct {
	Exchange  *Exchange
	Diagnosis Diagnosis
	Upstream  string
	Model     string        // as sent
	Wait      time.Duration // before this attempt
	Edits     []string      // made to the request for this attempt
}

// Usage counts tokens as the provider reported them.
type Usage struct {
	Input     int64 `json:"input_tokens"`
	Output    int64 `json:"output_tokens"`
	Reasoning int64 `json:"reasoning_tokens"`
}
