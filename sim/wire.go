package sim

import (
	"bytes"
	"compress/gzip"
	"context"
	"net"
	"net/http"
	"strconv"
	"time"
)

// settle is how long bytes that were sent get to arrive before the connection is reset: a reset discards
// what the other side has not read yet.
const settle = 50 * time.Millisecond

// plain sends a body of known length, as far as the wire lets it.
func (w *wire) plain(c *call, status int, ctype string, body []byte) {
	if !w.begin(c) {
		return
	}
	h := c.w.Header()
	if w.gzip {
		body = gzipped(body)
		h.Set("Content-Encoding", "gzip")
	}
	if ctype != "" {
		h.Set("Content-Type", ctype)
	} else {
		h["Content-Type"] = nil
	}
	if w.pad > 0 || w.endless {
		c.head(status)
		w.flood(c)
		c.send(body)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	c.head(status)
	if w.cut || w.stall > 0 {
		n := min(w.after, len(body)/2)
		c.send(body[:n])
		c.flush()
		if w.stall > 0 && !c.wait(w.stall) {
			return
		}
		if w.cut {
			w.end(c, "abort") // a length was promised: there is no clean end
			return
		}
		body = body[n:]
	}
	if w.gap > 0 {
		size := max(1, len(body)/max(1, w.pieces))
		for len(body) > 0 {
			n := min(size, len(body))
			c.send(body[:n])
			c.flush()
			body = body[n:]
			if len(body) > 0 && !c.wait(w.gap) {
				return
			}
		}
	}
	c.send(body)
}

// events sends a stream, flushing after each event.
func (w *wire) events(c *call, ctype string, events [][]byte) {
	if !w.begin(c) {
		return
	}
	h := c.w.Header()
	h.Set("Content-Type", ctype)
	h.Set("Cache-Control", "no-cache")
	c.head(http.StatusOK)
	c.flush()
	if w.endless {
		w.flood(c)
	}
	for i, e := range events {
		if w.stall > 0 && i == w.after && !c.wait(w.stall) {
			return
		}
		if w.cut && i == w.after {
			w.end(c, "")
			return
		}
		c.send(e)
		c.flush()
		if w.gap > 0 && !c.wait(w.gap) {
			return
		}
	}
}

// begin waits and resets; false when there is nothing more to send.
func (w *wire) begin(c *call) bool {
	if w.wait > 0 && !c.wait(w.wait) {
		return false
	}
	if w.reset {
		c.drop()
		return false
	}
	return true
}

// end breaks a body off. how "" takes the wire's own way.
func (w *wire) end(c *call, how string) {
	if w.how == "reset" {
		how = "reset"
	} else if how == "" {
		how = w.how
	}
	switch how {
	case "reset":
		c.flush()
		c.wait(settle)
		c.drop()
	case "abort":
		c.flush()
		c.sever(false)
	}
}

// flood sends blanks, without end when the wire is endless.
func (w *wire) flood(c *call) {
	block := bytes.Repeat([]byte{' '}, 64<<10)
	for left := w.pad; left > 0 || w.endless; left -= int64(len(block)) {
		n := len(block)
		if !w.endless && left < int64(n) {
			n = int(left)
		}
		if c.r.Context().Err() != nil || !c.send(block[:n]) {
			return
		}
	}
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(b)
	_ = z.Close()
	return out.Bytes()
}

func (c *call) head(status int) {
	c.entry.status(status)
	c.w.WriteHeader(status)
}

// send writes bytes; false when the client has gone.
func (c *call) send(b []byte) bool {
	_, err := c.w.Write(b)
	return err == nil
}

func (c *call) flush() { _ = http.NewResponseController(c.w).Flush() }

// wait sleeps; false when the client left first.
func (c *call) wait(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-c.r.Context().Done():
		return false
	}
}

// drop resets the connection: the client sees ECONNRESET where the listener is TCP, else an end of file.
func (c *call) drop() { c.sever(true) }

// sever closes the connection under the answer; with a reset when asked. Where the connection cannot be had
// (a recorder, HTTP/2) the handler is aborted, which ends the stream with an error.
func (c *call) sever(reset bool) {
	c.entry.lost()
	conn, _, err := http.NewResponseController(c.w).Hijack()
	if err != nil {
		c.s.closeEntry(c)
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok && reset {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// gone reports whether ctx was ended by the client.
func gone(ctx context.Context) bool { return ctx.Err() != nil }
