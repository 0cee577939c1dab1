package telltale

import (
	"strings"
	"testing"
)

func TestAppendUnquoted(t *testing.T) {
	for raw, want := range map[string]string{
		``:                                   "",
		`plain`:                              "plain",
		`a plain text of some length`:        "a plain text of some length",
		`\n`:                                 "\n",
		`ends in \`:                          "ends in ",
		`a \"quoted\" word, and a \\ slash`:  "a \"quoted\" word, and a \\ slash",
		`\b\f\n\r\t\/`:                       "\b\f\n\r\t/",
		`caf\u00e9 and \u4e2d\u6587 for you`: "café and 中文 for you",
		`\ud83d\ude00 \ud83d alone`:          "😀 \uFFFD alone",
		`\ud83d\u0041`:                       "\uFFFDA",
		`\u`:                                 "\uFFFD",
		`\u\u\u\u12 tail of it`:              "\uFFFD\uFFFD\uFFFD\uFFFD tail of it",
	} {
		for _, lead := range []string{"", "x", strings.Repeat("long ", 20)} {
			if got := string(appendUnquoted([]byte(lead), []byte(raw))); got != lead+want {
				t.Errorf("%q: %q, want %q", raw, got, lead+want)
			}
			if got := string(appendUnquoted(nil, []byte(lead+raw))); got != lead+want {
				t.Errorf("%q: %q, want %q", lead+raw, got, lead+want)
			}
		}
	}
}

func TestScannerString(t *testing.T) {
	for text, want := range map[string]string{
		`"" x`:               ``,
		`"short" x`:          `short`,
		`"a \"b\" c" x`:      `a \"b\" c`,
		`"ends in \\" x`:     `ends in \\`,
		`"\\\" more \\\\" x`: `\\\" more \\\\`,
		`"` + strings.Repeat("long text ", 9) + `\n" x`: strings.Repeat("long text ", 9) + `\n`,
		`"` + strings.Repeat("long text ", 9) + `" x`:   strings.Repeat("long text ", 9),
	} {
		s := scanner{b: []byte(text)}
		raw, esc := s.str()
		if string(raw) != want || esc != strings.Contains(want, `\`) || s.bad || text[s.i:] != " x" {
			t.Errorf("%s: %q %v %v, rest %q", text, raw, esc, s.bad, text[s.i:])
		}
		for cut := 1; cut < len(text)-2; cut++ {
			s := scanner{b: []byte(text[:cut])}
			if raw, _ := s.str(); !s.bad || string(raw) != text[1:cut] || s.i != cut {
				t.Errorf("%s: %q %v at %d", text[:cut], raw, s.bad, s.i)
			}
		}
	}
}
