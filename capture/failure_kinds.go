package capture

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	telltale "github.com/telltale-ai/telltale"
)

// genaiGo reads "Error 429, Message: ..., Status: RESOURCE_EXHAUSTED, Details: [...]".
func (s *scanner) genaiGo(it Item, status int, sp Span, from int) (Item, int, bool) {
	end := sp.End
	if n := bytes.Index(s.src[sp.Start:min(len(s.src), sp.Start+64<<10)], []byte(", Details: ")); n >= 0 {
		end = sp.Start + n
		sp.End = next(s.src, s.line(end))
	}
	message := Span{sp.Start + from, end}
	word := Span{}
	if n := bytes.LastIndex(s.text(message), []byte(", Status: ")); n >= 0 {
		word = Span{message.Start + n + len(", Status: "), message.End}
		message.End = message.Start + n
	}
	l := &literals{builder: builder{src: s.src}}
	l.add(fmt.Sprintf(`{"error":{"code":%d,"message":`, status))
	l.text(message)
	l.add(`,"status":`)
	l.text(word)
	details := s.src[end:min(max(sp.End, end), len(s.src))]
	if bytes.Contains(details, []byte("quotaId:")) || bytes.Contains(details, []byte("retryDelay:")) {
		l.add(`,"details":[` + goDetails(details) + `]`)
	}
	l.add("}}")
	it.Response = &telltale.Response{Status: status, Body: l.body}
	it.Body = l.m
	return it, sp.End, true
}

var reGoPair = regexp.MustCompile(`\b(quotaId|retryDelay|reason|quota_limit_value):([^\s\]]+)`)

// goDetails keeps what decides of the details that Go printed as maps.
func goDetails(t []byte) string {
	var parts []string
	for _, m := range reGoPair.FindAllSubmatch(t, 32) {
		v, _ := json.Marshal(string(m[2]))
		switch string(m[1]) {
		case "quotaId":
			parts = append(parts, `{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":`+string(v)+`}]}`)
		case "retryDelay":
			parts = append(parts, `{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":`+string(v)+`}`)
		case "reason":
			parts = append(parts, `{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":`+string(v)+`}`)
		default:
			parts = append(parts, `{"@type":"type.googleapis.com/google.rpc.ErrorInfo","metadata":{"quota_limit_value":`+string(v)+`}}`)
		}
	}
	return strings.Join(parts, ",")
}

// reasonStatus is the status whose reason phrase is all that an error says; 0 when it says anything else.
func reasonStatus(t []byte) int {
	words := strings.TrimSpace(string(t[:min(len(t), 200)]))
	if _, last, ok := strings.Cut(words, "Last error: "); ok {
		words = last
	}
	for status := 400; status < 600; status++ {
		if text := http.StatusText(status); text != "" && text == words {
			return status
		}
	}
	return 0
}

// finishReason gives the finish reason that a class of openai's SDKs stands for.
func finishReason(class string) string {
	switch lastName(class) {
	case "LengthFinishReasonError":
		return "length"
	case "ContentFilterFinishReasonError":
		return "content_filter"
	}
	return ""
}

// finishError makes the answer of which the SDK complained.
func (s *scanner) finishError(it Item, class string, sp Span) (Item, int, bool) {
	b := &builder{src: s.src}
	b.add(`{"object":"chat.completion","choices":[{"index":0,"finish_reason":`)
	b.put(sp.Start, strconv.Quote(finishReason(class)))
	b.add(`,"message":{"role":"assistant","content":null}}]}`)
	it.Response = &telltale.Response{Status: 200, Body: b.body}
	it.Body = b.m
	it.Notes = append(it.Notes, "the answer itself is not in the input: its finish reason follows from the class "+lastName(class))
	return it, sp.End, true
}
