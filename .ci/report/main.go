// Command report reads the output of go test -json, prints a line per package and every failure,
// and ends with exit 1 when a test failed or was skipped: a suite that did not run proves nothing.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

func main() {
	f, err := os.Open(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
	defer f.Close()
	count := map[string]int{}
	output := map[string]*strings.Builder{}
	var bad []string
	in := bufio.NewScanner(f)
	in.Buffer(nil, 64<<20)
	for in.Scan() {
		var e event
		if json.Unmarshal(in.Bytes(), &e) != nil {
			fmt.Println(in.Text()) // a build error stands there as it is
			continue
		}
		key := e.Package + " " + e.Test
		switch e.Action {
		case "output":
			if output[key] == nil {
				output[key] = new(strings.Builder)
			}
			output[key].WriteString(e.Output)
		case "build-output":
			fmt.Print(e.Output)
		case "pass", "fail", "skip":
			if e.Test != "" {
				count[e.Action]++
			} else if e.Action != "skip" {
				fmt.Printf("%-5s %-60s %6.1fs\n", e.Action, e.Package, e.Elapsed)
			}
			if e.Action == "fail" || e.Action == "skip" && e.Test != "" {
				if o := output[key]; o != nil {
					fmt.Print(o)
				}
				bad = append(bad, e.Action+" "+key)
			}
		}
	}
	for _, b := range bad {
		fmt.Println(b)
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", count["pass"], count["fail"], count["skip"])
	if len(bad) > 0 || count["pass"] == 0 {
		os.Exit(1)
	}
}
