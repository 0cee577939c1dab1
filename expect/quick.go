package expect

import "strings"

// Healthy reports whether text is healthy beyond doubt, without the request having been read: no detector has even
// a hint. request is the raw body of the request, as JSON. false means no more than that [Detect] has to look.
func Healthy(text, request string) (healthy bool) {
	defer func() {
		if recover() != nil {
			healthy = false
		}
	}()
	if len(text) < 24 || len(request) > 64<<10 || !mostlyASCII(text) || !english(text) || !plainRequest(request) {
		return false
	}
	// What a request says can only excuse these findings, so that none without it is none with it. A refusal to
	// speak of itself is the one that wants a request to be there.
	o := Output{Text: text, Prompt: "?"}
	return !(echoed(text, request) || hit(&o, refusal) || hit(&o, cut) || hit(&o, leaked) || hit(&o, repetition))
}

func hit(o *Output, d detector) bool {
	_, ok := d(o)
	return ok
}

// plainRequest reports whether the request is in English letters: then an English answer is in its language.
func plainRequest(s string) bool {
	return mostlyASCII(s) && (len(s) <= 2<<10 || mostlyASCII(tailOf(s, 2<<10))) && !strings.Contains(s, `\u`) && (english(s) || len(s) > 600 && english(tailOf(s, 600)) || commanding(s))
}

// commanding reports whether a request has one of the words with which short English requests begin or go on.
func commanding(s string) bool {
	s = tailOf(s, 600)
	for _, w := range [...]string{" for ", " to ", "\"Write ", "\"Please ", "\"Give ", "\"List ", "\"Explain ", "\"What", "\"How", "\"Why ", "\"Who "} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// echoed reports whether a piece of the text stands in the request, or none can be compared because the text has
// no long enough run of plain words.
func echoed(text, request string) bool {
	const piece = 12
	compared := 0
	for _, at := range [...]int{len(text) / 2, len(text) / 3, len(text) / 4 * 3} {
		for i := at; i+piece <= len(text) && i < at+80; i++ {
			n := 0
			for n < piece && (text[i+n] == ' ' || text[i+n]|0x20 >= 'a' && text[i+n]|0x20 <= 'z') {
				n++
			}
			if n < piece {
				i += n
				continue
			}
			if strings.Contains(request, text[i:i+piece]) {
				return true
			}
			compared++
			break
		}
	}
	return compared == 0
}
