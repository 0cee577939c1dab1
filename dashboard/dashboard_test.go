package dashboard

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/record"
	"github.com/telltale-ai/telltale/record/recordtest"
	"github.com/telltale-ai/telltale/sqlite"
)

// start serves a dashboard over n recorded calls.
func start(t *testing.T, token string, n int) (*httptest.Server, *record.Recorder, *Dashboard) {
	t.Helper()
	s, err := sqlite.OpenRecords(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := record.NewRecorder(s, record.Options{})
	d := New(Options{Store: s, Recorder: r, Token: token})
	srv := httptest.NewServer(d)
	srv.Config.RegisterOnShutdown(d.Close)
	t.Cleanup(func() {
		d.Close()
		srv.Close()
		r.Close(context.Background())
		s.Close()
	})
	for i := range n {
		r.ObserveCall(t.Context(), recordtest.Call(i))
	}
	return srv, r, d
}

func get(t *testing.T, req *http.Request) (int, http.Header, string) {
	t.Helper()
	c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(b)
}

func request(t *testing.T, method, url, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAPICalls(t *testing.T) {
	srv, _, _ := start(t, "", 30)
	list := func(query string) (calls []map[string]any, next string) {
		t.Helper()
		status, h, body := get(t, request(t, "GET", srv.URL+"/telltale/api/calls"+query, ""))
		var page struct {
			Calls []map[string]any
			Next  string
		}
		if err := json.Unmarshal([]byte(body), &page); err != nil || status != 200 || !strings.HasPrefix(h.Get("Content-Type"), "application/json") {
			t.Fatalf("%s: %d %v %s", query, status, err, body)
		}
		return page.Calls, page.Next
	}
	calls, next := list("?limit=4") // at once: what was observed a moment ago is there
	if len(calls) != 4 || calls[0]["id"] != "c000029" || next == "" {
		t.Fatalf("%v next %q", calls, next)
	}
	if calls, _ = list("?limit=4&cursor=" + next); calls[0]["id"] != "c000025" {
		t.Errorf("second page: %v", calls[0]["id"])
	}
	for query, want := range map[string]int{"?class=hard": 2, "?class=hard,soft,silent": 6, "?cause=refusal": 2, "?upstream=openai": 15, "?model=m-1&limit=3": 3,
		"?since=2026-03-01T12:00:10Z": 20, "?until=2026-03-01T12:00:10Z": 10, "?class=ok&cause=refusal": 0, "?since=1h": 0, "?marked=true": 0} {
		if calls, _ := list(query); len(calls) != want {
			t.Errorf("%s: %d calls, want %d", query, len(calls), want)
		}
	}
	calls, _ = list("?class=hard&limit=1")
	for _, key := range []string{"id", "time", "upstream", "route", "model", "surface", "provider", "class", "cause", "retryable", "retry_after_ms", "param", "action", "summary",
		"remedies", "evidence", "provider_code", "provider_message", "request_id", "signature", "task", "mode", "stream", "latency_ms", "ttft_ms", "input_tokens", "output_tokens", "changed", "attempts", "mark", "status"} {
		if v, ok := calls[0][key]; !ok || v == nil {
			t.Errorf("%s is missing or null", key)
		}
	}
	if calls[0]["retry_after_ms"] != 20000.0 || calls[0]["latency_ms"] != 1.234 {
		t.Errorf("%v", calls[0])
	}
	for _, query := range []string{"?class=sick", "?cause=nothing", "?since=yesterday", "?limit=many", "?limit=0", "?cursor=x!", "?clas=hard"} {
		if status, _, body := get(t, request(t, "GET", srv.URL+"/telltale/api/calls"+query, "")); status != 400 || !strings.Contains(body, `"hint"`) {
			t.Errorf("%s: %d %s", query, status, body)
		}
	}
}

func TestAPICall(t *testing.T) {
	srv, _, _ := start(t, "", 10)
	status, _, body := get(t, request(t, "GET", srv.URL+"/telltale/api/calls/c000004", ""))
	var e record.Entry
	if err := json.Unmarshal([]byte(body), &e); err != nil || status != 200 || e.Cause != fault.RateLimited || e.Attempts[0].Response.Status != 429 {
		t.Errorf("%d %v %s", status, err, body)
	}
	if strings.Contains(body, "canary") || !strings.Contains(body, "[redacted]") {
		t.Errorf("the key is shown: %s", body)
	}
	if status, _, body := get(t, request(t, "GET", srv.URL+"/telltale/api/calls/nobody", "")); status != 404 || !strings.Contains(body, "no call with this id") {
		t.Errorf("%d %s", status, body)
	}
	if status, _, body := get(t, request(t, "GET", srv.URL+"/telltale/api/nothing", "")); status != 404 || !strings.Contains(body, `"error"`) {
		t.Errorf("%d %s", status, body)
	}
	if status, _, body := get(t, request(t, "GET", srv.URL+"/telltale/api/causes", "")); status != 200 || !strings.Contains(body, `"cause":"content_filter"`) {
		t.Errorf("%d %s", status, body)
	}
	mark := func(id, body string) int {
		status, _, _ := get(t, request(t, "POST", srv.URL+"/telltale/api/calls/"+id+"/mark", body))
		return status
	}
	if a, b, c, d := mark("c000004", `{"mark":"good"}`), mark("c000004", `{"mark":"great"}`), mark("c000004", `good`), mark("x", `{"mark":"good"}`); a != 200 || b != 400 || c != 400 || d != 404 {
		t.Error(a, b, c, d)
	}
	if _, _, body := get(t, request(t, "GET", srv.URL+"/telltale/api/calls?marked=1", "")); !strings.Contains(body, `"mark":"good"`) {
		t.Error(body)
	}
	forged := request(t, "POST", srv.URL+"/telltale/api/calls/c000004/mark", `{"mark":"bad"}`)
	forged.Header.Set("Origin", "https://evil.test")
	forged.Header.Set("Sec-Fetch-Site", "cross-site")
	if status, _, _ := get(t, forged); status != 403 {
		t.Errorf("another site may mark: %d", status)
	}
}

func TestTail(t *testing.T) {
	srv, r, d := start(t, "", 0)
	resp, err := http.DefaultClient.Do(request(t, "GET", srv.URL+"/telltale/api/tail?class=hard,silent", ""))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	in := bufio.NewReader(resp.Body)
	if first, err := in.ReadString('\n'); err != nil || first != ": calls as they end\n" {
		t.Fatal(first, err)
	}
	for n := range 15 {
		r.ObserveCall(t.Context(), recordtest.Call(n))
	}
	var ids []string
	for len(ids) < 2 {
		line, err := in.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			var e record.Entry
			if err := json.Unmarshal([]byte(data), &e); err != nil || e.Attempts[0].Response != nil {
				t.Fatal(err, line)
			}
			ids = append(ids, e.ID)
		}
	}
	if ids[0] != "c000004" || ids[1] != "c000014" {
		t.Error(ids)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := srv.Config.Shutdown(ctx); err != nil {
		t.Errorf("a live stream holds up the shutdown: %v", err)
	}
	d.Close()
}

func TestGuardWithToken(t *testing.T) {
	srv, _, _ := start(t, "s3cret-token", 5)
	for _, path := range []string{"/telltale/", "/telltale/calls/c000004", "/telltale/api/calls", "/telltale/api/calls/c000004", "/telltale/api/tail", "/telltale/api/causes"} {
		for name, set := range map[string]func(*http.Request){
			"nothing": func(*http.Request) {}, "wrong": func(r *http.Request) { r.Header.Set("Authorization", "Bearer wrong") },
			"empty": func(r *http.Request) { r.Header.Set("Authorization", "Bearer ") }, "basic": func(r *http.Request) { r.SetBasicAuth("x", "s3cret-token") },
			"token as cookie": func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "telltale", Value: "s3cret-token"}) },
		} {
			r := request(t, "GET", srv.URL+path, "")
			set(r)
			if status, _, body := get(t, r); status != 401 || strings.Contains(body, "c00000") {
				t.Errorf("%s with %s: %d %s", path, name, status, body)
			}
		}
	}
	r := request(t, "GET", srv.URL+"/telltale/api/calls", "")
	r.Header.Set("Authorization", "Bearer s3cret-token")
	if status, _, _ := get(t, r); status != 200 {
		t.Error(status)
	}
	r = request(t, "GET", srv.URL+"/telltale/", "")
	r.Header.Set("Accept", "text/html")
	if status, _, body := get(t, r); status != 401 || !strings.Contains(body, "<form") {
		t.Errorf("%d %s", status, body)
	}
	login := func(token string) (string, []*http.Cookie) {
		r := request(t, "POST", srv.URL+"/telltale/login", url.Values{"token": {token}}.Encode())
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		_, h, _ := get(t, r)
		return h.Get("Location"), (&http.Response{Header: h}).Cookies()
	}
	if to, cookies := login("wrong"); to != "/telltale/?wrong" || len(cookies) != 0 {
		t.Error(to, cookies)
	}
	to, cookies := login("s3cret-token")
	if to != "/telltale/" || len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteStrictMode || strings.Contains(cookies[0].Value, "s3cret") {
		t.Fatal(to, cookies)
	}
	r = request(t, "GET", srv.URL+"/telltale/", "")
	r.AddCookie(cookies[0])
	if status, _, body := get(t, r); status != 200 || !strings.Contains(body, "c000004") {
		t.Errorf("%d %s", status, body)
	}
}

func TestGuardWithoutToken(t *testing.T) {
	srv, _, _ := start(t, "", 1)
	for host, want := range map[string]int{"localhost": 200, "127.0.0.1:99": 200, "[::1]:8484": 200, "evil.test": 403, "evil.test:8484": 403, "192.168.1.4": 403, "localhost.evil.test": 403} {
		r := request(t, "GET", srv.URL+"/telltale/api/calls", "")
		r.Host = host
		if status, _, _ := get(t, r); status != want {
			t.Errorf("host %s: %d, want %d", host, status, want)
		}
	}
	r := request(t, "GET", srv.URL+"/telltale/api/calls", "")
	r.Header.Set("X-Forwarded-For", "203.0.113.7")
	if status, _, _ := get(t, r); status != 403 {
		t.Errorf("through a proxy: %d", status)
	}
	d := New(Options{})
	r = httptest.NewRequest("GET", "http://localhost/telltale/api/causes", nil)
	r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(192, 168, 0, 9), Port: 8484}))
	w := httptest.NewRecorder()
	if d.ServeHTTP(w, r); w.Code != 403 {
		t.Errorf("over another interface: %d", w.Code)
	}
	for addr, want := range map[string]bool{"127.0.0.1:8484": false, "localhost:1": false, "[::1]:1": false, ":8484": true, "0.0.0.0:1": true, "10.0.0.1:1": true, "nonsense": true} {
		if NeedsToken(addr) != want {
			t.Errorf("NeedsToken(%q) is %v", addr, !want)
		}
	}
}

// hostileCall is a call whose every text tries to be markup, and whose answer repeats a key.
func hostileCall() *telltale.Call {
	const evil = `</pre><script>alert(1)</script><img src=x onerror=alert(2)>"'{{.}}`
	c := recordtest.Call(4)
	c.ID = "hostile"
	c.Upstream, c.Route, c.Task, c.Changed, c.Notes = evil, evil, evil, []string{evil}, []string{evil}
	c.Final.Summary, c.Final.ProviderMessage, c.Final.ProviderCode, c.Final.Param, c.Final.RequestID, c.Final.Signature, c.Final.Provider = evil, evil, evil, evil, evil, evil, evil
	c.Final.Remedies, c.Final.Evidence = []string{evil}, []telltale.Evidence{{Where: "body.error.code", Value: evil}, {Where: "body.error.message" + evil, Value: "<script>"}}
	a := &c.Attempts[0]
	a.Diagnosis, a.Model, a.Upstream, a.Edits = c.Final, evil, evil, []string{evil}
	b, _ := json.Marshal(map[string]any{"error": map[string]any{"code": evil, "message": "bad key sk-canary-0123456789abcdef " + evil}})
	a.Exchange.Response.Body = b
	a.Exchange.Response.Header = http.Header{"X-Evil": {evil}}
	a.Exchange.Request.Body = []byte(evil)
	return c
}

func TestPages(t *testing.T) {
	srv, r, _ := start(t, "", 60)
	r.ObserveCall(t.Context(), hostileCall())
	for path, want := range map[string][]string{
		"/telltale/":                               {"c000059", "Older calls", "Rate limited"},
		"/telltale/?class=hard&cause=&since=":      {"c000049", `<option selected>hard</option>`},
		"/telltale/calls/c000004":                  {"429 Too Many Requests", "<dt>Seen</dt>", "[redacted]", "c000004"},
		"/telltale/calls/c000003":                  {"Healthy"},
		"/telltale/?upstream=nobody":               {"No recorded call fits"},
		"/telltale/calls/hostile":                  {"&lt;script&gt;", "<mark title=\"body.error.code\">"},
		"/telltale/?model=%3Cscript%3Ealert(1)%22": {"&lt;script&gt;"},
		"/telltale/?class=%3Cscript%3E":            {"&lt;script&gt;", "class"},
		"/telltale/calls/%3Cscript%3Ealert(1)":     {"no call with this id"},
		"/telltale/style.css":                      {"color-scheme"},
	} {
		_, h, body := get(t, request(t, "GET", srv.URL+path, ""))
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%s does not show %q:\n%s", path, w, body)
			}
		}
		if strings.Contains(body, "<script>") || strings.Contains(body, "<img") || strings.Contains(body, "canary") || strings.Contains(body, "ZgotmplZ") {
			t.Errorf("%s lets markup or a key through:\n%s", path, body)
		}
		csp := h.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", path, h)
		}
		if strings.Contains(body, " style=") || strings.Contains(body, " onclick=") {
			t.Errorf("%s: inline style or script, which the policy forbids", path)
		}
	}
	form := request(t, "POST", srv.URL+"/telltale/calls/c000004/mark", "mark=bad")
	form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if status, h, _ := get(t, form); status != 303 || h.Get("Location") != "/telltale/calls/c000004" {
		t.Error(status, h)
	}
	if _, _, body := get(t, request(t, "GET", srv.URL+"/telltale/calls/c000004", "")); !strings.Contains(body, "<dt>Marked</dt><dd>bad") {
		t.Error(body)
	}
}

// broken is a store that fails.
type broken struct{ record.Store }

func (broken) List(context.Context, record.Filter) (record.Page, error) {
	return record.Page{}, &record.Problem{Err: io.ErrUnexpectedEOF, Remedy: "buy a disk"}
}

func TestBrokenStore(t *testing.T) {
	for path, want := range map[string]string{"/telltale/api/calls": `"hint":"buy a disk"`, "/telltale/": "buy a disk"} {
		w := httptest.NewRecorder()
		New(Options{Store: broken{}}).ServeHTTP(w, httptest.NewRequest("GET", "http://localhost"+path, nil))
		if w.Code != 503 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}
