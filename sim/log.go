package sim

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// keptEntries bounds the log; the counters go on.
const keptEntries = 10_000

// Entry is one request that was served, without its body. Keys are kept as a fingerprint.
type Entry struct {
	N         int       `json:"n"`
	Time      time.Time `json:"time"`
	Method    string    `json:"method"`
	Path      string    `json:"path"`
	API       string    `json:"api"` // chat, images, kling, ...
	Model     string    `json:"model,omitempty"`
	Key       string    `json:"key,omitempty"`   // fingerprint of the API key
	Fault     string    `json:"fault,omitempty"` // what was played
	Status    int       `json:"status"`          // 0 when no head was sent
	Task      string    `json:"task,omitempty"`
	RequestID string    `json:"request_id"`
	Aborted   bool      `json:"aborted,omitempty"` // the client left before the end
	Severed   bool      `json:"severed,omitempty"` // the server cut the connection
	Done      bool      `json:"done"`

	mu *sync.Mutex
}

// Stats counts what was asked since the start or the last [Server.Reset].
type Stats struct {
	Requests int            `json:"requests"`
	Aborted  int            `json:"aborted"`  // the client left before the end
	ByAPI    map[string]int `json:"by_api"`   // requests, by API
	ByFault  map[string]int `json:"by_fault"` // requests, by what was played
	// Creates counts the media generations that were accepted (and would be charged), whether or not the answer
	// arrived: by the id of the order if it has one, else by the prompt.
	Creates map[string]int `json:"creates"`
	Keys    map[string]int `json:"keys"` // requests, by fingerprint of the key
}

type journal struct {
	mu      sync.Mutex
	n       int
	entries []*Entry
	stats   Stats
}

func newStats() Stats {
	return Stats{ByAPI: map[string]int{}, ByFault: map[string]int{}, Creates: map[string]int{}, Keys: map[string]int{}}
}

// Log returns the latest requests, oldest first.
func (s *Server) Log() []Entry {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	out := make([]Entry, len(s.log.entries))
	for i, e := range s.log.entries {
		out[i] = *e
		out[i].mu = nil
	}
	return out
}

// Stats returns the counters.
func (s *Server) Stats() Stats {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	st := s.log.stats
	st.ByAPI, st.ByFault = maps.Clone(st.ByAPI), maps.Clone(st.ByFault)
	st.Creates, st.Keys = maps.Clone(st.Creates), maps.Clone(st.Keys)
	return st
}

// Reset forgets the log, the counters and the places in sequences; tasks and media stay.
func (s *Server) Reset() {
	s.log.mu.Lock()
	s.log.entries, s.log.stats, s.log.n = nil, Stats{}, 0
	s.log.mu.Unlock()
	s.mu.Lock()
	clear(s.seq)
	s.mu.Unlock()
}

func (s *Server) open(c *call) *Entry {
	e := &Entry{Time: s.now(), Method: c.r.Method, Path: c.r.URL.Path, API: c.d.name, Model: c.model,
		Key: s.fingerprint(c.r), RequestID: s.id("req_"), mu: &s.log.mu}
	l := &s.log
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stats.ByAPI == nil {
		l.stats = newStats()
	}
	l.n++
	e.N = l.n
	l.stats.Requests++
	l.stats.ByAPI[e.API]++
	if e.Key != "" {
		l.stats.Keys[e.Key]++
	}
	if len(l.entries) >= keptEntries {
		l.entries = slices.Delete(l.entries, 0, keptEntries/10)
	}
	l.entries = append(l.entries, e)
	return e
}

// closeEntry ends the entry of a call.
func (s *Server) closeEntry(c *call) {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	if c.entry.Done {
		return
	}
	c.entry.Done = true
	if gone(c.r.Context()) && !c.entry.Severed {
		c.entry.Aborted = true
		s.log.stats.Aborted++
	}
}

// note says which fault a call plays.
func (c *call) note(fault string) {
	l := &c.s.log
	l.mu.Lock()
	defer l.mu.Unlock()
	c.entry.Fault = fault
	if l.stats.ByFault == nil {
		l.stats = newStats()
	}
	l.stats.ByFault[fault]++
}

// accepted counts a generation that would be charged.
func (c *call) accepted(id string) {
	if id == "" {
		id = c.prompt
	}
	l := &c.s.log
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stats.Creates == nil {
		l.stats = newStats()
	}
	l.stats.Creates[id]++
}

func (e *Entry) status(n int) { e.mu.Lock(); e.Status = n; e.mu.Unlock() }
func (e *Entry) lost()        { e.mu.Lock(); e.Severed = true; e.mu.Unlock() }
func (e *Entry) task(id string) {
	e.mu.Lock()
	e.Task = id
	e.mu.Unlock()
}

// fingerprint tells keys apart without keeping them.
func (s *Server) fingerprint(r *http.Request) string {
	for _, v := range []string{r.Header.Get("Authorization"), r.Header.Get("X-Api-Key"), r.Header.Get("X-Goog-Api-Key"),
		r.Header.Get("X-Key"), r.Header.Get("Mj-Api-Secret"), r.URL.Query().Get("key")} {
		if v != "" {
			return fmt.Sprintf("%08x", uint32(s.hash("key", v)))
		}
	}
	return ""
}

// serveLog answers GET /sim/log and DELETE /sim/log.
func (s *Server) serveLog(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodDelete {
		s.Reset()
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(marshal(struct {
		Stats
		Log []Entry `json:"log"`
	}{s.Stats(), s.Log()}) + "\n"))
}
