package catalog

// taskBFL is Black Forest Labs: the create names the URL to poll, which may be another host of theirs.
var taskBFL = TaskDialect{
	Name: "bfl", Provider: "bfl", Media: "image",
	Source: []string{
		"https://docs.bfl.ai/api_integration/errors",
		"https://help.bfl.ai/articles/2916279050-why-did-my-request-fail",
		"https://github.com/vercel/ai (packages/black-forest-labs: polling_url, result.sample)",
	},
	Hosts:   []string{"api.bfl.ai", "api.*.bfl.ai", "api.bfl.ml"},
	Create:  []TaskRoute{{Method: "POST", Path: "/v1/{model:flux-*}"}, {Method: "POST", Path: "/v1/{model}", Host: "api*.bfl.*"}},
	Poll:    []TaskRoute{{Method: "GET", Path: "/v1/get_result?id={id}"}},
	ID:      []string{"id"},
	PollURL: []string{"polling_url"},
	Status:  []string{"status", "state"},
	Words: map[string]TaskState{
		"Pending": TaskRunning, "Ready": TaskSucceeded, "Error": TaskFailed, "Failed": TaskFailed,
		"Request Moderated": TaskFiltered, "Content Moderated": TaskFiltered, "Task not found": TaskMissing,
	},
	WordNote: map[string]string{
		"Request Moderated": "the input was blocked; nothing is charged",
		"Content Moderated": "the output was blocked; nothing is charged",
	},
	ErrorMessage: []string{"details", "detail"},
	Results:      []string{"result.sample", "result.samples[]"},
}
