package telltale

import (
	"strings"
)

// endPart takes one part of an answer into its choice.
func (f *Facts) endPart() {
	p := f.part
	if f.copying && p.at.n != nil {
		switch p.at.n.name {
		case "item":
			f.frame.item, f.frame.hasItem = p, true
			return
		case "content_block":
			f.frame.block, f.frame.hasBlock = p, true
			return
		}
	}
	f.addPart(&p, -1)
}

// restart forgets what came so far.
func (c *Choice) restart() {
	c.text.reset()
	c.reasoning.reset()
	c.refusal.reset()
	c.ToolCalls = c.ToolCalls[:0]
	c.other, c.server = 0, 0
}

func (f *Facts) addPart(p *part, index int32) {
	c := f.cur()
	if p.typ != "message" {
		c.parts++
	}
	switch p.typ {
	case "text", "output_text", "":
		if p.thought {
			c.reasoning.add(p.text, f.copying)
			return
		}
		if p.text.kind == kindString {
			c.seenText = true
			if len(p.text.raw) > 0 || !c.textAt.seen() {
				c.textAt = p.at
			}
			c.text.add(p.text, f.copying)
		}
		if p.media || p.other {
			c.other++
		}
	case "thinking", "reasoning", "redacted_thinking", "summary_text", "reasoning_text", "think":
		c.reasoning.add(p.text, f.copying)
	case "refusal":
		c.refusal.add(p.text, f.copying)
		c.refusalAt = p.at
	case "tool_use", "function_call", "custom_tool_call":
		if len(c.ToolCalls) >= 256 {
			return
		}
		call := ToolCall{index: index, at: p.at, Name: f.str(p.name)}
		if p.args.kind == kindString {
			call.args.add(p.args, f.copying)
			call.noParse = p.typ == "custom_tool_call"
		} else if p.args.kind == kindObject && (!p.args.empty || !f.copying) {
			call.args.add(p.args, f.copying)
			call.object = true
		}
		f.addCall(c, call)
	case "local_shell_call", "shell_call", "computer_call", "apply_patch_call", "mcp_approval_request":
		f.addCall(c, ToolCall{index: index, at: p.at, Name: strings.TrimSuffix(p.typ, "_call"), noParse: true})
	case "message":
	default:
		if strings.HasPrefix(p.typ, "server_tool") || strings.HasSuffix(p.typ, "_call") || strings.HasSuffix(p.typ, "_tool_result") {
			c.server++
		}
		c.other++
	}
}

// endCall takes a tool call, or a piece of one, into its choice.
func (f *Facts) endCall() {
	call := f.call
	if call.Name == "" && call.args.n == 0 && !f.copying {
		return
	}
	c := f.cur()
	c.parts++
	f.part.call = true
	if f.copying {
		for i := range c.ToolCalls {
			have := &c.ToolCalls[i]
			if call.index >= 0 && have.index == call.index && (call.Name == "" || have.Name == "" || call.Name == have.Name) ||
				call.index < 0 && call.Name == "" && i == len(c.ToolCalls)-1 {
				if have.Name == "" {
					have.Name = call.Name
				}
				have.args.join(&call.args)
				if call.args.n > 0 {
					have.noParse = false
				}
				return
			}
		}
	}
	if len(c.ToolCalls) < 256 {
		f.addCall(c, call)
	}
}

func (f *Facts) addCall(c *Choice, call ToolCall) {
	if c.ToolCalls == nil && c.Index == 0 {
		c.ToolCalls = f.calls0[:0]
	}
	c.ToolCalls = append(c.ToolCalls, call)
}

// join appends what other holds.
func (t *buf) join(other *buf) {
	if other.n > 0 {
		t.add(val{kind: kindString, raw: []byte(other.String())}, true)
	}
}

// endFrame takes what an event says at its top, where the meaning of one field depends on another.
func (f *Facts) endFrame() {
	fr := &f.frame
	if fr.hasBlock {
		f.addPart(&fr.block, fr.index)
	}
	if fr.hasItem && strings.HasSuffix(fr.typ, ".done") {
		f.addPart(&fr.item, fr.index)
	}
	if fr.args.kind == kindString && len(f.Choices) > 0 {
		c := f.cur()
		for i := len(c.ToolCalls) - 1; i >= 0; i-- {
			if c.ToolCalls[i].index == fr.index || !fr.has {
				c.ToolCalls[i].args.add(fr.args, true)
				break
			}
		}
	}
	if fr.text.kind == kindString && (fr.typ == "" || fr.typ == "text-generation") {
		c := f.cur()
		c.seenText = true
		c.text.add(fr.text, true)
	} else if fr.text.kind == kindString {
		f.other++
	}
	if fr.delta.kind == kindString && !strings.HasSuffix(fr.typ, ".done") {
		c := f.cur()
		switch {
		case strings.Contains(fr.typ, "refusal"):
			c.refusal.add(fr.delta, true)
		case strings.Contains(fr.typ, "reasoning"):
			c.reasoning.add(fr.delta, true)
		case strings.HasSuffix(fr.typ, "text.delta"):
			c.seenText = true
			c.text.add(fr.delta, true)
			if len(fr.delta.raw) > 0 {
				c.textAt = at{event: f.event, path: ""}
				c.textAt.n = f.tree.kid([]byte("delta"))
			}
		default:
			f.other++
		}
	}
	f.lastType = fr.typ
	f.frame = frame{}
}

// seal makes the gathered texts visible.
func (f *Facts) seal() {
	for i := range f.Choices {
		c := &f.Choices[i]
		c.Text, c.Reasoning, c.Refusal = c.text.String(), c.reasoning.String(), c.refusal.String()
		if c.Text == "" {
			c.Text = c.whole.String()
		}
		c.Capped = c.text.cut
		for k := range c.ToolCalls {
			c.ToolCalls[k].Args = c.ToolCalls[k].args.String()
		}
	}
}

// Evidence shows a value at a place, copied and capped.
func evidence(where, value string) Evidence {
	return Evidence{Where: where, Value: clip(value, 200)}
}

// clip copies s and caps it at about n bytes, whole characters only.
func clip(s string, n int) string {
	if len(s) <= n {
		return strings.ToValidUTF8(strings.Clone(s), "\uFFFD")
	}
	s = s[:n]
	for i := 0; i < 3 && len(s) > 0 && s[len(s)-1]&0xC0 == 0x80; i++ {
		s = s[:len(s)-1]
	}
	if len(s) > 0 && s[len(s)-1]&0xC0 == 0xC0 {
		s = s[:len(s)-1]
	}
	return strings.ToValidUTF8(s, "\uFFFD") + "…"
}

// filterCategories names what a content filter says that it filtered or blocked.
func (f *Facts) filterCategories() (names []string, where at) {
	for _, v := range f.filter[:f.filterN] {
		names = appendFlagged(names, v.raw, "", 0)
	}
	return names, f.blockAt
}

// appendFlagged walks an object of categories ({"hate":{"filtered":true}}, or [{"category":"X","blocked":true}])
// and appends the names of those that are flagged.
func appendFlagged(names []string, raw []byte, name string, depth int) []string {
	if depth > 8 || len(names) >= 8 {
		return names
	}
	s := scanner{b: raw}
	s.space()
	if s.i >= len(raw) {
		return names
	}
	switch raw[s.i] {
	case '[':
		s.i++
		for s.space(); s.i < len(raw) && raw[s.i] != ']'; {
			names = appendFlagged(names, s.skip(), name, depth+1)
			if s.bad || !s.more(']') {
				break
			}
		}
	case '{':
		s.i++
		flagged := false
		own := name
		var inner [][2][]byte
		for {
			k, ok := s.key()
			if !ok {
				break
			}
			v := s.skip()
			switch key := string(k); {
			case (key == "filtered" || key == "blocked") && string(v) == "true":
				flagged = true
			case key == "category" && len(v) > 2 && v[0] == '"':
				own = string(v[1 : len(v)-1])
			case len(v) > 0 && (v[0] == '{' || v[0] == '['):
				inner = append(inner, [2][]byte{k, v})
			}
			if s.bad || !s.more('}') {
				break
			}
		}
		if flagged && own != "" {
			own = strings.ToLower(strings.TrimPrefix(own, "HARM_CATEGORY_"))
			for _, have := range names {
				if have == own {
					return names
				}
			}
			names = append(names, strings.ReplaceAll(own, "_", " "))
		}
		for _, kv := range inner {
			names = appendFlagged(names, kv[1], string(kv[0]), depth+1)
		}
	}
	return names
}

// hasTrue is a cheap look whether anything is flagged at all.
func hasTrue(raw []byte) bool { return strings.Contains(view(raw), "true") }
