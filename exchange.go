package telltale

import (
	"net/http"
	"time"

	"github.com/telltale-ai/telltale/expect"
)

// Surface is the kind of operation that was called.
type Surface string

// The surfaces. An empty Surface means: find out from URL, request and response.
const (
	Chat            Surface = "chat"             // OpenAI-compatible chat completions
	Responses       Surface = "responses"        // OpenAI Responses
	Messages        Surface = "messages"         // Anthropic Messages
	GenerateContent Surface = "generate_content" // Gemini and Vertex
	Converse        Surface = "converse"         // Bedrock
	Embeddings      Surface = "embeddings"
	Images          Surface = "images"
	VideoCreate     Surface = "video_create"
	VideoPoll       Surface = "video_poll"
	MediaDownload   Surface = "media_download"
	Models          Surface = "models"
)

// Exchange is one request with its response, or with the error that came instead of one.
type Exchange struct {
	Request  Request
	Response *Response // nil when no response came; then Err says why
	Err      error     // what the transport said; with a Response: what broke while its body was read

	Sent    bool          // the request had left in full
	Attempt int           // 1 for the first; 0 counts as 1
	Start   time.Time     // when the attempt began; zero when unknown
	Elapsed time.Duration // from Start to the end of the response; 0 when unknown

	TaskAge time.Duration       // on a poll: how long ago the task was created; 0 when unknown
	Expect  *expect.Expectation // what the caller expects of the output beyond what the request says; may be nil
}

// Request is what was sent, as far as it is known. Every field may be empty.
type Request struct {
	Method   string
	URL      string
	Provider string // a hint, such as "openai" or "openrouter"
	Surface  Surface
	Header   http.Header
	Body     []byte // as sent; usually JSON
}

// Response is what came back.
type Response struct {
	Status  int
	Header  http.Header
	Trailer http.Header
	Body    []byte // as received: JSON, an event stream, HTML, media
	Partial bool   // Body is only a part of what came (it was capped)
}
