// Package catalog holds what is known of the providers of AI APIs: call [Builtin] for the [Set]
// that ships with Telltale, and [Set.Overlay] to lay your own JSON over it.
//
// Everything here is data. A signature says what a provider says when something breaks; what a
// provider does not say is found by checks, which are code and live in the root package.
package catalog

import (
	"slices"

	"github.com/telltale-ai/telltale/fault"
)

// Set is a whole catalogue. Its order means nothing.
type Set struct {
	Providers  []Provider   `json:"providers,omitempty"`
	Dialects   []Dialect    `json:"dialects,omitempty"`
	Finishes   []Finish     `json:"finishes,omitempty"`
	Signatures []Signature  `json:"signatures,omitempty"`
	Statuses   []StatusRule `json:"statuses,omitempty"`
}

// Provider is somebody who answers, and how to know him. All words are compared without regard to case.
type Provider struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Aliases []string `json:"aliases,omitempty"` // other names that people use in configurations
	Hosts   []string `json:"hosts,omitempty"`   // host names; "x.y" also covers its sub-domains
	Headers []string `json:"headers,omitempty"` // response headers of his alone: "name", or "name: start of the value"; a name that ends in "-" stands for all that begin so
	Body    []string `json:"body,omitempty"`    // strings of his alone in an error body
	Gateway bool     `json:"gateway,omitempty"` // passes on what others answer, so what those say may come from him
	Of      string   `json:"of,omitempty"`      // ID of the provider whose signatures hold for this one, too
	Source  string   `json:"source"`
}

// Signature is one thing that a provider says when something breaks. Conditions of different kinds must all
// hold; of one kind, any. The rank of a signature is how much it says: see the matcher in the root package.
type Signature struct {
	ID string `json:"id"`

	Providers []string `json:"providers,omitempty"` // IDs; a gateway or an unknown provider passes if he may carry it
	Status    []int    `json:"status,omitempty"`    // HTTP status; 4 stands for 400-499, 5 for 500-599, 2 for 200-299, 0 for no response
	Surfaces  []string `json:"surfaces,omitempty"`
	Codes     []string `json:"codes,omitempty"`  // words of an error's code, type, status or reason field, compared without case and separators
	Text      []string `json:"text,omitempty"`   // phrases of its message, lower case; " * " stands for anything short in between
	Not       []string `json:"not,omitempty"`    // phrases that must not stand there
	Page      bool     `json:"page,omitempty"`   // only in a web page
	Narrow    int      `json:"narrow,omitempty"` // 1: says the same as plainer words and more, so it outranks them; 2: decisive beside those, too
	Weak      bool     `json:"weak,omitempty"`   // says only a kind of failure that covers many causes; everything else outranks it

	Cause    fault.Cause  `json:"cause"`
	Retry    Retry        `json:"retry,omitempty"`  // when the answer differs from the cause's own
	Param    string       `json:"param,omitempty"`  // the parameter at fault, when the message does not name it
	Likely   bool         `json:"likely,omitempty"` // likely, not certain
	Action   fault.Action `json:"action,omitempty"` // when another step than the cause's own is best
	Summary  string       `json:"summary,omitempty"`
	Remedies []string     `json:"remedies,omitempty"`
	Window   bool         `json:"window,omitempty"` // a limit over time: a wait that the answer states decides between rate_limited and quota_exhausted

	Why    string `json:"why"`    // why it holds
	Source string `json:"source"` // a page that shows it
	Case   *Case  `json:"case,omitempty"`
}

// Retry says whether the same request may work later, where a signature knows better than its cause.
type Retry string

// The answers. The zero value is the cause's own.
const (
	RetryYes Retry = "yes"
	RetryNo  Retry = "no"
)

// Case is a small exchange that a signature decides.
type Case struct {
	Status   int               `json:"status"`
	Headers  map[string]string `json:"headers,omitempty"`
	Body     string            `json:"body"`
	Provider string            `json:"provider,omitempty"`
	Surface  string            `json:"surface,omitempty"`
}

// StatusRule says what a status alone means, when the answer says nothing better.
type StatusRule struct {
	Status  int         `json:"status"`
	Surface string      `json:"surface,omitempty"` // "" covers all
	Cause   fault.Cause `json:"cause"`
	Retry   Retry       `json:"retry,omitempty"`
	Likely  bool        `json:"likely,omitempty"`
	Source  string      `json:"source"`
}

// Finish is one word by which providers say why an output ended.
type Finish struct {
	Word     string      `json:"word"`
	Cause    fault.Cause `json:"cause"` // ok for a natural end
	Category string      `json:"category,omitempty"`
	Retry    Retry       `json:"retry,omitempty"`
	Source   string      `json:"source"`
}

// Builtin returns the catalogue that ships with Telltale. The slices are the caller's own; what they hold is shared.
func Builtin() Set {
	return Set{
		Providers:  slices.Concat(textProviders, gatewayProviders, mediaProviders, localProviders),
		Dialects:   slices.Clone(dialects),
		Finishes:   slices.Clone(finishes),
		Statuses:   slices.Clone(statuses),
		Signatures: builtinSignatures(),
	}
}
