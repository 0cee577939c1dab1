package capture

import (
	"bytes"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	telltale "github.com/telltale-ai/telltale"
)

var (
	reCurlTalk = regexp.MustCompile(`^\* +(?:Trying |Host |Hostname |IPv[46]|Connected |Established |Could not |connect to |Failed to |ALPN|TLS|SSL|TCP_NODELAY|Uses proxy|Using HTTP|Mark bundle|Connection |Re-using |Closing |CAfile|Server certificate|Rebuilt |Added |Expire|using HTTP|successfully set|Empty reply|Operation timed|Recv failure|Send failure|OpenSSL|Immediate connect|Note: |\[HTTP|Request completely|upload completely|We are completely|Resolving|CONNECT )`)
	reNoise    = regexp.MustCompile(`^(?:[{}] \[\d+ bytes data\]|\s+% Total\s.*|\s+Dload\s.*|\s*\d+\s+[\d.]+[kMG]?\s+\d+\s+[\d.]+[kMG]?\s.*--:--.*|\s*\d{1,3} +[\d.]+[kMG]? +\d{1,3} +[\d.]+[kMG]? .*)$`)
	reCurlErr  = regexp.MustCompile(`^curl: \((\d+)\) ?(.*)`)
	reBroken   = regexp.MustCompile(`^\* +((?:Could not resolve|connect to .* failed|Failed to connect|Recv failure|Send failure|Empty reply|Operation timed out|Connection timed out|Resolving timed out|OpenSSL SSL_|SSL certificate problem|SSL connection timeout|transfer closed|HTTP/2 stream).*)`)
	reReturned = regexp.MustCompile(`returned error: (\d{3})`)
	reGlued    = regexp.MustCompile(`\* (?:Connection #\d+ to host|Closing connection|Curl_http_done|TLSv1)`)
	rePrompt   = regexp.MustCompile(`^(?:\([\w.-]+\) ?)?(?:[\w.-]+@[\w.-]+[:\s][^\s$#%]{0,80} ?|PS [A-Z]:[^>]{0,120}|[~\w/.-]{0,60} ?)?(?:[$%#❯➜+]|PS>|>)+ +((?:curl|http|wget|python3?|node|go|npx|npm|./)\b?.*)$`)
)

// readVerbose takes what `curl -v` shows: the request behind >, the response's head behind <, the body between.
func (s *scanner) readVerbose(pos int) int {
	l := s.line(pos)
	t := s.text(l)
	if len(t) < 3 || t[1] != ' ' || t[0] != '*' && t[0] != '>' && t[0] != '<' {
		return pos
	}
	_, _, isReq := requestLine(t[2:])
	_, isRes := statusLine(t[2:])
	if !(t[0] == '*' && reCurlTalk.Match(t[:min(len(t), 200)]) || t[0] == '>' && isReq || t[0] == '<' && isRes) {
		return pos
	}
	v := verbose{s: s, from: pos}
	for pos < len(s.src) {
		l := s.line(pos)
		if s.boundary(l) {
			break
		}
		v.line(l)
		pos = next(s.src, l)
	}
	v.finish(pos)
	return pos
}

// verbose gathers one exchange after the other from lines of `curl -v`.
type verbose struct {
	s       *scanner
	from    int
	inReq   bool
	req     *telltale.Request
	res     *telltale.Response
	status  Span
	spans   map[string]Span
	inHead  bool
	body    builder
	broken  string
	connect bool // the request is a CONNECT to a proxy
}

func (v *verbose) line(l Span) {
	t := v.s.text(l)
	switch {
	case bytes.HasPrefix(t, []byte("> ")) && !v.inHead, len(t) == 1 && t[0] == '>':
		v.request(l)
	case bytes.HasPrefix(t, []byte("< ")) && (v.inHead || len(t) > 7 && string(t[2:7]) == "HTTP/"), len(t) == 1 && t[0] == '<':
		v.response(l)
	case bytes.HasPrefix(t, []byte("* ")):
		if m := reBroken.FindSubmatch(t[:min(len(t), 1000)]); m != nil {
			v.broken = string(m[1])
		}
	case reNoise.Match(t[:min(len(t), 300)]):
	case v.res != nil:
		v.inHead = false
		if n := reGlued.FindIndex(t); n != nil {
			l.End = l.Start + n[0]
			v.body.src = v.s.src
			v.body.take(l)
			return
		}
		v.body.src = v.s.src
		v.body.take(Span{l.Start, next(v.s.src, l)})
	}
}

func (v *verbose) request(l Span) {
	if l.Len() < 2 {
		v.inReq = false
		return
	}
	rest := Span{min(l.Start+2, l.End), l.End}
	if method, target, ok := requestLine(v.s.text(rest)); ok {
		v.finish(l.Start)
		v.req, v.inReq, v.connect = &telltale.Request{Method: method, URL: target, Header: http.Header{}}, true, method == "CONNECT"
		return
	}
	if k, val, ok := headerLine(v.s.src, rest); ok && v.req != nil {
		v.req.Header.Add(k, string(v.s.text(val)))
		if strings.EqualFold(k, "host") {
			v.req.URL = absolute(v.req.URL, string(v.s.text(val)))
		}
	}
}

func (v *verbose) response(l Span) {
	rest := Span{min(l.Start+2, l.End), l.End}
	if status, ok := statusLine(v.s.text(rest)); ok {
		v.drop()
		n := bytes.IndexByte(v.s.text(rest), ' ') + 1
		v.res, v.spans, v.inHead = &telltale.Response{Status: status, Header: http.Header{}}, map[string]Span{}, true
		v.status = Span{rest.Start + n, rest.Start + n + 3}
		return
	}
	if k, val, ok := headerLine(v.s.src, rest); ok && v.res != nil {
		v.res.Header.Add(k, string(v.s.text(val)))
		v.spans[strings.ToLower(k)] = val
	}
	if rest.Len() == 0 {
		v.inHead = false
	}
}

// drop forgets a head that only led to another: 100 Continue, a proxy's answer.
func (v *verbose) drop() { v.res, v.body, v.spans = nil, builder{}, nil }

// finish makes an item of what was gathered, when there is a response or a reason why none came.
func (v *verbose) finish(end int) {
	defer func() { *v = verbose{s: v.s, from: end} }()
	redirect := v.res != nil && v.res.Status >= 300 && v.res.Status < 400 && blank(v.body.body) && end < len(v.s.src)
	switch {
	case v.connect && (v.res == nil || v.res.Status < 300) || redirect:
		return
	case v.res != nil:
		it := item("curl -v", Span{v.from, end}, v.res.Status, v.res.Header, nil, nil)
		it.Status, it.Header = v.status, v.spans
		b := bytes.TrimRight(v.body.body, " \r\n")
		if looksSSE(b) {
			b = v.body.body
		}
		it.Response.Body, it.Body = b, v.body.m.upTo(len(b))
		if v.broken != "" {
			it.Err = errors.New(v.broken)
		}
		if v.req != nil {
			it.Request = *v.req
		}
		it.Name = name(it.Request)
		v.s.inflate(&it)
		v.s.add(it)
	case v.broken != "":
		it := Item{Format: "curl -v", At: Span{v.from, end}}
		it.Err = errors.New(v.broken)
		if v.req != nil {
			it.Request = *v.req
		}
		v.s.add(it)
	case v.req != nil:
		v.s.await(pending{req: *v.req, at: Span{v.from, end}})
	}
}

// readCurlError takes "curl: (6) Could not resolve host: ...". After a response it says what broke
// while the body was read.
func (s *scanner) readCurlError(pos int) int {
	l := s.line(pos)
	if !bytes.HasPrefix(s.text(l), []byte("curl: (")) {
		return pos
	}
	m := reCurlErr.FindSubmatch(s.text(l)[:min(l.Len(), 2000)])
	if m == nil {
		return pos
	}
	code, _ := strconv.Atoi(string(m[1]))
	text := strings.TrimSpace(string(m[0]))
	if s.open > 0 && s.request == nil {
		it := &s.items[s.open-1]
		it.At.End = l.End
		if code != 22 && (it.Err == nil || it.Response == nil) {
			it.Err = errors.New(text)
		}
		s.open = 0
		return next(s.src, l)
	}
	it := Item{Format: "curl error", At: Span{l.Start, l.End}}
	it.Body = whole(Span{l.Start, l.End})
	if r := reReturned.FindSubmatchIndex(s.text(l)); code == 22 && r != nil {
		status, _ := strconv.Atoi(string(s.text(l)[r[2]:r[3]]))
		it.Response, it.Body = &telltale.Response{Status: status, Partial: true}, nil
		it.Status = Span{l.Start + r[2], l.Start + r[3]}
		it.Notes = append(it.Notes, "curl --fail threw the body away: run it with --fail-with-body")
	} else {
		it.Err = errors.New(text)
	}
	s.add(it)
	s.open = 0
	return next(s.src, l)
}

// command knows a command that was typed: "curl https://..." or one behind a prompt.
func command(t []byte) (string, bool) {
	if len(t) > 20000 {
		return "", false
	}
	if bytes.HasPrefix(t, []byte("curl ")) && (bytes.Contains(t, []byte("://")) || bytes.Contains(t, []byte(" -"))) {
		return string(t), true
	}
	c := t[0]
	if letter(c) && !bytes.ContainsAny(t[:min(len(t), 120)], "$#%>") {
		return "", false
	}
	if m := rePrompt.FindSubmatch(t[:min(len(t), 2000)]); m != nil {
		return string(t[bytes.Index(t, m[1]):]), true
	}
	return "", false
}

// readCommand takes a command line: what follows is its output.
func (s *scanner) readCommand(pos int) int {
	l := s.line(pos)
	cmd, ok := command(s.text(l))
	if !ok {
		return pos
	}
	end := next(s.src, l)
	for open := quoteOpen(cmd); (strings.HasSuffix(cmd, `\`) || strings.HasSuffix(cmd, "^") || strings.HasSuffix(cmd, "`") || open) && end < len(s.src) && len(cmd) < 1<<20; open = quoteOpen(cmd) {
		more := s.line(end)
		if open {
			cmd += "\n" + string(s.text(more))
		} else {
			cmd = cmd[:len(cmd)-1] + " " + string(s.text(more))
		}
		end = next(s.src, more)
		if len(cmd) > 64<<10 {
			break
		}
	}
	s.open, s.request = 0, nil
	if req, ok := curlRequest(cmd); ok {
		s.await(pending{req: req, at: Span{pos, end}})
	}
	return end
}

// quoteOpen reports whether a single quote was opened in cmd and not closed.
func quoteOpen(cmd string) bool {
	if len(cmd) > 64<<10 {
		return false
	}
	_, open := shellWords(cmd)
	return open
}

// curlRequest reads the request that a curl command sends.
func curlRequest(cmd string) (telltale.Request, bool) {
	words, _ := shellWords(cmd)
	if len(words) == 0 || words[0] != "curl" {
		return telltale.Request{}, false
	}
	r := telltale.Request{Header: http.Header{}}
	for i := 1; i < len(words); i++ {
		w := words[i]
		arg := func() string {
			if i+1 < len(words) {
				i++
				return words[i]
			}
			return ""
		}
		switch {
		case w == "-X" || w == "--request":
			r.Method = arg()
		case w == "-H" || w == "--header":
			k, v, _ := strings.Cut(arg(), ":")
			r.Header.Add(strings.TrimSpace(k), strings.TrimSpace(v))
		case w == "-d" || strings.HasPrefix(w, "--data") || w == "--json" || w == "-F" || w == "--form":
			r.Body = []byte(arg())
			if r.Method == "" {
				r.Method = http.MethodPost
			}
		case w == "-I" || w == "--head":
			r.Method = http.MethodHead
		case strings.Contains(w, "://") && !strings.HasPrefix(w, "-"):
			r.URL = w
		}
	}
	if r.Method == "" {
		r.Method = http.MethodGet
	}
	return r, r.URL != ""
}

// shellWords splits a command as a POSIX shell does, without expansion. open says that a quote is not closed.
func shellWords(cmd string) (words []string, open bool) {
	var b strings.Builder
	in, quote := false, byte(0)
	for i := 0; i < len(cmd); i++ {
		c := cmd[i]
		switch {
		case quote == '\'' && c != '\'', quote == '"' && c != '"' && c != '\\':
			b.WriteByte(c)
		case quote != 0 && c == quote:
			quote = 0
		case c == '\\' && i+1 < len(cmd):
			i++
			if quote == '"' && strings.IndexByte("\"\\$`\n", cmd[i]) < 0 {
				b.WriteByte('\\')
			}
			b.WriteByte(cmd[i])
			in = true
		case c == '\'' || c == '"':
			quote, in = c, true
		case c == ' ' || c == '\t' || c == '\n':
			if in {
				words, in = append(words, b.String()), false
				b.Reset()
			}
		default:
			b.WriteByte(c)
			in = true
		}
	}
	if in {
		words = append(words, b.String())
	}
	return words, quote != 0
}
