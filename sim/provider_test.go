package sim_test

import (
	"strconv"
	"strings"
	"testing"
)

func itoa(n int) string { return strconv.Itoa(n) }

// course is how a client of one provider takes a task from its create to its media.
type course struct {
	create, body string
	id           string // path of the id in the create's answer
	poll         func(id string) (method, path, body string)
	status       string // path of the status; "done" for operations
	words        string // seen by three polls of a healthy task
	media        string // path of the link, "" when the poll itself brings the bytes
	failed       string // the word of a failed task
	filtered     string // stands in the answer for a filtered task
}

func get(path string) func(string) (string, string, string) {
	return func(id string) (string, string, string) { return "GET", strings.ReplaceAll(path, "ID", id), "" }
}

// courses has one entry for each provider of media tasks; MODEL is replaced.
var courses = map[string]course{
	"sora": {create: "/sora/v1/videos", body: `{"model":"MODEL","prompt":"a boat"}`, id: "id", poll: get("/sora/v1/videos/ID"),
		status: "status", words: "queued in_progress completed", failed: "failed", filtered: "moderation_blocked"},
	"comet": {create: "/v1/videos", body: `{"model":"MODEL","prompt":"a boat"}`, id: "task_id", poll: get("/v1/videos/ID"),
		status: "status", words: "queued in_progress completed", media: "video_url", failed: "failed", filtered: "moderation_blocked"},
	"comet seedance": {create: "/comet/v1/videos", body: `{"model":"seedance-2-MODEL","prompt":"a boat"}`, id: "id", poll: get("/comet/v1/videos/ID"),
		status: "status", words: "SUBMITTED IN_PROGRESS SUCCESS", media: "video_url", failed: "FAILED", filtered: "moderation_blocked"},
	"newapi": {create: "/newapi/v1/videos", body: `{"model":"MODEL","prompt":"a boat"}`, id: "id", poll: get("/newapi/v1/videos/ID"),
		status: "status", words: "unknown in_progress completed", media: "video_url", failed: "failed", filtered: "moderation_blocked"},
	"newapi generations": {create: "/v1/video/generations", body: `{"model":"MODEL","prompt":"a boat"}`, id: "task_id", poll: get("/v1/video/generations/ID"),
		status: "data.status", words: "queued in_progress completed", media: "data.url", failed: "failed", filtered: "content policy"},
	"veo": {create: "/v1beta/models/MODEL:predictLongRunning", body: `{"instances":[{"prompt":"a boat"}]}`, id: "name", poll: get("/v1beta/ID"),
		status: "done", words: "nil nil true", media: "response.generateVideoResponse.generatedSamples.0.video.uri", failed: "true", filtered: "raiMediaFilteredReasons"},
	"vertex": {create: "/v1/projects/p/locations/l/publishers/google/models/MODEL:predictLongRunning", body: `{"instances":[{"prompt":"a boat"}]}`, id: "name",
		poll: func(id string) (string, string, string) {
			return "POST", "/v1/" + id[:strings.Index(id, "/operations/")] + ":fetchPredictOperation", `{"operationName":"` + id + `"}`
		},
		status: "done", words: "nil nil true", failed: "true", filtered: "raiMediaFilteredReasons"},
	"kling": {create: "/kling/v1/videos/text2video", body: `{"model_name":"MODEL","prompt":"a boat"}`, id: "data.task_id", poll: get("/kling/v1/videos/text2video/ID"),
		status: "data.task_status", words: "submitted processing succeed", media: "data.task_result.videos.0.url", failed: "failed", filtered: "content policy"},
	"runway": {create: "/runwayml/v1/text_to_video", body: `{"model":"MODEL","promptText":"a boat"}`, id: "id", poll: get("/runwayml/v1/tasks/ID"),
		status: "status", words: "PENDING RUNNING SUCCEEDED", media: "output.0", failed: "FAILED", filtered: "SAFETY.OUTPUT"},
	"luma": {create: "/dream-machine/v1/generations", body: `{"model":"MODEL","prompt":"a boat"}`, id: "id", poll: get("/dream-machine/v1/generations/ID"),
		status: "state", words: "queued dreaming completed", media: "assets.video", failed: "failed", filtered: "moderation failed"},
	"minimax": {create: "/v1/video_generation", body: `{"model":"MODEL","prompt":"a boat"}`, id: "task_id", poll: get("/v1/query/video_generation?task_id=ID"),
		status: "status", words: "Queueing Processing Success", failed: "Fail", filtered: "1027"},
	"ark": {create: "/api/v3/contents/generations/tasks", body: `{"model":"MODEL","content":[{"type":"text","text":"a boat"}]}`, id: "id", poll: get("/api/v3/contents/generations/tasks/ID"),
		status: "status", words: "queued running succeeded", media: "content.video_url", failed: "failed", filtered: "SensitiveContentDetected"},
	"vidu": {create: "/ent/v2/text2video", body: `{"model":"MODEL","prompt":"a boat"}`, id: "task_id", poll: get("/ent/v2/tasks/ID/creations"),
		status: "state", words: "queueing processing success", media: "creations.0.url", failed: "failed", filtered: "CreationPolicyViolation"},
	"dashscope": {create: "/api/v1/services/aigc/video-generation/video-synthesis", body: `{"model":"MODEL","input":{"prompt":"a boat"}}`, id: "output.task_id", poll: get("/api/v1/tasks/ID"),
		status: "output.task_status", words: "PENDING RUNNING SUCCEEDED", media: "output.video_url", failed: "FAILED", filtered: "DataInspectionFailed"},
	"dashscope images": {create: "/api/v1/services/aigc/text2image/image-synthesis", body: `{"model":"MODEL","input":{"prompt":"a boat"}}`, id: "output.task_id", poll: get("/api/v1/tasks/ID"),
		status: "output.task_status", words: "PENDING RUNNING SUCCEEDED", media: "output.results.0.url", failed: "FAILED", filtered: "DataInspectionFailed"},
	"fal": {create: "/fal/fal-ai/MODEL", body: `{"prompt":"a boat"}`, id: "request_id",
		poll:   func(id string) (string, string, string) { return "GET", "/fal/fal-ai/m/requests/" + id + "/status", "" },
		status: "status", words: "IN_QUEUE IN_PROGRESS COMPLETED", failed: "COMPLETED", filtered: "COMPLETED"},
	"replicate": {create: "/v1/predictions", body: `{"model":"MODEL","input":{"prompt":"a boat"}}`, id: "id", poll: get("/v1/predictions/ID"),
		status: "status", words: "starting processing succeeded", media: "output", failed: "failed", filtered: "flagged as sensitive"},
	"siliconflow": {create: "/v1/video/submit", body: `{"model":"MODEL","prompt":"a boat"}`, id: "requestId",
		poll: func(id string) (string, string, string) {
			return "POST", "/v1/video/status", `{"requestId":"` + id + `"}`
		},
		status: "status", words: "InQueue InProgress Succeed", media: "results.videos.0.url", failed: "Failed", filtered: "safety policy"},
	"bfl": {create: "/bfl/v1/MODEL", body: `{"prompt":"a boat"}`, id: "id", poll: get("/bfl/v1/get_result?id=ID"),
		status: "status", words: "Pending Pending Ready", media: "result.sample", failed: "Error", filtered: "Content Moderated"},
	"xai": {create: "/v1/videos/generations", body: `{"model":"MODEL","prompt":"a boat"}`, id: "request_id", poll: get("/xai/v1/videos/ID"),
		status: "status", words: "pending pending done", media: "video.url", failed: "failed", filtered: `"respect_moderation":false`},
	"midjourney": {create: "/mj/submit/imagine", body: `{"model":"MODEL","prompt":"a boat"}`, id: "result", poll: get("/mj/task/ID/fetch"),
		status: "status", words: "SUBMITTED IN_PROGRESS SUCCESS", media: "imageUrl", failed: "FAILURE", filtered: "Banned prompt"},
}

func (c course) begin(a *asker, model string) string {
	a.t.Helper()
	g := a.post(strings.ReplaceAll(c.create, "MODEL", model), strings.ReplaceAll(c.body, "MODEL", model))
	if g.err != nil || g.status/100 != 2 {
		a.t.Fatalf("create: %d %v %s", g.status, g.err, g.body)
	}
	id, _ := g.at(c.id).(string)
	if id == "" {
		a.t.Fatalf("no %s in %s", c.id, g.body)
	}
	return id
}

func word(g got, path string) string {
	switch v := g.at(path).(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	}
	return "nil"
}

// Each provider takes a task to its end in its own words, and fails and filters in them.
func TestProviders(t *testing.T) {
	for name, c := range courses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAsker(t)
			id := c.begin(a, "m")
			var words []string
			var g got
			for range 3 {
				g = a.do(c.poll(id))
				words = append(words, word(g, c.status))
			}
			if s := strings.Join(words, " "); s != c.words {
				t.Errorf("%s, want %s", s, c.words)
			}
			if c.media != "" {
				link, _ := g.at(c.media).(string)
				file := a.do("GET", link, "", "X-Goog-Api-Key", "k")
				file.is(200)
				if !strings.Contains(file.body[:16], "ftyp") && !strings.HasPrefix(file.body, "\x89PNG") {
					t.Errorf("%.20q is no media", file.body)
				}
			}
			if w := word(a.do(c.poll(c.begin(a, "m@video-failed"))), c.status); w != c.failed {
				t.Errorf("failed: %s", w)
			}
			id = c.begin(a, "m@video-filtered")
			a.do(c.poll(id))
			a.do(c.poll(id)).has(c.filtered)
			if g := a.do(c.poll(c.begin(a, "m@task-not-exist"))); word(g, c.status) == strings.Fields(c.words)[0] && c.status != "done" {
				t.Errorf("the task is there: %s", g.body)
			}
			if n := a.s.Stats().Creates["a boat"]; n != 4 {
				t.Errorf("%d creates", n)
			}
		})
	}
}

func TestThirdCalls(t *testing.T) {
	a := newAsker(t)
	t.Run("minimax", func(t *testing.T) {
		c := courses["minimax"]
		id := c.begin(a, "m@ok;polls=0")
		file := a.do(c.poll(id)).at("file_id").(string)
		link := a.do("GET", "/v1/files/retrieve?file_id="+file, "").at("file.download_url").(string)
		a.do("GET", link, "").is(200)
	})
	t.Run("fal", func(t *testing.T) {
		g := a.post("/fal/fal-ai/veo3@ok;polls=0", `{"prompt":"a boat"}`)
		result := g.at("response_url").(string)
		a.do("GET", g.at("status_url").(string), "")
		a.do("GET", a.do("GET", result, "").at("video.url").(string), "").is(200)
	})
	t.Run("sora", func(t *testing.T) {
		c := courses["sora"]
		id := c.begin(a, "m")
		a.do("GET", "/sora/v1/videos/"+id+"/content", "").is(400)
		for range 3 {
			a.do(c.poll(id))
		}
		g := a.do("GET", "/sora/v1/videos/"+id+"/content", "")
		g.is(200)
		if !strings.Contains(g.body[:16], "ftyp") {
			t.Errorf("%.20q", g.body)
		}
	})
	t.Run("veo needs the key", func(t *testing.T) {
		c := courses["veo"]
		link := a.do(c.poll(c.begin(a, "m@ok;polls=0"))).at(c.media).(string)
		a.do("GET", link, "").is(403)
		a.do("GET", link, "", "X-Goog-Api-Key", "k").is(200)
	})
	t.Run("stability", func(t *testing.T) {
		g := a.post("/v2beta/image-to-video", `{"model":"m","prompt":"a boat"}`)
		path := "/v2beta/image-to-video/result/" + g.at("id").(string)
		a.do("GET", path, "").is(202)
		a.do("GET", path, "").is(202)
		a.do("GET", path, "").is(200)
		g = a.post("/v2beta/stable-image/generate/core", `{"prompt":"a boat"}`, "Accept", "image/*")
		g.is(200)
		if !strings.HasPrefix(g.body, "\x89PNG") {
			t.Errorf("%.20q", g.body)
		}
	})
	t.Run("a poll that fails twice", func(t *testing.T) {
		id := a.video("sora-2@503;on=poll;times=2")
		for _, want := range []int{503, 503, 200} {
			a.do("GET", "/v1/videos/"+id, "").is(want)
		}
	})
}
