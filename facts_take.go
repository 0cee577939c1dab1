package telltale

func (f *Facts) take(n *node, fact factNum, v val) {
	isString := v.kind == kindString
	switch fact {
	case factText, factWhole, factReasoning, factRefusal:
		if isString {
			f.takeText(n, fact, v)
		} else if fact != factText || n.up.name == "delta" || v.kind == kindNull {
			c := f.cur()
			if fact != factReasoning && fact != factRefusal {
				c.textAt = f.here(n)
			}
		}
	case factFinish:
		if isString && len(v.raw) > 0 {
			c := f.cur()
			if !f.copying || len(c.Finish) != len(v.raw) || c.Finish != string(v.raw) {
				c.Finish = f.str(v)
			}
			c.finishAt = f.here(n)
		}
	case factNative:
		if isString && len(v.raw) > 0 {
			c := f.cur()
			c.Native, c.nativeAt = f.str(v), f.here(n)
		}
	case factPart:
		if isString { // a plain string among the parts is text
			f.part = part{text: v, at: f.here(n)}
			f.endPart()
			f.part = part{}
		}
	case factPartType:
		if isString {
			f.part.typ = f.str(v)
		}
	case factPartText:
		if isString {
			if f.part.text.kind != 0 {
				f.cur().reasoning.add(f.part.text, f.copying)
			}
			f.part.text = v
			if n.name == "thinking" || n.up.name == "[]" && n.up.up.name == "thinking" {
				f.part.thought = true
			}
		}
	case factThought:
		f.part.thought = v.kind == kindTrue || v.kind == kindObject
	case factCallName:
		if isString {
			if f.inCall {
				f.call.Name = f.str(v)
			} else {
				f.part.name = v
			}
		}
	case factCallArgs:
		f.takeArgs(v)
	case factIndex:
		if i, ok := number(v); ok && i >= 0 && i < 1<<20 {
			if f.inCall {
				f.call.index = int32(i)
			} else if n.up.name != "[]" {
				f.frame.index, f.frame.has = int32(i), true
			}
		}
	case factMedia:
		if s := there(v); s == isThere {
			f.Media++
			f.part.media = true
		}
	case factOther:
		if s := there(v); s == isThere {
			f.other++
			f.part.other = true
		}
	default:
		f.takeTop(n, fact, v)
	}
}

func (f *Facts) takeText(n *node, fact factNum, v val) {
	c := f.cur()
	switch fact {
	case factReasoning:
		c.reasoning.add(v, f.copying)
	case factRefusal:
		c.refusal.add(v, f.copying)
		if len(v.raw) > 0 {
			c.refusalAt = f.here(n)
		}
	case factWhole:
		c.seenText = true
		if !f.copying {
			c.text.add(v, false)
			c.textAt = f.here(n)
			return
		}
		c.whole.reset()
		c.whole.add(v, true)
		c.textAt = f.here(n)
	default:
		if f.copying && n.name == "text" && n.up.up == nil {
			f.frame.text = v // a piece or a repetition: the type of the event tells
			return
		}
		c.seenText = true
		c.text.add(v, f.copying)
		if !c.textAt.seen() || len(v.raw) > 0 {
			c.textAt = f.here(n)
		}
	}
}

func (f *Facts) takeArgs(v val) {
	switch {
	case v.kind == kindNull || v.kind == kindNone:
	case f.inCall:
		f.call.args.add(v, f.copying)
		f.call.object = v.kind != kindString
		if v.kind == kindString && len(v.raw) == 0 {
			f.call.noParse = true
		}
	case f.part.on:
		f.part.args = v
	default:
		f.frame.args = v
	}
}

// takeTop takes the facts that belong to no choice.
func (f *Facts) takeTop(n *node, fact factNum, v val) {
	isString := v.kind == kindString
	switch fact {
	case factResults:
		if v.kind == kindString && v.empty {
			return
		}
		if s := there(v); s > f.results || f.results == unseen {
			f.results, f.resultsAt = s, f.here(n)
		}
	case factVector:
		s := there(v)
		if s == isThere && v.kind == kindArray && allNull(v.raw) {
			s = isNull
		}
		if s == isThere {
			f.Vectors++
		}
		if s > f.vectors || f.vectors == unseen {
			f.vectors, f.vectorAt = s, f.here(n)
		}
	case factObject:
		if isString && n.up.up == nil {
			if string(v.raw) != f.lastObject {
				f.lastObject = f.str(v)
			}
			if f.Object == "" {
				f.Object = f.lastObject
			}
		}
	case factModel:
		if isString && f.Model == "" && len(v.raw) > 0 {
			f.Model = f.str(v)
		}
	case factID:
		if isString && f.id == "" && n.up.up == nil && len(v.raw) < 200 {
			f.id = f.str(v)
		}
	case factBlock:
		if isString && len(v.raw) > 0 {
			f.block, f.blockAt = f.str(v), f.here(n)
		}
	case factBlockMsg:
		if isString {
			f.blockMsg = f.str(v)
		}
	case factFinishMsg:
		if isString {
			f.finishMsg = f.str(v)
		}
	case factFilter:
		if !v.empty && f.filterN < len(f.filter) && (v.kind == kindObject || v.kind == kindArray) && hasTrue(v.raw) {
			if f.copying {
				v.raw = append([]byte(nil), v.raw...)
			}
			f.filter[f.filterN] = v
			f.filterN++
		}
	case factError:
		if s := there(v); s == isThere && f.errN < 64 {
			if f.errN == 0 || n.up.up == nil {
				if f.copying {
					v.raw = append([]byte(nil), v.raw...)
				}
				f.err, f.errAt = v, f.here(n)
			}
			f.errN++
		}
	case factDone:
		f.done = there(v)
	case factType:
		if isString && n.up.up == nil {
			f.frame.typ = f.str(v)
		}
	case factDelta:
		if isString && n.up.up == nil {
			f.frame.delta = v
		}
	case factFlagged:
		if n.name == "respect_moderation" && v.kind == kindFalse || n.name != "respect_moderation" && (v.kind == kindTrue || v.kind == kindArray && hasTrue(v.raw)) {
			f.flagged, f.flaggedAt = true, f.here(n)
		}
	case factStatus:
		if isString && len(v.raw) > 0 {
			f.status, f.statusAt = f.str(v), f.here(n)
		}
	case factCode:
		if v.kind == kindNumber || isString {
			if len(v.raw) > 0 && string(v.raw) != "0" && string(v.raw) != "200" {
				if f.copying {
					v.raw = append([]byte(nil), v.raw...)
				}
				f.code, f.codeAt = v, f.here(n)
			}
		}
	case factUsageIn:
		f.count(&f.Usage.Input, v)
	case factUsageOut:
		f.count(&f.Usage.Output, v)
	case factUsageWhy:
		f.count(&f.Usage.Reasoning, v)
	case factLimit:
		f.count(&f.Limit, v)
	}
}

func (f *Facts) count(to *int64, v val) {
	if n, ok := number(v); ok && v.kind == kindNumber {
		*to = n
		if to != &f.Limit {
			f.HasUsage = true
		}
	}
}

// allNull reports whether an array holds nothing but null.
func allNull(raw []byte) bool {
	for _, c := range raw {
		if c >= '0' && c <= '9' || c == '"' || c == '{' || c == 't' {
			return false
		}
	}
	return true
}
