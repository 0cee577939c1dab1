package recovery

import (
	"strings"
	"testing"
	"unicode/utf8"

	telltale "github.com/telltale-ai/telltale"
	"github.com/tidwall/gjson"
)

// Whatever a judge answers is a verdict with evidence, or none.
func FuzzVerdict(f *testing.F) {
	f.Add(`{"verdict":"bad","cause":"refusal","reason":"It declines."}`)
	f.Add("```json\n{'verdict': 'good'}\n```")
	f.Add(`{"verdict":{"bad":1},"reason":["x"]}`)
	f.Fuzz(func(t *testing.T, s string) {
		v, ok := readVerdict(s)
		if !ok {
			return
		}
		if v.bad && (v.reason == "" || v.cause == "" || len(v.reason) > 500 || strings.Contains(v.reason, "\n")) {
			t.Errorf("%+v", v)
		}
		if !v.bad && v.cause != "" {
			t.Errorf("good, and %+v", v)
		}
	})
}

// The question to a judge is JSON whatever stands in the call, and bounded.
func FuzzQuestion(f *testing.F) {
	f.Add([]byte(`{"system":[{"text":"a"}],"messages":[{"role":"user","content":[{"type":"text","text":"b"},{"type":"image_url"}]}]}`), "\"}\n{", "one of a, b")
	f.Add([]byte(`{"input":[{"role":"user","content":"x"}],"contents":[{"parts":[{"text":"y"}]}],"prompt":["a"]}`), "", "")
	f.Fuzz(func(t *testing.T, request []byte, answer, expected string) {
		for _, s := range []telltale.Surface{telltale.Chat, telltale.Responses, telltale.Messages, telltale.GenerateContent} {
			q := rubricQuestion(s, request, answer, expected)
			if !gjson.Valid(q) || utf8.ValidString(answer) && len(answer) <= maxTurn && gjson.Get(q, "answer").Str != answer {
				t.Fatalf("%s: %s", s, q)
			}
			if len(gjson.Get(q, "answer").Str) > maxTurn+20 {
				t.Errorf("%d bytes of answer", len(q))
			}
			if body := judgeBody(s, "m", rubricFor("x"), q, true); !gjson.ValidBytes(body) {
				t.Errorf("%s", body)
			}
		}
	})
}

func TestLongConversationsAreShownFromTheEnd(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"messages":[{"role":"system","content":"first"}`)
	for range 40 {
		b.WriteString(`,{"role":"user","content":"` + strings.Repeat("a", 5000) + `"}`)
	}
	b.WriteString(`,{"role":"user","content":"last"}]}`)
	turns := conversation(telltale.Chat, []byte(b.String()))
	if n := len(turns); n < 10 || n > 16 || turns[n-1].Text != "last" {
		t.Errorf("%d messages", n)
	}
}
