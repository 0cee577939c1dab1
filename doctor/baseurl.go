package doctor

import (
	"context"
	"net/url"
	"strings"
)

func checkBaseURL() Check {
	return Check{ID: "base_url", Title: "Base URL", Doc: "The base URL is an address without an operation's path: /v1 neither missing nor doubled, no /chat/completions, " +
		"no quotes, https for hosts that are not local.", run: runBaseURL}
}

func runBaseURL(_ context.Context, s *session) Result {
	raw := strings.Trim(strings.TrimSpace(s.raw), "\"'`")
	if raw == "" {
		return fail("no base URL is given", "Give one: --base-url https://api.openai.com/v1")
	}
	if !strings.Contains(raw, "://") {
		s.base, _ = url.Parse("https://" + raw) // the checks below go on with what is meant
		return fail("the base URL has no scheme", "Write https:// in front: https://"+raw)
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fail("the base URL is no http(s) address", "Write it as https://host/v1")
	}
	v := vendorOfHost(u.Hostname())
	s.anthropic = v != nil && v.name == "Anthropic" || strings.HasSuffix(strings.TrimRight(u.Path, "/"), "/anthropic")
	s.base = u
	clean := *u
	clean.RawQuery, clean.Fragment, clean.User = "", "", nil
	at := func(path string) string {
		c := clean
		c.Path = strings.TrimRight(path, "/")
		return c.String()
	}
	path := strings.TrimRight(u.Path, "/")
	if raw != s.raw {
		return fail("the base URL has quotes or blanks around it", "Remove them: "+at(path))
	}
	for _, op := range []string{"/chat/completions", "/completions", "/responses", "/messages", "/images/generations", "/videos", "/models", "/embeddings"} {
		if strings.HasSuffix(path, op) {
			return fail("the base URL names the operation "+op+", which SDKs add by themselves", "Use "+at(strings.TrimSuffix(path, op)))
		}
	}
	switch {
	case strings.Contains(path, "/v1/v1"):
		return fail("the base URL has /v1 twice", "Use "+at(strings.Replace(path, "/v1/v1", "/v1", 1)))
	case strings.Contains(path, "//"):
		return fail("the base URL has two slashes in its path", "Use "+at(strings.ReplaceAll(path, "//", "/")))
	case s.anthropic && strings.HasSuffix(path, "/v1"):
		return fail("Anthropic's SDKs add /v1 by themselves, so it would stand there twice", "Use "+at(strings.TrimSuffix(path, "/v1")))
	case v != nil && v.path != "" && path == "":
		return fail("the base URL misses "+v.path, "Use "+at(v.path))
	case u.User != nil:
		return fail("the base URL holds a name or password", "Take it out and give the key as key.")
	case u.RawQuery != "" && !strings.Contains(u.RawQuery, "api-version"):
		return warn("the base URL has a query, which SDKs may drop", "Use "+at(path))
	case u.Scheme == "http" && !isLocal(raw):
		return warn("the base URL is http: the key travels in the clear", "Use https.")
	case u.Path != "" && strings.HasSuffix(u.Path, "/"):
		return warn("the base URL ends with a slash: some programs will ask for a path with two", "Use "+at(path))
	}
	return good(at(path))
}
