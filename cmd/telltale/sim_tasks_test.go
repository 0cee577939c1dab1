package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/sim"
)

// simTasks are creates of each provider as the simulator plays it: the catalogue must know them.
var simTasks = map[string][2]string{
	"sora":             {"/sora/v1/videos", `{"model":"MODEL","prompt":"a boat"}`},
	"comet":            {"/v1/videos", `{"model":"MODEL","prompt":"a boat"}`},
	"comet seedance":   {"/v1/videos", `{"model":"seedance-2-MODEL","prompt":"a boat"}`},
	"newapi":           {"/newapi/v1/videos", `{"model":"MODEL","prompt":"a boat"}`},
	"newapi tasks":     {"/v1/video/generations", `{"model":"MODEL","prompt":"a boat"}`},
	"veo":              {"/v1beta/models/MODEL:predictLongRunning", `{"instances":[{"prompt":"a boat"}]}`},
	"vertex":           {"/v1/projects/p/locations/us/publishers/google/models/MODEL:predictLongRunning", `{"instances":[{"prompt":"a boat"}]}`},
	"kling":            {"/kling/v1/videos/text2video", `{"model_name":"MODEL","prompt":"a boat"}`},
	"runway":           {"/runwayml/v1/text_to_video", `{"model":"MODEL","promptText":"a boat"}`},
	"luma":             {"/dream-machine/v1/generations", `{"model":"MODEL","prompt":"a boat"}`},
	"minimax":          {"/v1/video_generation", `{"model":"MODEL","prompt":"a boat"}`},
	"ark":              {"/api/v3/contents/generations/tasks", `{"model":"MODEL","content":[{"type":"text","text":"a boat"}]}`},
	"vidu":             {"/ent/v2/text2video", `{"model":"MODEL","prompt":"a boat"}`},
	"dashscope":        {"/api/v1/services/aigc/video-generation/video-synthesis", `{"model":"MODEL","input":{"prompt":"a boat"}}`},
	"dashscope images": {"/api/v1/services/aigc/text2image/image-synthesis", `{"model":"MODEL","input":{"prompt":"a boat"}}`},
	"fal":              {"/fal-ai/MODEL", `{"prompt":"a boat"}`},
	"replicate":        {"/v1/predictions", `{"model":"MODEL","input":{"prompt":"a boat"}}`},
	"siliconflow":      {"/v1/video/submit", `{"model":"MODEL","prompt":"a boat"}`},
	"bfl":              {"/bfl/v1/flux-MODEL", `{"prompt":"a boat"}`},
	"stability":        {"/v2beta/image-to-video", `{"model":"MODEL"}`},
	"xai":              {"/xai/v1/videos/generations", `{"model":"MODEL","prompt":"a boat"}`},
	"midjourney":       {"/mj/submit/imagine", `{"model":"MODEL","prompt":"a boat"}`},
}

// TestSimulatedTasks follows every simulated provider by what the catalogue says alone. Both were written from the
// providers' documents, neither from the other.
func TestSimulatedTasks(t *testing.T) {
	srv := httptest.NewServer(&sim.Server{})
	defer srv.Close()
	for name, c := range simTasks {
		t.Run(name, func(t *testing.T) {
			for model, want := range map[string]catalog.TaskState{
				"m": catalog.TaskSucceeded, "m@video-filtered": catalog.TaskFiltered, "m@video-error": catalog.TaskFailed,
				"m@video-stuck": catalog.TaskQueued, "m@task-not-exist;late=9": catalog.TaskMissing, "m@video-failed": catalog.TaskFailed,
			} {
				status, view := followTask(t, srv.URL, strings.ReplaceAll(c[0], "MODEL", model), strings.ReplaceAll(c[1], "MODEL", model))
				if view.State != want && !excused(name, want, status, view) {
					t.Errorf("%s: %q, want %q\n%+v", model, view.State, want, view)
				}
			}
		})
	}
}

// excused are the answers that do not say by themselves what the task's state is.
func excused(name string, want catalog.TaskState, status int, v catalog.TaskView) bool {
	switch want {
	case catalog.TaskMissing: // by the status, or inside an envelope that refuses
		return v.State == "" && (status == http.StatusNotFound || v.Refused)
	case catalog.TaskQueued: // no word of its own for it
		return v.State == catalog.TaskRunning
	case catalog.TaskFiltered, catalog.TaskFailed:
		switch {
		case name == "fal": // the result tells
			return v.State == catalog.TaskSucceeded
		case want == catalog.TaskFiltered: // only the sentence tells
			return v.State == catalog.TaskFailed && v.ErrorMessage != ""
		}
		return name == "stability" && (v.State == catalog.TaskFiltered || v.State == "" && status == http.StatusInternalServerError)
	}
	return false
}

// followTask creates a task, polls it a few times, and gives what the last answer says.
func followTask(t *testing.T, base, path, body string) (int, catalog.TaskView) {
	t.Helper()
	m, ok := catalog.MatchCreate("POST", "", path)
	if !ok {
		t.Fatalf("the create %s is not recognised", path)
	}
	d := m.Dialect
	status, answer := taskCall(t, "POST", base+path, body)
	v := d.Read(status, answer)
	if v.ID == "" {
		t.Fatalf("%s: no id in %s", d.Name, answer)
	}
	if m.Vars == nil {
		m.Vars = map[string]string{}
	}
	m.Vars["id"] = v.ID
	method, link, payload := "GET", v.PollURL, ""
	if link == "" {
		r := catalog.PickRoute(d.AskRoutes(), "", m.Vars)
		if r == nil {
			t.Fatalf("%s: no route to poll", d.Name)
		}
		method, link, payload = r.Method, r.URL(base, m.Prefix, m.Vars), string(r.Payload(m.Vars))
	}
	for range 4 {
		status, answer = taskCall(t, method, link, payload)
		if v = d.Read(status, answer); v.State.Ended() {
			break
		}
	}
	if v.State == catalog.TaskSucceeded && d.Name != "fal" {
		if len(v.URLs)+len(v.Inline)+len(v.Files) == 0 && !v.BodyIsMedia && len(d.Content) == 0 && len(d.Result) == 0 {
			t.Errorf("%s: no media in %.300s", d.Name, answer)
		}
	}
	return status, v
}

func taskCall(t *testing.T, method, link, body string) (int, []byte) {
	t.Helper()
	req, err := http.NewRequest(method, link, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, b
}
