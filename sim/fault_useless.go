package sim

import "strings"

// Text that claims to be complete and is of no use.
var uselessFaults = []Fault{
	{Name: "wrong-label", Doc: "200 with a sentence where one of a few labels was asked for.", Guide: "Detecting silent failures: classify", On: Text,
		play: func(p *plan) {
			p.a.say("The customer sounds mostly happy, though the late delivery clearly bothered them a little.")
		}},
	{Name: "refusal", Doc: "200, finish_reason stop, a refusal in plain text.", On: Text,
		play: func(p *plan) { p.a.say("I'm sorry, but I can't help with that request.") }},
	{Name: "repetition", Doc: "200 with text that fell into a loop.", On: Text,
		Keys: []Key{{"loops", "80", "how often the phrase comes"}, gapKey},
		play: func(p *plan) {
			p.wire.gap = p.k.dur("gap")
			p.a.say("The harbour is open. " + strings.Repeat("and then the ship came back to the harbour ", min(max(p.k.num("loops"), 1), 100_000)))
		}},
	{Name: "echo", Doc: "200 with the prompt itself as the answer.", On: Text,
		play: func(p *plan) { p.a.say(p.c.prompt) }},
	{Name: "cut-output", Doc: "200, finish_reason stop, text that ends in the middle of a word.", On: Text,
		play: func(p *plan) {
			p.a.say("To restore the backup, first stop the service and copy the snapshot to the data directory.\n\n1. Stop the service.\n2. Copy the snapshot.\n3. Start the service again and check that the la")
		}},
	{Name: "leaked-template", Doc: "200 with tokens of the chat template in the text.", On: Text,
		play: func(p *plan) {
			p.a.say("The capital of Norway is Oslo.<|im_end|>\n<|im_start|>user\nAnd of Sweden?<|im_end|>\n<|im_start|>assistant\n")
		}},
	{Name: "wrong-language", Doc: "200 with an answer in Spanish (French for a Spanish question).", On: Text,
		play: func(p *plan) {
			if strings.ContainsAny(p.c.prompt, "¿¡ñ") {
				p.a.say("Le bateau quitte le deuxième quai toutes les quarante minutes, et le dernier part un peu avant minuit. Il vaut mieux acheter son billet la veille.")
				return
			}
			p.a.say("El barco sale del segundo muelle cada cuarenta minutos y el último cruza poco antes de la medianoche. Conviene comprar el billete el día anterior porque en verano se agotan pronto.")
		}},
	{Name: "short-output", Doc: "200 with one word where more was asked for.", Guide: "FAQ: how to catch silent failures (minimum length)", On: Text,
		play: func(p *plan) { p.a.say("Ok.") }},
}
