package catalog

// taskStability is the asynchronous part of Stability's API: HTTP 202 while it works, then the bytes themselves.
var taskStability = TaskDialect{
	Name: "stability", Provider: "stability", Media: "any",
	Source: []string{
		"https://platform.stability.ai/docs/api-reference",
		"the npm package stability-ai (v2beta: paths, 202 with status in-progress)",
	},
	Hosts: []string{"api.stability.ai"},
	Create: []TaskRoute{
		{Method: "POST", Path: "/v2beta/{kind:image-to-video}"},
		{Method: "POST", Path: "/v2beta/stable-image/upscale/{kind:creative}"},
	},
	Poll: []TaskRoute{
		{Method: "GET", Path: "/v2beta/{kind:image-to-video}/result/{id}"},
		{Method: "GET", Path: "/v2beta/stable-image/upscale/{kind:creative}/result/{id}"},
		{Method: "GET", Path: "/v2beta/{kind:results}/{id}"},
	},
	ID:           []string{"id"},
	Status:       []string{"status"},
	Words:        map[string]TaskState{"in-progress": TaskRunning},
	HTTP:         map[int]TaskState{200: TaskSucceeded, 202: TaskRunning, 404: TaskMissing},
	ErrorCode:    []string{"name"},
	ErrorMessage: []string{"errors[]"},
	Inline:       []string{"video", "image"},
	BodyIsMedia:  true,
	BytesKey:     true,
	Filtered:     []TaskRule{{At: []string{"name"}, Any: []string{"content_moderation"}}},
}
