package expect

import (
	"bytes"
	"strings"
)

// judges finds a text that, instead of doing what was asked, says that it is wrong to ask. It is taken only when
// the request is not itself about right and wrong, and nothing but good advice follows.
func judges(o *Output, low []byte) bool {
	t := o.Text
	if len(t) > 1500 || len(t) < 60 || strings.IndexByte(t, '"') >= 0 {
		return false
	}
	first := low[:min(len(low), sentenceEnd(low, sentenceEnd(low, 0)))]
	return hasAny(first, verdicts) && !listed(t) && !fenced(t) && hasAny(low, redirections) && !bytes.Contains(first, []byte("yes")) &&
		!asks(o, "ethic", "legal", "allowed", "moral", "right or wrong", "should ", "is it ", "crime", "law", "appropriate", "essay", "opinion", "what do you think", "why is", "why are", "story", "article", "explain", "summar")
}

var verdicts = []string{"unethical", "not ethical", "not appropriate or", "illegal and", "morally wrong", "morally reprehensible", "is not acceptable and", "dishonest and"}

var redirections = []string{"it is important to", "it's important to", "instead", "i encourage", "i urge", "it is best", "it's best", "consider ", "better to", "it is always", "should be held", "we should", "is not a safe"}

// sorryOnly reports whether a short text begins by being sorry and does nothing but ask back or find the request improper.
func sorryOnly(o *Output, low []byte) bool {
	t := o.Text
	if len(t) > 450 || listed(t) || fenced(t) || !bytes.Contains(low[:min(len(low), 60)], []byte("sorry, but")) && !bytes.Contains(low[:min(len(low), 60)], []byte("apologize, but")) && !bytes.Contains(low[:min(len(low), 60)], []byte("apologies, but")) {
		return false
	}
	first := low[:sentenceEnd(low, 0)]
	return hasAny(first, improper) || hasAny(low, questions) && (t[len(t)-1] == '?' || hasAny(low, []string{"please provide", "please clarify", "could you", "can you please"}))
}

// improper are words by which a request is turned away.
var improper = []string{"inappropriate", "offensive", "unethical", "not appropriate", "not ethical", "harmful", "illegal", "against my", "against our", "violate", "not something i", "beyond my", "outside my", "not within my", "not possible for me"}

// bounds are how a speaker names its own limits, each list with words that stand in all of it.
var bounds = []struct {
	within  string
	phrases []string
}{
	{"not something i", []string{"not something i can", "not something i'm able", "not something i am able"}},
	{" for me to", []string{"not appropriate for me to", "inappropriate for me to", "irresponsible for me to", "unethical for me to", "not possible for me to"}},
	{"my ", []string{"not within my capabilit", "beyond my capabilit", "outside my capabilit", "outside of my capabilit", "against my programming", "against my guidelines", "against my ethical", "against my principles", "against my policies", "my programming does not allow", "my guidelines do not allow", "my guidelines prohibit"}},
	{"violates my", []string{"violates my"}},
	{"against openai", []string{"against openai"}},
	{"i lack the ", []string{"i lack the ability", "i lack the capability"}},
}

// bounded reports whether one of the first two sentences says that the request is outside of what the speaker may or can do.
func bounded(o *Output, low []byte) bool {
	end := sentenceEnd(low, 0)
	if end < len(low) {
		end = sentenceEnd(low, end)
	}
	low = low[:min(end, 400)]
	if len(o.Text) >= 900 {
		return false
	}
	for i := range bounds {
		if bytes.Contains(low, []byte(bounds[i].within)) && hasAny(low, bounds[i].phrases) {
			return !listed(o.Text) && !fenced(o.Text)
		}
	}
	return false
}
