package recovery

import (
	"regexp"
	"slices"
	"strings"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"
)

// refusal is a request that the provider refused because of one parameter, as an editor sees it.
type refusal struct {
	surface     telltale.Surface
	body        []byte // of the request
	param       string // a key of body
	message     string // the provider's
	unsupported bool   // the parameter itself, or this value of it, is not taken by this model
}

// fix is an edit of a request, as data: it can be remembered and made again.
type fix struct {
	op    string // rename, drop, set or split
	param string
	to    string // the new name
	value string // raw JSON: the new value
	was   string // raw JSON: only where the parameter has this value; "": any
}

// editors know one kind of edit each. The first that fits is made.
var editors = [...]func(*refusal) (fix, bool){rename, outputFormat, split, allowed, drop}

// maxEdits bounds how many refusals of one call are edited away.
const maxEdits = 5

// edit repairs a parameter that the provider has just refused by name.
func (c *call) edit(r *result) bool {
	if r.x.Response == nil || r.d.Class != fault.Hard || len(c.fixes) >= maxEdits || !isJSON(r.place.body) {
		return false
	}
	f := readRefusal(r, c.surface)
	if f == nil {
		return false
	}
	for _, try := range append(editors[:], func(f *refusal) (fix, bool) { return lower(f, r.place.raised) }) {
		x, ok := try(f)
		if !ok || slices.Contains(c.fixes, x) {
			continue
		}
		w := r.place
		if !x.apply(&w) {
			continue
		}
		w.wait = 0
		c.fixes = append(c.fixes, x)
		c.where = w
		return true
	}
	return false
}

// readRefusal finds the parameter that was refused; nil when none was named that the request has.
func readRefusal(r *result, s telltale.Surface) *refusal {
	f := &refusal{surface: s, body: r.place.body, message: r.d.ProviderMessage, param: r.d.Param}
	e := gjson.GetBytes(r.x.Response.Body, "error")
	if f.message == "" {
		f.message = e.Get("message").String()
	}
	if f.param == "" && e.Get("param").Type == gjson.String {
		f.param = e.Get("param").Str
	}
	switch r.d.Cause {
	case fault.UnsupportedParameter:
		f.unsupported = true
	case fault.InvalidRequest:
		code := strings.ToLower(e.Get("code").String())
		f.unsupported = strings.Contains(code, "unsupported") || code == "unknown_parameter"
	default:
		return nil
	}
	if !f.has(f.param) {
		f.param = ""
		for _, m := range quoted.FindAllStringSubmatch(f.message, 8) {
			if f.has(m[1]) {
				f.param = m[1]
				break
			}
		}
	}
	if f.param == "" {
		return nil
	}
	return f
}

var quoted = regexp.MustCompile("['\"`]([A-Za-z_][A-Za-z0-9_]*)['\"`]")

func (f *refusal) has(key string) bool {
	return key != "" && !strings.ContainsAny(key, ".*?#|\\[ ") && gjson.GetBytes(f.body, key).Exists()
}

func (f *refusal) raw() string { return gjson.GetBytes(f.body, f.param).Raw }

// apply makes the edit in w; false when it does not fit there.
func (x fix) apply(w *place) bool {
	v := gjson.GetBytes(w.body, x.param)
	if !v.Exists() || x.was != "" && v.Raw != x.was {
		return false
	}
	body := slices.Clone(w.body)
	var what string
	var err error
	switch x.op {
	case "rename":
		if gjson.GetBytes(body, x.to).Exists() {
			return false
		}
		value := v.Raw
		if x.value != "" {
			value = x.value
		}
		if body, err = sjson.SetRawBytes(body, x.to, []byte(value)); err == nil {
			body, err = sjson.DeleteBytes(body, x.param)
		}
		what = "request: " + x.param + " renamed to " + x.to
	case "drop":
		body, err = sjson.DeleteBytes(body, x.param)
		what = "request: " + x.param + " dropped"
	case "set":
		body, err = sjson.SetRawBytes(body, x.param, []byte(x.value))
		what = "request: " + x.param + " changed from " + short(v.Raw) + " to " + short(x.value)
	case "split":
		n := int(v.Int())
		if n < 2 || n > maxSplit {
			return false
		}
		w.split = n
		body, err = sjson.SetRawBytes(body, x.param, []byte("1"))
		what = "request: " + x.param + " of " + v.Raw + " sent as single requests"
	}
	if err != nil {
		return false
	}
	w.body = body
	w.edits = append(slices.Clip(w.edits), what)
	return true
}

func short(raw string) string {
	if len(raw) > 60 {
		return raw[:60] + "..."
	}
	return raw
}
