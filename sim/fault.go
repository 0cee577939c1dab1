package sim

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// Fault is one way to fail.
type Fault struct {
	Name  string
	Doc   string // what goes over the wire
	Guide string // the row of the debugging guide that it plays; "" for none
	On    Area   // where it can be played
	Keys  []Key

	play func(p *plan)
}

// Key is a setting of a fault.
type Key struct {
	Name, Default, Doc string
}

// Area is a set of the calls that a fault can be played on.
type Area uint

// The areas.
const (
	Text   Area = 1 << iota // chat, responses, messages, generateContent; plain and streamed
	Stream                  // the same, streamed only
	Images                  // image generation
	Video                   // creates and polls of asynchronous tasks
	Other                   // embeddings, lists of models
	Media                   // downloads of images and videos
	Any    = Text | Stream | Images | Video | Other | Media
)

func (a Area) String() string {
	if a == Any {
		return "any"
	}
	var names []string
	for i, name := range []string{"text", "streams", "images", "video", "embeddings and models", "downloads"} {
		if a&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// Faults lists every fault, "ok" first, grouped by kind. The slice is the caller's own.
func Faults() []Fault { return slices.Clone(faults) }

// faults is filled from the lists that stand beside the faults themselves.
var faults = slices.Concat(
	[]Fault{{Name: "ok", Doc: "A healthy answer.", Guide: "finish_reason: stop", On: Any, play: func(*plan) {}}},
	statusFaults, limitFaults, paramFaults, outputFaults, toolFaults, jsonFaults, uselessFaults,
	bodyFaults, wireFaults, streamFaults, imageFaults, urlFaults, videoFaults, resultFaults,
)

func lookup(name string) (Fault, bool) {
	i := slices.IndexFunc(faults, func(f Fault) bool { return f.Name == name })
	if i < 0 {
		return Fault{}, false
	}
	return faults[i], true
}

// plan is what will be answered: a fault edits it before it is sent.
type plan struct {
	c     *call
	k     keys
	fault string // its name
	model string // that was asked for, without the order in it
	stage string // with later: poll, result or download
	later Spec   // what is played there

	err    *apiError   // an error in the dialect's own envelope, instead of an answer
	status int         // of a raw body or of a healthy answer; 0 is 200
	header http.Header // added to the answer
	raw    []byte      // sent as it is, instead of an answer
	ctype  string      // content type of raw, or of the answer when it is to lie

	a     answer
	image imagePlan
	video videoPlan
	wire  wire
}

// apiError is an error in words that every dialect can write.
type apiError struct {
	Status  int
	Type    string
	Code    any // string, number or nil
	Message string
	Param   string
	Extra   obj // more keys of the error object
}

// obj is a JSON object.
type obj = map[string]any

// fail makes the answer an error.
func (p *plan) fail(status int, typ string, code any, message string) {
	p.err = &apiError{Status: status, Type: typ, Code: code, Message: message}
}

// page makes the answer a raw body.
func (p *plan) page(status int, ctype, body string) {
	p.status, p.ctype, p.raw = status, ctype, []byte(body)
}

// retryAfter tells the client when to come back, in the spelling that the key "as" names.
func (p *plan) retryAfter() {
	if p.k.get("retry-after") == "" {
		return
	}
	d := p.k.dur("retry-after")
	writeRetry(p, p.k.get("as"), d, p.c.s.now().Add(d))
}

func (p *plan) set(name, value string) {
	if p.header == nil {
		p.header = http.Header{}
	}
	p.header[name] = []string{value} // as it is written: providers' headers are not all canonical
}

// wire says how the bytes travel.
type wire struct {
	wait    time.Duration // before the headers
	reset   bool          // reset the connection instead of answering
	cut     bool          // end the body early
	after   int           // events of a stream, or bytes of a plain body, that come before a cut or a stall
	how     string        // of a cut: "end" (cleanly), "abort" (without the last chunk), "reset"
	stall   time.Duration // a pause after `after`
	gap     time.Duration // between events, or between the pieces of a plain body
	pieces  int           // how many pieces a plain body comes in
	gzip    bool
	pad     int64 // blanks sent before the body
	endless bool  // the body never ends
}
