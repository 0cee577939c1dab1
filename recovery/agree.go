package recovery

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/fault"
)

// agree asks the same again until there are n answers, and reports whether one says something else than the first.
func (c *call) agree(ctx context.Context, r *result, text string, n int) (d telltale.Diagnosis, differ bool) {
	answers := c.askAll(ctx, "agree", c.sameRequest(r), n-1)
	var found []telltale.Evidence
	came := 0
	var ids []string
	for i, a := range answers {
		if a.failed != "" {
			c.note("an answer to compare with is missing: " + a.failed + a.in())
			continue
		}
		came++
		if a.id != "" {
			ids = append(ids, a.id)
		}
		for _, f := range c.differences(text, a.text) {
			f.Where = strings.TrimSuffix("agree["+strconv.Itoa(i+2)+"]."+f.Where, ".")
			found = append(found, f)
		}
	}
	if came == 0 {
		return d, false
	}
	slices.Sort(ids)
	in := ""
	if len(ids) > 0 {
		in = " (calls " + strings.Join(ids, ", ") + ")"
	}
	if len(found) == 0 {
		c.note(fmt.Sprintf("%d answers to the same request agree", came+1) + in)
		return d, false
	}
	c.note(fmt.Sprintf("%d answers to the same request do not agree", came+1) + in)
	d = suspect(&r.d, fault.UnexpectedOutput, "agree", fmt.Sprintf("The answer is likely wrong: asked %d times, the model does not say the same.", came+1))
	d.Evidence = append([]telltale.Evidence{{Where: "agree[1]", Value: clip(text, 200)}}, found[:min(len(found), 8)]...)
	return d, true
}

// differences tells what b says otherwise than a: their labels where labels are expected, the fields of JSON,
// or the words.
func (c *call) differences(a, b string) []telltale.Evidence {
	if la, _ := c.expect.Label(a); la != "" {
		if lb, _ := c.expect.Label(b); la != lb {
			return []telltale.Evidence{{Value: clip(b, 200)}}
		}
		return nil
	}
	if va, ok := parsed(a); ok {
		if vb, ok := parsed(b); ok {
			var out []telltale.Evidence
			compare("", va, vb, &out)
			return out
		}
	}
	if plainWords(a) != plainWords(b) {
		return []telltale.Evidence{{Value: clip(b, 200)}}
	}
	return nil
}

// parsed is the JSON object or list of a text, out of its fence.
func parsed(s string) (v any, ok bool) {
	s = strings.TrimSpace(s)
	if rest, fenced := strings.CutPrefix(s, "```"); fenced {
		rest = strings.TrimPrefix(rest, "json")
		s = strings.TrimSpace(strings.TrimSuffix(rest, "```"))
	}
	if s == "" || s[0] != '{' && s[0] != '[' || json.Unmarshal([]byte(s), &v) != nil {
		return nil, false
	}
	return v, true
}

// compare notes the places where b is not a, at most three.
func compare(at string, a, b any, out *[]telltale.Evidence) {
	if len(*out) >= 3 {
		return
	}
	switch x := a.(type) {
	case map[string]any:
		if y, ok := b.(map[string]any); ok {
			keys := make([]string, 0, len(x))
			for k := range x {
				keys = append(keys, k)
			}
			for k := range y {
				if _, ok := x[k]; !ok {
					keys = append(keys, k)
				}
			}
			slices.Sort(keys)
			for _, k := range keys {
				compare(strings.TrimPrefix(at+"."+k, "."), x[k], y[k], out)
			}
			return
		}
	case []any:
		if y, ok := b.([]any); ok && len(x) == len(y) {
			for i := range x {
				compare(at+"["+strconv.Itoa(i)+"]", x[i], y[i], out)
			}
			return
		}
	case string:
		if y, ok := b.(string); ok && plainWords(x) == plainWords(y) {
			return
		}
	}
	if !reflect.DeepEqual(a, b) {
		*out = append(*out, telltale.Evidence{Where: at, Value: clip(string(encode(b)), 200) + ", not " + clip(string(encode(a)), 200)})
	}
}

// plainWords is a text without what makes no difference: case, punctuation, blanks. Signs stay that numbers are made of.
func plainWords(s string) string {
	var b strings.Builder
	blank := false
	rs := []rune(strings.ToLower(s))
	for i, r := range rs {
		number := (r == '.' || r == ',' || r == '-') && i+1 < len(rs) && unicode.IsDigit(rs[i+1])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && (!unicode.IsSymbol(r) || r == '`') && !number && r != '%' {
			blank = true
			continue
		}
		if blank && b.Len() > 0 {
			b.WriteByte(' ')
		}
		blank = false
		b.WriteRune(r)
	}
	return b.String()
}
