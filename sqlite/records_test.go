package sqlite

import (
	"testing"

	"github.com/telltale-ai/telltale/record"
	"github.com/telltale-ai/telltale/record/recordtest"
)

func TestRecords(t *testing.T) {
	recordtest.Run(t, func(t *testing.T) record.Store { return open(t, t.TempDir()) })
}

func open(t testing.TB, dir string) *Records {
	t.Helper()
	s, err := OpenRecords(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
