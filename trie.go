package telltale

import (
	"strconv"
	"strings"

	"github.com/telltale-ai/telltale/catalog"
)

// node is one place in a body where facts may stand; the paths of all dialects together make a tree.
type node struct {
	name  string // key, or "[]"
	up    *node
	kids  []*node          // by key
	byKey map[string]*node // the same, where there are many
	elem  *node            // of an array
	facts []catalog.Fact
	mask  uint64 // of facts, by factBit
}

// kid finds the child for a key. The lists are short, except at the top.
func (n *node) kid(key []byte) *node {
	if n.byKey != nil {
		return n.byKey[string(key)]
	}
	for _, k := range n.kids {
		if len(k.name) == len(key) && k.name == string(key) {
			return k
		}
	}
	return nil
}

var factBit = func() map[catalog.Fact]uint64 {
	m := make(map[catalog.Fact]uint64)
	for i, f := range []catalog.Fact{
		catalog.FactObject, catalog.FactModel, catalog.FactID, catalog.FactResults, catalog.FactChoice, catalog.FactIndex,
		catalog.FactFinish, catalog.FactNative, catalog.FactFinishMsg, catalog.FactText, catalog.FactWhole, catalog.FactReasoning,
		catalog.FactRefusal, catalog.FactPart, catalog.FactPartType, catalog.FactPartText, catalog.FactThought, catalog.FactCall,
		catalog.FactCallName, catalog.FactCallArgs, catalog.FactMedia, catalog.FactVector, catalog.FactBlock, catalog.FactBlockMsg,
		catalog.FactFilter, catalog.FactError, catalog.FactDone, catalog.FactType, catalog.FactDelta, catalog.FactStatus,
		catalog.FactUsageIn, catalog.FactUsageOut, catalog.FactUsageWhy, catalog.FactLimit, catalog.FactOther, catalog.FactCode, catalog.FactFlagged,
	} {
		m[f] = 1 << i
	}
	return m
}()

var (
	bitChoice = factBit[catalog.FactChoice]
	bitPart   = factBit[catalog.FactPart]
	bitCall   = factBit[catalog.FactCall]
)

// growTree makes the tree of all paths.
func growTree(ds []catalog.Dialect) *node {
	root := &node{}
	for _, d := range ds {
		roots := append([]string{""}, d.Roots...)
		for fact, paths := range d.Paths {
			for _, p := range paths {
				for _, r := range roots {
					if r != "" {
						r += "."
					}
					root.add(r+p, fact)
				}
			}
		}
	}
	root.index()
	return root
}

// index makes the maps of the nodes that have many children.
func (n *node) index() {
	for _, k := range n.kids {
		k.index()
	}
	if n.elem != nil {
		n.elem.index()
	}
	if len(n.kids) > 8 {
		n.byKey = make(map[string]*node, len(n.kids))
		for _, k := range n.kids {
			n.byKey[k.name] = k
		}
	}
}

func (n *node) add(path string, fact catalog.Fact) {
	for _, step := range strings.Split(path, ".") {
		name, arrays := step, 0
		for strings.HasSuffix(name, "[]") {
			name = name[:len(name)-2]
			arrays++
		}
		if name != "" {
			k := n.kid([]byte(name))
			if k == nil {
				k = &node{name: name, up: n}
				n.kids = append(n.kids, k)
			}
			n = k
		}
		for ; arrays > 0; arrays-- {
			if n.elem == nil {
				n.elem = &node{name: "[]", up: n}
			}
			n = n.elem
		}
	}
	if n.mask&factBit[fact] == 0 {
		n.mask |= factBit[fact]
		n.facts = append(n.facts, fact)
	}
}

// at is where a fact was seen: cheap to keep, rendered only when it is shown.
type at struct {
	n     *node
	idx   [3]int32
	event int32 // number of the stream's event, from 1; 0 in a plain body
	elem  int32 // number of the element of a top-level array, from 1
	path  string
}

func (a at) seen() bool { return a.n != nil || a.path != "" }

// String renders the place, such as "body.choices[0].finish_reason" or "event[3].error.code".
func (a at) String() string {
	if a.path != "" {
		return a.path
	}
	var steps []*node
	for n := a.n; n != nil && n.up != nil; n = n.up {
		steps = append(steps, n)
	}
	b := make([]byte, 0, 64)
	switch {
	case a.event > 0:
		b = append(b, "event["...)
		b = strconv.AppendInt(b, int64(a.event-1), 10)
		b = append(b, ']')
	case a.elem > 0:
		b = append(b, "body["...)
		b = strconv.AppendInt(b, int64(a.elem-1), 10)
		b = append(b, ']')
	default:
		b = append(b, "body"...)
	}
	used := 0
	for i := len(steps) - 1; i >= 0; i-- {
		if steps[i].name == "[]" {
			b = append(b, '[')
			if used < len(a.idx) {
				b = strconv.AppendInt(b, int64(a.idx[used]), 10)
			}
			b = append(b, ']')
			used++
			continue
		}
		b = append(b, '.')
		b = append(b, steps[i].name...)
	}
	return string(b)
}
