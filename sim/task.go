package sim

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"
)

// state is how far a task is.
type state int

const (
	queued state = iota
	running
	succeeded
	failed
	cancelled
)

// view is what one poll shows.
type view struct {
	state    state
	word     string // instead of the API's own word for the state
	progress int    // of 100
	code     string // of a failure; "" when the provider gives no reason
	reason   string
	filtered bool // the failure is the filter's, in the API's own way of saying so
	noResult bool // success with an empty list
}

// videoPlan is the course of a task.
type videoPlan struct {
	script []view // poll by poll; the last stays
	late   int    // polls at first that do not find the task
	noID   bool   // the answer to the create lacks the id
	sameID bool   // every task has the same id
	lost   bool   // the create is accepted and its answer never arrives
	result int    // status of the result where it is fetched by a call of its own; 0 is 200
}

// task is an asynchronous generation.
type task struct {
	id      string
	api     *taskAPI
	c       *call // the create
	plan    *plan
	created time.Time
	polls   int
	ended   bool // cancelled by the client
	links   []string
}

// taskAPI is how one provider writes tasks.
type taskAPI struct {
	name    string
	prefix  string    // of ids
	words   [5]string // by state
	ext     string    // of the result: mp4 or png
	store   string    // whose links it gives
	created func(c *call, t *task, id any) (int, any)
	polled  func(c *call, t *task, v view) (int, any)
	unknown func(c *call, id string) (int, any)
	fail    func(e *apiError, c *call) (int, any)
}

func (a *taskAPI) dialect() dialect {
	fail := a.fail
	if fail == nil {
		fail = openAIError
	}
	return dialect{name: a.name, area: Video, fail: fail}
}

func (a *taskAPI) word(v view) string {
	if v.word != "" {
		return v.word
	}
	return a.words[v.state]
}

// create accepts a task.
func (s *Server) create(w http.ResponseWriter, r *http.Request, a *taskAPI, model string) {
	c := s.begin(w, r, a.dialect())
	if model != "" {
		c.model, c.entry.Model = model, model
	}
	defer s.closeEntry(c)
	if c.refusedKey() {
		return
	}
	a = alphabet(a, c.model)
	p, ok := c.plan()
	if !ok {
		return
	}
	if p.err != nil || p.raw != nil {
		p.send()
		return
	}
	t := &task{id: a.prefix + s.id(""), api: a, c: c, plan: p, created: s.now()}
	if p.video.sameID {
		t.id = a.prefix + "5a3e1d5a3e1d5a3e"
	}
	s.remember(t)
	c.accepted(p.k.get("id"))
	c.entry.task(t.id)
	if p.video.lost {
		c.drop()
		return
	}
	var id any = t.id
	if p.video.noID {
		id = nil
	}
	status, body := a.created(c, t, id)
	p.body(status, "application/json", []byte(marshal(drop(body))))
}

// drop leaves out what is nil in an object with an id that is to be missing.
func drop(v any) any {
	if o, ok := v.(obj); ok {
		for k, x := range o {
			if x == nil && (k == "id" || k == "name" || strings.HasSuffix(k, "_id")) {
				delete(o, k)
			}
			drop(x)
		}
	}
	return v
}

func (s *Server) remember(t *task) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tasks == nil {
		s.tasks = map[string]*task{}
	}
	s.tasks[t.id] = t
	s.order = append(s.order, t.id)
	if len(s.order) > keptTasks {
		delete(s.tasks, s.order[0])
		s.order = s.order[1:]
	}
}

func (s *Server) task(id string) *task {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tasks[id]
}

// poll answers a question for a task's state. An id that nobody has is answered in the way of a.
func (s *Server) poll(w http.ResponseWriter, r *http.Request, id string, a *taskAPI, model string) {
	s.ask(w, r, id, a, "poll", func(c *call, t *task) (int, any) {
		s.mu.Lock()
		t.polls++
		n := t.polls
		s.mu.Unlock()
		if n <= t.plan.video.late {
			return t.api.unknown(c, id)
		}
		return t.api.polled(c, t, t.view(n-t.plan.video.late))
	})
}

// ask answers any call about a task; stage is poll, result or download.
func (s *Server) ask(w http.ResponseWriter, r *http.Request, id string, a *taskAPI, stage string, answer func(*call, *task) (int, any)) {
	t := s.task(id)
	if t != nil {
		a = t.api
	}
	c := s.begin(w, r, a.dialect())
	defer s.closeEntry(c)
	c.entry.task(id)
	st := Step{Fault: "ok"}
	if h := r.Header.Get("Sim-Fault"); h != "" {
		sp, err := Parse(h)
		if err != nil {
			c.misuse(err.Error())
			return
		}
		st = s.pick(sp, stage, id)
	} else if t != nil && t.plan.stage == stage {
		st = s.pick(t.plan.later, stage, id)
	}
	p, ok := c.planOf(st)
	if !ok {
		return
	}
	if p.err == nil && p.raw == nil {
		status, body := 0, any(nil)
		if t == nil {
			status, body = a.unknown(c, id)
		} else {
			c.model = t.c.model
			c.note(t.plan.fault)
			status, body = answer(c, t)
		}
		if f, ok := body.(*file); ok {
			s.giveFile(c, f)
			return
		}
		p.page(status, "application/json", marshal(body))
	}
	p.send()
}

// view is what the n-th poll (from 1) shows.
func (t *task) view(n int) view {
	if t.ended {
		return view{state: cancelled}
	}
	if script := t.plan.video.script; len(script) > 0 {
		return script[min(n, len(script))-1]
	}
	if d := t.plan.k.dur("takes"); d > 0 {
		el := t.c.s.now().Sub(t.created)
		switch {
		case el < d/4:
			return view{state: queued}
		case el < d:
			return view{state: running, progress: int(100 * el / d)}
		}
		return view{state: succeeded, progress: 100}
	}
	need := 2
	if t.plan.k.get("polls") != "" {
		need = t.plan.k.num("polls")
	}
	switch {
	case n > need:
		return view{state: succeeded, progress: 100}
	case n == 1 && need > 1:
		return view{state: queued}
	}
	return view{state: running, progress: 100 * n / (need + 1)}
}

// results are the links to what was made. Each poll of a finished task gives fresh ones when the plan's expire.
func (t *task) results(c *call, v view) []string {
	if v.noResult {
		return []string{}
	}
	s := t.c.s
	s.mu.Lock()
	links := slices.Clone(t.links)
	s.mu.Unlock()
	if len(links) > 0 && !t.plan.image.link.expires {
		return links
	}
	f := t.file()
	links = []string{s.keep(c.r, f, t.api.ext)}
	s.mu.Lock()
	t.links = links
	s.mu.Unlock()
	return links
}

// file is what was made.
func (t *task) file() *file {
	f := t.plan.image.link // a copy
	f.body, f.ctype = MP4(), "video/mp4"
	if t.api.ext == "png" {
		f.body, f.ctype = PNG(), "image/png"
	}
	if how := t.plan.image.corrupt; how != "" {
		f.body = spoil(f.body, how)
	}
	if f.store == "" {
		f.store = t.api.store
	}
	f.key = t.api.store == "google"
	if t.plan.stage == "download" {
		f.order = t.plan.later
	}
	return &f
}

// cancel ends a task; false when it is unknown.
func (s *Server) cancel(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tasks[id]
	if t != nil {
		t.ended = true
	}
	return t != nil
}

// provider is the first segment of the path that names an API, if the request had one.
func provider(ctx context.Context) string { p, _ := ctx.Value(providerKey{}).(string); return p }

type providerKey struct{}
