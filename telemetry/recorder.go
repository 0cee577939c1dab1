package telemetry

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/telltale-ai/telltale/record"
)

// recorder shows how recording goes.
type recorder func() record.Stats

const recorderPrefix = "telltale_recorder_"

func describe(name string) *prometheus.Desc {
	d := described(recorderPrefix + name)
	return prometheus.NewDesc(d.Name, d.Help, nil, nil)
}

// Describe sends nothing: what is collected is checked when it is.
func (r recorder) Describe(chan<- *prometheus.Desc) {}

// Collect asks the recorder once.
func (r recorder) Collect(out chan<- prometheus.Metric) {
	s := r()
	failing := 0.0
	if s.Failing {
		failing = 1
	}
	for _, m := range []struct {
		name string
		kind prometheus.ValueType
		v    float64
	}{
		{"recorded_total", prometheus.CounterValue, float64(s.Recorded)},
		{"dropped_total", prometheus.CounterValue, float64(s.Dropped)},
		{"without_bodies_total", prometheus.CounterValue, float64(s.Bare)},
		{"errors_total", prometheus.CounterValue, float64(s.Errors)},
		{"purged_total", prometheus.CounterValue, float64(s.Purged)},
		{"queued", prometheus.GaugeValue, float64(s.Queued)},
		{"waiting_bytes", prometheus.GaugeValue, float64(s.Waiting)},
		{"failing", prometheus.GaugeValue, failing},
	} {
		out <- prometheus.MustNewConstMetric(describe(m.name), m.kind, m.v)
	}
}
