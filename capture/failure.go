package capture

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	telltale "github.com/telltale-ai/telltale"
)

// The sentences in which SDKs tell of a failed call. Each was taken from what the SDK named beside it prints.
var (
	reCode      = regexp.MustCompile(`^Error code: (\d{3})(?: - )?`)                                                                                                     // openai-python, anthropic-sdk-python
	reGo        = regexp.MustCompile(`^([A-Z][A-Za-z]{2,6}) "(https?://[^"\s]+)": (?:(\d{3})\b ?)?`)                                                                     // openai-go, anthropic-sdk-go, net/http
	reReason    = regexp.MustCompile(`^[A-Z][A-Za-z' -]* ?`)                                                                                                             // what follows the status in Go
	reReqID     = regexp.MustCompile(`^ ?\(Request-ID: ([^)\s]+)\) ?`)                                                                                                   // anthropic-sdk-go
	reGoShort   = regexp.MustCompile(`^(?:[A-Za-z]+ )?API error: (\d{3})\b[A-Za-z ]*:? ?`)                                                                               // openai-go v3
	reGenai     = regexp.MustCompile(`^(\d{3}) ([A-Z][A-Z_]{3,})\. `)                                                                                                    // google-genai for Python
	reGenaiGo   = regexp.MustCompile(`^Error (\d{3}), Message: `)                                                                                                        // google.golang.org/genai
	reClient    = regexp.MustCompile(`^(\d{3}) (?:Client|Server) Error: .*? for url: (\S+)`)                                                                             // requests
	reHTTPX     = regexp.MustCompile(`^(?:Client|Server) error '(\d{3})[^']*' for url '([^']*)'`)                                                                        // httpx
	reBoto      = regexp.MustCompile(`^An error occurred \((\w+)\) when calling the (\w+) operation(?: \([^)]*\))?: `)                                                   // botocore
	reStatus    = regexp.MustCompile(`(?i)^(?:HTTP error!? |request failed with |received |unexpected )*(?:status(?: ?code)?|HTTP)(?:/[\d.]+)?[:= ]*(\d{3})\b[\s:,.-]*`) // axios and many more
	reNumber    = regexp.MustCompile(`^([45]\d\d) `)                                                                                                                     // openai-node, google.api_core
	reException = regexp.MustCompile(`^(\w*(?:Exception|Error)) - `)                                                                                                     // LiteLLM
	reAnywhere  = regexp.MustCompile(`(?i)\b(?:(?:status(?:[ _]?code)?|HTTP(?: error)?(?:/[\d.]+)?|error code|code)["']?[:=]?\s*["']?([45]\d\d)\b|([45]\d\d)[: ]+(?:too many|unauthorized|forbidden|not found|bad |internal|service un|gateway|payload|request|unprocess|payment|method|conflict|client error|server error))`)
)

// readFailure takes the error of an SDK: the last line of a traceback, a dump of Node, or a sentence in a log.
func (s *scanner) readFailure(pos int) int {
	l := s.line(pos)
	t := s.text(l)
	if connector(t) {
		s.chained = len(s.items) > 0
		return next(s.src, l)
	}
	at := begin(t)
	if at < 0 {
		return pos
	}
	from := l.Start + at
	if class, _, ok := errorName(t[at:]); ok && s.looksNode(l) {
		if to, ok := s.readNode(from, class); ok {
			return to
		}
	}
	sp := Span{from, s.messageEnd(l)}
	it, end, ok := s.failure(sp)
	if !ok {
		return pos
	}
	it.At = Span{pos, end}
	s.addFailure(it)
	return s.restOfLine(min(max(end, l.End), len(s.src)))
}

// connector knows the sentences between a traceback and the one it led to.
func connector(t []byte) bool {
	return bytes.HasPrefix(t, []byte("The above exception was the direct cause of")) ||
		bytes.HasPrefix(t, []byte("During handling of the above exception"))
}

// begin finds where in a line the sentence of an error begins: at its start, behind a prompt of a test
// runner, or behind what a logger puts in front. It is -1 when there is none.
func begin(t []byte) int {
	pad := len(t) - len(bytes.TrimLeft(t, " \t>|E"))
	if pad < len(t) && pad > 0 && t[pad-1] == 'E' { // a class that begins with E
		pad--
	}
	for _, p := range [...]string{"Uncaught ", "Unhandled rejection ", "[ERROR] ", "ERROR: ", "error: ", "panic: "} {
		if bytes.HasPrefix(t[pad:], []byte(p)) {
			pad += len(p)
		}
	}
	head := t[pad:min(len(t), pad+4096)]
	if _, _, ok := errorName(head); ok || sentence(head) {
		return pad
	}
	for _, sign := range [...]string{"Error code: ", "litellm.", "openai.", "anthropic.", "google.genai.", "API error: ", "An error occurred (", "POST \"http", "Post \"http", "GET \"http", "Get \"http", "Client error '", "Server error '"} {
		if n := bytes.Index(head, []byte(sign)); n >= 0 {
			if _, _, ok := errorName(head[n:]); ok || sentence(head[n:]) {
				return pad + n
			}
		}
	}
	return -1
}

// sentence knows the begin of each sentence that needs no class in front.
func sentence(t []byte) bool {
	if len(t) == 0 {
		return false
	}
	switch c := t[0]; { // most lines are none: the first letter tells
	case c >= '0' && c <= '9':
		return reGenai.Match(t) || reClient.Match(t) || numbered(t)
	case !letter(c):
		return false
	}
	for _, re := range [...]*regexp.Regexp{reCode, reGenaiGo, reHTTPX, reBoto} {
		if re.Match(t) {
			return true
		}
	}
	head := t[:min(len(t), 40)]
	return bytes.Contains(head, []byte(" \"http")) && reGo.Match(t) || bytes.Contains(head, []byte("API error: ")) && reGoShort.Match(t)
}

// numbered knows "429 {...}", as anthropic-sdk-typescript writes it.
func numbered(t []byte) bool {
	if m := reNumber.Find(t); m != nil {
		rest := bytes.TrimLeft(t[len(m):], " ")
		return len(rest) > 0 && (rest[0] == '{' || rest[0] == '<')
	}
	return false
}

// messageEnd is where the message that begins on line l ends: at a blank line, a stack, another traceback.
func (s *scanner) messageEnd(l Span) int {
	end := l.End
	for pos := next(s.src, l); pos < len(s.src); {
		n := s.line(pos)
		t := bytes.TrimSpace(s.text(n))
		if len(t) == 0 || connector(t) || s.boundary(n) || bytes.HasPrefix(t, []byte("at ")) || end-l.Start > 256<<10 || loggedLine(t) {
			break
		}
		if _, _, ok := errorName(t); ok || sentence(t) {
			break
		}
		end = n.End
		pos = next(s.src, n)
	}
	return end
}

// loggedLine knows a line that a logger began: a date stands in front.
func loggedLine(t []byte) bool {
	t = bytes.TrimLeft(t, "[(")
	return len(t) > 10 && t[0] == '2' && t[1] == '0' && t[4] == '-' && t[7] == '-' || len(t) > 10 && t[0] == '2' && t[4] == '/' && t[7] == '/'
}

// failure reads the sentence of an error that stands at sp. It gives the exchange and where it ends.
func (s *scanner) failure(sp Span) (it Item, end int, ok bool) {
	it.Format = "error message"
	class, known := "", false
	for range 4 {
		name, n, is := errorName(s.text(sp))
		if m := reException.FindSubmatch(s.text(sp)); !is && m != nil {
			name, n, is = string(m[1]), len(m[0]), true
		}
		if !is {
			break
		}
		if _, in := classStatus[lastName(name)]; !known && (in || class == "") {
			class, known = name, in
		}
		if p := providerOf(name); p != "" {
			it.Request.Provider = p
		}
		it.Format = "exception"
		sp.Start += n
	}
	t := s.text(sp)
	status := 0
	take := func(m []int, group int) {
		status, _ = strconv.Atoi(string(t[m[2*group]:m[2*group+1]]))
		it.Status = Span{sp.Start + m[2*group], sp.Start + m[2*group+1]}
	}
	body := sp.Start
	switch {
	case match(reCode, t) != nil:
		m := match(reCode, t)
		take(m, 1)
		body += m[1]
	case match(reGo, t) != nil:
		m := match(reGo, t)
		it.Request.Method, it.Request.URL = strings.ToUpper(string(t[m[2]:m[3]])), string(t[m[4]:m[5]])
		body += m[1]
		if m[6] < 0 {
			it.Err = errors.New(string(bytes.TrimSpace(t)))
			return it, sp.End, true
		}
		take(m, 3)
		rest := s.src[body:sp.End]
		if r := match(reReason, rest); r != nil {
			body += r[1]
			rest = rest[r[1]:]
		}
		if r := reReqID.FindSubmatch(rest); r != nil {
			it.Response = &telltale.Response{Header: map[string][]string{"Request-Id": {string(r[1])}}}
			body += len(r[0])
		}
	case match(reGoShort, t) != nil:
		m := match(reGoShort, t)
		take(m, 1)
		body += m[1]
	case match(reGenai, t) != nil:
		m := match(reGenai, t)
		take(m, 1)
		body += m[1]
		it.Request.Provider = "gemini"
	case match(reGenaiGo, t) != nil:
		m := match(reGenaiGo, t)
		take(m, 1)
		it.Request.Provider = "gemini"
		return s.genaiGo(it, status, sp, m[1])
	case match(reClient, t) != nil:
		m := match(reClient, t)
		take(m, 1)
		it.Request.URL = string(t[m[4]:m[5]])
		body = sp.End
	case match(reHTTPX, t) != nil:
		m := match(reHTTPX, t)
		take(m, 1)
		it.Request.URL = string(t[m[4]:m[5]])
		body = sp.End
	case match(reBoto, t) != nil:
		m := match(reBoto, t)
		known = true
		it.Request.Provider = "bedrock"
		body += m[1]
		status = classStatus[string(t[m[2]:m[3]])]
	case match(reNumber, t) != nil:
		m := match(reNumber, t)
		take(m, 1)
		body += m[1]
	case match(reStatus, t) != nil:
		m := match(reStatus, t)
		take(m, 1)
		body += m[1]
	case known && classStatus[lastName(class)] > 0:
		status = classStatus[lastName(class)]
		it.Notes = append(it.Notes, fmt.Sprintf("status %d follows from the class %s", status, lastName(class)))
	case finishReason(class) != "":
		return s.finishError(it, class, sp)
	case known || saysTransport(t) && class != "":
		it.Err = errors.New(strings.TrimSpace(class + ": " + string(bytes.TrimSpace(t))))
		return it, sp.End, true
	case strings.HasSuffix(class, "APIError") && reasonStatus(t) == 0, strings.HasSuffix(class, "ApiError"), strings.HasSuffix(class, "APIStatusError"), strings.HasSuffix(class, "APICallError") && reasonStatus(t) == 0:
	case len(t) > 0 && t[0] == '<', bytes.HasPrefix(t, []byte(`{"error"`)), bytes.HasPrefix(t, []byte(`{'error'`)):
	case reasonStatus(t) > 0:
		status = reasonStatus(t)
		it.Notes = append(it.Notes, fmt.Sprintf("status %d follows from the words of the error", status))
	case lastName(class) == "OpenAIError" && bytes.Contains(t, []byte("api_key")):
		status = 401
		it.Notes = append(it.Notes, "the SDK sent nothing, because it has no key: taken as status 401")
	default:
		return it, 0, false
	}
	if it.Response == nil {
		it.Response = &telltale.Response{}
	}
	it.Response.Status = status
	end = s.errorBody(&it, Span{body, sp.End})
	s.settle(&it)
	return it, max(end, sp.End), true
}

// settle takes the status from the body where the sentence gave none, or only a class that stands for several.
func (s *scanner) settle(it *Item) {
	r := it.Response
	if it.Status.Len() > 0 || len(r.Body) == 0 {
		return
	}
	if n, where := pageStatus(r.Body); n > 0 && r.Body[0] == '<' {
		r.Status = n
		it.Status, _ = it.Body.Span(where.Start, where.End)
		it.Notes = []string{fmt.Sprintf("status %d is what the page says", n)}
	} else if n, note := statedStatus(r.Body); r.Status == 0 && n != 200 {
		r.Status = n
		it.Notes = append(it.Notes, note)
	}
}

func match(re *regexp.Regexp, t []byte) []int {
	return re.FindSubmatchIndex(t[:min(len(t), 8192)])
}

// errorBody gives the item the body that stands in an error's sentence: JSON, a Python dict, HTML, or words,
// which become the message of an error object. It returns where the body ends.
func (s *scanner) errorBody(it *Item, sp Span) int {
	for sp.Start < sp.End && (s.src[sp.Start] == ' ' || s.src[sp.Start] == '\n' || s.src[sp.Start] == '\r') {
		sp.Start++
	}
	t := bytes.TrimRight(s.text(sp), " \r\n")
	sp.End = sp.Start + len(t)
	if len(t) > 0 && (t[0] == '{' || t[0] == '[') {
		if beginsJSON(s.src, sp.Start) && s.afford(len(t)) {
			if end, complete := jsonEnd(s.src, sp.Start); complete && json.Valid(s.src[sp.Start:end]) {
				it.Response.Body, it.Body = s.src[sp.Start:end], whole(Span{sp.Start, end})
				return end
			}
		}
		if b, end, ok := s.literal(sp.Start); ok {
			it.Response.Body, it.Body = b.body, b.m
			return end
		}
	}
	switch {
	case len(t) == 0:
		return sp.End
	case t[0] == '<' || t[0] == '{':
		it.Response.Body, it.Body = t, whole(sp)
	default:
		l := &literals{builder: builder{src: s.src}}
		l.add(`{"error":{"message":`)
		l.text(sp)
		l.add("}}")
		it.Response.Body, it.Body = l.body, l.m
	}
	return sp.End
}

// afford keeps attempts that may come to nothing from costing more than a few readings of the source.
func (s *scanner) afford(n int) bool {
	s.spent += n
	return s.spent <= 8*len(s.src)+1<<20
}

// literal reads a printed value at pos; see the function of this name.
func (s *scanner) literal(pos int) (*builder, int, bool) {
	if !s.afford(0) {
		return nil, pos, false
	}
	b, end, ok := literal(s.src, pos)
	s.afford(end - pos)
	return b, end, ok
}
