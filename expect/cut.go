package expect

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/telltale-ai/telltale/fault"
)

// cut finds a text that ends in the middle although the provider calls it complete: on a comma or a function
// word, in an open code block, on a heading, or within a sentence where every other sentence is closed.
func cut(o *Output) (Finding, bool) {
	t := o.Text
	if o.Partial || o.Structured || len(t) < 60 {
		return Finding{}, false
	}
	end := len(t)
	for end > 0 && isBlank(t[end-1]) {
		end--
	}
	if end < 60 {
		return Finding{}, false
	}
	switch t[end-1] {
	case '.', '!', '?', ')', '"', '*', '}', ']', ';', '>', '|', '_':
		return Finding{}, false // a full stop, or something whose end is not to be judged
	}
	t = t[:end]
	why, likely := brokenOff(t)
	if why == "" {
		return Finding{}, false
	}
	return Finding{Cause: fault.CutOutput, Rule: "cut", Where: span(end, end), Likely: likely,
		Got: why + ": " + strconv.Quote("…"+tailOf(t, 80))}, true
}

// brokenOff says why t looks broken off, or "".
func brokenOff(t string) (why string, likely bool) {
	line := t[strings.LastIndexByte(t, '\n')+1:]
	if line = strings.TrimSpace(line); line == "" {
		return "", false
	}
	if strings.Contains(t, "```") && strings.Count(t, "```")%2 == 1 && strings.Contains(t, "\n") && line != "```" {
		return "the code block is never closed", false
	}
	last := t[len(t)-1]
	space := strings.LastIndexByte(line, ' ')
	if space < 0 && line[0] < 0x80 || strings.HasPrefix(line, "```") || line[0] == '|' || strings.HasPrefix(line, "http") {
		return "", false
	}
	switch {
	case strings.HasPrefix(line, "##") && isLetter(last) && len(t) > 500 && len(line) < 80 && strings.Count(t, "\n## ")+strings.Count(t, "\n### ") >= 3:
		return "ends on a heading", true
	case last == ',' && len(line) >= 40 && prose(line):
		return "ends on a comma", false
	case last == ':' && announces(line):
		return "announces what does not come", true
	case endsInLetter(t) || last == '\'' || last == '-':
		word := line[space+1:]
		if space > 0 && (len(t) >= 300 && determiner(word) || len(line) >= 40 && functionWord(word) && prose(line)) {
			return "ends on the word " + strconv.Quote(word), false
		}
		if len(line) >= 40 && prose(line) && closedElsewhere(t, line) {
			return "the last sentence is never closed", true
		}
	}
	return "", false
}

func endsInLetter(t string) bool {
	r, _ := utf8.DecodeLastRuneInString(t)
	return unicode.IsLetter(r)
}

// prose reports whether a line is a sentence or more: words of usual length, no code, no address.
func prose(line string) bool {
	for i := range len(line) {
		switch line[i] {
		case '{', '}', '=', '|', '<', '>', '\\', '@', '#', '_', ';':
			return false
		}
	}
	if strings.Contains(line, "://") || strings.Contains(line, "www.") {
		return false
	}
	blanks := strings.Count(line, " ")
	if blanks == 0 {
		return line[0] >= 0x80 && len(line) >= 60
	}
	n := len(line) / (blanks + 1)
	return blanks >= 4 && n >= 3 && n <= 12
}

// announces reports whether a line that ends on a colon says that something follows.
func announces(line string) bool {
	for _, w := range [...]string{"as follows:", "goes as follows:", " are:", "the following:", " includes:", "here is the code:", "here it is:"} {
		if strings.HasSuffix(line, w) {
			return len(line) >= 40
		}
	}
	return false
}

// determiner reports whether a noun must follow w.
func determiner(w string) bool {
	switch w {
	case "the", "a", "an", "their", "its", "your", "our", "my", "whose":
		return true
	}
	return false
}

// functionWord reports whether no English sentence, title or line of verse is likely to end on w.
func functionWord(w string) bool {
	switch w {
	case "the", "a", "an", "and", "or", "their", "its", "your", "our", "my", "which", "because", "than", "into", "such", "is", "are", "was", "were",
		"will", "would", "can", "could", "should", "has", "have", "had", "but", "if", "while", "when", "as", "from", "by", "of", "with", "for", "to", "who", "whose", "that", "this", "these", "at", "between", "through", "during", "he", "they", "we", "also", "any", "every", "each", "both", "be", "been", "may", "might", "must", "The", "A", "In", "And", "This":
		return true
	}
	return false
}

// closedElsewhere reports whether the text closes its sentences, all but the last: either the last paragraph has
// closed sentences before its open end, or the other long lines end as sentences do.
func closedElsewhere(t, line string) bool {
	rest := t[:len(t)-len(line)]
	long, closed := 0, 0
	for s := tailOf(rest, 8<<10); s != ""; {
		i := strings.IndexByte(s, '\n')
		l := s
		if i >= 0 {
			l, s = s[:i], s[i+1:]
		} else {
			s = ""
		}
		if l = strings.TrimSpace(l); len(l) >= 60 && l[0] != '|' && l[0] != '#' {
			long++
			if closing(l) {
				closed++
			}
		}
	}
	if long >= 3 && closed*100 < long*90 {
		return false
	}
	open := line
	sentences := 0
	for i := len(line) - 2; i > 0; i-- {
		if (line[i] == '.' || line[i] == '!' || line[i] == '?') && line[i+1] == ' ' && i > 2 && isLetter(line[i-1]) && isLetter(line[i-2]) {
			if sentences == 0 {
				open = line[i+2:]
			}
			sentences++
		}
	}
	if strings.Count(open, " ") < 3 && long < 6 || signOff(open) {
		return false
	}
	switch {
	case sentences >= 2, sentences == 1 && long >= 2:
		return true
	}
	return long >= 4 && len(line) >= 40
}

// closing reports whether a line ends as a sentence, a quotation or an announcement does.
func closing(l string) bool {
	switch l[len(l)-1] {
	case '.', '!', '?', ':', ')', '"', '*', ';', '`':
		return true
	}
	return strings.HasSuffix(l, "。") || strings.HasSuffix(l, "！") || strings.HasSuffix(l, "？") || strings.HasSuffix(l, "”") || strings.HasSuffix(l, "：") || strings.HasSuffix(l, "）") || strings.HasSuffix(l, "…")
}

// signOff reports whether the open end is a greeting or an offer, which people often leave without a full stop.
func signOff(s string) bool {
	for _, w := range [...]string{"Let me know", "let me know", "Hope ", "Thank", "Good luck", "Enjoy", "Best ", "Cheers", "Feel free", "I hope", "Happy "} {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}
