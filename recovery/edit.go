package recovery

type learned struct{}

func (c *call) edit(r *result) bool { return false }
func (c *call) mend(r *result) bool { return false }
