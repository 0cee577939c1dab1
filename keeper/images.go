package keeper

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/task"
)

// Where synchronous image calls give their pictures.
var (
	imageURLs   = []string{"data[].url", "images[].url", "data.image_urls[]", "output.results[].url", "output.choices[].message.content[].image"}
	imageBase64 = []string{"data[].b64_json", "data.image_base64[]", "images[].b64_json", "candidates[].content.parts[].inlineData.data", "artifacts[].base64"}
)

// rewriteWithin is how long a client waits for our URLs when media.rewrite is on; then it gets the provider's.
const rewriteWithin = 30 * time.Second

// makesImages reports whether a path gives pictures at once.
func makesImages(path string) bool {
	return strings.HasSuffix(path, "/images/generations") || strings.HasSuffix(path, "/images/edits") || strings.HasSuffix(path, "/images/variations") ||
		strings.HasSuffix(path, "/image_generation") || strings.HasSuffix(path, ":generateContent") ||
		strings.Contains(path, "/multimodal-generation/") || strings.Contains(path, "/stable-image/generate/")
}

// images keeps what an image call gave. URLs become a task of their own, so that they are fetched whatever
// happens to this process; base64, which the client has in full, is kept behind its back.
func (k *Keeper) images(ctx context.Context, call *telltale.Call, upstream string, u *url.URL, h http.Header, body []byte) []byte {
	if k.media == nil || !makesImages(u.Path) {
		return nil
	}
	urls, inline := catalog.MediaIn(body, imageURLs, imageBase64)
	if len(urls)+len(inline) == 0 {
		return nil
	}
	now := time.Now()
	t := task.Task{
		ID: newID(now), Upstream: upstream, UpstreamID: "images of " + call.ID, Provider: call.Final.Provider, Dialect: task.Images, Call: call.ID, Expect: call.Task,
		Base: u.Scheme + "://" + u.Host, State: task.Saving, CreatedAt: now, UpdatedAt: now, NextAt: now, Webhook: task.Webhook{URL: k.cfg.Webhook},
	}
	with := map[string]string{}
	fetched := now.Add(rewriteWithin)
	for i, s := range urls {
		src := task.Source{URL: s}
		if strings.HasPrefix(s, "data:") {
			inline = append(inline, s)
			continue
		}
		if k.cfg.Rewrite {
			within, cancel := context.WithDeadline(ctx, fetched)
			m, err := k.keep(within, &t, task.Fetch{URL: s, Type: "image/*"})
			cancel()
			if err == nil {
				t.Media = append(t.Media, m)
				src.Kept, src.Index = true, len(t.Media)-1
				with[s] = k.url(m, "")
			} else {
				warn(h, fmt.Sprintf("result %d keeps the provider's URL for now: it could not be fetched in time", i+1))
			}
		}
		t.Sources = append(t.Sources, src)
	}
	if len(t.Sources) > 0 {
		if _, _, err := k.cfg.Queue.Create(ctx, t); err != nil {
			k.log.Error("images are not kept", "call", call.ID, "error", err)
			warn(h, "the images could not be noted: they are not kept")
		} else {
			h.Set("Telltale-Task-Id", t.ID)
		}
	}
	if len(inline) > 0 {
		k.behind.Go(func() { k.keepInline(context.WithoutCancel(ctx), t, inline, len(t.Sources) == 0) })
	}
	out, n := replace(body, with)
	if n == 0 {
		return nil
	}
	call.Changed = append(call.Changed, fmt.Sprintf("%d media URLs replaced by kept ones", n))
	return out
}

// keepInline keeps pictures that came as base64; own: they have a task of their own, else that of the call's URLs has the record.
func (k *Keeper) keepInline(ctx context.Context, t task.Task, inline []string, own bool) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	t.Media, t.Sources = nil, nil
	for _, s := range inline {
		m, err := k.keep(ctx, &t, task.Fetch{Base64: s, Type: "image/*"})
		if err != nil {
			k.log.Error("an image is not kept", "call", t.Call, "error", err)
			t.Warn("an image could not be kept: " + err.Error())
			continue
		}
		t.Media = append(t.Media, m)
	}
	if !own {
		t.ID, t.UpstreamID = newID(time.Now()), t.UpstreamID+" (base64)"
	}
	t.NextAt = time.Now() // the step that follows finds nothing to fetch and ends it
	if _, _, err := k.cfg.Queue.Create(ctx, t); err != nil {
		k.log.Error("kept images are not noted", "call", t.Call, "error", err)
	}
}
