package recovery

// OpenCircuits counts the circuit breakers that are open: upstreams and models that failed so often that they
// are asked by a probe only.
func (t *Transport) OpenCircuits() (n int) {
	t.gates.m.Range(func(_, v any) bool {
		g := v.(*gate)
		g.mu.Lock()
		if !g.until.IsZero() {
			n++
		}
		g.mu.Unlock()
		return true
	})
	return n
}
