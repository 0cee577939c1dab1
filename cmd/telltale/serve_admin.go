package main

import (
	"net/http"

	"github.com/telltale-ai/telltale/dashboard"
)

// administration makes the administration side; nil when nothing is recorded.
func (s *server) administration() http.Handler {
	if s.records == nil {
		return nil
	}
	at := s.cfg.Admin.Listen
	if at == "" {
		at = s.cfg.Listen
	}
	token := s.cfg.Admin.Token.Value()
	if token == "" && dashboard.NeedsToken(at) {
		s.warnings = append(s.warnings, "the administration side has no token, so it answers on loopback only: set admin.token (TELLTALE_TOKEN)")
	}
	d := dashboard.New(dashboard.Options{Store: s.records, Recorder: s.recorder, Token: token})
	s.stopping = append(s.stopping, d.Close)
	return d
}
