package folder

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/telltale-ai/telltale/media"
	"github.com/telltale-ai/telltale/media/mediatest"
)

func open(t *testing.T, dir string) *Folder {
	t.Helper()
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestFolder(t *testing.T) {
	mediatest.Run(t, func(t *testing.T) media.Store { return open(t, filepath.Join(t.TempDir(), "new", "media")) })
}

// TestLeavesNothingBehind: what broke off leaves no file, and what a dead process left goes after a day.
func TestLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	name := media.Name(strings.Repeat("ab", 32), "image/png")
	if err := f.Write(t.Context(), name, bytes.NewReader([]byte("short")), 100); err == nil {
		t.Fatal("a short write is no error")
	}
	left, err := filepath.Glob(filepath.Join(dir, "ab", "*"))
	hidden, err2 := filepath.Glob(filepath.Join(dir, "ab", ".*"))
	if err != nil || err2 != nil || len(left)+len(hidden) > 0 {
		t.Errorf("left behind: %v %v", left, hidden)
	}
	old, young := filepath.Join(dir, "ab", ".new-1-1"), filepath.Join(dir, "ab", ".new-2-2")
	for _, p := range []string{old, young} {
		if err := os.WriteFile(p, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	then := time.Now().Add(-25 * time.Hour)
	if err := os.Chtimes(old, then, then); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Error("yesterday's half-written file is still there")
	}
	if _, err := os.Stat(young); err != nil {
		t.Error("a file that somebody may be writing was removed")
	}
}

// TestDiskFull: a full disk is told apart from other failures.
func TestDiskFull(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full here")
	}
	w, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	_, err = w.Write([]byte("x"))
	if !errors.Is(space(err), media.ErrNoSpace) {
		t.Errorf("%v is not recognised as a full disk", err)
	}
}

// TestStaysInside: a link that leads out of the folder is not followed.
func TestStaysInside(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	f := open(t, dir)
	name := media.Name(strings.Repeat("cd", 32), "image/png")
	secret := filepath.Join(outside, "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "cd"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(dir, "cd", name)); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Read(t.Context(), name); err == nil {
		t.Error("a link out of the folder was followed")
	}
}
