package catalog

import "time"

// TaskState is what a provider's status word means.
type TaskState string

// The meanings of a status word. The first two are of a task that goes on, the rest end it.
const (
	TaskQueued    TaskState = "queued"
	TaskRunning   TaskState = "running"
	TaskSucceeded TaskState = "succeeded"
	TaskFailed    TaskState = "failed"
	TaskFiltered  TaskState = "filtered"  // failed, and the provider says that moderation did it
	TaskCancelled TaskState = "cancelled" // by a person
	TaskExpired   TaskState = "expired"   // by the provider's own deadline
	TaskMissing   TaskState = "missing"   // the provider knows no such task (yet, or no more)
)

// Ended reports whether no later poll can change the state. A missing task may yet appear.
func (s TaskState) Ended() bool {
	switch s {
	case TaskSucceeded, TaskFailed, TaskFiltered, TaskCancelled, TaskExpired:
		return true
	}
	return false
}

// TaskDialect is how one provider speaks of asynchronous media tasks. It is data: [MatchCreate],
// [MatchPoll] and [ReadTask] are what reads it.
//
// Every []string of JSON paths is tried in order and the first that yields something is taken.
// A path is names joined by dots; [2] picks an element, [] picks each of them, and ** before the last
// name finds that name at any depth: "data.task_result.videos[].url", "**.url".
type TaskDialect struct {
	Name     string   `json:"name"`
	Provider string   `json:"provider"`
	Media    string   `json:"media"` // video, image or any
	Source   []string `json:"source"`
	Notes    []string `json:"notes,omitempty"` // for people

	Create []TaskRoute `json:"create"`           // how a create is recognised
	Poll   []TaskRoute `json:"poll"`             // how a poll is recognised, and sent: see [PickRoute]
	Ask    []TaskRoute `json:"ask,omitempty"`    // how it is sent, where that is another pattern
	Cancel []TaskRoute `json:"cancel,omitempty"` // none: the provider documents none
	Hosts  []string    `json:"hosts,omitempty"`  // the provider's own hosts, as globs: a key may go there and nowhere else

	ID        []string `json:"id"`                   // of the task, in the answer to a create
	PollURL   []string `json:"poll_url,omitempty"`   // where that answer names the URL to poll
	CancelURL []string `json:"cancel_url,omitempty"` // and the one that cancels

	Accept        []string             `json:"accept,omitempty"`         // an envelope's own code
	AcceptOK      []string             `json:"accept_ok,omitempty"`      // its values that mean yes; any other is a refusal
	AcceptMessage []string             `json:"accept_message,omitempty"` // why an envelope says no; when it says yes, it is no error
	Status        []string             `json:"status"`
	Words         map[string]TaskState `json:"words"`               // every status word; looked up exactly, then without case
	WordNote      map[string]string    `json:"word_note,omitempty"` // what a word means beyond its state
	Absent        TaskState            `json:"absent,omitempty"`    // when no status stands there at all; with results there it is succeeded
	HTTP          map[int]TaskState    `json:"http,omitempty"`      // where the HTTP status is the status
	FailedIf      []string             `json:"failed_if,omitempty"` // anything here makes it failed whatever the word
	Filtered      []TaskRule           `json:"filtered,omitempty"`  // shapes of moderation
	Missing       []TaskRule           `json:"missing,omitempty"`   // shapes of "no such task"

	Progress     []string `json:"progress,omitempty"`
	ProgressOf   float64  `json:"progress_of,omitempty"` // what stands for done: 1 or 100 (0 means 100)
	ErrorCode    []string `json:"error_code,omitempty"`
	ErrorMessage []string `json:"error_message,omitempty"`
	Expires      []string `json:"expires,omitempty"` // Unix seconds at which the results are gone

	Results []string `json:"results,omitempty"` // URLs of the media
	Inline  []string `json:"inline,omitempty"`  // media as base64
	Output  []string `json:"output,omitempty"`  // results of any kind, media or not
	File    []string `json:"file,omitempty"`    // ids of files, for {file} in the two routes below
	// Content gives the bytes themselves, where no URL stands in the task.
	Content []TaskRoute `json:"content,omitempty"`
	// Result is a further call whose JSON holds the media; ResultURL is where the task names its URL.
	Result        []TaskRoute `json:"result,omitempty"`
	ResultURL     []string    `json:"result_url,omitempty"`
	ResultResults []string    `json:"result_results,omitempty"`
	BodyIsMedia   bool        `json:"body_is_media,omitempty"` // the answer to a poll is the media itself once it is there
	BytesKey      bool        `json:"bytes_key,omitempty"`     // the media is sent only to who shows the key

	PollFirst time.Duration `json:"poll_first,omitempty"` // documented wait before the first poll, ns; 0: none
	PollEvery time.Duration `json:"poll_every,omitempty"` // documented least interval, ns; 0: none
	URLLife   time.Duration `json:"url_life,omitempty"`   // shortest documented life of a result's URL, ns; 0: none
}

// TaskRoute is one HTTP operation. Path is matched against the end of a request's path, so that a
// gateway's or reseller's prefix does not matter. A segment is a literal, a glob (flux-*), {name} which
// captures one segment, {name:a|b} which captures one of these, {name...} which captures one or more; a
// literal may follow the brace ({model}:predictLongRunning). A query such as ?task_id={id} may follow.
type TaskRoute struct {
	Method string `json:"method"`
	Host   string `json:"host,omitempty"` // a glob; empty: any
	Path   string `json:"path"`
	ID     string `json:"id,omitempty"`    // the task's id made of captures; empty: {id}
	IDIn   string `json:"id_in,omitempty"` // or the path of the id in the request's body
	Body   string `json:"body,omitempty"`  // JSON to send, with {id}
}

// TaskRule holds when a value at one of the paths contains one of the words (without case);
// no words: when anything but null, false, 0, "" and an empty list stands there.
type TaskRule struct {
	At   []string `json:"at"`
	Any  []string `json:"any,omitempty"`
	Even bool     `json:"even,omitempty"` // holds even when there are results
}

// Tasks lists every task dialect. The slice is the caller's own; what it points to is shared and must not be changed.
func Tasks() []*TaskDialect { return append([]*TaskDialect(nil), tasks...) }

// Task finds a dialect by its name; nil when there is none.
func Task(name string) *TaskDialect {
	for _, d := range tasks {
		if d.Name == name {
			return d
		}
	}
	return nil
}

// tasks has no order, but for GET /v1/videos/ID on an unknown host: OpenAI's is the more common.
var tasks = []*TaskDialect{
	&taskOpenAI, &taskAzureJobs, &taskNewAPI, &taskXAI,
	&taskVertex, &taskGemini,
	&taskKling, &taskRunway, &taskLuma, &taskMiniMax, &taskMiniMaxV2, &taskArk, &taskVidu, &taskDashScope,
	&taskSiliconFlow, &taskZhipu, &taskReplicate, &taskBFL, &taskStability, &taskMidjourney, &taskFal,
}
