package telemetry

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/record"
)

func call(class fault.Class, cause fault.Cause, model string) *telltale.Call {
	x := &telltale.Exchange{Request: telltale.Request{Surface: telltale.Chat}}
	return &telltale.Call{
		ID: "01canaryid", Upstream: "comet", Elapsed: 1500 * time.Millisecond, Final: telltale.Diagnosis{Class: class, Cause: cause, Provider: "openai"},
		Attempts: []telltale.Attempt{{Exchange: x, Model: model, Upstream: "comet", Diagnosis: telltale.Diagnosis{Class: class, Cause: cause}}},
	}
}

func scrape(t *testing.T, m *Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if ct := w.Header().Get("Content-Type"); w.Code != 200 || !strings.HasPrefix(ct, "text/plain; version=0.0.4") {
		t.Fatalf("%d %s", w.Code, ct)
	}
	return w.Body.String()
}

func has(t *testing.T, page string, lines ...string) {
	t.Helper()
	for _, l := range lines {
		if !strings.Contains(page, l+"\n") {
			t.Errorf("missing: %s", l)
		}
	}
}

func TestWhatIsCounted(t *testing.T) {
	m := New(Options{Circuits: func() int { return 2 }, Recorder: func() record.Stats {
		return record.Stats{Recorded: 7, Dropped: 3, Bare: 2, Errors: 4, Purged: 5, Queued: 6, Waiting: 99, Failing: true}
	}})
	c := call(fault.OK, fault.None, "gpt-5.4")
	first := c.Attempts[0]
	first.Diagnosis = telltale.Diagnosis{Class: fault.Hard, Cause: fault.RateLimited}
	c.Attempts = append([]telltale.Attempt{first}, c.Attempts...)
	c.Stream, c.FirstByte, c.PossiblyBilled = true, 300*time.Millisecond, true
	c.Usage = telltale.Usage{Input: 100, Output: 20, Reasoning: 5}
	m.ObserveCall(t.Context(), c)
	j := call(fault.OK, fault.None, "judge-1")
	j.Task = "judge:classify"
	m.ObserveCall(t.Context(), j)
	m.ObserveCall(t.Context(), call(fault.Silent, "a cause of one's own", "gpt-5.4"))
	m.ObserveCall(t.Context(), &telltale.Call{Final: telltale.Diagnosis{Class: fault.Hard, Cause: fault.Network}})
	has(t, scrape(t, m),
		`telltale_calls_total{asked_by="client",cause="ok",class="ok",model="gpt-5.4",surface="chat",upstream="comet"} 1`,
		`telltale_calls_total{asked_by="judge",cause="ok",class="ok",model="judge-1",surface="chat",upstream="comet"} 1`,
		`telltale_calls_total{asked_by="client",cause="other",class="silent",model="gpt-5.4",surface="chat",upstream="comet"} 1`,
		`telltale_calls_total{asked_by="client",cause="network",class="hard",model="other",surface="other",upstream="other"} 1`,
		`telltale_attempts_total{cause="rate_limited",class="hard",surface="chat",upstream="comet"} 1`,
		`telltale_retries_total{cause="rate_limited",surface="chat",upstream="comet"} 1`,
		`telltale_possibly_billed_total{surface="chat",upstream="comet"} 1`,
		`gen_ai_client_operation_duration_seconds_sum{error_type="",gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="gpt-5.4"} 1.5`,
		`gen_ai_client_operation_duration_seconds_count{error_type="network",gen_ai_operation_name="other",gen_ai_provider_name="other",gen_ai_request_model="other"} 1`,
		`gen_ai_client_operation_time_to_first_chunk_seconds_sum{gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="gpt-5.4"} 0.3`,
		`gen_ai_client_token_usage_sum{asked_by="client",gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="gpt-5.4",gen_ai_token_type="input"} 100`,
		`gen_ai_client_token_usage_sum{asked_by="client",gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="gpt-5.4",gen_ai_token_type="output"} 20`,
		`telltale_circuits_open 2`, `telltale_recorder_recorded_total 7`, `telltale_recorder_dropped_total 3`, `telltale_recorder_without_bodies_total 2`,
		`telltale_recorder_errors_total 4`, `telltale_recorder_purged_total 5`, `telltale_recorder_queued 6`, `telltale_recorder_waiting_bytes 99`, `telltale_recorder_failing 1`,
	)
}

// What a client writes into the place of a name shows nowhere, and cannot make labels without end.
func TestLabelsHoldNoSecretsAndAreBounded(t *testing.T) {
	m := New(Options{})
	const key, prompt = "sk-proj-CaNaRy0123456789abcdefCaNaRy", "tell me the CaNaRy secret"
	for _, model := range []string{key, "ft:" + key, prompt, strings.Repeat("CaNaRy", 100), "CaNaRy\xff\xfe", "CaNaRy\n# TYPE x counter"} {
		c := call(fault.OK, fault.None, model)
		c.Task, c.Route, c.Notes, c.Changed = "CaNaRy", "POST /CaNaRy", []string{"CaNaRy"}, []string{"CaNaRy"}
		c.Final.RequestID, c.Final.ProviderMessage, c.Final.Summary, c.ID = "CaNaRy", "CaNaRy", "CaNaRy", "CaNaRy"
		c.Attempts[0].Exchange.Request.Header = http.Header{"Authorization": {"Bearer " + key}}
		c.Attempts[0].Exchange.Request.Body = []byte(prompt)
		c.Attempts[0].Exchange.Request.URL = "https://api.example.com/v1?key=" + key
		m.ObserveCall(t.Context(), c)
	}
	for i := range 1000 {
		m.ObserveCall(t.Context(), call(fault.OK, fault.None, fmt.Sprintf("model-%d", i)))
		c := call(fault.OK, fault.None, "gpt-5.4")
		c.Upstream = fmt.Sprintf("up-%d", i)
		m.ObserveCall(t.Context(), c)
	}
	m.ObserveCall(t.Context(), call(fault.Hard, fault.ModelNotFound, "no-such-model"))
	page := scrape(t, m)
	if strings.Contains(page, "CaNaRy") || strings.Contains(page, "no-such-model") {
		for l := range strings.Lines(page) {
			if strings.Contains(l, "CaNaRy") || strings.Contains(l, "no-such-model") {
				t.Errorf("shows %s", l)
			}
		}
	}
	series := strings.Count(page, "\ntelltale_calls_total{")
	if series > 310 || series < 300 {
		t.Errorf("%d series of calls", series)
	}
}

func TestObservingAtOnce(t *testing.T) {
	m := New(Options{})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for k := range 100 {
				m.ObserveCall(t.Context(), call(fault.OK, fault.None, fmt.Sprintf("m-%d", (i+k)%20)))
			}
			scrape(t, m)
		})
	}
	wg.Wait()
	n := 0
	for l := range strings.Lines(scrape(t, m)) {
		if rest, ok := strings.CutPrefix(l, "telltale_calls_total{"); ok {
			var one int
			fmt.Sscanf(rest[strings.LastIndex(rest, " "):], "%d", &one)
			n += one
		}
	}
	if n != 800 {
		t.Errorf("%d calls counted", n)
	}
}

// docs/metrics.md lists what is served, and nothing else.
func TestDocument(t *testing.T) {
	doc, err := os.ReadFile("../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	m := New(Options{Circuits: func() int { return 0 }, Recorder: func() record.Stats { return record.Stats{} }})
	c := call(fault.Hard, fault.Timeout, "gpt-5.4")
	c.Attempts, c.PossiblyBilled, c.Stream, c.FirstByte, c.Usage = append(c.Attempts, c.Attempts[0]), true, true, time.Second, telltale.Usage{Input: 1, Output: 1}
	m.ObserveCall(t.Context(), c)
	served := map[string]string{}
	for l := range strings.Lines(scrape(t, m)) {
		if f := strings.Fields(l); len(f) == 4 && f[1] == "TYPE" && !strings.HasPrefix(f[2], "go_") && !strings.HasPrefix(f[2], "process_") {
			served[f[2]] = f[3]
		}
	}
	want := map[string]string{}
	for _, d := range Table() {
		want[d.Name] = d.Kind
		labels := make([]string, len(d.Labels))
		for i, l := range d.Labels {
			labels[i] = "`" + l + "`"
		}
		row := fmt.Sprintf("| `%s` | %s | %s | %s |\n", d.Name, d.Kind, strings.Join(labels, ", "), d.Help)
		if !strings.Contains(string(doc), row) {
			t.Errorf("docs/metrics.md misses the row\n%s", row)
		}
	}
	if !maps.Equal(served, want) {
		t.Errorf("served %v, listed %v", slices.Sorted(maps.Keys(served)), slices.Sorted(maps.Keys(want)))
	}
	if n := strings.Count(string(doc), "\n| `"); n != len(want) {
		t.Errorf("docs/metrics.md has %d rows, not %d", n, len(want))
	}
}

func BenchmarkObserveCall(b *testing.B) {
	m, c := New(Options{}), call(fault.OK, fault.None, "gpt-5.4")
	c.Usage = telltale.Usage{Input: 100, Output: 20}
	b.ReportAllocs()
	for b.Loop() {
		m.ObserveCall(b.Context(), c)
	}
}
