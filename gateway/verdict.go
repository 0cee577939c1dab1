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
	h["Telltale-Class"] = []string{string(d.Class)}
	h["Telltale-Cause"] = []string{string(d.Cause)}
	h["Telltale-Retryable"] = []string{strconv.FormatBool(d.Retryable)}
	h["Telltale-Attempts"] = []string{strconv.Itoa(len(c.Attempts))}
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
