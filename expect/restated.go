package expect

import (
	"strings"
)

// items finds a list that goes round and round: nearly all of its last items have been there before, in any order.
func items(t string) (loop, bool) {
	const most = 64
	var seen [most]uint32
	n, distinct, bullets := 0, 0, 0
	rest := strings.TrimRight(t, " \n\r\t")
	end := len(rest)
	for lines := 0; lines < most && rest != ""; lines++ {
		cut := strings.LastIndexByte(rest, '\n')
		body, bullet, ok := item(strings.TrimSpace(rest[cut+1:]))
		if !ok {
			return loop{}, false
		}
		from := cut + 1
		rest = strings.TrimRight(rest[:max(cut, 0)], " \n\r\t")
		if lines == 0 {
			continue // the last item may be cut
		}
		if bullet {
			bullets++
		}
		h, fresh := hash(body), true
		for _, s := range seen[:distinct] {
			fresh = fresh && s != h
		}
		if fresh {
			seen[distinct] = h
			distinct++
		}
		n++
		if size := end - from; distinct*4 <= n && (size >= 300 && bullets == n || size >= 600 && n >= 24) {
			return loop{from: from, end: end, unit: t[from:end], times: n / distinct, letters: true}, true
		}
	}
	return loop{}, false
}

// item returns what stands in a line after the bullet or number, and whether there was one. A line of code,
// a table's row or a line without words is no item.
func item(line string) (body string, bullet, ok bool) {
	i := 0
	for i < len(line) && isDigit(line[i]) {
		i++
	}
	switch {
	case i > 0 && i < len(line) && (line[i] == '.' || line[i] == ')'):
		i, bullet = i+1, true
	case strings.HasPrefix(line, "- "), strings.HasPrefix(line, "* "):
		i, bullet = 2, true
	case strings.HasPrefix(line, "•"):
		i, bullet = len("•"), true
	}
	body = strings.TrimSpace(line[i:])
	letters := 0
	for j := 0; j < len(body); j++ {
		if isLetter(body[j]) {
			letters++
		}
	}
	return body, bullet, letters > 2 && letters*2 > len(body) && !strings.ContainsAny(body, "{}|;=<>")
}

func hash(s string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

// stale finds a loop that is not exactly periodic: of many hundred tokens at the end, hardly any run of eight
// is new.
func stale(t string, tokens []token) (loop, bool) {
	const window, run = 800, 8
	if len(tokens) < window/2 {
		return loop{}, false
	}
	if len(tokens) > window {
		tokens = tokens[len(tokens)-window:]
	}
	var seen [1024]uint64 // 65536 bits for fewer than 800 runs: next to no collision
	fresh, letters := 0, 0
	n := len(tokens) - run + 1
	for i := range n {
		h := uint64(14695981039346656037)
		for k := range run {
			h = (h ^ uint64(tokens[i+k].masked)) * 1099511628211
			h ^= h >> 29
		}
		if bit := uint64(1) << (h & 63); seen[h>>6&1023]&bit == 0 {
			seen[h>>6&1023] |= bit
			if fresh++; fresh*100 > n*10 {
				return loop{}, false
			}
		}
		if tokens[i].kind == 'a' || tokens[i].kind == 'u' {
			letters++
		}
	}
	if letters*3 < n || dataLike(tokens[len(tokens)/2:], t) {
		return loop{}, false
	}
	from, end := int(tokens[0].from), int(tokens[len(tokens)-1].end)
	return loop{from: from, end: end, unit: tailOf(t[from:end], 100), times: n / max(fresh, 1), letters: true}, true
}

// restated finds an answer that says its long paragraphs again: a model that starts over, or goes round
// in paragraphs. Refrains, tables and code have short lines and are not counted.
func restated(t string) (Finding, bool) {
	const long, most = 160, 256
	var seen [most]uint64 // length, beginning and end
	var first [most]int32
	total, again, times, n := 0, 0, 0, 0
	firstAgain, lastAgain, unit := -1, 0, ""
	t = within(t, 256<<10)
	if l, ok := doubled(t); ok {
		return l.finding(0), true
	}
	for at := 0; at < len(t) && n < most; {
		end := strings.IndexByte(t[at:], '\n')
		if end < 0 {
			end = len(t)
		} else {
			end += at
		}
		line := strings.TrimSpace(t[at:end])
		if len(line) >= long && !strings.ContainsAny(line[:8], "|{<") {
			h, known := (eight(line)^eight(line[len(line)-8:])<<1)*0x9E3779B97F4A7C15+uint64(len(line)), false
			for i := range n {
				if seen[i] == h && strings.HasPrefix(t[first[i]:], line) {
					known = true
					break
				}
			}
			if known {
				again += len(line)
				times++
				if firstAgain < 0 {
					firstAgain, unit = at, line
				}
				lastAgain = end
			} else {
				seen[n], first[n] = h, int32(at+strings.Index(t[at:end], line[:16]))
				n++
			}
		}
		total += len(line)
		at = end + 1
	}
	if times < 3 || again*100 < total*35 {
		return Finding{}, false
	}
	l := loop{from: firstAgain, end: lastAgain, unit: unit, times: times + 1, letters: true}
	return l.finding(0), true
}

// doubled finds an answer whose second part says the first again, word for word, to its end.
func doubled(t string) (loop, bool) {
	t = strings.TrimRight(t, " \n\r\t")
	const tail = 48
	if len(t) < 800 || !strings.Contains(t[:len(t)-tail], t[len(t)-tail:]) {
		return loop{}, false
	}
	for end, tries := len(t)-tail, 0; tries < 8; tries++ {
		at := strings.LastIndex(t[:end], t[len(t)-tail:])
		if at < 0 {
			break
		}
		end = at + tail - 1
		was := at + tail
		same, letters := 0, 0
		for same < was && t[was-1-same] == t[len(t)-1-same] {
			if isLetter(t[was-1-same]) {
				letters++
			}
			same++
		}
		gap := len(t) - was - same
		if same >= 450 && same*100 >= len(t)*44 && gap*2 <= same && letters*100 >= same*68 {
			return loop{from: len(t) - same, end: len(t), unit: t[len(t)-same:], times: 2, letters: true}, true
		}
	}
	return loop{}, false
}
