// Package mediatest holds the suite that every media.Store passes: call [Run].
package mediatest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/telltale-ai/telltale/media"
)

// Run holds a store to its promises. open gives an empty one.
func Run(t *testing.T, open func(t *testing.T) media.Store) {
	t.Run("keeps what was written", func(t *testing.T) { keeps(t, open(t)) })
	t.Run("never shows half a thing", func(t *testing.T) { half(t, open(t)) })
	t.Run("twice is once", func(t *testing.T) { twice(t, open(t)) })
	t.Run("knows what it has not", func(t *testing.T) { unknown(t, open(t)) })
	t.Run("is safe for many at once", func(t *testing.T) { many(t, open(t)) })
	t.Run("lists, removes and is retained", func(t *testing.T) { lists(t, open(t)) })
}

// named gives content a name.
func named(b []byte) string {
	sum := sha256.Sum256(b)
	return media.Name(hex.EncodeToString(sum[:]), "video/mp4")
}

func write(t *testing.T, s media.Store, b []byte) string {
	t.Helper()
	n := named(b)
	if err := s.Write(t.Context(), n, bytes.NewReader(b), int64(len(b))); err != nil {
		t.Fatal(err)
	}
	return n
}

func read(t *testing.T, s media.Store, name string) []byte {
	t.Helper()
	f, err := s.Read(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	if f.Size() != int64(len(b)) {
		t.Errorf("the size is said to be %d, and %d bytes came", f.Size(), len(b))
	}
	return b
}

func keeps(t *testing.T, s media.Store) {
	for _, size := range []int{1, 1000, 6 << 20} {
		b := bytes.Repeat([]byte("frame."), size/6+1)[:size]
		if got := read(t, s, write(t, s, b)); !bytes.Equal(got, b) {
			t.Errorf("%d bytes: what is read is not what was written", size)
		}
	}
	// Of unknown length.
	b := []byte("as long as it is")
	if err := s.Write(t.Context(), named(b), bytes.NewReader(b), -1); err != nil {
		t.Fatal(err)
	}
	f, err := s.Read(t.Context(), named(b))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Seek(3, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(f); err != nil || string(rest) != "long as it is" {
		t.Errorf("after a seek: %q %v", rest, err)
	}
	if d := time.Since(f.ModTime()); d < -time.Hour || d > time.Hour {
		t.Errorf("it was written %v ago", d)
	}
}

// broken fails after some bytes.
type broken struct{ n int }

func (b *broken) Read(p []byte) (int, error) {
	if b.n <= 0 {
		return 0, errors.New("the source broke")
	}
	n := min(len(p), b.n)
	b.n -= n
	return n, nil
}

func half(t *testing.T, s media.Store) {
	name := named([]byte("half"))
	if err := s.Write(t.Context(), name, &broken{n: 100}, 200); err == nil {
		t.Error("a source that breaks is no error")
	}
	if err := s.Write(t.Context(), name, bytes.NewReader([]byte("short")), 200); err == nil {
		t.Error("a source that is shorter than it said is no error")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Write(ctx, name, bytes.NewReader([]byte("half")), 4); err == nil {
		t.Error("a cancelled write is no error")
	}
	if _, err := s.Read(t.Context(), name); !errors.Is(err, media.ErrNotKept) {
		t.Errorf("after failed writes there is something: %v", err)
	}
}

func twice(t *testing.T, s media.Store) {
	b := []byte("once")
	if n := write(t, s, b); n != write(t, s, b) || string(read(t, s, n)) != "once" {
		t.Error("the second write spoilt it")
	}
}

func unknown(t *testing.T, s media.Store) {
	for _, name := range []string{named([]byte("never written")), "", ".", "..", "../../etc/passwd", "a/b.mp4", "x.mp4", "\x00.mp4"} {
		if _, err := s.Read(t.Context(), name); !errors.Is(err, media.ErrNotKept) {
			t.Errorf("Read(%q): %v, want ErrNotKept", name, err)
		}
	}
	for _, name := range []string{"", "../x.mp4", "evil.mp4", "/abs.mp4"} {
		if err := s.Write(t.Context(), name, bytes.NewReader([]byte("x")), 1); err == nil {
			t.Errorf("Write(%q) is no error", name)
		}
	}
}

func many(t *testing.T, s media.Store) {
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			b := fmt.Appendf(nil, "thing %d", i%5)
			if err := s.Write(context.Background(), named(b), bytes.NewReader(b), int64(len(b))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for i := range 5 {
		want := fmt.Sprintf("thing %d", i)
		if got := read(t, s, named([]byte(want))); string(got) != want {
			t.Errorf("%q is kept as %q", want, got)
		}
	}
}

func lists(t *testing.T, s media.Store) {
	l, ok := s.(media.Lister)
	if !ok {
		t.Skip("the store cannot be listed")
	}
	for i := range 10 {
		write(t, s, fmt.Appendf(nil, "ten bytes%d", i))
	}
	count := func() (n int, size int64) {
		if err := l.List(t.Context(), func(k media.Kept) error { n++; size += k.Size; return nil }); err != nil {
			t.Fatal(err)
		}
		return n, size
	}
	if n, size := count(); n != 10 || size != 100 {
		t.Fatalf("%d things of %d bytes, want 10 of 100", n, size)
	}
	if err := l.Remove(t.Context(), named([]byte("never written"))); err != nil {
		t.Errorf("removing what is not there: %v", err)
	}
	n, freed, err := media.Retain(t.Context(), l, media.Retention{Size: 65}, time.Now())
	if err != nil || n != 4 || freed != 40 {
		t.Errorf("to 65 bytes: %d removed, %d freed, %v; want 4 and 40", n, freed, err)
	}
	if n, _, err := media.Retain(t.Context(), l, media.Retention{Age: time.Hour}, time.Now()); n != 0 || err != nil {
		t.Errorf("nothing is an hour old, %d removed (%v)", n, err)
	}
	if n, _, err := media.Retain(t.Context(), l, media.Retention{Age: time.Hour}, time.Now().Add(3*time.Hour)); n != 6 || err != nil {
		t.Errorf("everything is three hours old, %d removed (%v)", n, err)
	}
	if n, _ := count(); n != 0 {
		t.Errorf("%d things are left", n)
	}
}
