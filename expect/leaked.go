package expect

import (
	"strconv"
	"strings"

	"github.com/telltale-ai/telltale/fault"
)

// leaked finds what belongs to the machinery and not to the answer: chat-template tokens, the next turn of a
// conversation that nobody had, placeholders of an anonymiser, blanks that were never filled in.
func leaked(o *Output) (Finding, bool) {
	t := o.Text
	if len(t) < 3 {
		return Finding{}, false
	}
	head, tail := within(t, 32<<10), ""
	if len(t) > 32<<10 {
		tail = tailOf(t, 8<<10)
	}
	for n, s := range [...]string{head, tail} {
		if s == "" {
			continue
		}
		at, size := templateToken(o, s)
		if at < 0 {
			at, size = nextTurn(o, s)
		}
		if at < 0 && len(t) < 1200 {
			at, size = unfilled(o, s)
		}
		if at >= 0 {
			from := at
			if n == 1 {
				from += len(t) - len(tail)
			}
			return Finding{Cause: fault.LeakedTemplate, Rule: "leaked", Where: span(from, from+size), Got: strconv.Quote(capTo(s[at:min(len(s), at+max(size, 40))], 120))}, true
		}
	}
	return Finding{}, false
}

// tokens are parts of chat templates that are no words of any language. [Sources: the chat templates of Llama 2
// and 3, Mistral, Gemma, ChatML, Alpaca and Vicuna, DeepSeek, Command.]
var templateTokens = []string{
	"</s>", "<<SYS>>", "<</SYS>>", "<start_of_turn>", "<end_of_turn>", "<bos>", "<eos>", "<PRESIDIO_ANONYMIZED_", "<unk>", "<pad>",
	"<｜end▁of▁sentence｜>", "<｜begin▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>",
	"<|im_start|>", "<|im_end|>", "<|endoftext|>",
}

// templateToken finds a token of a chat template, outside of code, that the request does not speak of.
func templateToken(o *Output, s string) (at, size int) {
	for i, tries := 0, 0; tries < 32; i++ { // a text that is full of excused tokens speaks of them
		n := strings.IndexByte(s[i:], '<')
		if n < 0 {
			break
		}
		i += n
		size := tokenAt(s[i:])
		if size == 0 {
			continue
		}
		if !spokenOf(o, s[i:i+size]) && !inCode(s, i) && !struckOut(s, i) {
			return i, size
		}
		tries++
	}
	for _, w := range [...]string{"[INST]", "[/INST]", "[object Object]"} {
		if strings.IndexByte(s, '[') < 0 {
			break
		}
		if i := strings.Index(s, w); i >= 0 && !spokenOf(o, w) && !inCode(s, i) {
			return i, len(w)
		}
	}
	return -1, 0
}

// tokenAt returns the length of the template token that s begins with, 0 if none.
func tokenAt(s string) int {
	if len(s) > 3 && s[1] == '|' {
		for i := 2; i < len(s) && i < 40; i++ {
			switch c := s[i]; {
			case c == '|' && i > 3 && i+1 < len(s) && s[i+1] == '>':
				return i + 2
			case c == '_' || isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z':
			default:
				return 0
			}
		}
		return 0
	}
	for _, w := range templateTokens {
		if strings.HasPrefix(s, w) {
			return len(w)
		}
	}
	return 0
}

// struckOut reports whether the token at i is HTML's mark for struck-out text, which comes in pairs.
func struckOut(s string, i int) bool {
	return strings.HasPrefix(s[i:], "</s>") && strings.Contains(s[:i], "<s>")
}

// spokenOf reports whether the request holds w; of a long one the first and last 64 kB are searched.
func spokenOf(o *Output, w string) bool {
	const most = 64 << 10
	for _, s := range [...]string{o.Prompt, o.System} {
		if strings.Contains(within(s, most), w) || len(s) > most && strings.Contains(tailOf(s, most), w) {
			return true
		}
	}
	return false
}

// inCode reports whether byte i of s stands in a code block or between back quotes.
func inCode(s string, i int) bool {
	if strings.Count(s[:i], "```")%2 == 1 {
		return true
	}
	line := s[strings.LastIndexByte(s[:i], '\n')+1 : i]
	return strings.Count(line, "`")%2 == 1
}

// nextTurn finds a text that goes on with the user's next message.
func nextTurn(o *Output, s string) (at, size int) {
	for _, w := range [...]string{"### Human:", "### Assistant:", "### User:", "### Instruction:", "### Response:"} {
		if strings.IndexByte(s, '#') < 0 {
			break
		}
		i := strings.Index(s, w)
		if i >= 0 && !spokenOf(o, w) && !inCode(s, i) && !talks(o) {
			return i, len(w)
		}
	}
	for from, tries := 0, 0; tries < 4; {
		i := strings.IndexByte(s[from:], '\n')
		if i < 0 {
			return -1, 0
		}
		from += i + 1
		if from < len(s) && (s[from] == 'H' && strings.HasPrefix(s[from:], "Human: ") || s[from] == 'U' && strings.HasPrefix(s[from:], "USER: ")) {
			if size := strings.IndexByte(s[from:], ' '); !spokenOf(o, s[from:from+size]) && !inCode(s, from) && !talks(o) {
				return from, size
			}
			tries++
		}
	}
	return -1, 0
}

// talks reports whether the request asks for a conversation or for such headings.
func talks(o *Output) bool {
	return asks(o, "dialog", "conversation", "transcript", "chat", "script", "interview", "human", "instruction", "### ", "role-play", "roleplay", "prompt", "example")
}

// unfilled finds a short answer that consists in good part of blanks to be filled in, though no form, letter
// or template was asked for.
func unfilled(o *Output, s string) (at, size int) {
	if at, size := variable(o, s); at >= 0 {
		return at, size
	}
	i := strings.IndexByte(s, '[')
	if i < 0 {
		return -1, 0
	}
	first, n, bytes, inserts := -1, 0, 0, 0
	for i < len(s) {
		end := strings.IndexByte(s[i:], ']')
		if end < 0 {
			break
		}
		end += i
		if in := s[i+1 : end]; placeholder(in) && blankAt(s, i, end) {
			if first < 0 {
				first, size = i, end+1-i
			}
			n++
			bytes += len(in) + 2
			if strings.HasPrefix(in, "Insert ") || strings.HasPrefix(in, "insert ") || strings.HasPrefix(in, "INSERT ") {
				inserts++
			}
		}
		if i = end + 1; i < len(s) {
			if next := strings.IndexByte(s[i:], '['); next >= 0 {
				i += next
				continue
			}
		}
		break
	}
	if n < 2 || inserts < 2 && bytes*100 < len(s)*12 {
		return -1, 0
	}
	if inserts >= 2 && strings.Contains(s, "nsert link") && asks(o, "link", "url") {
		return first, size
	}
	if asks(o, "template", "letter", "email", "e-mail", "signature", "form", "placeholder", "draft", "write", "fill in", "blank", "bracket", "[", "contract", "resume", "invoice", "script", "message", "bio", "announce", "invitation", "obituary", "speech", "lyrics", "chord", "song", "agreement", "reply", "regex", "poem", "notice", "policy") {
		return -1, 0
	}
	return first, size
}

// variable finds a template's variable, such as {{name}}, that was never replaced, or the printers' dummy text.
func variable(o *Output, s string) (at, size int) {
	if i := loremIn(s); i > 0 && !asks(o, "lorem", "ipsum", "latin", "placeholder", "dummy", "sample", "filler", "template", "html", "css", "page", "design", "layout", "typeset", "latex") {
		return i - 1, len("Lorem ipsum dolor")
	}
	i := strings.Index(s, "{{")
	if i < 0 || strings.IndexByte(s, '`') >= 0 || spokenOf(o, "{{") {
		return -1, 0
	}
	end := strings.Index(s[i:], "}}")
	if end < 3 || end > 40 || !placeholderName(strings.TrimSpace(s[i+2:i+end])) ||
		asks(o, "template", "variable", "placeholder", "mail", "letter", "message", "form", "jinja", "mustache", "handlebars", "vue", "angular", "liquid", "ansible", "helm", "yaml", "workflow", "action", "latex", "code", "html", "wiki", "prompt", "brace", "bracket", "format", "math", "json", "react", "script", "function") {
		return -1, 0
	}
	return i, end + 2
}

// loremIn finds "orem ipsum dolor". It looks for the part of it that begins with the rarest letters.
func loremIn(s string) int {
	if !strings.Contains(s, "psum dolor") {
		return -1
	}
	return strings.Index(s, "orem ipsum dolor")
}

// placeholderName reports whether s is an identifier.
func placeholderName(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= 0x80 || !isLetter(c) && !isDigit(c) && c != '_' && c != '.' && c != ' ' {
			return false
		}
	}
	return s != "" && isLetter(s[0])
}

// blankAt reports whether the brackets from i to end stand within a line of prose: no link, index or section.
func blankAt(s string, i, end int) bool {
	if end+1 < len(s) && (s[end+1] == '(' || s[end+1] == ':' || s[end+1] == '[') || i == 0 || s[i-1] == '\n' || isLetter(s[i-1]) || isDigit(s[i-1]) || s[i-1] == ']' || s[i-1] == '_' {
		return false
	}
	return !inCode(s, i)
}

// blanks are words that stand in what is to be filled in.
var blanks = []string{"insert", "your", "name", "date", "link", "address", "company", "title", "city", "number", "e-mail", "email", "topic", "url", "amount", "recipient", "location", "time", "phone", "placeholder"}

// placeholder reports whether what stands between brackets is a few plain words, such as "Your Name" or "link 1".
func placeholder(in string) bool {
	if len(in) < 3 || len(in) > 50 || !isLetter(in[0]) {
		return false
	}
	for i := 0; i < len(in); i++ {
		if c := in[i]; !isLetter(c) && !isDigit(c) && c != ' ' && c != '\'' && c != '_' && c != '/' && c != '-' {
			return false
		}
	}
	var stack [64]byte
	return hasAny(lower(stack[:0], in, 50), blanks)
}
