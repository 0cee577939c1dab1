package expect

// Expectation placeholder
type Expectation struct{}

// Check placeholder
func (e *Expectation) Check(o *Output) []Finding { return nil }
