package sim

import (
	"fmt"
	"net/http"
	"strings"
)

// order finds the order for a failure: the header Sim-Fault, else the name of the model, else what a model of
// that name is known to refuse.
func (c *call) order() (Spec, error) {
	if h := c.r.Header.Get("Sim-Fault"); h != "" {
		return Parse(h)
	}
	if in := specIn(c.model); in != "" {
		return Parse(in)
	}
	return Parse(quirk(c.model))
}

// quirk is what a model of this name refuses in the real world: see the faults of the same names.
func quirk(model string) string {
	switch {
	case strings.HasPrefix(model, "gpt-image"):
		return "refuse-response-format"
	case strings.HasPrefix(model, "qwen-image"):
		return "refuse-n"
	case strings.HasPrefix(model, "o1"), strings.HasPrefix(model, "o3"), strings.HasPrefix(model, "o4"):
		return "refuse-max-tokens"
	}
	return "ok"
}

// plan chooses the fault and lets it edit a healthy answer; false when the order made no sense and was answered so.
func (c *call) plan() (*plan, bool) {
	sp, err := c.order()
	if err != nil {
		c.misuse(err.Error())
		return nil, false
	}
	if stage := sp.stage(); stage != "" && c.d.area&(Video|Images) != 0 { // it strikes later
		p, ok := c.planOf(Step{Fault: "ok", Keys: sp.Steps[0].Keys})
		if ok {
			p.stage, p.later = stage, sp
		}
		return p, ok
	}
	return c.planOf(c.s.pick(sp, "create", c.r.URL.Path+" "+c.model+" "+c.entry.Key))
}

func (c *call) planOf(st Step) (*plan, bool) {
	p := &plan{c: c, fault: st.Fault, model: bare(c.model), k: keys{set: st.Keys}, wire: wire{how: "end"}}
	if c.d.area&Text != 0 {
		p.a = c.healthy()
	}
	var defs []Key
	for name := range strings.SplitSeq(st.Fault, "+") {
		f, ok := lookup(name)
		if !ok {
			c.misuse(fmt.Sprintf("no fault is called %q", name))
			return nil, false
		}
		if on := f.On; on == Stream && !c.stream || on&c.d.area == 0 {
			c.misuse(fmt.Sprintf("fault %q is for %s, and this is %s", f.Name, on, c.where()))
			return nil, false
		}
		p.k.defs = f.Keys
		f.play(p)
		defs = append(defs, f.Keys...)
	}
	p.k.defs = defs
	c.note(st.Fault)
	return p, true
}

func (c *call) where() string {
	if c.d.area&Text != 0 && !c.stream {
		return c.d.name + " without stream"
	}
	return c.d.name
}

// misuse says that the simulator itself was asked for something it cannot do.
func (c *call) misuse(message string) {
	c.note("misuse")
	c.write(http.StatusBadRequest, "application/json", []byte(marshal(obj{"error": obj{
		"message": "simulator: " + message + "; `telltale sim --list` lists the faults and where each can be played",
		"type":    "simulator_error", "param": nil, "code": "simulator_misuse"}})))
}

// text answers a call of a text API.
func (s *Server) text(c *call) {
	defer s.closeEntry(c)
	if c.refusedKey() {
		return
	}
	if p, ok := c.plan(); ok {
		p.send()
	}
}

// refusedKey answers a request whose key has not the form of one.
func (c *call) refusedKey() bool {
	why := badKey(c.r)
	if why == "" {
		return false
	}
	status, body := c.d.fail(&apiError{Status: 401, Type: "invalid_request_error", Code: "invalid_api_key", Message: why}, c)
	c.note("401")
	c.write(status, "application/json", []byte(marshal(body)))
	return true
}

// badKey says what is wrong with the form of the key; a request without any key is served.
func badKey(r *http.Request) string {
	a := r.Header.Get("Authorization")
	scheme, key, _ := strings.Cut(a, " ")
	switch {
	case a == "":
		return ""
	case key == "" || strings.ContainsAny(strings.TrimSpace(key), " \"'<>"):
		return "You didn't provide an API key in the right form. Provide it in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."
	case strings.EqualFold(scheme, "bearer"), strings.EqualFold(scheme, "token"), strings.EqualFold(scheme, "key"), strings.EqualFold(scheme, "basic"):
		return ""
	}
	return "Unsupported authorization scheme. Use Authorization: Bearer YOUR_KEY."
}

// send writes the planned answer.
func (p *plan) send() {
	c := p.c
	for k, v := range p.header {
		c.w.Header()[k] = v
	}
	switch {
	case p.err != nil && p.err.Status != 0:
		status, body := c.d.fail(p.err, c)
		p.body(status, "application/json", []byte(marshal(body)))
	case p.raw != nil:
		p.body(p.status, p.ctype, p.raw)
	case c.stream && c.d.events != nil:
		events := c.d.events(c, &p.a)
		if p.err != nil { // an error in the middle: status 0
			at := min(p.wire.after, len(events)-1)
			events = append(events[:at:at], c.d.broken(c, p.err))
			if p.k.get("done") == "yes" {
				events = append(events, sseEvent("", "[DONE]"))
			}
		}
		p.stream(events)
	default:
		p.body(p.status, "application/json", []byte(marshal(c.d.plain(c, &p.a))))
	}
}

// body sends a plain body.
func (p *plan) body(status int, ctype string, body []byte) {
	if p.ctype != "" {
		ctype = p.ctype
	}
	if status == 0 {
		status = http.StatusOK
	}
	p.wire.plain(p.c, status, ctype, body)
}

// stream sends events.
func (p *plan) stream(events [][]byte) {
	ctype := "text/event-stream; charset=utf-8"
	if p.c.d.name == gemini.name && p.c.r.URL.Query().Get("alt") != "sse" {
		ctype, events = "application/json", asArray(events)
	}
	if p.ctype != "" {
		ctype = p.ctype
	}
	p.wire.events(p.c, ctype, events)
}

// asArray turns events into the array that Google sends without alt=sse.
func asArray(events [][]byte) [][]byte {
	var out [][]byte
	for i, e := range events {
		sep := ","
		if i == 0 {
			sep = "["
		}
		out = append(out, []byte(sep+strings.TrimSpace(strings.TrimPrefix(string(e), "data: "))+"\n"))
	}
	return append(out, []byte("]"))
}

// write sends a small body at once.
func (c *call) write(status int, ctype string, body []byte) {
	w := wire{}
	w.plain(c, status, ctype, body)
}

// plainDialect is d with one fixed answer and no streams.
func plainDialect(d dialect, area Area, body any) dialect {
	d.area, d.events = area, nil
	d.plain = func(*call, *answer) any { return body }
	return d
}
