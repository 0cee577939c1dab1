package telltale

// read takes one JSON value, the whole body or one event, into the facts. It gives how many bytes that were, and
// whether the value was whole.
func (f *Facts) read(b []byte) (n int, whole bool) {
	s := scanner{b: b}
	if len(b) > 2 && b[0] == 0xEF && b[1] == 0xBB && b[2] == 0xBF {
		s.i = 3
	}
	s.space()
	f.nidx, f.choice = 0, 0
	if s.i < len(b) && b[s.i] == '[' {
		s.i++
		s.space()
		if s.i < len(b) && b[s.i] == ']' {
			s.i++
			f.results, f.resultsAt = isEmpty, at{path: "body"}
			return s.i, true
		}
		for {
			s.space()
			f.elem++
			f.value(&s, f.tree)
			if s.bad || !s.more(']') {
				break
			}
			f.endFrame()
		}
	} else {
		f.value(&s, f.tree)
	}
	f.endFrame()
	return s.i, !s.bad
}

func (f *Facts) value(s *scanner, n *node) {
	if s.i >= len(s.b) {
		s.bad = true
		return
	}
	switch s.b[s.i] {
	case '{':
		if len(n.kids) == 0 {
			f.leafContainer(s, n)
			return
		}
		f.object(s, n)
	case '[':
		if n.elem == nil {
			f.leafContainer(s, n)
			return
		}
		f.array(s, n)
	default:
		v := s.scalarVal()
		if v.kind != kindNone {
			f.leaf(n, v)
		}
	}
}

func (f *Facts) leafContainer(s *scanner, n *node) {
	c := s.b[s.i]
	raw := s.skip()
	f.leaf(n, val{kind: c, raw: raw, empty: emptyContainer(raw)})
}

func emptyContainer(raw []byte) bool {
	for _, c := range raw[1:] {
		if c > ' ' {
			return c == '}' || c == ']'
		}
	}
	return true
}

func (f *Facts) object(s *scanner, n *node) {
	start := s.i
	var savedPart part
	var savedCall ToolCall
	savedIn := f.inCall
	isPart, isCall := n.mask&bitPart != 0, n.mask&bitCall != 0
	if isPart {
		if f.copying && n.name == "[]" && n.up.name == "output" && n.up.up.name == "response" && !f.frame.final {
			f.frame.final = true // the last event repeats the whole answer
			f.cur().restart()
		}
		savedPart = f.part
		f.part = part{on: true, at: f.here(n)}
	}
	if isCall {
		savedCall = f.call
		f.call = ToolCall{index: -1, at: f.here(n)}
		f.inCall = true
	}
	if n.mask&bitChoice != 0 {
		f.choice = int(f.idx[max(f.nidx-1, 0)])
		if f.copying {
			f.choice = choiceIndex(s.b[s.i:], f.choice)
		}
		f.cur()
	}
	s.i++
	keys := 0
	s.space()
	if s.i < len(s.b) && s.b[s.i] == '}' {
		s.i++
	} else {
		for {
			k, ok := s.key()
			if !ok {
				break
			}
			keys++
			if kid := n.kid(k); kid != nil {
				f.value(s, kid)
			} else {
				s.skip()
			}
			if s.bad || !s.more('}') {
				break
			}
		}
	}
	if n.up == nil {
		f.keys += keys
	}
	if isCall {
		if !s.bad || f.call.Name != "" {
			f.endCall()
		}
		f.call, f.inCall = savedCall, savedIn
	}
	if isPart {
		f.endPart()
		f.part = savedPart
	}
	if n.mask&^(bitPart|bitCall|bitChoice) != 0 {
		f.leaf(n, val{kind: kindObject, raw: s.b[start:s.i], empty: keys == 0})
	}
}

// choiceIndex looks for the number of a choice in a stream, where the place in the array tells nothing.
func choiceIndex(b []byte, otherwise int) int {
	s := scanner{b: b, i: 1}
	for {
		k, ok := s.key()
		if !ok {
			return otherwise
		}
		if string(k) == "index" {
			n, ok := number(s.scalarVal())
			if !ok || n < 0 || n > 1<<20 {
				return otherwise
			}
			return int(n)
		}
		s.skip()
		if s.bad || !s.more('}') {
			return otherwise
		}
	}
}

func (f *Facts) array(s *scanner, n *node) {
	start := s.i
	s.i++
	s.space()
	count := 0
	if s.i < len(s.b) && s.b[s.i] == ']' {
		s.i++
	} else {
		f.nidx++
		for {
			s.space()
			if f.nidx <= len(f.idx) {
				f.idx[f.nidx-1] = int32(count)
			}
			count++
			f.value(s, n.elem)
			if s.bad || !s.more(']') {
				break
			}
		}
		f.nidx--
	}
	if n.mask != 0 {
		f.leaf(n, val{kind: kindArray, raw: s.b[start:s.i], empty: count == 0})
	}
}

// number reads a whole number.
func number(v val) (int64, bool) {
	if len(v.raw) == 0 || len(v.raw) > 18 {
		return 0, false
	}
	neg, i := false, 0
	if v.raw[0] == '-' {
		neg, i = true, 1
	}
	var n int64
	for ; i < len(v.raw); i++ {
		c := v.raw[i]
		if c == '.' {
			break
		}
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if neg {
		n = -n
	}
	return n, true
}

func there(v val) state {
	switch {
	case v.kind == kindNull:
		return isNull
	case v.kind == kindFalse:
		return isFalse
	case v.kind == kindTrue:
		return isTrue
	case v.empty:
		return isEmpty
	}
	return isThere
}

func (f *Facts) leaf(n *node, v val) {
	for _, fact := range n.facts {
		f.take(n, fact, v)
	}
}
