package keeper

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/task"
)

// Answer answers a client's own poll of a task with the provider's object: from the store when that is
// fresh, else after asking the provider in the client's name. It leaves to the provider what it does not
// know, what another key asks for, and what the provider refuses.
func (k *Keeper) Answer(ctx context.Context, upstream string, r *http.Request) (*http.Response, bool) {
	m, content, ok := k.poll(r)
	if !ok {
		return nil, false
	}
	list, err := k.cfg.Queue.Find(ctx, upstream, m.ID)
	if err != nil || len(list) == 0 {
		return nil, false
	}
	t := list[0]
	if !k.mayAsk(&t, r) {
		return nil, false
	}
	if content {
		return k.content(ctx, &t, r)
	}
	if !t.State.Ended() && time.Since(t.AnsweredAt) > k.freshFor() {
		if t, ok = k.now(ctx, t); !ok {
			return nil, false
		}
	}
	return k.object(&t, r)
}

// freshFor is how old a stored answer may be: as old as the client's next poll would make it anyway.
func (k *Keeper) freshFor() time.Duration {
	if k.cfg.PollFirst > 0 {
		return min(k.cfg.PollFirst, 5*time.Second)
	}
	return 5 * time.Second
}

// poll recognises a question after a task, or for its bytes.
func (k *Keeper) poll(r *http.Request) (m catalog.TaskMatch, content, ok bool) {
	var body []byte
	if r.Method == http.MethodPost && r.ContentLength > 0 && r.ContentLength < 64<<10 {
		if _, isPoll := catalog.MatchPoll(r.Method, r.URL.Host, r.URL.RequestURI(), nil); !isPoll && !catalog.MayPoll(r.Method, r.URL.Host, r.URL.Path) {
			return m, false, false
		}
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failing{err}))
			return m, false, false
		}
		r.Body.Close()
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	if m, ok = catalog.MatchPoll(r.Method, r.URL.Host, r.URL.RequestURI(), body); ok {
		return m, false, true
	}
	m, ok = catalog.MatchContent(r.Method, r.URL.Host, r.URL.RequestURI())
	return m, true, ok
}

// failing repeats an error that reading a body gave.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// mayAsk reports whether the request shows the key that the task was made with, and holds that key anew.
// Where the upstream's key is configured, whoever may use the gateway may ask.
func (k *Keeper) mayAsk(t *task.Task, r *http.Request) bool {
	if t.ClientKey == "" {
		return true
	}
	c, ok := presented(r.Header, r.URL.Query())
	if !ok || fingerprint(c) != t.ClientKey {
		return false
	}
	k.keys.hold(c, time.Now())
	return true
}

// now takes a step of a task at once, unless one runs, and gives what is known then. false: the provider could not be asked.
func (k *Keeper) now(ctx context.Context, t task.Task) (task.Task, bool) {
	if t.State == task.Saving { // there is nothing to ask
		if t.Waiting != "" {
			_ = k.cfg.Queue.Wake(ctx, t.ID) // the key that it may have waited for is here
		}
		return t, true
	}
	if c := k.running(t.ID); c != nil {
		select {
		case <-c:
		case <-time.After(10 * time.Second):
		case <-ctx.Done():
			return t, false
		}
	} else {
		// The step goes on when the client leaves, and no longer than a poll takes when it does not: media is fetched by the queue.
		err := k.stepFor(ctx, t.ID)
		if err != nil {
			return t, false
		}
	}
	fresh, err := k.cfg.Queue.Get(ctx, t.ID)
	if err != nil || fresh.Errors > 0 || len(fresh.Answer) == 0 && len(fresh.Final) == 0 {
		return t, false
	}
	return fresh, true
}

// stepFor takes a step on behalf of a client, in the background beyond ten seconds.
func (k *Keeper) stepFor(ctx context.Context, id string) error {
	if !k.begin(id) {
		return nil
	}
	done := make(chan error, 1)
	k.behind.Go(func() {
		defer k.finish(id)
		_, _, err := k.poller.Step(context.WithoutCancel(ctx), id)
		done <- err
	})
	select {
	case err := <-done:
		return err
	case <-time.After(10 * time.Second):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// object is the provider's own object as the client gets it.
func (k *Keeper) object(t *task.Task, r *http.Request) (*http.Response, bool) {
	body := t.Answer
	if len(t.Final) > 0 && (t.State.Ended() || !k.cfg.Rewrite) {
		body = t.Final
	}
	if len(body) == 0 || t.State.Ended() && len(t.Final) == 0 {
		return nil, false // the provider's answer is the media itself, or was too long to keep
	}
	h := http.Header{"Content-Type": {or(t.ContentType, "application/json")}, "Telltale-Task-Id": {t.ID}, "Telltale-Task-State": {t.State.Header()}}
	for _, s := range t.Warnings {
		warn(h, s)
	}
	if k.cfg.Rewrite && t.State == task.Succeeded {
		with := map[string]string{}
		for _, s := range t.Sources {
			if s.Kept && s.Index < len(t.Media) {
				with[s.URL] = k.url(t.Media[s.Index], "")
			}
		}
		var n int
		if body, n = replace(body, with); n > 0 {
			h.Set("Telltale-Changed", fmt.Sprintf("%d media URLs replaced by kept ones", n))
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	return response(r, orInt(t.HTTPStatus, 200), h, io.NopCloser(bytes.NewReader(body)), int64(len(body))), true
}

// content serves the kept bytes where the provider serves them, also when it does so no longer.
func (k *Keeper) content(ctx context.Context, t *task.Task, r *http.Request) (*http.Response, bool) {
	if t.State != task.Succeeded || len(t.Media) != 1 || t.Media[0].Name == "" || k.cfg.Media == nil || r.Header.Get("Range") != "" || r.URL.Query().Has("variant") {
		return nil, false
	}
	f, err := k.cfg.Media.Read(ctx, t.Media[0].Name)
	if err != nil {
		return nil, false
	}
	h := http.Header{"Content-Type": {t.Media[0].ContentType}, "Content-Length": {strconv.FormatInt(f.Size(), 10)}, "X-Content-Type-Options": {"nosniff"},
		"Telltale-Task-Id": {t.ID}, "Telltale-Task-State": {t.State.Header()}}
	return response(r, 200, h, f, f.Size()), true
}

func response(r *http.Request, status int, h http.Header, body io.ReadCloser, size int64) *http.Response {
	return &http.Response{Status: fmt.Sprintf("%d %s", status, http.StatusText(status)), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: h, Body: body, ContentLength: size, Request: r}
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func orInt(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}
