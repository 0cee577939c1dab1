package catalog

import "time"

// taskOpenAI is Sora's API and what speaks like it: CometAPI, new-api and others answer on the same path in
// two more alphabets (SUBMITTED ... SUCCESS for Seedance, NOT_START for a task that has not begun).
var taskOpenAI = TaskDialect{
	Name: "openai-video", Provider: "openai", Media: "video",
	Source: []string{
		"https://developers.openai.com/api/docs/guides/video-generation",
		"https://github.com/openai/openai-go (video.go: VideoStatus and the paths)",
		"https://apidoc.cometapi.com/guides/webhook-and-polling-for-video-generation",
		"https://apidoc.cometapi.com/api/video/seedance/query",
	},
	Notes: []string{
		"A reseller's task may be named by task_id and by id; only the id of the create works on a poll.",
		"A create with an Idempotency-Key is not documented: it must not be sent twice.",
	},
	Hosts: []string{"api.openai.com", "*.openai.azure.com", "api.cometapi.com"},
	Create: []TaskRoute{
		{Method: "POST", Path: "/v1/videos"},
		{Method: "POST", Path: "/v1/videos/{source}/remix"},
		{Method: "POST", Path: "/v1/videos/{kind:edits|extensions}"},
	},
	Poll:   []TaskRoute{{Method: "GET", Path: "/v1/videos/{id}"}},
	ID:     []string{"id", "task_id", "data.id", "data.task_id"},
	Status: []string{"status", "data.status"},
	Words: map[string]TaskState{
		"queued": TaskQueued, "in_progress": TaskRunning, "completed": TaskSucceeded, "failed": TaskFailed,
		"NOT_START": TaskQueued, "SUBMITTED": TaskQueued, "SUCCESS": TaskSucceeded, "FAILURE": TaskFailed, "ERROR": TaskFailed,
		"pending": TaskQueued, "processing": TaskRunning, "running": TaskRunning, "succeeded": TaskSucceeded, "succeed": TaskSucceeded,
		"cancelled": TaskCancelled, "canceled": TaskCancelled,
		"unknown": TaskQueued,
	},
	WordNote: map[string]string{
		"unknown":   "a gateway behind this one has not started the task yet",
		"NOT_START": "the task has not been handed to the provider yet",
		"ERROR":     "an internal fault of the reseller, not a rejection by the provider",
	},
	Progress:     []string{"progress", "data.progress"},
	ErrorCode:    []string{"error.code", "data.error.code", "code"},
	ErrorMessage: []string{"error.message", "data.error.message", "fail_reason", "data.fail_reason", "error", "message"},
	Expires:      []string{"expires_at"},
	Results:      []string{"video_url", "result_url", "output[]", "url", "data.video_url", "data.url", "metadata.url"},
	Content:      []TaskRoute{{Method: "GET", Path: "/v1/videos/{id}/content"}},
	BytesKey:     true,
	Missing:      []TaskRule{{At: []string{"code", "message", "error.code", "error.message"}, Any: []string{"task_not_exist", "task not exist"}}},
	Filtered: []TaskRule{{At: []string{"error.code", "data.error.code", "error.message", "fail_reason", "data.fail_reason"},
		Any: []string{"moderation_blocked", "content_policy_violation", "SensitiveContentDetected"}}},
	PollEvery: 10 * time.Second,
}

// taskAzureJobs is the first Sora on Azure, whose videos are files of their own.
var taskAzureJobs = TaskDialect{
	Name: "azure-video-jobs", Provider: "azure", Media: "video",
	Source: []string{
		"https://learn.microsoft.com/en-us/azure/ai-services/openai/video-generation-quickstart",
		"https://www.rubydoc.info/gems/ruby_llm/RubyLLM/Providers/Azure/Videos",
		"https://github.com/promptfoo/promptfoo/pull/6890",
	},
	Hosts:  []string{"*.openai.azure.com", "*.cognitiveservices.azure.com", "*.services.ai.azure.com"},
	Create: []TaskRoute{{Method: "POST", Path: "/openai/v1/video/generations/jobs"}},
	Poll:   []TaskRoute{{Method: "GET", Path: "/openai/v1/video/generations/jobs/{id}"}},
	ID:     []string{"id"},
	Status: []string{"status"},
	Words: map[string]TaskState{
		"preprocessing": TaskQueued, "queued": TaskQueued, "running": TaskRunning, "processing": TaskRunning,
		"succeeded": TaskSucceeded, "failed": TaskFailed, "cancelled": TaskCancelled,
	},
	ErrorCode:    []string{"error.code", "failure_reason"},
	ErrorMessage: []string{"error.message", "failure_reason"},
	Expires:      []string{"expires_at"},
	File:         []string{"generations[].id"},
	Content:      []TaskRoute{{Method: "GET", Path: "/openai/v1/video/generations/{file}/content/video"}},
	BytesKey:     true,
	Filtered: []TaskRule{{At: []string{"failure_reason", "error.code"},
		Any: []string{"moderation", "content_policy_violation", "content_filter"}}},
}

// taskNewAPI is the older video path of new-api and the gateways built from it.
var taskNewAPI = TaskDialect{
	Name: "newapi-video", Provider: "new-api", Media: "video",
	Source: []string{
		"https://docs.newapi.pro/en/docs/api/ai-model/videos/get-video-generation",
		"https://docs.newapi.pro/api/query-video",
		"https://docs.newapi.pro/en/docs/guide/feature-guide/user/task",
	},
	Create: []TaskRoute{{Method: "POST", Path: "/v1/video/generations"}},
	Poll:   []TaskRoute{{Method: "GET", Path: "/v1/video/generations/{id}"}},
	ID:     []string{"task_id", "data.task_id", "id"},
	Accept: []string{"code"}, AcceptOK: []string{"success", "0", "200"},
	Status: []string{"data.status", "status"},
	Words: map[string]TaskState{
		"NOT_START": TaskQueued, "SUBMITTED": TaskQueued, "QUEUED": TaskQueued, "PENDING": TaskQueued, "UNKNOWN": TaskQueued,
		"IN_PROGRESS": TaskRunning, "processing": TaskRunning, "running": TaskRunning,
		"SUCCESS": TaskSucceeded, "completed": TaskSucceeded, "succeeded": TaskSucceeded, "succeed": TaskSucceeded,
		"FAILURE": TaskFailed, "failed": TaskFailed,
	},
	WordNote:      map[string]string{"UNKNOWN": "the gateway has not started the task yet", "NOT_START": "the gateway has not started the task yet"},
	Progress:      []string{"data.progress", "progress"},
	ErrorCode:     []string{"data.error.code", "error.code"},
	ErrorMessage:  []string{"data.fail_reason", "data.error.message", "error.message", "fail_reason"},
	AcceptMessage: []string{"message"},
	Results:       []string{"data.url", "url", "data.result_url", "data.data.url", "data.data.video_url"},
	Missing:       []TaskRule{{At: []string{"code", "message"}, Any: []string{"task_not_exist"}}},
	Filtered: []TaskRule{{At: []string{"data.fail_reason", "data.error.message", "error.message"},
		Any: []string{"SensitiveContentDetected", "moderation_blocked", "content_policy_violation"}}},
}
