package catalog

import "time"

// taskReplicate gives its error as a plain string, and forgets outputs after an hour.
var taskReplicate = TaskDialect{
	Name: "replicate", Provider: "replicate", Media: "any",
	Source: []string{
		"https://replicate.com/docs/topics/predictions/lifecycle",
		"https://github.com/replicate/replicate-python (prediction.py: paths and words)",
	},
	Notes: []string{"A text model's prediction has the same shape: only outputs that are URLs are media."},
	Hosts: []string{"api.replicate.com", "*.replicate.delivery"},
	Create: []TaskRoute{
		{Method: "POST", Path: "/v1/predictions"},
		{Method: "POST", Path: "/v1/{kind:models|deployments}/{owner}/{name}/predictions"},
	},
	Poll:      []TaskRoute{{Method: "GET", Path: "/v1/predictions/{id}"}},
	Cancel:    []TaskRoute{{Method: "POST", Path: "/v1/predictions/{id}/cancel"}},
	ID:        []string{"id"},
	PollURL:   []string{"urls.get"},
	CancelURL: []string{"urls.cancel"},
	Status:    []string{"status"},
	Words: map[string]TaskState{
		"starting": TaskQueued, "processing": TaskRunning, "succeeded": TaskSucceeded, "failed": TaskFailed,
		"canceled": TaskCancelled, "aborted": TaskExpired,
	},
	WordNote:     map[string]string{"aborted": "the deadline passed before the task began; nothing is charged"},
	ErrorMessage: []string{"error", "detail"},
	Results:      []string{"output[]", "output", "output.**.url"},
	Output:       []string{"output"},
	Filtered:     []TaskRule{{At: []string{"error"}, Any: []string{"E005", "sensitive"}}},
	URLLife:      time.Hour,
}
