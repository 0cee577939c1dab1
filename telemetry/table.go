package telemetry

// Described is one metric as docs/metrics.md lists it.
type Described struct {
	Name, Kind string
	Labels     []string
	Help       string
}

// Table lists every metric but those of the Go runtime and the process.
func Table() []Described {
	return []Described{
		{"telltale_calls_total", "counter", []string{"class", "cause", "upstream", "model", "surface", "asked_by"}, "Calls that ended, by their final diagnosis. asked_by is client, or judge and agree for second opinions."},
		{"telltale_attempts_total", "counter", []string{"class", "cause", "upstream", "surface"}, "Requests that were sent to an upstream, by their own diagnosis."},
		{"telltale_retries_total", "counter", []string{"cause", "upstream", "surface"}, "Further attempts of a call, by the cause of the failure before."},
		{"telltale_possibly_billed_total", "counter", []string{"upstream", "surface"}, "Calls with an attempt whose answer was lost and that may have been charged."},
		{"gen_ai_client_operation_duration_seconds", "histogram", []string{"gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "error_type"}, "Time from the client's request to the end of the answer, waits and retries included. error_type is the cause, empty for a healthy call."},
		{"gen_ai_client_operation_time_to_first_chunk_seconds", "histogram", []string{"gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model"}, "Time from the client's request to the first event with output, streams only."},
		{"gen_ai_client_token_usage", "histogram", []string{"gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "gen_ai_token_type", "asked_by"}, "Tokens of a call as the provider reported them, all attempts together. gen_ai_token_type is input or output; output includes reasoning."},
		{"telltale_circuits_open", "gauge", nil, "Circuit breakers that are open now, one for each upstream and model."},
		{"telltale_recorder_recorded_total", "counter", nil, "Calls written to the store."},
		{"telltale_recorder_dropped_total", "counter", nil, "Calls that were not recorded: the queue was full, or the store failed."},
		{"telltale_recorder_without_bodies_total", "counter", nil, "Failures recorded without their bodies, because too many waited."},
		{"telltale_recorder_errors_total", "counter", nil, "Times that the store failed."},
		{"telltale_recorder_purged_total", "counter", nil, "Calls removed by age or size."},
		{"telltale_recorder_queued", "gauge", nil, "Calls that wait for the store."},
		{"telltale_recorder_waiting_bytes", "gauge", nil, "Bytes of bodies that wait for the store."},
		{"telltale_recorder_failing", "gauge", nil, "1 when the last write to the store failed."},
	}
}

func described(name string) Described {
	for _, d := range Table() {
		if d.Name == name {
			return d
		}
	}
	panic("telemetry: no metric is called " + name)
}
