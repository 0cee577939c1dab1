package queue

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/telltale-ai/telltale/task"
	"github.com/telltale-ai/telltale/task/tasktest"
)

// each runs a test on every database that there is.
func each(t *testing.T, do func(t *testing.T, open func(t *testing.T) Queue)) {
	t.Run("sqlite", func(t *testing.T) {
		do(t, func(t *testing.T) Queue { return opened(t, "") })
	})
	t.Run("postgres", func(t *testing.T) {
		dsn := os.Getenv("TELLTALE_TEST_POSTGRES")
		if dsn == "" {
			t.Skip("TELLTALE_TEST_POSTGRES names no database")
		}
		do(t, func(t *testing.T) Queue { return opened(t, freshSchema(t, dsn)) })
	})
}

func opened(t *testing.T, dsn string) Queue {
	t.Helper()
	q, err := openFor(t.Context(), t.TempDir(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { q.Close() })
	return q
}

func TestStore(t *testing.T) {
	each(t, func(t *testing.T, open func(t *testing.T) Queue) {
		tasktest.RunStore(t, func(t *testing.T) task.Store { return open(t) })
	})
}

func TestMemory(t *testing.T) {
	tasktest.RunStore(t, func(*testing.T) task.Store { return &tasktest.Memory{} })
}

func newTask(n int) task.Task {
	now := time.Now()
	return task.Task{ID: fmt.Sprintf("task_%d", n), Upstream: "u", UpstreamID: fmt.Sprint(n), State: task.Queued, CreatedAt: now, NextAt: now}
}

// TestRun: each task is stepped until it is done, through errors and panics, and stopping waits for steps.
func TestRun(t *testing.T) {
	each(t, func(t *testing.T, open func(t *testing.T) Queue) {
		q := open(t)
		for n := range 20 {
			if _, _, err := q.Create(t.Context(), newTask(n)); err != nil {
				t.Fatal(err)
			}
		}
		var mu sync.Mutex
		steps := map[string]int{}
		all := make(chan struct{})
		done := 0
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() {
			ended <- q.Run(ctx, func(_ context.Context, id string) (time.Duration, bool, error) {
				mu.Lock()
				defer mu.Unlock()
				if steps[id]++; steps[id] < 4 {
					return 10 * time.Millisecond, false, nil
				}
				if done++; done == 20 {
					close(all)
				}
				return 0, true, nil
			})
		}()
		select {
		case <-all:
		case <-time.After(30 * time.Second):
			t.Errorf("after 30 s the steps are %v", steps)
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		for id, n := range steps {
			if n != 4 {
				t.Errorf("%s took %d steps, want 4", id, n)
			}
		}
	})
}

// TestWake: a task that sleeps for long is stepped at once when it is woken.
func TestWake(t *testing.T) {
	each(t, func(t *testing.T, open func(t *testing.T) Queue) {
		q := open(t)
		k := newTask(1)
		k.NextAt = time.Now().Add(time.Hour)
		if _, _, err := q.Create(t.Context(), k); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended, stepped := make(chan error), make(chan string, 9)
		go func() {
			ended <- q.Run(ctx, func(_ context.Context, id string) (time.Duration, bool, error) {
				stepped <- id
				return 0, true, nil
			})
		}()
		select {
		case <-stepped:
			t.Error("it did not sleep")
		case <-time.After(300 * time.Millisecond):
		}
		if err := q.Wake(ctx, k.ID); err != nil {
			t.Fatal(err)
		}
		select {
		case <-stepped:
		case <-time.After(10 * time.Second):
			t.Error("it was not woken")
		}
		if err := q.Wake(ctx, "task_none"); err != nil {
			t.Errorf("waking what is not there: %v", err)
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// TestPurge: old tasks that have ended are forgotten, the others are not.
func TestPurge(t *testing.T) {
	each(t, func(t *testing.T, open func(t *testing.T) Queue) {
		q := open(t)
		for n, state := range []task.State{task.Succeeded, task.Failed, task.Running, task.Succeeded} {
			k := newTask(n)
			k.State = state
			if n < 3 {
				k.CreatedAt = k.CreatedAt.Add(-48 * time.Hour)
			}
			if _, _, err := q.Create(t.Context(), k); err != nil {
				t.Fatal(err)
			}
		}
		n, err := q.Purge(t.Context(), time.Now().Add(-24*time.Hour))
		list, err2 := q.List(t.Context(), task.Filter{})
		if n != 2 || err != nil || err2 != nil || len(list) != 2 {
			t.Errorf("%d forgotten, %d left (%v, %v)", n, len(list), err, err2)
		}
	})
}

// TestCannotOpen: an error says what is wrong.
func TestCannotOpen(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "tasks.db"), []byte("this is no database, it is a text that somebody put here"), 0o600); err != nil {
		t.Fatal(err)
	}
	if q, err := OpenSQLite(t.Context(), filepath.Join(dir, "tasks.db"), Options{}); err == nil {
		q.Close()
		t.Error("a text file was opened as a database")
	} else if errors.Unwrap(err) == nil {
		t.Errorf("the cause is lost: %v", err)
	}
}
