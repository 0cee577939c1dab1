// Package capture turns anything a person can paste into exchanges: call [Parse].
//
// It reads raw JSON bodies, curl's output, raw HTTP, event streams, HAR files, logs, SDK tracebacks
// and error strings, task objects, media URLs and media files. Every [Item] knows which bytes of the
// input it came from, so that evidence can be shown where it stands.
package capture

import (
	"errors"
	"fmt"

	telltale "github.com/telltale-ai/telltale"
)

// MaxInput is the most that Parse reads, in bytes, after decompression.
const MaxInput = 64 << 20

// The errors of Parse. Each is one clear sentence; Hint says what to do about it.
var (
	ErrEmpty    = errors.New("the input is empty")
	ErrTooLarge = fmt.Errorf("the input is larger than %d MiB", MaxInput>>20)
	ErrBinary   = errors.New("the input is binary data of a format that is not known here")
	ErrNothing  = errors.New("no API response, request or error message was found in the input")
)

// Hint says what a person can do about an error of Parse.
func Hint(err error) string {
	switch {
	case errors.Is(err, ErrEmpty):
		return "paste the response body, the output of `curl -i`, a HAR file, a log or a traceback"
	case errors.Is(err, ErrTooLarge):
		return "cut out the failing exchange, or give exchanges one per line with --jsonl"
	case errors.Is(err, ErrBinary):
		return "give the response as text; a compressed body (brotli, zstd) must be decompressed first: curl --compressed does"
	case errors.Is(err, ErrNothing):
		return "paste more of it: the response with its status line (`curl -i`), or the whole traceback"
	}
	return "check the input: it may be damaged"
}

// Item is one exchange found in the input.
type Item struct {
	telltale.Exchange

	ID     string // the exchange's own id, when a log or a line gives one
	Format string // what it was read from, such as "HTTP response", "HAR entry", "Python traceback"
	Name   string // which of several it is, such as "POST https://api.openai.com/v1/chat/completions"; may be empty

	// Source is the text that the spans count in: the input, or what the input was decoded to
	// (decompressed, UTF-16 to UTF-8, terminal colours taken out). All items of one Parse share it.
	Source []byte
	At     Span            // all of the exchange
	Status Span            // where the status stands; empty when it does not
	Header map[string]Span // where each header's value stands, by lower-case name; may be nil
	Body   Map             // where the bytes of Response.Body stand

	Notes []string // what was assumed, in words
}

// Span is a run of bytes: from Start up to, not including, End.
type Span struct{ Start, End int }

// Len is the number of bytes in s.
func (s Span) Len() int { return s.End - s.Start }

// Parse finds every exchange in data. It fails with [ErrEmpty], [ErrTooLarge], [ErrBinary], [ErrNothing] or an error
// of decompression, and never panics; it takes time in proportion to the input.
// The items refer to data or to a decoded copy of it: data must not change while they are in use.
func Parse(data []byte) ([]Item, error) {
	if len(data) > MaxInput {
		return nil, ErrTooLarge
	}
	if it, ok := mediaFile(data); ok {
		return []Item{it}, nil
	}
	text, notes, err := decode(data)
	if err != nil {
		return nil, err
	}
	if it, ok := mediaFile(text); ok {
		return []Item{it}, nil
	}
	if blank(text) {
		return nil, ErrEmpty
	}
	if binary(text) {
		return nil, ErrBinary
	}
	s := &scanner{src: text}
	s.run()
	if len(s.items) == 0 {
		return nil, ErrNothing
	}
	for i := range s.items {
		s.items[i].Source = text
		s.items[i].Notes = append(s.items[i].Notes, notes...)
	}
	return s.items, nil
}
