package recovery

import (
	"net/http"
	"strings"

	telltale "github.com/telltale-ai/telltale"
)

// SurfaceOf tells the kind of operation from method and path; "" where the path is not known.
func SurfaceOf(method, path string) telltale.Surface {
	p := strings.TrimRight(path, "/")
	if method != http.MethodPost {
		return ""
	}
	verb := p[strings.LastIndexByte(p, '/')+1:]
	if i := strings.LastIndexByte(verb, ':'); i >= 0 {
		switch verb[i+1:] {
		case "generateContent", "streamGenerateContent", "rawPredict", "streamRawPredict":
			return telltale.GenerateContent
		case "embedContent", "batchEmbedContents", "countTokens":
			return telltale.Embeddings
		}
		return ""
	}
	switch verb {
	case "completions":
		return telltale.Chat
	case "responses":
		return telltale.Responses
	case "messages":
		return telltale.Messages
	case "converse", "converse-stream", "invoke", "invoke-with-response-stream":
		return telltale.Converse
	case "embeddings", "moderations", "rerank", "count_tokens", "tokenize", "transcriptions", "translations":
		return telltale.Embeddings
	case "generations", "edits", "variations":
		if strings.Contains(p, "/images/") {
			return telltale.Images
		}
	}
	return ""
}

// costly reports whether a create may be charged by the piece: it is not sent again when its answer was
// lost. A POST to a path that is not known counts as one.
func costly(method string, s telltale.Surface, model string) bool {
	if method != http.MethodPost {
		return false
	}
	switch s {
	case "", telltale.Images, telltale.VideoCreate:
		return true
	case telltale.Embeddings:
		return false
	}
	m := strings.ToLower(model)
	for _, w := range []string{"image", "video", "veo", "sora", "kling", "dall-e", "midjourney", "flux"} {
		if strings.Contains(m, w) {
			return true
		}
	}
	return false
}

// textual reports whether a call on s answers with text that costs tokens.
func textual(s telltale.Surface) bool {
	switch s {
	case telltale.Chat, telltale.Responses, telltale.Messages, telltale.GenerateContent, telltale.Converse:
		return true
	}
	return false
}
