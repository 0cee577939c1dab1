package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// The command says where it listens, answers, and stops when it is asked to, even with an answer that never comes.
func TestSimCommand(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	r, w := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- simCmd{Listen: "127.0.0.1:0"}.Run(&app{ctx: ctx, stdout: io.Discard, stderr: w})
		w.Close()
	}()
	line, err := bufio.NewReader(r).ReadString('\n')
	base, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		t.Fatalf("%q, %v", line, err)
	}
	resp, err := http.Get(base + "/v1/models")
	if err != nil || resp.StatusCode != 200 {
		t.Fatalf("%v, %v", resp, err)
	}
	resp.Body.Close()
	go func() {
		if resp, err := http.Post(base+"/v1/chat/completions", "application/json", strings.NewReader(`{"model":"m@stall"}`)); err == nil {
			resp.Body.Close()
		}
	}()
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Error("it did not stop")
	}
}
