// Package telltale tells what broke in an AI API call: call [Diagnose] with an
// [Exchange] and read the [Diagnosis].
//
// The package is pure: it does no I/O, reads no clock and starts no goroutine.
package telltale

import (
	"sync"

	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/expect"
	"github.com/telltale-ai/telltale/fault"
)

// Diagnose says what broke in x with the built-in catalogue. It never fails; the same x has the same answer.
func Diagnose(x *Exchange) Diagnosis { return defaultDiagnoser.Diagnose(x) }

var defaultDiagnoser = &Diagnoser{}

// Diagnoser judges exchanges. The zero value uses the built-in catalogue and checks. It may be used by several
// goroutines at once; do not copy or change it after its first use.
type Diagnoser struct {
	Catalog catalog.Set // an empty set stands for the built-in one
	Checks  []Check     // nil stands for the built-in ones

	once sync.Once
	own  *engine

	schemas expect.Schemas // that requests brought
}

func (d *Diagnoser) engine() *engine {
	d.once.Do(func() {
		if len(d.Catalog.Signatures) == 0 && len(d.Catalog.Dialects) == 0 {
			d.own = builtin()
			return
		}
		d.own = newEngine(d.Catalog)
	})
	return d.own
}

func (d *Diagnoser) checks() []Check {
	if d.Checks != nil {
		return d.Checks
	}
	return builtinChecks
}

// Diagnose says what broke in x.
func (d *Diagnoser) Diagnose(x *Exchange) Diagnosis {
	e := d.engine()
	x = canonical(x)
	r := x.Response
	if r != nil && len(r.Body) > 2 {
		if plain, ok := unpack(r); ok {
			y, s := *x, *r
			s.Body, s.Partial = plain, r.Partial || len(plain) >= maxUnpacked
			y.Response = &s
			x, r = &y, &s
		}
	}
	if r == nil || r.Status == 0 {
		return e.transport(x)
	}
	if r.Status < 200 || r.Status >= 300 {
		return e.hard(x)
	}
	body := r.Body
	k := sniff(r)
	if k == bodyStream || k == bodyBinaryStream {
		w := d.watch(x)
		w.Write(body)
		return w.Close(x.Err)
	}
	f := factsPool.Get().(*Facts)
	f.X, f.Status, f.tree, f.kept = x, r.Status, e.tree, &d.schemas
	f.Surface = surfaceOf(x)
	p := e.provider(x)
	if p != nil {
		f.Provider = p.ID
	}
	var out Diagnosis
	if k == bodyJSON {
		_, whole := f.read(body)
		f.seal()
		out = e.judge(d, f, p, whole)
	} else {
		out = e.foreign(d, f, p, k)
	}
	*f = Facts{}
	factsPool.Put(f)
	return out
}

// factsPool holds empty facts: a diagnosis keeps nothing of them.
var factsPool = sync.Pool{New: func() any { return new(Facts) }}

// body kinds.
const (
	bodyEmpty = iota
	bodyJSON
	bodyStream
	bodyBinaryStream
	bodyPage
	bodyXML
	bodyText
	bodyMedia
	bodyPacked
)

var healthyInfo, _ = fault.Lookup(fault.None)

// conclude fills in what follows from the cause.
func (e *engine) conclude(class fault.Class, cause fault.Cause) Diagnosis {
	i := &healthyInfo
	if cause != fault.None {
		other, _ := fault.Lookup(cause)
		i = &other
	}
	return Diagnosis{Class: class, Cause: cause, Retryable: i.Retryable, Action: i.Action, Summary: i.Meaning, Remedies: i.Remedies}
}

// transport judges an exchange that got no response.
func (e *engine) transport(x *Exchange) Diagnosis {
	text := ""
	if x.Err != nil {
		text = x.Err.Error()
	}
	var body []byte
	if x.Response != nil {
		body = x.Response.Body
	}
	if len(body) > 0 && text == "" {
		text = string(body[:min(len(body), 16<<10)])
	}
	p := e.provider(x)
	if d, ok := e.goError(x, p, text); ok {
		return d
	}
	w := &walker{m: e.m}
	w.body([]byte(text), "error")
	sub := subject{status: 0, surface: surfaceOf(x), provider: p}
	d := e.conclude(fault.Hard, fault.Network)
	if m, ok := e.m.best(&sub, w.layers); ok {
		d = e.fromSignature(x, fault.Hard, &m, w.layers, 0)
	}
	if len(d.Evidence) == 0 {
		d.Evidence = []Evidence{evidence("error", text)}
	}
	if p != nil {
		d.Provider = p.ID
	}
	d.ProviderMessage = clip(text, 1000)
	if d.Signature == "" {
		d.Signature = "transport"
		d.Likely = text != ""
	}
	return d
}

// hard judges an answer whose status is no success.
func (e *engine) hard(x *Exchange) Diagnosis {
	return e.failure(x, fault.Hard, x.Response.Status, x.Response.Body, "body", e.provider(x))
}
