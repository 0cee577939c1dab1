package recovery

import (
	"strconv"
	"strings"

	telltale "github.com/telltale-ai/telltale"
	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"
)

// textPath finds where the one text of a plain answer stands; "" when there is none or more than one.
func textPath(s telltale.Surface, body []byte) string {
	g := gjson.ParseBytes(body)
	found := ""
	note := func(path string, r gjson.Result) bool {
		if r.Type != gjson.String {
			return true
		}
		if found != "" {
			return false
		}
		found = path
		return true
	}
	one := true
	switch s {
	case telltale.Chat:
		for i := range g.Get("choices").Array() {
			p := "choices." + strconv.Itoa(i)
			if !note(p+".message.content", g.Get(p+".message.content")) || !note(p+".text", g.Get(p+".text")) {
				one = false
			}
		}
	case telltale.Responses:
		for i, o := range g.Get("output").Array() {
			for j, part := range o.Get("content").Array() {
				if part.Get("type").Str == "output_text" && !note("output."+strconv.Itoa(i)+".content."+strconv.Itoa(j)+".text", part.Get("text")) {
					one = false
				}
			}
		}
	case telltale.Messages:
		for i, part := range g.Get("content").Array() {
			if part.Get("type").Str == "text" && !note("content."+strconv.Itoa(i)+".text", part.Get("text")) {
				one = false
			}
		}
	case telltale.GenerateContent:
		if len(g.Get("candidates").Array()) > 1 {
			return ""
		}
		for i, part := range g.Get("candidates.0.content.parts").Array() {
			if !part.Get("thought").Bool() && !note("candidates.0.content.parts."+strconv.Itoa(i)+".text", part.Get("text")) {
				one = false
			}
		}
	}
	if !one {
		return ""
	}
	return found
}

// converse puts the model's answer and the user's next message behind the conversation of a request; false
// where the request has no form that is known.
func converse(s telltale.Surface, body []byte, answer, next string) ([]byte, bool) {
	turn := func(role, text string) []byte {
		return encode(map[string]string{"role": role, "content": text})
	}
	list, turns := "messages", [][]byte{turn("assistant", answer), turn("user", next)}
	switch s {
	case telltale.Chat, telltale.Messages:
	case telltale.Responses:
		list = "input"
		if in := gjson.GetBytes(body, "input"); in.Type == gjson.String {
			var err error
			if body, err = sjson.SetRawBytes(body, "input", []byte("["+string(turn("user", in.Str))+"]")); err != nil {
				return nil, false
			}
		}
	case telltale.GenerateContent:
		list = "contents"
		part := func(role, text string) []byte {
			return encode(map[string]any{"role": role, "parts": []any{map[string]string{"text": text}}})
		}
		turns = [][]byte{part("model", answer), part("user", next)}
	default:
		return nil, false
	}
	if !gjson.GetBytes(body, list).IsArray() {
		return nil, false
	}
	if answer == "" {
		turns = turns[1:] // an empty turn is refused by most
	}
	for _, t := range turns {
		var err error
		if body, err = sjson.SetRawBytes(body, list+".-1", t); err != nil {
			return nil, false
		}
	}
	return body, true
}

// limitPath is where a request says how many tokens the answer may have; "" when it does not.
func limitPath(s telltale.Surface, body []byte) string {
	var paths []string
	switch s {
	case telltale.Chat:
		paths = []string{"max_completion_tokens", "max_tokens"}
	case telltale.Responses:
		paths = []string{"max_output_tokens"}
	case telltale.Messages:
		paths = []string{"max_tokens"}
	case telltale.GenerateContent:
		paths = []string{"generationConfig.maxOutputTokens", "generation_config.max_output_tokens"}
	}
	for _, p := range paths {
		if v := gjson.GetBytes(body, p); v.Type == gjson.Number && v.Num >= 1 {
			return p
		}
	}
	return ""
}

// finishTo makes a joined answer say that it ended, as its last part did.
func finishTo(s telltale.Surface, body, last []byte) []byte {
	path := map[telltale.Surface]string{telltale.Chat: "choices.0.finish_reason", telltale.Responses: "status", telltale.Messages: "stop_reason", telltale.GenerateContent: "candidates.0.finishReason"}[s]
	if v := gjson.GetBytes(last, path); path != "" && v.Exists() {
		if b, err := sjson.SetRawBytes(body, path, []byte(v.Raw)); err == nil {
			body = b
		}
	}
	if s == telltale.Responses {
		if v := gjson.GetBytes(last, "incomplete_details"); v.Exists() {
			if b, err := sjson.SetRawBytes(body, "incomplete_details", []byte(v.Raw)); err == nil {
				body = b
			}
		}
	}
	return body
}

// sumUsage writes the sum of the usage of two answers into the first.
func sumUsage(body, other []byte) []byte {
	for _, top := range []string{"usage", "usageMetadata"} {
		gjson.GetBytes(other, top).ForEach(func(k, v gjson.Result) bool {
			if v.Type != gjson.Number || strings.ContainsAny(k.Str, ".*?") {
				return true
			}
			p := top + "." + k.Str
			if b, err := sjson.SetRawBytes(body, p, []byte(strconv.FormatInt(gjson.GetBytes(body, p).Int()+v.Int(), 10))); err == nil {
				body = b
			}
			return true
		})
	}
	return body
}
