package expect

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/telltale-ai/telltale/fault"
)

// maxJSONDepth is how deep JSON may be nested to be judged.
const maxJSONDepth = 512

// ParseJSON reads the whole text as one JSON value; numbers come as json.Number. A text that is none gives a
// finding with line and column, and says when JSON stands in it that healing would bring out. A text that is too
// long (over 16 MiB) or too deep (over 512 levels) to be judged gives neither.
func ParseJSON(text string) (any, *Finding) {
	s := strings.TrimPrefix(text, "\ufeff")
	if len(s) > maxJudged || depth(s) > maxJSONDepth {
		return nil, nil
	}
	dec := json.NewDecoder(strings.NewReader(s))
	dec.UseNumber()
	var v any
	err := dec.Decode(&v)
	if err == nil {
		if at := dec.InputOffset(); strings.Trim(s[at:], " \n\r\t") != "" {
			return nil, notJSON(text, s, at, "something follows the JSON value")
		}
		return v, nil
	}
	at := int64(len(s))
	why := "the text ends before the JSON does"
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		if at = max(0, syntax.Offset-1); !strings.Contains(syntax.Error(), "unexpected end") {
			why = syntax.Error()
		}
	} else if errors.Is(err, io.EOF) {
		why = "the text is empty"
	}
	return nil, notJSON(text, s, at, why)
}

func notJSON(text, s string, at int64, why string) *Finding {
	at = min(at, int64(len(s)))
	line := 1 + strings.Count(s[:at], "\n")
	column := int(at) - strings.LastIndexByte(s[:at], '\n')
	f := &Finding{Cause: fault.InvalidJSON, Rule: "json", Where: "text line " + strconv.Itoa(line) + ", column " + strconv.Itoa(column), Want: "JSON"}
	switch {
	case fencedJSON(s):
		why = "valid JSON inside a code block; recovery by heal takes it out"
	case wrappedJSON(s):
		why = "valid JSON with words around it; recovery by heal takes it out"
	}
	from := max(0, int(at)-30)
	f.Got = capTo(why+": "+strconv.Quote(strings.ToValidUTF8(within(s[from:], 80), "")), maxGot)
	return f
}

// fencedJSON reports whether the text is a code block with JSON in it.
func fencedJSON(s string) bool {
	s = strings.TrimSpace(s)
	body, ok := strings.CutPrefix(s, "```")
	if !ok || len(s) > 1<<20 {
		return false
	}
	_, body, ok = strings.Cut(body, "\n")
	if !ok {
		return false
	}
	body, ok = strings.CutSuffix(strings.TrimSpace(body), "```")
	return ok && json.Valid([]byte(strings.TrimSpace(body)))
}

// wrappedJSON reports whether one JSON object or list stands in the text among other words.
func wrappedJSON(s string) bool {
	if len(s) > 1<<20 {
		return false
	}
	for _, b := range [...]string{"{}", "[]"} {
		from, to := strings.IndexByte(s, b[0]), strings.LastIndexByte(s, b[1])
		if from >= 0 && to > from+8 && json.Valid([]byte(s[from:to+1])) {
			return true
		}
	}
	return false
}

// depth tells how deep the brackets of a JSON text are nested, without parsing it.
func depth(s string) int {
	deep, most, quoted := 0, 0, false
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			quoted = !quoted
		case '\\':
			if quoted {
				i++
			}
		case '{', '[':
			if !quoted {
				if deep++; deep > most {
					most = deep
				}
			}
		case '}', ']':
			if !quoted {
				deep--
			}
		}
	}
	return most
}
