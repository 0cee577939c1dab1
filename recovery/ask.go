package recovery

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/expect"
	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"
)

// own is a request of Telltale's own, as often as it is sent.
type own struct {
	req     *http.Request
	body    []byte
	up      *Upstream
	surface telltale.Surface
	expect  *expect.Expectation
}

// askAll sends n calls at once through the same transport: ordinary calls, with a record of their own. It
// returns when all have ended or ctx has, with n answers.
func (c *call) askAll(ctx context.Context, kind string, o own, n int) []asked {
	set := &Settings{Mode: Recover, Recover: []Recovery{}, Task: c.taskOf(kind), Expect: o.expect, Upstream: o.up, second: true}
	if set.Expect == nil {
		set.Expect = &expect.Expectation{}
	}
	ctx = With(ctx, set)
	answers := make(chan asked, n)
	t := c.t
	for range n {
		req := o.req.Clone(ctx)
		req.Body, req.GetBody, req.ContentLength = io.NopCloser(bytes.NewReader(o.body)), nil, int64(len(o.body))
		go func() {
			a := asked{failed: "a fault of Telltale's own"}
			defer func() {
				_ = recover()
				answers <- a
			}()
			a = t.ask(req, o.surface)
		}()
	}
	out := make([]asked, n)
	for i := range out {
		select {
		case out[i] = <-answers:
		case <-ctx.Done():
			out[i] = asked{failed: "no answer within its time limit"}
		}
	}
	return out
}

// ask makes a call and gives its text.
func (t *Transport) ask(req *http.Request, s telltale.Surface) (a asked) {
	resp, err := t.RoundTrip(req)
	if c, ok := CallOf(resp, err); ok {
		a.id = c.ID
	}
	if err != nil {
		a.failed = "no answer came"
		if req.Context().Err() != nil {
			a.failed = "no answer within its time limit"
		}
		return a
	}
	defer resp.Body.Close()
	a.status = resp.StatusCode
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxOpinion))
	if err != nil {
		a.failed = "its answer broke off"
		return a
	}
	b, _ = decoded(b, resp.Header, maxOpinion)
	if c, ok := CallOf(resp, nil); ok && resp.StatusCode >= 300 {
		a.failed = "it answered " + statusText(resp.StatusCode, c.Final.Cause)
		return a
	}
	if p := textPath(s, b); p != "" {
		a.text = gjson.GetBytes(b, p).Str
	}
	if a.text == "" {
		a.failed = "its answer holds no text"
	}
	return a
}

const maxOpinion = 4 << 20

// judgeRequest addresses a judge: at an upstream of its own, or where the answer came from.
func (c *call) judgeRequest(r *result, j *Judge, s telltale.Surface, body []byte) own {
	o := own{body: body, surface: s, up: c.up}
	if j.Upstream == nil || j.Upstream == r.place.url || j.Upstream == c.up && r.place.url == nil && s == c.surface {
		w := place{url: r.place.url, model: j.Model, body: body}
		if o.up = c.up; w.url != nil {
			o.up = w.url
		}
		o.req = c.plainRequest(w)
		u := *o.req.URL
		if s == telltale.Chat && !strings.HasSuffix(u.Path, "/chat/completions") {
			u.Path, u.RawPath = strings.TrimSuffix(u.Path, "completions")+"chat/completions", ""
		}
		o.req.URL = &u
		return o
	}
	o.up = j.Upstream
	u := *j.Upstream.Base
	u.Path = strings.TrimRight(u.Path, "/") + map[telltale.Surface]string{
		telltale.Chat: "/chat/completions", telltale.Messages: "/messages", telltale.GenerateContent: "/models/" + j.Model + ":generateContent",
	}[s]
	u.RawPath = ""
	h := http.Header{"Content-Type": {"application/json"}, "User-Agent": {""}}
	if s == telltale.Messages {
		h.Set("Anthropic-Version", "2023-06-01")
	}
	o.req = &http.Request{Method: http.MethodPost, URL: &u, Header: h, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	if j.Upstream.Key == "" && u.Host == c.req.URL.Host { // the client's own key, which this host has seen
		for _, k := range keyHeaders {
			if v := c.req.Header.Values(k); len(v) > 0 {
				h[k] = v
			}
		}
	} else {
		if s == telltale.Messages {
			h.Set("X-Api-Key", "-") // where this dialect wants it
		}
		SetKey(h, &u, j.Upstream.Key)
	}
	return o
}

// sameRequest is the request that was answered, to be asked once more for a plain answer.
func (c *call) sameRequest(r *result) own {
	w := r.place
	o := own{body: w.body, surface: c.surface, up: c.up, expect: c.expect}
	if w.url != nil {
		o.up = w.url
	}
	for _, k := range [...]string{"stream", "stream_options"} {
		if gjson.GetBytes(o.body, k).Exists() {
			if b, err := sjson.DeleteBytes(bytes.Clone(o.body), k); err == nil {
				o.body = b
			}
		}
	}
	w.body = o.body
	o.req = c.plainRequest(w)
	return o
}

// plainRequest is a request to w that is not streamed and that no provider takes for one it has had.
func (c *call) plainRequest(w place) *http.Request {
	w.header = nil
	out := c.outgoing(c.ctx, w)
	out.Header = out.Header.Clone()
	for _, k := range [...]string{"Idempotency-Key", "X-Idempotency-Key", "Accept", "X-Stainless-Retry-Count", "Content-Encoding"} {
		out.Header.Del(k)
	}
	u := *out.URL
	if strings.HasSuffix(u.Path, ":streamGenerateContent") {
		u.Path, u.RawPath = strings.TrimSuffix(u.Path, "streamGenerateContent")+"generateContent", ""
		u.RawQuery = without(u.Query(), "alt").Encode()
	}
	out.URL = &u
	return out
}

func without(q url.Values, key string) url.Values {
	q.Del(key)
	return q
}
