package telltale_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/telltale-ai/telltale"
)

const limited = `{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}`

func ExampleDiagnose() {
	d := telltale.Diagnose(&telltale.Exchange{
		Request:  telltale.Request{Provider: "openai", Surface: telltale.Chat},
		Response: &telltale.Response{Status: 429, Header: http.Header{"Retry-After": {"20"}}, Body: []byte(limited)},
	})
	fmt.Println(d.Class, d.Cause, d.Retryable, d.RetryAfter)
	fmt.Println(d.Evidence[0].Where)
	// Output:
	// hard rate_limited true 20s
	// body.error.code
}

const half = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"The ferry leaves\"}}]}\n\n"

var stream = http.Header{"Content-Type": {"text/event-stream"}}

func ExampleDiagnoser_Watch() {
	w := new(telltale.Diagnoser).Watch(&telltale.Exchange{Response: &telltale.Response{Status: 200, Header: stream}})
	io.WriteString(w, half)
	fmt.Println(w.Output(), w.Ended())
	d := w.Close(nil)
	fmt.Println(d.Class, d.Cause)
	// Output:
	// true false
	// soft stream_interrupted
}

// TestLibraryPage holds the Go lines of docs/library.md to the examples above.
func TestLibraryPage(t *testing.T) {
	page, err := os.ReadFile("docs/library.md")
	if err != nil {
		t.Fatal(err)
	}
	src, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(page), "```go\n")[1:]
	if len(blocks) != 2 {
		t.Fatalf("%d blocks of Go", len(blocks))
	}
	for _, b := range blocks {
		code, _, _ := strings.Cut(b, "```")
		for line := range strings.Lines(code) {
			if !strings.Contains(string(src), "\t"+strings.TrimRight(line, "\n")+"\n") {
				t.Errorf("%q is not in the examples", strings.TrimSpace(line))
			}
		}
	}
}
