package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
)

// Keeper fetches, checks and keeps.
type Keeper struct {
	Store   Store
	Fetcher Fetcher

	look sync.Mutex // one picture at a time is decoded, for that takes memory
}

// check looks at media; see [Check].
func (k *Keeper) check(r io.ReaderAt, size int64, claimed string) (Info, error) {
	k.look.Lock()
	defer k.look.Unlock()
	return Check(r, size, claimed)
}

// Result is what was kept.
type Result struct {
	Name   string
	Bytes  int64
	SHA256 string
	Info
}

// KeepURL fetches a source, checks it against what it claims to be ("video/*"; empty: what the server says) and keeps it.
func (k *Keeper) KeepURL(ctx context.Context, s Source, claimed string) (Result, error) {
	f, err := k.Fetcher.Fetch(ctx, s)
	if err != nil {
		return Result{}, err
	}
	defer f.Close()
	if claimed == "" {
		claimed = f.Type
	}
	info, err := k.check(f.File, f.Size, claimed)
	if err != nil {
		return Result{}, err
	}
	r := Result{Name: Name(f.SHA256, info.Type), Bytes: f.Size, SHA256: f.SHA256, Info: info}
	return r, k.write(ctx, r.Name, f.File, f.Size)
}

// KeepBytes checks media that is at hand already and keeps it.
func (k *Keeper) KeepBytes(ctx context.Context, b []byte, claimed string) (Result, error) {
	if limit := k.Fetcher.maxBytes(); int64(len(b)) > limit {
		return Result{}, fmt.Errorf("%w: it is %d bytes long, more than the %d that are allowed", ErrRefused, len(b), limit)
	}
	info, err := k.check(bytes.NewReader(b), int64(len(b)), claimed)
	if err != nil {
		return Result{}, err
	}
	sum := sha256.Sum256(b)
	hash := hex.EncodeToString(sum[:])
	r := Result{Name: Name(hash, info.Type), Bytes: int64(len(b)), SHA256: hash, Info: info}
	return r, k.write(ctx, r.Name, bytes.NewReader(b), r.Bytes)
}

// KeepBase64 keeps what an answer holds as base64 or as a data URL.
func (k *Keeper) KeepBase64(ctx context.Context, s, claimed string) (Result, error) {
	b, ctype, err := DecodeBase64(s)
	if err != nil {
		return Result{}, err
	}
	if ctype != "" {
		claimed = ctype
	}
	return k.KeepBytes(ctx, b, claimed)
}

func (k *Keeper) write(ctx context.Context, name string, r io.Reader, size int64) error {
	if err := k.Store.Write(ctx, name, r, size); err != nil {
		return fmt.Errorf("keep %s: %w", name, err)
	}
	return nil
}

// DecodeBase64 reads base64 (either alphabet, padded or not, line breaks allowed) or a data URL, whose type it gives as well.
func DecodeBase64(s string) (b []byte, ctype string, err error) {
	if rest, ok := strings.CutPrefix(s, "data:"); ok {
		meta, data, ok := strings.Cut(rest, ",")
		if !ok || !strings.HasSuffix(meta, ";base64") {
			return nil, "", fmt.Errorf("%w: the data URL is not base64", ErrCorrupt)
		}
		ctype, _, _ = strings.Cut(meta, ";")
		s = data
	}
	s = strings.NewReplacer("\n", "", "\r", "", " ", "", "-", "+", "_", "/").Replace(s)
	b, err = base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "="))
	if err != nil || len(b) == 0 {
		return nil, ctype, errors.Join(fmt.Errorf("%w: the base64 is damaged or empty", ErrCorrupt), err)
	}
	return b, ctype, nil
}
