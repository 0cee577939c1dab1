package capture

import "sort"

// Map says where the bytes of a body stand in the source, piece by piece, in order.
// Bytes that stand nowhere (an unescaped newline, a converted quote) belong to no piece.
type Map []Piece

// Piece says that Len bytes from Body on stand in the source, unchanged, from Source on.
type Piece struct{ Body, Source, Len int }

// Find tells where byte off of the body stands in the source. A byte that stands nowhere
// is placed at the end of the piece before it; false means that nothing of the body is known.
func (m Map) Find(off int) (int, bool) {
	i := sort.Search(len(m), func(i int) bool { return m[i].Body > off }) - 1
	if i < 0 {
		return 0, false
	}
	p := m[i]
	return p.Source + min(off-p.Body, p.Len), true
}

// Span gives the run of source bytes that the body's bytes from start to end came from.
func (m Map) Span(start, end int) (Span, bool) {
	a, ok := m.Find(start)
	if !ok || end <= start {
		return Span{a, a}, ok
	}
	i := sort.Search(len(m), func(i int) bool { return m[i].Body > end-1 }) - 1
	p := m[i]
	return Span{a, max(p.Source+min(end-p.Body, p.Len), a)}, true
}

// upTo is the map of the body's first n bytes.
func (m Map) upTo(n int) Map {
	cut := sort.Search(len(m), func(i int) bool { return m[i].Body >= n })
	out := append(Map(nil), m[:cut]...)
	if cut > 0 {
		last := &out[cut-1]
		last.Len = min(last.Len, n-last.Body)
	}
	return out
}

// whole is the map of a body that stands in the source as one piece.
func whole(s Span) Map { return Map{{Body: 0, Source: s.Start, Len: s.Len()}} }

// builder makes a body out of pieces of the source, and its Map.
type builder struct {
	src  []byte
	body []byte
	m    Map
}

// take appends the source bytes of s.
func (b *builder) take(s Span) {
	if s.Len() <= 0 {
		return
	}
	if n := len(b.m); n > 0 && b.m[n-1].Source+b.m[n-1].Len == s.Start && b.m[n-1].Body+b.m[n-1].Len == len(b.body) {
		b.m[n-1].Len += s.Len()
	} else {
		b.m = append(b.m, Piece{Body: len(b.body), Source: s.Start, Len: s.Len()})
	}
	b.body = append(b.body, b.src[s.Start:s.End]...)
}

// put appends bytes that stand for the source at at, changed.
func (b *builder) put(at int, text string) {
	b.m = append(b.m, Piece{Body: len(b.body), Source: at, Len: min(1, len(b.src)-at)})
	b.body = append(b.body, text...)
}

// add appends bytes that stand nowhere.
func (b *builder) add(text string) { b.body = append(b.body, text...) }

// through follows m, whose source is the body of into, to the source of into.
func (m Map) through(into Map) Map {
	var out Map
	for _, p := range m {
		for at := p.Source; at < p.Source+p.Len; {
			i := sort.Search(len(into), func(i int) bool { return into[i].Body > at }) - 1
			n := p.Source + p.Len - at
			if i+1 < len(into) {
				n = min(n, into[i+1].Body-at)
			}
			if i >= 0 && at < into[i].Body+into[i].Len {
				n = min(n, into[i].Body+into[i].Len-at)
				out = append(out, Piece{Body: p.Body + at - p.Source, Source: into[i].Source + at - into[i].Body, Len: n})
			}
			at += max(n, 1)
		}
	}
	return out
}
