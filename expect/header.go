package expect

import (
	"strconv"
	"strings"
)

// maxHeader is how long the Telltale-Expect header may be.
const maxHeader = 16 << 10

// ParseHeader reads the value of a Telltale-Expect header: key=value pairs with ; between them, as in
//
//	labels=positive|negative|neutral; max_length=20
//
// The keys are those of [Spec]. Lists have | between their entries. A value with ; or | in it stands in double
// quotes ("" or \" is one quote); a JSON schema may stand there as it is, between its braces. A key alone, such as json,
// means true. Every error is a *[SpecError].
func ParseHeader(value string) (Spec, error) {
	var s Spec
	if len(value) > maxHeader {
		return s, wrong("Telltale-Expect", "Put long expectations into the configuration and name the task.", "longer than %d bytes", maxHeader)
	}
	seen := map[string]bool{}
	for rest := value; ; {
		rest = strings.TrimLeft(rest, " \t;")
		if rest == "" {
			break
		}
		end := strings.IndexAny(rest, "=;")
		key, val := rest, ""
		if end >= 0 {
			key = rest[:end]
		}
		key = strings.ToLower(strings.TrimSpace(key))
		var list []string
		var err error
		if end >= 0 && rest[end] == '=' {
			if list, val, rest, err = headerValue(key, rest[end+1:]); err != nil {
				return s, err
			}
		} else {
			list, val = []string{"true"}, "true"
			if end >= 0 {
				rest = rest[end:]
			} else {
				rest = ""
			}
		}
		if seen[key] {
			return s, wrong(key, "Write it once; lists have | between their entries.", "given twice")
		}
		seen[key] = true
		if err := s.set(key, val, list); err != nil {
			return s, err
		}
	}
	if len(seen) == 0 {
		return s, wrong("Telltale-Expect", "Write key=value, such as labels=positive|negative|neutral.", "nothing stands in it")
	}
	return s, nil
}

// headerValue reads a value up to the next ; and splits it at |. val is the whole as written, without quotes.
func headerValue(key, s string) (list []string, val, rest string, err error) {
	s = strings.TrimLeft(s, " \t")
	if strings.HasPrefix(s, "{") {
		end := closingBrace(s)
		if end < 0 {
			return nil, "", "", wrong(key, "Close every brace and quote.", "the braces are not closed")
		}
		return []string{s[:end]}, s[:end], s[end:], nil
	}
	var one, all strings.Builder
	quoted, wasQuoted := false, false
	add := func() {
		text := one.String()
		if !wasQuoted {
			text = strings.TrimSpace(text)
		}
		list = append(list, text)
		one.Reset()
		wasQuoted = false
	}
	i := 0
	for ; i < len(s); i++ {
		c := s[i]
		switch {
		case quoted && c == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
			one.WriteByte(s[i])
			all.WriteByte(s[i])
		case quoted && c == '"' && i+1 < len(s) && s[i+1] == '"':
			i++
			one.WriteByte('"')
			all.WriteByte('"')
		case c == '"' && (quoted || strings.TrimSpace(one.String()) == ""):
			if quoted = !quoted; quoted {
				one.Reset()
			}
			wasQuoted = true
		case c == ';' && !quoted:
			add()
			return list, finish(all.String(), list), s[i:], nil
		case c == '|' && !quoted:
			add()
			all.WriteByte(c)
		case wasQuoted && !quoted && (c == ' ' || c == '\t'):
		default:
			one.WriteByte(c)
			all.WriteByte(c)
		}
	}
	if quoted {
		return nil, "", "", wrong(key, "Close the quote.", "a quote is not closed")
	}
	add()
	return list, finish(all.String(), list), "", nil
}

func finish(all string, list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	return strings.TrimSpace(all)
}

// closingBrace returns the byte after the brace that closes the first one; -1 when none does.
func closingBrace(s string) int {
	deep, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			deep++
		case c == '}':
			if deep--; deep == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// headerKeys lists what may stand in the header.
const headerKeys = "labels, exact_labels, json, json_schema, pattern, min_length, max_length, contains, not_contains, language, expr, format, min_width, min_height, aspect, min_duration, max_duration"

func (s *Spec) set(key, val string, list []string) error {
	switch key {
	case "labels":
		s.Labels = list
	case "contains":
		s.Contains = list
	case "not_contains":
		s.NotContains = list
	case "exact_labels":
		return setBool(key, val, &s.ExactLabels)
	case "json":
		return setBool(key, val, &s.JSON)
	case "min_length":
		return setInt(key, val, &s.MinLength)
	case "max_length":
		return setInt(key, val, &s.MaxLength)
	case "min_width":
		return setInt(key, val, &s.MinWidth)
	case "min_height":
		return setInt(key, val, &s.MinHeight)
	case "json_schema":
		s.JSONSchema = val
	case "pattern":
		s.Pattern = val
	case "language":
		s.Language = val
	case "expr":
		s.Expr = val
	case "format":
		s.Format = val
	case "aspect":
		s.Aspect = val
	case "min_duration":
		s.MinDuration = val
	case "max_duration":
		s.MaxDuration = val
	default:
		return wrong(capTo(strconv.Quote(key), 60), "The keys are "+headerKeys+".", "no such key")
	}
	return nil
}

func setBool(key, val string, to *bool) error {
	b, err := strconv.ParseBool(val)
	if err != nil {
		return wrong(key, "Write true or false.", "%q is neither true nor false", capTo(val, 60))
	}
	*to = b
	return nil
}

func setInt(key, val string, to *int) error {
	n, err := strconv.Atoi(val)
	if err != nil {
		return wrong(key, "Write a whole number.", "%q is no number", capTo(val, 60))
	}
	*to = n
	return nil
}
