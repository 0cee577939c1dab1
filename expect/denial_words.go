package expect

var apologies = []string{"sorry", "apolog", "unfortunately", "sadly", "i'm afraid", "i am afraid", "regret"}

// regrets are apologies for something, which announce no denial.
var regrets = []string{"for the delay", "for the mistake", "for the confusion", "for the error", "for any confusion", "for the inconvenience", "for any inconvenience", "for my mistake", "for my previous", "for being late", "for misunderstanding", "for the misunderstanding", "for the oversight", "sorry to hear", "sorry for your loss", "sorry that you", "sorry you", "i'm late"}

var machines = []string{"as an ai", "as a language model", "as an artificial", "an ai language model", "ai assistant", "as a large language", "as a text-based", "just an ai", "as a responsible", "as a helpful", "as an assistant", "small chatbot", "i am an ai", "i'm an ai"}

// adverbs may stand between "I" and the negation.
var adverbs = []string{"am ", "'m ", "would ", "'d ", "'ll ", "truly ", "really ", "simply ", "just ", "currently ", "unfortunately ", "therefore ", "also ", "still ", "must ", "have to ", "honestly ", "personally ", "respectfully ", "genuinely ", "actually ", "absolutely ", "sadly ", "very ", "so ", "sorry, but i ", "sorry but i "}

// negations end where the verb begins.
var negations = []string{
	"cannot ", "can't ", "can not ", "won't ", "will not ", "unable to ", "not able to ", "not capable of ", "not allowed to ", "not permitted to ",
	"not programmed to ", "not designed to ", "not equipped to ", "not authorized to ", "not going to ", "not in a position to ", "should not ", "shouldn't ", "couldn't ", "could not ",
	"do not ", "don't ", "did not ", "didn't ", "rather not ", "prefer not to ", "not ", "decline ", "refuse ", "never ",
}

// fillers may stand between the negation and the verb.
var fillers = []string{"directly ", "actually ", "really ", "currently ", "fully ", "accurately ", "ethically ", "in good conscience ", "to ", "be able to ", "simply ", "personally ", "provide you with ", "physically ", "in good faith ", "legally ", "responsibly ", "be ", "have been able to ", "knowingly ", "effectively ",
	"have the ability to ", "have the capability to ", "have the capacity to ", "have the capability of ", "have the ability of ", "have the means to ", "in the business of ", "be able to "}

// verb is what is denied: the first words after "I cannot".
type verb struct {
	text string
	what deny
}

// verbs are tried in this order: the longer before the shorter of the same beginning.
var verbs = []verb{
	{"help but", denyNothing}, {"help the way", denyNothing}, {"help myself", denyNothing}, {"help thinking", denyNothing}, {"help feeling", denyNothing}, {"help it", denyNothing}, {"make it ", denyNothing}, {"make sure", denyNothing}, {"tell you how", denyNothing}, {"give up", denyNothing}, {"find it in", denyNothing}, {"share your", denyNothing}, {"see why", denyNothing}, {"see how", denyNothing}, {"follow you", denyNothing},
	{"assist", denyHelp}, {"help", denyHelp}, {"comply", denyHelp}, {"fulfill", denyHelp}, {"fulfil", denyHelp}, {"support", denyHelp}, {"engage", denyHelp},
	{"participate", denyHelp}, {"condone", denyHelp}, {"promote", denyHelp}, {"encourage", denyHelp}, {"recommend", denyHelp}, {"endorse", denyHelp}, {"facilitate", denyHelp},
	{"aid", denyHelp}, {"advise", denyHelp}, {"give advice", denyHelp}, {"offer advice", denyHelp}, {"feel comfortable", denyHelp}, {"comfortable", denyHelp},
	{"provide assistance", denyHelp}, {"provide advice", denyHelp}, {"provide guidance", denyHelp}, {"provide support", denyHelp}, {"provide instructions", denyHelp}, {"provide help", denyHelp}, {"provide any", denyHelp}, {"provide that", denyHelp}, {"provide this", denyHelp}, {"provide such", denyHelp}, {"provide detailed", denyHelp}, {"provide explicit", denyHelp}, {"provide recommendations", denyHelp}, {"provide you with any", denyHelp}, {"provide strategies", denyHelp},
	{"provide medical", denyHelp}, {"provide legal", denyHelp}, {"have provided", denyHelp}, {"have suggested", denyHelp}, {"have generated", denyHelp},
	{"discuss", denyHelp}, {"do that", denyHelp}, {"do this", denyHelp}, {"proceed", denyHelp}, {"accommodate", denyHelp}, {"agree to", denyHelp}, {"contribute", denyHelp}, {"enable", denyHelp}, {"continue with", denyHelp}, {"continue this", denyHelp}, {"follow", denyHelp}, {"go along", denyHelp}, {"entertain", denyHelp}, {"cooperate", denyHelp}, {"approve", denyHelp}, {"fabricate", denyHelp},
	{"real-time", denyKnow}, {"a real-time", denyKnow}, {"exact", denyKnow}, {"an exact", denyKnow}, {"precise", denyKnow}, {"a precise", denyKnow}, {"specific", denyKnow}, {"up-to-date", denyKnow}, {"personal opinion", denySelf}, {"personal experience", denySelf}, {"a personal opinion", denySelf}, {"current", denyKnow},
	{"provide real-time", denyKnow}, {"provide up-to-date", denyKnow}, {"provide current", denyKnow}, {"provide the exact", denyKnow}, {"provide an exact", denyKnow}, {"provide exact", denyKnow}, {"provide a definitive", denyKnow}, {"provide a precise", denyKnow}, {"provide personal opinion", denySelf}, {"provide a personal", denySelf}, {"provide an accurate", denyKnow}, {"provide accurate", denyKnow}, {"provide live", denyKnow}, {"provide links", denyKnow}, {"provide direct", denyKnow}, {"provide specific", denyKnow}, {"provide you", denyMake},
	{"provide", denyMake}, {"give you", denyMake}, {"give", denyMake}, {"offer", denyMake}, {"supply", denyMake},
	{"write", denyMake}, {"create", denyMake}, {"generate", denyMake}, {"produce", denyMake}, {"compose", denyMake}, {"draft", denyMake}, {"make sounds", denyMake}, {"make", denyMake}, {"design", denyMake},
	{"develop", denyMake}, {"list", denyMake}, {"rank", denyMake}, {"sort", denyMake}, {"classify", denyMake}, {"answer", denyMake}, {"respond", denyMake}, {"complete", denyMake}, {"convert", denyMake}, {"translate", denyMake}, {"summarize", denyMake}, {"summarise", denyMake},
	{"identify", denyKnow}, {"rewrite", denyMake}, {"edit", denyMake}, {"tell", denyKnow}, {"explain", denyMake}, {"describe", denyMake}, {"suggest", denyMake}, {"share", denyMake}, {"perform", denyMake},
	{"play", denyMake}, {"analyze", denyMake}, {"analyse", denyMake}, {"calculate", denyMake}, {"determine", denyKnow}, {"find", denyKnow}, {"solve", denyMake}, {"draw", denyMake}, {"show", denyMake}, {"fix", denyMake},
	{"continue", denyMake}, {"process", denyMake}, {"display", denyMake}, {"choose", denyMake}, {"select", denyMake}, {"present", denyMake}, {"prepare", denyMake}, {"improve", denyMake}, {"review", denyMake}, {"evaluate", denyMake}, {"compare", denyMake}, {"extract", denyMake}, {"carry out", denyMake}, {"do it", denyMake}, {"do so", denyMake}, {"comment", denyMake}, {"reply", denyMake}, {"impersonate", denyMake}, {"pretend", denyMake}, {"role-play", denyMake}, {"roleplay", denyMake}, {"act as", denyMake}, {"plan", denyMake}, {"teach", denyMake}, {"reveal", denyMake}, {"disclose", denyMake}, {"verify", denyKnow}, {"confirm", denyKnow},
	{"have the skill", denyMake}, {"have an answer", denyMake},
	{"access", denyKnow}, {"browse", denyKnow}, {"search", denyKnow}, {"see", denyKnow}, {"view", denyKnow}, {"open", denyKnow}, {"read", denyKnow}, {"hear", denyKnow}, {"listen", denyKnow}, {"watch", denyKnow}, {"predict", denyKnow}, {"execute", denyKnow}, {"run", denyKnow}, {"recall", denyKnow}, {"remember", denyKnow}, {"retrieve", denyKnow},
	{"have access", denyKnow}, {"have enough", denyKnow}, {"have sufficient", denyKnow}, {"have any information", denyKnow}, {"have information", denyKnow}, {"have specific", denyKnow}, {"have real-time", denyKnow}, {"have knowledge", denyKnow}, {"have any knowledge", denyKnow}, {"have the information", denyKnow}, {"have the knowledge", denyKnow}, {"have detailed", denyKnow}, {"have direct", denyKnow}, {"have up-to-date", denyKnow}, {"have context", denyKnow}, {"have any data", denyKnow}, {"have data", denyKnow}, {"have a way", denyKnow}, {"have any way", denyKnow}, {"have any record", denyKnow}, {"speculate", denyKnow}, {"understand", denyKnow}, {"sure", denyKnow}, {"know", denyKnow},
	{"have personal", denySelf}, {"have a personal", denySelf}, {"have any personal", denySelf}, {"have feelings", denySelf}, {"have opinions", denySelf}, {"have an opinion", denySelf}, {"have emotions", denySelf}, {"have thoughts", denySelf}, {"have preferences", denySelf}, {"have subjective", denySelf}, {"express", denySelf}, {"form", denySelf},
}
