// Command bench measures what Telltale costs and what it brings:
//
//	go run ./internal/bench gateway      the gateway, recording on, against a bare reverse proxy
//	go run ./internal/bench recovery     good answers, extra calls and double bills, with and without Telltale
//
// Both start everything that they need in this machine's memory and on its loopback.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	if len(os.Args) > 2 && os.Args[1] == "proxy" {
		bareProxy(os.Args[2])
		return
	}
	what := ""
	if len(os.Args) > 1 {
		what = os.Args[1]
	}
	f := flag.NewFlagSet(what, flag.ExitOnError)
	var err error
	switch what {
	case "gateway":
		rounds := f.Int("rounds", 5, "how often the two are measured in turn")
		each := f.Duration("each", 3*time.Second, "how long each is measured in a round")
		clients := f.Int("clients", 16, "clients at a time")
		_ = f.Parse(os.Args[2:])
		err = benchGateway(*rounds, *each, *clients)
	case "recovery":
		n := f.Int("calls", 1000, "calls a strategy")
		share := f.Float64("faults", 0.2, "share of the calls that meet a fault")
		seed := f.Uint64("seed", 1, "of the fault mix")
		_ = f.Parse(os.Args[2:])
		err = benchRecovery(*n, *share, *seed)
	default:
		err = fmt.Errorf("usage: go run ./internal/bench gateway|recovery [flags]")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}
