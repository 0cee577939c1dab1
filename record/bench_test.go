package record_test

import (
	"context"
	"testing"

	"github.com/telltale-ai/telltale/record"
	"github.com/telltale-ai/telltale/record/recordtest"
)

// sink is a store that keeps nothing.
type sink struct{ record.Store }

func (sink) Append(context.Context, []record.Entry) error { return nil }

// BenchmarkObserveCall measures what a call's own path pays, and New what the writer pays.
func BenchmarkObserveCall(b *testing.B) {
	for _, c := range []struct {
		name string
		call int
	}{{"healthy", 0}, {"failed", 4}} {
		call := recordtest.Call(c.call)
		b.Run(c.name, func(b *testing.B) {
			r := record.NewRecorder(sink{}, record.Options{Queue: 1 << 20})
			b.ReportAllocs()
			for b.Loop() {
				r.ObserveCall(context.Background(), call)
			}
			b.StopTimer()
			r.Close(context.Background())
		})
		b.Run("New/"+c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				record.New(call, record.Policy{})
			}
		})
	}
}
