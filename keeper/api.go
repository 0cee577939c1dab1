package keeper

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/telltale-ai/telltale/media"
	"github.com/telltale-ai/telltale/task"
)

// View is a task as the API gives it: these keys and no others are the contract.
type View struct {
	ID         string        `json:"id"`
	UpstreamID string        `json:"upstream_id"`
	Upstream   string        `json:"upstream"`
	Provider   string        `json:"provider"`
	State      task.State    `json:"state"`
	Progress   float64       `json:"progress"` // 0 to 1
	Polls      int           `json:"polls"`
	CreatedAt  time.Time     `json:"created_at"`
	UpdatedAt  time.Time     `json:"updated_at"`
	Media      []ViewMedia   `json:"media"`
	Diagnosis  *task.Verdict `json:"diagnosis"` // pending while it runs and nothing is wrong
}

// ViewMedia is one kept result.
type ViewMedia struct {
	URL         string `json:"url"`
	ContentType string `json:"content_type"`
	Bytes       int64  `json:"bytes"`
	SHA256      string `json:"sha256"`
}

// View gives a task as the API does. here is the scheme and host that the client used.
func (k *Keeper) View(t *task.Task, here string) View {
	v := View{
		ID: t.ID, UpstreamID: t.UpstreamID, Upstream: t.Upstream, Provider: t.Provider, State: t.State, Progress: t.Progress, Polls: t.Polls,
		CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt, Media: []ViewMedia{}, Diagnosis: t.Verdict,
	}
	if v.Diagnosis == nil {
		v.Diagnosis = task.Pending(t.Waiting)
	}
	for _, m := range t.Media {
		v.Media = append(v.Media, ViewMedia{URL: k.url(m, here), ContentType: m.ContentType, Bytes: m.Bytes, SHA256: m.SHA256})
	}
	return v
}

// longestWait bounds ?wait=; a client that wants longer asks again.
const longestWait = time.Hour

// API serves GET /telltale/api/tasks and GET /telltale/api/tasks/{id}?wait=SECONDS. It belongs behind the
// administration's token.
func (k *Keeper) API() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /telltale/api/tasks", k.list)
	mux.HandleFunc("GET /telltale/api/tasks/{id...}", k.one) // a provider's id may hold slashes
	return mux
}

// Media serves GET /telltale/media/{name} to whoever knows a name: names are hashes that cannot be guessed.
func (k *Keeper) Media() http.Handler {
	if k.cfg.Media == nil {
		return http.NotFoundHandler()
	}
	return media.Handler(k.cfg.Media)
}

func (k *Keeper) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	limit, _ := strconv.Atoi(q.Get("limit"))
	tasks, err := k.cfg.Queue.List(r.Context(), task.Filter{State: task.State(q.Get("state")), Before: q.Get("before"), Limit: limit})
	if err != nil {
		problem(w, http.StatusServiceUnavailable, "the task store cannot be read just now", "see the log")
		k.log.Error("list tasks", "error", err)
		return
	}
	views := []View{}
	for i := range tasks {
		views = append(views, k.View(&tasks[i], here(r)))
	}
	writeJSON(w, http.StatusOK, map[string]any{"tasks": views})
}

func (k *Keeper) one(w http.ResponseWriter, r *http.Request) {
	wait, err := seconds(r.URL.Query().Get("wait"))
	if err != nil {
		problem(w, http.StatusBadRequest, "wait is a number of seconds", "write ?wait=600")
		return
	}
	t, err := k.Get(r.Context(), r.PathValue("id"))
	if err == nil && t.ClientKey != "" && t.Waiting != "" && !t.State.Ended() && k.mayAsk(&t, r) {
		_ = k.cfg.Queue.Wake(r.Context(), t.ID) // the key that it waited for is here
	}
	if err == nil && wait > 0 && !t.State.Ended() {
		t, err = k.Wait(r.Context(), t.ID, wait)
	}
	switch {
	case errors.Is(err, task.ErrNotFound):
		problem(w, http.StatusNotFound, "there is no task with this id", "telltale tasks lists them; both Telltale's ids and the provider's are known")
	case r.Context().Err() != nil:
		return // the client has left
	case err != nil:
		problem(w, http.StatusServiceUnavailable, "the task store cannot be read just now", "see the log")
		k.log.Error("read a task", "error", err)
	default:
		w.Header().Set("Telltale-Task-State", t.State.Header())
		for _, s := range t.Warnings {
			warn(w.Header(), s)
		}
		writeJSON(w, http.StatusOK, k.View(&t, here(r)))
	}
}

// seconds reads "600" or "10m".
func seconds(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		n, err := strconv.ParseFloat(s, 64)
		if err != nil || n != n {
			return 0, errors.New("no duration")
		}
		d = time.Duration(min(max(n, 0), 86400) * float64(time.Second))
	}
	return min(max(d, 0), longestWait), nil
}

// Get finds a task by Telltale's id or the provider's; of several with one provider's id, the newest.
func (k *Keeper) Get(ctx context.Context, id string) (task.Task, error) {
	t, err := k.cfg.Queue.Get(ctx, id)
	if !errors.Is(err, task.ErrNotFound) {
		return t, err
	}
	list, err := k.cfg.Queue.Find(ctx, "", id)
	if err == nil && len(list) == 0 {
		err = task.ErrNotFound
	}
	if err != nil {
		return task.Task{}, err
	}
	return list[0], nil
}

// Wait gives a task as soon as it has ended, or as it is after d.
func (k *Keeper) Wait(ctx context.Context, id string, d time.Duration) (task.Task, error) {
	end := time.NewTimer(d)
	defer end.Stop()
	look := time.NewTicker(2 * time.Second) // another process may end it
	defer look.Stop()
	for {
		ended := k.await(id)
		t, err := k.cfg.Queue.Get(ctx, id)
		if err != nil || t.State.Ended() {
			k.forget(id, ended)
			return t, err
		}
		select {
		case <-ended:
		case <-look.C:
		case <-end.C:
			k.forget(id, ended)
			return t, nil
		case <-k.stopped:
			k.forget(id, ended)
			return t, nil
		case <-ctx.Done():
			k.forget(id, ended)
			return t, ctx.Err()
		}
		k.forget(id, ended)
	}
}

func (k *Keeper) await(id string) chan struct{} {
	c := make(chan struct{})
	k.mu.Lock()
	defer k.mu.Unlock()
	k.waiting[id] = append(k.waiting[id], c)
	return c
}

func (k *Keeper) forget(id string, c chan struct{}) {
	k.mu.Lock()
	defer k.mu.Unlock()
	list := k.waiting[id]
	for i := range list {
		if list[i] == c {
			list = append(list[:i], list[i+1:]...)
			break
		}
	}
	if k.waiting[id] = list; len(list) == 0 {
		delete(k.waiting, id)
	}
}

// here is what the client called this server.
func here(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https") {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // the client may have left
}

func problem(w http.ResponseWriter, status int, what, hint string) {
	writeJSON(w, status, map[string]any{"error": map[string]string{"message": what, "hint": hint}})
}

// ViewOf gives a task as the API does, for those who have no server: kept media is at its path.
func ViewOf(t *task.Task) View { return (&Keeper{}).View(t, "") }
