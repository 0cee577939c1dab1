package keeper_test

import (
	"strings"
	"testing"

	"github.com/telltale-ai/telltale/expect"
	"github.com/telltale-ai/telltale/gateway"
	"github.com/telltale-ai/telltale/keeper"
	"github.com/telltale-ai/telltale/task"
)

// TestExpectedMedia: a video that is kept and is not what the call's expectation says is a silent failure, with what
// was expected and what came; one that is as expected is healthy.
func TestExpectedMedia(t *testing.T) {
	expected := map[string]*expect.Expectation{}
	for name, spec := range map[string]expect.Spec{"clip": {Format: "mp4"}, "long": {MinDuration: "10m"}, "picture": {Format: "png"}} {
		e, err := expect.Compile(spec, expect.Options{})
		if err != nil {
			t.Fatal(err)
		}
		expected[name] = e
	}
	r := newRig(t, func(c *keeper.Config) { c.Expect = expected }, func(c *gateway.Config) { c.Expect = expected })
	for name, want := range map[string]string{"clip": "", "long": "min_duration: at least 10m was expected", "picture": "format: png was expected, video/mp4 came"} {
		v := r.wait(r.create("/v1/videos", "sora-2@ok;polls=1", "Telltale-Task", name))
		if v.State != task.Succeeded || len(v.Media) != 1 {
			t.Fatalf("%s: %s %+v", name, v.State, v.Diagnosis)
		}
		silent := v.Diagnosis != nil && v.Diagnosis.Class == "silent" && v.Diagnosis.Cause == "unexpected_output" && strings.Contains(v.Diagnosis.Summary, want)
		if silent != (want != "") {
			t.Errorf("%s: %+v", name, v.Diagnosis)
		}
	}
}
