package capture

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	telltale "github.com/telltale-ai/telltale"
)

func seeds(f *testing.F, more ...string) {
	files, _ := filepath.Glob("testdata/*.txt")
	for _, name := range files {
		if data, err := os.ReadFile(name); err == nil && len(data) < 8<<10 {
			f.Add(data)
		}
	}
	for _, s := range more {
		f.Add([]byte(s))
	}
}

func check(t *testing.T, items []Item) {
	for i := range items {
		checkPlaces(t, &items[i])
		for _, e := range []telltale.Evidence{{Where: "status", Value: "429"}, {Where: "body.error.code", Value: "x"}, {Where: "header.retry-after"}, {Where: "body", Value: "error"}} {
			if sp, ok := items[i].Locate(e); ok && (sp.Start < 0 || sp.End < sp.Start || sp.End > len(items[i].Source)) {
				t.Fatalf("%v located at %v of %d", e, sp, len(items[i].Source))
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	seeds(f, limited, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "data: {}\n\n", "```\n{}\n```", "\xff\xfea\x00b\x00",
		`{"level":"error","err":"Error code: 429 - {'a': None}"}`, "<html><title>502 x", "https://a.test/x?Expires=1", "x status 503: {\"error\":1}")
	f.Fuzz(func(t *testing.T, data []byte) {
		items, err := Parse(data)
		if err == nil && len(items) == 0 {
			t.Fatal("neither items nor an error")
		}
		check(t, items)
	})
}

// FuzzLiteral holds that what literal makes is JSON, whatever it is made of.
func FuzzLiteral(f *testing.F) {
	seeds(f, `{'a': None, "b": [1, 2.5, -3], 'c': "it's"}`, "{ a: undefined, b: [Object], [Symbol(x)]: 'y' +\n 'z', e: Error: m\n    at x {\n  code: 'C' } }", "Foo(a=1, b=<E.X: 'x'>)", "GenerateContentResponse(a_b=1, \xff_\xff=2)", "{'a': '''x''', 'b': b'y'}")
	f.Fuzz(func(t *testing.T, data []byte) {
		b, end, ok := literal(data, 0)
		if end < 0 || end > len(data) {
			t.Fatalf("end %d of %d", end, len(data))
		}
		if ok && !json.Valid(b.body) {
			t.Fatalf("%q became %q", data, b.body)
		}
	})
}

func FuzzHAR(f *testing.F) {
	f.Add([]byte(`{"log":{"entries":[{"time":1,"request":{"method":"POST","url":"https://a.test/v1/x","headers":[{"name":"a","value":"b"}],"postData":{"text":"{}"}},"response":{"status":429,"headers":[],"content":{"text":"e30=","encoding":"base64"}}}]}}`))
	f.Add([]byte(`{"entries":[{"request":{},"response":{"status":0,"_error":"x"}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &scanner{src: data}
		(document{s: s, doc: string(data)}).har()
		for i := range s.items {
			s.items[i].Source = data
		}
		check(t, s.items)
	})
}

func FuzzNode(f *testing.F) {
	seeds(f, "Error: 429 x\n    at y {\n  status: 429,\n  error: { code: 'a' }\n}")
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &scanner{src: data}
		if len(data) > 0 {
			s.readNode(0, "Error")
		}
		for i := range s.items {
			s.items[i].Source = data
		}
		check(t, s.items)
	})
}

func FuzzCurl(f *testing.F) {
	seeds(f, "$ curl -v https://a.test \\\n -d 'x'\n* Connected to a\n> GET / HTTP/1.1\n> Host: a\n>\n< HTTP/1.1 200 OK\n< a: b\n<\n{}* Closing connection\ncurl: (18) x", "curl: (22) The requested URL returned error: 404")
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &scanner{src: data}
		for pos := 0; pos < len(data); {
			was := pos
			for _, read := range []reader{(*scanner).readVerbose, (*scanner).readCurlError, (*scanner).readCommand, (*scanner).readStatusLine} {
				if len(s.text(s.line(pos))) == 0 {
					break
				}
				if pos = read(s, was); pos > was {
					break
				}
			}
			if pos <= was {
				pos = next(data, s.line(was))
			}
		}
		for i := range s.items {
			s.items[i].Source = data
		}
		check(t, s.items)
	})
}
