package telltale

import "bytes"

// requestKeys tells, in one pass and without parsing, which keys stand at the top of a request, as far as checks
// care, and the model.
type requestKeys struct {
	tools, format, count, stop bool
	model                      []byte // as it stands; nil when it is no plain string
}

func keysOf(body []byte) (k requestKeys) {
	depth, key, name := 0, false, []byte(nil)
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '{', '[':
			depth++
			key = depth == 1
		case '}', ']':
			depth--
		case ',':
			key = depth == 1
		case '"':
			end := stringEnd(body, i+1)
			if depth == 1 {
				text := body[i+1 : end]
				switch {
				case key:
					name, key = text, false
					k.note(name)
				case string(name) == "model":
					k.model = text
				}
			}
			i = end
		}
	}
	return k
}

// stringEnd returns where the string that starts at from is closed, or the end of the text.
func stringEnd(body []byte, from int) int {
	for i := from; ; i++ {
		n := bytes.IndexByte(body[i:], '"')
		if n < 0 {
			return len(body)
		}
		i += n
		slashes := 0
		for j := i - 1; j >= from && body[j] == '\\'; j-- {
			slashes++
		}
		if slashes%2 == 0 {
			return i
		}
	}
}

func (k *requestKeys) note(name []byte) {
	switch string(name) {
	case "tool_choice", "toolConfig", "tool_config":
		k.tools = true
	case "response_format", "format", "output_format", "output_config", "text":
		k.format = true
	case "generationConfig", "generation_config":
		k.format, k.count, k.stop = true, true, true
	case "n":
		k.count = true
	case "stop", "stop_sequences", "inferenceConfig":
		k.stop = true
	}
}
