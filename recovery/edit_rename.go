package recovery

import (
	"regexp"
	"strings"

	telltale "github.com/telltale-ai/telltale"
)

// renames are parameters that go by another name elsewhere.
// Source: https://platform.openai.com/docs/api-reference/chat/create (max_tokens is deprecated in favour of
// max_completion_tokens and not taken by o-series models).
var renames = []struct {
	surface  telltale.Surface
	from, to string
}{
	{telltale.Chat, "max_tokens", "max_completion_tokens"},
	{telltale.Chat, "max_completion_tokens", "max_tokens"},
	{telltale.Responses, "max_tokens", "max_output_tokens"},
	{telltale.Responses, "max_completion_tokens", "max_output_tokens"},
}

var useInstead = regexp.MustCompile("(?i)\\buse ['\"`]([a-z_][a-z0-9_]*)['\"`] instead")

// rename takes the name that the provider asks for, or the one that the parameter has elsewhere.
func rename(f *refusal) (fix, bool) {
	if !f.unsupported && !strings.Contains(f.message, "instead") {
		return fix{}, false
	}
	if f.surface == telltale.Images && f.param == "response_format" {
		return fix{}, false // not the same values: see outputFormat
	}
	if m := useInstead.FindStringSubmatch(f.message); m != nil && m[1] != f.param && !f.has(m[1]) {
		return fix{op: "rename", param: f.param, to: m[1]}, true
	}
	for _, r := range renames {
		if r.surface == f.surface && r.from == f.param && !f.has(r.to) {
			return fix{op: "rename", param: r.from, to: r.to}, true
		}
	}
	return fix{}, false
}

// outputFormat replaces response_format on image models that have output_format in its place. These always
// answer with base64, so that only the file type is left to choose.
// Source: https://platform.openai.com/docs/api-reference/images/create
func outputFormat(f *refusal) (fix, bool) {
	if f.surface != telltale.Images || f.param != "response_format" {
		return fix{}, false
	}
	if f.has("output_format") {
		return fix{op: "drop", param: "response_format"}, true
	}
	value := `"png"`
	switch v := f.raw(); v {
	case `"jpeg"`, `"webp"`:
		value = v
	}
	return fix{op: "rename", param: "response_format", to: "output_format", value: value}, true
}
