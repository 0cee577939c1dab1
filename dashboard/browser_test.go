package dashboard

import (
	"context"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/telltale-ai/telltale/record/recordtest"
)

// tab is a tab of a real Chromium, which notes what its console complains of, such as a breach of the pages' policy.
type tab struct {
	*testing.T
	ctx context.Context

	mu         sync.Mutex
	complaints []string
}

func newTab(t *testing.T) *tab {
	t.Helper()
	path := os.Getenv("TELLTALE_TEST_CHROMIUM")
	if path == "" {
		t.Skip("TELLTALE_TEST_CHROMIUM does not name a Chromium")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox)
	alloc, stopAlloc := chromedp.NewExecAllocator(t.Context(), opts...)
	b := &tab{T: t}
	ctx, stop := chromedp.NewContext(alloc, chromedp.WithListener(b.hear), chromedp.WithErrorf(t.Logf))
	t.Cleanup(func() { stop(); stopAlloc() })
	b.ctx = ctx
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	var cancel context.CancelFunc
	b.ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	return b
}

func (b *tab) hear(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := ev.(type) {
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == "error" {
			b.complaints = append(b.complaints, e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		b.complaints = append(b.complaints, e.ExceptionDetails.Text)
	}
}

func (b *tab) heard() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.complaints)
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.Fatal(err, b.heard())
	}
}

func is[V comparable](b *tab, want V, what chromedp.Action[V]) {
	b.Helper()
	got, err := chromedp.Run(b.ctx, what)
	if err != nil || got != want {
		b.Errorf("got %v (%v), want %v", got, err, want)
	}
}

func css(s string) chromedp.CSS { return chromedp.CSS(s) }

func TestPagesInABrowser(t *testing.T) {
	b := newTab(t)
	srv, r, _ := start(t, "", 60)
	r.ObserveCall(t.Context(), hostileCall())
	b.do(chromedp.Navigate(srv.URL+"/telltale/"), chromedp.WaitVisible(css("tbody tr")))
	is(b, 50, chromedp.Evaluate[int](`document.querySelectorAll("tbody tr").length`))
	is(b, "600", chromedp.Evaluate[string](`getComputedStyle(document.querySelector(".class.hard")).fontWeight`))
	// a filter by hand, then a call, and its evidence
	b.do(chromedp.SetValue(css(`select[name="class"]`), "hard"), chromedp.Click(css(`.filters button`)), chromedp.WaitNotPresent(css(`td .class.ok`)),
		chromedp.Click(css(`tbody td a[href*="c000004"]`)), chromedp.WaitVisible(css("section pre")))
	is(b, "Call c000004 · Telltale", chromedp.Title())
	b.do(chromedp.Navigate(srv.URL+"/telltale/calls/hostile"), chromedp.WaitVisible(css("pre mark")))
	is(b, true, chromedp.Evaluate[bool](`document.querySelector("pre mark").textContent.includes("alert(1)")`))
	is(b, 0, chromedp.Evaluate[int](`document.querySelectorAll("script, img").length`))
	// marking it
	b.do(chromedp.Click(css(`.mark button[value="bad"]`)), chromedp.WaitVisible(css(`.mark button[value=""]`)))
	is(b, true, chromedp.Evaluate[bool](`document.body.textContent.includes("bad")`))
	if c := b.heard(); len(c) > 0 {
		t.Errorf("the console complains: %q", c)
	}
	// the policy holds: what a page could be tricked into is not done, and is heard of
	b.do(chromedp.Evaluate[chromedp.Void](`(() => { const s = document.createElement("script"); s.textContent = "document.title = 'taken'"; document.body.append(s) })()`))
	is(b, "Call hostile · Telltale", chromedp.Title())
	if c := b.heard(); len(c) == 0 {
		t.Error("an inline script raised no complaint: this test hears nothing")
	}
}

func TestLivePageInABrowser(t *testing.T) {
	b := newTab(t)
	srv, r, _ := start(t, "", 3)
	b.do(chromedp.Navigate(srv.URL+"/telltale/?class=hard"), chromedp.WaitReady(css("#live")))
	seen := make(chan error, 1)
	go func() { seen <- chromedp.Do(b.ctx, chromedp.WaitVisible(css("#live"))) }()
	for n := 3; ; n++ { // until the page has begun to listen
		r.ObserveCall(t.Context(), recordtest.Call(n))
		select {
		case err := <-seen:
			if err != nil {
				t.Fatal(err)
			}
			is(b, true, chromedp.Evaluate[bool](`/^[0-9]+ new: show$/.test(document.getElementById("live").textContent)`))
			if c := b.heard(); len(c) > 0 {
				t.Errorf("the console complains: %q", c)
			}
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func TestLoginInABrowser(t *testing.T) {
	b := newTab(t)
	srv, _, _ := start(t, "s3cret-token", 3)
	b.do(chromedp.Navigate(srv.URL+"/telltale/"), chromedp.SendKeys(css(`input[name="token"]`), "wrong"), chromedp.Click(css("form button")), chromedp.WaitVisible(css(".problem")))
	is(b, "That was not the token.", chromedp.Text(css(".problem")))
	b.do(chromedp.SendKeys(css(`input[name="token"]`), "s3cret-token"), chromedp.Click(css("form button")), chromedp.WaitVisible(css("tbody tr")))
	is(b, "Calls", chromedp.Text(css("h1")))
}
