package media

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Fetcher gets media over the network into a file. The zero value is ready to use: public addresses, 4 GiB, 30 minutes.
type Fetcher struct {
	Transport http.RoundTripper // nil: that of a zero Guard
	MaxBytes  int64             // 0: 4 GiB
	MaxTime   time.Duration     // for one result with all its attempts; 0: 30 minutes
	Attempts  int               // 0: 6
	Idle      time.Duration     // without a byte before an attempt is given up; 0: 60 s
	Dir       string            // for what is not kept yet; empty: the system's
	MaxHops   int               // redirects; 0: 5
}

// Source is what to get.
type Source struct {
	URL    string
	Header http.Header // credentials, sent only to Hosts
	Hosts  []string    // globs of the provider's own hosts, which may carry a port
}

// Fetched is a file that holds media which is not kept yet; Close removes it.
type Fetched struct {
	File   *os.File
	Size   int64
	SHA256 string
	Type   string // as the server said
}

// Close removes the file.
func (f *Fetched) Close() error {
	return errors.Join(f.File.Close(), os.Remove(f.File.Name()))
}

func (f *Fetcher) maxBytes() int64 {
	if f.MaxBytes > 0 {
		return f.MaxBytes
	}
	return 4 << 30
}

// Fetch streams a source into a temporary file with bounded memory. A broken transfer is taken up where it
// stopped, if the server can and the object is still the same. Errors wrap ErrExpired, ErrRefused, ErrBlocked
// or ErrNoSpace; any other may pass.
func (f *Fetcher) Fetch(ctx context.Context, s Source) (*Fetched, error) {
	if _, err := CheckURL(s.URL); err != nil {
		return nil, err
	}
	limit := f.MaxTime
	if limit <= 0 {
		limit = 30 * time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	file, err := os.CreateTemp(f.Dir, ".telltale-fetch-*")
	if err != nil {
		return nil, spaceError(err)
	}
	d := &download{f: f, s: s, file: file, sum: sha256.New()}
	attempts := f.Attempts
	if attempts <= 0 {
		attempts = 6
	}
	for n := 1; ; n++ {
		before := d.size
		again, err := d.attempt(ctx)
		if err == nil {
			out := &Fetched{File: file, Size: d.size, SHA256: hex.EncodeToString(d.sum.Sum(nil)), Type: d.ctype}
			if _, err = file.Seek(0, io.SeekStart); err == nil {
				return out, nil
			}
		}
		if d.size > before {
			n = 1 // it goes on, however slowly
		}
		if !again || n >= attempts || ctx.Err() != nil {
			file.Close()
			os.Remove(file.Name())
			return nil, err
		}
		wait := min(500*time.Millisecond<<min(n, 6), 20*time.Second)
		if err := sleep(ctx, wait/2+rand.N(wait/2)); err != nil {
			file.Close()
			os.Remove(file.Name())
			return nil, err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// download is one result on its way.
type download struct {
	f     *Fetcher
	s     Source
	file  *os.File
	sum   hash.Hash
	size  int64 // written so far
	total int64 // as the server said; 0: unknown
	etag  string
	ctype string
}

// attempt gets what is missing. again: another attempt may do better.
func (d *download) attempt(ctx context.Context) (again bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	resp, err := d.open(ctx)
	if err != nil {
		return !errors.Is(err, ErrRefused), err
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusPartialContent && d.size > 0 && d.sameRange(resp):
	case resp.StatusCode == http.StatusOK:
		if err := d.restart(); err != nil {
			return false, err
		}
		d.total = max(resp.ContentLength, 0)
		d.etag = strongETag(resp.Header)
		d.ctype = resp.Header.Get("Content-Type")
	case resp.StatusCode == http.StatusPartialContent, resp.StatusCode == http.StatusRequestedRangeNotSatisfiable:
		return true, errors.Join(errors.New("the object changed while it was fetched"), d.restart())
	default:
		return d.refused(resp)
	}
	if limit := d.f.maxBytes(); d.total > limit {
		return false, fmt.Errorf("%w: it is %d bytes long, more than the %d that are allowed", ErrRefused, d.total, limit)
	}
	return d.copy(resp.Body, cancel)
}

// refused judges a response that is no media.
func (d *download) refused(resp *http.Response) (again bool, err error) {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 8<<10))
	if why, yes := Expired(d.s.URL, resp.StatusCode, resp.Header, body); yes {
		return false, fmt.Errorf("%w: %s", ErrExpired, why)
	}
	switch resp.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return false, fmt.Errorf("%w: status %d", ErrBlocked, resp.StatusCode)
	case http.StatusNotFound:
		return true, errors.New("status 404: the media is not there (yet)")
	}
	return resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusRequestTimeout ||
		resp.StatusCode == http.StatusTooEarly || resp.StatusCode == http.StatusConflict, fmt.Errorf("status %d instead of the media", resp.StatusCode)
}

// copy appends the body to the file.
func (d *download) copy(body io.Reader, stop context.CancelCauseFunc) (again bool, err error) {
	idle := d.f.Idle
	if idle <= 0 {
		idle = time.Minute
	}
	watch := time.AfterFunc(idle, func() { stop(errors.New("no byte came for " + idle.String())) })
	defer watch.Stop()
	buf := make([]byte, 64<<10)
	for {
		n, err := body.Read(buf)
		watch.Reset(idle)
		if n > 0 {
			if d.size+int64(n) > d.f.maxBytes() {
				return false, fmt.Errorf("%w: it is longer than the %d bytes that are allowed", ErrRefused, d.f.maxBytes())
			}
			if _, werr := d.file.Write(buf[:n]); werr != nil {
				return false, spaceError(werr)
			}
			d.sum.Write(buf[:n])
			d.size += int64(n)
		}
		switch {
		case err == io.EOF && d.total > 0 && d.size != d.total:
			return true, fmt.Errorf("%d bytes came of %d", d.size, d.total)
		case err == io.EOF && d.size == 0:
			return true, fmt.Errorf("%w: the body is empty", ErrCorrupt)
		case err == io.EOF:
			return false, nil
		case err != nil:
			return true, fmt.Errorf("the transfer broke after %d bytes: %w", d.size, err)
		}
	}
}

func (d *download) restart() error {
	if d.size == 0 {
		return nil
	}
	if err := d.file.Truncate(0); err != nil {
		return err
	}
	if _, err := d.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	d.sum.Reset()
	d.size, d.total = 0, 0
	return nil
}

// open sends the request and follows redirects by hand, for each hop is checked and only own hosts get the key.
func (d *download) open(ctx context.Context) (*http.Response, error) {
	target := d.s.URL
	hops := d.f.MaxHops
	if hops <= 0 {
		hops = 5
	}
	rt := d.f.Transport
	if rt == nil {
		rt = defaultTransport
	}
	for range hops + 1 {
		u, err := CheckURL(target)
		if err != nil {
			return nil, err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrRefused, err)
		}
		if d.mayKnow(u) {
			for k, v := range d.s.Header {
				req.Header[k] = v
			}
		}
		req.Header.Set("Accept", "*/*")
		req.Header.Set("Accept-Encoding", "identity")
		if d.size > 0 && d.etag != "" {
			req.Header.Set("Range", "bytes="+strconv.FormatInt(d.size, 10)+"-")
			req.Header.Set("If-Range", d.etag)
		}
		resp, err := rt.RoundTrip(req)
		if err != nil {
			return nil, hideURL(err)
		}
		loc := resp.Header.Get("Location")
		if resp.StatusCode/100 != 3 || loc == "" {
			return resp, nil
		}
		resp.Body.Close()
		next, err := u.Parse(loc)
		if err != nil || u.Scheme == "https" && next.Scheme != "https" && d.mayKnow(u) && len(d.s.Header) > 0 {
			return nil, fmt.Errorf("%w: a redirect leads to an address that cannot be read or is not encrypted", ErrRefused)
		}
		target = next.String()
	}
	return nil, fmt.Errorf("%w: more than %d redirects", ErrRefused, hops)
}

var defaultTransport = (*Guard)(nil).Transport()

// mayKnow reports whether the credentials may go to a URL: to the provider's own hosts, never from https to http.
func (d *download) mayKnow(u *url.URL) bool {
	if start, err := url.Parse(d.s.URL); err != nil || start.Scheme == "https" && u.Scheme != "https" {
		return false
	}
	for _, h := range d.s.Hosts {
		against := u.Hostname()
		if strings.Contains(h, ":") {
			against = u.Host
		}
		if ok, _ := path.Match(strings.ToLower(h), strings.ToLower(against)); ok {
			return true
		}
	}
	return false
}

func (d *download) sameRange(resp *http.Response) bool {
	var from, to, total int64
	if _, err := fmt.Sscanf(resp.Header.Get("Content-Range"), "bytes %d-%d/%d", &from, &to, &total); err != nil {
		return false
	}
	return from == d.size && (d.total == 0 || total == d.total) && strongETag(resp.Header) == d.etag
}

// strongETag is the validator for a range request: a weak one cannot vouch for bytes (RFC 9110, section 13.1.5).
func strongETag(h http.Header) string {
	if e := h.Get("ETag"); !strings.HasPrefix(e, "W/") {
		return e
	}
	return ""
}

// hideURL keeps a signed URL out of error messages.
func hideURL(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		return ue.Err
	}
	return err
}

func spaceError(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", ErrNoSpace, err)
	}
	return err
}
