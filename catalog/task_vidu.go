package catalog

import "time"

// taskVidu reports a cancellation as failed with err_code UserCancelled.
var taskVidu = TaskDialect{
	Name: "vidu", Provider: "vidu", Media: "any",
	Source: []string{
		"https://platform.vidu.com/docs/error-code",
		"https://platform.vidu.com/docs/get-generation",
		"https://docs.comfy.org/api-reference/api-nodes/get-proxyvidutasks-creations",
		"https://github.com/ZeoXel/SUNSTUDIO (docs/vidu.md: a copy of the vendor's pages)",
	},
	Hosts:  []string{"api.vidu.com", "api.vidu.cn"},
	Create: []TaskRoute{{Method: "POST", Path: "/ent/v2/{action:text2video|img2video|reference2video|start-end2video|multiframe|reference2image}"}},
	Poll:   []TaskRoute{{Method: "GET", Path: "/ent/v2/tasks/{id}/creations"}},
	ID:     []string{"task_id", "id"},
	Status: []string{"state"},
	Words: map[string]TaskState{
		"created": TaskQueued, "queueing": TaskQueued, "processing": TaskRunning, "success": TaskSucceeded, "failed": TaskFailed,
	},
	ErrorCode:    []string{"err_code", "reason"},
	ErrorMessage: []string{"message", "err_code"},
	Results:      []string{"creations[].url"},
	Missing:      []TaskRule{{At: []string{"reason", "err_code"}, Any: []string{"TaskNotFound"}}},
	Filtered: []TaskRule{{At: []string{"err_code", "reason"},
		Any: []string{"AuditSubmitIllegal", "TaskPromptPolicyViolation", "CreationPolicyViolation"}}},
	URLLife: 24 * time.Hour,
}
