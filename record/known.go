package record

import "github.com/telltale-ai/telltale/internal/redact"

// without masks the keys that the call was made with, wherever a provider repeated them.
func (e *Entry) without(keys []string) {
	if len(keys) == 0 {
		return
	}
	one := func(t *redact.Text) { *t = t.Without(keys) }
	list := func(l []redact.Text) {
		for i := range l {
			one(&l[i])
		}
	}
	verdict := func(v *Verdict) {
		one(&v.Param)
		one(&v.Summary)
		one(&v.ProviderCode)
		one(&v.ProviderMessage)
		one(&v.RequestID)
		list(v.Remedies)
		for i := range v.Evidence {
			one(&v.Evidence[i].Where)
			one(&v.Evidence[i].Value)
		}
	}
	one(&e.Route)
	one(&e.Model)
	list(e.Changed)
	list(e.Notes)
	verdict(&e.Verdict)
	for i := range e.Attempts {
		a := &e.Attempts[i]
		verdict(&a.Verdict)
		one(&a.Model)
		one(&a.Error)
		list(a.Edits)
		if q := a.Request; q != nil {
			one(&q.URL)
			one(&q.Body)
			for _, v := range q.Headers {
				list(v)
			}
		}
		if r := a.Response; r != nil {
			one(&r.Body)
			for _, v := range r.Headers {
				list(v)
			}
		}
	}
}
