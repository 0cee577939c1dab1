package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/recovery"
)

// hop are the headers that belong to one connection (RFC 9110, section 7.6.1), and those that are the gateway's own.
var hop = map[string]bool{
	"Connection": true, "Proxy-Connection": true, "Keep-Alive": true, "Proxy-Authenticate": true, "Proxy-Authorization": true,
	"Te": true, "Trailer": true, "Transfer-Encoding": true, "Upgrade": true,
	"Telltale-Mode": true, "Telltale-Recover": true, "Telltale-Task": true, "Telltale-Expect": true, "Telltale-Webhook": true,
}

// inbound makes the header of the request that goes on.
func inbound(h http.Header) http.Header {
	out := make(http.Header, len(h)+1)
	for k, v := range h {
		if !hop[k] {
			out[k] = v
		}
	}
	for _, f := range h["Connection"] {
		for name := range strings.SplitSeq(f, ",") {
			out.Del(strings.TrimSpace(name))
		}
	}
	for _, f := range h["Te"] {
		if strings.Contains(strings.ToLower(f), "trailers") {
			out["Te"] = []string{"trailers"}
		}
	}
	if _, ok := out["User-Agent"]; !ok {
		out["User-Agent"] = []string{""} // the standard library would put its own
	}
	return out
}

func (g *Gateway) forward(w http.ResponseWriter, r *http.Request) {
	up, to := g.find(r.URL)
	if up == nil {
		g.refuse(w, r, http.StatusNotFound, fault.EndpointNotFound, "No upstream is named in the path "+r.URL.Path+", and there is no default one.",
			"Begin the path with the name of an upstream, or name default_upstream in the configuration.")
		return
	}
	s, err := g.settings(r, up)
	if err != nil {
		g.refuse(w, r, http.StatusBadRequest, fault.InvalidRequest, err.Error(), "Correct or leave out the header.")
		return
	}
	head := inbound(r.Header)
	if up.Key != "" {
		recovery.SetKey(head, to, up.Key)
		if q := to.Query(); q.Has("key") {
			q.Del("key")
			to.RawQuery = q.Encode()
		}
	}
	if r.Header.Get("Upgrade") != "" {
		g.tunnel(w, r, to, head)
		return
	}
	in := &informer{w: w, on: true}
	s.Informational = in.inform
	defer in.stop()
	out := r.WithContext(recovery.With(r.Context(), s))
	out.URL, out.Header, out.Host, out.RequestURI = to, head, to.Host, ""
	out.Proto, out.ProtoMajor, out.ProtoMinor = "HTTP/1.1", 1, 1
	out.TransferEncoding, out.Close = nil, false
	if r.ContentLength == 0 {
		out.Body = http.NoBody
	}
	if g.cfg.Tasks != nil && mayBeTask(r) {
		if resp, ok := g.cfg.Tasks.Answer(out.Context(), up.Name, out); ok {
			g.send(w, r, s, resp, nil)
			return
		}
	}
	resp, err := g.transport.RoundTrip(out)
	if err != nil {
		g.failed(w, r, s, err)
		return
	}
	g.send(w, r, s, resp, out)
}

// settings reads what the request's own headers ask of the gateway.
func (g *Gateway) settings(r *http.Request, up *recovery.Upstream) (*recovery.Settings, error) {
	s := &recovery.Settings{ID: recovery.NewID(), Upstream: up, Route: r.Method + " " + r.URL.Path}
	h := r.Header
	var err error
	if v := h.Get("Telltale-Mode"); v != "" {
		if s.Mode, err = recovery.ParseMode(v); err != nil {
			return nil, fmt.Errorf("Telltale-Mode: %w", err)
		}
	}
	if v := h.Get("Telltale-Recover"); v != "" {
		if s.Recover, err = recovery.ParseRecoveries(v); err != nil {
			return nil, fmt.Errorf("Telltale-Recover: %w", err)
		}
	}
	if v := h.Get("Telltale-Task"); v != "" {
		s.Task = v
	}
	if v := h.Get("Telltale-Expect"); v != "" {
		if g.cfg.ParseExpect == nil {
			return nil, errors.New("Telltale-Expect: expectations are not served here")
		}
		if s.Expect, err = g.cfg.ParseExpect(v); err != nil {
			return nil, fmt.Errorf("Telltale-Expect: %w", err)
		}
	}
	return s, nil
}

var buffers = sync.Pool{New: func() any { b := make([]byte, 32<<10); return &b }}

// send gives the client the response. out is nil when the response is not an upstream's.
func (g *Gateway) send(w http.ResponseWriter, r *http.Request, s *recovery.Settings, resp *http.Response, out *http.Request) {
	defer resp.Body.Close()
	call, known := recovery.CallOf(resp, nil)
	body, whole := resp.Body.(interface{ Bytes() []byte })
	// A file of known length keeps its length; any other body that passes by has its verdict behind it.
	trailers := known && !whole && (resp.ContentLength < 0 || strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream"))
	h := w.Header()
	for k, v := range resp.Header {
		if !hop[k] {
			h[k] = v
		}
	}
	for _, f := range resp.Header["Connection"] {
		for name := range strings.SplitSeq(f, ",") {
			h.Del(strings.TrimSpace(name))
		}
	}
	if _, ok := h["Content-Type"]; !ok {
		h["Content-Type"] = nil // the standard library would guess one
	}
	var replaced []byte
	if whole && known && g.cfg.Tasks != nil && mayBeTask(r) && r.Method == http.MethodPost && call.Final.OK() && resp.StatusCode < 300 {
		replaced = g.accepted(r, call, h, body.Bytes())
	}
	h["Telltale-Call"] = []string{s.ID}
	if known && whole {
		verdict(h, call)
	} else if trailers {
		h["Trailer"] = []string{"Telltale-Class, Telltale-Cause, Telltale-Retryable, Telltale-Attempts, Telltale-Changed"}
	}
	for k := range resp.Trailer {
		h.Add("Trailer", k)
	}
	if whole {
		b := body.Bytes()
		if replaced != nil {
			b = replaced
		}
		if r.Method != http.MethodHead && bodyAllowed(resp.StatusCode) && len(resp.Trailer) == 0 {
			h["Content-Length"] = []string{itoa(len(b))}
		}
		w.WriteHeader(resp.StatusCode)
		if r.Method != http.MethodHead && len(b) > 0 {
			_, _ = w.Write(b)
		}
	} else {
		if trailers {
			h.Del("Content-Length") // they need a chunked body
		}
		w.WriteHeader(resp.StatusCode)
		if err := copyOut(w, resp.Body); err != nil {
			resp.Body.Close()
			panic(http.ErrAbortHandler) // never a clean end after a cut
		}
		if trailers {
			_ = resp.Body.Close()
			verdict(h, call)
		}
	}
	for k, v := range resp.Trailer {
		h[k] = v
	}
}

// copyOut copies and flushes every piece as it comes. A client that reads slowly slows the upstream down.
func copyOut(w http.ResponseWriter, body io.Reader) error {
	f, _ := w.(http.Flusher)
	if f != nil {
		f.Flush() // the client sees the header before the first event
	}
	b := buffers.Get().(*[]byte)
	defer buffers.Put(b)
	for {
		n, err := body.Read(*b)
		if n > 0 {
			if _, werr := w.Write((*b)[:n]); werr != nil {
				return werr
			}
			if f != nil {
				f.Flush()
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (g *Gateway) accepted(r *http.Request, call *telltale.Call, h http.Header, body []byte) (replaced []byte) {
	defer func() {
		if recover() != nil {
			replaced = nil // the client gets the provider's own answer
		}
	}()
	return g.cfg.Tasks.Accepted(context.WithoutCancel(r.Context()), call, r.Header.Get("Telltale-Webhook"), h, body)
}

// mayBeTask reports whether a request can have to do with a long task: those for text have not.
func mayBeTask(r *http.Request) bool {
	switch recovery.SurfaceOf(r.Method, r.URL.Path) {
	case telltale.Chat, telltale.Responses, telltale.Messages, telltale.Embeddings, telltale.Converse:
		return false
	}
	return true
}

// failed answers a call that ended without a response: nobody reads it when the client left.
func (g *Gateway) failed(w http.ResponseWriter, r *http.Request, s *recovery.Settings, err error) {
	if r.Context().Err() != nil {
		panic(http.ErrAbortHandler)
	}
	d, ok := telltale.FromError(err)
	status := http.StatusBadGateway
	if d.Cause == fault.Timeout {
		status = http.StatusGatewayTimeout
	}
	if !ok { // the request could not be read
		status = http.StatusBadRequest
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			status = http.StatusRequestEntityTooLarge
		}
		d = telltale.Diagnosis{Class: fault.Hard, Cause: fault.InvalidRequest, Summary: "The request could not be read to its end."}
	}
	w.Header()["Telltale-Call"] = []string{s.ID}
	if c, known := recovery.CallOf(nil, err); known {
		verdict(w.Header(), c)
	}
	reply(w, r, status, d)
}

// refuse answers a request that cannot be forwarded.
func (g *Gateway) refuse(w http.ResponseWriter, r *http.Request, status int, cause fault.Cause, summary, remedy string) {
	i, _ := fault.Lookup(cause)
	d := telltale.Diagnosis{Class: fault.Hard, Cause: cause, Action: i.Action, Summary: summary, Remedies: []string{remedy}}
	h := w.Header()
	h.Set("Telltale-Class", string(d.Class))
	h.Set("Telltale-Cause", string(d.Cause))
	h.Set("Telltale-Retryable", "false")
	h.Set("Telltale-Attempts", "0")
	reply(w, r, status, d)
}

func reply(w http.ResponseWriter, r *http.Request, status int, d telltale.Diagnosis) {
	b := recovery.ErrorBody(r, status, d)
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("X-Should-Retry", "false")
	h.Set("Content-Length", itoa(len(b)))
	w.WriteHeader(status)
	_, _ = w.Write(b)
}

// tunnel passes an upgraded connection, such as a WebSocket, through.
func (g *Gateway) tunnel(w http.ResponseWriter, r *http.Request, to *url.URL, head http.Header) {
	out := r.Clone(r.Context())
	out.URL, out.Host, out.Header = to, to.Host, head
	out.Header["Connection"], out.Header["Upgrade"] = []string{"Upgrade"}, r.Header["Upgrade"]
	g.upgrade.ServeHTTP(w, out)
}

func upgradeFailed(w http.ResponseWriter, r *http.Request, err error) {
	x := &telltale.Exchange{Request: telltale.Request{Method: r.Method, URL: r.URL.String()}, Err: err}
	reply(w, r, http.StatusBadGateway, telltale.Diagnose(x))
}
