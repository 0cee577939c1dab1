package sqlite

import (
	"fmt"
	"testing"

	"github.com/telltale-ai/telltale/record"
	"github.com/telltale-ai/telltale/record/recordtest"
)

// BenchmarkAppend writes batches as the recorder does; the figures are for one call.
func BenchmarkAppend(b *testing.B) {
	for _, c := range []struct {
		name string
		call int
	}{{"healthy", 0}, {"failed", 4}} {
		b.Run(c.name, func(b *testing.B) {
			s := open(b, b.TempDir())
			defer s.Close()
			e := recordtest.Entry(c.call)
			batch := make([]record.Entry, 0, 256)
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				e.ID = fmt.Sprintf("01jq%022d", n)
				if batch = append(batch, e); len(batch) == cap(batch) {
					if err := s.Append(b.Context(), batch); err != nil {
						b.Fatal(err)
					}
					batch = batch[:0]
				}
			}
		})
	}
}
