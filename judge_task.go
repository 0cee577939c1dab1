package telltale

import (
	"strings"
	"time"

	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/fault"
)

// stuckQueued and stuckRunning are ages at which a task is no longer normal.
const (
	stuckQueued  = 10 * time.Minute
	stuckRunning = time.Hour
)

// plainWords are status words that mean the same wherever no dialect is known.
var plainWords = map[string]catalog.TaskState{
	"queued": catalog.TaskQueued, "pending": catalog.TaskQueued, "submitted": catalog.TaskQueued, "waiting": catalog.TaskQueued, "created": catalog.TaskQueued, "queueing": catalog.TaskQueued, "in_queue": catalog.TaskQueued, "inqueue": catalog.TaskQueued, "not_start": catalog.TaskQueued, "notrunning": catalog.TaskQueued, "not_started": catalog.TaskQueued, "wait": catalog.TaskQueued, "starting": catalog.TaskQueued, "preparing": catalog.TaskQueued, "initializing": catalog.TaskQueued, "throttled": catalog.TaskQueued, "accepted": catalog.TaskQueued, "scheduled": catalog.TaskQueued, "validating": catalog.TaskQueued, "modal": catalog.TaskQueued, "awaiting": catalog.TaskQueued, "pre_queue": catalog.TaskQueued,
	"running": catalog.TaskRunning, "processing": catalog.TaskRunning, "in_progress": catalog.TaskRunning, "inprogress": catalog.TaskRunning, "in-progress": catalog.TaskRunning, "generating": catalog.TaskRunning, "dreaming": catalog.TaskRunning, "started": catalog.TaskRunning, "progress": catalog.TaskRunning, "rendering": catalog.TaskRunning, "preprocessing": catalog.TaskRunning, "finalizing": catalog.TaskRunning, "cancelling": catalog.TaskRunning,
	"succeeded": catalog.TaskSucceeded, "succeed": catalog.TaskSucceeded, "success": catalog.TaskSucceeded, "completed": catalog.TaskSucceeded, "complete": catalog.TaskSucceeded, "finished": catalog.TaskSucceeded, "done": catalog.TaskSucceeded, "ready": catalog.TaskSucceeded, "ended": catalog.TaskSucceeded,
	"failed": catalog.TaskFailed, "fail": catalog.TaskFailed, "failure": catalog.TaskFailed, "error": catalog.TaskFailed, "errored": catalog.TaskFailed, "rejected": catalog.TaskFailed,
	"cancelled": catalog.TaskCancelled, "canceled": catalog.TaskCancelled, "aborted": catalog.TaskCancelled, "expired": catalog.TaskExpired,
	"request moderated": catalog.TaskFiltered, "content moderated": catalog.TaskFiltered, "moderated": catalog.TaskFiltered, "task not found": catalog.TaskMissing,
}

// taskWord says what a status word means, whoever wrote it.
func taskWord(w string) (catalog.TaskState, bool) {
	var buf [32]byte
	if s, ok := plainWords[string(lowerInto(buf[:0], w[:min(len(w), 32)]))]; ok {
		return s, true
	}
	for _, lead := range []string{"STATUS_", "STATE_"} { // JOB_STATE_SUCCEEDED
		if k := strings.LastIndex(w, lead); k >= 0 && len(w)-k < 30 {
			s, ok := plainWords[strings.ToLower(w[k+len(lead):])]
			return s, ok
		}
	}
	return "", false
}

// taskLike reports whether an answer may be that of a task.
func (f *Facts) taskLike() bool {
	switch f.Surface {
	case VideoCreate, VideoPoll, Images, Responses, "":
		return true
	}
	return false
}

// judgeTask judges the answer of an asynchronous task.
func (e *engine) judgeTask(f *Facts, p *catalog.Provider) (Diagnosis, bool) {
	if f.Stream || !f.taskLike() && (f.output() > 0 || !e.nestedStatus(f) || len(f.Choices) > 0) || f.X.Response == nil || len(f.Choices) > 0 && f.Surface != Responses {
		return Diagnosis{}, false
	}
	if f.Surface == Responses || f.Object == "response" || f.Surface == "" && f.HasUsage && f.resultsAt.n != nil && f.resultsAt.n.name == "output" {
		return e.judgeBackground(f)
	}
	media := f.Surface == VideoCreate || f.Surface == VideoPoll || f.Surface == "" && isOperation(f.X.Response.Body)
	if !media && f.status == "" && !e.nestedStatus(f) && !((f.Surface == Images || f.Surface == "") && f.results == unseen && topKeys(f.X.Response.Body).has("polling_url")) {
		return Diagnosis{}, false
	}
	v := e.readTask(f, p)
	if v.Refused {
		return e.failure(f.X, fault.Soft, f.Status, f.X.Response.Body, "body", p), true
	}
	if v.State == "" && f.Media == 0 && topKeys(f.X.Response.Body).has("polling_url") {
		v.State, v.Known, v.Where, v.Status = catalog.TaskQueued, true, "body.polling_url", ""
	}
	if v.State == "" && f.Status == 202 && (media || f.Surface == Images) && f.Media == 0 {
		v.State, v.Known, v.Where, v.Status = catalog.TaskQueued, true, "status", "202"
	}
	if v.State == "" || !v.Known && !media {
		return Diagnosis{}, false
	}
	return e.taskVerdict(f, p, &v)
}

// nestedStatus looks for a status one step down, where the flat facts do not reach.
func (e *engine) nestedStatus(f *Facts) bool {
	b := view(f.X.Response.Body[:min(len(f.X.Response.Body), 16<<10)])
	return strings.Contains(b, "task_status") || strings.Contains(b, "processing_status") || f.taskLike() && e.nestedWord(b)
}

func (e *engine) nestedWord(b string) bool {
	return strings.Contains(b, `"operations"`) && strings.Contains(b, `"status"`) || strings.Contains(b, "raiMediaFiltered") || strings.Contains(b, "generateVideoResponse") || strings.Contains(b, `"state"`) || strings.Contains(b, `"data"`) && strings.Contains(b, `"status"`) || strings.Contains(b, `"done"`) && strings.Contains(b, `"name"`)
}

// readTask reads the answer with the dialect of its route or provider, else with common words and places.
func (e *engine) readTask(f *Facts, p *catalog.Provider) catalog.TaskView {
	body := f.X.Response.Body
	q := &f.X.Request
	if q.URL != "" {
		host, target := hostOf(q.URL), q.URL
		if _, rest, ok := strings.Cut(target, "://"); ok {
			target = rest
			if k := strings.IndexByte(target, '/'); k >= 0 {
				target = target[k:]
			}
		}
		method := q.Method
		if method == "" {
			method = "GET"
			if f.Surface == VideoCreate || f.Surface == Images {
				method = "POST"
			}
		}
		if m, ok := catalog.MatchPoll(method, host, target, q.Body); ok {
			if v := m.Dialect.Read(f.Status, body); v.Known || v.Refused {
				return v
			}
		} else if m, ok := catalog.MatchCreate(method, host, target); ok {
			if v := m.Dialect.Read(f.Status, body); v.Known || v.Refused {
				return v
			}
		}
	}
	if p != nil {
		for _, d := range catalog.Tasks() {
			if d.Provider == p.ID {
				if v := d.Read(f.Status, body); v.Known || v.Refused {
					return v
				}
			}
		}
	}
	if b := view(body); strings.Contains(b, `"output"`) && strings.Contains(b, `"task_status"`) {
		if v := catalog.Task("dashscope"); v != nil {
			if v := v.Read(f.Status, body); v.Known {
				return v
			}
		}
	}
	if isOperation(body) {
		if d := catalog.Task("gemini-video"); d != nil {
			if v := d.Read(f.Status, body); v.Known {
				return v
			}
		}
	}
	v := plainTask.Read(f.Status, body)
	if !v.Known && v.Status != "" {
		if s, ok := taskWord(v.Status); ok {
			v.State, v.Known = s, true
		}
	}
	return v
}

// plainTask reads tasks of providers without a dialect of their own.
var plainTask = catalog.TaskDialect{
	Name:     "plain",
	Status:   []string{"status", "state", "task_status", "processing_status", "data.task_status", "data.status", "data.state", "output.task_status", "output.status", "task.status", "result.status", "videos[].status", "properties.status", "videos[0].status", "operations[0].status"},
	Words:    plainWords,
	FailedIf: []string{},
	Filtered: []catalog.TaskRule{
		{At: []string{"**.raiMediaFilteredReasons", "**.raiMediaFilteredCount"}},
	},
	ErrorCode:    []string{"error.code", "data.error.code", "error_code", "err_code", "failureCode", "failure_code", "output.code", "code", "task.error.code"},
	ErrorMessage: []string{"error.message", "data.error.message", "error", "fail_reason", "failReason", "data.fail_reason", "data.task_status_msg", "failure_reason", "failure", "output.message", "reason", "error_message", "message", "detail", "task.error.message", "videos[0].error"},
	Results:      []string{"video_url", "url", "output[]", "output", "data.task_result.videos[].url", "result.url", "video.url", "**.url", "**.video_url"},
}

// judgeBackground judges the status of an OpenAI response.
func (e *engine) judgeBackground(f *Facts) (Diagnosis, bool) {
	var out Diagnosis
	switch f.status {
	case "queued", "in_progress":
		out = e.conclude(fault.OK, fault.Pending)
	case "cancelled", "canceled":
		out = e.conclude(fault.Soft, fault.Cancelled)
	case "failed":
		out = e.conclude(fault.Soft, fault.ServerError)
		out.Likely = true
	default:
		return Diagnosis{}, false
	}
	out.Signature = "response-" + f.status
	out.Signature = strings.Clone(out.Signature)
	out.Evidence = []Evidence{evidence(f.statusAt.String(), f.status)}
	return out, true
}

func (e *engine) taskVerdict(f *Facts, p *catalog.Provider, v *catalog.TaskView) (Diagnosis, bool) {
	where := v.Where
	if where == "" {
		where = "body"
	}
	var out Diagnosis
	switch v.State {
	case catalog.TaskQueued, catalog.TaskRunning:
		age := f.X.TaskAge
		if age > stuckRunning || v.State == catalog.TaskQueued && age > stuckQueued {
			out = e.conclude(fault.Soft, fault.TaskStuck)
			out.Summary = "The task has been " + string(v.State) + " for " + age.Round(time.Second).String() + ", far longer than is normal."
			break
		}
		out = e.conclude(fault.OK, fault.Pending)
		if !v.Known {
			out.Likely = true
			out.Summary = "The task likely still runs: its status word \"" + clip(v.Status, 60) + "\" is not known."
		} else if v.Note != "" {
			out.Summary = "The task still runs: " + v.Note
		}
	case catalog.TaskSucceeded:
		if f.results == isEmpty && f.Surface != Responses && f.Media == 0 && len(v.URLs)+len(v.Inline) == 0 && f.resultsAt.n != nil && (f.resultsAt.n.name == "output" || f.Surface == Images) {
			out = e.conclude(fault.Soft, fault.ContentFilter)
			out.Likely, out.Summary = true, "Likely the output was filtered: the task is done and its list of results is empty."
			where = f.resultsAt.String()
			break
		}
		out = e.conclude(fault.OK, fault.None)
	case catalog.TaskCancelled, catalog.TaskExpired:
		out = e.conclude(fault.Soft, fault.Cancelled)
		if v.State == catalog.TaskExpired {
			out.Summary = "The provider's own deadline ended the task before it was done."
		}
	case catalog.TaskMissing:
		out = e.conclude(fault.Soft, fault.TaskNotFound)
		out.Retryable = f.X.TaskAge > 0 && f.X.TaskAge < 2*time.Minute
	case catalog.TaskFiltered, catalog.TaskFailed:
		return e.taskFailed(f, p, v), true
	default:
		return Diagnosis{}, false
	}
	out.Signature = "task-" + string(v.State)
	out.Evidence = []Evidence{evidence(where, v.Status)}
	out.ProviderCode = clip(v.ErrorCode, 200)
	if out.Class != fault.OK {
		out.ProviderMessage = clip(v.ErrorMessage, 1000)
	}
	return out, true
}

// taskFailed judges a task that failed: moderation, or anything else.
func (e *engine) taskFailed(f *Facts, p *catalog.Provider, v *catalog.TaskView) Diagnosis {
	body := f.X.Response.Body
	if v.ErrorCode != "" || v.ErrorMessage != "" { // the rest of the object is the caller's own
		body = appendField(append([]byte(nil), `{"code":`...), "", v.ErrorCode)
		body = append(appendField(body, `,"message":`, v.ErrorMessage), '}')
	}
	out := e.failure(f.X, fault.Soft, f.Status, body, "body", p)
	said := out.Cause != fault.ServerError || out.Signature != "error-in-success"
	switch {
	case v.State == catalog.TaskFiltered || out.Cause == fault.ContentFilter:
		retry := out.Retryable && out.Cause == fault.ContentFilter
		e.recast(&out, fault.ContentFilter)
		out.Retryable = retry
	case strings.Contains(strings.ToLower(v.ErrorCode), "cancel"):
		e.recast(&out, fault.Cancelled)
	default:
		retry := said && (out.Cause == fault.ServerError || out.Cause == fault.Overloaded || out.Cause == fault.Timeout || out.Cause == fault.TaskFailed) && out.Retryable
		param := out.Param
		e.recast(&out, fault.TaskFailed)
		out.Retryable, out.Param = retry, param
		if retry {
			out.Action = fault.ActResubmit
		}
		out.Likely = false
		switch {
		case v.ErrorMessage != "" || v.ErrorCode != "":
			out.Summary = "The task failed; the provider says: " + clip(strings.TrimSpace(v.ErrorCode+" "+v.ErrorMessage), 200)
		default:
			out.Summary = "The task failed without any detail: likely the prompt or the output was filtered, or the model failed."
			out.Likely = true
			out.Remedies = []string{"Rephrase the prompt in more neutral words and submit it again.", "Try another model."}
		}
	}
	out.Signature = "task-" + string(v.State)
	if v.ErrorCode != "" {
		out.ProviderCode = clip(v.ErrorCode, 200)
	}
	if v.ErrorMessage != "" {
		out.ProviderMessage = clip(v.ErrorMessage, 1000)
	}
	out.Evidence = append([]Evidence{evidence(v.Where, v.Status)}, out.Evidence...)
	return out
}

// isOperation reports whether a body is a long-running operation of Google's: a name, and nothing until it is done.
func isOperation(body []byte) bool {
	if len(body) > 1<<20 {
		return false
	}
	k := topKeys(body)
	for i := 0; i < k.n; i++ {
		if k.keys[i] == "name" && (strings.Contains(k.vals[i], "/operations/") || strings.HasPrefix(k.vals[i], "operations/")) {
			return true
		}
	}
	return k.has("done") && (k.has("response") || k.has("error")) && !k.has("model")
}
