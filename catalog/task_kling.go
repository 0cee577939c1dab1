package catalog

import "time"

// taskKling says "succeed" for done, and "SUCCEED" in its message for every query that was understood.
var taskKling = TaskDialect{
	Name: "kling", Provider: "kling", Media: "any",
	Source: []string{
		"https://apidoc.cometapi.com/api/video/kling/individual-queries",
		"https://tryagi.github.io/KlingAI/guides/async-tasks",
		"https://docs.crazyrouter.com/video/kling/query",
		"https://docs.newapi.pro/en/docs/api/ai-model/videos/kling/get-kling-text2-video",
	},
	Notes: []string{"A task holds its place among the parallel tasks of the account until it ends."},
	Hosts: []string{"api.klingai.com", "api-*.klingai.com"},
	Create: []TaskRoute{
		{Method: "POST", Path: "/v1/videos/{action:text2video|image2video|multi-image2video|omni-video|video-extend|lip-sync|effects}"},
		{Method: "POST", Path: "/kling/v1/{action:images}/{kind:generations|kolors-virtual-try-on|omni-image}"},
		{Method: "POST", Path: "/v1/{action:images}/{kind:generations|kolors-virtual-try-on|omni-image}", Host: "api*.klingai.com"},
	},
	Poll: []TaskRoute{
		{Method: "GET", Path: "/v1/videos/{action:text2video|image2video|multi-image2video|omni-video|video-extend|lip-sync|effects}/{id}"},
		{Method: "GET", Path: "/kling/v1/{action:images}/{kind:generations|kolors-virtual-try-on|omni-image}/{id}"},
		{Method: "GET", Path: "/v1/{action:images}/{kind:generations|kolors-virtual-try-on|omni-image}/{id}", Host: "api*.klingai.com"},
	},
	ID:     []string{"data.task_id", "task_id"},
	Accept: []string{"code"}, AcceptOK: []string{"0", "success", "200"},
	AcceptMessage: []string{"message"},
	Status:        []string{"data.task_status", "data.status", "status", "task_status"},
	Words: map[string]TaskState{
		"submitted": TaskQueued, "processing": TaskRunning, "succeed": TaskSucceeded, "failed": TaskFailed,
		"queued": TaskQueued, "in_progress": TaskRunning, "succeeded": TaskSucceeded, "completed": TaskSucceeded, // resellers
		"initializing": TaskQueued,
	},
	ErrorCode:    []string{"data.error.code", "error.code"},
	ErrorMessage: []string{"data.task_status_msg", "task_status_msg", "data.error.message", "error.message"},
	Results:      []string{"data.task_result.videos[].url", "data.task_result.images[].url", "task_result.videos[].url", "task_result.images[].url", "data.url", "url"},
	Missing:      []TaskRule{{At: []string{"code", "message"}, Any: []string{"task_not_exist"}}},
	Filtered: []TaskRule{
		{At: []string{"code"}, Any: []string{"1301"}},
		{At: []string{"data.error.message"}, Any: []string{"content moderation"}},
	},
	URLLife: 30 * 24 * time.Hour,
}
