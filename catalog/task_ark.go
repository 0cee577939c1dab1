package catalog

import "time"

// taskArk is Seedance at Volcengine Ark and BytePlus ModelArk.
var taskArk = TaskDialect{
	Name: "ark", Provider: "volcengine", Media: "video",
	Source: []string{
		"https://www.volcengine.com/docs/82379/1521309",
		"https://apifox.com/apidoc/docs-site/5437846/265934148e0",
		"https://docs.composio.dev/toolkits/byte_plus_ark.md",
		"https://github.com/GizClaw/flowcraft/issues/454",
	},
	Notes:  []string{"DELETE cancels a queued task and deletes the record of an ended one; a running task cannot be cancelled."},
	Hosts:  []string{"ark.*.volces.com", "ark.*.bytepluses.com"},
	Create: []TaskRoute{{Method: "POST", Path: "/api/v3/contents/generations/tasks"}},
	Poll:   []TaskRoute{{Method: "GET", Path: "/api/v3/contents/generations/tasks/{id}"}},
	Cancel: []TaskRoute{{Method: "DELETE", Path: "/api/v3/contents/generations/tasks/{id}"}},
	ID:     []string{"id"},
	Status: []string{"status"},
	Words: map[string]TaskState{
		"queued": TaskQueued, "running": TaskRunning, "succeeded": TaskSucceeded, "failed": TaskFailed,
		"cancelled": TaskCancelled, "expired": TaskExpired,
		// resellers of Seedance
		"waiting": TaskQueued, "pending": TaskQueued, "submitted": TaskQueued, "generating": TaskRunning, "processing": TaskRunning,
		"success": TaskSucceeded, "completed": TaskSucceeded, "fail": TaskFailed,
	},
	ErrorCode:    []string{"error.code"},
	ErrorMessage: []string{"error.message"},
	Results:      []string{"content.video_url"},
	Filtered:     []TaskRule{{At: []string{"error.code", "error.message"}, Any: []string{"SensitiveContentDetected"}}},
	URLLife:      24 * time.Hour,
}
