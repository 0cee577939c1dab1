package sim

// The first tool that the request offers is the one that is called; without any, a tool get_weather is made up.
var toolFaults = []Fault{
	{Name: "tool-calls", Doc: "200 with a sound tool call; content is null by design.", Guide: "finish_reason: tool_calls", On: Text,
		play: func(p *plan) { t := p.offered(); p.callTool(t.name, marshal(example(t.params))) }},
	{Name: "bad-tool-arguments", Doc: "200 with a tool call whose arguments are not JSON.", On: Text,
		play: func(p *plan) { p.callTool(p.offered().name, `{"city": "Oslo", "unit": "cel`) }},
	{Name: "tool-schema-mismatch", Doc: "200 with a tool call whose arguments lack everything that the tool requires.", On: Text,
		play: func(p *plan) { p.callTool(p.offered().name, `{"unexpected":"value"}`) }},
	{Name: "unknown-tool", Doc: "200 with a call of a tool that was not offered.", On: Text,
		play: func(p *plan) { p.callTool("delete_everything", `{"confirm":true}`) }},
	{Name: "printed-tool-call", Doc: "200 with a tool call printed as text.", On: Text,
		play: func(p *plan) {
			p.a.say("<tool_call>\n{\"name\": \"" + p.offered().name + "\", \"arguments\": {\"city\": \"Oslo\"}}\n</tool_call>")
		}},
}

func (p *plan) offered() tool {
	if len(p.c.tools) > 0 {
		return p.c.tools[0]
	}
	return tool{"get_weather", obj{"type": "object", "properties": obj{"city": obj{"type": "string"}}, "required": []any{"city"}}}
}

func (p *plan) callTool(name, args string) {
	p.a.text, p.a.null, p.a.finish = "", true, finTools
	p.a.calls = []toolCall{{p.c.s.id("call_"), name, args}}
	p.a.count()
}
