package expect

import "bytes"

// What a sentence says that its speaker does not do.
type deny int

const (
	denyNothing deny = iota
	denyHelp         // assist, comply, advise: a policy's words
	denyMake         // write, list, answer: the work that was asked for
	denyKnow         // browse, access, have information: a limit of the machine
	denySelf         // feel, have opinions: a statement about itself
)

// denial is the first sentence of a text in which the speaker says that it does not do something.
type denial struct {
	what    deny
	from    int  // where the sentence starts
	end     int  // where it ends
	after   int  // where the words after the verb start
	apology bool // it or the text's beginning is sorry
	machine bool // it says that it is a machine
}

// firstDenial searches the first sentences of a lower-case text.
func firstDenial(low []byte) denial {
	for at, n := 0, 0; at < len(low) && n < 5 && at < 420; n++ {
		end := sentenceEnd(low, at)
		s := low[at:end]
		for p := 0; p < len(s); {
			k, verb := denialAt(s, p)
			if k < 0 {
				break
			}
			if what, after := verbOf(s[verb:]); what != denyNothing && !(what == denyHelp && opinion(s[k:verb], s[verb:])) {
				d := denial{what: what, from: at, end: end, after: at + verb + after}
				d.lookBack(low)
				return d
			}
			p = verb
		}
		at = end
	}
	return denial{}
}

// lookBack notes whether the sentences up to the denial are sorry, or say that a machine speaks.
func (d *denial) lookBack(low []byte) {
	for at := 0; at < d.end; {
		end := sentenceEnd(low, at)
		s := low[at:end]
		d.apology = d.apology || hasAny(s, apologies) && !hasAny(s, regrets)
		d.machine = d.machine || hasAny(s, machines)
		at = end
	}
}

// opinion reports whether "I do not recommend" and the like were said: that is advice, which only "I cannot
// recommend" refuses.
func opinion(negation, verb []byte) bool {
	if hasAny(negation, []string{"can", "unable", "able", "comfort"}) {
		return false
	}
	return hasAny(verb[:min(len(verb), 10)], []string{"recommend", "advise", "suggest", "endorse", "encourage", "support", "agree", "follow", "help"})
}

// sentenceEnd returns where the sentence that starts at from ends.
func sentenceEnd(low []byte, from int) int {
	for i := from; i < len(low); i++ {
		switch low[i] {
		case '\n':
			if i > from+1 {
				return i + 1
			}
		case '.', '!', '?':
			if i+1 == len(low) || isBlank(low[i+1]) || low[i+1] == '"' {
				if i > from+3 {
					return i + 1
				}
			}
		}
	}
	return len(low)
}

// denialAt finds the next "I cannot" (in one of its spellings) and returns where it begins and where the verb follows.
func denialAt(s []byte, from int) (at, verb int) {
	for i := from; i < len(s); i++ {
		switch s[i] {
		case 'i', 'w', 's', 'u', 'n', 'c':
		default:
			continue
		}
		if i > 0 && s[i-1] != ' ' && s[i-1] != '\n' && s[i-1] != '(' && s[i-1] != ',' {
			continue
		}
		rest := s[i:]
		bare, we := false, false
		switch {
		case bytes.HasPrefix(rest, []byte("i ")):
			rest = rest[2:]
		case bytes.HasPrefix(rest, []byte("i'm ")):
			rest = rest[4:]
		case bytes.HasPrefix(rest, []byte("i'd ")), bytes.HasPrefix(rest, []byte("i'll ")):
			rest = rest[bytes.IndexByte(rest, ' ')+1:]
		case bytes.HasPrefix(rest, []byte("we ")):
			rest, we = rest[3:], true
		case i == 0 || bytes.HasSuffix(s[:i], []byte("but ")) || bytes.HasSuffix(s[:i], []byte(", ")) || bytes.HasSuffix(s[:i], []byte("sorry ")) || bytes.HasSuffix(s[:i], []byte("and ")):
			bare = true
		default:
			continue
		}
		rest = skipWords(rest, adverbs)
		for _, n := range negations {
			if w := n[:len(n)-1]; bytes.HasPrefix(rest, []byte(w)) && len(rest) > len(w) && (rest[len(w)] == ' ' || (n == "cannot " || n == "decline " || n == "refuse " || n == "can't ") && (rest[len(w)] == '.' || rest[len(w)] == ',')) {
				if (bare || we) && (n[0] != 'c' && n[0] != 'u' && n != "not able to " || !hasAny(s, apologies)) {
					break // "Sorry, can't help" and "Unfortunately, we cannot", but not "if we can't"
				}
				verb = len(s) - len(rest) + len(w)
				if rest[len(w)] == ' ' {
					verb++
				}
				return i, verb
			}
		}
	}
	return -1, 0
}

// skipWords drops leading words that change nothing.
func skipWords(s []byte, words []string) []byte {
	for again := true; again; {
		again = false
		for _, w := range words {
			if bytes.HasPrefix(s, []byte(w)) {
				s, again = s[len(w):], true
			}
		}
	}
	return s
}

// verbOf tells what the words after "I cannot" deny, and how long the deciding words are.
func verbOf(s []byte) (deny, int) {
	if len(s) == 0 || s[0] == '.' || s[0] == ',' || s[0] == '!' {
		return denyHelp, 0 // "I'm sorry, but I cannot."
	}
	cut := skipWords(s, fillers)
	skipped := len(s) - len(cut)
	for _, v := range verbs {
		if n := v.length(cut); n > 0 {
			return v.what, skipped + n
		}
	}
	return denyNothing, 0
}

func hasAny(s []byte, words []string) bool {
	for _, w := range words {
		if bytes.Contains(s, []byte(w)) {
			return true
		}
	}
	return false
}

// length returns how many bytes of s the verb takes, in its plain or its -ing form; 0 when s does not begin with it.
func (v verb) length(s []byte) int {
	if bytes.HasPrefix(s, []byte(v.text)) {
		if v.text[len(v.text)-1] == ' ' {
			return len(v.text)
		}
		if n := len(v.text); len(s) == n || !isLetter(s[n]) {
			return n
		}
		if bytes.HasPrefix(s[len(v.text):], []byte("ing")) {
			return len(v.text) + 3
		}
	}
	if stem, ok := bytes.CutSuffix([]byte(v.text), []byte("e")); ok && bytes.HasPrefix(s, stem) && bytes.HasPrefix(s[len(stem):], []byte("ing")) {
		return len(stem) + 3
	}
	return 0
}
