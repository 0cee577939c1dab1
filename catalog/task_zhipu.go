package catalog

// taskZhipu is CogVideoX.
var taskZhipu = TaskDialect{
	Name: "zhipu-video", Provider: "zhipu", Media: "video",
	Source: []string{"https://github.com/MetaGLM/zhipuai-sdk-python-v4 (api_resource/videos: paths; types/video: fields)"},
	Hosts:  []string{"open.bigmodel.cn", "api.z.ai"},
	Create: []TaskRoute{{Method: "POST", Path: "/paas/v4/videos/generations"}},
	Poll:   []TaskRoute{{Method: "GET", Path: "/paas/v4/async-result/{id}"}},
	ID:     []string{"id"},
	Status: []string{"task_status"},
	Words: map[string]TaskState{
		"PROCESSING": TaskRunning, "SUCCESS": TaskSucceeded, "FAIL": TaskFailed,
	},
	ErrorCode:    []string{"error.code"},
	ErrorMessage: []string{"error.message"},
	Results:      []string{"video_result[].url"},
}
