// Package sim plays a provider that fails on order: serve a [Server], which is an
// http.Handler, and name the failure in the model (`gpt-5.4@429;retry-after=2`,
// `fault-content-filter`) or in the header Sim-Fault. Any other model name gets a healthy answer.
//
// [Faults] lists what it can play; [Parse] has the grammar. The package knows nothing of
// the diagnosis of failures, so that what it plays can be used to test it.
package sim

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Server plays the providers. The zero value is ready to use; set fields before the first request only.
// With the same seed and the same requests in the same order it gives the same answers, times apart.
type Server struct {
	Seed    uint64
	Now     func() time.Time // nil is time.Now. Waits use the runtime's timers, which testing/synctest drives
	BaseURL string           // what media URLs begin with; "" takes the host that the request named

	once  sync.Once
	mux   *http.ServeMux
	mu    sync.Mutex
	ids   uint64
	seq   map[string]int // calls played so far, by sequence
	log   journal
	tasks map[string]*task
	order []string // ids of tasks, oldest first
	files map[string]*file
	names []string // names of files, oldest first
}

// keptTasks bounds the tasks and media files that a server remembers; the oldest are forgotten.
const keptTasks = 20_000

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.once.Do(s.routes)
	s.mux.ServeHTTP(w, named(r))
}

func (s *Server) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}

// id makes an identifier that no other request has.
func (s *Server) id(prefix string) string {
	s.mu.Lock()
	s.ids++
	n := s.ids
	s.mu.Unlock()
	return prefix + fmt.Sprintf("%016x", s.hash(fmt.Sprint("id", n)))
}

// hash is a number that depends on the seed and on what it is given, and on nothing else.
func (s *Server) hash(parts ...string) uint64 {
	h := fnv.New64a()
	fmt.Fprint(h, s.Seed)
	for _, p := range parts {
		h.Write([]byte{0})
		h.Write([]byte(p))
	}
	x := h.Sum64() // FNV alone leaves close inputs close together
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// base is what absolute URLs to this server begin with.
func (s *Server) base(r *http.Request) string {
	if s.BaseURL != "" {
		return strings.TrimSuffix(s.BaseURL, "/")
	}
	return "http://" + r.Host
}

// next counts the calls of a sequence, from 0.
func (s *Server) next(key string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seq == nil {
		s.seq = map[string]int{}
	}
	n := s.seq[key]
	s.seq[key]++
	return n
}
