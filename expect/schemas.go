package expect

import (
	"container/list"
	"crypto/sha256"
	"sync"
)

// Schemas keeps the schemas that were compiled last, because requests bring the same ones again and again.
// The zero value is ready to use and keeps 256; it is safe for concurrent use.
type Schemas struct {
	mu    sync.Mutex
	order list.List // of *kept, the last used first
	by    map[[sha256.Size]byte]*list.Element
}

const maxKept = 256

type kept struct {
	key    [sha256.Size]byte
	schema *Schema
	err    error
}

// Compile gives the compiled schema, from the store when it is there. A schema that was refused is remembered too.
func (s *Schemas) Compile(raw []byte, d SchemaDialect) (*Schema, error) {
	if len(raw) > maxSchema {
		return nil, schemaError("larger than %d bytes", maxSchema)
	}
	key := sha256.Sum256(raw)
	key[0] ^= byte(d)
	s.mu.Lock()
	if e, ok := s.by[key]; ok {
		s.order.MoveToFront(e)
		k := e.Value.(*kept)
		s.mu.Unlock()
		return k.schema, k.err
	}
	s.mu.Unlock()
	schema, err := CompileSchema(raw, d) // outside of the lock: two may do it at once, which does no harm
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.by[key]; ok {
		return schema, err
	}
	if s.by == nil {
		s.by = map[[sha256.Size]byte]*list.Element{}
	}
	s.by[key] = s.order.PushFront(&kept{key, schema, err})
	if s.order.Len() > maxKept {
		last := s.order.Back()
		s.order.Remove(last)
		delete(s.by, last.Value.(*kept).key)
	}
	return schema, err
}
