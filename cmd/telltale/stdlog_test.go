package main

import (
	"bytes"
	"log"
	"strings"
	"testing"
)

func TestTheStandardLogTellsNoSecrets(t *testing.T) {
	var b bytes.Buffer
	l := log.New(stdlog{&b}, "", 0)
	l.Printf("Unsolicited response received on idle HTTP channel starting with %q; err=%v", `data: {"content":"the patient's name"}`, nil)
	l.Print("http: panic serving 127.0.0.1: sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD")
	if s := b.String(); strings.Contains(s, "patient") || strings.Contains(s, "abcdefghijkl") || strings.Count(s, "\n") != 2 || !strings.Contains(s, "Unsolicited") {
		t.Errorf("%s", s)
	}
}
