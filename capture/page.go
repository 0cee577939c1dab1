package capture

import (
	"bytes"
	"regexp"
	"strconv"

	telltale "github.com/telltale-ai/telltale"
)

var reTitle = regexp.MustCompile(`(?i)<(?:title|h1)[^>]*>[^<]{0,80}?\b([45]\d\d)\b`)

// pageStatus is the status that an HTML page states in its title, and where; 0 when it states none.
func pageStatus(page []byte) (int, Span) {
	m := reTitle.FindSubmatchIndex(page[:min(len(page), 8192)])
	if m == nil {
		return 0, Span{}
	}
	n, _ := strconv.Atoi(string(page[m[2]:m[3]]))
	return n, Span{m[2], m[3]}
}

func looksHTML(t []byte) bool {
	low := bytes.ToLower(bytes.TrimLeft(t[:min(len(t), 64)], " \t\r\n"))
	for _, tag := range [...]string{"<!doctype", "<html", "<head>", "<?xml", "<error>", "<code>", "<response>", "<errorresponse"} {
		if bytes.HasPrefix(low, []byte(tag)) {
			return true
		}
	}
	return false
}

// readHTML takes a page that stands alone.
func (s *scanner) readHTML(pos int) int {
	if !looksHTML(s.text(s.line(pos))) {
		return pos
	}
	end := s.toBoundary(pos)
	if n := bytes.Index(s.src[pos:end], []byte("</html>")); n >= 0 {
		end = next(s.src, s.line(pos+n))
	}
	sp := trimEnd(s.src, Span{pos, end})
	status, where := pageStatus(s.text(sp))
	note := "no status was pasted: taken as " + strconv.Itoa(status) + ", as the page says"
	kind := "text/html"
	if low := bytes.ToLower(s.src[pos:min(len(s.src), pos+6)]); !bytes.HasPrefix(low, []byte("<!doct")) && !bytes.HasPrefix(low, []byte("<h")) {
		kind = "application/xml"
	}
	if status == 0 && kind == "text/html" {
		status, note = 200, "no status was pasted: taken as 200, because the page states no error"
	} else if status == 0 {
		note = unstated
	}
	it := item("HTML page", Span{pos, end}, status, map[string][]string{"Content-Type": {kind}}, s.text(sp), whole(sp))
	if where.Len() > 0 {
		it.Status = Span{pos + where.Start, pos + where.End}
	}
	it.Notes = append(it.Notes, note)
	s.add(it)
	return end
}

// readURL takes a media URL that was pasted alone. The item has neither response nor error:
// what can be known of it stands in the URL (see [Deadline]) or comes from fetching it.
func (s *scanner) readURL(pos int) int {
	l := s.line(pos)
	t := bytes.Trim(s.text(l), " \t<>\"'")
	if !bytes.HasPrefix(t, []byte("http://")) && !bytes.HasPrefix(t, []byte("https://")) || bytes.ContainsAny(t, " \t\"'<>") || len(t) > 16384 {
		return pos
	}
	it := Item{Format: "URL", At: Span{l.Start, l.End}, Name: string(t)}
	it.Request = telltale.Request{Method: "GET", URL: string(t), Surface: telltale.MediaDownload}
	s.items = append(s.items, it)
	s.open = 0
	return next(s.src, l)
}
