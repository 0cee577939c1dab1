package telltale

import (
	"math/bits"
	"strconv"
	"strings"

	"github.com/telltale-ai/telltale/catalog"
)

// node is one place in a body where facts may stand; the paths of all dialects together make a tree.
type node struct {
	name  string // key, or "[]"
	up    *node
	kids  []*node // by key
	elem  *node   // of an array
	facts []factNum
	mask  uint64 // of facts, a bit each

	slots []*node // the children by keySlot; those that share one are chained by next
	next  *node
	seed  uint32
	shift uint8
}

// kid finds the child for a key.
func (n *node) kid(key []byte) *node {
	if len(key) == 0 || len(n.slots) == 0 {
		return nil
	}
	for k := n.slots[n.slot(key)]; k != nil; k = k.next {
		if k.name == string(key) {
			return k
		}
	}
	return nil
}

// slot gives the place of a key by its length and three of its bytes.
func (n *node) slot(key []byte) uint32 {
	l := len(key)
	return (uint32(key[0]) | uint32(key[l-1])<<8 | uint32(key[l/2])<<16 | uint32(l)<<24) * n.seed >> n.shift
}

// factNum is a [catalog.Fact] as a small number.
type factNum uint8

const (
	factObject factNum = iota
	factModel
	factID
	factResults
	factChoice
	factIndex
	factFinish
	factNative
	factFinishMsg
	factText
	factWhole
	factReasoning
	factRefusal
	factPart
	factPartType
	factPartText
	factThought
	factCall
	factCallName
	factCallArgs
	factMedia
	factVector
	factBlock
	factBlockMsg
	factFilter
	factError
	factDone
	factType
	factDelta
	factStatus
	factUsageIn
	factUsageOut
	factUsageWhy
	factLimit
	factOther
	factCode
	factFlagged
)

var factIDs = map[catalog.Fact]factNum{
	catalog.FactObject:    factObject,
	catalog.FactModel:     factModel,
	catalog.FactID:        factID,
	catalog.FactResults:   factResults,
	catalog.FactChoice:    factChoice,
	catalog.FactIndex:     factIndex,
	catalog.FactFinish:    factFinish,
	catalog.FactNative:    factNative,
	catalog.FactFinishMsg: factFinishMsg,
	catalog.FactText:      factText,
	catalog.FactWhole:     factWhole,
	catalog.FactReasoning: factReasoning,
	catalog.FactRefusal:   factRefusal,
	catalog.FactPart:      factPart,
	catalog.FactPartType:  factPartType,
	catalog.FactPartText:  factPartText,
	catalog.FactThought:   factThought,
	catalog.FactCall:      factCall,
	catalog.FactCallName:  factCallName,
	catalog.FactCallArgs:  factCallArgs,
	catalog.FactMedia:     factMedia,
	catalog.FactVector:    factVector,
	catalog.FactBlock:     factBlock,
	catalog.FactBlockMsg:  factBlockMsg,
	catalog.FactFilter:    factFilter,
	catalog.FactError:     factError,
	catalog.FactDone:      factDone,
	catalog.FactType:      factType,
	catalog.FactDelta:     factDelta,
	catalog.FactStatus:    factStatus,
	catalog.FactUsageIn:   factUsageIn,
	catalog.FactUsageOut:  factUsageOut,
	catalog.FactUsageWhy:  factUsageWhy,
	catalog.FactLimit:     factLimit,
	catalog.FactOther:     factOther,
	catalog.FactCode:      factCode,
	catalog.FactFlagged:   factFlagged,
}

const (
	bitChoice = uint64(1) << factChoice
	bitPart   = uint64(1) << factPart
	bitCall   = uint64(1) << factCall
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

// index makes the slots, with the seed of a few by which the fewest children share one.
func (n *node) index() {
	for _, k := range n.kids {
		k.index()
	}
	if n.elem != nil {
		n.elem.index()
	}
	if len(n.kids) == 0 {
		return
	}
	width := bits.Len(uint(len(n.kids))) + 1
	n.shift = uint8(32 - width)
	best, fewest := uint32(1), len(n.kids)+1
	for i := range uint32(64) {
		n.seed = 2654435769 + i*0x9E3779B2
		used, shared := make([]bool, 1<<width), 0
		for _, k := range n.kids {
			if s := n.slot([]byte(k.name)); used[s] {
				shared++
			} else {
				used[s] = true
			}
		}
		if shared < fewest {
			best, fewest = n.seed, shared
		}
	}
	n.seed, n.slots = best, make([]*node, 1<<width)
	for _, k := range n.kids {
		s := n.slot([]byte(k.name))
		k.next, n.slots[s] = n.slots[s], k
	}
}

// child gives the child for a key while the tree grows.
func (n *node) child(key string) *node {
	for _, k := range n.kids {
		if k.name == key {
			return k
		}
	}
	k := &node{name: key, up: n}
	n.kids = append(n.kids, k)
	return k
}

func (n *node) add(path string, fact catalog.Fact) {
	for _, step := range strings.Split(path, ".") {
		name, arrays := step, 0
		for strings.HasSuffix(name, "[]") {
			name = name[:len(name)-2]
			arrays++
		}
		if name != "" {
			n = n.child(name)
		}
		for ; arrays > 0; arrays-- {
			if n.elem == nil {
				n.elem = &node{name: "[]", up: n}
			}
			n = n.elem
		}
	}
	id, ok := factIDs[fact]
	if bit := uint64(1) << id; ok && n.mask&bit == 0 {
		n.mask |= bit
		n.facts = append(n.facts, id)
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
