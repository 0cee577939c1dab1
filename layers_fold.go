package telltale

// goodParam tells a parameter's name from the fillers that stand in its place.
func goodParam(v string) bool {
	switch v {
	case "", "None", "null", "none", "undefined", "-", "N/A":
		return false
	}
	return len(v) < 120 && !digits(v)
}

// embedded finds JSON (or a Python dict) inside a text.
func embedded(v string) (from int, escaped, ok bool) {
	for i := 0; i < len(v) && i < 8<<10; i++ {
		if v[i] != '{' {
			continue
		}
		j := i + 1
		for j < len(v) && (v[j] <= ' ' || v[j] == '\\' && j+1 < len(v) && (v[j+1] == 'n' || v[j+1] == 't')) {
			if v[j] == '\\' {
				j++
			}
			j++
		}
		if j+2 >= len(v) {
			return 0, false, false
		}
		switch {
		case v[j] == '"' || v[j] == '\'':
			return i, false, true
		case v[j] == '\\' && v[j+1] == '"':
			return i, true, true
		}
	}
	return 0, false, false
}

// unCamel writes "InputImageSensitiveContentDetected" and "model_not_found" as words.
func unCamel(v string) string {
	b := make([]byte, 0, len(v)+8)
	for i := 0; i < len(v); i++ {
		c := v[i]
		switch {
		case c == '_' || c == '-' || c == '.' || c == ':':
			c = ' '
		case c >= 'A' && c <= 'Z' && i > 0 && (v[i-1] >= 'a' && v[i-1] <= 'z'):
			b = append(b, ' ')
		}
		b = append(b, c)
	}
	return string(b)
}

// appendFolded lower-cases text for matching: ASCII, Cyrillic and accented Latin letters, one blank for any white space, straight quotes.
func appendFolded(dst []byte, v string) []byte {
	blank := true
	for i := 0; i < len(v); i++ {
		c := v[i]
		switch {
		case c <= ' ':
			if !blank {
				dst = append(dst, ' ')
			}
			blank = true
			continue
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c == 0xD0 && i+1 < len(v) && v[i+1] >= 0x90 && v[i+1] <= 0x9F: // Cyrillic, first half
			dst = append(dst, c)
			i++
			c = v[i] + 0x20
		case c == 0xD0 && i+1 < len(v) && v[i+1] >= 0xA0 && v[i+1] <= 0xAF: // and second
			dst = append(dst, 0xD1)
			i++
			c = v[i] - 0x20
		case c == 0xC3 && i+1 < len(v) && v[i+1] >= 0x80 && v[i+1] <= 0x9E && v[i+1] != 0x97: // Latin with accents
			dst = append(dst, c)
			i++
			c = v[i] + 0x20
		case c == 0xE2 && i+2 < len(v) && v[i+1] == 0x80:
			switch v[i+2] {
			case 0x98, 0x99:
				c = '\''
				i += 2
			case 0x9C, 0x9D:
				c = '"'
				i += 2
			}
		}
		blank = false
		dst = append(dst, c)
	}
	return dst
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// statusIn reads an HTTP status of a failure; 0 when v is none.
func statusIn(v string) int {
	if len(v) != 3 || v[0] < '3' || v[0] > '5' || v[1] < '0' || v[1] > '9' || v[2] < '0' || v[2] > '9' {
		return 0
	}
	return int(v[0]-'0')*100 + int(v[1]-'0')*10 + int(v[2]-'0')
}
