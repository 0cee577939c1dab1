package main

import (
	"context"
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"
)

// score is what came of a strategy.
type score struct {
	good, curable, cured  int
	extra                 int
	twiceMedia, twiceText int
	pretended             int
	known, rescued        int
	times                 []time.Duration
	failed                map[string]int // curable calls that were not cured, by mishap
	lies                  map[string]int // failures that were reported as success
}

// benchRecovery sends the same calls with every strategy through the same faults.
func benchRecovery(n int, share float64, seed uint64) error {
	ps := plans(n, share, seed)
	struck := 0
	for _, p := range ps {
		if p.mishap != nil {
			struck++
		}
	}
	fmt.Printf("%d calls (JSON, text, streams, images), %d of them meet one of %d faults; real waits\n\n", n, struck, len(mishaps))
	fmt.Printf("%-18s %8s %10s %8s %10s %12s %12s %10s %9s %9s\n", "", "good", "of curable", "extra", "extra for", "billed twice", "billed twice", "failures", "p50", "p99")
	fmt.Printf("%-18s %8s %10s %8s %10s %12s %12s %10s %9s %9s\n", "", "answers", "calls", "requests", "one cured", "images", "texts", "as success", "good", "good")
	var notes []string
	for _, s := range strategies() {
		r := run(s, ps)
		slices.Sort(r.times)
		at := func(q float64) time.Duration {
			if len(r.times) == 0 {
				return 0
			}
			return r.times[min(len(r.times)-1, int(q*float64(len(r.times))))].Round(100 * time.Microsecond)
		}
		fmt.Printf("%-18s %7.1f%% %9.1f%% %8d %10.2f %12d %12d %10d %9v %9v\n", s.name, pct(r.good, n), pct(r.cured, r.curable), r.extra, float64(r.extra)/float64(max(r.rescued, 1)), r.twiceMedia, r.twiceText, r.pretended, at(.5), at(.99))
		if len(r.failed) > 0 {
			notes = append(notes, fmt.Sprintf("%s: not cured: %s", s.name, list(r.failed)))
		}
		if len(r.lies) > 0 {
			notes = append(notes, fmt.Sprintf("%s: reported as success: %s", s.name, list(r.lies)))
		}
	}
	fmt.Println("\nCurable are the calls without a fault and those whose fault a repeat or a repair can cure; not those without")
	fmt.Println("money, those that a filter blocked, foreign pages, and images that may have been made. A text is billed twice where")
	fmt.Println("its answer was lost or useless and it was asked for again.")
	fmt.Println("\n" + strings.Join(notes, "\n"))
	return nil
}

func pct(a, b int) float64 { return 100 * float64(a) / float64(max(b, 1)) }

func list(m map[string]int) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, fmt.Sprintf("%s %d", k, m[k]))
	}
	return strings.Join(out, ", ")
}

func run(s strategy, ps []plan) score {
	pr := &provider{plans: ps, asked: make([]int, len(ps)), bills: make([]int, len(ps))}
	srv := httptest.NewServer(pr)
	defer srv.Close()
	r := score{failed: map[string]int{}, lies: map[string]int{}}
	var mu sync.Mutex
	var wg sync.WaitGroup
	slots := make(chan struct{}, 32)
	for _, p := range ps {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			start := time.Now()
			text, err := s.ask(context.Background(), srv.URL+"/v1", p)
			took := time.Since(start)
			mu.Lock()
			defer mu.Unlock()
			ok := err == nil && p.good(text)
			curable := p.mishap == nil || !p.mishap.hopeless
			if curable {
				r.curable++
			}
			switch {
			case ok:
				r.good++
				r.times = append(r.times, took)
				if curable {
					r.cured++
				}
				if p.mishap != nil {
					r.rescued++
				}
			case err == nil:
				r.pretended++
				r.lies[p.name()]++
			default:
				r.known++
			}
			if !ok && curable {
				r.failed[p.name()]++
			}
		})
	}
	wg.Wait()
	for i, p := range ps {
		r.extra += max(pr.asked[i]-1, 0)
		if pr.bills[i] > 1 {
			if p.kind == "image" {
				r.twiceMedia++
			} else {
				r.twiceText++
			}
		}
	}
	return r
}

func (p plan) name() string {
	if p.mishap == nil {
		return "no fault"
	}
	return p.mishap.name
}
