// Package queue stores tasks and runs their steps with River, on SQLite or PostgreSQL: open one with
// [OpenSQLite] or [OpenPostgres] and call Run.
//
// A task's row and its River job are written in one transaction. Between steps the job is snoozed. When a
// process dies in the middle of a step, its jobs are given back as soon as its heartbeat stops (at once on
// SQLite, whose folder belongs to one process), and the step is done again; steps can be repeated.
package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"

	"github.com/telltale-ai/telltale/task"
)

// Step does what is due for a task; see [task.Poller.Step].
type Step func(ctx context.Context, id string) (wait time.Duration, done bool, err error)

// Options tune a queue. The zero value is ready to use.
type Options struct {
	Workers int           // steps at a time: 50, or 200 on PostgreSQL
	Logger  *slog.Logger  // River's; nil: errors to slog.Default
	Poll    time.Duration // how often due jobs are looked for: 500 ms
}

// Queue is a task.Store whose tasks are worked on. It is safe for concurrent use.
type Queue interface {
	task.Store
	// Run works on tasks until ctx ends; then it waits for steps that run, no longer than ten seconds.
	Run(ctx context.Context, step Step) error
	// Purge forgets tasks that were created before a time and have ended, and says how many those were.
	Purge(ctx context.Context, before time.Time) (int64, error)
	// Wake makes a task's next step due now.
	Wake(ctx context.Context, id string) error
	Close() error
}

// stepJob is the River job of a task.
type stepJob struct {
	Task string    `json:"task"`
	Due  time.Time `json:"due"` // of the first step, when that is soon; see insertOpts
}

// insertOpts says when a new task's job runs. River moves scheduled jobs every five seconds only; one that is
// due sooner is made available at once, and its worker waits for the time.
func insertOpts(due time.Time) *river.InsertOpts {
	o := &river.InsertOpts{Queue: queueName, MaxAttempts: 1000, Tags: []string{"task"}}
	if time.Until(due) > soon {
		o.ScheduledAt = due
	}
	return o
}

const soon = 5 * time.Second // River's own measure for snoozed jobs

// Kind names the job in River's tables.
func (stepJob) Kind() string { return "telltale_task" }

const (
	queueName = "telltale_tasks"
	// A step may fetch gigabytes. The heartbeat, not this, gives back the jobs of a process that died.
	stepTimeout = 30 * time.Minute
	heartbeat   = 5 * time.Second
	deadAfter   = 30 * time.Second
)

// backend is what differs between the two databases.
type backend[TTx any] interface {
	driver() riverdriver.Driver[TTx]
	migrate(ctx context.Context) error
	inTx(ctx context.Context, do func(tx TTx) error) error
	txExec(ctx context.Context, tx TTx, query string, args ...any) (int64, error)
	exec(ctx context.Context, query string, args ...any) (int64, error)
	rows(ctx context.Context, query string, args ...any) ([]row, error)
	alone() bool // no other process works on this database
	close() error
}

// row is a stored task.
type row struct {
	version int64
	data    []byte
}

type queue[TTx any] struct {
	b   backend[TTx]
	opt Options
	// insert makes jobs; the client that works on them begins with Run.
	insert *river.Client[TTx]
	name   string
}

func open[TTx any](ctx context.Context, b backend[TTx], name string, opt Options) (*queue[TTx], error) {
	if opt.Logger == nil {
		opt.Logger = slog.New(slog.DiscardHandler)
	}
	if err := b.migrate(ctx); err != nil {
		b.close()
		return nil, fmt.Errorf("prepare the task store: %w", err)
	}
	insert, err := river.NewClient(b.driver(), &river.Config{Logger: opt.Logger})
	if err != nil {
		b.close()
		return nil, err
	}
	return &queue[TTx]{b: b, opt: opt, insert: insert, name: name}, nil
}

// Reader reads tasks that another process may work on.
type Reader interface {
	Get(ctx context.Context, id string) (task.Task, error)
	Find(ctx context.Context, upstream, upstreamID string) ([]task.Task, error)
	List(ctx context.Context, f task.Filter) ([]task.Task, error)
	Close() error
}

// Create implements task.Store.
func (q *queue[TTx]) Create(ctx context.Context, t task.Task) (task.Task, bool, error) {
	t.Version = 1
	data, err := json.Marshal(t)
	if err != nil {
		return t, false, err
	}
	made := false
	err = q.b.inTx(ctx, func(tx TTx) error {
		n, err := q.b.txExec(ctx, tx, `INSERT INTO telltale_task (id, upstream, upstream_id, state, created_at, version, data)
			VALUES (?, ?, ?, ?, ?, 1, ?) ON CONFLICT (upstream, upstream_id) DO NOTHING`,
			t.ID, t.Upstream, t.UpstreamID, string(t.State), t.CreatedAt.UnixMilli(), string(data))
		if err != nil || n == 0 {
			return err
		}
		made = true
		_, err = q.insert.InsertTx(ctx, tx, stepJob{Task: t.ID, Due: t.NextAt}, insertOpts(t.NextAt))
		return err
	})
	if err != nil {
		return t, false, err
	}
	if made {
		return t, true, nil
	}
	old, err := q.Find(ctx, t.Upstream, t.UpstreamID)
	if err != nil {
		return t, false, err
	}
	if len(old) == 0 {
		return t, false, task.ErrNotFound
	}
	return old[0], false, nil
}

// Get implements task.Store.
func (q *queue[TTx]) Get(ctx context.Context, id string) (task.Task, error) {
	list, err := q.tasks(ctx, `WHERE id = ?`, id)
	if err != nil {
		return task.Task{}, err
	}
	if len(list) == 0 {
		return task.Task{}, task.ErrNotFound
	}
	return list[0], nil
}

// Find implements task.Store.
func (q *queue[TTx]) Find(ctx context.Context, upstream, upstreamID string) ([]task.Task, error) {
	if upstream == "" {
		return q.tasks(ctx, `WHERE upstream_id = ? ORDER BY id DESC LIMIT 10`, upstreamID)
	}
	return q.tasks(ctx, `WHERE upstream = ? AND upstream_id = ?`, upstream, upstreamID)
}

// List implements task.Store.
func (q *queue[TTx]) List(ctx context.Context, f task.Filter) ([]task.Task, error) {
	where, args := `WHERE 1 = 1`, []any{}
	if f.State != "" {
		where, args = where+` AND state = ?`, append(args, string(f.State))
	}
	if f.Before != "" {
		where, args = where+` AND id < ?`, append(args, f.Before)
	}
	if f.Limit <= 0 || f.Limit > 1000 {
		f.Limit = 100
	}
	return q.tasks(ctx, where+` ORDER BY id DESC LIMIT ?`, append(args, f.Limit)...)
}

// Update implements task.Store.
func (q *queue[TTx]) Update(ctx context.Context, t *task.Task) error {
	data, err := json.Marshal(t)
	if err != nil {
		return err
	}
	n, err := q.b.exec(ctx, `UPDATE telltale_task SET state = ?, version = version + 1, data = ? WHERE id = ? AND version = ?`,
		string(t.State), string(data), t.ID, t.Version)
	switch {
	case err != nil:
		return err
	case n == 0:
		return task.ErrStale
	}
	t.Version++
	return nil
}

func (q *queue[TTx]) tasks(ctx context.Context, where string, args ...any) ([]task.Task, error) {
	rows, err := q.b.rows(ctx, `SELECT version, data FROM telltale_task `+where, args...)
	if err != nil {
		return nil, err
	}
	var list []task.Task
	for _, r := range rows {
		var t task.Task
		if err := json.Unmarshal(r.data, &t); err != nil {
			return nil, fmt.Errorf("a stored task cannot be read: %w", err)
		}
		t.Version = r.version
		list = append(list, t)
	}
	return list, nil
}

// Purge implements Queue.
func (q *queue[TTx]) Purge(ctx context.Context, before time.Time) (int64, error) {
	return q.b.exec(ctx, `DELETE FROM telltale_task WHERE state IN ('succeeded', 'failed', 'cancelled') AND created_at < ?`, before.UnixMilli())
}

// Wake implements Queue.
func (q *queue[TTx]) Wake(ctx context.Context, id string) error {
	list, err := q.insert.JobList(ctx, river.NewJobListParams().First(1).Kinds(stepJob{}.Kind()).
		Where(q.jobOfTask(), river.NamedArgs{"task": id}))
	if err != nil || len(list.Jobs) == 0 {
		return err
	}
	_, err = q.insert.JobRetry(ctx, list.Jobs[0].ID)
	if errors.Is(err, rivertype.ErrNotFound) {
		return nil
	}
	return err
}

// Close implements Queue.
func (q *queue[TTx]) Close() error { return q.b.close() }
