package expect

import (
	"strings"

	"github.com/abadojack/whatlanggo"
)

// languageCode gives the ISO 639-1 code of a language that can be told; "" for others.
func languageCode(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if base, _, ok := strings.Cut(s, "-"); ok && len(base) == 2 {
		s = base
	}
	for lang := range whatlanggo.Langs {
		if code := lang.Iso6391(); code != "" && (s == code || s == strings.ToLower(whatlanggo.LangToString(lang)) || s == strings.ToLower(lang.String())) {
			return code
		}
	}
	switch s {
	case "zh", "chinese":
		return "zh"
	}
	return ""
}

// scriptsOf tells the script of languages that have one of their own.
var scriptsOf = map[string]script{
	"zh": han, "ja": kana, "ko": hangul, "ru": cyrillic, "uk": cyrillic, "bg": cyrillic, "sr": cyrillic, "be": cyrillic, "mk": cyrillic,
	"ar": arabic, "fa": arabic, "ur": arabic, "he": hebrew, "yi": hebrew, "el": greek, "th": thai, "hi": indic, "bn": indic, "ta": indic, "te": indic, "mr": indic, "ne": indic, "pa": indic, "gu": indic, "kn": indic, "ml": indic, "si": indic,
}

// spoken reports whether a text may be in the language: false only when it is clearly in another, which it names.
func spoken(text, code string) (got string, ok bool) {
	c := censusOf(text)
	if c.total < 12 {
		return "", true // numbers, names, signs: no language
	}
	if c.by[kana] > 0 {
		c.by[kana], c.by[han] = c.by[kana]+c.by[han], 0
	}
	want, own := scriptsOf[code]
	if !own {
		want = latin
	}
	best := latin
	for k := latin; k < scripts; k++ {
		if c.by[k] > c.by[best] {
			best = k
		}
	}
	if best != want && !(code == "ja" && best == han) && c.share(best) >= 60 && c.share(want) < 40 {
		return best.String(), false
	}
	if want != best || c.total < 60 || best == han || best == kana || best == hangul {
		return "", true
	}
	sample := within(text, 4<<10)
	if best == latin {
		if t := tongue(sample, 5); t != "" {
			_, name := tongueOf(t)
			return name, t == code
		}
	}
	info := whatlanggo.Detect(sample)
	if c.total < 150 || info.Confidence < 0.9 || info.Lang.Iso6391() == code {
		return "", true
	}
	if best == latin && info.Lang.Iso6391() == "" {
		return "", true
	}
	return info.Lang.String(), false
}
