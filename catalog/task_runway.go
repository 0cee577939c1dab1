package catalog

import "time"

// taskRunway may answer task_not_exist to the first polls through a reseller.
var taskRunway = TaskDialect{
	Name: "runway", Provider: "runway", Media: "any",
	Source: []string{
		"https://github.com/runwayml/sdk-node (resources: paths; tasks: the six words)",
		"https://docs.dev.runwayml.com/errors/task-failures/",
		"https://docs.dev.runwayml.com/assets/outputs",
		"https://apidoc.cometapi.com/api/video/runway/official-format/runway-to-get-task-details",
	},
	Notes: []string{"Polls want the X-Runway-Version header of the create."},
	Hosts: []string{"api.dev.runwayml.com", "api.runwayml.com"},
	Create: []TaskRoute{{Method: "POST",
		Path: "/v1/{action:image_to_video|text_to_video|video_to_video|text_to_image|image_upscale|video_upscale|character_performance}"}},
	Poll:   []TaskRoute{{Method: "GET", Path: "/v1/tasks/{id}"}},
	Cancel: []TaskRoute{{Method: "DELETE", Path: "/v1/tasks/{id}"}},
	ID:     []string{"id", "task_id"},
	Status: []string{"status"},
	Words: map[string]TaskState{
		"PENDING": TaskQueued, "THROTTLED": TaskQueued, "RUNNING": TaskRunning,
		"SUCCEEDED": TaskSucceeded, "FAILED": TaskFailed, "CANCELLED": TaskCancelled,
	},
	WordNote:     map[string]string{"THROTTLED": "waits for the account's own other tasks; this is normal"},
	Progress:     []string{"progress"},
	ProgressOf:   1,
	ErrorCode:    []string{"failureCode", "code"},
	ErrorMessage: []string{"failure", "error", "message"},
	Results:      []string{"output[]"},
	Missing:      []TaskRule{{At: []string{"code", "message", "error"}, Any: []string{"task_not_exist"}}},
	Filtered:     []TaskRule{{At: []string{"failureCode"}, Any: []string{"SAFETY"}}},
	PollFirst:    5 * time.Second,
	PollEvery:    5 * time.Second,
	URLLife:      24 * time.Hour,
}
