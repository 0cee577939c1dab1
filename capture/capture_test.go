package capture

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	telltale "github.com/telltale-ai/telltale"
)

const limited = `{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}`

// want is what one item must show: "429 body", or "!words of the error".
type want []string

func show(it Item) string {
	if it.Response == nil {
		if it.Err == nil {
			return "? " + it.Request.URL
		}
		return "!" + it.Err.Error()
	}
	s := fmt.Sprintf("%d %s", it.Response.Status, it.Response.Body)
	if it.Err != nil {
		s += " !" + it.Err.Error()
	}
	return s
}

func TestParse(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want want
	}{
		"JSON error":            {limited, want{"0 " + limited}},
		"JSON error with code":  {`{"error":{"message":"x","code":429}}`, want{`429 {"error":{"message":"x","code":429}}`}},
		"JSON answer":           {`{"choices":[]}` + "\n", want{`200 {"choices":[]}`}},
		"task":                  {`{"id":"t1","status":"failed","error":{"message":"x"}}`, want{`200 {"id":"t1","status":"failed","error":{"message":"x"}}`}},
		"body cut in the midst": {`{"choices":[{"message":{"content":"abc`, want{`200 {"choices":[{"message":{"content":"abc`}},
		"curl -i":               {"HTTP/2 429 \r\nretry-after: 20\r\n\r\n" + limited + "\n", want{"429 " + limited}},
		"proxy's 200 first":     {"HTTP/1.1 200 Connection established\r\n\r\nHTTP/2 429 \r\nretry-after: 20\r\n\r\n" + limited, want{"429 " + limited}},
		"100 Continue":          {"HTTP/1.1 100 Continue\n\nHTTP/1.1 401 Unauthorized\nContent-Length: 2\n\n{}\n\n", want{"401 {}"}},
		"redirect":              {"HTTP/1.1 301 Moved\nLocation: https://x.test/\n\nHTTP/1.1 200 OK\n\n<html>hi</html>", want{"200 <html>hi</html>"}},
		"two responses":         {"HTTP/1.1 429 Too Many Requests\n\n" + limited + "\nHTTP/1.1 200 OK\n\n{}\n", want{"429 " + limited, "200 {}"}},
		"chunked":               {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n", want{"200 hello world"}},
		"chunked, joined":       {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}\n", want{"200 {}"}},
		"event stream":          {"data: {\"a\":1}\n\ndata: [DONE]\n\n", want{"200 data: {\"a\":1}\n\ndata: [DONE]\n\n"}},
		"named events":          {"event: error\ndata: {}\n\n", want{"200 event: error\ndata: {}\n\n"}},
		"raw request first":     {"POST /v1/x HTTP/1.1\nHost: a.test\n\n{\"model\":\"m\"}\nHTTP/1.1 500 Oops\n\nno\n", want{"500 no"}},
		"Ollama's lines":        {"{\"model\":\"m\",\"response\":\"a\",\"done\":false}\n{\"model\":\"m\",\"response\":\"\",\"done\":true}\n", want{"200 {\"model\":\"m\",\"response\":\"a\",\"done\":false}\n{\"model\":\"m\",\"response\":\"\",\"done\":true}"}},
		"our lines":             {`{"id":"a","status":429,"body":"{\"x\":\"\u00e9\\n\"}"}` + "\n" + `{"id":"b","status":0,"body":"EOF"}`, want{"429 {\"x\":\"é\\n\"}", "!EOF"}},
		"a logger's lines":      {`{"level":"info","msg":"start"}` + "\n" + `{"level":"error","statusCode":503,"responseBody":{"a":1}}`, want{`503 {"a":1}`}},
		"error in a log's text": {`{"level":"error","time":1,"msg":"failed","err":"Error code: 429 - {'error': {'message': \"it's\", 'param': None}}"}`, want{`429 {"error":{"message":"it's","param":null}}`}},
		"status in a log":       {`{"level":"error","msg":"upstream says no","status":503}`, want{`503 {"error":{"message":"upstream says no"}}`}},
		"text log":              {"2026-11-22 10:00:00,123 ERROR app: Error code: 401 - {'error': {'code': 'invalid_api_key'}}\n2026-11-22 10:00:01 INFO ok\n", want{`401 {"error":{"code":"invalid_api_key"}}`}},
		"JSON behind words":     {"upstream returned status 503: {\"error\":{\"message\":\"no channel\"}}", want{`503 {"error":{"message":"no channel"}}`}},
		"request in a log":      {"DEBUG sending {\"model\":\"m\"}\n" + "HTTP/1.1 429 Slow\n\n" + limited, want{"429 " + limited}},
		"Python answer":         {`ChatCompletion(id='c', choices=[Choice(finish_reason='length', index=0, message=ChatCompletionMessage(content=None, role='assistant'))], usage=None)`, want{`200 {"id":"c","choices":[{"finish_reason":"length","index":0,"message":{"content":null,"role":"assistant"}}],"usage":null}`}},
		"Gemini's answer":       {`GenerateContentResponse(candidates=[Candidate(content=None, finish_reason=<FinishReason.SAFETY: 'SAFETY'>)], model_version='g')`, want{`200 {"candidates":[{"content":null,"finishReason":"SAFETY"}],"modelVersion":"g"}`}},
		"a task, printed":       {`{'id': 'x', 'status': 'failed', 'error': {'message': 'boom'}}`, want{`200 {"id":"x","status":"failed","error":{"message":"boom"}}`}},
		"Python dict":           {`{'error': {'message': "can't", 'param': None, 'code': 'x'}}`, want{`0 {"error":{"message":"can't","param":null,"code":"x"}}`}},
		"Node object":           {"{\n  choices: [],\n  model: 'm',\n  usage: undefined\n}", want{`200 {"choices":[],"model":"m","usage":null}`}},
		"length error":          {"openai.LengthFinishReasonError: Could not parse response content as the length limit was reached", want{`200 {"object":"chat.completion","choices":[{"index":0,"finish_reason":"length","message":{"role":"assistant","content":null}}]}`}},
		"boto":                  {"botocore.errorfactory.ThrottlingException: An error occurred (ThrottlingException) when calling the Converse operation (reached max retries: 4): Too many requests", want{`429 {"error":{"message":"Too many requests"}}`}},
		"older openai-go":       {`POST "https://api.openai.com/v1/chat/completions": 429 Too Many Requests {"message":"slow","code":"rate_limit_exceeded"}`, want{`429 {"message":"slow","code":"rate_limit_exceeded"}`}},
		"curl error":            {"$ curl https://nohost.invalid/v1\ncurl: (6) Could not resolve host: nohost.invalid", want{"!curl: (6) Could not resolve host: nohost.invalid"}},
		"curl broke off":        {"HTTP/1.1 200 OK\n\ndata: {}\n\ncurl: (18) transfer closed", want{"200 data: {}\n\n !curl: (18) transfer closed"}},
		"curl --fail":           {"curl: (22) The requested URL returned error: 429", want{"429 "}},
		"refused in words":      {"dial tcp 127.0.0.1:1: connect: connection refused", want{"!dial tcp 127.0.0.1:1: connect: connection refused"}},
		"deadline":              {"context deadline exceeded", want{"!context deadline exceeded"}},
		"HTML":                  {"<html><head><title>504 Gateway Time-out</title></head></html>\n", want{"504 <html><head><title>504 Gateway Time-out</title></head></html>"}},
		"start page":            {"<!DOCTYPE html><title>New API</title>", want{"200 <!DOCTYPE html><title>New API</title>"}},
		"URL":                   {"https://x.test/a.mp4?Expires=1", want{"? https://x.test/a.mp4?Expires=1"}},
		"Markdown":              {"It says:\n\n```json\n" + limited + "\n```\n\nWhat now?", want{"0 " + limited}},
		"colours":               {"\x1b[1mHTTP/2\x1b[0m 429 \nretry-after: 3\n\n\x1b[31m{}\x1b[0m", want{"429 {}"}},
		"byte order mark":       {"\xef\xbb\xbf{\"choices\":[]}", want{`200 {"choices":[]}`}},
		"Gemini's list":         {`[{"error":{"code":503,"message":"x"}}]`, want{`503 [{"error":{"code":503,"message":"x"}}]`}},
		"curl -v": {"* Connected to a.test port 443\n> POST /v1/x HTTP/2\n> Host: a.test\n> \n< HTTP/2 401 \n< x-request-id: r\n< \n{ [5 bytes data]\n{\"a\":1}* Connection #0 to host a.test left intact\n",
			want{`401 {"a":1}`}},
		"curl -v without answer": {"*   Trying 127.0.0.1:1...\n* connect to 127.0.0.1 port 1 failed: Connection refused\n", want{"!connect to 127.0.0.1 port 1 failed: Connection refused"}},
		"HAR": {`{"log":{"entries":[{"request":{"method":"GET","url":"https://a.test/x.css"},"response":{"status":200,"content":{"mimeType":"text/css","text":"a"}}},
			{"startedDateTime":"2026-01-01T00:00:00Z","time":1500.5,"request":{"method":"POST","url":"https://a.test/v1/chat/completions","postData":{"text":"{\"model\":\"m\"}"}},"response":{"status":429,"headers":[{"name":"Retry-After","value":"7"}],"content":{"mimeType":"application/json","encoding":"base64","text":"` + base64.StdEncoding.EncodeToString([]byte(limited)) + `"}}},
			{"request":{"method":"POST","url":"https://a.test/v1/x"},"response":{"status":0,"_error":"net::ERR_CONNECTION_RESET"}}]}}`,
			want{"429 " + limited, "!net::ERR_CONNECTION_RESET"}},
	} {
		t.Run(name, func(t *testing.T) {
			items, err := Parse([]byte(c.in))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for i := range items {
				got = append(got, show(items[i]))
				checkPlaces(t, &items[i])
			}
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func TestUnreadable(t *testing.T) {
	for in, want := range map[string]error{
		"": ErrEmpty, " \n\t": ErrEmpty, "hello there": ErrNothing, "\x1b[0m": ErrEmpty,
		"KeyError: 'choices'": ErrNothing, strings.Repeat("\x00\xfe\x01", 20): ErrBinary, "just 429 words": ErrNothing,
	} {
		if items, err := Parse([]byte(in)); !errors.Is(err, want) {
			t.Errorf("%q: %d items, error %v, want %v", in, len(items), err, want)
		}
	}
	if Hint(ErrNothing) == "" || Hint(errors.New("x")) == "" {
		t.Error("an error without a hint")
	}
}

func TestDecoding(t *testing.T) {
	in := "HTTP/1.1 429 Slow\n\n" + limited
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write([]byte(in))
	w.Close()
	var u []byte
	for _, c := range utf16.Encode([]rune("\ufeff" + in)) {
		u = append(u, byte(c), byte(c>>8))
	}
	for name, data := range map[string][]byte{"gzip": z.Bytes(), "gzip, cut": z.Bytes()[:z.Len()-6], "UTF-16": u, "UTF-16 without mark": u[2:]} {
		items, err := Parse(data)
		if err != nil || len(items) != 1 || show(items[0]) != "429 "+limited || len(items[0].Notes) == 0 {
			t.Errorf("%s: %v %+v", name, err, items)
		}
	}
}

func TestMediaFile(t *testing.T) {
	items, err := Parse([]byte("\x89PNG\r\n\x1a\n\x00\x00"))
	if err != nil || len(items) != 1 || items[0].Request.Surface != telltale.MediaDownload || items[0].Response.Header.Get("Content-Type") != "image/png" {
		t.Errorf("%v %+v", err, items)
	}
}

// What a request says is kept with its response.
func TestRequestIsKept(t *testing.T) {
	items, err := Parse([]byte("$ curl -i https://api.openai.com/v1/chat/completions \\\n  -H 'X-A: b' -d '{\"model\": \"m\"}'\nHTTP/2 404 \n\n{}"))
	if err != nil || len(items) != 1 {
		t.Fatal(err, items)
	}
	r := items[0].Request
	if r.URL != "https://api.openai.com/v1/chat/completions" || r.Method != "POST" || string(r.Body) != `{"model": "m"}` || r.Header.Get("X-A") != "b" {
		t.Errorf("%+v", r)
	}
}

// Evidence is found where it stands, also through quotes and chunks.
func TestLocate(t *testing.T) {
	for name, c := range map[string]struct {
		in    string
		e     telltale.Evidence
		found string
	}{
		"path":        {"HTTP/2 429\n\n" + limited, telltale.Evidence{Where: "body.error.code", Value: "rate_limit_exceeded"}, `"rate_limit_exceeded"`},
		"status":      {"HTTP/2 429\n\n" + limited, telltale.Evidence{Where: "status", Value: "429"}, "429"},
		"header":      {"HTTP/2 429\nRetry-After: 20\n\n{}", telltale.Evidence{Where: "header.retry-after", Value: "20"}, "20"},
		"Python dict": {"Error code: 429 - {'error': {'message': \"it's\", 'code': 'slow'}}", telltale.Evidence{Where: "body.error.code", Value: "slow"}, "slow"},
		"in a string": {`{"status":429,"body":"{\"error\":{\"code\":\"slow\"}}"}`, telltale.Evidence{Where: "body.error.code", Value: "slow"}, `\"slow\"`},
		"list":        {`{"choices":[{"finish_reason":"stop"},{"finish_reason":"length"}]}`, telltale.Evidence{Where: "body.choices[1].finish_reason", Value: "length"}, `"length"`},
		"stream":      {"data: {\"a\":\"overloaded_error\"}\n\n", telltale.Evidence{Where: "stream", Value: "overloaded_error"}, "overloaded_error"},
		"nowhere":     {limited, telltale.Evidence{Where: "status", Value: "400"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			items, err := Parse([]byte(c.in))
			if err != nil || len(items) != 1 {
				t.Fatal(err, len(items))
			}
			sp, ok := items[0].Locate(c.e)
			if got := string(items[0].Source[sp.Start:sp.End]); ok != (c.found != "") || ok && !strings.Contains(got, strings.Trim(c.found, `"`)) {
				t.Errorf("found %q (%v), want %q", got, ok, c.found)
			}
		})
	}
}

// hostile are texts that begin something over and over and never end it.
var hostile = map[string]string{
	"braces": "x {\n", "open objects": "{\"a\":\n", "quotes": "x {'\n", "brackets": "[[[[", "events": "data: {\n", "errors": "Error: x {\n  a: {\n",
	"traces": "Traceback (most recent call last)\nFooError: {'a':\n", "heads": "HTTP/1.1 301 X\n\n", "codes": "Error code: 429 - {'a': [\n", "talk": "* Connected to x\n> GET / HTTP/1.1\n",
	"causes": "A: 1\nThe above exception was the direct cause of\nReadTimeout: x\n", "prompts": "$ curl 'x\n", "at": "Error: a\n at x\n", "calls": "A(b=", "words": "Error: status code 42\n",
}

// Megabytes of what never ends are read: with time that grew with the square of the length this would not end either.
func TestHostileTextsEnd(t *testing.T) {
	for name, unit := range hostile {
		t.Run(name, func(t *testing.T) {
			if items, err := Parse([]byte(strings.Repeat(unit, 2<<20/len(unit)))); err == nil && len(items) == 0 {
				t.Error("neither an exchange nor an error")
			}
		})
	}
}

// BenchmarkHostile shows that the time for a byte does not grow with the length.
func BenchmarkHostile(b *testing.B) {
	for name, unit := range hostile {
		for _, n := range []int{200 << 10, 1600 << 10} {
			in := []byte(strings.Repeat(unit, n/len(unit)))
			b.Run(fmt.Sprintf("%s/%dKiB", name, n>>10), func(b *testing.B) {
				b.SetBytes(int64(len(in)))
				for b.Loop() {
					_, _ = Parse(in)
				}
			})
		}
	}
}
