package recovery

import telltale "github.com/telltale-ai/telltale"

// tell, output and failed ask the watch, and survive it.
func (l *live) tell(p []byte) {
	if l.watch == nil || l.watchErr {
		return
	}
	defer l.survive()
	_, _ = l.watch.Write(p)
}

func (l *live) output() (yes bool) {
	if l.watchErr {
		return true
	}
	defer l.survive()
	return l.watch.Output()
}

// complete reports whether the stream's own end has been seen.
func (l *live) complete() (yes bool) {
	if l.watch == nil || l.watchErr {
		return false
	}
	defer l.survive()
	return l.watch.Ended()
}

func (l *live) failed() (yes bool) {
	if l.watchErr {
		return false
	}
	defer l.survive()
	return l.watch.Failed()
}

func (l *live) text() (s string) {
	if l.watch == nil || l.watchErr {
		return ""
	}
	defer l.survive()
	return l.watch.Text()
}

func (l *live) survive() {
	if recover() != nil {
		l.watchErr = true
	}
}

// newWatch begins to judge a stream; nil when the judge failed.
func (c *call) newWatch(x *telltale.Exchange) (w *telltale.Watch) {
	defer func() {
		if recover() != nil {
			w = nil
		}
	}()
	return c.t.diag.Watch(x)
}
