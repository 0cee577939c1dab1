package doctor

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"unicode"
)

func checkKey() Check {
	return Check{ID: "key", Title: "API key", Doc: "The key is there and is one word: no quotes, blanks, line breaks, no `Bearer` in front, no placeholder, " +
		"and no other provider's key. SDKs put `Bearer` in front by themselves.", run: runKey}
}

// cleanKey is the key without what does not belong to it.
func cleanKey(key string) string {
	key = strings.TrimFunc(key, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("\"'`“”‘’\u200b\ufeff", r)
	})
	if len(key) > 7 && strings.EqualFold(key[:7], "bearer ") {
		key = strings.TrimSpace(key[7:])
	}
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r >= 0x7f {
			return -1
		}
		return r
	}, key)
}

func runKey(_ context.Context, s *session) Result {
	from := "the key"
	if s.o.KeyName != "" {
		from = s.o.KeyName
	}
	key := s.o.Key
	if strings.TrimSpace(key) == "" {
		if isLocal(s.raw) {
			return warn("no key is set; a local server usually needs none")
		}
		return fail(from+" is not set or empty", "Set it: export "+envName(s.o.KeyName)+"=<your key>", "Create a key in the provider's console.")
	}
	if problem, do := keyProblem(key); problem != "" {
		return fail(from+" "+problem, do, "The checks below go on with what the key is without that.")
	}
	of := vendorOfKey(key)
	host := vendorOfHost(hostOf(s.raw))
	if of != nil && host != nil && of != host {
		return fail(fmt.Sprintf("%s holds a key of %s, and the base URL belongs to %s", from, of.name, host.name),
			"Use a key of "+host.name+", or the base URL of "+of.name+".")
	}
	seen := fmt.Sprintf("%s is set: one word of %d characters", from, len(key))
	if of != nil {
		seen += ", as " + of.name + " issues them"
	}
	if len(key) < 16 && !isLocal(s.raw) {
		return warn(seen+"; that is short for a key", "Check that the whole key was copied.")
	}
	return good(seen)
}

func envName(name string) string {
	if name == "" {
		return "OPENAI_API_KEY"
	}
	return name
}

// keyProblem says what is wrong with the form of a key, and what to do.
func keyProblem(key string) (problem, do string) {
	trimmed := strings.TrimSpace(key)
	low := strings.ToLower(trimmed)
	switch {
	case strings.HasPrefix(low, "bearer ") || low == "bearer":
		return "begins with \"Bearer\": the SDK adds that, so the header would say it twice", "Remove \"Bearer \" from the key; in an HTTP header of your own write `Authorization: Bearer <key>`."
	case strings.HasPrefix(low, "authorization:"):
		return "is a whole header, not a key", "Keep only what stands behind \"Bearer \"."
	case strings.ContainsAny(key, "\r\n") && strings.TrimRight(key, "\r\n") == trimmed:
		return "ends with a line break", "Remove it; `echo -n` and `tr -d '\\n'` write none."
	case strings.ContainsAny(trimmed, "\r\n"):
		return "has a line break in it", "Copy the key again, as one line."
	case trimmed != key:
		return "begins or ends with a blank", "Remove the blank."
	case strings.ContainsAny(key, "\"'`“”‘’"):
		return "has quotes around it or in it", "Remove the quotes: env files and container settings take them literally."
	case strings.ContainsAny(key, " \t"):
		return "has a blank in it", "Copy the key again."
	case strings.IndexFunc(key, func(r rune) bool { return r > 0x7e || r < 0x21 }) >= 0:
		return "has a character that no key has (an invisible one, or one beyond ASCII)", "Copy the key again from the console, not from a document."
	case strings.HasPrefix(low, "$") || strings.HasPrefix(low, "<") || strings.HasPrefix(low, "{{") || strings.Contains(low, "your") && strings.Contains(low, "key") ||
		strings.Contains(low, "xxxx") || strings.Contains(low, "****") || strings.Contains(low, "...") || low == "none" || low == "null" || low == "undefined" || low == "changeme":
		return "is a placeholder", "Put the real key there; check that the variable is expanded."
	}
	return "", ""
}

func hostOf(raw string) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// isLocal reports whether a base URL names this machine or a private network.
func isLocal(raw string) bool {
	h := hostOf(raw)
	if h == "localhost" || strings.HasSuffix(h, ".localhost") || strings.HasSuffix(h, ".local") || strings.HasSuffix(h, ".internal") {
		return true
	}
	ip := net.ParseIP(h)
	return ip != nil && (ip.IsLoopback() || ip.IsPrivate())
}
