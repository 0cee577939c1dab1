package telltale

import (
	"slices"
	"strings"

	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/fault"
)

// matcher is a catalogue made ready: phrases by the bytes they begin with, codes by their folded word.
type matcher struct {
	sigs   []catalog.Signature
	lits   []string           // pieces of phrases
	by8    map[uint64][]int32 // pieces of 8 bytes and more, by their first 8
	by4    map[uint32][]int32 // shorter pieces, by their first 4
	starts [64]uint64         // a bit for each beginning of a piece, by startBit
	ends   [][]pattern        // by piece: the phrases that end with it
	codes  map[string][]int32 // signatures by folded code
	nots   [][]int32          // by signature: pieces that must not be there
}

// pattern is one phrase: its pieces in order.
type pattern struct {
	sig    int32
	pieces []int32
	length int
}

// maxGap is how far apart two pieces of a phrase may stand.
const maxGap = 160

func newMatcher(set *catalog.Set) *matcher {
	m := &matcher{sigs: set.Signatures, by8: map[uint64][]int32{}, by4: map[uint32][]int32{}, codes: map[string][]int32{}}
	ids := map[string]int32{}
	lit := func(s string) int32 {
		if id, ok := ids[s]; ok {
			return id
		}
		id := int32(len(m.lits))
		ids[s] = id
		m.lits = append(m.lits, s)
		m.ends = append(m.ends, nil)
		if len(s) >= 4 {
			word, bit := startBit(load4([]byte(s), 0))
			m.starts[word] |= bit
		}
		if len(s) >= 8 {
			k := load8([]byte(s), 0)
			m.by8[k] = append(m.by8[k], id)
		} else if len(s) >= 4 {
			k := load4([]byte(s), 0)
			m.by4[k] = append(m.by4[k], id)
		}
		return id
	}
	m.nots = make([][]int32, len(m.sigs))
	for i := range m.sigs {
		s := &m.sigs[i]
		for _, phrase := range s.Text {
			p := pattern{sig: int32(i)}
			for _, piece := range strings.Split(phrase, " * ") {
				p.pieces = append(p.pieces, lit(piece))
				p.length += len(piece)
			}
			last := p.pieces[len(p.pieces)-1]
			m.ends[last] = append(m.ends[last], p)
		}
		for _, phrase := range s.Not {
			m.nots[i] = append(m.nots[i], lit(phrase))
		}
		for _, c := range s.Codes {
			k := foldCode(c)
			if l := m.codes[k]; len(l) == 0 || l[len(l)-1] != int32(i) {
				m.codes[k] = append(l, int32(i))
			}
		}
	}
	return m
}

func load8(b []byte, i int) uint64 {
	return uint64(b[i]) | uint64(b[i+1])<<8 | uint64(b[i+2])<<16 | uint64(b[i+3])<<24 |
		uint64(b[i+4])<<32 | uint64(b[i+5])<<40 | uint64(b[i+6])<<48 | uint64(b[i+7])<<56
}

func load4(b []byte, i int) uint32 {
	return uint32(b[i]) | uint32(b[i+1])<<8 | uint32(b[i+2])<<16 | uint32(b[i+3])<<24
}

// startBit gives the place of four bytes among the beginnings of pieces.
func startBit(four uint32) (word int, bit uint64) {
	h := four * 2654435761 >> 20
	return int(h >> 6), 1 << (h & 63)
}

// foldCode drops case and separators: "Model-Not-Found" and "model_not_found" are one.
func foldCode(s string) string {
	var buf [64]byte
	b := buf[:0]
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		case c == '_' || c == '-' || c == ' ' || c == '.':
		default:
			b = append(b, c)
		}
	}
	return string(b)
}

// hit is one piece of a phrase that was found in a text.
type hit struct {
	lit      int32
	from, to int32
}

// find lists the pieces in a folded text, by where they begin. A piece begins where a word does.
func (m *matcher) find(hits []hit, text []byte) []hit {
	word := false // the byte before belongs to a word
	for i := 0; i+4 <= len(text); i++ {
		c := text[i]
		alnum := c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
		start := alnum && !word || c >= 0xC0 || !alnum && c < 0x80 && c != ' ' && c != '\n'
		word = alnum
		if !start {
			continue
		}
		if word, bit := startBit(load4(text, i)); m.starts[word]&bit == 0 {
			continue
		}
		if i+8 <= len(text) {
			for _, id := range m.by8[load8(text, i)] {
				if l := m.lits[id]; len(text)-i >= len(l) && string(text[i:i+len(l)]) == l {
					hits = append(hits, hit{id, int32(i), int32(i + len(l))})
				}
			}
		}
		for _, id := range m.by4[load4(text, i)] {
			if l := m.lits[id]; len(text)-i >= len(l) && string(text[i:i+len(l)]) == l {
				hits = append(hits, hit{id, int32(i), int32(i + len(l))})
			}
		}
		if len(hits) > 512 {
			break
		}
	}
	return hits
}

// match is a signature that holds, and what of it was seen.
type match struct {
	sig    int32
	rank   int
	weak   bool
	depth  int
	layer  int
	where  string
	value  string
	length int
}

// subject is what signatures are held against.
type subject struct {
	status   int
	surface  Surface
	provider *catalog.Provider
	page     bool
	extra    []word // codes from headers, as if of the outermost layer
}

// best finds the signature that says most about an error. Innermost layers come first; a signature that
// speaks only of a kind is used when nothing else holds.
func (m *matcher) best(sub *subject, layers []layer) (found match, ok bool) {
	var store [32]match
	all := store[:0]
	for i := range layers {
		all = m.layer(all, sub, layers, i)
	}
	for i := range all {
		if !ok || better(&all[i], &found, m) {
			found, ok = all[i], true
		}
	}
	if !ok || found.length < 0 {
		return found, ok
	}
	for i := range all { // a code that says the same is the better evidence: it is exact
		c := &all[i]
		a, b := &m.sigs[c.sig], &m.sigs[found.sig]
		if c.length < 0 && c.depth == found.depth && a.Cause == b.Cause && a.Narrow == b.Narrow && a.Weak == b.Weak && a.Retry == b.Retry && a.Window == b.Window && a.Param == b.Param {
			return *c, true
		}
	}
	return found, ok
}

func better(a, b *match, m *matcher) bool {
	switch {
	case a.weak != b.weak:
		return b.weak
	case a.depth != b.depth:
		return a.depth > b.depth
	case m.sigs[a.sig].Narrow != m.sigs[b.sig].Narrow:
		return m.sigs[a.sig].Narrow > m.sigs[b.sig].Narrow
	case a.rank != b.rank:
		return a.rank > b.rank
	}
	return m.sigs[a.sig].ID < m.sigs[b.sig].ID
}

// layer adds every signature that holds for one layer.
func (m *matcher) layer(all []match, sub *subject, layers []layer, n int) []match {
	l := &layers[n]
	var store [64]hit
	hits := m.find(store[:0], l.text)
	words := l.words
	if n == 0 {
		words = append(slices.Clip(words), sub.extra...)
	}
	for hi := range hits {
		h := hits[hi]
		for _, p := range m.ends[h.lit] {
			from, ok := p.backwards(hits, hi, l.text)
			if !ok {
				continue
			}
			s := &m.sigs[p.sig]
			if c, ok := m.holds(sub, p.sig, p.length, hits); ok {
				if len(s.Codes) > 0 {
					w := codeOf(s, words)
					if w == nil {
						continue
					}
					c.rank += 20
				}
				c.depth, c.layer = l.depth, n
				c.where, c.value = l.place(int(from), int(h.to))
				all = append(all, c)
			}
		}
	}
	for i := range words {
		v := words[i].value
		all = m.byCode(all, sub, v, &words[i], l, n, hits, 0)
		if head, tail, ok := strings.Cut(v, "."); ok && head != "" { // "RateLimitExceeded.EndpointRPMExceeded"
			all = m.byCode(all, sub, head, &words[i], l, n, hits, 4)
			all = m.byCode(all, sub, tail, &words[i], l, n, hits, 4)
		}
	}
	return all
}

// byCode adds the signatures of one code; less is taken from their rank when it is only a part of the code.
func (m *matcher) byCode(all []match, sub *subject, code string, w *word, l *layer, n int, hits []hit, less int) []match {
	for _, id := range m.codes[foldCode(code)] {
		if len(m.sigs[id].Text) > 0 {
			continue
		}
		if c, ok := m.holds(sub, id, -1, hits); ok {
			c.depth, c.layer, c.rank = l.depth, n, c.rank-less
			c.where, c.value = w.path, w.value
			all = append(all, c)
		}
	}
	return all
}

func codeOf(s *catalog.Signature, words []word) *word {
	for i := range words {
		k := foldCode(words[i].value)
		for _, c := range s.Codes {
			if foldCode(c) == k {
				return &words[i]
			}
		}
	}
	return nil
}

// backwards checks that the pieces before the last stand in front of it, in order, in the same sentence.
func (p *pattern) backwards(hits []hit, last int, text []byte) (from int32, ok bool) {
	from = hits[last].from
	edge := from
	for k := len(p.pieces) - 2; k >= 0; k-- {
		found := false
		for i := last - 1; i >= 0; i-- {
			h := hits[i]
			if h.lit == p.pieces[k] && h.to <= edge && edge-h.to <= maxGap && !hasBreak(text[h.to:edge]) {
				edge, from, found = h.from, h.from, true
				break
			}
		}
		if !found {
			return 0, false
		}
	}
	return from, true
}

func hasBreak(b []byte) bool {
	for _, c := range b {
		if c == '\n' {
			return true
		}
	}
	return false
}

// holds checks the conditions beside the words, and says how much the signature says.
func (m *matcher) holds(sub *subject, id int32, length int, hits []hit) (match, bool) {
	s := &m.sigs[id]
	for _, not := range m.nots[id] {
		for _, h := range hits {
			if h.lit == not {
				return match{}, false
			}
		}
	}
	rank := 0
	if sub.page && !s.Page && !pageWords(s.Cause, length) {
		return match{}, false
	}
	if s.Weak && (sub.status >= 500) == (s.Cause == fault.ServerError || s.Cause == fault.Overloaded) {
		rank += 5 // the kind fits the status
	}
	if s.Page {
		if !sub.page {
			return match{}, false
		}
		rank += 5
	}
	if len(s.Status) > 0 {
		n := statusFits(s.Status, sub.status)
		if n < 0 {
			return match{}, false
		}
		if len(s.Status) <= 2 { // longer lists only guard
			rank += n
		}
	}
	if len(s.Surfaces) > 0 {
		switch {
		case slices.Contains(s.Surfaces, string(sub.surface)):
			rank += 4
		case sub.surface == "" && length > 0:
		default:
			return match{}, false
		}
	}
	if len(s.Providers) > 0 {
		p := sub.provider
		switch {
		case p != nil && (slices.Contains(s.Providers, p.ID) || p.Of != "" && slices.Contains(s.Providers, p.Of)):
			rank += 14
		case p == nil && length > 0, p != nil && p.Gateway && length > 0:
			rank += 6 // a sentence tells who wrote it, a code does not
		default:
			return match{}, false
		}
	}
	if length >= 0 {
		rank += 10 + length
	} else {
		rank += 18
	}
	return match{sig: id, rank: rank, weak: s.Weak, length: length}, true
}
