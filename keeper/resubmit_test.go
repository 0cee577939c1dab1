package keeper_test

import (
	"strings"
	"testing"
	"time"

	"github.com/telltale-ai/telltale/keeper"
	"github.com/telltale-ai/telltale/task"
)

// TestResubmission: a task that is stuck in the queue is given up and submitted once more, to the model that the
// owner names, with the rest of its request; without a name for its model it is only told.
func TestResubmission(t *testing.T) {
	r := newRig(t, func(c *keeper.Config) {
		c.QueueLimit, c.LostAfter = 100*time.Millisecond, 200*time.Millisecond
		c.Instead = func(model string) string {
			if strings.HasPrefix(model, "sora-2@") {
				return "sora-2-pro@ok;polls=1"
			}
			return ""
		}
	})
	old := r.create("/v1/videos", "sora-2@video-stuck")
	told := r.create("/v1/videos", "other@video-stuck")
	v := r.wait(old)
	if v.State != task.Cancelled || v.Diagnosis.Cause != "task_stuck" {
		t.Fatalf("%s: %+v", v.State, v.Diagnosis)
	}
	list, err := r.q.List(t.Context(), task.Filter{Limit: 100})
	if err != nil || len(list) != 3 {
		t.Fatalf("%d tasks, %v", len(list), err)
	}
	for _, k := range list {
		switch {
		case k.ResubmittedFrom == old:
			if again := r.wait(k.ID); again.State != task.Succeeded || len(again.Media) != 1 || k.Model != "sora-2-pro@ok;polls=1" || !strings.Contains(v.Diagnosis.Summary, k.ID) {
				t.Errorf("%s of %s: %+v; told: %s", again.State, k.Model, again.Diagnosis, v.Diagnosis.Summary)
			}
		case k.ID == told:
			if len(k.Create) != 0 || k.ResubmittedAs != "" {
				t.Errorf("a task without another model: prompt stored %v, resubmitted as %q", len(k.Create) != 0, k.ResubmittedAs)
			}
		}
	}
	r.noKeyOnDisk()
}
