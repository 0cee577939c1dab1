package telltale

import (
	"bytes"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/telltale-ai/telltale/fault"
)

func TestOddBodies(t *testing.T) {
	pack := func(s string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		io.WriteString(z, s)
		z.Close()
		return b.String()
	}
	healthy := `{"choices":[{"message":{"role":"assistant","content":"Hello there."},"finish_reason":"stop"}]}`
	for name, c := range map[string]struct {
		status  int
		surface Surface
		body    string
		class   fault.Class
		cause   fault.Cause
	}{
		"healthy":                 {200, Chat, healthy, fault.OK, fault.None},
		"gzip":                    {200, Chat, pack(healthy), fault.OK, fault.None},
		"gzip error":              {429, Chat, pack(`{"error":{"message":"Rate limit reached","code":"rate_limit_exceeded"}}`), fault.Hard, fault.RateLimited},
		"gzip cut":                {200, Chat, pack(strings.Repeat(" ", 4000) + healthy)[:20], fault.Silent, fault.NotAPIResponse},
		"cut JSON":                {200, Chat, healthy[:60], fault.Soft, fault.StreamInterrupted},
		"deep":                    {200, Chat, strings.Repeat("[", 10000), fault.Soft, fault.StreamInterrupted},
		"deep error":              {400, Chat, strings.Repeat(`{"error":`, 10000), fault.Hard, fault.InvalidRequest},
		"huge numbers":            {200, Chat, `{"choices":[{"index":99999999999999999999,"message":{"content":"Hello there."},"finish_reason":"stop"}],"usage":{"completion_tokens":1e400}}`, fault.OK, fault.None},
		"invalid UTF-8":           {500, Chat, "{\"error\":{\"message\":\"\xff\xfe internal server error\"}}", fault.Hard, fault.ServerError},
		"byte order mark":         {200, Chat, "\xef\xbb\xbf" + healthy, fault.OK, fault.None},
		"blank lines before":      {200, Chat, "\n\n  \n" + healthy, fault.OK, fault.None},
		"empty":                   {200, Chat, "", fault.Silent, fault.EmptyOutput},
		"empty, unknown surface":  {200, "", "", fault.OK, fault.None},
		"page":                    {200, Chat, "<!doctype html><title>Dashboard</title>", fault.Silent, fault.NotAPIResponse},
		"plain text":              {200, Chat, "It works!", fault.Silent, fault.NotAPIResponse},
		"empty file":              {200, MediaDownload, "", fault.Silent, fault.CorruptMedia},
		"a picture":               {200, MediaDownload, "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR", fault.OK, fault.None},
		"no images":               {200, Images, `{"created":1,"data":[]}`, fault.Soft, fault.ContentFilter},
		"unknown status":          {418, Chat, `{}`, fault.Hard, fault.Unknown},
		"unknown word of a task":  {200, VideoPoll, `{"id":"1","status":"simmering"}`, fault.OK, fault.Pending},
		"unknown status code 599": {599, Chat, ``, fault.Hard, fault.Timeout},
	} {
		d := Diagnose(&Exchange{Request: Request{Surface: c.surface}, Response: &Response{Status: c.status, Header: http.Header{}, Body: []byte(c.body)}})
		if d.Class != c.class || d.Cause != c.cause {
			t.Errorf("%s: %s %s by %s, want %s %s", name, d.Class, d.Cause, d.Signature, c.class, c.cause)
		}
	}
}

func TestGoErrors(t *testing.T) {
	for name, c := range map[string]struct {
		err   error
		cause fault.Cause
		retry bool
	}{
		"DNS":     {&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "api.example.com", IsNotFound: true}}, fault.Network, true},
		"refused": {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, fault.Network, true},
		"reset":   {&net.OpError{Op: "read", Err: syscall.ECONNRESET}, fault.Network, true},
		"EOF":     {io.ErrUnexpectedEOF, fault.Network, true},
	} {
		d := Diagnose(&Exchange{Err: c.err})
		if d.Class != fault.Hard || d.Cause != c.cause || d.Retryable != c.retry || len(d.Evidence) == 0 {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

func TestTaskAge(t *testing.T) {
	x := &Exchange{Request: Request{Surface: VideoPoll}, Response: &Response{Status: 400, Body: []byte(`{"code":"task_not_exist","message":"task_not_exist","data":null}`)}, TaskAge: 3 * time.Second}
	if d := Diagnose(x); d.Cause != fault.TaskNotFound || !d.Retryable {
		t.Errorf("just created: %+v", d)
	}
	x.TaskAge = time.Hour
	if d := Diagnose(x); d.Retryable {
		t.Errorf("an hour old: %+v", d)
	}
	x.Response = &Response{Status: 200, Body: []byte(`{"id":"1","status":"queued"}`)}
	if d := Diagnose(x); d.Cause != fault.TaskStuck {
		t.Errorf("queued for an hour: %+v", d)
	}
}
