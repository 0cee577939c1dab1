package keeper

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/task"
	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"
)

// modelKeys are the fields in which creates name their model.
var modelKeys = []string{"model", "model_name", "modelName"}

// instead gives the create's body with the model that the owner names for stuck tasks of this one; nil where
// there is none, or where the body does not name its model.
func (k *Keeper) instead(model string, body []byte) []byte {
	if k.cfg.Instead == nil || !gjson.ValidBytes(body) {
		return nil
	}
	other := k.cfg.Instead(model)
	if other == "" || other == model {
		return nil
	}
	for _, key := range modelKeys {
		if gjson.GetBytes(body, key).String() == model {
			if b, err := sjson.SetBytes(body, key, other); err == nil {
				return b
			}
		}
	}
	return nil
}

// resubmit sends the stored create of a stuck task, once, and stores the task that comes of it.
func (k *Keeper) resubmit(ctx context.Context, old *task.Task) (task.Task, error) {
	target := old.Base + old.CreatePath
	if old.Query != "" {
		target += "?" + old.Query
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(old.Create))
	if err != nil {
		return task.Task{}, err
	}
	m, ok := catalog.MatchCreate(req.Method, req.URL.Host, req.URL.Path)
	if !ok {
		return task.Task{}, fmt.Errorf("%s is no create that is known", old.CreatePath)
	}
	req.Header.Set("Content-Type", "application/json")
	for name, v := range old.Headers {
		req.Header.Set(name, v)
	}
	c, ok := k.credential(ctx, old)
	if !ok {
		return task.Task{}, fmt.Errorf("the client's key is not held any more")
	}
	for name, v := range c.Header {
		req.Header[name] = v
	}
	q := req.URL.Query()
	for name, v := range c.Query {
		q[name] = v
	}
	req.URL.RawQuery = q.Encode()
	resp, err := k.poller.Transport.RoundTrip(req)
	if err != nil {
		return task.Task{}, fmt.Errorf("the second create: %w", withoutURL(err))
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return task.Task{}, fmt.Errorf("the answer to the second create: %w", err)
	}
	v := m.Dialect.Read(resp.StatusCode, body)
	if resp.StatusCode/100 != 2 || v.Refused || v.ID == "" {
		d := k.poller.Diagnoser.Diagnose(&telltale.Exchange{
			Request:  telltale.Request{Method: req.Method, URL: old.Base + old.CreatePath, Surface: telltale.VideoCreate, Provider: old.Provider},
			Response: &telltale.Response{Status: resp.StatusCode, Header: resp.Header, Body: body},
		})
		return task.Task{}, fmt.Errorf("the second create was refused: %s: %s", d.Cause, d.Summary)
	}
	u := &url.URL{Scheme: req.URL.Scheme, Host: req.URL.Host, Path: req.URL.Path, RawQuery: old.Query}
	t := k.newTask(&telltale.Call{ID: old.Call, Task: old.Expect}, old.Upstream, m, v, u, req.Header, body)
	t.Model, t.CreatePath, t.ResubmittedFrom, t.Webhook = gjson.GetBytes(old.Create, firstModelKey(old.Create)).String(), old.CreatePath, old.ID, old.Webhook
	t.ClientKey, t.KeyHeader, t.CreatedAt = old.ClientKey, old.KeyHeader, time.Now()
	stored, _, err := k.cfg.Queue.Create(ctx, t)
	return stored, err
}

func firstModelKey(body []byte) string {
	for _, key := range modelKeys {
		if gjson.GetBytes(body, key).Exists() {
			return key
		}
	}
	return modelKeys[0]
}

// withoutURL takes the address, which may hold a key, out of a transport's error.
func withoutURL(err error) error {
	if e, ok := err.(*url.Error); ok {
		return e.Err
	}
	return err
}
