package keeper

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/task"
)

// Accepted takes in the healthy answer to a POST before the client gets it: a create becomes a task that is
// stored, images are kept. What goes wrong here is logged and told in Telltale-Warning; the client gets its
// answer all the same. It returns another body only where URLs were replaced.
func (k *Keeper) Accepted(ctx context.Context, call *telltale.Call, webhook string, h http.Header, body []byte) []byte {
	if len(call.Attempts) == 0 {
		return nil
	}
	last := call.Attempts[len(call.Attempts)-1]
	x := last.Exchange
	if x == nil || x.Response == nil || x.Response.Status/100 != 2 {
		return nil
	}
	u, err := url.Parse(x.Request.URL)
	if err != nil {
		return nil
	}
	upstream := last.Upstream
	if upstream == "" {
		upstream = call.Upstream
	}
	m, ok := catalog.MatchCreate(x.Request.Method, u.Host, u.Path)
	if !ok {
		return k.images(ctx, call, upstream, u, h, body)
	}
	v := m.Dialect.Read(x.Response.Status, body)
	if v.Refused || v.ID == "" && v.State == "" {
		return nil // the engine has judged it
	}
	if v.ID == "" {
		k.log.Warn("a create was answered without an id: no task can be followed", "call", call.ID, "upstream", upstream)
		warn(h, "the answer holds no task id: the task cannot be followed")
		return nil
	}
	t := k.newTask(call, upstream, m, v, u, x.Request.Header, body)
	t.Model, t.CreatePath = last.Model, u.Path
	t.Create = k.instead(last.Model, x.Request.Body)
	t.Webhook = k.webhook(webhook, h)
	stored, made, err := k.cfg.Queue.Create(ctx, t)
	if err != nil {
		k.log.Error("a task could not be stored: it is not followed", "call", call.ID, "upstream", upstream, "upstream_id", v.ID, "error", err)
		warn(h, "the task could not be stored: it is not followed")
		return nil
	}
	if !made {
		k.again(ctx, stored)
	}
	h.Set("Telltale-Task-Id", stored.ID)
	h.Set("Telltale-Task-State", stored.State.Header())
	return nil
}

// newTask makes the task of an accepted create.
func (k *Keeper) newTask(call *telltale.Call, upstream string, m catalog.TaskMatch, v catalog.TaskView, u *url.URL, h http.Header, body []byte) task.Task {
	now := time.Now()
	d := m.Dialect
	first := k.cfg.PollFirst
	if first == 0 {
		first = 5 * time.Second
	}
	if first = max(first, d.PollFirst); k.cfg.PollMax > 0 {
		first = min(first, k.cfg.PollMax)
	}
	t := task.Task{
		ID: newID(now), Upstream: upstream, UpstreamID: v.ID, Provider: d.Provider, Dialect: d.Name, Call: call.ID, Expect: call.Task,
		Base: u.Scheme + "://" + u.Host, Prefix: m.Prefix, Vars: m.Vars, PollURL: v.PollURL, CancelURL: v.CancelURL, ResultURL: v.ResultURL,
		Headers: map[string]string{}, State: task.Queued, Status: v.Status, Progress: max(v.Progress, 0), CreatedAt: now, UpdatedAt: now, NextAt: now.Add(first),
	}
	if v.State == catalog.TaskRunning {
		t.State = task.Running
	}
	if v.State.Ended() {
		t.NextAt = now
	}
	if v.Status != "" && !v.State.Ended() && len(body) < 1<<20 { // it has the shape of an answer to a poll
		t.Answer, t.ContentType = body, "application/json"
	}
	for _, name := range []string{"X-Runway-Version", "Openai-Organization", "Openai-Project", "X-Dashscope-Workspace", "X-Goog-User-Project"} {
		if s := h.Get(name); s != "" {
			t.Headers[name] = s
		}
	}
	q := u.Query()
	for name := range q {
		if secretQuery(name) {
			q.Del(name)
		}
	}
	t.Query = q.Encode()
	if key := k.key(upstream); key != "" {
		t.KeyHeader = keyPlace(h, key)
	} else if c, ok := presented(h, u.Query()); ok {
		t.ClientKey = k.keys.hold(c, now)
	}
	return t
}

// webhook is who is told of a task: the one that the call names, or the configured one.
func (k *Keeper) webhook(named string, h http.Header) task.Webhook {
	switch {
	case named == "":
		return task.Webhook{URL: k.cfg.Webhook}
	case k.poller.Notify == nil:
		warn(h, "the webhook is not called: tasks.webhook.secret is not set")
		return task.Webhook{}
	}
	if err := task.CheckWebhookURL(named); err != nil {
		warn(h, "the webhook is not called: "+err.Error())
		return task.Webhook{URL: k.cfg.Webhook}
	}
	return task.Webhook{URL: named}
}

// again notes that an upstream gave the same id to two creates.
func (k *Keeper) again(ctx context.Context, t task.Task) {
	k.log.Warn("an upstream gave one id to two creates", "task", t.ID, "upstream", t.Upstream, "upstream_id", t.UpstreamID)
	for range 3 {
		t.Warn("the upstream gave this id to more than one create")
		if k.cfg.Queue.Update(ctx, &t) == nil {
			return
		}
		fresh, err := k.cfg.Queue.Get(ctx, t.ID)
		if err != nil {
			return
		}
		t = fresh
	}
}

// warn tells the client what is not as it should be, in a header that no healthy answer has.
func warn(h http.Header, s string) {
	h.Add("Telltale-Warning", strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return ' '
		}
		return r
	}, s))
}

// replace puts other strings into a JSON text in the place of those it holds, and leaves every other byte as it is.
func replace(body []byte, with map[string]string) ([]byte, int) {
	if len(with) == 0 {
		return body, 0
	}
	var out []byte
	n, from := 0, 0
	for i := 0; i < len(body); i++ {
		if body[i] != '"' {
			continue
		}
		end := i + 1
		for end < len(body) && body[end] != '"' {
			if body[end] == '\\' {
				end++
			}
			end++
		}
		if end >= len(body) {
			break
		}
		var s string
		if json.Unmarshal(body[i:end+1], &s) == nil {
			if r, ok := with[s]; ok {
				quoted, _ := json.Marshal(r)
				out = append(append(out, body[from:i]...), quoted...)
				from = end + 1
				n++
			}
		}
		i = end
	}
	if n == 0 {
		return body, 0
	}
	return append(out, body[from:]...), n
}
