package dashboard

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// Guard lets in who may see the records.
//
// With a Token, who sends it: as "Authorization: Bearer TOKEN", or by the login page, which sets a cookie.
// Without one, who comes over the loopback interface and asks for a loopback name: a page of the wide web
// whose name has been pointed at 127.0.0.1 is refused, and so is what a proxy has forwarded.
type Guard struct {
	Token string
}

// NeedsToken reports whether a server that listens on addr (host:port) can be reached over more than loopback.
func NeedsToken(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	return err != nil || !loopback(host)
}

func loopback(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// Wrap guards h.
func (g Guard) Wrap(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.Token == "" {
			if !local(r) {
				fail(w, http.StatusForbidden, "the administration side has no token, so it answers on this machine's loopback only",
					"set admin.token (TELLTALE_TOKEN), or open it as http://127.0.0.1")
				return
			}
			h.ServeHTTP(w, r)
			return
		}
		if !g.knows(r) {
			g.ask(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// local reports whether r came over loopback and asked for a loopback name.
func local(r *http.Request) bool {
	for _, forwarded := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host"} { // a proxy on this machine lets the world in
		if r.Header.Get(forwarded) != "" {
			return false
		}
	}
	if a, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
		if host, _, err := net.SplitHostPort(a.String()); err == nil && !loopback(host) {
			return false
		}
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return loopback(host)
}

const cookieName = "telltale"

// pass is what the cookie holds: made of the token, and the token cannot be made of it.
func (g Guard) pass() string {
	m := hmac.New(sha256.New, []byte(g.Token))
	m.Write([]byte("telltale dashboard"))
	return hex.EncodeToString(m.Sum(nil))
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func (g Guard) knows(r *http.Request) bool {
	if scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "bearer") && same(strings.TrimSpace(token), g.Token) {
		return true
	}
	c, err := r.Cookie(cookieName)
	return err == nil && same(c.Value, g.pass())
}

// ask answers who has no token: a browser with the login page, others with JSON.
func (g Guard) ask(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html") {
		render(w, http.StatusUnauthorized, "login.html", r.URL.Query().Has("wrong"))
		return
	}
	w.Header().Set("WWW-Authenticate", `Bearer realm="telltale"`)
	fail(w, http.StatusUnauthorized, "a token is needed", `send "Authorization: Bearer TOKEN" with the token of admin.token (TELLTALE_TOKEN)`)
}

func (g Guard) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	if g.Token == "" || !same(strings.TrimSpace(r.PostFormValue("token")), g.Token) {
		time.Sleep(300 * time.Millisecond) // guessing shall not be cheap
		http.Redirect(w, r, "/telltale/?wrong", http.StatusSeeOther)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: g.pass(), Path: "/telltale/", HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil, MaxAge: 30 * 24 * 3600})
	http.Redirect(w, r, "/telltale/", http.StatusSeeOther)
}
