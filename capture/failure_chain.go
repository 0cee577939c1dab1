package capture

import (
	"bytes"
	"fmt"
)

// addFailure keeps an item, or joins it with the one that led to it: of a chain of tracebacks the one counts
// that shows the response; when none came, the words of all.
func (s *scanner) addFailure(it Item) {
	if !s.chained || len(s.items) == 0 {
		s.chained = false
		s.add(it)
		return
	}
	s.chained = false
	last := &s.items[len(s.items)-1]
	at := Span{last.At.Start, it.At.End}
	switch {
	case it.Response != nil && last.Response != nil:
		if weight(&it) > weight(last) {
			mergeRequest(&it.Request, last.Request)
			*last = it
		} else if last.Request.Provider == "" {
			last.Request.Provider = it.Request.Provider
		}
	case it.Response != nil:
		*last = it
	case last.Response == nil && it.Err != nil && len(last.Err.Error()) < 2000:
		last.Err = fmt.Errorf("%s (caused by %s)", it.Err, last.Err)
		mergeRequest(&last.Request, it.Request)
	}
	last.At = at
}

// weight says how much an item shows of the response.
func weight(it *Item) int {
	n := 0
	if it.Response.Status != 0 {
		n++
	}
	if b := it.Response.Body; len(b) > 0 {
		n++
		if !bytes.HasPrefix(b, []byte(`{"error":{"message":`)) {
			n += 2
		}
	}
	return n
}
