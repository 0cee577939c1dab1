package telltale

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

func seeds(f *testing.F) {
	for _, s := range streams {
		f.Add([]byte(s.body), 200, s.ct)
	}
	for i, c := range documented(f) {
		if i%4 == 0 {
			f.Add([]byte(c.Body), c.Status, "application/json")
		}
	}
	f.Add([]byte(strings.Repeat("[", 10000)), 200, "")
	f.Add([]byte(strings.Repeat(`{"error":`, 5000)), 400, "")
	f.Add([]byte(`{"error":{"message":"{\"error\":{\"message\":\"{\\\"error\\\":1e999}\"}}"}}`), 500, "")
	f.Add([]byte(`{"choices":[{"message":{"content":"a","content":"b"},"finish_reason":"stop"},`), 200, "")
	f.Add([]byte("\xff\xfe\x00data: {"), 200, "text/event-stream")
}

// FuzzDiagnose: whatever came, there is a verdict, it can be written as JSON, and it does not take long.
func FuzzDiagnose(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte, status int, ct string) {
		for _, s := range []Surface{"", Chat, Messages, Images, VideoPoll, MediaDownload, Embeddings} {
			x := &Exchange{Request: Request{Surface: s, Body: body}, Response: &Response{Status: status, Header: http.Header{"Content-Type": {ct}}, Body: body}}
			begin := time.Now()
			d := Diagnose(x)
			if took := time.Since(begin); took > 5*time.Second {
				t.Fatalf("took %s for %d bytes", took, len(body))
			}
			if !d.Class.Valid() || d.Cause == "" || d.Summary == "" {
				t.Fatalf("no verdict: %+v", d)
			}
			if !json.Valid(d.AppendJSON(nil, ct)) {
				t.Fatalf("no JSON: %s", d.AppendJSON(nil, ct))
			}
			if !d.OK() && len(d.Evidence) == 0 {
				t.Fatalf("a failure without evidence: %+v", d)
			}
		}
	})
}

// FuzzWatch: the verdict does not depend on how the stream was cut.
func FuzzWatch(f *testing.F) {
	for _, s := range streams {
		f.Add([]byte(s.body), s.ct, 7, 100)
	}
	f.Fuzz(func(t *testing.T, body []byte, ct string, a, b int) {
		x := &Exchange{Request: Request{Surface: Chat}, Response: &Response{Status: 200, Header: http.Header{"Content-Type": {ct}}}}
		one := defaultDiagnoser.Watch(x)
		one.Write(body)
		want := one.Close(nil)
		w := defaultDiagnoser.Watch(x)
		n := len(body) + 1
		a, b = ((a%n)+n)%n, ((b%n)+n)%n
		a, b = min(a, b), max(a, b)
		w.Write(body[:a])
		w.Write(body[a:b])
		w.Write(body[b:])
		got := w.Close(nil)
		if got.Class != want.Class || got.Cause != want.Cause || got.Signature != want.Signature {
			t.Fatalf("cut at %d and %d: %s %s by %s, whole %s %s by %s", a, b, got.Class, got.Cause, got.Signature, want.Class, want.Cause, want.Signature)
		}
	})
}

func FuzzParseExchange(f *testing.F) {
	f.Add([]byte(`{"id":"1","surface":"chat","request":{"a":1},"status":429,"headers":{"retry-after":"20","x":["a","b"]},"body":"x\u00e9\n"}`))
	f.Add([]byte(`{"status":0,"body":"no such host"}`))
	f.Add([]byte(`{"status":200,"body":null,"request":null,"headers":{}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		var x Exchange
		id, err := ParseExchange(line, &x)
		if err != nil {
			return
		}
		d := Diagnose(&x)
		if !json.Valid(d.AppendJSON(nil, id)) {
			t.Fatal("no JSON")
		}
	})
}
