package catalog

// taskLuma dreams while it works.
var taskLuma = TaskDialect{
	Name: "luma", Provider: "luma", Media: "any",
	Source: []string{
		"https://docs.lumalabs.ai/docs/errors",
		"https://github.com/lumalabs/lumaai-python (resources/generations: paths; types/generation: the four words)",
	},
	Notes: []string{"\"Failed to read user input frames\" means that an input URL was not reachable, although the page lists it under moderation."},
	Hosts: []string{"api.lumalabs.ai"},
	Create: []TaskRoute{
		{Method: "POST", Path: "/dream-machine/v1/generations"},
		{Method: "POST", Path: "/dream-machine/v1/generations/{kind:image|video}"},
		{Method: "POST", Path: "/dream-machine/v1/generations/{kind:image|video}/{how:reframe|modify}"},
		{Method: "POST", Path: "/dream-machine/v1/generations/{source}/{how:audio|upscale}"},
	},
	Poll:   []TaskRoute{{Method: "GET", Path: "/dream-machine/v1/generations/{id}"}},
	Cancel: []TaskRoute{{Method: "DELETE", Path: "/dream-machine/v1/generations/{id}"}},
	ID:     []string{"id"},
	Status: []string{"state"},
	Words: map[string]TaskState{
		"queued": TaskQueued, "dreaming": TaskRunning, "completed": TaskSucceeded, "failed": TaskFailed,
		"pending": TaskQueued,
	},
	ErrorCode:    []string{"failure_code"},
	ErrorMessage: []string{"failure_reason", "detail"},
	Results:      []string{"assets.video", "assets.image"},
	Filtered: []TaskRule{
		{At: []string{"failure_reason"}, Any: []string{"blacklisted words", "moderation failed"}},
		{At: []string{"failure_code"}, Any: []string{"content_moderated"}},
	},
}
