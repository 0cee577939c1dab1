package dashboard

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/record"
)

func (d *Dashboard) apiCalls(w http.ResponseWriter, r *http.Request) {
	f, err := filter(r.URL.Query(), time.Now())
	if err != nil {
		refuse(w, err)
		return
	}
	d.fresh(r.Context())
	page, err := d.Store.List(r.Context(), f)
	if err != nil {
		refuse(w, err)
		return
	}
	if page.Calls == nil {
		page.Calls = []record.Entry{}
	}
	send(w, http.StatusOK, page)
}

func (d *Dashboard) apiCall(w http.ResponseWriter, r *http.Request) {
	d.fresh(r.Context())
	e, err := d.Store.Get(r.Context(), r.PathValue("id"))
	if err != nil {
		refuse(w, err)
		return
	}
	send(w, http.StatusOK, e)
}

func (d *Dashboard) apiMark(w http.ResponseWriter, r *http.Request) {
	var m record.Marking
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4<<10))
	dec.DisallowUnknownFields()
	err := dec.Decode(&m)
	if err == nil {
		err = m.Check()
	}
	if err != nil {
		fail(w, http.StatusBadRequest, "the mark cannot be read: "+err.Error(), `send {"mark":"good"}, or {"mark":"bad","mark_cause":"refusal"}; an empty mark takes it back`)
		return
	}
	d.fresh(r.Context())
	if err := d.Store.Mark(r.Context(), r.PathValue("id"), m); err != nil {
		refuse(w, err)
		return
	}
	send(w, http.StatusOK, m)
}

func (d *Dashboard) apiCauses(w http.ResponseWriter, _ *http.Request) {
	send(w, http.StatusOK, map[string][]fault.Info{"causes": fault.All()})
}

// filter reads the query of a list. An unknown name is an error: a filter that does nothing would mislead.
func filter(q url.Values, now time.Time) (f record.Filter, err error) {
	for name, values := range q {
		v := values[len(values)-1]
		switch name {
		case "class":
			f.Classes, err = record.ParseClasses(v)
		case "cause":
			f.Causes, err = record.ParseCauses(v)
		case "since":
			f.Since, err = record.ParseTime(v, now)
		case "until":
			f.Until, err = record.ParseTime(v, now)
		case "upstream":
			f.Upstream = v
		case "model":
			f.Model = v
		case "cursor":
			f.Cursor = v
		case "marked":
			if f.Marked, err = strconv.ParseBool(v); v == "" {
				err = nil
			}
		case "limit":
			if f.Limit, err = strconv.Atoi(v); err == nil && f.Limit < 1 {
				err = fmt.Errorf("it must be at least 1")
			}
			if v == "" {
				err = nil
			}
		default:
			err = fmt.Errorf("there is none called %q", name)
		}
		if err != nil {
			return f, fmt.Errorf("%w: %s: %w", record.ErrFilter, name, err)
		}
	}
	return f, nil
}
