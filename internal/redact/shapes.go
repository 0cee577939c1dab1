package redact

import "strings"

// shape is a key's own form: a prefix, and at least so many characters of a key after it.
type shape struct {
	prefix string
	min    int  // characters after the prefix, at least
	dense  bool // the rest must look drawn at random: hf_ and sk_ also begin ordinary identifiers
}

// shapes lists the keys that are known by their beginning, grouped by first byte for speed.
// Longer prefixes of the same family need no line of their own: sk- covers sk-ant-, sk-proj- and sk-or-v1-.
var shapes = func() (t [256][]shape) {
	for _, s := range []shape{
		{"sk-", 6, false},      // OpenAI, Anthropic, OpenRouter, DeepSeek, Moonshot, DashScope, Stability, gateways
		{"sk_", 16, true},      // ElevenLabs, Stripe
		{"rk_live_", 8, false}, // Stripe
		{"gsk_", 8, false},     // Groq
		{"xai-", 20, true},     // xAI
		{"AIza", 12, false},    // Google
		{"AQ.", 16, true},      // Google, newer
		{"ya29.", 8, false},    // Google OAuth
		{"GOCSPX-", 8, false},
		{"hf_", 16, true}, // Hugging Face
		{"api_org_", 16, true},
		{"r8_", 8, false},                      // Replicate
		{"AKIA", 12, true}, {"ASIA", 12, true}, // AWS
		{"ABSK", 20, true}, {"bedrock-api-key-", 8, false}, // Bedrock
		{"LTAI", 12, true}, {"AKLT", 12, true}, {"AKID", 16, true}, // Alibaba, Volcengine, Tencent
		{"nvapi-", 8, false},  // NVIDIA
		{"pplx-", 8, false},   // Perplexity
		{"csk-", 12, false},   // Cerebras
		{"fw_", 16, true},     // Fireworks
		{"tgp_v1_", 8, false}, // Together
		{"key_", 32, true},    // Runway
		{"luma-", 20, true},   // Luma
		{"bfl_", 16, true},    // Black Forest Labs
		{"pa-", 24, true},     // Voyage
		{"jina_", 16, true}, {"tvly-", 8, false}, {"vck_", 16, true},
		{"dapi", 32, true}, // Databricks
		{"lsv2_", 8, false}, {"pk-lf-", 8, false},
		{"ghp_", 16, true}, {"gho_", 16, true}, {"ghu_", 16, true}, {"ghs_", 16, true}, {"ghr_", 16, true},
		{"github_pat_", 16, false}, {"glpat-", 8, false}, {"npm_", 16, true},
		{"xoxb-", 8, false}, {"xoxp-", 8, false}, {"xoxa-", 8, false}, {"xoxr-", 8, false}, {"xoxs-", 8, false},
		{"whsec_", 8, false}, {"SG.", 20, true},
		{"eyJ", 16, true}, // a JSON Web Token: base64 of {"
	} {
		t[s.prefix[0]] = append(t[s.prefix[0]], s)
	}
	return t
}()

// inside lists beginnings so distinctive that a key is known by them in the middle of a word too.
var inside = []string{"sk-ant-", "sk-proj-", "sk-or-v1-", "AIzaSy", "nvapi-", "eyJhbGci"}

// shaped reports whether run begins as a key does. starred says that a provider has masked part of it.
func shaped(run string, starred bool) bool {
	for _, s := range shapes[run[0]] {
		if !strings.HasPrefix(run, s.prefix) {
			continue
		}
		rest := run[len(s.prefix):]
		if starred && len(rest) >= 3 {
			return true
		}
		if len(rest) < s.min || s.dense && !opaque(rest, s.min) || strings.HasPrefix(run, "sk-learn") && !digits(rest) {
			continue
		}
		return true
	}
	return false
}

// opaque reports whether s holds a stretch of at least min letters and digits that no one would
// write by hand: both occur in it, unbroken by the hyphens, dots and slashes of names and versions.
// A UUID is opaque too.
func opaque(s string, min int) bool {
	from, letter, digit := 0, false, false
	for i := 0; i <= len(s); i++ {
		switch {
		case i < len(s) && '0' <= s[i] && s[i] <= '9':
			digit = true
		case i < len(s) && ('a' <= s[i]|0x20 && s[i]|0x20 <= 'z' || s[i] == '+'):
			letter = true
		default:
			if i-from >= min && letter && digit {
				return true
			}
			from, letter, digit = i+1, false, false
		}
	}
	return uuid(s)
}

// uuid reports whether s is a UUID in its usual writing.
func uuid(s string) bool {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return false
	}
	for i := range len(s) {
		if s[i] != '-' && !hex(s[i]) {
			return false
		}
	}
	return true
}

func hex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f' }

func digits(s string) bool { return strings.ContainsAny(s, "0123456789") }

// zhipu reports whether s is an id and secret as Zhipu joins them: 32 hex digits, a dot, 16 letters and digits.
func zhipu(s string) bool {
	if len(s) != 49 || s[32] != '.' {
		return false
	}
	for i := range 32 {
		if !hex(s[i]) {
			return false
		}
	}
	return !strings.ContainsAny(s[33:], "./-_+%*~")
}

// strong lists the ends of names whose value is secret whatever it looks like.
var strong = byLast("apikey", "secret", "secretkey", "password", "passwd", "passphrase", "authorization", "accesskey",
	"privatekey", "authtoken", "accesstoken", "refreshtoken", "sessiontoken", "securitytoken", "bearertoken", "apitoken",
	"accountkey", "subscriptionkey", "encryptionkey", "signingkey", "cookie", "clientsecret", "accesskeyid", "xamzsignature",
	"xgoogsignature", "xosssignature", "xtossignature", "xamzcredential", "credentials", "connectionstring")

// weak lists names whose value is secret only if it looks so: "token" is also a word of a log-probability.
var weak = []string{"key", "token", "sig", "sign", "signature", "auth", "credential", "pwd", "pass", "bearer", "jwt", "idtoken"}

// inQuery lists the ends of names of query parameters whose value is secret: keys, and the signatures
// of presigned URLs (S3, GCS, Azure, OSS, CloudFront).
var inQuery = byLast("key", "token", "sig", "sign", "signature", "secret", "credential", "password", "policy", "keyid",
	"accessid", "keypairid", "auth", "jwt")

// endings are ends of names, grouped by last byte for speed.
type endings [256][]string

func byLast(ends ...string) (t endings) {
	for _, e := range ends {
		t[e[len(e)-1]] = append(t[e[len(e)-1]], e)
	}
	return t
}

// named reports whether name, in the form that normal gives, ends so.
func named(name string, ends *endings) bool {
	if name == "" {
		return false
	}
	for _, e := range ends[name[len(name)-1]] {
		if strings.HasSuffix(name, e) {
			return true
		}
	}
	return false
}

func weakly(name string) bool {
	for _, w := range weak {
		if name == w {
			return true
		}
	}
	return false
}

// keyword reports whether the last telling word of before speaks of a key. A word such as "id" or
// "model" after it means that what follows is something else: "invalid token (request id: ...)".
func keyword(before string) bool {
	for _, w := range []string{"令牌", "密钥", "秘钥"} {
		if i := strings.LastIndex(before, w); i >= 0 && !strings.Contains(strings.ToLower(before[i:]), "id") {
			return true
		}
	}
	end := len(before)
	for i := len(before) - 1; i >= -1; i-- {
		if i >= 0 && ('a' <= before[i]|0x20 && before[i]|0x20 <= 'z' || before[i] == '_' || before[i] == '-') {
			continue
		}
		if w := normal(before[i+1 : end]); w != "" {
			switch w {
			case "id", "requestid", "traceid", "model", "request", "organization", "project", "account", "user", "deployment", "region", "task", "file":
				return false
			case "key", "token", "secret", "password", "credential", "credentials", "bearer", "authorization", "signature":
				return true
			}
			if named(w, &strong) && w != "cookie" {
				return true
			}
		}
		end = i
	}
	return false
}
