package catalog

import "time"

// taskSiliconFlow is polled by POST.
var taskSiliconFlow = TaskDialect{
	Name: "siliconflow", Provider: "siliconflow", Media: "video",
	Source: []string{
		"https://docs.siliconflow.cn/cn/api-reference/videos/get_videos_status",
		"https://docs.siliconflow.cn/docs/api/video-status-post",
	},
	Hosts:  []string{"api.siliconflow.cn", "api.siliconflow.com"},
	Create: []TaskRoute{{Method: "POST", Path: "/v1/video/submit"}},
	Poll:   []TaskRoute{{Method: "POST", Path: "/v1/video/status", IDIn: "requestId", Body: `{"requestId":"{id}"}`}},
	ID:     []string{"requestId"},
	Status: []string{"status"},
	Words: map[string]TaskState{
		"InQueue": TaskQueued, "InProgress": TaskRunning, "Succeed": TaskSucceeded, "Failed": TaskFailed,
	},
	ErrorCode:    []string{"code"},
	ErrorMessage: []string{"reason", "message"},
	Results:      []string{"results.videos[].url"},
	URLLife:      time.Hour,
}
