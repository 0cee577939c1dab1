// Package telemetry counts calls for Prometheus: make a [Metrics] with [New], give it to recovery as an
// observer, and serve it at /metrics.
//
// Its labels hold no key, no text of a prompt and no id, and their number is bounded: see [Metrics].
package telemetry

import (
	"context"
	"net/http"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/record"
)

// Options says what is shown beside the calls. The zero value shows the calls alone.
type Options struct {
	Recorder func() record.Stats // how recording goes; nil: not shown
	Circuits func() int          // circuit breakers that are open now; nil: not shown
}

// Metrics counts what it observes. It is an Observer and a CallObserver of recovery, and the http.Handler of
// /metrics; safe for concurrent use.
//
// The first 200 models and 100 upstreams get a label of their own, later ones count as "other"; so does a model
// that its provider does not know.
type Metrics struct {
	handler   http.Handler
	models    names
	upstreams names

	calls, attempts, retries, billed *prometheus.CounterVec
	duration, first, tokens          *prometheus.HistogramVec
}

// New makes a Metrics with a registry of its own.
func New(o Options) *Metrics {
	m := &Metrics{models: names{most: 200}, upstreams: names{most: 100}}
	reg := prometheus.NewRegistry()
	counter := func(name string) *prometheus.CounterVec {
		d := described(name)
		v := prometheus.NewCounterVec(prometheus.CounterOpts{Name: d.Name, Help: d.Help}, d.Labels)
		reg.MustRegister(v)
		return v
	}
	histogram := func(name string, buckets []float64) *prometheus.HistogramVec {
		d := described(name)
		v := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: d.Name, Help: d.Help, Buckets: buckets}, d.Labels)
		reg.MustRegister(v)
		return v
	}
	m.calls, m.attempts = counter("telltale_calls_total"), counter("telltale_attempts_total")
	m.retries, m.billed = counter("telltale_retries_total"), counter("telltale_possibly_billed_total")
	m.duration = histogram("gen_ai_client_operation_duration_seconds", seconds())
	m.first = histogram("gen_ai_client_operation_time_to_first_chunk_seconds", seconds())
	m.tokens = histogram("gen_ai_client_token_usage", prometheus.ExponentialBuckets(1, 4, 14))
	reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if o.Recorder != nil {
		reg.MustRegister(recorder(o.Recorder))
	}
	if o.Circuits != nil {
		d := described("telltale_circuits_open")
		reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: d.Name, Help: d.Help}, func() float64 { return float64(o.Circuits()) }))
	}
	m.handler = promhttp.HandlerFor(reg, promhttp.HandlerOpts{})
	return m
}

// seconds are the buckets that the OpenTelemetry GenAI conventions name, and two more for long calls.
func seconds() []float64 { return prometheus.ExponentialBuckets(0.01, 2, 16) }

// ServeHTTP answers with all metrics in the format that the client asks for.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) { m.handler.ServeHTTP(w, r) }

// Observe does nothing: a call's attempts are counted at its end.
func (m *Metrics) Observe(context.Context, *telltale.Exchange, telltale.Diagnosis) {}

// ObserveCall counts c.
func (m *Metrics) ObserveCall(_ context.Context, c *telltale.Call) {
	var model, surface string
	if len(c.Attempts) > 0 {
		first := &c.Attempts[0]
		model = first.Model
		if first.Exchange != nil {
			surface = string(first.Exchange.Request.Surface)
		}
	}
	class, cause := string(c.Final.Class), causeOf(&c.Final)
	up, surface := m.upstreams.label(c.Upstream, true), surfaceOf(surface)
	model = m.models.label(model, c.Final.Cause != fault.ModelNotFound && c.Final.Cause != fault.Authentication)
	asked := askedBy(c.Task)
	m.calls.WithLabelValues(class, cause, up, model, surface, asked).Inc()
	if c.PossiblyBilled {
		m.billed.WithLabelValues(up, surface).Inc()
	}
	for i := range c.Attempts {
		a := &c.Attempts[i]
		at := m.upstreams.label(a.Upstream, true)
		m.attempts.WithLabelValues(string(a.Diagnosis.Class), causeOf(&a.Diagnosis), at, surface).Inc()
		if i > 0 && !c.Attempts[i-1].Diagnosis.OK() {
			m.retries.WithLabelValues(causeOf(&c.Attempts[i-1].Diagnosis), up, surface).Inc()
		}
	}
	op, provider, failed := operation(surface), m.upstreams.label(provider(c), true), ""
	if !c.Final.OK() {
		failed = cause
	}
	m.duration.WithLabelValues(op, provider, model, failed).Observe(c.Elapsed.Seconds())
	if c.Stream && c.FirstByte > 0 {
		m.first.WithLabelValues(op, provider, model).Observe(c.FirstByte.Seconds())
	}
	if n := c.Usage.Input; n > 0 {
		m.tokens.WithLabelValues(op, provider, model, "input", asked).Observe(float64(n))
	}
	if n := c.Usage.Output; n > 0 {
		m.tokens.WithLabelValues(op, provider, model, "output", asked).Observe(float64(n))
	}
}

func provider(c *telltale.Call) string {
	if c.Final.Provider != "" {
		return c.Final.Provider
	}
	return c.Upstream
}

// causeOf is a cause of the vocabulary; a catalogue of one's own may know others.
func causeOf(d *telltale.Diagnosis) string {
	if _, ok := fault.Lookup(d.Cause); !ok {
		return other
	}
	return string(d.Cause)
}

// surfaceOf is a surface that there is.
func surfaceOf(s string) string {
	switch telltale.Surface(s) {
	case telltale.Chat, telltale.Responses, telltale.Messages, telltale.GenerateContent, telltale.Converse, telltale.Embeddings,
		telltale.Images, telltale.VideoCreate, telltale.VideoPoll, telltale.MediaDownload, telltale.Models:
		return s
	}
	return other
}

// operation is what the OpenTelemetry GenAI conventions call a surface (gen_ai.operation.name).
func operation(surface string) string {
	switch telltale.Surface(surface) {
	case telltale.Chat, telltale.Responses, telltale.Messages, telltale.Converse:
		return "chat"
	}
	return surface
}

// askedBy tells Telltale's own calls from those of clients.
func askedBy(task string) string {
	switch kind, _, _ := strings.Cut(task, ":"); kind {
	case "judge", "agree":
		return kind
	}
	return "client"
}
