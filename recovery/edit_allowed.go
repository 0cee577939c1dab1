package recovery

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// allowed takes another value when the refusal lists those that the model takes and only one of them can be meant.
func allowed(f *refusal) (fix, bool) {
	was := strings.Trim(f.raw(), `"`)
	list := slices.DeleteFunc(listed(f.message), func(s string) bool { return s == was })
	if len(list) == 0 || was == "" || strings.HasPrefix(was, "{") || strings.HasPrefix(was, "[") {
		return fix{}, false
	}
	var to string
	switch f.param {
	case "size":
		to = nearestSize(was, list)
	case "quality":
		to = synonym(was, list, map[string][]string{"hd": {"high"}, "high": {"hd"}, "ultra": {"high", "hd"}, "low": {"standard"}, "medium": {"standard"}})
	case "reasoning_effort":
		to = synonym(was, list, map[string][]string{"minimal": {"low"}, "xhigh": {"high"}, "max": {"xhigh", "high"}})
	}
	if to == "" || to == was {
		return fix{}, false
	}
	return fix{op: "set", param: f.param, value: strconv.Quote(to), was: f.raw()}, true
}

var (
	listStart = regexp.MustCompile(`(?i)\b(supported|allowed|valid|available|possible|permitted)\s+(values|sizes|qualities|options|choices)?[^:'"]{0,40}(are|is|:|include)|must be( one of| either)?|(expected|choose)( one of)?|one of`)
	listItem  = regexp.MustCompile("['\"`]([A-Za-z0-9_:.-]{1,24})['\"`]|\\b(\\d{2,5}x\\d{2,5})\\b")
)

// listed reads the values that a message names as allowed.
func listed(message string) []string {
	at := listStart.FindStringIndex(message)
	if at == nil {
		return nil
	}
	var out []string
	for _, m := range listItem.FindAllStringSubmatch(message[at[0]:], 32) {
		out = append(out, m[1]+m[2])
	}
	return out
}

func synonym(was string, list []string, same map[string][]string) string {
	for _, s := range same[strings.ToLower(was)] {
		for _, l := range list {
			if strings.EqualFold(l, s) {
				return l
			}
		}
	}
	return ""
}

// nearestSize is the only size of the same orientation, or of the same shape; "" when there are several or none.
func nearestSize(was string, list []string) string {
	w, h, ok := dims(was)
	if !ok {
		return ""
	}
	exact, near := map[string]bool{}, map[string]bool{}
	for _, s := range list {
		a, b, ok := dims(s)
		if !ok {
			continue
		}
		if a*h == b*w {
			exact[s] = true
		}
		if (a > b) == (w > h) && (a < b) == (w < h) {
			near[s] = true
		}
	}
	for _, set := range []map[string]bool{exact, near} {
		if len(set) == 1 {
			for s := range set {
				return s
			}
		}
	}
	return ""
}

func dims(s string) (w, h int, ok bool) {
	a, b, found := strings.Cut(strings.ToLower(s), "x")
	w, err1 := strconv.Atoi(a)
	h, err2 := strconv.Atoi(b)
	return w, h, found && err1 == nil && err2 == nil && w > 0 && h > 0
}
