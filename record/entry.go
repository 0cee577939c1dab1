package record

import (
	"encoding/json"
	"math"
	"strconv"
	"time"

	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/internal/redact"
)

// Text is text without secrets: it can be read and printed, and only [New] can make one that is not empty
// (reading JSON redacts again).
type Text = redact.Text

// Entry is the record of one call. Its JSON is that of the API; [New] makes one.
type Entry struct {
	ID       string    `json:"id"`
	Time     time.Time `json:"time"` // UTC, to the microsecond
	Upstream Text      `json:"upstream"`
	Route    Text      `json:"route"`
	Model    Text      `json:"model"` // as the client asked for it
	Surface  string    `json:"surface"`
	Task     Text      `json:"task"`
	Mode     string    `json:"mode"`
	Stream   bool      `json:"stream"`
	Status   int       `json:"status"` // of the last response; 0 when none came

	Verdict

	Latency         Millis        `json:"latency_ms"`
	TTFT            Millis        `json:"ttft_ms"`
	InputTokens     int64         `json:"input_tokens"`
	OutputTokens    int64         `json:"output_tokens"`
	ReasoningTokens int64         `json:"reasoning_tokens"`
	PossiblyBilled  bool          `json:"possibly_billed"`
	Changed         List[Text]    `json:"changed"`
	Notes           List[Text]    `json:"notes"`    // what was not done, and why
	Attempts        List[Attempt] `json:"attempts"` // first to last

	Marking
}

// Failed reports whether what the client got was a failure.
func (e *Entry) Failed() bool { return e.Class != fault.OK }

// Verdict is a diagnosis as it is recorded, with the keys of the public contract.
type Verdict struct {
	Class           fault.Class    `json:"class"`
	Cause           fault.Cause    `json:"cause"`
	Retryable       bool           `json:"retryable"`
	RetryAfterMS    int64          `json:"retry_after_ms"`
	Param           Text           `json:"param"`
	Action          fault.Action   `json:"action"`
	Summary         Text           `json:"summary"`
	Likely          bool           `json:"likely"`
	Remedies        List[Text]     `json:"remedies"`
	Evidence        List[Evidence] `json:"evidence"`
	Provider        Text           `json:"provider"`
	ProviderCode    Text           `json:"provider_code"`
	ProviderMessage Text           `json:"provider_message"`
	RequestID       Text           `json:"request_id"`
	Signature       Text           `json:"signature"`
}

// Evidence is where a verdict was seen, and what stood there.
type Evidence struct {
	Where Text `json:"where"`
	Value Text `json:"value"`
}

// List is a slice whose JSON is [] when it is empty, never null.
type List[T any] []T

// MarshalJSON writes a JSON array.
func (l List[T]) MarshalJSON() ([]byte, error) {
	if len(l) == 0 {
		return []byte("[]"), nil
	}
	return json.Marshal([]T(l))
}

// Attempt is one exchange with an upstream.
type Attempt struct {
	Upstream Text `json:"upstream"`
	Model    Text `json:"model"` // as sent
	Status   int  `json:"status"`

	Verdict

	Wait           Millis     `json:"wait_ms"` // before this attempt
	Elapsed        Millis     `json:"elapsed_ms"`
	Edits          List[Text] `json:"edits"`
	Sent           bool       `json:"sent"`
	PossiblyBilled bool       `json:"possibly_billed"`
	Error          Text       `json:"error"` // what the transport said
	Request        *Request   `json:"request,omitempty"`
	Response       *Response  `json:"response,omitempty"`
}

// Request is what was sent, where the policy keeps it.
type Request struct {
	Method    string            `json:"method"`
	URL       Text              `json:"url"`
	Headers   map[string][]Text `json:"headers,omitempty"`
	Body      Text              `json:"body"`
	Bytes     int               `json:"bytes"`     // of the body as it was sent
	Truncated bool              `json:"truncated"` // Body is not all of it
}

// Response is what came back, where the policy keeps it.
type Response struct {
	Status    int               `json:"status"`
	Headers   map[string][]Text `json:"headers,omitempty"`
	Body      Text              `json:"body"`
	Bytes     int               `json:"bytes"`     // of the body as far as it was held
	Truncated bool              `json:"truncated"` // Body is not all of it
}

// Millis is a duration to the microsecond, written in JSON as milliseconds.
type Millis time.Duration

// Micros gives the whole microseconds of m, which is how stores keep it.
func (m Millis) Micros() int64 { return int64(m) / int64(time.Microsecond) }

// FromMicros is the inverse of [Millis.Micros].
func FromMicros(us int64) Millis { return Millis(us) * Millis(time.Microsecond) }

// String writes m as Go writes durations.
func (m Millis) String() string { return time.Duration(m).String() }

// MarshalJSON writes milliseconds with at most three decimals.
func (m Millis) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(m.Micros())/1000, 'f', -1, 64), nil
}

// UnmarshalJSON reads milliseconds.
func (m *Millis) UnmarshalJSON(b []byte) error {
	var f float64
	if err := json.Unmarshal(b, &f); err != nil {
		return err
	}
	*m = FromMicros(int64(math.Round(f * 1000)))
	return nil
}

// micros cuts d to what is stored.
func micros(d time.Duration) Millis { return Millis(d.Truncate(time.Microsecond)) }
