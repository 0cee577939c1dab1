package gateway

import (
	"net/http"
	"strconv"
	"strings"
	"sync"

	telltale "github.com/telltale-ai/telltale"
)

// verdict writes what became of a call into h.
func verdict(h http.Header, c *telltale.Call) {
	d := &c.Final
	v := [...]string{string(d.Class), string(d.Cause), strconv.FormatBool(d.Retryable), strconv.Itoa(len(c.Attempts))}
	h["Telltale-Class"] = v[0:1:1]
	h["Telltale-Cause"] = v[1:2:2]
	h["Telltale-Retryable"] = v[2:3:3]
	h["Telltale-Attempts"] = v[3:4:4]
	if len(c.Changed) > 0 {
		h["Telltale-Changed"] = []string{clean(strings.Join(c.Changed, "; "))}
	}
}

// clean makes text fit for a header: one line of printable ASCII, at most 1,000 bytes.
func clean(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c < ' ' || c > '~' {
			b[i] = '?'
		}
	}
	return string(b[:min(len(b), 1000)])
}

func itoa(n int) string { return strconv.Itoa(n) }

func bodyAllowed(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}

// informer passes 1xx answers on until the final one is begun.
type informer struct {
	mu sync.Mutex
	w  http.ResponseWriter
	on bool
}

func (i *informer) inform(status int, h http.Header) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !i.on {
		return
	}
	own := i.w.Header()
	for k, v := range h {
		own[k] = v
	}
	i.w.WriteHeader(status)
	clear(own)
}

func (i *informer) stop() {
	i.mu.Lock()
	i.on = false
	i.mu.Unlock()
}
