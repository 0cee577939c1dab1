package main

import (
	"fmt"
	"net/http"

	"github.com/telltale-ai/telltale/dashboard"
	"github.com/telltale-ai/telltale/record"
	"github.com/telltale-ai/telltale/telemetry"
)

// metrics makes what counts the calls, and the handler of /metrics, which lets in whom the dashboard lets in.
func (s *server) metrics() (*telemetry.Metrics, http.Handler) {
	o := telemetry.Options{Circuits: func() int {
		if s.gateway == nil {
			return 0
		}
		return s.gateway.Transport().OpenCircuits()
	}}
	if s.recorder != nil {
		o.Recorder = func() record.Stats { return s.recorder.Stats() }
	}
	m := telemetry.New(o)
	return m, dashboard.Guard{Token: s.cfg.Admin.Token.Value()}.Wrap(m)
}

// trouble is what /readyz tells of while calls go through: nothing of what the store itself said, which may name hosts.
func (s *server) trouble() string {
	if s.recorder == nil {
		return ""
	}
	switch st := s.recorder.Stats(); {
	case st.Failing:
		return fmt.Sprintf("calls are not recorded just now, the store fails (%d lost since the start)", st.Dropped)
	case st.Dropped > 0:
		return fmt.Sprintf("%d calls were not recorded since the start", st.Dropped)
	}
	return ""
}
