package task_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/task"
	"github.com/telltale-ai/telltale/task/tasktest"
)

// script answers polls in order; the last line repeats. A line is a status and a body: "200 {...}"; "drop" breaks the connection.
type script struct {
	lines  []string
	asked  []string
	at     []time.Time
	header http.Header // of the last request
	answer http.Header
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	s.asked = append(s.asked, r.Method+" "+r.URL.String())
	s.at, s.header = append(s.at, time.Now()), r.Header
	line := s.lines[min(len(s.asked), len(s.lines))-1]
	if line == "drop" {
		return nil, errors.New("read tcp: connection reset by peer")
	}
	var status int
	if _, err := fmt.Sscanf(line, "%d", &status); err != nil {
		return nil, err
	}
	h := http.Header{"Content-Type": {"application/json"}}
	for k, v := range s.answer {
		h[k] = v
	}
	if status == 429 {
		h.Set("Retry-After", "20")
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(strings.TrimSpace(line[3:]))), Request: r}, nil
}

// rig is one task with its poller.
type rig struct {
	t      *testing.T
	p      *task.Poller
	s      *script
	id     string
	kept   []task.Fetch
	keep   func(n int, f task.Fetch) (task.Media, error) // nil: it works
	states []task.State                                  // every one that was stored, without repeats
}

func newRig(t *testing.T, dialect string, lines ...string) *rig {
	t.Helper()
	g := &rig{t: t, s: &script{lines: lines}, id: "task_1"}
	g.p = &task.Poller{Store: &tasktest.Memory{}, Transport: g.s, Diagnoser: &telltale.Diagnoser{}}
	g.p.Keep = func(_ context.Context, _ *task.Task, f task.Fetch) (task.Media, error) {
		g.kept = append(g.kept, f)
		if g.keep != nil {
			return g.keep(len(g.kept), f)
		}
		return media(len(g.kept)), nil
	}
	now := time.Now()
	k := task.Task{ID: g.id, Upstream: "comet", UpstreamID: "video_1", Provider: "openai", Dialect: dialect, Base: "https://api.example.com",
		Vars:  map[string]string{"action": "text2video", "v": "v1beta"},
		State: task.Queued, CreatedAt: now, NextAt: now.Add(5 * time.Second)}
	if _, _, err := g.p.Store.Create(t.Context(), k); err != nil {
		t.Fatal(err)
	}
	return g
}

func media(n int) task.Media {
	return task.Media{Name: fmt.Sprintf("m%d.mp4", n), ContentType: "video/mp4", Bytes: 5, SHA256: fmt.Sprint(n)}
}

func (g *rig) get() task.Task {
	g.t.Helper()
	k, err := g.p.Store.Get(g.t.Context(), g.id)
	if err != nil {
		g.t.Fatal(err)
	}
	return k
}

// drive steps the task until it is settled or a time has passed, as the queue does.
func (g *rig) drive(most time.Duration) task.Task {
	g.t.Helper()
	end := time.Now().Add(most)
	time.Sleep(5 * time.Second)
	for time.Now().Before(end) {
		wait, done, err := g.p.Step(g.t.Context(), g.id)
		if err != nil {
			g.t.Fatal(err)
		}
		if k := g.get(); len(g.states) == 0 || g.states[len(g.states)-1] != k.State {
			g.states = append(g.states, k.State)
		}
		if done {
			break
		}
		time.Sleep(wait)
	}
	return g.get()
}

func (g *rig) want(state task.State, cause fault.Cause) task.Task {
	g.t.Helper()
	k := g.get()
	got := fault.Cause("none at all")
	if k.Verdict != nil {
		got = k.Verdict.Cause
	}
	if k.State != state || got != cause {
		g.t.Errorf("%s with %s (%+v), want %s with %s", k.State, got, k.Verdict, state, cause)
	}
	return k
}

func TestHealthy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, "openai-video",
			`200 {"id":"video_1","status":"queued"}`, `200 {"id":"video_1","status":"in_progress","progress":40}`,
			`200 {"id":"video_1","status":"completed","progress":100}`)
		g.p.Credential = func(context.Context, *task.Task) (task.Credential, bool) {
			return task.Credential{Header: http.Header{"Authorization": {"Bearer sk-canary"}}}, true
		}
		g.drive(time.Hour)
		k := g.want(task.Succeeded, fault.None)
		if k.Polls != 3 || k.Progress != 1 || len(k.Media) != 1 || !slices.Equal(g.states, []task.State{task.Queued, task.Running, task.Succeeded}) {
			t.Errorf("%d polls, progress %v, %d results, states %v", k.Polls, k.Progress, len(k.Media), g.states)
		}
		if g.kept[0].URL != "https://api.example.com/v1/videos/video_1/content" || g.kept[0].Header.Get("Authorization") != "Bearer sk-canary" {
			t.Errorf("kept %+v", g.kept[0])
		}
		if g.s.header.Get("Authorization") != "Bearer sk-canary" {
			t.Error("the poll had no key")
		}
		if !strings.Contains(string(k.Final), "completed") || !strings.Contains(string(k.Answer), "in_progress") {
			t.Errorf("the provider's objects are %q and %q", k.Final, k.Answer)
		}
		if s := fmt.Sprintf("%+v", k); strings.Contains(s, "canary") {
			t.Error("the stored task holds the key")
		}
		if k.Status != "completed" {
			t.Errorf("the provider's word was touched: %q", k.Status)
		}
	})
}

// TestEnds holds each way in which a task ends after its first answer.
func TestEnds(t *testing.T) {
	for _, c := range []struct {
		name, dialect, answer string
		state                 task.State
		cause                 fault.Cause
		likely                bool
	}{
		{"failed at once without detail", "openai-video", `200 {"id":"v","status":"failed"}`, task.Failed, fault.ContentFilter, true},
		{"failed with detail", "openai-video", `200 {"id":"v","status":"failed","error":{"code":"internal_error","message":"the render crashed"}}`, task.Failed, fault.TaskFailed, false},
		{"moderation", "openai-video", `200 {"id":"v","status":"failed","error":{"code":"moderation_blocked","message":"blocked"}}`, task.Failed, fault.ContentFilter, false},
		{"seedance error", "ark", `200 {"id":"v","status":"failed","error":{"code":"OutputVideoSensitiveContentDetected","message":"x"}}`, task.Failed, fault.ContentFilter, false},
		{"cancelled", "runway", `200 {"id":"v","status":"CANCELLED"}`, task.Cancelled, fault.Cancelled, false},
		{"expired", "ark", `200 {"id":"v","status":"expired"}`, task.Cancelled, fault.Cancelled, false},
		{"kling succeed", "kling", `200 {"code":0,"message":"SUCCEED","data":{"task_status":"succeed","task_result":{"videos":[{"url":"https://k/1.mp4"}]}}}`, task.Succeeded, fault.None, false},
		{"veo filtered", "gemini-video", `200 {"done":true,"response":{"generateVideoResponse":{"raiMediaFilteredCount":1,"raiMediaFilteredReasons":["x"]}}}`, task.Failed, fault.ContentFilter, false},
		{"minimax prompt", "minimax", `200 {"task_id":"1","status":"Fail","base_resp":{"status_code":1026,"status_msg":"prompt"}}`, task.Failed, fault.ContentFilter, false},
		{"empty list", "kling", `200 {"code":0,"data":{"task_status":"succeed","task_result":{"videos":[]}}}`, task.Failed, fault.EmptyOutput, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newRig(t, c.dialect, c.answer)
				g.drive(time.Hour)
				k := g.want(c.state, c.cause)
				if k.Verdict != nil && k.Verdict.Likely != c.likely {
					t.Errorf("likely %v, want %v", k.Verdict.Likely, c.likely)
				}
				if k.Verdict != nil && c.cause != fault.None && len(k.Verdict.Evidence) == 0 {
					t.Error("a verdict without evidence")
				}
			})
		})
	}
}

// TestLateFailure: a failure without detail after a long run is no sign of a filter.
func TestLateFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, "openai-video", slices.Concat(slices.Repeat([]string{`200 {"id":"v","status":"in_progress"}`}, 10), []string{`200 {"id":"v","status":"failed"}`})...)
		g.drive(time.Hour)
		g.want(task.Failed, fault.TaskFailed)
	})
}

// TestUnknownWord: an unknown status is running with a warning, never the end.
func TestUnknownWord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, "openai-video", `200 {"id":"v","status":"polishing"}`)
		g.drive(5 * time.Minute)
		k := g.get()
		if k.State != task.Running || len(k.Warnings) != 1 || !strings.Contains(k.Warnings[0], "polishing") {
			t.Errorf("%s, warnings %q", k.State, k.Warnings)
		}
	})
}

// TestTooEarly: a provider that does not know the task yet is asked again, growing from five seconds, for two minutes.
func TestTooEarly(t *testing.T) {
	const missing = `400 {"code":"task_not_exist","message":"task_not_exist","data":null}`
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, "openai-video", missing, missing, missing, `200 {"id":"v","status":"completed","video_url":"https://cdn/x"}`)
		g.drive(time.Hour)
		g.want(task.Succeeded, fault.None)
		if d := g.s.at[1].Sub(g.s.at[0]); d != 5*time.Second {
			t.Errorf("asked again after %s", d)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, "openai-video", missing)
		start := time.Now()
		g.drive(time.Hour)
		g.want(task.Failed, fault.TaskNotFound)
		if d := time.Since(start); d < 2*time.Minute || d > 4*time.Minute {
			t.Errorf("given up after %s", d)
		}
	})
	// A task that was known, and is not found for a moment, goes on.
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, "runway", `200 {"id":"v","status":"RUNNING"}`, `404 {"error":"Not found"}`, `404 {"error":"Not found"}`, `200 {"id":"v","status":"SUCCEEDED","output":["https://cdn/x"]}`)
		g.drive(time.Hour)
		g.want(task.Succeeded, fault.None)
	})
}

// TestStuck: ten minutes in the queue are told, and the task goes on.
func TestStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, "openai-video", `200 {"id":"v","status":"queued"}`)
		g.drive(9 * time.Minute)
		if k := g.get(); k.Verdict != nil {
			t.Errorf("stuck already after nine minutes: %+v", k.Verdict)
		}
		g.drive(3 * time.Minute)
		k := g.want(task.Queued, fault.TaskStuck)
		if k.Verdict.Action != fault.ActSwitchModel || len(k.Verdict.Remedies) == 0 {
			t.Errorf("no advice to use another model: %+v", k.Verdict)
		}
		g.s.lines = []string{`200 {"id":"v","status":"in_progress"}`}
		g.drive(time.Minute)
		if k := g.get(); k.State != task.Running || k.Verdict != nil {
			t.Errorf("when it runs at last: %s %+v", k.State, k.Verdict)
		}
		g.drive(25 * time.Hour)
		g.want(task.Failed, fault.TaskStuck)
	})
}

// TestResubmit: only once the old task is cancelled or counts as lost, once only, and never after an interruption.
func TestResubmit(t *testing.T) {
	for _, c := range []struct {
		name, dialect, cancel string
		lost                  time.Duration
		interrupted           bool
		want                  int
	}{
		{"cancelled", "ark", "200 {}", 0, false, 1},
		{"not to be cancelled", "openai-video", "", 0, false, 0},
		{"counts as lost", "openai-video", "", 12 * time.Minute, false, 1},
		{"the cancel is refused", "ark", `409 {"error":{"code":"Conflict","message":"running"}}`, 0, false, 0},
		{"interrupted before", "ark", "200 {}", 0, true, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newRig(t, c.dialect, `200 {"id":"v","status":"queued"}`)
				poll := g.s
				g.p.Transport = rtFunc(func(r *http.Request) (*http.Response, error) {
					if r.Method == "DELETE" {
						return (&script{lines: []string{c.cancel}}).RoundTrip(r)
					}
					return poll.RoundTrip(r)
				})
				n := 0
				g.p.LostAfter = c.lost
				g.p.Resubmit = func(_ context.Context, k *task.Task) (task.Task, error) {
					n++
					if got := g.get(); !got.Resubmitting {
						t.Error("the intention was not stored before the create left")
					}
					return task.Task{ID: "task_2"}, nil
				}
				k := g.get()
				k.Create, k.Resubmitting = []byte(`{"prompt":"x"}`), c.interrupted
				if err := g.p.Store.Update(t.Context(), &k); err != nil {
					t.Fatal(err)
				}
				g.drive(20 * time.Minute)
				k = g.get()
				if n != c.want || (k.ResubmittedAs != "") != (c.want > 0) {
					t.Errorf("%d resubmissions, want %d: %s %q", n, c.want, k.State, k.Warnings)
				}
			})
		})
	}
}

type rtFunc func(*http.Request) (*http.Response, error)

func (f rtFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestBackwards: a status that goes back does not take the task back, and is told.
func TestBackwards(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, "openai-video", `200 {"id":"v","status":"in_progress","progress":60}`, `200 {"id":"v","status":"queued","progress":10}`,
			`200 {"id":"v","status":"completed"}`)
		g.drive(time.Hour)
		k := g.want(task.Succeeded, fault.None)
		if !slices.Equal(g.states, []task.State{task.Running, task.Succeeded}) || len(k.Warnings) != 1 {
			t.Errorf("states %v, warnings %q", g.states, k.Warnings)
		}
	})
}

// TestClockJumps: hours that the clock jumps are not hours that a task was followed.
func TestClockJumps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, "openai-video", `200 {"id":"v","status":"queued"}`)
		off := time.Duration(0)
		g.p.Now = func() time.Time { return time.Now().Add(off) }
		g.drive(time.Minute)
		for _, off = range []time.Duration{72 * time.Hour, -72 * time.Hour, 100 * 365 * 24 * time.Hour, 0} {
			g.drive(time.Minute)
			if k := g.get(); k.State != task.Queued || k.Verdict != nil {
				t.Fatalf("after a jump of %s: %s %+v", off, k.State, k.Verdict)
			}
		}
		g.s.lines = []string{`200 {"id":"v","status":"completed"}`}
		g.drive(time.Hour)
		g.want(task.Succeeded, fault.None)
	})
}

// TestTrouble: what is not the task's fault never ends it.
func TestTrouble(t *testing.T) {
	for _, bad := range []string{"drop", "500 oops", "502 <html>", "200 <html>sign in</html>", `401 {"error":{"message":"bad key"}}`, "200 ", "200 {}", "503 ", `429 {"error":{"message":"slow down"}}`, "302 "} {
		synctest.Test(t, func(t *testing.T) {
			g := newRig(t, "openai-video", slices.Concat(slices.Repeat([]string{bad}, 6), []string{`200 {"id":"v","status":"completed"}`})...)
			g.drive(2 * time.Hour)
			if k := g.want(task.Succeeded, fault.None); t.Failed() {
				t.Errorf("after %q: %+v", bad, k)
			}
		})
	}
}

// TestRateShared: a refusal for the rate makes every task of the key wait, and they come back one by one.
func TestRateShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, "openai-video", `429 {"error":{"message":"slow down","code":"rate_limit_exceeded"}}`, `200 {"id":"v","status":"in_progress"}`)
		var ids []string
		for n := 2; n < 12; n++ {
			k := g.get()
			k.ID, k.UpstreamID = fmt.Sprintf("task_%d", n), fmt.Sprint(n)
			if _, _, err := g.p.Store.Create(t.Context(), k); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, k.ID)
		}
		wait, _, err := g.p.Step(t.Context(), g.id)
		if err != nil || wait < 20*time.Second {
			t.Fatalf("after Retry-After: 20 the task waits %s (%v)", wait, err)
		}
		refused := time.Now()
		for _, id := range ids {
			go func() {
				for range 3 {
					wait, _, err := g.p.Step(t.Context(), id)
					if err != nil {
						t.Error(err)
					}
					time.Sleep(wait)
				}
			}()
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(g.s.at) < 11 {
			t.Fatalf("only %d polls in a minute", len(g.s.at))
		}
		for i, at := range g.s.at[1:11] {
			if at.Sub(refused) < 20*time.Second {
				t.Errorf("poll %d left %s after the refusal", i, at.Sub(refused))
			}
			if i > 0 && at.Sub(g.s.at[i]) < 100*time.Millisecond {
				t.Errorf("poll %d came %s after the one before", i, at.Sub(g.s.at[i]))
			}
		}
	})
}

// TestNoKey: without a key the task waits and says so, and goes on when one is there.
func TestNoKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, "openai-video", `200 {"id":"v","status":"completed"}`)
		held := false
		g.p.Credential = func(context.Context, *task.Task) (task.Credential, bool) { return task.Credential{}, held }
		g.drive(time.Hour)
		if k := g.get(); k.State != task.Queued || !strings.Contains(k.Waiting, "key") || len(g.s.asked) != 0 {
			t.Errorf("%s, waiting %q, asked %v", k.State, k.Waiting, g.s.asked)
		}
		held = true
		g.drive(time.Hour)
		g.want(task.Succeeded, fault.None)
	})
}
