package telltale

import "github.com/telltale-ai/telltale/fault"

// pageWords reports whether a phrase may be believed in a web page: a page has many words by chance.
func pageWords(c fault.Cause, length int) bool {
	switch c {
	case fault.RequestTooLarge, fault.Timeout, fault.URLExpired, fault.RateLimited:
		return length >= 12
	}
	return false
}

// statusFits gives how much a status condition says, or -1 when it does not hold.
func statusFits(want []int, status int) int {
	for _, w := range want {
		switch {
		case w == status:
			return 6
		case w > 0 && w < 10 && status/100 == w:
			return 2
		}
	}
	return -1
}

// place gives the field in which a part of the folded text stands, and the sentence there.
func (l *layer) place(from, to int) (where, value string) {
	for i := len(l.segs) - 1; i >= 0; i-- {
		if l.segs[i].at <= from {
			return l.segs[i].path, l.segs[i].text
		}
	}
	return "", ""
}
