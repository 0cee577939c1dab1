package task

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/fault"
)

const (
	mostTries   = 8  // to get a result that a finished task promises
	mostSources = 64 // results of one task
	mostFresh   = 5  // fresh URLs asked for
)

// collect finds where the results of a finished task lie, then keeps them.
func (p *Poller) collect(ctx context.Context, t *Task, d *catalog.TaskDialect, a answer) time.Duration {
	v := a.view
	if p.Keep == nil {
		for _, u := range v.URLs {
			t.Media = append(t.Media, Media{URL: u})
		}
		t.end(Succeeded, nil)
		return 0
	}
	var data []Fetch
	urls, key := v.URLs, false
	switch {
	case v.BodyIsMedia:
		data = []Fetch{{Data: a.body, Type: a.ctype}}
	case len(v.Inline) > 0:
		for _, s := range v.Inline {
			data = append(data, Fetch{Base64: s})
		}
	case len(urls) > 0:
	case len(d.Result) > 0:
		more, wait, stop := p.result(ctx, t, d, v)
		if stop {
			return wait
		}
		urls = more
	case len(d.Content) > 0:
		urls, key = p.contents(t, d, v), true
	}
	if len(urls)+len(data) == 0 {
		if v.Other || len(d.Result) > 0 && len(d.File) == 0 { // a text model on the same queue, say
			t.warn("the result is no media that could be kept; it is in the provider's answer")
			t.end(Succeeded, nil)
			return 0
		}
		return p.nothing(t, v)
	}
	if len(urls) > mostSources {
		t.warn(fmt.Sprintf("the task has %d results; the first %d are kept", len(urls), mostSources))
		urls = urls[:mostSources]
	}
	old := t.Sources // fresh URLs come in the same order
	t.Sources, t.Refresh = nil, false
	for i, u := range urls {
		u = overHTTPS(u)
		s := Source{URL: u, Key: key || d.BytesKey && OwnHost(u, t, d)}
		if i < len(old) && old[i].Kept { // a fresh URL of what is kept already
			s.Kept, s.Index = true, old[i].Index
		}
		t.Sources = append(t.Sources, s)
	}
	return p.save(ctx, t, d, data)
}

// keepImages keeps the URLs of an image response; there is no task to ask for fresh ones.
func (p *Poller) keepImages(ctx context.Context, t *Task) time.Duration {
	wait := p.save(ctx, t, &catalog.TaskDialect{Media: "image"}, nil)
	if t.Refresh {
		t.end(Failed, verdict(fault.Soft, fault.URLExpired, "The image's URL expired before the image could be kept.", "", ""))
		return 0
	}
	return wait
}

// overHTTPS turns Google's own name of an object into its URL.
func overHTTPS(u string) string {
	if object, ok := strings.CutPrefix(u, "gs://"); ok {
		return "https://storage.googleapis.com/" + object
	}
	return u
}

// contents are the URLs under which a provider serves the bytes itself.
func (p *Poller) contents(t *Task, d *catalog.TaskDialect, v catalog.TaskView) (urls []string) {
	vars := []map[string]string{t.vars("id", t.UpstreamID)}
	if len(d.File) > 0 {
		vars = nil
		for _, f := range v.Files {
			vars = append(vars, t.vars("file", f))
		}
	}
	for _, w := range vars {
		if r := catalog.PickRoute(d.Content, hostOf(t.Base), w); r != nil {
			if u := r.URL(t.Base, t.Prefix, w); u != "" {
				urls = append(urls, u)
			}
		}
	}
	return urls
}

// result makes the further call that turns a finished task into URLs. stop: there is nothing to keep now.
func (p *Poller) result(ctx context.Context, t *Task, d *catalog.TaskDialect, v catalog.TaskView) (urls []string, wait time.Duration, stop bool) {
	c, ok := p.credential(ctx, t)
	if !ok {
		t.Waiting = waitKey
		return nil, p.longest(), true
	}
	asks := []map[string]string{t.vars("id", t.UpstreamID)}
	if len(d.File) > 0 {
		asks = nil
		for _, f := range v.Files {
			asks = append(asks, t.vars("file", f))
		}
	}
	for _, vars := range asks {
		req, err := p.request(ctx, t, d, d.Result, or(v.ResultURL, t.ResultURL), vars, c)
		if err != nil {
			t.end(Failed, verdict(fault.Soft, fault.EmptyOutput, "The result cannot be asked for: "+err.Error(), "", ""))
			return nil, 0, true
		}
		a := p.ask(req, t, d)
		if p.Observe != nil {
			p.Observe(ctx, t, a.x, a.d)
		}
		switch {
		case a.view.State == catalog.TaskFiltered || a.d.Cause == fault.ContentFilter:
			t.Final = a.body
			t.end(Failed, p.why(t, a, fault.ContentFilter, "The task was called complete, and its result is a moderation error."))
			return nil, 0, true
		case a.status/100 == 2 && a.x.Err == nil:
			urls = append(urls, d.ResultMedia(a.body)...)
		case a.status == http.StatusUnprocessableEntity || a.status == http.StatusBadRequest:
			t.Final = a.body
			t.end(Failed, p.why(t, a, fault.TaskFailed, "The task was called complete, and its result is an error."))
			return nil, 0, true
		default: // not the task's fault: it is asked for again
			t.Tries++
			t.Verdict = VerdictOf(a.d)
			t.Verdict.Summary = "The task is complete; its result could not be fetched yet: " + t.Verdict.Summary
			if t.Tries > 5*mostTries {
				t.end(Failed, t.Verdict)
				return nil, 0, true
			}
			return nil, max(p.backoff(t.Tries), a.retryAfter(p.now())), true
		}
	}
	return urls, 0, false
}

// nothing deals with a success without results: it is asked again, for they may only be late.
func (p *Poller) nothing(t *Task, v catalog.TaskView) time.Duration {
	if t.Tries++; t.Tries <= 3 {
		return p.backoff(t.Tries)
	}
	w := verdict(fault.Soft, fault.EmptyOutput, "The provider calls the task a success and gives no result; a filter is a likely reason.", v.Where, v.Status)
	w.Likely = true
	t.end(Failed, w)
	return 0
}

// save keeps every source that is not kept yet. data is media that came in the answer itself: if keeping
// it fails, the answer is asked for again.
func (p *Poller) save(ctx context.Context, t *Task, d *catalog.TaskDialect, data []Fetch) time.Duration {
	hint := ""
	if d.Media == "video" || d.Media == "image" {
		hint = d.Media + "/*"
	}
	var kept []Media
	for i := range data {
		data[i].Type = or(data[i].Type, hint)
		m, err := p.Keep(ctx, t, data[i])
		if err != nil {
			return p.failedToKeep(t, Source{}, err)
		}
		kept = append(kept, m)
	}
	t.Media = append(t.Media, kept...)
	for i := range t.Sources {
		s := &t.Sources[i]
		if s.Kept {
			continue
		}
		f := Fetch{URL: s.URL, Type: hint, Hosts: append([]string{hostOf(t.Base)}, d.Hosts...)}
		if s.Key {
			c, ok := p.credential(ctx, t)
			if !ok {
				t.Waiting = waitKey
				return p.longest()
			}
			f.Header = c.Header
			f.URL = withQuery(f.URL, t.Query, c)
		}
		m, err := p.Keep(ctx, t, f)
		if err != nil {
			return p.failedToKeep(t, *s, err)
		}
		t.Media = append(t.Media, m)
		s.Kept, s.Index = true, len(t.Media)-1
		t.Tries = 0
	}
	v := blank(t.Media)
	if v == nil {
		v = unmet(t.Media)
	}
	t.end(Succeeded, v)
	return 0
}

// failedToKeep decides what a result that was not kept means for the task.
func (p *Poller) failedToKeep(t *Task, s Source, err error) time.Duration {
	if errors.Is(err, context.Canceled) {
		return 0
	}
	t.Tries++
	say := func(cause fault.Cause, format string, args ...any) *Verdict {
		return verdict(fault.Soft, cause, fmt.Sprintf(format, args...), "media", err.Error())
	}
	again := func() time.Duration { // by a poll, for a fresh URL
		t.Refresh = true
		return p.backoff(t.Tries)
	}
	switch {
	case errors.Is(err, ErrNoSpace):
		t.Waiting = waitSpace
		t.Verdict = verdict(fault.Soft, fault.Pending, "The task has succeeded; there is no space to keep its media. It waits.", "media", err.Error())
		t.Verdict.Remedies = []string{"Free space, or shorten media retention; the task goes on by itself."}
		return min(p.backoff(t.Tries), time.Minute)
	case errors.Is(err, ErrRefused):
		w := say(fault.Unknown, "The task has succeeded, and its result is not kept: %v.", err)
		w.Remedies = []string{"If the address is yours, list it under media.allow_private; if it is too large, raise media.max_bytes."}
		t.end(Failed, w)
		return 0
	case errors.Is(err, ErrExpired) || errors.Is(err, ErrBlocked) && s.Key:
		if t.Fresh++; t.Fresh > mostFresh {
			t.end(Failed, say(fault.URLExpired, "The result's URL had expired, and each fresh one as well."))
			return 0
		}
		return again()
	case errors.Is(err, ErrCorrupt) && t.Tries > 3:
		t.end(Failed, say(fault.CorruptMedia, "The task has succeeded, and what it gives is not media: %v.", err))
		return 0
	case t.Tries > 5*mostTries:
		t.end(Failed, say(fault.Network, "The task has succeeded, and its result could not be fetched in %d attempts: %v.", t.Tries, err))
		return 0
	}
	t.Verdict = say(fault.Pending, "The task has succeeded; its result could not be fetched yet: %v.", err)
	if s.URL == "" {
		return again()
	}
	return p.backoff(t.Tries)
}

// backoff is the wait after the n-th failed try: doubling from two seconds to two minutes.
func (p *Poller) backoff(n int) time.Duration {
	return min(2*time.Second<<min(max(n-1, 0), 10), 2*time.Minute)
}

// blank is the verdict when a kept picture shows nothing: the provider claims success.
func blank(media []Media) *Verdict {
	for _, m := range media {
		for _, w := range m.Warnings {
			if strings.HasPrefix(w, "blank") {
				v := verdict(fault.Silent, fault.CorruptMedia, "The picture is "+w+": likely moderation or a failure of the provider.", "media", m.Name)
				v.Likely = true
				return v
			}
		}
	}
	return nil
}

// unmet is the verdict when what was kept is not what the caller expects.
func unmet(media []Media) *Verdict {
	for _, m := range media {
		if len(m.Unmet) > 0 {
			return verdict(fault.Silent, fault.UnexpectedOutput, "The result is not as expected: "+strings.Join(m.Unmet, "; ")+".", "media "+m.Name, m.Unmet[0])
		}
	}
	return nil
}
