package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/dashboard"
	"github.com/telltale-ai/telltale/folder"
	"github.com/telltale-ai/telltale/gateway"
	"github.com/telltale-ai/telltale/keeper"
	"github.com/telltale-ai/telltale/media"
	"github.com/telltale-ai/telltale/recovery"
	"github.com/telltale-ai/telltale/s3"
	"github.com/telltale-ai/telltale/task/queue"
)

// tasksFile is where tasks are stored in the data folder.
const tasksFile = "tasks.db"

// keep starts to follow long tasks and to keep media, and joins that to the gateway. A gateway whose task store
// cannot be opened serves without, and says so.
func (s *server) keep(a *app, gc *gateway.Config, ups map[string]*recovery.Upstream) error {
	log := slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	kc := s.keeperConfig(ups, log)
	if err := s.keepStores(a, &kc); err != nil {
		s.warnings = append(s.warnings, "long tasks are passed through and not followed: "+err.Error())
		return nil
	}
	k, err := keeper.Open(kc)
	if err != nil {
		return &exit{code: 2, err: err, hint: "telltale config check shows what the configuration says"}
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(a.ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for ctx.Err() == nil { // a store that fails for a while is taken up again
			if err := k.Run(ctx); err != nil {
				log.Error("tasks are not followed just now", "error", err)
				select {
				case <-ctx.Done():
				case <-time.After(5 * time.Second):
				}
			}
		}
	}()
	s.closers = append(s.closers, func() { stop(); <-ended })
	s.stopping = append(s.stopping, k.Stop)
	gc.Tasks = k

	guarded := dashboard.Guard{Token: s.cfg.Admin.Token.Value()}.Wrap(k.API())
	s.admin = under(s.admin, map[string]http.Handler{"/telltale/api/tasks": guarded, "/telltale/media/": k.Media()})
	if s.cfg.Admin.Listen == "" {
		gc.Admin = s.admin
	} else {
		gc.Admin = under(nil, map[string]http.Handler{"/telltale/media/": k.Media()})
	}
	return nil
}

func (s *server) keeperConfig(ups map[string]*recovery.Upstream, log *slog.Logger) keeper.Config {
	t, m := s.cfg.Tasks, s.cfg.Media
	var hosts []string
	for _, up := range ups {
		port := up.Base.Port()
		if port == "" {
			port = map[string]string{"http": "80", "https": "443"}[up.Base.Scheme]
		}
		hosts = append(hosts, net.JoinHostPort(up.Base.Hostname(), port))
	}
	return keeper.Config{
		Upstreams: hosts, Expect: s.cfg.Expectations(), Diagnoser: &telltale.Diagnoser{Catalog: s.cfg.Signatures()},
		Key: func(upstream string) string {
			if up := ups[upstream]; up != nil {
				return up.Key
			}
			return ""
		},
		Transport: recovery.NewBase(policy(s.cfg, ups)), Log: log,
		PollFirst: time.Duration(t.PollFirst), PollMax: time.Duration(t.PollMax), QueueLimit: time.Duration(t.QueueLimit), Deadline: time.Duration(t.Deadline),
		Rewrite: m.Rewrite, PublicURL: s.publicURL, AllowPrivate: m.AllowPrivate, MaxBytes: int64(m.MaxBytes),
		Retention: media.Retention{Age: time.Duration(m.MaxAge), Size: int64(m.MaxSize)},
		TaskAge:   time.Duration(s.cfg.Record.Keep),
		Instead:   instead(t.Resubmit), LostAfter: time.Duration(t.LostAfter),
		Webhook: t.Webhook.URL, WebhookSecret: t.Webhook.Secret.Value(),
	}
}

// instead looks a model up among patterns; the longest that matches counts.
func instead(rules map[string]string) func(string) string {
	if len(rules) == 0 {
		return nil
	}
	return func(model string) (other string) {
		longest := -1
		for pattern, to := range rules {
			if len(pattern) > longest && recovery.Glob(pattern, model) {
				longest, other = len(pattern), to
			}
		}
		return other
	}
}

// keepStores opens where tasks and media are kept.
func (s *server) keepStores(a *app, kc *keeper.Config) error {
	ctx, cancel := context.WithTimeout(a.ctx, 30*time.Second)
	defer cancel()
	var err error
	if store := s.cfg.Record.Store.Value(); isPostgres(store) {
		kc.Queue, err = queue.OpenPostgres(ctx, store, queue.Options{})
	} else {
		kc.Queue, err = queue.OpenSQLite(ctx, filepath.Join(s.cfg.Data, tasksFile), queue.Options{})
	}
	if err != nil {
		return err
	}
	s.closers = append(s.closers, func() { _ = kc.Queue.Close() })
	if !s.cfg.Media.Keep {
		return nil
	}
	where := s.cfg.Media.Store.Value()
	if !strings.HasPrefix(where, "s3://") {
		f, err := folder.Open(filepath.Join(s.cfg.Data, "media"))
		if err != nil {
			s.warnings = append(s.warnings, "media is not kept: "+err.Error())
			return nil
		}
		s.closers = append(s.closers, func() { _ = f.Close() })
		kc.Media, kc.Dir = f, s.cfg.Data // fetched onto the disk where it will stay
		return nil
	}
	cfg, err := s3.Parse(where)
	if err == nil {
		kc.Media, err = openBucket(ctx, cfg)
	}
	if err != nil {
		s.warnings = append(s.warnings, "media is not kept: "+err.Error())
	}
	return nil
}

// openBucket gives a nil Store with an error, not a Store that holds nil.
func openBucket(ctx context.Context, cfg s3.Config) (media.Store, error) {
	b, err := s3.Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return b, nil
}

// publicURL is what the URLs of kept media begin with: the gateway's own address, once it listens.
func (s *server) publicURL() string {
	if u := s.cfg.Media.PublicURL; u != "" {
		return strings.TrimSuffix(u, "/")
	}
	at, _ := s.at.Load().(string)
	if at == "" {
		return ""
	}
	u, err := url.Parse("http://" + at)
	if err != nil {
		return ""
	}
	switch u.Hostname() {
	case "0.0.0.0", "::":
		return fmt.Sprintf("http://127.0.0.1:%s", u.Port())
	}
	return u.String()
}

// under serves some paths by themselves, and the rest by h.
func under(h http.Handler, paths map[string]http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for p, own := range paths {
			if r.URL.Path == p || strings.HasPrefix(r.URL.Path, strings.TrimSuffix(p, "/")+"/") {
				own.ServeHTTP(w, r)
				return
			}
		}
		if h == nil {
			http.NotFound(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
}
