package s3

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/telltale-ai/telltale/media"
	"github.com/telltale-ai/telltale/media/mediatest"
)

func TestBucket(t *testing.T) {
	srv := httptest.NewServer(gofakes3.New(s3mem.New()).Server())
	t.Cleanup(srv.Close)
	var n atomic.Int64
	mediatest.Run(t, func(t *testing.T) media.Store {
		cfg, err := Parse(fmt.Sprintf("s3://media/kept%d?endpoint=%s&region=us-east-1&path=1", n.Add(1), srv.URL))
		if err != nil {
			t.Fatal(err)
		}
		cfg.AccessKey, cfg.SecretKey = "test", "secret"
		b, err := Open(t.Context(), cfg)
		if err != nil { // the first one
			if !strings.Contains(err.Error(), "no bucket media") {
				t.Fatal(err)
			}
			makeBucket(t, srv.URL)
			if b, err = Open(t.Context(), cfg); err != nil {
				t.Fatal(err)
			}
		}
		return b
	})
}

func makeBucket(t *testing.T, endpoint string) {
	t.Helper()
	cfg, err := Parse("s3://media?path=1&region=us-east-1&endpoint=" + endpoint)
	if err != nil {
		t.Fatal(err)
	}
	cfg.AccessKey, cfg.SecretKey = "test", "secret"
	if err := create(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
}

func TestParse(t *testing.T) {
	c, err := Parse("s3://b/some/prefix/?endpoint=https://minio.example:9000&region=eu&path=true")
	if err != nil || c.Bucket != "b" || c.Prefix != "some/prefix" || c.Endpoint != "minio.example:9000" || c.Region != "eu" || !c.Path || c.Insecure {
		t.Errorf("%+v %v", c, err)
	}
	for _, s := range []string{"", "folder", "s3://", "s3://key:secret@b/", "s3://b/?colour=red", "https://b"} {
		if c, err := Parse(s); err == nil {
			t.Errorf("%q is read as %+v", s, c)
		} else if strings.Contains(err.Error(), "key:secret") {
			t.Error("the error shows the key")
		}
	}
}
