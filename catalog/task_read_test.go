package catalog

import (
	"reflect"
	"strings"
	"testing"
)

// TestReadTask holds one answer for each shape that matters; the bodies are the smallest that make the point,
// written from the pages named in the dialect's Source.
func TestReadTask(t *testing.T) {
	for _, c := range []struct {
		name, dialect, body string
		status              int
		want                TaskState
		urls                string
		check               func(TaskView) bool
	}{
		{"create", "openai-video", `{"id":"video_1","object":"video","status":"queued","progress":0}`, 200, TaskQueued, "", func(v TaskView) bool { return v.ID == "video_1" && v.Progress == 0 && v.Known }},
		{"done without URL", "openai-video", `{"id":"video_1","status":"completed","progress":100,"expires_at":1790000000}`, 200, TaskSucceeded, "", func(v TaskView) bool { return v.Expires.Unix() == 1790000000 && v.Progress == 1 }},
		{"comet", "openai-video", `{"id":"video_1","status":"SUCCESS","video_url":"https://cdn/x.mp4"}`, 200, TaskSucceeded, "https://cdn/x.mp4", nil},
		{"moderation", "openai-video", `{"id":"v","status":"failed","error":{"code":"moderation_blocked","message":"blocked"}}`, 200, TaskFiltered, "", nil},
		{"plain failure", "openai-video", `{"id":"v","status":"failed","error":{"code":"server_error","message":"boom"}}`, 200, TaskFailed, "", func(v TaskView) bool { return v.ErrorCode == "server_error" && v.ErrorMessage == "boom" }},
		{"too early", "openai-video", `{"code":"task_not_exist","message":"task_not_exist","data":null}`, 400, TaskMissing, "", nil},
		{"unknown word", "openai-video", `{"id":"v","status":"finalising"}`, 200, TaskRunning, "", func(v TaskView) bool { return !v.Known && v.Status == "finalising" }},
		{"new-api wrapped", "newapi-video", `{"code":"success","data":{"task_id":"t","status":"SUCCESS","url":"https://cdn/a.mp4","progress":"100%"}}`, 200, TaskSucceeded, "https://cdn/a.mp4", func(v TaskView) bool { return v.ID == "t" && v.Progress == 1 && !v.Refused }},
		{"kling", "kling", `{"code":0,"message":"SUCCEED","data":{"task_id":"1","task_status":"submitted"}}`, 200, TaskQueued, "", nil},
		{"kling succeed", "kling", `{"code":0,"data":{"task_status":"succeed","task_result":{"videos":[{"url":"https://k/1.mp4"},{"url":"https://k/2.mp4"},{"url":"https://k/1.mp4"}]}}}`, 200, TaskSucceeded, "https://k/1.mp4 https://k/2.mp4", nil},
		{"kling refusal", "kling", `{"code":1303,"message":"parallel task over resource pack limit"}`, 429, "", "", func(v TaskView) bool { return v.Refused && v.ErrorCode == "1303" && v.ID == "" }},
		{"veo runs", "gemini-video", `{"name":"models/m/operations/1"}`, 200, TaskRunning, "", nil},
		{"veo done", "gemini-video", `{"name":"o","done":true,"response":{"generateVideoResponse":{"generatedSamples":[{"video":{"uri":"https://g/v"}}]}}}`, 200, TaskSucceeded, "https://g/v", nil},
		{"veo filtered", "gemini-video", `{"done":true,"response":{"generateVideoResponse":{"raiMediaFilteredCount":1,"raiMediaFilteredReasons":["audio"]}}}`, 200, TaskFiltered, "", nil},
		{"veo partly", "vertex-video", `{"done":true,"response":{"raiMediaFilteredCount":1,"videos":[{"gcsUri":"gs://b/o"}]}}`, 200, TaskSucceeded, "gs://b/o", func(v TaskView) bool { return v.PartlyFiltered }},
		{"veo error", "vertex-video", `{"done":true,"error":{"code":13,"message":"internal"}}`, 200, TaskFailed, "", nil},
		{"veo bytes", "vertex-video", `{"done":true,"response":{"videos":[{"bytesBase64Encoded":"AAAA"}]}}`, 200, TaskSucceeded, "", func(v TaskView) bool { return len(v.Inline) == 1 }},
		{"runway throttled", "runway", `{"id":"1","status":"THROTTLED"}`, 200, TaskQueued, "", func(v TaskView) bool { return v.Note != "" }},
		{"runway progress", "runway", `{"id":"1","status":"RUNNING","progress":0.25}`, 200, TaskRunning, "", func(v TaskView) bool { return v.Progress == 0.25 }},
		{"runway safety", "runway", `{"status":"FAILED","failure":"x","failureCode":"SAFETY.INPUT.TEXT"}`, 200, TaskFiltered, "", nil},
		{"runway bad output", "runway", `{"status":"FAILED","failureCode":"INTERNAL.BAD_OUTPUT.CODE01"}`, 200, TaskFailed, "", nil},
		{"luma moderation", "luma", `{"id":"1","state":"failed","failure_reason":"Frame moderation failed"}`, 200, TaskFiltered, "", nil},
		{"luma unreachable input", "luma", `{"id":"1","state":"failed","failure_reason":"Failed to read user input frames"}`, 200, TaskFailed, "", nil},
		{"minimax balance", "minimax", `{"task_id":"","base_resp":{"status_code":1008,"status_msg":"insufficient balance"}}`, 200, "", "", func(v TaskView) bool { return v.Refused && v.ID == "" }},
		{"minimax prompt", "minimax", `{"base_resp":{"status_code":1026,"status_msg":"sensitive"}}`, 200, TaskFiltered, "", nil},
		{"minimax done", "minimax", `{"task_id":"1","status":"Success","file_id":205,"base_resp":{"status_code":0}}`, 200, TaskSucceeded, "", func(v TaskView) bool { return len(v.Files) == 1 && v.Files[0] == "205" }},
		{"ark sensitive", "ark", `{"id":"cgt-1","status":"failed","error":{"code":"OutputVideoSensitiveContentDetected","message":"m"}}`, 200, TaskFiltered, "", nil},
		{"ark expired", "ark", `{"id":"cgt-1","status":"expired"}`, 200, TaskExpired, "", nil},
		{"dashscope unknown", "dashscope", `{"output":{"task_id":"1","task_status":"UNKNOWN"}}`, 200, TaskMissing, "", nil},
		{"dashscope moderation", "dashscope", `{"output":{"task_status":"FAILED","code":"DataInspectionFailed","message":"m"}}`, 200, TaskFiltered, "", nil},
		{"siliconflow", "siliconflow", `{"status":"Succeed","results":{"videos":[{"url":"https://s/1"}]}}`, 200, TaskSucceeded, "https://s/1", nil},
		{"replicate string", "replicate", `{"id":"1","status":"succeeded","output":"https://r/1.png"}`, 200, TaskSucceeded, "https://r/1.png", nil},
		{"replicate text model", "replicate", `{"id":"1","status":"succeeded","output":["Once","upon"]}`, 200, TaskSucceeded, "", nil},
		{"bfl moderated", "bfl", `{"id":"1","status":"Request Moderated","details":{"Moderation Reasons":["x"]}}`, 200, TaskFiltered, "", nil},
		{"bfl missing", "bfl", `{"id":"1","status":"Task not found"}`, 404, TaskMissing, "", nil},
		{"stability bytes", "stability", "\x00\x00\x00\x18ftypmp42", 200, TaskSucceeded, "", func(v TaskView) bool { return v.BodyIsMedia }},
		{"stability works", "stability", `{"id":"1","status":"in-progress"}`, 202, TaskRunning, "", nil},
		{"midjourney exists", "midjourney-proxy", `{"code":21,"description":"exists","result":"17"}`, 200, "", "", func(v TaskView) bool { return v.ID == "17" && !v.Refused }},
		{"midjourney banned", "midjourney-proxy", `{"code":24,"description":"banned","properties":{"bannedWord":"w"}}`, 200, TaskFiltered, "", func(v TaskView) bool { return v.Refused }},
		{"fal created", "fal-queue", `{"request_id":"r","status":"IN_QUEUE","status_url":"https://q/s","response_url":"https://q/r"}`, 200, TaskQueued, "", func(v TaskView) bool { return v.PollURL == "https://q/s" && v.ResultURL == "https://q/r" }},
		{"fal blocked result", "fal-queue", `{"detail":[{"type":"content_policy_violation","msg":"no"}]}`, 422, TaskFiltered, "", func(v TaskView) bool { return v.ErrorMessage == "no" }},
		{"xai blocked", "xai-video", `{"status":"done","video":{"url":"","respect_moderation":false}}`, 200, TaskFiltered, "", nil},
		{"xai works", "xai-video", ``, 202, TaskRunning, "", nil},
		{"xai done", "xai-video", `{"video":{"url":"https://x/1","respect_moderation":true}}`, 200, TaskSucceeded, "https://x/1", nil},
		{"html", "openai-video", `<html>`, 200, "", "", nil},
	} {
		v := Task(c.dialect).Read(c.status, []byte(c.body))
		if v.State != c.want || strings.Join(v.URLs, " ") != c.urls || c.check != nil && !c.check(v) {
			t.Errorf("%s (%s): %+v, want %s with %q", c.name, c.dialect, v, c.want, c.urls)
		}
	}
}

func TestJSONValues(t *testing.T) {
	doc, _ := decodeJSON([]byte(`{"a":[{"b":1},{"b":null},{"b":[2,3]}],"c":{"d":{"url":"x"},"e":[{"url":"y"}]}}`))
	for path, want := range map[string]int{"a[].b": 2, "a[0].b": 1, "a[9].b": 0, "a[2].b[]": 2, "a[-1].b": 0, "**.url": 2, "c.**.url": 2, "a.b": 0, "": 1, "a[2].b[1]": 1} {
		if got := JSONValues(doc, path); len(got) != want {
			t.Errorf("%q finds %v, want %d values", path, got, want)
		}
	}
}

// FuzzReadTask: whatever a provider sends, reading it ends, is repeatable, and an ended state has a reason.
func FuzzReadTask(f *testing.F) {
	f.Add(0, 200, []byte(`{"status":"completed","output":["https://a/b"]}`))
	f.Add(3, 200, []byte(`[{"error":{"code":1}}]`))
	f.Add(20, 422, []byte(`{"detail":"x"}`))
	f.Fuzz(func(t *testing.T, n, status int, body []byte) {
		all := Tasks()
		d := all[(n%len(all)+len(all))%len(all)]
		v := d.Read(status, body)
		if !reflect.DeepEqual(v, d.Read(status, body)) {
			t.Fatal("two readings differ")
		}
		if v.State.Ended() && v.Where == "" && d.Absent == "" {
			t.Fatalf("ended without a place: %+v", v)
		}
		if v.Progress > 1 || v.Progress < -1 {
			t.Fatalf("progress %v", v.Progress)
		}
	})
}
