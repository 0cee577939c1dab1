package sqlite

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/telltale-ai/telltale/record"
	"github.com/telltale-ai/telltale/record/recordtest"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("TELLTALE_TEST_WRITE_UNTIL_KILLED"); dir != "" {
		writeUntilKilled(dir)
	}
	os.Exit(m.Run())
}

// problem says that err tells what is wrong and what to do.
func problem(t *testing.T, err error, what, remedy string) {
	t.Helper()
	var p *record.Problem
	if !errors.As(err, &p) || !strings.Contains(p.Error(), what) || !strings.Contains(p.Hint(), remedy) {
		t.Errorf("got %v, want a problem with %q and the remedy %q", err, what, remedy)
	}
}

// writeUntilKilled records calls and prints how many were acknowledged, for ever.
func writeUntilKilled(dir string) {
	s, err := OpenRecords(dir)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	r := record.NewRecorder(s, record.Options{Linger: time.Millisecond})
	last, _ := s.List(context.Background(), record.Filter{Limit: 1})
	n := 0
	if len(last.Calls) > 0 {
		fmt.Sscanf(last.Calls[0].ID, "c%d", &n)
		n++
	}
	for ; ; n++ {
		r.ObserveCall(context.Background(), recordtest.Call(n))
		if n%7 == 0 {
			if err := r.Flush(context.Background()); err != nil {
				fmt.Println(err)
				os.Exit(1)
			}
			fmt.Println("flushed", n)
		}
	}
}

func TestKilledProcessLosesNothingAcknowledged(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	dir := t.TempDir()
	for round := range 5 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "TELLTALE_TEST_WRITE_UNTIL_KILLED="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		last := -1
		lines := bufio.NewScanner(out)
		for count := 0; lines.Scan(); count++ {
			if _, err := fmt.Sscanf(lines.Text(), "flushed %d", &last); err != nil {
				t.Fatalf("the writer says %q", lines.Text())
			}
			if count == 20+13*round {
				cmd.Process.Kill()
			}
		}
		cmd.Wait()
		if last < 0 {
			t.Fatal("nothing was acknowledged")
		}
		s, err := ReadRecords(dir)
		if err != nil {
			t.Fatalf("after kill %d: %v", round, err)
		}
		var check string
		if err := s.read.QueryRow(`PRAGMA integrity_check`).Scan(&check); err != nil || check != "ok" {
			t.Errorf("integrity: %s %v", check, err)
		}
		have := map[string]bool{}
		for f := (record.Filter{Limit: 1000}); ; {
			page, err := s.List(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Calls {
				have[e.ID] = true
			}
			if f.Cursor = page.Next; f.Cursor == "" {
				break
			}
		}
		for n := range last + 1 {
			if id := fmt.Sprintf("c%06d", n); !have[id] {
				t.Fatalf("after kill %d: %s was acknowledged and is lost", round, id)
			}
		}
		if _, err := s.Get(t.Context(), "c000004"); err != nil {
			t.Error(err)
		}
		s.Close()
	}
}

func TestReadingWhileWriting(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir)
	defer w.Close()
	if err := w.Append(t.Context(), []record.Entry{recordtest.Entry(0)}); err != nil {
		t.Fatal(err)
	}
	r, err := ReadRecords(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	tx, err := w.write.Begin() // a long write
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(`UPDATE calls SET mark = 'bad'`); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	page, err := r.List(t.Context(), record.Filter{})
	if err != nil || len(page.Calls) != 1 || time.Since(start) > 2*time.Second {
		t.Errorf("%d calls after %v: %v", len(page.Calls), time.Since(start), err)
	}
	tx.Rollback()
	if err := r.Mark(t.Context(), "c000000", record.Marking{Mark: record.Good}); err != nil {
		t.Errorf("marking beside the gateway: %v", err)
	}
	if e, err := w.Get(t.Context(), "c000000"); err != nil || e.Mark != record.Good {
		t.Errorf("%v %v", e.Mark, err)
	}
	if err := r.Append(t.Context(), []record.Entry{recordtest.Entry(1)}); err == nil {
		t.Error("a store opened for reading took an entry")
	}
}

func TestNoRecords(t *testing.T) {
	_, err := ReadRecords(filepath.Join(t.TempDir(), "nothing"))
	problem(t, err, "there are no records", "telltale serve")
}

func TestNewerSchema(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if _, err := s.write.Exec(`PRAGMA user_version = 99`); err != nil {
		t.Fatal(err)
	}
	s.Close()
	_, err := OpenRecords(dir)
	problem(t, err, "newer telltale (schema 99", "use that newer telltale")
	_, err = ReadRecords(dir)
	problem(t, err, "newer telltale (schema 99", "use that newer telltale")
}

func TestOtherDatabase(t *testing.T) {
	dir := t.TempDir()
	db, err := sql.Open("sqlite", filepath.Join(dir, RecordsFile))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`CREATE TABLE bookmarks (id)`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	_, err = OpenRecords(dir)
	problem(t, err, "another program", "another directory")
}

func TestDamagedFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, RecordsFile), []byte(strings.Repeat("this is no database\n", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := OpenRecords(dir)
	problem(t, err, "damaged", "move ")
	_, err = ReadRecords(dir)
	problem(t, err, "damaged", "move ")

	// Damage in the middle of a good file is told when it is met.
	dir = t.TempDir()
	s := open(t, dir)
	for n := range 200 {
		if err := s.Append(t.Context(), []record.Entry{recordtest.Entry(5*n + 4)}); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	path := filepath.Join(dir, RecordsFile)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 8192; i < len(b); i++ {
		b[i] = 0xa5
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err = OpenRecords(dir); err == nil {
		_, err = s.List(t.Context(), record.Filter{Limit: 1000})
		s.Close()
	}
	problem(t, err, "damaged", "move ")
}

func TestDiskFull(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	if _, err := s.write.Exec(`PRAGMA max_page_count = 40`); err != nil {
		t.Fatal(err)
	}
	var err error
	n := 0
	for ; n < 500 && err == nil; n++ {
		err = s.Append(t.Context(), []record.Entry{recordtest.Entry(5*n + 4)})
	}
	problem(t, err, "the disk is full", "record.max_size")
	if _, err := s.write.Exec(`PRAGMA max_page_count = 100000`); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(t.Context(), []record.Entry{recordtest.Entry(5*n + 4)}); err != nil {
		t.Errorf("with space again: %v", err)
	}
	if page, err := s.List(t.Context(), record.Filter{Limit: 1000}); err != nil || len(page.Calls) != n {
		t.Errorf("%d calls, want %d: %v", len(page.Calls), n, err)
	}
}

func TestLocked(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	defer s.Close()
	other, err := sql.Open("sqlite", filepath.Join(dir, RecordsFile))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := s.write.Exec(`PRAGMA busy_timeout = 50`); err != nil {
		t.Fatal(err)
	}
	other.SetMaxOpenConns(1)
	if _, err := other.Exec(`BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	err = s.Append(t.Context(), []record.Entry{recordtest.Entry(0)})
	problem(t, err, "locked", "see which program")
	other.Exec(`ROLLBACK`)
	if err := s.Append(t.Context(), []record.Entry{recordtest.Entry(0)}); err != nil {
		t.Error(err)
	}
}

func TestDirectoryThatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := OpenRecords(filepath.Join(file, "data"))
	problem(t, err, "the data directory cannot be made", "--data")

	dir := t.TempDir()
	s := open(t, dir)
	if err := s.Append(t.Context(), []record.Entry{recordtest.Entry(0)}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if os.Geteuid() == 0 { // root may write everywhere
		asNobody(t)
		return
	}
	os.Chmod(filepath.Join(dir, RecordsFile), 0o400)
	os.Chmod(dir, 0o500)
	defer os.Chmod(dir, 0o700)
	_, err = OpenRecords(dir)
	problem(t, err, "cannot be written", "--data")
	r, err := ReadRecords(dir)
	if err != nil {
		t.Fatalf("a read-only copy cannot be read: %v", err)
	}
	defer r.Close()
	if page, err := r.List(t.Context(), record.Filter{}); err != nil || len(page.Calls) != 1 {
		t.Errorf("%d calls, %v", len(page.Calls), err)
	}
}

// asNobody runs the calling test again as a user without rights.
func asNobody(t *testing.T) {
	t.Helper()
	dir, err := os.MkdirTemp("", "nobody")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(dir, "test")
	if err := errors.Join(os.WriteFile(own, bin, 0o755), os.Chmod(dir, 0o777)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(own, "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("as nobody: %v\n%s", err, out)
	}
}

func TestOddPaths(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "with blank, 100% odd?x=1#y", "a")
	s := open(t, dir)
	defer s.Close()
	info, err := os.Stat(filepath.Join(dir, RecordsFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if r, err := ReadRecords(dir); err != nil {
		t.Error(err)
	} else {
		r.Close()
	}
}

func TestSpaceIsGivenBack(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	defer s.Close()
	for n := range 400 {
		c := recordtest.Call(5*n + 4)
		c.Attempts[0].Exchange.Response.Body = []byte(strings.Repeat("some words of an answer. ", 1000))
		if err := s.Append(t.Context(), []record.Entry{record.New(c, record.Policy{})}); err != nil {
			t.Fatal(err)
		}
	}
	size := func() int64 {
		if _, err := s.write.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(filepath.Join(dir, RecordsFile))
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	before := size()
	for more := true; more; {
		var err error
		if _, more, err = s.Purge(t.Context(), record.Keep{Bytes: 1 << 20, Batch: 50}); err != nil {
			t.Fatal(err)
		}
	}
	if after := size(); before < 8<<20 || after > 2<<20 {
		t.Errorf("%d bytes before, %d after", before, after)
	}
}

// TestNoKeyReachesTheDisk reads the raw files.
func TestNoKeyReachesTheDisk(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	r := record.NewRecorder(s, record.Options{Policy: record.Policy{Bodies: record.All}})
	for n := range 20 {
		r.ObserveCall(t.Context(), recordtest.Call(n))
	}
	if err := r.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	search := func() (found bool) {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			in, err := os.Open(filepath.Join(dir, f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(in)
			in.Close()
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(b), "canary") {
				t.Errorf("%s holds the key", f.Name())
			}
			found = found || strings.Contains(string(b), "question 7")
		}
		return found
	}
	if !search() {
		t.Error("the files do not hold the bodies: this test sees nothing")
	}
	s.Close()
	search()
}

func TestTwoGatewaysStartAtOnce(t *testing.T) {
	dir := t.TempDir()
	errs := make(chan error, 4)
	for range cap(errs) {
		go func() {
			s, err := OpenRecords(dir)
			if err == nil {
				err = s.Append(context.Background(), []record.Entry{recordtest.Entry(1)})
				s.Close()
			}
			errs <- err
		}()
	}
	for range cap(errs) {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}
