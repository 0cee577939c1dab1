package media

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// local fetches from test servers.
func local(t *testing.T) *Fetcher {
	t.Helper()
	g, err := NewGuard([]string{"127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	tr := g.Transport()
	t.Cleanup(tr.CloseIdleConnections)
	return &Fetcher{Transport: tr, Dir: t.TempDir(), MaxTime: 20 * time.Second}
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func bytesOf(t *testing.T, f *Fetched) []byte {
	t.Helper()
	defer f.Close()
	b, err := io.ReadAll(f.File)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestFetch(t *testing.T) {
	want := bytes.Repeat([]byte("frame"), 100_000)
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { w.Write(want) })
	f := local(t)
	got, err := f.Fetch(t.Context(), Source{URL: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(bytesOf(t, got), want) {
		t.Error("other bytes came")
	}
	if left, _ := filepath.Glob(filepath.Join(f.Dir, ".*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestResume: a transfer that breaks is taken up where it stopped, and begun anew when the object has changed.
func TestResume(t *testing.T) {
	want := bytes.Repeat([]byte("0123456789"), 50_000)
	for name, c := range map[string]struct{ ranges, changes bool }{"ranges": {true, false}, "no ranges": {false, false}, "changes": {true, true}} {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			var asked []string
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				asked = append(asked, r.Header.Get("Range"))
				n := len(asked)
				mu.Unlock()
				etag := `"one"`
				if c.changes && n > 1 {
					etag = `"two"`
				}
				from := 0
				if c.ranges {
					w.Header().Set("ETag", etag)
					if r.Header.Get("If-Range") == etag {
						from, _ = strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(r.Header.Get("Range"), "bytes="), "-"))
						w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(want)-1, len(want)))
					}
				}
				w.Header().Set("Content-Length", strconv.Itoa(len(want)-from))
				if from > 0 {
					w.WriteHeader(http.StatusPartialContent)
				}
				part := want[from:]
				if n < 3 && len(part) > 100_000 {
					w.Write(part[:100_000])
					panic(http.ErrAbortHandler)
				}
				w.Write(part)
			})
			got, err := local(t).Fetch(t.Context(), Source{URL: s.URL})
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(bytesOf(t, got), want) {
				t.Error("other bytes came")
			}
			if c.ranges && !c.changes && (len(asked) != 3 || asked[1] != "bytes=100000-" || asked[2] != "bytes=200000-") {
				t.Errorf("asked for %q", asked)
			}
		})
	}
}

// TestRefusals: what must never be fetched is not, and nothing is tried again.
func TestRefusals(t *testing.T) {
	var asked atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		switch r.URL.Path {
		case "/metadata":
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusFound)
		case "/file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/private":
			http.Redirect(w, r, "http://10.0.0.1/", http.StatusFound)
		case "/huge":
			w.Header().Set("Content-Length", "10737418240")
			w.Write([]byte("x"))
		case "/endless":
			for {
				if _, err := w.Write(make([]byte, 64<<10)); err != nil {
					return
				}
			}
		}
	})
	f := local(t)
	f.MaxBytes = 1 << 20
	for _, u := range []string{
		s.URL + "/metadata", s.URL + "/file", s.URL + "/loop", s.URL + "/private", s.URL + "/huge", s.URL + "/endless",
		"file:///etc/passwd", "ftp://example.com/x", "http://user:pass@example.com/", "http:///x", "gopher://x/", "://",
		"http://[::1]:1/", "http://[::ffff:10.0.0.1]:1/", "http://0.0.0.0:1/", "http://169.254.169.254/",
	} {
		asked.Store(0)
		got, err := f.Fetch(t.Context(), Source{URL: u})
		if err == nil {
			got.Close()
		}
		if !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v, want a refusal", u, err)
		}
		if n := asked.Load(); n > 6 || n > 1 && !strings.HasSuffix(u, "/loop") {
			t.Errorf("%s: asked %d times", u, n)
		}
		if err != nil && strings.Contains(err.Error(), "pass@") {
			t.Errorf("%s: the error shows the password", u)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(f.Dir, ".*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	// The zero Fetcher reaches no test server either.
	if _, err := (&Fetcher{Dir: t.TempDir()}).Fetch(t.Context(), Source{URL: s.URL + "/ok"}); !errors.Is(err, ErrRefused) {
		t.Errorf("loopback without leave: %v", err)
	}
}

func TestGuard(t *testing.T) {
	g, err := NewGuard([]string{"10.1.0.0/16", "192.168.1.5", "fd00::/8", "minio.local"})
	if err != nil {
		t.Fatal(err)
	}
	for addr, want := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1": true, "10.1.2.3": true, "::ffff:10.1.2.3": true, "192.168.1.5": true, "fd12::1": true, "64:ff9b::808:808": true,
		"10.2.0.1": false, "127.0.0.1": false, "::1": false, "169.254.169.254": false, "fe80::1": false, "0.0.0.0": false, "224.0.0.1": false,
		"100.64.0.1": false, "192.0.0.8": false, "198.18.0.1": false, "240.0.0.1": false, "255.255.255.255": false, "::": false,
		"64:ff9b::a00:1": false, "2002:a00:1::": false, "::ffff:127.0.0.1": false, "172.16.0.1": false, "192.168.1.6": false, "203.0.113.9": false,
	} {
		if got := g.Allows(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: %v, want %v", addr, got, want)
		}
	}
	for _, bad := range []string{"10.0.0.0/99", "http://x", "a b"} {
		if _, err := NewGuard([]string{bad}); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// TestKeyStaysHome: the key goes to the provider's own hosts, and to none that a redirect leads to.
func TestKeyStaysHome(t *testing.T) {
	const canary = "Bearer sk-canary-4711"
	var leaked atomic.Bool
	cdn := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(fmt.Sprint(r.Header), "canary") {
			leaked.Store(true)
		}
		w.Write([]byte("media"))
	})
	var home atomic.Bool
	provider := serve(t, func(w http.ResponseWriter, r *http.Request) {
		home.Store(r.Header.Get("Authorization") == canary)
		http.Redirect(w, r, strings.Replace(cdn.URL, "127.0.0.1", "localhost", 1)+"/x", http.StatusFound)
	})
	f := local(t)
	g, _ := NewGuard([]string{"127.0.0.1", "localhost"})
	f.Transport = g.Transport()
	u, _ := url.Parse(provider.URL)
	h := http.Header{"Authorization": {canary}}
	got, err := f.Fetch(t.Context(), Source{URL: provider.URL, Header: h, Hosts: []string{u.Host}})
	if err != nil {
		t.Fatal(err)
	}
	got.Close()
	if !home.Load() {
		t.Error("the provider was not shown its key")
	}
	if got, err = f.Fetch(t.Context(), Source{URL: cdn.URL, Header: h, Hosts: []string{"api.example.com"}}); err != nil {
		t.Fatal(err)
	}
	got.Close()
	if leaked.Load() {
		t.Error("the key went to a host that is not the provider's")
	}
}

func TestExpired(t *testing.T) {
	past := time.Now().Add(-time.Hour).UTC()
	for _, c := range []struct {
		name, query string
		status      int
		body        string
		want        bool
	}{
		{"S3", "", 403, `<Error><Code>AccessDenied</Code><Message>Request has expired</Message><X-Amz-Expires>60</X-Amz-Expires></Error>`, true},
		{"S3 session", "", 400, `<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>`, true},
		{"OSS", "", 403, `<Error><Code>AccessDenied</Code><Message>Request has expired.</Message><Expires>2026-01-01T00:00:00.000Z</Expires></Error>`, true},
		{"OSS private", "", 403, `<Error><Code>AccessDenied</Code><Message>You have no right to access this object because of bucket acl.</Message><EC>0003-00000001</EC></Error>`, false},
		{"Azure", "", 403, `<Error><Code>AuthenticationFailed</Code><AuthenticationErrorDetail>Signature not valid in the specified time frame: Start [..] - Expiry [..] - Current [..]</AuthenticationErrorDetail></Error>`, true},
		{"R2", "", 403, `<Error><Code>ExpiredRequest</Code></Error>`, true},
		{"CloudFront by its own deadline", "Expires=" + strconv.FormatInt(past.Unix(), 10) + "&Signature=x&Key-Pair-Id=k", 403, `<Error><Code>AccessDenied</Code><Message>Access denied</Message></Error>`, true},
		{"CloudFront not yet", "Expires=" + strconv.FormatInt(past.Add(9*time.Hour).Unix(), 10) + "&Signature=x&Key-Pair-Id=k", 403, `<Error><Code>AccessDenied</Code></Error>`, false},
		{"GCS by its own deadline", "X-Goog-Date=" + past.Add(-time.Hour).Format("20060102T150405Z") + "&X-Goog-Expires=60", 400, `<Error/>`, true},
		{"TOS by its own deadline", "X-Tos-Date=" + past.Add(-time.Hour).Format("20060102T150405Z") + "&X-Tos-Expires=60", 403, ``, true},
		{"SAS by its own deadline", "se=" + past.Format("2006-01-02T15:04:05Z") + "&sig=x", 403, ``, true},
		{"gone", "", 410, ``, true},
		{"not there", "", 404, `no such thing`, false},
		{"the key is missing", "", 403, `{"error":{"status":"PERMISSION_DENIED"}}`, false},
	} {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(c.status); io.WriteString(w, c.body) })
		f := local(t)
		f.Attempts = 1
		_, err := f.Fetch(t.Context(), Source{URL: s.URL + "/x?" + c.query})
		if err == nil || errors.Is(err, ErrExpired) != c.want {
			t.Errorf("%s: %v, want expired %v", c.name, err, c.want)
		}
	}
}

// TestSlow: a server that stops sending is given up, another attempt gets the rest.
func TestSlow(t *testing.T) {
	var n atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) == 1 {
			w.Header().Set("Content-Length", "5")
			w.Write([]byte("me"))
			w.(http.Flusher).Flush()
			<-r.Context().Done()
			return
		}
		w.Write([]byte("media"))
	})
	f := local(t)
	f.Idle = 100 * time.Millisecond
	got, err := f.Fetch(t.Context(), Source{URL: s.URL})
	if err != nil || string(bytesOf(t, got)) != "media" {
		t.Error(err)
	}
}

func TestFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full here")
	}
	w, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err = w.Write([]byte("x")); !errors.Is(spaceError(err), ErrNoSpace) {
		t.Errorf("%v is not told apart", err)
	}
}
