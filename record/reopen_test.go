package record_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/telltale-ai/telltale/record"
	"github.com/telltale-ai/telltale/record/recordtest"
)

func (m *memory) Close() error { return nil }

func TestReopen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, tries := &memory{}, 0
		s, err := record.Reopen(func() (record.Store, error) {
			if tries++; tries < 3 {
				return nil, errors.New("not up yet")
			}
			return m, nil
		})
		if err == nil || tries != 1 {
			t.Fatal(err, tries)
		}
		r := record.NewRecorder(s, record.Options{})
		r.ObserveCall(t.Context(), recordtest.Call(1))
		time.Sleep(time.Second)
		synctest.Wait()
		if tries != 1 || !r.Stats().Failing {
			t.Errorf("%d tries, %+v", tries, r.Stats())
		}
		if _, err := s.List(t.Context(), record.Filter{}); err == nil || err.Error() != "not up yet" {
			t.Error(err)
		}
		time.Sleep(20 * time.Second)
		r.ObserveCall(t.Context(), recordtest.Call(2))
		time.Sleep(20 * time.Second)
		synctest.Wait()
		if st := r.Stats(); st.Failing || st.Recorded != 1 || st.Dropped != 1 {
			t.Errorf("%d tries, %+v", tries, st)
		}
		r.Close(context.Background())
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := s.Append(t.Context(), nil); err == nil {
			t.Error("a closed store is used")
		}
	})
}
