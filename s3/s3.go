// Package s3 keeps media in a bucket of Amazon S3 or anything that speaks like it: call [Open].
package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/telltale-ai/telltale/media"
)

// Config names a bucket.
type Config struct {
	Endpoint string // host[:port]; empty: s3.amazonaws.com
	Bucket   string
	Prefix   string // of every name; empty: none
	Region   string // empty: the bucket is asked
	Insecure bool   // http instead of https
	Path     bool   // the bucket in the path instead of the host name

	AccessKey, SecretKey string // empty: AWS_ACCESS_KEY_ID and the like, then the machine's own role
	Transport            http.RoundTripper
}

// Parse reads s3://bucket/prefix?endpoint=host:port&region=r&insecure=1&path=1. Keys do not stand in it.
func Parse(s string) (Config, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "s3" || u.Host == "" {
		return Config{}, fmt.Errorf("%q is no bucket: write s3://BUCKET/PREFIX?endpoint=HOST", s)
	}
	if u.User != nil {
		return Config{}, errors.New("keys do not belong into the bucket's URL: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	}
	q := u.Query()
	c := Config{Bucket: u.Host, Prefix: strings.Trim(u.Path, "/"), Endpoint: q.Get("endpoint"), Region: q.Get("region"),
		Insecure: yes(q.Get("insecure")), Path: yes(q.Get("path"))}
	if rest, ok := strings.CutPrefix(c.Endpoint, "http://"); ok {
		c.Endpoint, c.Insecure = rest, true
	}
	c.Endpoint = strings.TrimSuffix(strings.TrimPrefix(c.Endpoint, "https://"), "/")
	for k := range q {
		switch k {
		case "endpoint", "region", "insecure", "path":
		default:
			return Config{}, fmt.Errorf("%q is no option of a bucket: endpoint, region, insecure and path are", k)
		}
	}
	return c, nil
}

func yes(s string) bool { return s == "1" || s == "true" }

// Bucket is a media.Store and a media.Lister, safe for concurrent use.
type Bucket struct {
	c   *minio.Client
	cfg Config
}

// Open checks that the bucket can be reached.
func Open(ctx context.Context, cfg Config) (*Bucket, error) {
	if cfg.Endpoint == "" {
		cfg.Endpoint = "s3.amazonaws.com"
	}
	creds := credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.EnvMinio{}, &credentials.FileAWSCredentials{}, &credentials.IAM{}})
	if cfg.AccessKey != "" {
		creds = credentials.NewStaticV4(cfg.AccessKey, cfg.SecretKey, "")
	}
	o := &minio.Options{Creds: creds, Secure: !cfg.Insecure, Region: cfg.Region, Transport: cfg.Transport}
	if cfg.Path {
		o.BucketLookup = minio.BucketLookupPath
	}
	c, err := minio.New(cfg.Endpoint, o)
	if err != nil {
		return nil, fmt.Errorf("the bucket's endpoint %q: %w", cfg.Endpoint, err)
	}
	ok, err := c.BucketExists(ctx, cfg.Bucket)
	if err != nil {
		return nil, fmt.Errorf("reach the bucket %s at %s: %w", cfg.Bucket, cfg.Endpoint, err)
	}
	if !ok {
		return nil, fmt.Errorf("there is no bucket %s at %s", cfg.Bucket, cfg.Endpoint)
	}
	return &Bucket{c: c, cfg: cfg}, nil
}

func (b *Bucket) key(name string) string { return path.Join(b.cfg.Prefix, name) }

// Write implements media.Store. An object appears whole or not at all: that is S3's own promise.
func (b *Bucket) Write(ctx context.Context, name string, r io.Reader, size int64) error {
	if !media.ValidName(name) {
		return fmt.Errorf("%q is no name of kept media", name)
	}
	if st, err := b.c.StatObject(ctx, b.cfg.Bucket, b.key(name), minio.StatObjectOptions{}); err == nil && (size < 0 || st.Size == size) {
		return nil
	}
	if size < 0 {
		spooled, n, err := spool(r)
		if err != nil {
			return err
		}
		defer spooled.Close()
		r, size = spooled, n
	}
	// With the length known, a body that is shorter does not become an object.
	_, err := b.c.PutObject(ctx, b.cfg.Bucket, b.key(name), r, size, minio.PutObjectOptions{
		ContentType: media.TypeOfName(name), PartSize: 64 << 20, NumThreads: 1,
	})
	return full(err)
}

// spool puts what has no known length into a file that nobody else sees.
func spool(r io.Reader) (*os.File, int64, error) {
	f, err := os.CreateTemp("", ".telltale-s3-*")
	if err != nil {
		return nil, 0, err
	}
	_ = os.Remove(f.Name()) // it lives until it is closed
	n, err := io.Copy(f, r)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, n, nil
}

// full tells a bucket that takes no more from other failures.
func full(err error) error {
	switch e := minio.ToErrorResponse(err); e.Code {
	case "QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "XMinioAdminBucketQuotaExceeded":
		return fmt.Errorf("%w: %w", media.ErrNoSpace, err)
	}
	return err
}

// Read implements media.Store.
func (b *Bucket) Read(ctx context.Context, name string) (media.File, error) {
	if !media.ValidName(name) {
		return nil, media.ErrNotKept
	}
	o, err := b.c.GetObject(ctx, b.cfg.Bucket, b.key(name), minio.GetObjectOptions{})
	if err != nil {
		return nil, missing(err)
	}
	st, err := o.Stat()
	if err != nil {
		o.Close()
		return nil, missing(err)
	}
	return object{o, st}, nil
}

func missing(err error) error {
	if e := minio.ToErrorResponse(err); e.Code == "NoSuchKey" || e.StatusCode == http.StatusNotFound {
		return media.ErrNotKept
	}
	return err
}

type object struct {
	*minio.Object
	st minio.ObjectInfo
}

func (o object) Size() int64        { return o.st.Size }
func (o object) ModTime() time.Time { return o.st.LastModified }

// List implements media.Lister.
func (b *Bucket) List(ctx context.Context, yield func(media.Kept) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	prefix := b.cfg.Prefix
	if prefix != "" {
		prefix += "/"
	}
	for o := range b.c.ListObjects(ctx, b.cfg.Bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		if o.Err != nil {
			return o.Err
		}
		name := path.Base(o.Key)
		if !media.ValidName(name) || b.key(name) != o.Key {
			continue // not ours
		}
		if err := yield(media.Kept{Name: name, Size: o.Size, Time: o.LastModified}); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Remove implements media.Lister.
func (b *Bucket) Remove(ctx context.Context, name string) error {
	if !media.ValidName(name) {
		return nil
	}
	return b.c.RemoveObject(ctx, b.cfg.Bucket, b.key(name), minio.RemoveObjectOptions{})
}
