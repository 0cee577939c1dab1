package record

import (
	"fmt"
	"net/http"

	"github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
)

// Bodies says whose requests and responses are kept, redacted.
type Bodies string

// The choices. The zero value means Failures.
const (
	Failures Bodies = "failures" // of attempts that failed
	All      Bodies = "all"      // of every attempt
	None     Bodies = "none"     // of none; nor any text that a provider or a model wrote
)

// Policy says what of a call is kept. The zero value keeps the bodies of failures, 64 KiB of each,
// and 1 MiB of an output that failed silently.
type Policy struct {
	Bodies    Bodies
	MaxBody   int // bytes of a body that are kept; 0 means 64 KiB
	MaxOutput int // bytes of the response of a silent failure that are kept; 0 means 1 MiB
}

// Check reports what is wrong with p.
func (p Policy) Check() error {
	switch p.Bodies {
	case "", Failures, All, None:
	default:
		return fmt.Errorf("record.bodies is %q: it must be failures, all or none", p.Bodies)
	}
	if p.MaxBody < 0 || p.MaxOutput < 0 {
		return fmt.Errorf("a size cap of record must not be negative")
	}
	return nil
}

func (p Policy) maxBody() int {
	if p.MaxBody <= 0 {
		return 64 << 10
	}
	return p.MaxBody
}

// maxResponse is the cap of a response's body. A silent failure is judged by its output, so it is kept in full.
func (p Policy) maxResponse(c fault.Class) int {
	if c != fault.Silent {
		return p.maxBody()
	}
	if p.MaxOutput <= 0 {
		return max(1<<20, p.maxBody())
	}
	return max(p.MaxOutput, p.maxBody())
}

// keeps reports whether the bodies of attempt i of c are kept.
func (p Policy) keeps(c *telltale.Call, i int) bool {
	switch p.Bodies {
	case None:
		return false
	case All:
		return true
	}
	return !c.Attempts[i].Diagnosis.OK() || !c.Final.OK() && i == len(c.Attempts)-1
}

// raw is how many bytes of a body are copied for redacting: more than are kept, because
// pictures in it shrink to a note and what stands behind them is wanted.
func raw(max int) int { return 4 * max }

// snapshot is a copy of a call, of what build reads and no more.
type snapshot struct {
	call  *telltale.Call
	sizes []sizes // of the bodies as they were, one an attempt
	bytes int     // of bodies copied
}

type sizes struct{ request, response int }

// snap copies of c what is recorded under p, so that nothing of it aliases what the gateway goes on to use.
func (p Policy) snap(c *telltale.Call, withBodies bool) snapshot {
	n := len(c.Attempts)
	own := struct {
		call     telltale.Call
		attempts []telltale.Attempt
	}{*c, make([]telltale.Attempt, n)}
	s := snapshot{call: &own.call, sizes: make([]sizes, n)}
	own.call.Attempts = own.attempts
	for i := range c.Attempts {
		own.attempts[i] = c.Attempts[i]
		x := c.Attempts[i].Exchange
		if x == nil {
			continue
		}
		kept := &struct {
			telltale.Exchange
			response telltale.Response
		}{Exchange: telltale.Exchange{Err: x.Err, Sent: x.Sent, Elapsed: x.Elapsed}}
		own.attempts[i].Exchange = &kept.Exchange
		q := x.Request
		kept.Request = telltale.Request{Method: q.Method, URL: q.URL, Provider: q.Provider, Surface: q.Surface}
		s.sizes[i].request = len(q.Body)
		keeps := p.keeps(c, i)
		if keeps {
			kept.Request.Header = q.Header.Clone()
			if withBodies {
				kept.Request.Body = s.part(q.Body, p.maxBody())
			}
		}
		if r := x.Response; r != nil {
			s.sizes[i].response = len(r.Body)
			kept.response = telltale.Response{Status: r.Status, Partial: r.Partial}
			kept.Response = &kept.response
			if keeps {
				kept.response.Header = join(r.Header, r.Trailer)
				if withBodies {
					kept.response.Body = s.part(r.Body, p.maxResponse(class(c, i)))
				}
			}
		}
	}
	return s
}

// part copies the beginning of b.
func (s *snapshot) part(b []byte, max int) []byte {
	b = b[:min(len(b), raw(max))]
	s.bytes += len(b)
	return append([]byte(nil), b...)
}

// class is that of attempt i, or the call's for the last: the judgement of the whole may be harder than that of the exchange.
func class(c *telltale.Call, i int) fault.Class {
	if i == len(c.Attempts)-1 && !c.Final.OK() {
		return c.Final.Class
	}
	return c.Attempts[i].Diagnosis.Class
}

func join(h, trailer http.Header) http.Header {
	h = h.Clone()
	for k, v := range trailer {
		if h == nil {
			h = http.Header{}
		}
		h[k] = append(h[k], v...)
	}
	return h
}
