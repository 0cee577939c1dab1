// Package recordtest says what a [record.Store] must do: call [Run] in the tests of an implementation.
package recordtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/record"
)

// Epoch is the time of the first entry that [Entry] makes.
var Epoch = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Entry makes the nth entry of a made-up day, one a second. Every fifth failed, in turn hard, soft and silent.
func Entry(n int) record.Entry { return record.New(Call(n), record.Policy{}) }

// Call makes the call behind [Entry].
func Call(n int) *telltale.Call {
	at := Epoch.Add(time.Duration(n) * time.Second)
	d := telltale.Diagnosis{Class: fault.OK, Cause: fault.None, Provider: "openai", RequestID: fmt.Sprintf("req-%d", n)}
	x := &telltale.Exchange{
		Request: telltale.Request{Method: "POST", URL: "https://api.test/v1/chat/completions", Surface: telltale.Chat,
			Header: http.Header{"Authorization": {"Bearer sk-canary-0123456789abcdef"}, "Content-Type": {"application/json"}},
			Body:   fmt.Appendf(nil, `{"model":"m-%d","messages":[{"role":"user","content":"question %d"}]}`, n%3, n)},
		Response: &telltale.Response{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"choices":[{"message":{"content":"answer"}}]}`)},
		Sent:     true, Attempt: 1, Start: at, Elapsed: 1234567 * time.Nanosecond,
	}
	if n%5 == 4 {
		d.Retryable, d.Param, d.Summary = true, "model", "It failed: <b>\"quoted\"</b>, in 中文 and with an emoji 🙂."
		d.RetryAfter, d.ProviderCode, d.ProviderMessage = 20*time.Second, "code_x", "message with sk-canary-0123456789abcdef in it"
		d.Remedies, d.Evidence = []string{"Wait.", "Ask."}, []telltale.Evidence{{Where: "body.error.code", Value: "code_x"}}
		switch n / 5 % 3 {
		case 0:
			d.Class, d.Cause, x.Response.Status = fault.Hard, fault.RateLimited, 429
		case 1:
			d.Class, d.Cause = fault.Soft, fault.ContentFilter
		case 2:
			d.Class, d.Cause = fault.Silent, fault.Refusal
		}
	}
	return &telltale.Call{ID: fmt.Sprintf("c%06d", n), Upstream: []string{"comet", "openai"}[n%2], Route: "POST /v1/chat/completions", Task: "classify", Mode: "recover",
		Start: at, Elapsed: 1234567 * time.Nanosecond, FirstByte: time.Millisecond, Final: d, Usage: telltale.Usage{Input: 10, Output: 20, Reasoning: 5},
		Attempts: []telltale.Attempt{{Exchange: x, Diagnosis: d, Upstream: []string{"comet", "openai"}[n%2], Model: fmt.Sprintf("m-%d", n%3)}}}
}

var equal = cmp.Options{cmpopts.EquateEmpty(), cmp.Comparer(func(a, b record.Text) bool { return a == b })}

// Run checks a store. open returns a new, empty one each time; Run closes it.
func Run(t *testing.T, open func(t *testing.T) record.Store) {
	for name, test := range map[string]func(*testing.T, record.Store){
		"RoundTrip": roundTrip, "NotFound": notFound, "Pages": pages, "Filters": filters, "Twice": twice, "Marks": marks,
		"PurgeByAge": purgeByAge, "PurgeBySize": purgeBySize, "Concurrent": concurrent, "Hostile": hostile, "Cancelled": cancelled,
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			})
			test(t, s)
		})
	}
}

func fill(t *testing.T, s record.Store, from, to int) []record.Entry {
	t.Helper()
	var all []record.Entry
	for n := from; n < to; n++ {
		all = append(all, Entry(n))
	}
	if err := s.Append(t.Context(), all); err != nil {
		t.Fatalf("append: %v", err)
	}
	return all
}

func ids(list []record.Entry) string {
	var b strings.Builder
	for _, e := range list {
		b.WriteString(e.ID + " ")
	}
	return b.String()
}

func roundTrip(t *testing.T, s record.Store) {
	all := fill(t, s, 0, 30)
	for _, want := range all {
		got, err := s.Get(t.Context(), want.ID)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got, equal); d != "" {
			t.Fatalf("%s came back changed (-want +got):\n%s", want.ID, d)
		}
	}
	page, err := s.List(t.Context(), record.Filter{Limit: 100})
	if err != nil || len(page.Calls) != 30 || page.Next != "" {
		t.Fatalf("%v, %d calls, next %q", err, len(page.Calls), page.Next)
	}
	for i, got := range page.Calls {
		if d := cmp.Diff(all[29-i].Bare(), got, equal); d != "" {
			t.Fatalf("listed changed (-want +got):\n%s", d)
		}
	}
}

func notFound(t *testing.T, s record.Store) {
	fill(t, s, 0, 3)
	for _, id := range []string{"", "nothing", "c00000", "c%", "' OR 1=1 --"} {
		if _, err := s.Get(t.Context(), id); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("Get(%q): %v", id, err)
		}
	}
	if page, err := s.List(t.Context(), record.Filter{Upstream: "elsewhere"}); err != nil || len(page.Calls) != 0 || page.Next != "" {
		t.Errorf("%v %v", page, err)
	}
}

func pages(t *testing.T, s record.Store) {
	fill(t, s, 0, 25)
	// Two calls of one moment must not be lost between pages.
	same := Entry(25)
	same.ID, same.Time = "c000024x", Entry(24).Time
	if err := s.Append(t.Context(), []record.Entry{same}); err != nil {
		t.Fatal(err)
	}
	var got []record.Entry
	f := record.Filter{Limit: 7}
	for n := 0; ; n++ {
		page, err := s.List(t.Context(), f)
		if err != nil || n > 4 {
			t.Fatalf("page %d: %v", n, err)
		}
		got = append(got, page.Calls...)
		if n == 0 {
			fill(t, s, 30, 33) // newer calls do not disturb what follows
		}
		if f.Cursor = page.Next; f.Cursor == "" {
			break
		}
	}
	if len(got) != 26 || got[0].ID != "c000024x" || got[1].ID != "c000024" || got[25].ID != "c000000" {
		t.Errorf("got %s", ids(got))
	}
	if _, err := s.List(t.Context(), record.Filter{Cursor: "!!"}); !errors.Is(err, record.ErrFilter) {
		t.Errorf("a bad cursor: %v", err)
	}
	if page, err := s.List(t.Context(), record.Filter{Limit: 29}); err != nil || len(page.Calls) != 29 || page.Next != "" {
		t.Errorf("exactly all: %d, next %q, %v", len(page.Calls), page.Next, err)
	}
}

func filters(t *testing.T, s record.Store) {
	all := fill(t, s, 0, 60)
	if err := s.Mark(t.Context(), "c000007", record.Marking{Mark: record.Bad}); err != nil {
		t.Fatal(err)
	}
	all[7].Mark = record.Bad
	at := func(n int) time.Time { return Epoch.Add(time.Duration(n) * time.Second) }
	for i, f := range []record.Filter{
		{Classes: []fault.Class{fault.Hard}}, {Classes: []fault.Class{fault.OK}}, {Classes: []fault.Class{fault.Soft, fault.Silent}},
		{Causes: []fault.Cause{fault.RateLimited}}, {Causes: []fault.Cause{fault.RateLimited, fault.Refusal}, Upstream: "comet"},
		{Since: at(10)}, {Until: at(10)}, {Since: at(10), Until: at(20), Classes: []fault.Class{fault.OK, fault.Hard}},
		{Upstream: "openai"}, {Model: "m-1"}, {Model: "m-1", Upstream: "comet", Classes: []fault.Class{fault.OK}}, {Marked: true}, {Model: "nobody"},
		{Classes: []fault.Class{fault.OK}, Causes: []fault.Cause{fault.Refusal}},
	} {
		f.Limit = 100
		page, err := s.List(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		var want []record.Entry
		for n := len(all) - 1; n >= 0; n-- {
			if f.Match(&all[n]) {
				want = append(want, all[n])
			}
		}
		if ids(page.Calls) != ids(want) {
			t.Errorf("filter %d: got %s, want %s", i, ids(page.Calls), ids(want))
		}
	}
}

func twice(t *testing.T, s record.Store) {
	fill(t, s, 0, 5)
	fill(t, s, 3, 8)
	page, err := s.List(t.Context(), record.Filter{})
	if err != nil || len(page.Calls) != 8 {
		t.Errorf("%d calls, %v", len(page.Calls), err)
	}
	if err := s.Append(t.Context(), nil); err != nil {
		t.Errorf("nothing: %v", err)
	}
}

func marks(t *testing.T, s record.Store) {
	fill(t, s, 0, 5)
	for _, m := range []record.Marking{{Mark: record.Good}, {Mark: record.Bad, MarkCause: fault.Repetition}, {}} {
		for _, id := range []string{"c000003", "c000004"} { // a healthy call, kept in columns alone, and a failed one
			if err := s.Mark(t.Context(), id, m); err != nil {
				t.Fatal(err)
			}
			if e, err := s.Get(t.Context(), id); err != nil || e.Marking != m {
				t.Errorf("%s is marked %v, want %v (%v)", id, e.Marking, m, err)
			}
		}
	}
	if err := s.Mark(t.Context(), "nobody", record.Marking{Mark: record.Good}); !errors.Is(err, record.ErrNotFound) {
		t.Error(err)
	}
	if err := s.Mark(t.Context(), "c000003", record.Marking{Mark: "superb"}); err == nil {
		t.Error("a word that is no mark was taken")
	}
}

func purgeByAge(t *testing.T, s record.Store) {
	fill(t, s, 0, 40)
	k := record.Keep{Before: Epoch.Add(25 * time.Second), Batch: 10}
	total := 0
	for n := 0; ; n++ {
		removed, more, err := s.Purge(t.Context(), k)
		if err != nil || removed > 10 || n > 5 {
			t.Fatalf("removed %d, %v", removed, err)
		}
		total += removed
		if !more {
			break
		}
	}
	page, err := s.List(t.Context(), record.Filter{Limit: 100})
	if err != nil || total != 25 || len(page.Calls) != 15 || page.Calls[14].ID != "c000025" {
		t.Errorf("%d removed, left %s, %v", total, ids(page.Calls), err)
	}
	if removed, more, err := s.Purge(t.Context(), record.Keep{}); removed != 0 || more || err != nil {
		t.Errorf("no limits: %d %v %v", removed, more, err)
	}
}

func purgeBySize(t *testing.T, s record.Store) {
	for n := range 300 {
		c := Call(5*n + 4)
		c.Attempts[0].Exchange.Response.Body = noise(n, 37_000)
		if err := s.Append(t.Context(), []record.Entry{record.New(c, record.Policy{})}); err != nil {
			t.Fatal(err)
		}
	}
	k := record.Keep{Bytes: 4 << 20, Batch: 20}
	for n := 0; ; n++ {
		_, more, err := s.Purge(t.Context(), k)
		if err != nil || n > 40 {
			t.Fatal(n, err)
		}
		if !more {
			break
		}
	}
	page, err := s.List(t.Context(), record.Filter{Limit: 1000})
	if err != nil || len(page.Calls) < 20 || len(page.Calls) > 200 || page.Calls[0].ID != Entry(5*299+4).ID {
		t.Errorf("left %d, the newest %s; %v", len(page.Calls), ids(page.Calls[:min(1, len(page.Calls))]), err)
	}
}

// noise makes text that cannot be compressed to nothing, and in which nothing looks like a key.
func noise(seed, size int) []byte {
	r := rand.New(rand.NewPCG(uint64(seed), 1))
	b := make([]byte, size)
	for i := range b {
		if b[i] = byte('a' + r.IntN(26)); i%7 == 6 {
			b[i] = ' '
		}
	}
	return b
}

func concurrent(t *testing.T, s record.Store) {
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for n := range 10 {
				var batch []record.Entry
				for i := range 20 {
					batch = append(batch, Entry(w*1000+n*20+i))
				}
				if err := s.Append(context.Background(), batch); err != nil {
					t.Errorf("append: %v", err)
				}
				if _, err := s.List(context.Background(), record.Filter{Classes: []fault.Class{fault.Hard}}); err != nil {
					t.Errorf("list: %v", err)
				}
				if _, err := s.Get(context.Background(), batch[0].ID); err != nil {
					t.Errorf("get: %v", err)
				}
			}
		})
	}
	wg.Wait()
	if page, err := s.List(t.Context(), record.Filter{Limit: 1000}); err != nil || len(page.Calls) != 800 {
		t.Errorf("%d calls, %v", len(page.Calls), err)
	}
}

// hostile is text that databases choke on.
func hostile(t *testing.T, s record.Store) {
	for n, bad := range []string{"nul \x00 in it", "not \xff\xfe utf8", "\ud7ff \U0010ffff", "'; DROP TABLE calls; --", "\\u0000", strings.Repeat("x", 1<<20), "\x1b[31mred"} {
		c := Call(5*n + 4)
		c.Final.ProviderMessage, c.Final.Param, c.Upstream, c.Task = bad, bad, bad, bad
		c.Attempts[0].Model = bad
		c.Attempts[0].Exchange.Response.Body = []byte(bad)
		c.Attempts[0].Exchange.Response.Header = http.Header{"X-Bad": {bad}, bad: {"x"}}
		want := record.New(c, record.Policy{})
		if err := s.Append(t.Context(), []record.Entry{want}); err != nil {
			t.Errorf("%.20q: %v", bad, err)
			continue
		}
		got, err := s.Get(t.Context(), want.ID)
		if d := cmp.Diff(want, got, equal); err != nil || d != "" {
			t.Errorf("%.20q came back changed: %v\n%s", bad, err, d)
		}
	}
}

func cancelled(t *testing.T, s record.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Append(ctx, []record.Entry{Entry(1)}); err == nil {
		t.Error("a cancelled append is called done")
	}
	if _, err := s.List(ctx, record.Filter{}); err == nil {
		t.Error("a cancelled list is called done")
	}
	fill(t, s, 0, 3) // and the store goes on
}
