// Package folder keeps media in a folder: call [Open].
package folder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"strings"
	"syscall"
	"time"

	"github.com/telltale-ai/telltale/media"
)

// Folder is a media.Store and a media.Lister. Names lie in subfolders by their first two letters. It is safe
// for concurrent use, by several processes too.
type Folder struct{ root *os.Root }

// temporary begins the name of what is not whole yet; what is left of a process that died goes after a day.
const temporary = ".new-"

// Open opens or makes the folder and clears what dead processes left half written.
func Open(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the media folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the media folder: %w", err)
	}
	f := &Folder{root: root}
	f.sweep(time.Now().Add(-24 * time.Hour))
	return f, nil
}

// Close closes the folder.
func (f *Folder) Close() error { return f.root.Close() }

func place(name string) (dir, file string) { return name[:2], path.Join(name[:2], name) }

// Write implements media.Store: a temporary file, synced, renamed, its folder synced.
func (f *Folder) Write(ctx context.Context, name string, r io.Reader, size int64) error {
	if !media.ValidName(name) {
		return fmt.Errorf("%q is no name of kept media", name)
	}
	dir, file := place(name)
	if st, err := f.root.Stat(file); err == nil && (size < 0 || st.Size() == size) {
		now := time.Now() // wanted again: its age begins anew
		return ignore(f.root.Chtimes(file, now, now))
	}
	if err := f.root.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return space(err)
	}
	tmp := path.Join(dir, fmt.Sprintf("%s%d-%x", temporary, os.Getpid(), rand.Uint64()))
	if err := f.fill(ctx, tmp, r, size); err != nil {
		_ = f.root.Remove(tmp)
		return space(err)
	}
	if err := f.root.Rename(tmp, file); err != nil {
		_ = f.root.Remove(tmp)
		return space(err)
	}
	return errors.Join(f.sync(dir), f.sync("."))
}

func ignore(error) error { return nil }

// fill writes a new file and brings it to the disk.
func (f *Folder) fill(ctx context.Context, tmp string, r io.Reader, size int64) error {
	w, err := f.root.OpenFile(tmp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	n, err := io.Copy(w, reader{ctx, r})
	if err == nil && size >= 0 && n != size {
		err = fmt.Errorf("%d bytes came of %d: %w", n, size, io.ErrUnexpectedEOF)
	}
	if err == nil {
		err = w.Sync()
	}
	return errors.Join(err, w.Close())
}

// reader ends with its context.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

func (f *Folder) sync(dir string) error {
	d, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrPermission) {
		err = nil // a file system that cannot sync a folder
	}
	return errors.Join(err, d.Close())
}

func space(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", media.ErrNoSpace, err)
	}
	return err
}

// Read implements media.Store.
func (f *Folder) Read(_ context.Context, name string) (media.File, error) {
	if !media.ValidName(name) {
		return nil, media.ErrNotKept
	}
	_, file := place(name)
	r, err := f.root.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, media.ErrNotKept
	}
	if err != nil {
		return nil, err
	}
	st, err := r.Stat()
	if err != nil || !st.Mode().IsRegular() {
		return nil, errors.Join(err, r.Close(), media.ErrNotKept)
	}
	return opened{r, st}, nil
}

type opened struct {
	*os.File
	st os.FileInfo
}

func (o opened) Size() int64        { return o.st.Size() }
func (o opened) ModTime() time.Time { return o.st.ModTime() }

// List implements media.Lister.
func (f *Folder) List(ctx context.Context, yield func(media.Kept) error) error {
	return fs.WalkDir(f.root.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, fs.ErrNotExist):
			return nil // removed meanwhile
		case err != nil:
			return err
		case d.IsDir() || !media.ValidName(path.Base(p)):
			return nil
		}
		st, err := d.Info()
		if err != nil {
			return nil //nolint:nilerr // removed meanwhile
		}
		return yield(media.Kept{Name: path.Base(p), Size: st.Size(), Time: st.ModTime()})
	})
}

// Remove implements media.Lister.
func (f *Folder) Remove(_ context.Context, name string) error {
	if !media.ValidName(name) {
		return nil
	}
	_, file := place(name)
	if err := f.root.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// sweep removes half-written files from before a time.
func (f *Folder) sweep(before time.Time) {
	_ = fs.WalkDir(f.root.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasPrefix(path.Base(p), temporary) {
			return nil //nolint:nilerr // what cannot be seen is left alone
		}
		if st, err := d.Info(); err == nil && st.ModTime().Before(before) {
			_ = f.root.Remove(p)
		}
		return nil
	})
}
