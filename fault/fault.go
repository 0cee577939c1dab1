// Package fault holds the words of a diagnosis: start with [Lookup], which tells
// of a [Cause] what it means, whether a repeat may help, and what to do.
//
// Nothing here runs; every other package speaks in these words.
package fault

// Class says who noticed that a call failed.
type Class string

// The four classes. Pending tasks and tool calls are of class OK.
const (
	OK     Class = "ok"     // healthy
	Hard   Class = "hard"   // an HTTP error, or no response at all
	Soft   Class = "soft"   // 2xx, and the provider itself says the output is unusable or incomplete
	Silent Class = "silent" // 2xx, the provider claims success, the output is wrong
)

// Classes lists every class, healthy first.
func Classes() []Class { return []Class{OK, Hard, Soft, Silent} }

// Valid reports whether c is one of the four classes.
func (c Class) Valid() bool { return c == OK || c == Hard || c == Soft || c == Silent }

// Cause names what went wrong. The same cause can occur in several classes.
type Cause string

// The causes. [Lookup] gives the meaning of each.
const (
	None                  Cause = "ok"
	ToolCalls             Cause = "tool_calls"
	Pending               Cause = "pending"
	InvalidRequest        Cause = "invalid_request"
	UnsupportedParameter  Cause = "unsupported_parameter"
	ModelNotFound         Cause = "model_not_found"
	EndpointNotFound      Cause = "endpoint_not_found"
	ContextLengthExceeded Cause = "context_length_exceeded"
	RequestTooLarge       Cause = "request_too_large"
	Authentication        Cause = "authentication"
	PermissionDenied      Cause = "permission_denied"
	QuotaExhausted        Cause = "quota_exhausted"
	RateLimited           Cause = "rate_limited"
	Overloaded            Cause = "overloaded"
	ServerError           Cause = "server_error"
	Timeout               Cause = "timeout"
	Network               Cause = "network"
	NotAPIResponse        Cause = "not_api_response"
	ContentFilter         Cause = "content_filter"
	Refusal               Cause = "refusal"
	Truncated             Cause = "truncated"
	EmptyOutput           Cause = "empty_output"
	StreamInterrupted     Cause = "stream_interrupted"
	InvalidToolCall       Cause = "invalid_tool_call"
	InvalidJSON           Cause = "invalid_json"
	SchemaMismatch        Cause = "schema_mismatch"
	UnexpectedOutput      Cause = "unexpected_output"
	Repetition            Cause = "repetition"
	Echo                  Cause = "echo"
	WrongLanguage         Cause = "wrong_language"
	CutOutput             Cause = "cut_output"
	LeakedTemplate        Cause = "leaked_template"
	ModelMismatch         Cause = "model_mismatch"
	TaskNotFound          Cause = "task_not_found"
	TaskStuck             Cause = "task_stuck"
	TaskFailed            Cause = "task_failed"
	Cancelled             Cause = "cancelled"
	URLExpired            Cause = "url_expired"
	CorruptMedia          Cause = "corrupt_media"
	Unknown               Cause = "unknown"
)

// Action is the best next step after a failure.
type Action string

// The actions.
const (
	ActNone           Action = "none"
	ActHandleToolCall Action = "handle_tool_call"
	ActWait           Action = "wait"
	ActFixRequest     Action = "fix_request"
	ActSwitchModel    Action = "switch_model"
	ActShortenInput   Action = "shorten_input"
	ActFixCredentials Action = "fix_credentials"
	ActRequestAccess  Action = "request_access"
	ActAddCredit      Action = "add_credit"
	ActRetry          Action = "retry"
	ActCheckEndpoint  Action = "check_endpoint"
	ActRephrase       Action = "rephrase"
	ActRaiseLimit     Action = "raise_limit"
	ActContinue       Action = "continue"
	ActReprompt       Action = "reprompt"
	ActCheckProvider  Action = "check_provider"
	ActResubmit       Action = "resubmit"
	ActRegenerate     Action = "regenerate"
	ActReadMessage    Action = "read_message"
)

// Info is what is known of a cause whatever the provider.
type Info struct {
	Cause     Cause    `json:"cause"`
	Title     string   `json:"title"`     // a few words, for headings
	Meaning   string   `json:"meaning"`   // one sentence in plain words
	Remedies  []string `json:"remedies"`  // what to do, best first
	Retryable bool     `json:"retryable"` // would the same request, sent again after seconds or a few minutes, plausibly work
	Action    Action   `json:"action"`    // the best next step
}

// Lookup tells of a cause what is known of it. An unlisted cause gives false.
func Lookup(c Cause) (Info, bool) {
	i, ok := index[c]
	return i, ok
}

// All lists what is known of every cause, in the order of the vocabulary. The slice is the caller's own.
func All() []Info { return append([]Info(nil), table...) }

var index = func() map[Cause]Info {
	m := make(map[Cause]Info, len(table))
	for _, i := range table {
		m[i.Cause] = i
	}
	return m
}()
