package main

import (
	"io"
	"strings"

	"github.com/telltale-ai/telltale/internal/redact"
)

// stdlog is where the standard library's own log goes. net/http quotes there what a server sent unasked, which may
// be a piece of somebody's answer: the quotation is left out, and keys are redacted.
type stdlog struct{ w io.Writer }

func (l stdlog) Write(p []byte) (int, error) {
	s := string(p)
	if at := strings.Index(s, " starting with "); at >= 0 && strings.Contains(s[:at], "Unsolicited response") {
		s = s[:at] + "\n"
	}
	if _, err := io.WriteString(l.w, redact.String(s)); err != nil {
		return 0, err
	}
	return len(p), nil
}
