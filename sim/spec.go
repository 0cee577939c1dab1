package sim

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Spec is an order for failures: steps that are played in turn, call by call, and then again from the first.
type Spec struct {
	Text  string
	Steps []Step
}

// Step is one failure to play, with its keys.
type Step struct {
	Fault string // a name from [Faults], "ok", or several names joined by +
	Keys  map[string]string
}

// Keys that every fault takes.
var commonKeys = []Key{
	{"id", "", "names the sequence, so that two users of one order do not count in common"},
	{"every", "1", "plays the fault at every n-th call, the others are healthy"},
	{"times", "", "plays the fault at the first n calls, later ones are healthy"},
	{"rate", "", "plays the fault at this share of the calls (0.0 to 1.0), chosen by the seed"},
	{"on", "create", "for images and media tasks, the call that fails: create, poll, result or download"},
	{"polls", "2", "for media tasks, how many polls come before the end"},
	{"takes", "", "for media tasks, the time to the end, instead of polls"},
}

// Parse reads an order:
//
//	order = step { "," step }
//	step  = name { "+" name } [ "*" count ] { ";" key "=" value }
//
// `429,429,ok` refuses two calls and answers the third, then begins again; `429*2,ok` is the same;
// `503;every=3` fails every third call; `task-not-exist+url-expired;late=2` is two failures of one task. A value ends at the next comma or semicolon; write %2C and %3B for
// them (and %25 for the per cent sign). In names `_` and `-` are the same.
func Parse(text string) (Spec, error) {
	sp := Spec{Text: text}
	for part := range strings.SplitSeq(text, ",") {
		fields := strings.Split(strings.TrimSpace(part), ";")
		name, count := strings.TrimSpace(fields[0]), 1
		if n, times, found := strings.Cut(name, "*"); found {
			c, err := strconv.Atoi(times)
			if err != nil || c < 1 || c > 1000 {
				return sp, fmt.Errorf("%q: the number after * must be from 1 to 1000", part)
			}
			name, count = n, c
		}
		name = canonical(name)
		takes := slices.Clone(commonKeys)
		for one := range strings.SplitSeq(name, "+") {
			f, ok := lookup(one)
			if !ok {
				return sp, fmt.Errorf("no fault is called %q", one)
			}
			takes = append(takes, f.Keys...)
		}
		st := Step{Fault: name, Keys: map[string]string{}}
		for _, kv := range fields[1:] {
			k, v, found := strings.Cut(strings.TrimSpace(kv), "=")
			k = canonical(k)
			if !found || k == "" {
				return sp, fmt.Errorf("%q: keys are written key=value", kv)
			}
			if !slices.ContainsFunc(takes, func(x Key) bool { return x.Name == k }) {
				return sp, fmt.Errorf("fault %q has no key %q", name, k)
			}
			st.Keys[k] = unescape.Replace(v)
		}
		for range count {
			sp.Steps = append(sp.Steps, st)
		}
	}
	return sp, nil
}

// stage is the later call of a media task that the order is for; "" when it is for the call that carries it.
func (sp Spec) stage() string {
	for _, st := range sp.Steps {
		if on := st.Keys["on"]; on != "" && on != "create" {
			return on
		}
	}
	return ""
}

var unescape = strings.NewReplacer("%2C", ",", "%2c", ",", "%3B", ";", "%3b", ";", "%25", "%")

func canonical(name string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), "_", "-")
}

// snapshot matches what stands after the @ in real model names, such as claude-sonnet@20260101.
var snapshot = regexp.MustCompile(`^(\d{8}|\d{3}|default|latest)$`)

// specIn finds the order inside a model name; "" when there is none.
func specIn(model string) string {
	if rest, ok := strings.CutPrefix(model, "fault-"); ok {
		return rest
	}
	i := strings.LastIndex(model, "@")
	if i <= 0 || snapshot.MatchString(model[i+1:]) && !known(model[i+1:]) {
		return ""
	}
	return model[i+1:]
}

func known(name string) bool { _, ok := lookup(canonical(name)); return ok }

// pick takes the step whose turn it is, or the healthy one.
// stage is the call of a media task that is struck (create, poll, result or download).
func (s *Server) pick(sp Spec, stage, scope string) Step {
	healthy := Step{Fault: "ok"}
	if len(sp.Steps) == 0 {
		return healthy
	}
	key := stage + " " + scope + " " + sp.Text
	for _, st := range sp.Steps {
		if id := st.Keys["id"]; id != "" {
			key = stage + " id " + id
		}
	}
	n := s.next(key)
	st := sp.Steps[n%len(sp.Steps)]
	k := keys{st.Keys, nil}
	if e := k.num("every"); e > 1 && (n+1)%e != 0 {
		return healthy
	}
	if k.get("times") != "" && n >= k.num("times") {
		return healthy
	}
	if r, err := strconv.ParseFloat(k.get("rate"), 64); err == nil {
		if float64(s.hash("rate", key, strconv.Itoa(n))%1_000_000)/1_000_000 >= r {
			return healthy
		}
	}
	return st
}

// keys reads the keys of a step, with the fault's defaults.
type keys struct {
	set  map[string]string
	defs []Key
}

func (k keys) get(name string) string {
	if v, ok := k.set[name]; ok {
		return v
	}
	for _, d := range k.defs {
		if d.Name == name {
			return d.Default
		}
	}
	return ""
}

func (k keys) num(name string) int { n, _ := strconv.Atoi(k.get(name)); return n }

// dur reads a duration; a bare number is seconds.
func (k keys) dur(name string) time.Duration {
	v := k.get(name)
	if f, err := strconv.ParseFloat(v, 64); err == nil {
		return time.Duration(f * float64(time.Second))
	}
	d, _ := time.ParseDuration(v)
	return d
}
