package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"

	telltale "github.com/telltale-ai/telltale"
)

const (
	maxLine   = 64 << 20  // the longest line that --jsonl reads, in bytes
	chunkSize = 256 << 10 // how much is read at once
)

var errLongLine = fmt.Errorf("the line is longer than %d MiB", maxLine>>20)

// batch is a run of whole lines with the answers to them. Batches are judged side by side and written in order.
type batch struct {
	file   string
	first  int    // number of the first line
	in     []byte // whole lines
	err    error  // what to answer instead, when the line could not be read at all
	out    []byte
	notes  []byte
	failed bool // a failure was found
	unread bool // a line could not be read
	done   chan struct{}
}

// lines reads one exchange per line and writes one diagnosis per line, in order and as they come:
// what has arrived is answered without waiting for more.
func (c *explainCmd) lines(a *app, files []string) error {
	workers := runtime.GOMAXPROCS(0)
	work := make(chan *batch, workers)
	order := make(chan *batch, 2*workers)
	pool := &sync.Pool{New: func() any { return &batch{done: make(chan struct{}, 1)} }}

	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for b := range work {
				c.judgeLines(b)
				b.done <- struct{}{}
			}
		})
	}
	var readErr error
	go func() {
		defer close(order)
		defer close(work)
		for _, f := range files {
			if err := split(a, f, pool, func(b *batch) { order <- b; work <- b }); err != nil {
				readErr = errors.Join(readErr, fmt.Errorf("%s: %w", shown(f), err))
			}
		}
	}()

	code := 0
	var writeErr error
	for b := range order {
		<-b.done
		if writeErr == nil {
			_, writeErr = a.stdout.Write(b.out)
			a.stderr.Write(b.notes)
		}
		switch {
		case b.unread:
			code = 2
		case b.failed && code == 0:
			code = 1
		}
		pool.Put(b)
	}
	wg.Wait()
	if writeErr != nil {
		return &exit{code: 2, err: writeErr, hint: "what reads the diagnoses went away"}
	}
	if readErr != nil {
		return &exit{code: 2, err: readErr, hint: "check the path; - reads standard input"}
	}
	return &exit{code: code}
}

// split cuts a file into batches of whole lines: each read that brought whole lines makes one at once.
func split(a *app, file string, pool *sync.Pool, send func(*batch)) error {
	in, err := open(a, file)
	if err != nil {
		return err
	}
	defer in.Close()
	line := 1
	var rest []byte // an unfinished line
	skip := false   // inside a line that is too long
	emit := func(whole []byte) {
		b := pool.Get().(*batch)
		b.file, b.first, b.err = shown(file), line, nil
		b.in = append(append(b.in[:0], rest...), whole...)
		rest = rest[:0]
		line += bytes.Count(b.in, []byte("\n"))
		send(b)
	}
	buf := make([]byte, chunkSize)
	for {
		n, err := in.Read(buf)
		got := buf[:n]
		if skip {
			cut := bytes.IndexByte(got, '\n')
			if cut < 0 {
				got = nil
			} else {
				got, skip = got[cut+1:], false
				line++
			}
		}
		if cut := bytes.LastIndexByte(got, '\n'); cut >= 0 {
			emit(got[:cut+1])
			got = got[cut+1:]
		}
		if rest = append(rest, got...); len(rest) > maxLine {
			b := pool.Get().(*batch)
			b.file, b.first, b.err, b.in = shown(file), line, errLongLine, b.in[:0]
			send(b)
			rest, skip = nil, true
		}
		if err == io.EOF {
			if len(rest) > 0 {
				emit(nil)
			}
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// judgeLines answers each line of b.
func (c *explainCmd) judgeLines(b *batch) {
	b.out, b.notes, b.failed, b.unread = b.out[:0], b.notes[:0], false, false
	if b.err != nil {
		b.bad(b.first, "", b.err)
		return
	}
	var x telltale.Exchange
	n := b.first
	for in := b.in; len(in) > 0; n++ {
		line := in
		if cut := bytes.IndexByte(in, '\n'); cut >= 0 {
			line, in = in[:cut], in[cut+1:]
		} else {
			in = nil
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		id, err := telltale.ParseExchange(line, &x)
		if err != nil {
			b.bad(n, id, err)
			continue
		}
		if c.Provider != "" {
			x.Request.Provider = c.Provider
		}
		if c.Surface != "" {
			x.Request.Surface = telltale.Surface(c.Surface)
		}
		x.Expect = c.expected
		d := c.by.Diagnose(&x)
		b.failed = b.failed || !d.OK()
		b.out = append(d.AppendJSON(b.out, id), '\n')
	}
}

// bad answers a line that could not be read: the answer keeps its place, the message says what to do.
func (b *batch) bad(line int, id string, err error) {
	b.unread = true
	j, _ := json.Marshal(struct {
		ID    string `json:"id"`
		Error string `json:"error"`
	}{id, err.Error()})
	b.out = append(append(b.out, j...), '\n')
	b.notes = fmt.Appendf(b.notes, "error: %s, line %d: %v\nhint: each line is a JSON object with at least \"status\" and \"body\"; telltale explain without --jsonl reads other formats\n", b.file, line, err)
}
