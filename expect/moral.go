package expect

import (
	"bytes"
	"strings"
)

// judges finds a text that, instead of doing what was asked, says that it is wrong to ask. It is taken only when
// the request is not itself about right and wrong, and nothing but good advice follows.
func judges(o *Output, low []byte) bool {
	t := o.Text
	if len(t) > 1500 || len(t) < 60 || listed(t) || fenced(t) || strings.Contains(t, "\"") {
		return false
	}
	first := low[:min(len(low), sentenceEnd(low, sentenceEnd(low, 0)))]
	return hasAny(first, verdicts) && hasAny(low, redirections) && !bytes.Contains(first, []byte("yes")) &&
		!asks(o, "ethic", "legal", "allowed", "moral", "right or wrong", "should ", "is it ", "crime", "law", "appropriate", "essay", "opinion", "what do you think", "why is", "why are", "story", "article", "explain", "summar")
}

var verdicts = []string{"unethical", "not ethical", "not appropriate or", "illegal and", "morally wrong", "morally reprehensible", "is not acceptable and", "dishonest and"}

var redirections = []string{"it is important to", "it's important to", "instead", "i encourage", "i urge", "it is best", "it's best", "consider ", "better to", "it is always", "should be held", "we should", "is not a safe"}
