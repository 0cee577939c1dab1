package catalog

import "time"

// taskMiniMax gives a file id, which a third call turns into a URL. Its errors come with HTTP 200.
var taskMiniMax = TaskDialect{
	Name: "minimax", Provider: "minimax", Media: "video",
	Source: []string{
		"https://platform.minimax.io/docs/api-reference/video-generation-query",
		"https://platform.minimax.io/docs/api-reference/errorcode",
	},
	Hosts:  []string{"api.minimax.io", "api.minimaxi.com", "api.minimax.chat", "*.minimax.io", "*.minimaxi.com"},
	Create: []TaskRoute{{Method: "POST", Path: "/v1/video_generation"}},
	Poll:   []TaskRoute{{Method: "GET", Path: "/v1/query/video_generation?task_id={id}"}},
	ID:     []string{"task_id"},
	Accept: []string{"base_resp.status_code"}, AcceptOK: []string{"0"},
	Status: []string{"status"},
	Words: map[string]TaskState{
		"Preparing": TaskQueued, "Queueing": TaskQueued, "Processing": TaskRunning, "Success": TaskSucceeded, "Fail": TaskFailed,
	},
	AcceptMessage: []string{"base_resp.status_msg"},
	ErrorMessage:  []string{"error_message"},
	File:          []string{"file_id"},
	Result:        []TaskRoute{{Method: "GET", Path: "/v1/files/retrieve?file_id={file}"}},
	ResultResults: []string{"file.download_url"},
	Filtered:      []TaskRule{{At: []string{"base_resp.status_code"}, Any: []string{"1026", "1027"}}},
	PollEvery:     10 * time.Second,
	URLLife:       9 * time.Hour,
}

// taskMiniMaxV2 is the API of the H3 models.
var taskMiniMaxV2 = TaskDialect{
	Name: "minimax-v2", Provider: "minimax", Media: "video",
	Source: []string{
		"https://platform.minimax.io/docs/api-reference/video-generation-v2-delete",
		"https://platform.minimax.io/docs/api-reference/video-generation-v2-query",
	},
	Hosts:  taskMiniMax.Hosts,
	Create: []TaskRoute{{Method: "POST", Path: "/v2/video_generation"}},
	Poll:   []TaskRoute{{Method: "GET", Path: "/v2/video_generation/{id}"}},
	Cancel: []TaskRoute{{Method: "DELETE", Path: "/v2/video_generation/{id}"}},
	ID:     []string{"task.id", "task_id", "id"},
	Accept: []string{"base_resp.status_code"}, AcceptOK: []string{"0"},
	Status: []string{"task.status", "status"},
	Words: map[string]TaskState{
		"queued": TaskQueued, "running": TaskRunning, "succeeded": TaskSucceeded, "failed": TaskFailed, "cancelled": TaskCancelled,
	},
	AcceptMessage: []string{"base_resp.status_msg"},
	ErrorCode:     []string{"task.error.code", "error.code"},
	ErrorMessage:  []string{"task.error.message", "error.message"},
	Results:       []string{"task.content.url", "task.content[].url", "content.url"},
	Filtered:      []TaskRule{{At: []string{"base_resp.status_code", "task.error.code", "error.code"}, Any: []string{"1026", "1027"}}},
	URLLife:       9 * time.Hour,
}
