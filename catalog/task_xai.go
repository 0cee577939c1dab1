package catalog

// taskXAI is Grok's video API. A blocked video is "done" with respect_moderation false.
var taskXAI = TaskDialect{
	Name: "xai-video", Provider: "xai", Media: "video",
	Source: []string{
		"https://docs.x.ai/docs/guides/video-generation",
		"https://github.com/vercel/ai (packages/xai: xai-video-model: paths, done, failed, expired, HTTP 202)",
	},
	Hosts:  []string{"api.x.ai", "*.api.x.ai"},
	Create: []TaskRoute{{Method: "POST", Path: "/v1/videos/{kind:generations|edits|extensions}", Host: "*api.x.ai"}, {Method: "POST", Path: "/v1/videos/generations"}},
	Poll:   []TaskRoute{{Method: "GET", Path: "/v1/videos/{id}", Host: "*api.x.ai"}, {Method: "GET", Path: "/v1/videos/{id}"}},
	ID:     []string{"request_id"},
	Status: []string{"status"},
	Words: map[string]TaskState{
		"pending": TaskRunning, "done": TaskSucceeded, "failed": TaskFailed, "expired": TaskExpired,
	},
	HTTP:         map[int]TaskState{202: TaskRunning},
	Absent:       TaskRunning,
	Progress:     []string{"progress"},
	ErrorCode:    []string{"error.code", "code"},
	ErrorMessage: []string{"error.message", "error"},
	Results:      []string{"video.url"},
	Filtered:     []TaskRule{{At: []string{"video.respect_moderation", "respect_moderation"}, Any: []string{"false"}, Even: true}},
}
