package telltale

import (
	"bytes"
	"strings"
)

// pageText gives the title and the visible words of a web page or XML document, capped.
func pageText(b []byte) (title, text string) {
	b = b[:min(len(b), 64<<10)]
	low := bytes.ToLower(b)
	if len(low) != len(b) {
		low = b
	}
	if i := bytes.Index(low, []byte("<title")); i >= 0 {
		if j := bytes.IndexByte(low[i:], '>'); j >= 0 {
			from := i + j + 1
			if k := bytes.Index(low[from:], []byte("</title")); k >= 0 {
				title = strings.TrimSpace(string(b[from : from+k]))
			} else {
				title = strings.TrimSpace(string(b[from:min(len(b), from+200)]))
			}
		}
	}
	out := make([]byte, 0, 1024)
	for i := 0; i < len(b) && len(out) < 4<<10; {
		if b[i] != '<' {
			out = append(out, b[i])
			i++
			continue
		}
		skipped := false
		for _, tag := range []string{"script", "style", "title"} {
			if bytes.HasPrefix(low[i+1:], []byte(tag)) {
				if k := bytes.Index(low[i:], []byte("</"+tag)); k >= 0 {
					if tag == "script" { // where a challenge comes from stands in the script's address
						head := b[i : i+min(k, 300)]
						if s := bytes.Index(head, []byte("src=")); s >= 0 {
							out = append(append(out, ' '), head[s:]...)
						}
					}
					i += k
					skipped = true
				}
				break
			}
		}
		k := bytes.IndexByte(b[i:], '>')
		if k < 0 {
			if !skipped {
				out = append(out, b[i:min(len(b), i+400)]...)
			}
			break
		}
		if bytes.HasPrefix(low[i:], []byte("<a ")) || bytes.HasPrefix(low[i:], []byte("<link")) || bytes.HasPrefix(low[i:], []byte("<div")) || bytes.HasPrefix(low[i:], []byte("<img")) {
			out = append(append(out, ' '), b[i+1:i+min(k, 200)]...)
		}
		out = append(out, ' ')
		i += k + 1
	}
	return title, strings.TrimSpace(string(out))
}

// xmlField gives the text of the first element with a name.
func xmlField(b []byte, name string) string {
	i := bytes.Index(b, []byte("<"+name+">"))
	if i < 0 {
		return ""
	}
	rest := b[i+len(name)+2:]
	if k := bytes.IndexByte(rest, '<'); k >= 0 && k < 500 {
		return string(rest[:k])
	}
	return ""
}
