package expect

import (
	"strconv"
	"strings"

	"github.com/abadojack/whatlanggo"

	"github.com/telltale-ai/telltale/fault"
)

// wrongLanguage finds a text in another language than the request's, unasked: another script without a reason in
// the request, or long and clear words of another language. Foreign names, quotations and terms are no alarm,
// nor is a request that speaks of a language, a translation or a country's words.
func wrongLanguage(o *Output) (Finding, bool) {
	t, p := o.Text, o.Prompt
	if o.Structured || len(t) < 24 || len(p) < 8 {
		return Finding{}, false
	}
	if english(t) && english(p) && mostlyASCII(t) {
		return Finding{}, false // by far the usual case
	}
	if from, to, ok := otherScript(o); ok {
		return foreign(o, from.String(), to.String(), false), true
	}
	if from, to, ok := otherWords(o); ok {
		return foreign(o, from, to, true), true
	}
	return Finding{}, false
}

func foreign(o *Output, want, got string, likely bool) Finding {
	return Finding{Cause: fault.WrongLanguage, Rule: "language", Where: span(0, len(o.Text)), Want: want,
		Got: got + ": " + strconv.Quote(capTo(strings.TrimSpace(o.Text), 100)), Likely: likely}
}

// english is a cheap test that hardly any other language passes.
func english(s string) bool {
	s = within(s, 600)
	return strings.Contains(s, " the ") || strings.Contains(s, " and ") || strings.Contains(s, " of ") || strings.Contains(s, " is ") || strings.Contains(s, "ou ") && strings.Contains(s, " you ") || strings.HasPrefix(s, "What ") || strings.HasPrefix(s, "How ")
}

func (k script) String() string {
	return [...]string{"", "Latin script", "Chinese characters", "Japanese script", "Korean script", "Cyrillic script", "Arabic script", "Hebrew script", "Greek script", "Thai script", "Indic script"}[k]
}

// otherScript finds a text in a script that the request does not use.
func otherScript(o *Output) (from, to script, ok bool) {
	text, prompt := censusOf(o.Text), censusOf(o.Prompt)
	if text.total < 30 || prompt.total < 8 {
		return 0, 0, false
	}
	if text.by[kana] > 0 && text.share(kana)*5 > text.share(han) { // Japanese has both
		text.by[kana], text.by[han] = text.by[kana]+text.by[han], 0
	}
	if prompt.by[kana] > 0 {
		prompt.by[kana], prompt.by[han] = prompt.by[kana]+prompt.by[han], 0
	}
	for k := latin; k < scripts; k++ {
		if prompt.share(k) > prompt.share(from) {
			from = k
		}
		if k != latin && text.share(k) > text.share(to) {
			to = k
		}
	}
	switch {
	case to == from || from == noScript:
		return 0, 0, false
	case from == latin:
		if text.share(to) < 30 || prompt.share(to)*5 > text.share(to) || text.share(to) < 60 && text.by[to] < 90 {
			return 0, 0, false
		}
	default: // a foreign question and an answer in Latin letters, or in a third script
		if text.share(latin) >= 92 && text.by[latin] >= 120 && !fenced(o.Text) && !tabled(o.Text) && !strings.Contains(o.Text, "http") {
			to = latin
		} else if to == noScript || text.share(to) < 60 {
			return 0, 0, false
		}
		if prompt.share(from) < 70 || prompt.share(to) > 15 {
			return 0, 0, false
		}
	}
	if o.System != "" {
		if sys := censusOf(o.System); sys.share(to) > 30 {
			return 0, 0, false
		}
	}
	if asks(o, namesOf[to]...) || speaksOfLanguage(o) {
		return 0, 0, false
	}
	return from, to, true
}

// namesOf holds how requests call the languages of a script, in their own language too.
var namesOf = [scripts][]string{
	latin:    {"english", "英语", "英文", "英語", "영어", "английск", "الإنجليزية", "الانجليزية", "अंग्रेज", "ภาษาอังกฤษ", "אנגלית", "αγγλικ", "pinyin", "拼音", "romaji", "code", "sql", "python", "json", "html", "代码", "コード", "코드", "код", "java", "latin", "法语", "德语", "西班牙"},
	han:      {"chinese", "mandarin", "cantonese", "kanji", "hanzi", "japanese", "taiwan", "hsk", "pinyin", "hong kong", "china", "character"},
	kana:     {"japan", "hiragana", "katakana", "kanji", "anime", "haiku"},
	hangul:   {"korea", "hangul", "k-pop"},
	cyrillic: {"russia", "ukrain", "bulgaria", "serbia", "cyrillic", "belarus", "kazakh", "macedonia", "mongol", "slavic"},
	arabic:   {"arab", "persian", "farsi", "urdu", "quran", "iran", "pashto", "islam"},
	hebrew:   {"hebrew", "yiddish", "torah", "israel", "bible"},
	greek:    {"greek", "greece", "math", "physics", "formula"},
	thai:     {"thai"},
	indic:    {"hindi", "india", "sanskrit", "tamil", "bengali", "telugu", "marathi", "nepali", "urdu", "punjabi", "gujarati", "kannada", "malayalam", "sinhala", "mantra"},
}

// speaksOfLanguage reports whether the request has to do with languages at all.
func speaksOfLanguage(o *Output) bool {
	return asks(o, "translat", "language", "bilingual", "multilingual", "locali", "tradu", "übersetz", "翻译", "翻譯", "翻訳", "번역", "перевод", "перевед", "ترجم", "अनुवाद", "แปล", "语言", "日语", "日文", "中文", "汉语", "言語", "中国語", "日本語", "언어", "язык", "idioma", "langue", "sprache", "lingua", "emoji", "unicode", "alphabet", "foreign", "native script")
}

// otherWords finds a long text in another language of the same script, where the words of request and text leave no doubt.
func otherWords(o *Output) (from, to string, ok bool) {
	t, p := o.Text, o.Prompt
	if len(t) < 200 || len(p) < 60 || fenced(t) || english(t) && english(p) {
		return "", "", false
	}
	text, prompt := tongue(within(t, 1500), 10), tongue(within(p, 1500), 5)
	if text == "" || prompt == "" || text == prompt || speaksOfLanguage(o) || asks(o, tongueNames(text)...) {
		return "", "", false
	}
	if o.System != "" && tongue(within(o.System, 1500), 3) != prompt {
		return "", "", false
	}
	want, wantName := tongueOf(prompt)
	got, gotName := tongueOf(text)
	// A second opinion, from trigrams.
	if whatlanggo.DetectLang(within(t, 1500)).Iso6393() != got || whatlanggo.DetectLang(within(p, 1500)).Iso6393() != want {
		return "", "", false
	}
	return wantName, gotName, true
}
