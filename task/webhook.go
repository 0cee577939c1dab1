package task

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// retries are the waits between attempts to deliver a webhook: a day in all.
var retries = []time.Duration{
	5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 8 * time.Hour,
}

// notify delivers the webhook of an ended task and says when to try again.
func (p *Poller) notify(ctx context.Context, t *Task) time.Duration {
	w := &t.Webhook
	now := p.now()
	if p.Notify == nil {
		w.GaveUp, w.LastErr = true, "webhooks are not configured here"
		return 0
	}
	if wait := w.NextAt.Sub(now); wait > 0 {
		return min(wait, 8*time.Hour)
	}
	err := p.Notify(ctx, t)
	if err == nil {
		w.DoneAt, w.LastErr = now, ""
		return 0
	}
	w.LastErr = clip(err.Error())
	if w.Tries++; w.Tries > len(retries) || errors.Is(err, ErrGone) {
		w.GaveUp = true
		return 0
	}
	wait := retries[w.Tries-1]
	wait += rand.N(wait/10 + 1)
	w.NextAt = now.Add(wait)
	return wait
}

// ErrGone means that a webhook's receiver wants no more: it answered 410.
var ErrGone = errors.New("the receiver answered 410 Gone")

// Webhooks delivers what became of tasks by the Standard Webhooks scheme
// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md):
// the body is signed together with the headers webhook-id and webhook-timestamp.
type Webhooks struct {
	// Transport must refuse private addresses that the owner did not list; redirects are not followed.
	Transport http.RoundTripper
	Secret    []byte // what WebhookSecret returned
	Timeout   time.Duration
	Now       func() time.Time
	Payload   func(*Task) any // what is told: the task as the API gives it
}

// WebhookSecret reads a secret as the scheme writes it: whsec_ and base64 of 24 to 64 bytes.
func WebhookSecret(s string) ([]byte, error) {
	b, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(s, "whsec_"))
	if err != nil || len(b) < 24 || len(b) > 64 {
		return nil, errors.New("a webhook secret is whsec_ followed by the base64 of 24 to 64 bytes; `openssl rand -base64 32` makes one")
	}
	return b, nil
}

// Deliver sends one message. The id is the same on each attempt, so that a receiver can tell a repeat.
func (h *Webhooks) Deliver(ctx context.Context, t *Task) error {
	body, err := json.Marshal(map[string]any{
		"type": "task." + string(t.State), "timestamp": t.UpdatedAt.UTC().Format(time.RFC3339Nano), "data": h.Payload(t),
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, or(h.Timeout, 20*time.Second))
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.Webhook.URL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	now := time.Now
	if h.Now != nil {
		now = h.Now
	}
	id, stamp := "msg_"+t.ID, strconv.FormatInt(now().Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Webhook-Id", id)
	req.Header.Set("Webhook-Timestamp", stamp)
	req.Header.Set("Webhook-Signature", h.Sign(id, stamp, body))
	resp, err := h.Transport.RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	switch {
	case resp.StatusCode/100 == 2:
		return nil
	case resp.StatusCode == http.StatusGone:
		return ErrGone
	}
	return fmt.Errorf("the receiver answered %s", resp.Status)
}

// Sign gives the value of webhook-signature.
func (h *Webhooks) Sign(id, stamp string, body []byte) string {
	m := hmac.New(sha256.New, h.Secret)
	fmt.Fprintf(m, "%s.%s.", id, stamp)
	m.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(m.Sum(nil))
}

// CheckWebhookURL refuses what can be no receiver: anything but http and https, and URLs with a password.
func CheckWebhookURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("the webhook %q is no http or https URL", clip(s))
	case u.User != nil:
		return errors.New("a webhook URL must not hold a password: messages are signed instead")
	}
	return nil
}
