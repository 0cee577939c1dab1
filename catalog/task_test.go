package catalog

import (
	"strings"
	"testing"
)

// TestTaskWords holds the meaning of each documented word.
func TestTaskWords(t *testing.T) {
	for dialect, rows := range map[string]map[TaskState]string{
		"openai-video":     {TaskQueued: "queued SUBMITTED NOT_START unknown", TaskRunning: "in_progress IN_PROGRESS", TaskSucceeded: "completed SUCCESS succeeded", TaskFailed: "failed FAILED ERROR FAILURE"},
		"azure-video-jobs": {TaskQueued: "preprocessing queued", TaskRunning: "running processing", TaskSucceeded: "succeeded", TaskFailed: "failed", TaskCancelled: "cancelled"},
		"newapi-video":     {TaskQueued: "NOT_START SUBMITTED QUEUED UNKNOWN queued", TaskRunning: "IN_PROGRESS in_progress", TaskSucceeded: "SUCCESS completed", TaskFailed: "FAILURE failed"},
		"xai-video":        {TaskRunning: "pending", TaskSucceeded: "done", TaskFailed: "failed", TaskExpired: "expired"},
		"gemini-video":     {TaskRunning: "false", TaskSucceeded: "true"},
		"vertex-video":     {TaskRunning: "false", TaskSucceeded: "true"},
		"kling":            {TaskQueued: "submitted initializing", TaskRunning: "processing", TaskSucceeded: "succeed succeeded", TaskFailed: "failed"},
		"runway":           {TaskQueued: "PENDING THROTTLED", TaskRunning: "RUNNING", TaskSucceeded: "SUCCEEDED", TaskFailed: "FAILED", TaskCancelled: "CANCELLED"},
		"luma":             {TaskQueued: "queued", TaskRunning: "dreaming", TaskSucceeded: "completed", TaskFailed: "failed"},
		"minimax":          {TaskQueued: "Preparing Queueing", TaskRunning: "Processing", TaskSucceeded: "Success", TaskFailed: "Fail"},
		"minimax-v2":       {TaskQueued: "queued", TaskRunning: "running", TaskSucceeded: "succeeded", TaskFailed: "failed", TaskCancelled: "cancelled"},
		"ark":              {TaskQueued: "queued waiting", TaskRunning: "running generating", TaskSucceeded: "succeeded success", TaskFailed: "failed fail", TaskCancelled: "cancelled", TaskExpired: "expired"},
		"vidu":             {TaskQueued: "created queueing", TaskRunning: "processing", TaskSucceeded: "success", TaskFailed: "failed"},
		"dashscope":        {TaskQueued: "PENDING", TaskRunning: "RUNNING", TaskSucceeded: "SUCCEEDED", TaskFailed: "FAILED", TaskCancelled: "CANCELED", TaskMissing: "UNKNOWN"},
		"siliconflow":      {TaskQueued: "InQueue", TaskRunning: "InProgress", TaskSucceeded: "Succeed", TaskFailed: "Failed"},
		"zhipu-video":      {TaskRunning: "PROCESSING", TaskSucceeded: "SUCCESS", TaskFailed: "FAIL"},
		"replicate":        {TaskQueued: "starting", TaskRunning: "processing", TaskSucceeded: "succeeded", TaskFailed: "failed", TaskCancelled: "canceled", TaskExpired: "aborted"},
		"bfl":              {TaskRunning: "Pending", TaskSucceeded: "Ready", TaskFailed: "Error", TaskFiltered: "Request|Moderated Content|Moderated", TaskMissing: "Task|not|found"},
		"stability":        {TaskRunning: "in-progress"},
		"midjourney-proxy": {TaskQueued: "NOT_START SUBMITTED MODAL", TaskRunning: "IN_PROGRESS", TaskSucceeded: "SUCCESS", TaskFailed: "FAILURE", TaskCancelled: "CANCEL"},
		"fal-queue":        {TaskQueued: "IN_QUEUE", TaskRunning: "IN_PROGRESS", TaskSucceeded: "COMPLETED"},
	} {
		d := Task(dialect)
		if d == nil {
			t.Errorf("no dialect %s", dialect)
			continue
		}
		for state, words := range rows {
			for _, w := range strings.Fields(words) {
				w = strings.ReplaceAll(w, "|", " ")
				if got, known := d.Word(w); got != state || !known {
					t.Errorf("%s: %q reads as %s (known %v), want %s", dialect, w, got, known, state)
				}
			}
		}
		if got, known := d.Word("finalising-soon"); got != TaskRunning || known {
			t.Errorf("%s: an unknown word reads as %s (known %v), want running and unknown", dialect, got, known)
		}
	}
}

// TestTaskDialectsAreWhole finds a dialect that nothing can read.
func TestTaskDialectsAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range Tasks() {
		if seen[d.Name] || d.Name == "" {
			t.Errorf("%q: named twice or not at all", d.Name)
		}
		seen[d.Name] = true
		if len(d.Source) == 0 || len(d.Create) == 0 || len(d.Poll) == 0 || len(d.ID) == 0 || len(d.Status) == 0 || d.Provider == "" {
			t.Errorf("%s: source, create, poll, id, status and provider are needed", d.Name)
		}
		if len(d.Results)+len(d.Inline)+len(d.Content)+len(d.Result) == 0 {
			t.Errorf("%s: no way to the media", d.Name)
		}
		succeeds := d.HTTP[200] == TaskSucceeded
		for _, s := range d.Words {
			succeeds = succeeds || s == TaskSucceeded
		}
		if !succeeds {
			t.Errorf("%s: no word means success", d.Name)
		}
	}
	if _, ok := TaskWord("UNKNOWN"); ok {
		t.Error("UNKNOWN has several meanings; without a dialect it has none")
	}
	if s, ok := TaskWord("dreaming"); !ok || s != TaskRunning {
		t.Error("dreaming is running everywhere")
	}
}

func TestMatchCreate(t *testing.T) {
	for _, c := range []struct{ method, host, path, want, prefix string }{
		{"POST", "api.openai.com", "/v1/videos", "openai-video", ""},
		{"POST", "127.0.0.1:9", "/sim/v1/videos", "openai-video", "/sim"},
		{"POST", "api.openai.com", "/v1/videos/video_1/remix", "openai-video", ""},
		{"POST", "api.x.ai", "/v1/videos/generations", "xai-video", ""},
		{"POST", "127.0.0.1:9", "/v1/videos/generations", "xai-video", ""},
		{"POST", "r.openai.azure.com", "/openai/v1/video/generations/jobs", "azure-video-jobs", ""},
		{"POST", "gw", "/v1/video/generations", "newapi-video", ""},
		{"POST", "generativelanguage.googleapis.com", "/v1beta/models/veo-3.1:predictLongRunning", "gemini-video", ""},
		{"POST", "us-central1-aiplatform.googleapis.com", "/v1/projects/p/locations/us-central1/publishers/google/models/veo-3:predictLongRunning", "vertex-video", "/v1/projects/p/locations/us-central1"},
		{"POST", "api.cometapi.com", "/kling/v1/videos/text2video", "kling", "/kling"},
		{"POST", "api.klingai.com", "/v1/images/generations", "kling", ""},
		{"POST", "api.openai.com", "/v1/images/generations", "", ""},
		{"POST", "api.cometapi.com", "/runwayml/v1/image_to_video", "runway", "/runwayml"},
		{"POST", "api.lumalabs.ai", "/dream-machine/v1/generations", "luma", ""},
		{"POST", "api.minimax.io", "/v1/video_generation", "minimax", ""},
		{"POST", "api.minimax.io", "/v2/video_generation", "minimax-v2", ""},
		{"POST", "ark.cn-beijing.volces.com", "/api/v3/contents/generations/tasks", "ark", ""},
		{"POST", "api.vidu.com", "/ent/v2/img2video", "vidu", ""},
		{"POST", "dashscope.aliyuncs.com", "/api/v1/services/aigc/video-generation/video-synthesis", "dashscope", ""},
		{"POST", "api.siliconflow.cn", "/v1/video/submit", "siliconflow", ""},
		{"POST", "open.bigmodel.cn", "/api/paas/v4/videos/generations", "zhipu-video", "/api"},
		{"POST", "api.replicate.com", "/v1/models/black-forest-labs/flux-dev/predictions", "replicate", ""},
		{"POST", "api.bfl.ai", "/v1/flux-2-pro", "bfl", ""},
		{"POST", "api.stability.ai", "/v2beta/image-to-video", "stability", ""},
		{"POST", "gw", "/mj-fast/mj/submit/imagine", "midjourney-proxy", "/mj-fast"},
		{"POST", "queue.fal.run", "/fal-ai/veo3", "fal-queue", ""},
		{"POST", "127.0.0.1:1", "/x/fal-ai/veo3/fast", "fal-queue", "/x"},
		{"POST", "api.openai.com", "/v1/chat/completions", "", ""},
		{"GET", "api.openai.com", "/v1/videos", "", ""},
	} {
		m, ok := MatchCreate(c.method, c.host, c.path)
		got := ""
		if ok {
			got = m.Dialect.Name
		}
		if got != c.want || m.Prefix != c.prefix {
			t.Errorf("%s %s%s is %q with prefix %q, want %q with %q", c.method, c.host, c.path, got, m.Prefix, c.want, c.prefix)
		}
	}
}

// TestPollOfCreate goes from each create to the URL that is polled, and recognises that again.
func TestPollOfCreate(t *testing.T) {
	for _, c := range []struct{ host, path, id, method, want string }{
		{"api.openai.com", "/v1/videos", "video_1", "GET", "/v1/videos/video_1"},
		{"gw", "/kling/v1/videos/image2video", "8661", "GET", "/kling/v1/videos/image2video/8661"},
		{"gw", "/kling/v1/images/generations", "8661", "GET", "/kling/v1/images/generations/8661"},
		{"gw", "/v1beta/models/veo-3:predictLongRunning", "models/veo-3/operations/abc", "GET", "/v1beta/models/veo-3/operations/abc"},
		{"us-aiplatform.googleapis.com", "/v1/projects/p/locations/us/publishers/google/models/veo-3:predictLongRunning", "projects/p/op/1", "POST", "/v1/projects/p/locations/us/publishers/google/models/veo-3:fetchPredictOperation"},
		{"api.minimax.io", "/v1/video_generation", "17&x=1", "GET", "/v1/query/video_generation?task_id=17%26x%3D1"},
		{"api.stability.ai", "/v2beta/stable-image/upscale/creative", "abc", "GET", "/v2beta/stable-image/upscale/creative/result/abc"},
		{"gw", "/fal-ai/veo3", "r-1", "GET", "/fal-ai/veo3/requests/r-1/status"},
		{"queue.fal.run", "/fal-ai/veo3", "r-1", "GET", "/fal-ai/veo3/requests/r-1/status"},
		{"gw", "/mj/submit/imagine", "1/../2", "", ""},
		{"api.siliconflow.cn", "/v1/video/submit", "q1", "POST", "/v1/video/status"},
	} {
		m, ok := MatchCreate("POST", c.host, c.path)
		if !ok {
			t.Errorf("%s: no create", c.path)
			continue
		}
		m.Vars["id"] = c.id
		r := PickRoute(m.Dialect.AskRoutes(), c.host, m.Vars)
		if r == nil {
			t.Errorf("%s: no route to poll", c.path)
			continue
		}
		got := r.URL("https://h", m.Prefix, m.Vars)
		if got != "" {
			got = strings.TrimPrefix(got, "https://h")
		}
		if got != c.want || (c.want != "" && r.Method != c.method) {
			t.Errorf("%s: polls %s %q, want %s %q", c.path, r.Method, got, c.method, c.want)
			continue
		}
		if c.want == "" {
			continue
		}
		p, ok := m.Dialect.MatchPoll(r.Method, c.host, got, r.Payload(m.Vars))
		if !ok || p.ID != c.id {
			t.Errorf("%s: the poll %q is recognised as id %q (%v), want %q", c.path, got, p.ID, ok, c.id)
		}
	}
	if m, ok := MatchPoll("GET", "api.x.ai", "/v1/videos/r1", nil); !ok || m.Dialect.Name != "xai-video" {
		t.Error("the host tells xAI's poll from OpenAI's")
	}
}
