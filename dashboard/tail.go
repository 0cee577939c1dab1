package dashboard

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

const (
	heartbeat = 15 * time.Second // a comment that often keeps proxies from closing a quiet stream
	tailWrite = 10 * time.Second // a reader who takes longer is let go
	tailQueue = 256              // calls that may wait for a reader; more are left out
)

// apiTail streams every call that is recorded from now on by this gateway, as server-sent events:
// event "call", its id, and the entry as data, without requests and responses.
func (d *Dashboard) apiTail(w http.ResponseWriter, r *http.Request) {
	f, err := filter(r.URL.Query(), time.Now())
	if err != nil {
		refuse(w, err)
		return
	}
	if d.Recorder == nil {
		fail(w, http.StatusNotFound, "this process records no calls", "ask the gateway itself")
		return
	}
	calls, cancel := d.Recorder.Watch(tailQueue)
	defer cancel()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	out := http.NewResponseController(w)
	write := func(b []byte) bool {
		_ = out.SetWriteDeadline(time.Now().Add(tailWrite))
		if _, err := w.Write(b); err != nil {
			return false
		}
		return out.Flush() == nil
	}
	if !write([]byte(": calls as they end\n\n")) {
		return
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case e, more := <-calls:
			if !more {
				return
			}
			if !f.Match(&e) {
				continue
			}
			var b bytes.Buffer
			fmt.Fprintf(&b, "event: call\nid: %s\ndata: ", e.ID)
			enc := json.NewEncoder(&b)
			enc.SetEscapeHTML(false)
			if enc.Encode(e) != nil {
				continue
			}
			b.WriteByte('\n')
			if !write(b.Bytes()) {
				return
			}
		case <-beat.C:
			if !write([]byte(":\n\n")) {
				return
			}
		case <-d.closed:
			return
		case <-r.Context().Done():
			return
		}
	}
}
