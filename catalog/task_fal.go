package catalog

// taskFal is fal's queue. It never says that a task failed: a blocked or invalid one is COMPLETED, and the
// error comes when the result is fetched.
var taskFal = TaskDialect{
	Name: "fal-queue", Provider: "fal", Media: "any",
	Source: []string{
		"https://fal.ai/docs/documentation/model-apis/request-errors",
		"https://fal.ai/docs/inference-api/queue/cancel",
		"https://github.com/fal-ai/fal-js (queue: paths and words)",
		"https://github.com/TanStack/ai/issues/396",
	},
	Hosts: []string{"queue.fal.run", "fal.run", "*.fal.run"},
	Create: []TaskRoute{
		{Method: "POST", Path: "/{app...}", Host: "queue.fal.run"},
		{Method: "POST", Path: "/{ns:fal-ai}/{app...}"},
	},
	Poll: []TaskRoute{
		{Method: "GET", Path: "/{app...}/requests/{id}/status", Host: "queue.fal.run"},
		{Method: "GET", Path: "/{ns:fal-ai}/{app...}/requests/{id}/status"},
	},
	Cancel: []TaskRoute{
		{Method: "PUT", Path: "/{app...}/requests/{id}/cancel", Host: "queue.fal.run"},
		{Method: "PUT", Path: "/{ns:fal-ai}/{app...}/requests/{id}/cancel"},
	},
	ID:        []string{"request_id"},
	PollURL:   []string{"status_url"},
	CancelURL: []string{"cancel_url"},
	Status:    []string{"status"},
	Words: map[string]TaskState{
		"IN_QUEUE": TaskQueued, "IN_PROGRESS": TaskRunning, "COMPLETED": TaskSucceeded,
	},
	FailedIf:     []string{"error_type"},
	ErrorCode:    []string{"error_type", "detail[0].type"},
	ErrorMessage: []string{"error", "detail[0].msg", "detail"},
	Result: []TaskRoute{
		{Method: "GET", Path: "/{app...}/requests/{id}", Host: "queue.fal.run"},
		{Method: "GET", Path: "/{ns:fal-ai}/{app...}/requests/{id}"},
	},
	ResultURL:     []string{"response_url"},
	ResultResults: []string{"video.url", "videos[].url", "images[].url", "image.url", "**.url"},
	Filtered:      []TaskRule{{At: []string{"detail[].type", "error_type"}, Any: []string{"content_policy_violation"}}},
}
