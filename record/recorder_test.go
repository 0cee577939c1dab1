package record_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/record"
	"github.com/telltale-ai/telltale/record/recordtest"
)

// memory is a store that can be made to fail or to wait.
type memory struct {
	record.Store
	mu    sync.Mutex
	kept  []record.Entry
	calls int
	fail  func([]record.Entry) error
	purge []record.Keep
}

func (m *memory) Append(_ context.Context, es []record.Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls++
	if m.fail != nil {
		if err := m.fail(es); err != nil {
			return err
		}
	}
	m.kept = append(m.kept, slices.Clone(es)...)
	return nil
}

func (m *memory) Purge(_ context.Context, k record.Keep) (int, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.purge = append(m.purge, k)
	return 7, len(m.purge)%3 != 0, nil
}

// size tells how many entries are kept, and by how many calls of Append.
func (m *memory) size() (kept, calls int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.kept), m.calls
}

func (m *memory) sweeps() []record.Keep {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.purge)
}

func (m *memory) ids() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var b strings.Builder
	for _, e := range m.kept {
		b.WriteString(e.ID + " ")
	}
	return b.String()
}

func TestRecorderBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		r := record.NewRecorder(m, record.Options{Batch: 10})
		for n := range 25 {
			r.ObserveCall(t.Context(), recordtest.Call(n))
		}
		synctest.Wait()
		if kept, calls := m.size(); kept != 20 || calls != 2 {
			t.Errorf("%d calls in %d batches before the wait is over", kept, calls)
		}
		time.Sleep(60 * time.Millisecond)
		synctest.Wait()
		if kept, calls := m.size(); kept != 25 || calls != 3 {
			t.Errorf("%d calls in %d batches", kept, calls)
		}
		r.ObserveCall(t.Context(), recordtest.Call(25))
		err := r.Flush(t.Context())
		if kept, _ := m.size(); err != nil || kept != 26 {
			t.Errorf("after the flush %d, %v", kept, err)
		}
		r.ObserveCall(t.Context(), recordtest.Call(26))
		if err := r.Close(t.Context()); err != nil || len(m.kept) != 27 {
			t.Errorf("after the end %d, %v", len(m.kept), err)
		}
		r.ObserveCall(t.Context(), recordtest.Call(27))
		if err := r.Close(t.Context()); err != nil {
			t.Errorf("closed twice: %v", err)
		}
		if err := r.Flush(t.Context()); !errors.Is(err, record.ErrClosed) {
			t.Error(err)
		}
		if s := r.Stats(); s.Recorded != 27 || s.Dropped != 1 || s.Failing {
			t.Errorf("%+v", s)
		}
	})
}

func TestRecorderNeverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hold := make(chan struct{})
		m := &memory{fail: func([]record.Entry) error { <-hold; return nil }}
		r := record.NewRecorder(m, record.Options{Queue: 100, Batch: 1})
		for n := range 500 {
			r.ObserveCall(t.Context(), recordtest.Call(n)) // the store hangs: in a bubble this would be a deadlock
			if n == 0 {
				synctest.Wait()
			}
		}
		if s := r.Stats(); s.Dropped != 399 || s.Queued != 100 {
			t.Errorf("%+v", s)
		}
		close(hold)
		if err := r.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if s := r.Stats(); s.Recorded != 101 {
			t.Errorf("%+v", s)
		}
	})
}

func TestRecorderBoundsMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hold := make(chan struct{})
		m := &memory{fail: func([]record.Entry) error { <-hold; return nil }}
		r := record.NewRecorder(m, record.Options{Batch: 1, Memory: 1 << 20})
		for range 50 {
			c := recordtest.Call(4)
			c.Attempts[0].Exchange.Response.Body = bytes.Repeat([]byte("text "), 20_000)
			r.ObserveCall(t.Context(), c)
			synctest.Wait()
		}
		if s := r.Stats(); s.Waiting > 1<<20+100_000 || s.Bare < 30 || s.Dropped != 0 {
			t.Errorf("%+v", s)
		}
		close(hold)
		r.Close(t.Context())
		if s := r.Stats(); s.Recorded != 50 || s.Waiting != 0 {
			t.Errorf("%+v", s)
		}
	})
}

func TestRecorderSurvivesItsStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := true
		m := &memory{fail: func([]record.Entry) error {
			if broken {
				return errors.New("disk full, key sk-abcdefgh12345678")
			}
			return nil
		}}
		var log bytes.Buffer
		r := record.NewRecorder(m, record.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
		r.ObserveCall(t.Context(), recordtest.Call(1))
		time.Sleep(500 * time.Millisecond)
		synctest.Wait()
		if s := r.Stats(); !s.Failing || s.Errors == 0 || strings.Contains(s.Error, "abcdefgh") || !strings.Contains(s.Error, "disk full") {
			t.Errorf("%+v", s)
		}
		m.mu.Lock()
		broken = false
		m.mu.Unlock()
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if s := r.Stats(); s.Failing || s.Recorded != 1 || s.Dropped != 0 {
			t.Errorf("a store that failed for a moment: %+v", s)
		}
		m.mu.Lock()
		broken = true
		m.mu.Unlock()
		for n := range 20 {
			r.ObserveCall(t.Context(), recordtest.Call(n))
		}
		if err := r.Flush(t.Context()); err == nil || !strings.Contains(err.Error(), "20 calls could not be recorded") {
			t.Errorf("a flush that lost calls says %v", err)
		}
		if s := r.Stats(); s.Dropped != 20 || s.Recorded != 1 {
			t.Errorf("%+v", s)
		}
		if err := r.Flush(t.Context()); err != nil {
			t.Errorf("the loss is told twice: %v", err)
		}
		r.ObserveCall(t.Context(), recordtest.Call(50))
		before := time.Now()
		if err := r.Close(t.Context()); err == nil || time.Since(before) > time.Second {
			t.Errorf("closing took %v, %v", time.Since(before), err)
		}
		if n := strings.Count(log.String(), "cannot be recorded"); n != 2 {
			t.Errorf("%d lines of log:\n%s", n, log.String())
		}
	})
}

func TestOneRefusedEntryDoesNotCostTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{fail: func(es []record.Entry) error {
			for _, e := range es {
				if e.ID == "c000003" {
					return errors.New("I do not take this")
				}
			}
			return nil
		}}
		r := record.NewRecorder(m, record.Options{})
		for n := range 6 {
			r.ObserveCall(t.Context(), recordtest.Call(n))
		}
		r.Flush(t.Context())
		if got := m.ids(); got != "c000000 c000001 c000002 c000004 c000005 " {
			t.Errorf("kept %s", got)
		}
		r.Close(t.Context())
	})
}

func TestRecorderSweeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		r := record.NewRecorder(m, record.Options{Keep: time.Hour, Size: 1000})
		time.Sleep(90 * time.Second)
		synctest.Wait()
		sweeps := m.sweeps()
		if len(sweeps) != 6 || r.Stats().Purged != 42 {
			t.Fatalf("%d sweeps, %+v", len(sweeps), r.Stats())
		}
		if k := sweeps[0]; k.Bytes != 1000 || time.Since(k.Before) < time.Hour || time.Since(k.Before) > time.Hour+2*time.Minute {
			t.Errorf("%+v", k)
		}
		r.Close(t.Context())
	})
}

func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := record.NewRecorder(&memory{}, record.Options{})
		all, _ := r.Watch(100)
		slow, cancel := r.Watch(1)
		for n := range 5 {
			r.ObserveCall(t.Context(), recordtest.Call(n))
		}
		synctest.Wait()
		if len(all) != 5 || len(slow) != 1 {
			t.Errorf("%d and %d calls seen", len(all), len(slow))
		}
		if e := <-all; e.ID != "c000000" {
			t.Error(e.ID)
		}
		cancel()
		cancel()
		r.Close(t.Context())
		for range 4 {
			<-all
		}
		if _, open := <-all; open {
			t.Error("the channel is open after the end")
		}
		if late, _ := r.Watch(1); late == nil {
			t.Error("no channel")
		} else if _, open := <-late; open {
			t.Error("open after the end")
		}
	})
}

// TestNothingIsAliased changes all that a call reaches as soon as ObserveCall has returned.
func TestNothingIsAliased(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		r := record.NewRecorder(m, record.Options{Policy: record.Policy{Bodies: record.All}})
		c := recordtest.Call(4)
		want := record.New(recordtest.Call(4), record.Policy{Bodies: record.All})
		r.ObserveCall(t.Context(), c)
		x := c.Attempts[0].Exchange
		clear(x.Request.Body)
		clear(x.Response.Body)
		clear(x.Request.Header)
		x.Response.Header.Set("Content-Type", "changed")
		c.Attempts[0] = telltale.Attempt{}
		*x = telltale.Exchange{}
		r.Close(t.Context())
		a, _ := json.Marshal(want)
		b, _ := json.Marshal(m.kept[0])
		if !bytes.Equal(a, b) {
			t.Errorf("recorded\n%s\nwant\n%s", b, a)
		}
	})
}

func TestRace(t *testing.T) {
	m := &memory{}
	r := record.NewRecorder(m, record.Options{Queue: 16, Linger: time.Millisecond})
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for n := range 200 {
				r.ObserveCall(context.Background(), recordtest.Call(w*1000+n))
				if n%50 == 0 {
					r.Flush(context.Background())
					r.Stats()
				}
				if n == 150 && w == 0 {
					r.Close(context.Background())
				}
			}
		})
	}
	wg.Wait()
	if s := r.Stats(); s.Recorded != int64(len(m.kept)) {
		t.Errorf("%+v, kept %d", s, len(m.kept))
	}
}

func failing(body string) *telltale.Call {
	c := recordtest.Call(4)
	c.Attempts[0].Exchange.Response.Body = []byte(body)
	return c
}

func TestPolicies(t *testing.T) {
	healthy, hard := recordtest.Call(0), recordtest.Call(4)
	for _, c := range []struct {
		p             record.Bodies
		healthy, hard bool
	}{{"", false, true}, {record.Failures, false, true}, {record.All, true, true}, {record.None, false, false}} {
		a, b := record.New(healthy, record.Policy{Bodies: c.p}), record.New(hard, record.Policy{Bodies: c.p})
		if got := a.Attempts[0].Request != nil; got != c.healthy {
			t.Errorf("%q keeps a healthy call's body: %v", c.p, got)
		}
		if got := b.Attempts[0].Response != nil; got != c.hard {
			t.Errorf("%q keeps a failed call's body: %v", c.p, got)
		}
	}
	long := strings.Repeat("words of text ", 1<<17)
	e := record.New(failing(long), record.Policy{})
	if r := e.Attempts[0].Response; len(r.Body.String()) != 64<<10 || !r.Truncated || r.Bytes != len(long) {
		t.Errorf("hard: %d of %d, truncated %v", len(r.Body.String()), r.Bytes, r.Truncated)
	}
	c := failing(long)
	c.Final.Class = fault.Silent
	e = record.New(c, record.Policy{})
	if r := e.Attempts[0].Response; len(r.Body.String()) != 1<<20 {
		t.Errorf("silent: %d", len(r.Body.String()))
	}
	c.Attempts[0].Exchange.Response.Body = []byte(long[:200_000])
	e = record.New(c, record.Policy{})
	if r := e.Attempts[0].Response; r.Body.String() != long[:200_000] || r.Truncated {
		t.Errorf("a silent failure's output is not kept in full: %d", len(r.Body.String()))
	}
	for _, bad := range []record.Policy{{Bodies: "some"}, {MaxBody: -1}} {
		if bad.Check() == nil {
			t.Errorf("%+v is called good", bad)
		}
	}
}

// TestNoneKeepsNoText plants a prompt in every place where a provider could repeat it.
func TestNoneKeepsNoText(t *testing.T) {
	const prompt = "my private medical question"
	c := recordtest.Call(4)
	c.Final.Summary, c.Final.ProviderMessage, c.Final.Remedies = prompt, prompt, []string{prompt}
	c.Final.Evidence = []telltale.Evidence{{Where: "body.choices[0].message.content", Value: prompt}, {Where: "text[0:20]", Value: prompt}, {Where: "body.error.code", Value: "content_filter"}, {Where: "status", Value: "429"}}
	c.Attempts[0].Diagnosis = c.Final
	c.Attempts[0].Exchange.Request.Body = []byte(prompt)
	c.Attempts[0].Exchange.Response.Body = []byte(prompt)
	c.Attempts[0].Exchange.Response.Header.Set("X-Echo", prompt)
	e := record.New(c, record.Policy{Bodies: record.None})
	b, _ := json.Marshal(e)
	if bytes.Contains(b, []byte("medical")) {
		t.Errorf("kept: %s", b)
	}
	if e.Evidence[2].Value.String() != "content_filter" || e.Evidence[3].Value.String() != "429" || e.Summary.String() == "" || e.ProviderCode.String() != "code_x" {
		t.Errorf("codes are lost: %s", b)
	}
}

// TestCanaries plants a key in every place of a call.
func TestCanaries(t *testing.T) {
	const key = "sk-ant-api03-Canary0123456789abcdefghij"
	c := recordtest.Call(4)
	c.Upstream, c.Route, c.Task, c.Mode, c.ID = key, "POST /v1/"+key, key, key, "id-"+key
	c.Changed, c.Notes = []string{"used " + key}, []string{"not " + key}
	d := &c.Final
	d.Param, d.Summary, d.Remedies, d.Provider, d.ProviderCode, d.ProviderMessage, d.RequestID, d.Signature = key, key, []string{key}, key, key, "Incorrect API key provided: "+key, key, key
	d.Evidence = []telltale.Evidence{{Where: "header." + key, Value: key}}
	a := &c.Attempts[0]
	a.Diagnosis, a.Upstream, a.Model, a.Edits = *d, key, key, []string{key}
	a.Exchange.Err = fmt.Errorf("Get \"https://x.test/?key=%s\": EOF", key)
	a.Exchange.Request.URL = "https://x.test/v1?key=" + key
	a.Exchange.Request.Method = key
	a.Exchange.Request.Surface = telltale.Surface(key)
	a.Exchange.Request.Header = http.Header{"X-Api-Key": {key}, "X-Other": {key}, key: {"x"}}
	a.Exchange.Request.Body = []byte(`{"api_key":"` + key + `","nested":"{\"k\":\"` + key + `\"}"}`)
	a.Exchange.Response.Header = http.Header{"Set-Cookie": {key}, "Location": {"https://x/?sig=" + key}}
	a.Exchange.Response.Trailer = http.Header{"X-T": {key}}
	a.Exchange.Response.Body = []byte("data: {\"error\":\"" + key + "\"}\n\n")
	for _, p := range []record.Bodies{record.Failures, record.All, record.None} {
		e := record.New(c, record.Policy{Bodies: p})
		b, err := json.Marshal(e)
		if err != nil || bytes.Contains(b, []byte("Canary")) {
			t.Errorf("%s: %v\n%s", p, err, b)
		}
	}
}
