package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
)

// worker runs steps for River.
type worker struct {
	river.WorkerDefaults[stepJob]
	step Step
}

// Work implements river.Worker. A job is snoozed until its task is settled; it never runs out of attempts.
func (w *worker) Work(ctx context.Context, job *river.Job[stepJob]) error {
	if early := time.Until(job.Args.Due); early > 0 && early <= soon {
		return river.JobSnooze(early)
	}
	wait, done, err := w.step(ctx, job.Args.Task)
	switch {
	case err != nil && ctx.Err() != nil:
		return river.JobSnooze(0) // being stopped
	case err != nil:
		return river.JobSnooze(5 * time.Second)
	case done:
		return nil
	}
	return river.JobSnooze(max(wait, 0))
}

// Timeout implements river.Worker.
func (w *worker) Timeout(*river.Job[stepJob]) time.Duration { return stepTimeout }

// NextRetry implements river.Worker: after a panic.
func (w *worker) NextRetry(*river.Job[stepJob]) time.Time { return time.Now().Add(10 * time.Second) }

// Run implements Queue.
func (q *queue[TTx]) Run(ctx context.Context, step Step) error {
	err := q.run(ctx, step)
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return nil // stopped before it had begun
	}
	return err
}

func (q *queue[TTx]) run(ctx context.Context, step Step) error {
	if q.b.alone() {
		// Whatever is marked as running was left by a process that is gone.
		if _, err := q.b.exec(ctx, `DELETE FROM telltale_process WHERE id <> ?`, q.name); err != nil {
			return err
		}
		if _, err := q.b.exec(ctx, `DELETE FROM river_leader`); err != nil {
			return err
		}
	}
	if err := q.beat(ctx); err != nil {
		return fmt.Errorf("take up tasks: %w", err)
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{step: step})
	client, err := river.NewClient(q.b.driver(), &river.Config{
		ID:                          q.name,
		Workers:                     workers,
		Queues:                      map[string]river.QueueConfig{queueName: {MaxWorkers: q.opt.Workers}},
		JobTimeout:                  stepTimeout,
		RescueStuckJobsAfter:        stepTimeout + time.Minute,
		FetchPollInterval:           q.opt.Poll,
		FetchCooldown:               min(100*time.Millisecond, q.opt.Poll),
		CompletedJobRetentionPeriod: time.Hour,
		SoftStopTimeout:             10 * time.Second,
		Logger:                      q.opt.Logger,
	})
	if err != nil {
		return err
	}
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
			defer cancel()
			err := client.Stop(stop)
			_, _ = q.b.exec(stop, `DELETE FROM telltale_process WHERE id = ?`, q.name)
			return err
		case <-tick.C:
			if err := q.beat(ctx); err != nil && ctx.Err() == nil {
				q.opt.Logger.Error("task heartbeat", "error", err)
			}
		}
	}
}

// beat says that this process lives and gives back the jobs of those that do not.
func (q *queue[TTx]) beat(ctx context.Context) error {
	now := time.Now()
	if _, err := q.b.exec(ctx, `INSERT INTO telltale_process (id, seen_at) VALUES (?, ?)
		ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`, q.name, now.UnixMilli()); err != nil {
		return err
	}
	if _, err := q.b.exec(ctx, `DELETE FROM telltale_process WHERE seen_at < ?`, now.Add(-deadAfter).UnixMilli()); err != nil {
		return err
	}
	living, err := q.b.rows(ctx, `SELECT 0, id FROM telltale_process`)
	if err != nil {
		return err
	}
	alive := map[string]bool{}
	for _, r := range living {
		alive[string(r.data)] = true
	}
	jobs, err := q.b.rows(ctx, `SELECT id, `+q.attemptedBy()+` FROM river_job WHERE state = 'running' AND kind = ?`, stepJob{}.Kind())
	if err != nil {
		return err
	}
	for _, j := range jobs {
		var by []string
		_ = json.Unmarshal(j.data, &by)
		if len(by) > 0 && alive[by[len(by)-1]] {
			continue
		}
		// Only while it is still the same attempt: another process may have given it back already.
		if _, err := q.b.exec(ctx, `UPDATE river_job SET state = 'available' WHERE id = ? AND state = 'running' AND attempt = attempt`, j.version); err != nil {
			return err
		}
	}
	return nil
}

// attemptedBy selects a job's workers as a JSON list.
func (q *queue[TTx]) attemptedBy() string {
	if q.b.alone() {
		return `coalesce(json(attempted_by), '[]')`
	}
	return `coalesce(to_json(attempted_by)::text, '[]')`
}

// jobOfTask finds the job of a task, for River's own listing.
func (q *queue[TTx]) jobOfTask() string {
	if q.b.alone() {
		return `args ->> '$.task' = @task`
	}
	return `args ->> 'task' = @task`
}
