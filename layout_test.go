package telltale_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// floors holds each package's floor: a package imports only from floors below its own, never sideways.
var floors = map[string]float64{
	"fault": 0, "internal/sse": 0, "internal/redact": 0, "internal/casefile": 0,
	"catalog": 1, "sim": 1, "expect": 1,
	"":         2,
	"recovery": 3, "record": 3, "task": 3, "media": 3, "drift": 3, "capture": 3,
	"sqlite": 4, "postgres": 4, "folder": 4, "s3": 4, "telemetry": 4,
	"gateway": 5, "dashboard": 5, "doctor": 5, "keeper": 5, "internal/config": 5,
	"cmd/telltale": 6, "internal/bench": 6,
}

const module = "github.com/telltale-ai/telltale"

func TestFloors(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := 0
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		seen++
		from, known := floor(p.ImportPath)
		if !known {
			t.Errorf("%s stands on no floor: give it one in this test and in docs/architecture.md", p.ImportPath)
			continue
		}
		for _, imp := range p.Imports {
			if !strings.HasPrefix(imp, module) {
				continue
			}
			if to, _ := floor(imp); to >= from {
				t.Errorf("%s (floor %g) imports %s (floor %g): only floors below its own", p.ImportPath, from, imp, to)
			}
		}
	}
	if seen < 5 {
		t.Fatalf("go list showed %d packages only", seen)
	}
}

// floor finds the floor of an import path. A package inside another, such as record/recordtest,
// stands half a step above it: it may import the package it serves.
func floor(path string) (float64, bool) {
	rel := strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
	if f, ok := floors[rel]; ok {
		return f, true
	}
	if cut := strings.LastIndex(rel, "/"); cut > 0 {
		if f, ok := floors[rel[:cut]]; ok {
			return f + 0.5, true
		}
	}
	return 0, false
}
