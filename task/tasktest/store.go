// Package tasktest holds the suite that every task.Store passes ([RunStore]) and a store for tests ([Memory]).
package tasktest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/telltale-ai/telltale/task"
)

// Memory is a task.Store that forgets. The zero value is empty.
type Memory struct {
	mu    sync.Mutex
	tasks map[string]stored
}

type stored struct {
	version int64
	data    []byte
}

func (s stored) task() task.Task {
	var t task.Task
	if err := json.Unmarshal(s.data, &t); err != nil {
		panic(err) // it was marshalled from a task
	}
	t.Version = s.version
	return t
}

// Create implements task.Store.
func (m *Memory) Create(_ context.Context, t task.Task) (task.Task, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.tasks {
		if old := s.task(); old.Upstream == t.Upstream && old.UpstreamID == t.UpstreamID {
			return old, false, nil
		}
	}
	data, err := json.Marshal(t)
	if err != nil {
		return t, false, err
	}
	if m.tasks == nil {
		m.tasks = map[string]stored{}
	}
	t.Version = 1
	m.tasks[t.ID] = stored{1, data}
	return t, true, nil
}

// Get implements task.Store.
func (m *Memory) Get(_ context.Context, id string) (task.Task, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.tasks[id]
	if !ok {
		return task.Task{}, task.ErrNotFound
	}
	return s.task(), nil
}

// Find implements task.Store.
func (m *Memory) Find(ctx context.Context, upstream, id string) ([]task.Task, error) {
	return m.those(func(t task.Task) bool { return t.UpstreamID == id && (upstream == "" || t.Upstream == upstream) }), nil
}

// Update implements task.Store.
func (m *Memory) Update(_ context.Context, t *task.Task) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.tasks[t.ID].version != t.Version {
		return task.ErrStale
	}
	data, err := json.Marshal(t)
	if err != nil {
		return err
	}
	t.Version++
	m.tasks[t.ID] = stored{t.Version, data}
	return nil
}

// List implements task.Store.
func (m *Memory) List(_ context.Context, f task.Filter) ([]task.Task, error) {
	list := m.those(func(t task.Task) bool {
		return (f.State == "" || t.State == f.State) && (f.Before == "" || t.ID < f.Before)
	})
	if f.Limit <= 0 || f.Limit > 1000 {
		f.Limit = 100
	}
	return list[:min(len(list), f.Limit)], nil
}

func (m *Memory) those(which func(task.Task) bool) []task.Task {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []task.Task
	for _, s := range m.tasks {
		if t := s.task(); which(t) {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b task.Task) int { return strings.Compare(b.ID, a.ID) })
	return list
}

// RunStore holds a store to its promises. open gives an empty one.
func RunStore(t *testing.T, open func(t *testing.T) task.Store) {
	t.Run("gives back what it was given", func(t *testing.T) { gives(t, open(t)) })
	t.Run("one task for one id of an upstream", func(t *testing.T) { once(t, open(t)) })
	t.Run("refuses a stale update", func(t *testing.T) { stale(t, open(t)) })
	t.Run("lists by page and state", func(t *testing.T) { lists(t, open(t)) })
}

func example(n int) task.Task {
	at := time.Date(2026, 6, 4, 12, 0, n, 0, time.UTC)
	return task.Task{
		ID: fmt.Sprintf("task_%04d", n), Upstream: "comet", UpstreamID: fmt.Sprintf("video_%d", n), Provider: "openai", Dialect: "openai-video",
		Base: "https://api.example.com", Vars: map[string]string{"action": "text2video"}, State: task.Queued, CreatedAt: at, NextAt: at.Add(5 * time.Second),
		Answer: []byte(`{"id":"video","prompt":"日本 \u0000 ' \" ; DROP TABLE"}`), Webhook: task.Webhook{URL: "https://example.com/hook"},
	}
}

func create(t *testing.T, s task.Store, k task.Task) task.Task {
	t.Helper()
	got, made, err := s.Create(t.Context(), k)
	if err != nil || !made {
		t.Fatalf("create: made %v, %v", made, err)
	}
	return got
}

func gives(t *testing.T, s task.Store) {
	want := create(t, s, example(1))
	got, err := s.Get(t.Context(), want.ID)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	if string(a) != string(b) || got.Version != want.Version {
		t.Errorf("got\n%s\nwant\n%s", a, b)
	}
	if _, err := s.Get(t.Context(), "task_none"); !errors.Is(err, task.ErrNotFound) {
		t.Errorf("an unknown id: %v", err)
	}
	for _, upstream := range []string{"comet", ""} {
		if list, err := s.Find(t.Context(), upstream, want.UpstreamID); err != nil || len(list) != 1 || list[0].ID != want.ID {
			t.Errorf("by the provider's id in %q: %v %v", upstream, list, err)
		}
	}
	if list, err := s.Find(t.Context(), "other", want.UpstreamID); err != nil || len(list) != 0 {
		t.Errorf("in another upstream: %v %v", list, err)
	}
}

func once(t *testing.T, s task.Store) {
	first := create(t, s, example(1))
	again := example(1)
	again.ID = "task_9999"
	got, made, err := s.Create(t.Context(), again)
	if err != nil || made || got.ID != first.ID {
		t.Errorf("the same id again: made %v, %s, %v", made, got.ID, err)
	}
	other := example(1)
	other.ID, other.Upstream = "task_2", "another"
	create(t, s, other)

	var wg sync.WaitGroup
	var n atomic.Int64
	for i := range 10 {
		wg.Go(func() {
			k := example(5)
			k.ID = fmt.Sprintf("task_5_%d", i)
			if _, made, err := s.Create(context.Background(), k); err != nil {
				t.Error(err)
			} else if made {
				n.Add(1)
			}
		})
	}
	wg.Wait()
	if n.Load() != 1 {
		t.Errorf("ten at once made %d tasks", n.Load())
	}
}

func stale(t *testing.T, s task.Store) {
	a := create(t, s, example(1))
	b, err := s.Get(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	a.State = task.Running
	if err := s.Update(t.Context(), &a); err != nil {
		t.Fatal(err)
	}
	b.State = task.Failed
	if err := s.Update(t.Context(), &b); !errors.Is(err, task.ErrStale) {
		t.Errorf("a stale update: %v", err)
	}
	a.State = task.Succeeded
	if err := s.Update(t.Context(), &a); err != nil {
		t.Errorf("a second update by the same hand: %v", err)
	}
	if got, err := s.Get(t.Context(), a.ID); err != nil || got.State != task.Succeeded {
		t.Errorf("%v %v", got.State, err)
	}
}

func lists(t *testing.T, s task.Store) {
	for n := range 12 {
		k := example(n)
		if n%3 == 0 {
			k.State = task.Running
		}
		create(t, s, k)
	}
	var seen []string
	for before := ""; ; {
		page, err := s.List(t.Context(), task.Filter{Limit: 5, Before: before})
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, k := range page {
			seen = append(seen, k.ID)
		}
		before = page[len(page)-1].ID
	}
	if len(seen) != 12 || !slices.IsSortedFunc(seen, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Errorf("pages gave %v", seen)
	}
	if list, err := s.List(t.Context(), task.Filter{State: task.Running}); err != nil || len(list) != 4 {
		t.Errorf("%d tasks run, want 4 (%v)", len(list), err)
	}
}
