package recovery

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"
)

const (
	maxSplit    = 16 // more single requests than this are not made of one
	splitAtOnce = 4
)

// split asks for one result at a time where the model makes only one.
func split(f *refusal) (fix, bool) {
	if f.param != "n" || f.surface != telltale.Images && f.surface != telltale.Chat || gjson.GetBytes(f.body, "stream").Bool() {
		return fix{}, false
	}
	n := gjson.GetBytes(f.body, "n")
	if n.Type != gjson.Number || n.Num != float64(int(n.Num)) || n.Int() < 2 || n.Int() > maxSplit {
		return fix{}, false
	}
	return fix{op: "split", param: "n"}, true
}

// part is one of the single requests.
type part struct {
	resp *http.Response
	err  error
	body []byte
	call *telltale.Call
	d    telltale.Diagnosis
}

// singles sends the request that is in c.where as many times as was asked for and merges the answers in
// order. Each of them is recovered like a call of its own.
func (c *call) singles() (*http.Response, error) {
	parts := make([]part, c.where.split)
	var wg sync.WaitGroup
	slots := make(chan struct{}, splitAtOnce)
	for i := range parts {
		wg.Add(1)
		go func() {
			defer wg.Done()
			slots <- struct{}{}
			defer func() { <-slots }()
			parts[i] = c.single()
		}()
	}
	wg.Wait()
	var good, bad *part
	ok := 0
	for i := range parts {
		p := &parts[i]
		if p.call != nil {
			c.rec.Attempts = append(c.rec.Attempts, p.call.Attempts...)
			c.rec.Usage = add(c.rec.Usage, p.call.Usage)
			c.rec.PossiblyBilled = c.rec.PossiblyBilled || p.call.PossiblyBilled
		}
		if p.err == nil && p.d.OK() {
			ok++
			if good == nil {
				good = p
			}
		} else if bad == nil {
			bad = p
		}
	}
	c.rec.Changed = append(c.rec.Changed, c.where.edits...)
	if good == nil {
		if bad.resp == nil {
			return c.fail(bad.err)
		}
		telltale.Attach(bad.resp, c)
		c.hand(bad.resp, bad.body)
		c.finish(bad.d)
		return bad.resp, nil
	}
	d := good.d
	if bad != nil {
		d = bad.d
		d.Class = fault.Soft
		d.Summary = fmt.Sprintf("%d of %d single requests succeeded; the others failed. First failure: %s", ok, len(parts), bad.d.Summary)
		c.rec.Changed = append(c.rec.Changed, fmt.Sprintf("response: %d of %d results, the others failed (%s)", ok, len(parts), bad.d.Cause))
		if c.mode == Strict {
			return c.answer(&result{d: d, resp: good.resp, place: c.where}, http.StatusUnprocessableEntity)
		}
	}
	c.t.learned.add(c.lesson(), c.fixes)
	resp := good.resp
	telltale.Attach(resp, c)
	resp.Header.Del("Content-Encoding")
	c.hand(resp, merge(parts))
	c.finish(d)
	return resp, nil
}

func (c *call) single() (p part) {
	set := *c.set
	set.quiet = true
	req := c.req.Clone(With(c.ctx, &set))
	req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(c.where.body)), int64(len(c.where.body))
	p.resp, p.err = c.t.RoundTrip(req)
	p.call, _ = CallOf(p.resp, p.err)
	if p.err == nil {
		p.body, p.err = io.ReadAll(io.LimitReader(p.resp.Body, 256<<20))
		p.resp.Body.Close()
		p.body, _ = decoded(p.body, p.resp.Header, 256<<20)
	}
	if p.call != nil {
		p.d = p.call.Final
	}
	return p
}

// merge puts the results of all healthy parts into the first of them. Usage is summed.
func merge(parts []part) []byte {
	var out []byte
	list := "data"
	var in, of, total int64
	n := 0
	for _, p := range parts {
		if p.err != nil || !p.d.OK() {
			continue
		}
		if out == nil {
			out = bytes.Clone(p.body)
			if gjson.GetBytes(out, "choices").IsArray() {
				list = "choices"
			}
			out, _ = sjson.SetRawBytes(out, list, []byte("[]"))
		}
		for _, item := range gjson.GetBytes(p.body, list).Array() {
			raw := []byte(item.Raw)
			if list == "choices" {
				raw, _ = sjson.SetRawBytes(raw, "index", []byte(strconv.Itoa(n)))
			}
			out, _ = sjson.SetRawBytes(out, list+".-1", raw)
			n++
		}
		u := gjson.GetBytes(p.body, "usage")
		in += first(u, "prompt_tokens", "input_tokens")
		of += first(u, "completion_tokens", "output_tokens")
		total += first(u, "total_tokens")
	}
	for k, v := range map[string]int64{"prompt_tokens": in, "input_tokens": in, "completion_tokens": of, "output_tokens": of, "total_tokens": total} {
		if gjson.GetBytes(out, "usage."+k).Exists() {
			out, _ = sjson.SetRawBytes(out, "usage."+k, []byte(strconv.FormatInt(v, 10)))
		}
	}
	return out
}
