package record

// Problem is an error of a store that a person can do something about.
type Problem struct {
	Err    error
	Remedy string // what to do, as an imperative
}

func (p *Problem) Error() string { return p.Err.Error() }

// Unwrap gives what the store's own technology said.
func (p *Problem) Unwrap() error { return p.Err }

// Hint gives the remedy.
func (p *Problem) Hint() string { return p.Remedy }
