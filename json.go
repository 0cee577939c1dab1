package telltale

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// AppendJSON appends d with the keys of the public contract to dst: id first, if it is not empty.
func (d *Diagnosis) AppendJSON(dst []byte, id string) []byte {
	dst = append(dst, '{')
	if id != "" {
		dst = appendField(dst, `"id":`, id)
		dst = append(dst, ',')
	}
	dst = appendField(dst, `"class":`, string(d.Class))
	dst = appendField(dst, `,"cause":`, string(d.Cause))
	dst = append(dst, `,"retryable":`...)
	dst = strconv.AppendBool(dst, d.Retryable)
	dst = append(dst, `,"retry_after_ms":`...)
	dst = strconv.AppendInt(dst, d.RetryAfter.Milliseconds(), 10)
	dst = appendField(dst, `,"param":`, d.Param)
	dst = appendField(dst, `,"action":`, string(d.Action))
	dst = appendField(dst, `,"summary":`, d.Summary)
	dst = append(dst, `,"remedies":[`...)
	for i, r := range d.Remedies {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendQuoted(dst, r)
	}
	dst = append(dst, `],"evidence":[`...)
	for i := range d.Evidence {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendField(dst, `{"where":`, d.Evidence[i].Where)
		dst = appendField(dst, `,"value":`, d.Evidence[i].Value)
		dst = append(dst, '}')
	}
	dst = append(dst, ']')
	dst = appendField(dst, `,"provider":`, d.Provider)
	dst = appendField(dst, `,"provider_code":`, d.ProviderCode)
	dst = appendField(dst, `,"provider_message":`, d.ProviderMessage)
	dst = appendField(dst, `,"request_id":`, d.RequestID)
	dst = appendField(dst, `,"signature":`, d.Signature)
	dst = append(dst, `,"likely":`...)
	dst = strconv.AppendBool(dst, d.Likely)
	return append(dst, '}')
}

// MarshalJSON writes d with the keys of the public contract, without id.
func (d Diagnosis) MarshalJSON() ([]byte, error) { return d.AppendJSON(nil, ""), nil }

func appendField(dst []byte, key, value string) []byte {
	return appendQuoted(append(dst, key...), value)
}

const hexDigits = "0123456789abcdef"

// appendQuoted appends s as a JSON string; what is no UTF-8 becomes the replacement character.
func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		for i+8 <= len(s) && plainEight(s[i:i+8]) {
			i += 8
		}
		if i == len(s) {
			break
		}
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c < utf8.RuneSelf {
			dst = append(dst, s[start:i]...)
			switch c {
			case '"', '\\':
				dst = append(dst, '\\', c)
			case '\n':
				dst = append(dst, '\\', 'n')
			case '\r':
				dst = append(dst, '\\', 'r')
			case '\t':
				dst = append(dst, '\\', 't')
			default:
				dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
			}
			i++
			start = i
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			dst = append(dst, s[start:i]...)
			dst = append(dst, "\uFFFD"...)
			i++
			start = i
			continue
		}
		i += n
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

// plainEight reports whether eight bytes may stand in a JSON string as they are.
func plainEight(s string) bool {
	_ = s[7]
	x := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	q, e := x^('"'*eachByte), x^('\\'*eachByte)
	return (x|(x-0x20*eachByte)|(q-eachByte)|(e-eachByte))&topBits == 0
}

// ParseExchange reads one line of the exchange format (the input of `telltale explain --jsonl`) into x. Keys that it
// does not know are ignored; status and body are needed. What it stores in x may share memory with line. The response that
// x holds from an earlier line, and its headers, are used again.
func ParseExchange(line []byte, x *Exchange) (id string, err error) {
	was := x.Response
	if was == nil {
		was = &Response{}
	}
	*x = Exchange{}
	s := scanner{b: line}
	s.space()
	if s.i >= len(line) || line[s.i] != '{' {
		return "", errors.New("an exchange is a JSON object")
	}
	s.i++
	s.space()
	var body val
	status, hasStatus, hasBody := int64(0), false, false
	var header http.Header
	if s.i < len(line) && line[s.i] == '}' {
		s.i++
	} else {
		for {
			k, ok := s.key()
			if !ok {
				return id, s.broken()
			}
			switch string(k) {
			case "id":
				id, err = s.text(id)
			case "url":
				x.Request.URL, err = s.text("")
			case "method":
				x.Request.Method, err = s.text("")
			case "provider":
				x.Request.Provider, err = s.text("")
			case "surface":
				var v string
				v, err = s.text("")
				x.Request.Surface = Surface(v)
			case "status":
				v := s.scalarVal()
				n, good := number(v)
				if !good || v.kind != kindNumber && v.kind != kindString || n < 0 || n > 999 {
					return id, fmt.Errorf("status %s is no HTTP status", clip(view(v.raw), 20))
				}
				status, hasStatus = n, true
			case "headers":
				header, err = s.headers(was.Header)
			case "body":
				s.space()
				if s.i < len(line) && (line[s.i] == '{' || line[s.i] == '[') {
					raw := s.skip() // a body that was not put into a string
					body, hasBody = val{kind: kindString, raw: raw}, true
					break
				}
				body = s.scalarVal()
				hasBody = body.kind == kindString || body.kind == kindNull
				if body.kind == kindNull {
					body = val{kind: kindString}
				}
			case "request":
				raw := s.skip()
				switch {
				case len(raw) > 0 && (raw[0] == '{' || raw[0] == '['):
					x.Request.Body = raw
				case len(raw) > 1 && raw[0] == '"':
					x.Request.Body = []byte(unquote(val{raw: raw[1 : len(raw)-1], esc: true}))
				}
			default:
				s.skip()
			}
			if err != nil {
				return id, err
			}
			if s.bad {
				return id, s.broken()
			}
			if !s.more('}') {
				break
			}
		}
	}
	if s.bad {
		return id, s.broken()
	}
	if !hasStatus || !hasBody {
		return id, errors.New("an exchange needs status and body")
	}
	if status == 0 {
		x.Err = errors.New(unquote(body))
		return id, nil
	}
	raw := body.raw
	if body.esc {
		raw = appendUnquoted(make([]byte, 0, len(body.raw)), body.raw)
	}
	*was = Response{Status: int(status), Header: header, Body: raw}
	x.Response = was
	return id, nil
}

func (s *scanner) broken() error {
	return fmt.Errorf("the JSON breaks off or is malformed at byte %d", s.i)
}

// text reads a string; null stays what it was.
func (s *scanner) text(was string) (string, error) {
	v := s.scalarVal()
	switch v.kind {
	case kindString:
		return string(unquote(v)), nil
	case kindNull:
		return was, nil
	case kindNumber:
		return string(v.raw), nil
	}
	return "", errors.New("a string is wanted at byte " + strconv.Itoa(s.i))
}

// usual holds the names of usual headers as net/http writes them, by their small letters.
var usual = func() map[string]string {
	m := map[string]string{}
	for _, name := range []string{
		"Content-Type", "Content-Length", "Date", "Server", "Retry-After", "X-Request-Id", "Request-Id", "Cf-Ray", "Openai-Version", "Openai-Processing-Ms", "Openai-Organization",
		"X-Ratelimit-Limit-Requests", "X-Ratelimit-Limit-Tokens", "X-Ratelimit-Remaining-Requests", "X-Ratelimit-Remaining-Tokens", "X-Ratelimit-Reset-Requests", "X-Ratelimit-Reset-Tokens",
	} {
		m[strings.ToLower(name)] = name
	}
	return m
}()

// headers reads an object of headers into h, which is emptied first and may be nil; a value is a string or a list of strings.
func (s *scanner) headers(h http.Header) (http.Header, error) {
	s.space()
	if s.i >= len(s.b) || s.b[s.i] != '{' {
		s.skip()
		return nil, nil
	}
	s.i++
	s.space()
	if s.i < len(s.b) && s.b[s.i] == '}' {
		s.i++
		return nil, nil
	}
	if h == nil {
		h = http.Header{}
	}
	clear(h)
	values := make([]string, 0, 8)
	add := func(name string, v val) {
		if h[name] != nil {
			h[name] = append(h[name], unquote(v))
			return
		}
		if len(values) == cap(values) {
			values = make([]string, 0, 16)
		}
		n := len(values)
		values = append(values, unquote(v))
		h[name] = values[n : n+1 : n+1]
	}
	for {
		k, ok := s.key()
		if !ok {
			return nil, s.broken()
		}
		name, known := usual[string(k)]
		if !known {
			name = http.CanonicalHeaderKey(string(k))
		}
		if s.i < len(s.b) && s.b[s.i] == '[' {
			s.i++
			for s.space(); s.i < len(s.b) && s.b[s.i] != ']'; {
				s.space()
				add(name, s.scalarVal())
				if s.bad || !s.more(']') {
					break
				}
			}
			if s.i < len(s.b) && s.b[s.i] == ']' && len(h[name]) == 0 {
				s.i++
			}
		} else if v := s.scalarVal(); v.kind == kindString || v.kind == kindNumber {
			add(name, v)
		} else {
			s.skip()
		}
		if s.bad || !s.more('}') {
			return h, nil
		}
	}
}
