package expect

// tongue tells the language of a text in Latin letters by its commonest words, as an ISO 639-1 code; "" when fewer
// than least of them are found or another language has more than a quarter as many.
func tongue(s string, least int) string {
	var hits [len(tongues)]int
	words := 0
	for i := 0; i < len(s); {
		for i < len(s) && !isLetter(s[i]) {
			i++
		}
		from := i
		for i < len(s) && isLetter(s[i]) {
			i++
		}
		if n := i - from; n == 0 || n > 6 {
			if n > 0 {
				words++
			}
			continue
		}
		words++
		var b [8]byte
		w := lower(b[:0], s[from:i], 6)
		for k := range tongues {
			for _, c := range tongues[k].common {
				if string(w) == c {
					hits[k]++
					break
				}
			}
		}
	}
	best, second := 0, -1
	for k := range hits {
		if hits[k] > hits[best] {
			best = k
		}
	}
	for k := range hits {
		if k != best && (second < 0 || hits[k] > hits[second]) {
			second = k
		}
	}
	if hits[best] < least || hits[best]*100 < words*12 || hits[second]*4 > hits[best] {
		return ""
	}
	return tongues[best].code
}

// tongues holds, for each language, common words that the others listed do not have.
var tongues = [...]struct {
	code, iso3, name string
	common           []string
}{
	{"en", "eng", "English", []string{"the", "and", "of", "is", "are", "with", "that", "this", "for", "you", "it", "be", "what", "how", "can", "or", "your", "from"}},
	{"es", "spa", "Spanish", []string{"el", "los", "las", "una", "por", "con", "del", "es", "para", "y", "su", "como", "más", "pero", "cómo", "qué", "este"}},
	{"fr", "fra", "French", []string{"le", "les", "des", "est", "une", "pour", "dans", "et", "du", "sur", "vous", "avec", "qui", "pas", "ce", "sont", "au"}},
	{"de", "deu", "German", []string{"der", "die", "das", "und", "ist", "nicht", "ein", "eine", "mit", "auf", "für", "sie", "den", "von", "zu", "ich", "wie"}},
	{"it", "ita", "Italian", []string{"il", "gli", "che", "di", "sono", "per", "della", "è", "nel", "più", "come", "questo", "con", "non", "si", "anche"}},
	{"pt", "por", "Portuguese", []string{"o", "os", "uma", "não", "para", "com", "em", "do", "da", "são", "é", "você", "mais", "ao", "dos", "como"}},
	{"nl", "nld", "Dutch", []string{"het", "een", "van", "niet", "dat", "zijn", "voor", "met", "op", "aan", "ook", "te", "er", "deze", "wordt", "je"}},
	{"pl", "pol", "Polish", []string{"nie", "się", "jest", "na", "że", "do", "to", "jak", "dla", "oraz", "przez", "są", "lub", "ale"}},
	{"sv", "swe", "Swedish", []string{"och", "att", "det", "som", "är", "för", "inte", "av", "på", "ett", "med", "till", "har", "kan"}},
	{"tr", "tur", "Turkish", []string{"ve", "bir", "bu", "için", "ile", "olarak", "daha", "olan", "çok", "gibi", "ne"}},
	{"id", "ind", "Indonesian", []string{"yang", "dan", "di", "untuk", "dengan", "ini", "dari", "pada", "adalah", "dalam", "tidak", "akan"}},
	{"vi", "vie", "Vietnamese", []string{"và", "của", "là", "các", "có", "được", "cho", "trong", "một", "không", "những", "với"}},
}

// tongueOf returns the row of an ISO 639-1 code.
func tongueOf(code string) (iso3, name string) {
	for i := range tongues {
		if tongues[i].code == code {
			return tongues[i].iso3, tongues[i].name
		}
	}
	return "", ""
}

// tongueNames returns how a request may call a language.
func tongueNames(code string) []string {
	switch code {
	case "en":
		return []string{"english", "inglés", "anglais", "englisch", "inglese", "inglês", "engels", "angielsk", "engelsk", "ingilizce", "inggris", "tiếng anh"}
	case "es":
		return []string{"spanish", "español", "espagnol", "spanisch", "spain", "mexic", "latin"}
	case "fr":
		return []string{"french", "français", "france", "francés", "französisch", "quebec"}
	case "de":
		return []string{"german", "deutsch", "alemán", "allemand", "tedesco", "austria", "swiss"}
	case "it":
		return []string{"italian", "italy", "italien"}
	case "pt":
		return []string{"portug", "brazil", "brasil"}
	}
	_, name := tongueOf(code)
	return []string{string(lower(nil, name, 6))}
}
