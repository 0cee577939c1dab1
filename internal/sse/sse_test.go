package sse

import (
	"fmt"
	"strings"
	"testing"
)

func events(chunks ...string) (got []string) {
	p := &Parser{Fn: func(e *Event) {
		got = append(got, fmt.Sprintf("%s|%s|%s|%s|%v", e.Name, e.Data, e.Field, e.Comment, e.Bare))
	}}
	for _, c := range chunks {
		p.Write([]byte(c))
	}
	p.Close()
	return got
}

func TestParser(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"plain":            {"data: a\n\ndata: b\n\n", []string{"|a|||false", "|b|||false"}},
		"no blank":         {"data:{\"a\":1}\n\n", []string{"|{\"a\":1}|||false"}},
		"named":            {"event: x\ndata: a\ndata: b\n\n", []string{"x|a\nb|||false"}},
		"cr":               {"data: a\r\rdata: b\r\n\r\n", []string{"|a|||false", "|b|||false"}},
		"unended":          {"data: a", []string{"|a|||false"}},
		"comment":          {":HTTP_STATUS/429\ndata:{}\n\n", []string{"|{}||HTTP_STATUS/429|false"}},
		"other field":      {"error: {\"a\":1}\n\n", []string{"|{\"a\":1}|error||false"}},
		"bare":             {"data: a\n\n{\n \"error\": 1\n}\n", []string{"|a|||false", "|{\n \"error\": 1\n}|||true"}},
		"no line between":  {"data: {\"a\":1}\ndata: {\"b\":2}\n\n", []string{"|{\"a\":1}|||false", "|{\"b\":2}|||false"}},
		"byte order mark":  {"\ufeffdata: a\n\n", []string{"|a|||false"}},
		"keep-alive":       {": ping\n\n: ping\n\n", nil},
		"id and retry":     {"id: 1\nretry: 5\ndata: a\n\n", []string{"|a|||false"}},
		"name stays apart": {"event: x\ndata: a\n\ndata: b\n\n", []string{"x|a|||false", "|b|||false"}},
	} {
		if got := events(c.in); strings.Join(got, "\x00") != strings.Join(c.want, "\x00") {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if got := events(strings.Split(c.in, "")...); strings.Join(got, "\x00") != strings.Join(c.want, "\x00") {
			t.Errorf("%s byte by byte: %q, want %q", name, got, c.want)
		}
	}
}

func TestLongEventIsCut(t *testing.T) {
	cut := false
	p := &Parser{Fn: func(e *Event) { cut = e.Cut; _ = e.Data }}
	p.Write([]byte("data: "))
	for range 5000 {
		p.Write([]byte(strings.Repeat("x", 1024)))
	}
	p.Write([]byte("\n\n"))
	if !cut {
		t.Error("5 MB of one event were kept")
	}
}

func FuzzSSE(f *testing.F) {
	f.Add("event: a\r\ndata: {\"x\":1}\r\n\r\n: c\n\nerror: {}\n", 3)
	f.Add("data: [DONE]\n\n{\"error\":1}", 1)
	f.Fuzz(func(t *testing.T, in string, at int) {
		at = ((at % (len(in) + 1)) + len(in) + 1) % (len(in) + 1)
		if a, b := strings.Join(events(in), "\x00"), strings.Join(events(in[:at], in[at:]), "\x00"); a != b {
			t.Fatalf("cut at %d: %q, whole %q", at, b, a)
		}
	})
}
