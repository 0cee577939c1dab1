package recovery

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/telltale-ai/telltale/fault"
	"github.com/tidwall/sjson"
)

// targets is the list of places to try after a failure, and whether there is one.
func (c *call) targets(r *result) []Target {
	if !c.on[Fallback] || c.route == nil || c.costly && r.lost {
		return nil
	}
	if list, own := c.route.FallbackOn[r.d.Cause]; own {
		return list
	}
	switch r.d.Cause {
	case fault.ContentFilter, fault.Refusal:
		return nil // what one provider refuses is not carried to another unless the owner says so
	case fault.StreamInterrupted, fault.EmptyOutput:
		return c.route.Fallback
	}
	if r.d.Class == fault.Hard || serverSide(r.d.Cause) {
		return c.route.Fallback
	}
	return nil
}

// serverSide are the causes of a provider that failed, whatever the status that it said so with.
func serverSide(k fault.Cause) bool {
	switch k {
	case fault.RateLimited, fault.Overloaded, fault.ServerError, fault.Timeout, fault.Network, fault.QuotaExhausted:
		return true
	}
	return false
}

func (c *call) hasElsewhere(r *result) bool {
	for i := range c.targets(r) {
		if !c.tried[i] {
			return true
		}
	}
	return false
}

// elsewhere goes on with the next model or upstream of the route's list.
func (c *call) elsewhere(r *result) bool {
	list := c.targets(r)
	for i := range list {
		if c.tried[i] {
			continue
		}
		if c.tried == nil {
			c.tried = map[int]bool{}
		}
		c.tried[i] = true
		to := &list[i]
		w := place{model: to.Model, body: c.body}
		if to.Upstream != nil && to.Upstream.Name != c.up.Name {
			if to.Upstream.Key == "" && to.Upstream.Base.Host != c.req.URL.Host {
				c.note(fmt.Sprintf("fallback to %s left out: it has no key of its own, and the client's is not shown to another host", to.Upstream.Name))
				continue
			}
			if c.up.Base == nil {
				c.note(fmt.Sprintf("fallback to %s left out: it is not known where the path of this call's own upstream ends", to.Upstream.Name))
				continue
			}
			w.url = to.Upstream
		}
		if w.model == "" {
			w.model = c.model
		}
		w.edits = []string{"fallback: " + strings.TrimPrefix(nameOf(w.url)+"/"+w.model, "/")}
		if w.model != c.model && len(w.body) > 0 && isJSON(w.body) && !strings.Contains(c.req.URL.Path, "/models/") {
			b, err := sjson.SetBytes(w.body, "model", w.model)
			if err != nil {
				continue
			}
			w.body = b
		}
		host := c.req.URL.Host
		if w.url != nil {
			host = w.url.Base.Host
		}
		g := c.t.gates.get(host, w.model)
		if _, ok := g.pass(); !ok {
			continue
		}
		c.gate = g
		c.where = w
		return true
	}
	return false
}

func nameOf(u *Upstream) string {
	if u == nil {
		return ""
	}
	return u.Name
}

// remodel changes a model that stands in the path, as Gemini has it.
func remodel(out *http.Request, from, to string) {
	if from == to || !strings.Contains(out.URL.Path, "/models/"+from+":") {
		return
	}
	u := *out.URL
	u.Path = strings.Replace(u.Path, "/models/"+from+":", "/models/"+to+":", 1)
	u.RawPath = ""
	out.URL = &u
}

// redirect sends out to another upstream: the path below the base stays, the key is the other's own.
func redirect(out *http.Request, from, to *Upstream) {
	u := *out.URL
	rest := strings.TrimPrefix(u.Path, strings.TrimRight(from.Base.Path, "/"))
	u.Scheme, u.Host = to.Base.Scheme, to.Base.Host
	u.Path, u.RawPath = strings.TrimRight(to.Base.Path, "/")+"/"+strings.TrimLeft(rest, "/"), ""
	q := u.Query()
	if q.Has("key") {
		q.Del("key")
		u.RawQuery = q.Encode()
	}
	out.URL = &u
	out.Host = ""
	out.Header = out.Header.Clone()
	SetKey(out.Header, &u, to.Key)
}

// keyHeaders are where clients put their key.
var keyHeaders = [...]string{"Authorization", "X-Api-Key", "Api-Key", "X-Goog-Api-Key"}

// SetKey puts key into h where the client had its own, or else where the host of u wants it, and removes
// every other key of the client.
func SetKey(h http.Header, u *url.URL, key string) {
	where := ""
	for _, k := range keyHeaders {
		if h.Get(k) != "" && where == "" {
			where = k
		}
		h.Del(k)
	}
	if key == "" {
		return
	}
	if where == "" {
		switch {
		case strings.HasSuffix(u.Host, "anthropic.com"):
			where = "X-Api-Key"
		case strings.HasSuffix(u.Host, ".openai.azure.com"):
			where = "Api-Key"
		case u.Host == "generativelanguage.googleapis.com" && !strings.Contains(u.Path, "/openai"):
			where = "X-Goog-Api-Key"
		default:
			where = "Authorization"
		}
	}
	if where == "Authorization" {
		key = "Bearer " + key
	}
	h.Set(where, key)
}
