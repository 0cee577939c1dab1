// Command alarms counts how many recorded exchanges raise an alarm that the exchange itself does not
// announce: each line's "plain" says what its finish words alone say.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
)

func main() {
	data, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
	cmd := exec.Command(os.Args[2], "explain", "--jsonl")
	cmd.Stdin = bytes.NewReader(data)
	out, _ := cmd.Output() // it exits 1 when it found a failure
	var plain, said []string
	for line := range bytes.Lines(data) {
		var x struct{ ID, Plain string }
		if json.Unmarshal(line, &x) == nil {
			plain = append(plain, x.Plain)
		}
	}
	in := bufio.NewScanner(bytes.NewReader(out))
	in.Buffer(nil, 64<<20)
	alarms := 0
	for in.Scan() {
		var d struct{ ID, Class, Cause, Summary string }
		if json.Unmarshal(in.Bytes(), &d) != nil {
			continue
		}
		n := len(said)
		said = append(said, d.Cause)
		if n < len(plain) && d.Class != "ok" && (plain[n] == "ok" || plain[n] == "tool_calls") {
			alarms++
			fmt.Printf("- %s: %s %s: %s\n", d.ID, d.Class, d.Cause, d.Summary)
		}
	}
	if len(said) != len(plain) {
		fmt.Printf("answered %d of %d exchanges\n", len(said), len(plain))
		os.Exit(1)
	}
	fmt.Printf("%d exchanges: %d alarms where the finish words say healthy (%.2f %%)\n", len(plain), alarms, 100*float64(alarms)/float64(len(plain)))
}
