package catalog

// taskMidjourney is midjourney-proxy and the gateways that carry its API. Refusals come with HTTP 200 and a code.
var taskMidjourney = TaskDialect{
	Name: "midjourney-proxy", Provider: "midjourney", Media: "any",
	Source: []string{
		"https://apidoc.cometapi.com/api/image/midjourney/task-fetching-api/fetch-single-task",
		"https://docs.crazyrouter.com/images/midjourney/query",
		"https://gpt-best.apifox.cn/project-3868318/doc-3530863",
		"https://github.com/novicezk/midjourney-proxy",
	},
	Notes:  []string{"Code 21 means that the task exists already, 22 that it is queued: both are accepted."},
	Create: []TaskRoute{{Method: "POST", Path: "/mj/submit/{action}"}},
	Poll:   []TaskRoute{{Method: "GET", Path: "/mj/task/{id}/fetch"}},
	ID:     []string{"result", "id"},
	Accept: []string{"code"}, AcceptOK: []string{"1", "21", "22"},
	Status: []string{"status"},
	Words: map[string]TaskState{
		"NOT_START": TaskQueued, "SUBMITTED": TaskQueued, "MODAL": TaskQueued, "IN_PROGRESS": TaskRunning,
		"SUCCESS": TaskSucceeded, "FAILURE": TaskFailed, "CANCEL": TaskCancelled,
	},
	WordNote:      map[string]string{"MODAL": "waits for the caller's input: waiting alone never ends it"},
	Progress:      []string{"progress"},
	AcceptMessage: []string{"description"},
	ErrorMessage:  []string{"failReason"},
	Results:       []string{"video_url", "videoUrl", "imageUrl", "image_url"},
	Missing:       []TaskRule{{At: []string{"description", "message", "code"}, Any: []string{"task_not_exist"}}},
	Filtered:      []TaskRule{{At: []string{"properties.bannedWord"}}},
}
