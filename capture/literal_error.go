package capture

import "bytes"

// errorValue reads an error inside a dump: its name and message, its stack, and its own members.
func (l *literals) errorValue(i, depth int) (end int, ok, is bool) {
	line := l.src[i:l.until(i, "\n")]
	name, at, is := errorName(line)
	if !is {
		return i, false, false
	}
	l.add(`{"name":`)
	l.text(Span{i, i + len(name)})
	l.add(`,"message":`)
	msg := Span{i + at, 0}
	stack := i + len(line)
	for !bytes.HasPrefix(bytes.TrimLeft(l.src[stack:min(len(l.src), stack+400)], " \r\n"), []byte("at ")) { // a message of several lines
		if stack >= len(l.src) || stack > i+64<<10 || bytes.HasSuffix(bytes.TrimRight(l.src[i:stack], "\r"), []byte(" {")) {
			break
		}
		t := bytes.TrimLeft(l.src[stack+1:l.until(stack+1, "\n")], " ")
		if len(t) > 0 && (t[0] == '}' || t[0] == ']') {
			break
		}
		stack = l.until(stack+1, "\n")
	}
	msg.End = stack
	open := bytes.HasSuffix(bytes.TrimRight(l.src[i:stack], "\r"), []byte(" {"))
	if open {
		msg.End = i + bytes.LastIndex(l.src[i:stack], []byte(" {"))
	} else {
		for stack < len(l.src) && !open {
			t := bytes.TrimSpace(l.src[stack+1 : l.until(stack+1, "\n")])
			if len(t) == 0 && stack == msg.End { // a blank line between message and stack
				stack = l.until(stack+1, "\n")
				msg.End = stack
				continue
			}
			if !bytes.HasPrefix(t, []byte("at ")) {
				break
			}
			stack = l.until(stack+1, "\n")
			open = bytes.HasSuffix(t, []byte(" {"))
		}
	}
	l.text(Span{msg.Start, msg.Start + len(bytes.TrimSpace(l.src[msg.Start:max(msg.End, msg.Start)]))})
	if !open {
		l.add("}")
		return stack, true, true
	}
	l.add(`,"properties":`)
	end, ok = l.members(l.space(stack), '}', ':', depth)
	l.add("}")
	return end, ok, true
}
