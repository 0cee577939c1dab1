package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestSDKs runs the programs in sdktest, which use the providers' own SDKs, through the gateway to the
// simulator. TELLTALE_TEST_PYTHON names a Python that has the packages of sdktest/requirements.txt,
// TELLTALE_TEST_NODE_MODULES a folder with those of sdktest/package.json.
func TestSDKs(t *testing.T) {
	python, modules := os.Getenv("TELLTALE_TEST_PYTHON"), os.Getenv("TELLTALE_TEST_NODE_MODULES")
	if python == "" || modules == "" {
		t.Skip("TELLTALE_TEST_PYTHON and TELLTALE_TEST_NODE_MODULES are not set")
	}
	provider := start(t, "sim", "--listen", "127.0.0.1:0")
	gateway := start(t, "serve", "--listen", "127.0.0.1:0", "--upstream", provider+"/v1", "--data", t.TempDir())
	// The anthropic SDK puts /v1/messages behind its base URL by itself.
	for _, argv := range [][]string{
		{python, "openai_sdk.py"}, {python, "anthropic_sdk.py"}, {"node", "openai_sdk.mjs"},
	} {
		t.Run(argv[1], func(t *testing.T) {
			cmd := exec.Command(argv[0], append(argv[1:], gateway)...)
			cmd.Dir = "../../sdktest"
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// start runs a command that listens, as its user would, until the test ends, and gives its URL.
func start(t *testing.T, args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	r, w := io.Pipe()
	done := make(chan int, 1)
	a := &app{ctx: ctx, stdin: strings.NewReader(""), stdout: io.Discard, stderr: w, getenv: func(string) string { return "" }}
	go func() { done <- a.run(args); _ = w.Close() }()
	url := make(chan string, 1)
	go func() {
		for in := bufio.NewScanner(r); in.Scan(); {
			if u, ok := strings.CutPrefix(in.Text(), "listening on "); ok {
				url <- u
			} else {
				t.Log(args[0], in.Text())
			}
		}
	}()
	t.Cleanup(func() {
		stop()
		select {
		case code := <-done:
			if code != 0 {
				t.Errorf("%s ended with %d", args[0], code)
			}
		case <-time.After(time.Minute):
			t.Errorf("%s did not stop", args[0])
		}
	})
	select {
	case u := <-url:
		return u
	case code := <-done:
		t.Fatalf("%s ended with %d before it listened", args[0], code)
	case <-time.After(time.Minute):
		t.Fatalf("%s does not listen", args[0])
	}
	return ""
}
