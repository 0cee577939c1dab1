package telemetry

import (
	"strings"
	"sync"

	"github.com/telltale-ai/telltale/internal/redact"
)

// other is the label of what has none of its own.
const other = "other"

// names bounds the values of a label: the first most of them stand for themselves. The zero value lets none in.
type names struct {
	most  int
	known sync.Map // what was seen -> its label
	mu    sync.Mutex
	n     int
}

// label is the label of s. A name that is new gets one only where admit is true.
func (k *names) label(s string, admit bool) string {
	if s == "" {
		return other
	}
	if l, ok := k.known.Load(s); ok {
		return l.(string)
	}
	if !admit || len(s) > 100 {
		return other
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if l, ok := k.known.Load(s); ok {
		return l.(string)
	}
	if k.n >= k.most {
		return other
	}
	if redact.String(s) != s || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || r == 0xFFFD }) {
		return other // a key or a prompt in the place of a name
	}
	k.n++
	k.known.Store(strings.Clone(s), strings.Clone(s))
	return s
}
