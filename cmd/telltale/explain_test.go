package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// explainLines runs explain --jsonl on what comes from in.
func explainLines(t testing.TB, in io.Reader, out io.Writer) int {
	var errs bytes.Buffer
	a := &app{ctx: t.Context(), stdin: in, stdout: out, stderr: &errs, getenv: func(string) string { return "" }}
	return a.run([]string{"explain", "--jsonl"})
}

// The answers keep the order of the lines, however many workers there are.
func TestLinesKeepTheirOrder(t *testing.T) {
	const n = 20000
	var in, out bytes.Buffer
	for i := range n {
		fmt.Fprintf(&in, `{"id":"%d","status":%d,"body":"%s"}`+"\n", i, 400+i%100, strings.Repeat("x", i%777))
	}
	if code := explainLines(t, &in, &out); code != 1 {
		t.Errorf("exit code %d", code)
	}
	i := 0
	for line := range strings.Lines(out.String()) {
		if !strings.HasPrefix(line, fmt.Sprintf(`{"id":"%d",`, i)) {
			t.Fatalf("answer %d is %.60s", i, line)
		}
		i++
	}
	if i != n {
		t.Errorf("%d answers for %d lines", i, n)
	}
}

// A line is answered when it has come, not when the next one does.
func TestLinesAreAnsweredAtOnce(t *testing.T) {
	in, send := io.Pipe()
	get, out := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- explainLines(t, in, out)
		out.Close()
	}()
	buf := make([]byte, 64<<10)
	for i := range 3 {
		fmt.Fprintf(send, `{"id":"%d","status":429,"body":""}`+"\n", i)
		answer := make(chan string, 1)
		go func() {
			n, _ := get.Read(buf)
			answer <- string(buf[:n])
		}()
		select {
		case got := <-answer:
			if !strings.HasPrefix(got, fmt.Sprintf(`{"id":"%d"`, i)) {
				t.Fatalf("got %q", got)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("no answer although the line had come")
		}
	}
	send.Close()
	if got := <-code; got != 1 {
		t.Errorf("exit code %d", got)
	}
}

// A line that is too long is answered by an error in its place, and the next line is read.
func TestLongLine(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 64 MiB")
	}
	long := io.LimitReader(endless{}, maxLine+10)
	var out bytes.Buffer
	code := explainLines(t, io.MultiReader(long, strings.NewReader("\n"+`{"id":"next","status":200,"body":"{}"}`+"\n")), &out)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if code != 2 || len(lines) != 2 || !strings.Contains(lines[0], "longer than 64 MiB") || !strings.HasPrefix(lines[1], `{"id":"next"`) {
		t.Errorf("exit code %d, answers %.200q", code, lines)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// BenchmarkExplainLines reads exchanges as explain --jsonl does: a third each of healthy answers of 1.2 KB, small
// errors and streams. The figure to look at is exchanges/s per core (GOMAXPROCS).
func BenchmarkExplainLines(b *testing.B) {
	healthy := `{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"gpt-5.4\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":\"` + strings.Repeat("The ferry leaves at nine and comes back at ten past noon, but not on Sundays. ", 11) + `\"}}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":6,\"total_tokens\":11}}`
	limited := `{\"error\":{\"message\":\"Rate limit reached for gpt-5.4 on requests per min. Please try again in 20s.\",\"type\":\"requests\",\"param\":null,\"code\":\"rate_limit_exceeded\"}}`
	stream := strings.Repeat(`data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"},\"finish_reason\":null}]}\n\n`, 4) + `data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n`
	kinds := []string{`{"id":"%d","surface":"chat","provider":"openai","status":200,"headers":{"content-type":"application/json"},"body":"` + healthy + "\"}\n",
		`{"id":"%d","surface":"chat","provider":"openai","status":429,"headers":{"retry-after":"20"},"body":"` + limited + "\"}\n",
		`{"id":"%d","surface":"chat","provider":"openai","status":200,"headers":{"content-type":"text/event-stream"},"body":"` + stream + "\"}\n"}
	for name, mix := range map[string][]string{"healthy": kinds[:1], "errors": kinds[1:2], "streams": kinds[2:], "mixed": kinds} {
		b.Run(name, func(b *testing.B) {
			var in bytes.Buffer
			for i := range b.N {
				fmt.Fprintf(&in, mix[i%len(mix)], i)
			}
			b.SetBytes(int64(in.Len() / b.N))
			b.ResetTimer()
			explainLines(b, &in, io.Discard)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "exchanges/s")
		})
	}
}
