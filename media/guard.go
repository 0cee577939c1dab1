package media

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// Guard says which addresses may be talked to. The zero value allows every public one and no other.
type Guard struct {
	prefixes []netip.Prefix
	hosts    map[string]bool
}

// NewGuard allows, besides public addresses, what the owner lists: "10.1.0.0/16", "192.168.1.5", or a host name
// or "host:port", whose addresses are then allowed whatever they are.
func NewGuard(allow []string) (*Guard, error) {
	g := &Guard{hosts: map[string]bool{}}
	for _, s := range allow {
		s = strings.TrimSpace(s)
		if p, err := netip.ParsePrefix(s); err == nil {
			g.prefixes = append(g.prefixes, p.Masked())
		} else if a, err := netip.ParseAddr(s); err == nil {
			g.prefixes = append(g.prefixes, netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()))
		} else if _, _, err := net.SplitHostPort(s); s != "" && !strings.ContainsAny(s, "/ ") && (err == nil || !strings.Contains(s, ":")) {
			g.hosts[strings.ToLower(s)] = true
		} else {
			return nil, fmt.Errorf("%q is neither an address, a network (10.0.0.0/8), a host name nor a host with a port", s)
		}
	}
	return g, nil
}

// CheckURL refuses what no fetch may begin with: other schemes than http and https, a user name, no host.
func CheckURL(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: the URL cannot be read", ErrRefused)
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%w: %q is neither http nor https", ErrRefused, u.Scheme)
	case u.Hostname() == "" || u.User != nil:
		return nil, fmt.Errorf("%w: the URL names no host, or a user", ErrRefused)
	}
	return u, nil
}

// Allows reports whether a connection may be made to an address.
func (g *Guard) Allows(a netip.Addr) bool {
	a = a.Unmap()
	if g != nil {
		for _, p := range g.prefixes {
			if p.Contains(a) {
				return true
			}
		}
	}
	return public(a)
}

// special are networks that are not the public internet's, beyond what package netip knows
// (https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry).
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("3fff::/20"), netip.MustParsePrefix("5f00::/16"), netip.MustParsePrefix("fec0::/10"),
}

// nat64 carries IPv4 addresses in its last 32 bits.
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

func public(a netip.Addr) bool {
	if nat64.Contains(a) {
		b := a.As16()
		return public(netip.AddrFrom4([4]byte(b[12:])))
	}
	if !a.IsValid() || !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast() {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// Transport dials only what the guard allows: the address is checked after the name was resolved, on every
// connection, so that neither a redirect nor a name that changes gets around it. Proxies are not used.
func (g *Guard) Transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy = nil
	t.MaxIdleConnsPerHost = 4
	t.ResponseHeaderTimeout = time.Minute
	t.DisableCompression = true // lengths and ranges are of the bytes as they are kept
	t.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, err
		}
		d := net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
		if g == nil || !g.hosts[strings.ToLower(host)] && !g.hosts[strings.ToLower(addr)] {
			d.Control = func(_, address string, _ syscall.RawConn) error {
				ap, err := netip.ParseAddrPort(address)
				if err != nil || !g.Allows(ap.Addr()) {
					return fmt.Errorf("%w: %s is not a public address", ErrRefused, address)
				}
				return nil
			}
		}
		conn, err := d.DialContext(ctx, network, addr)
		if err != nil && errors.Is(err, ErrRefused) {
			return nil, fmt.Errorf("%w: %s has no public address", ErrRefused, host)
		}
		return conn, err
	}
	return t
}
