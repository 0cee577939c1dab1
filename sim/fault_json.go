package sim

import "strings"

// sound is the JSON that should have come: an instance of the request's schema.
func (p *plan) sound() string {
	s := p.c.schema
	if s == nil {
		s = true
	}
	return marshal(example(s))
}

var jsonFaults = []Fault{
	{Name: "broken-json", Doc: "200, finish_reason stop, JSON that ends in the middle of a string.", Guide: "Detecting silent failures: json_extract", On: Text,
		play: func(p *plan) { j := p.sound(); p.a.say(j[:len(j)-1] + `,"note":"the rest of th`) }},
	{Name: "trailing-comma", Doc: "200 with JSON that has a comma too many and single quotes.", On: Text,
		play: func(p *plan) { j := p.sound(); p.a.say(strings.ReplaceAll(j[:len(j)-1], `"`, "'") + ",}") }},
	{Name: "fenced-json", Doc: "200 with sound JSON inside a Markdown fence and a sentence before it.", On: Text,
		play: func(p *plan) { p.a.say("Here is the JSON you asked for:\n\n```json\n" + p.sound() + "\n```") }},
	{Name: "not-json", Doc: "200 with plain text where JSON was asked for.", Guide: "Detecting silent failures: expected JSON but got plain text", On: Text,
		play: func(p *plan) {
			p.a.say("Sure! The invoice is from 14 March and comes to 120 euros in total, to be paid within 30 days.")
		}},
	{Name: "schema-mismatch", Doc: "200 with JSON that is not what the schema asks for.", On: Text,
		play: func(p *plan) { p.a.say(`{"result":{"status":"done"},"items":null}`) }},
}
