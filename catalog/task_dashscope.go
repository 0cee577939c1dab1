package catalog

import "time"

// taskDashScope is Wan and Qwen Image at Alibaba. UNKNOWN means that it knows no such task.
var taskDashScope = TaskDialect{
	Name: "dashscope", Provider: "dashscope", Media: "any",
	Source: []string{
		"https://docs.qwencloud.com/api-reference/video-generation/wan-reference-to-video/query-result",
		"https://github.com/dashscope/dashscope-sdk-python (common/constants: the words; aigc: the paths; client/base_api: cancel)",
		"https://pkg.go.dev/github.com/eswulei/dashscope-go/wanx",
	},
	Notes: []string{
		"X-DashScope-Async: enable makes the create a task; the synchronous Qwen Image route refuses it.",
		"Only a task that is PENDING can be cancelled. A failed task is not billed.",
	},
	Hosts:  []string{"dashscope.aliyuncs.com", "dashscope-*.aliyuncs.com", "*.maas.aliyuncs.com"},
	Create: []TaskRoute{{Method: "POST", Path: "/api/v1/services/aigc/{task:video-generation|image2video|text2image|image2image|image-generation}/{function:video-synthesis|image-synthesis|generation}"}},
	Poll:   []TaskRoute{{Method: "GET", Path: "/api/v1/tasks/{id}"}},
	Cancel: []TaskRoute{{Method: "POST", Path: "/api/v1/tasks/{id}/cancel"}},
	ID:     []string{"output.task_id"},
	Status: []string{"output.task_status"},
	Words: map[string]TaskState{
		"PENDING": TaskQueued, "SUSPENDED": TaskQueued, "RUNNING": TaskRunning,
		"SUCCEEDED": TaskSucceeded, "FAILED": TaskFailed, "CANCELED": TaskCancelled, "UNKNOWN": TaskMissing,
	},
	WordNote:     map[string]string{"UNKNOWN": "no such task, or older than 24 hours"},
	ErrorCode:    []string{"output.code", "code"},
	ErrorMessage: []string{"output.message", "message"},
	Results:      []string{"output.video_url", "output.results[].url", "output.choices[].message.content[].image"},
	Filtered:     []TaskRule{{At: []string{"output.code", "code"}, Any: []string{"DataInspectionFailed"}}},
	PollFirst:    15 * time.Second,
	PollEvery:    15 * time.Second,
	URLLife:      24 * time.Hour,
}
