package keeper

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/telltale-ai/telltale/task"
)

// keyHeaders are where clients put their key.
var keyHeaders = []string{"Authorization", "X-Api-Key", "Api-Key", "X-Goog-Api-Key", "Mj-Api-Secret"}

// keyRing holds the clients' own keys, in memory only. The zero value is empty.
type keyRing struct {
	mu   sync.Mutex
	keys map[string]heldKey // by fingerprint
}

type heldKey struct {
	c    task.Credential
	seen time.Time
}

// keyLife is how long a key is held after it was last used: as long as tasks are followed, and an hour.
const keyLife = 25 * time.Hour

// secretQuery are the names under which a key stands in a query.
func secretQuery(name string) bool {
	n := strings.ToLower(name)
	return n == "key" || strings.Contains(n, "token") || strings.Contains(n, "secret") || strings.Contains(n, "sig") || strings.Contains(n, "api_key") || strings.Contains(n, "apikey")
}

// presented takes from a request what authorises it.
func presented(h http.Header, q url.Values) (c task.Credential, ok bool) {
	c = task.Credential{Header: http.Header{}, Query: url.Values{}}
	for _, name := range keyHeaders {
		if v := h.Get(name); v != "" {
			c.Header.Set(name, v)
		}
	}
	for name, v := range q {
		if secretQuery(name) {
			c.Query[name] = v
		}
	}
	return c, len(c.Header)+len(c.Query) > 0
}

// fingerprint names a credential without telling it: keys are long and random, so that nobody finds one by
// trying, and only half of the hash is stored.
func fingerprint(c task.Credential) string {
	m := hmac.New(sha256.New, []byte("telltale task key"))
	for _, name := range keyHeaders {
		m.Write([]byte(c.Header.Get(name) + "\x00"))
	}
	m.Write([]byte(c.Query.Encode()))
	return hex.EncodeToString(m.Sum(nil)[:16])
}

// hold keeps a credential in memory and gives its fingerprint.
func (r *keyRing) hold(c task.Credential, now time.Time) string {
	f := fingerprint(c)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.keys == nil {
		r.keys = map[string]heldKey{}
	}
	r.keys[f] = heldKey{c, now}
	if len(r.keys) > 1000 {
		for f, k := range r.keys {
			if now.Sub(k.seen) > keyLife {
				delete(r.keys, f)
			}
		}
	}
	return f
}

func (r *keyRing) find(f string, now time.Time) (task.Credential, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k, ok := r.keys[f]
	if ok && now.Sub(k.seen) > keyLife {
		delete(r.keys, f)
		return task.Credential{}, false
	}
	return k.c, ok
}

// credential is what the poller asks with: the configured key of the upstream, or the client's own while it is held.
func (k *Keeper) credential(_ context.Context, t *task.Task) (task.Credential, bool) {
	if t.ClientKey != "" {
		return k.keys.find(t.ClientKey, time.Now())
	}
	key := k.key(t.Upstream)
	if key == "" {
		return task.Credential{}, true // an upstream that wants none
	}
	name, scheme, ok := strings.Cut(t.KeyHeader, ": ")
	if !ok {
		name, scheme = "Authorization", "Bearer "
	}
	return task.Credential{Header: http.Header{http.CanonicalHeaderKey(name): {scheme + key}}}, true
}

func (k *Keeper) key(upstream string) string {
	if k.cfg.Key == nil {
		return ""
	}
	return k.cfg.Key(upstream)
}

// keyPlace says in which header a configured key went out, and what stood before it.
func keyPlace(h http.Header, key string) string {
	for _, name := range keyHeaders {
		if before, ok := strings.CutSuffix(h.Get(name), key); ok {
			return name + ": " + before
		}
	}
	return ""
}

// newID names a task: sortable by time, unique.
func newID(now time.Time) string {
	const digits = "0123456789abcdefghjkmnpqrstvwxyz" // Crockford's base 32
	ms := uint64(now.UnixMilli())
	out := make([]byte, 26)
	for i := 9; i >= 0; i-- {
		out[i] = digits[ms&31]
		ms >>= 5
	}
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	for i := range b {
		out[10+i] = digits[b[i]&31]
	}
	return "task_" + string(out)
}
