package sim

var videoFaults = []Fault{
	{Name: "video-stuck", Doc: "a task that stays in the queue.", Guide: "Video generation errors: stuck in queued", On: Video,
		play: func(p *plan) { p.video.script = []view{{state: queued}} }},
	{Name: "video-hangs", Doc: "a task that runs for ever at the same progress.", On: Video,
		play: func(p *plan) { p.video.script = []view{{state: queued}, {state: running, progress: 42}} }},
	{Name: "video-failed", Doc: "a task that fails at once and gives no reason: the prompt was probably filtered.", Guide: "Video generation errors: failed with no detail", On: Video,
		play: func(p *plan) { p.video.script = []view{{state: failed}} }},
	{Name: "video-filtered", Doc: "a task that the filter ends, in the API's own way of saying so.", On: Video,
		play: func(p *plan) {
			p.video.script = []view{{state: running, progress: 60}, {state: failed, filtered: true, code: "content_policy_violation", reason: "The generated video was blocked by our content policy."}}
		}},
	{Name: "video-error", Doc: "a task that fails later, for a reason of the provider's own.", On: Video,
		play: func(p *plan) {
			p.video.script = []view{{state: queued}, {state: running, progress: 80}, {state: failed, code: "internal_error", reason: "Internal error while encoding the video. Please submit the task again."}}
		}},
	{Name: "video-cancelled", Doc: "a task that somebody cancelled.", On: Video,
		play: func(p *plan) { p.video.script = []view{{state: queued}, {state: cancelled}} }},
	{Name: "task-not-exist", Doc: "a task that the first polls do not find: it is still being set up.", Guide: "Video generation errors: task_not_exist on first poll", On: Video,
		Keys: []Key{{"late", "1", "how many polls do not find it"}},
		play: func(p *plan) { p.video.late = p.k.num("late") }},
	{Name: "video-succeed", Doc: "a task that ends with the word succeed, as Kling says it.", Guide: "Video generation errors: Kling returns succeed", On: Video,
		play: func(p *plan) {
			p.video.script = []view{{state: running, progress: 50}, {state: succeeded, word: "succeed", progress: 100}}
		}},
	{Name: "video-unknown-status", Doc: "a task that shows a word nobody knows before it succeeds.", On: Video, Keys: []Key{{"word", "polishing", "the word"}},
		play: func(p *plan) {
			p.video.script = []view{{state: running, word: p.k.get("word"), progress: 30}, {state: running, word: p.k.get("word"), progress: 60}, {state: succeeded, progress: 100}}
		}},
	{Name: "video-backwards", Doc: "a task whose status goes back from running to queued before it succeeds.", On: Video,
		play: func(p *plan) {
			p.video.script = []view{{state: running, progress: 70}, {state: queued, progress: 10}, {state: running, progress: 20}, {state: succeeded, progress: 100}}
		}},
	{Name: "video-no-id", Doc: "a create that is accepted and whose answer lacks the id.", On: Video,
		play: func(p *plan) { p.video.noID = true }},
	{Name: "video-same-id", Doc: "creates that are all given one and the same id.", On: Video,
		play: func(p *plan) { p.video.sameID = true }},
	{Name: "video-lost", Doc: "a create that is accepted and whose answer is lost: the connection is reset.", On: Video,
		play: func(p *plan) { p.video.lost = true }},
	{Name: "video-empty", Doc: "a task that succeeds with an empty list of results.", On: Video,
		play: func(p *plan) { p.video.script = []view{{state: succeeded, progress: 100, noResult: true}} }},
}

var resultFaults = []Fault{
	{Name: "video-result-422", Doc: "a task that ends COMPLETED and whose result answers 422, as fal's failed jobs do.", On: Video,
		play: func(p *plan) { p.video.result = 422 }},
	{Name: "video-result-500", Doc: "a task that ends COMPLETED and whose result answers 500 at first.", On: Video, Keys: []Key{{"first", "2", "how many fetches fail"}},
		play: func(p *plan) { p.video.result = 500 }},
}
