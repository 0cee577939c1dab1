package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"strings"
	"time"
)

const dialTime = 10 * time.Second

func checkDNS() Check {
	return Check{ID: "dns", Title: "DNS", Doc: "The host's name has an address.", run: runDNS}
}

func checkTCP() Check {
	return Check{ID: "tcp", Title: "TCP", Doc: "A connection to the host's port is accepted.", Needs: []string{"dns"}, run: runTCP}
}

func checkTLS() Check {
	return Check{ID: "tls", Title: "TLS", Doc: "The certificate is trusted, belongs to the host and is not about to expire. A certificate of an unknown issuer is usually that of a company's proxy.",
		Needs: []string{"tcp"}, run: runTLS}
}

func checkClock() Check {
	return Check{ID: "clock", Title: "Clock", Doc: "This machine's clock agrees with the endpoint's Date header: signed requests and tokens fail when it does not, and deadlines are misjudged.",
		run: runClock}
}

// proxy names the proxy that stands between, without its password.
func (s *session) proxy() string {
	if s.o.Client != nil && s.o.Client.Transport != nil {
		return ""
	}
	req := &http.Request{URL: s.base, Header: http.Header{}}
	if p, err := http.ProxyFromEnvironment(req); err == nil && p != nil {
		return p.Redacted()
	}
	return ""
}

// noDial says why this machine does not connect to the host itself; "" when it does.
func (s *session) noDial() string {
	if p := s.proxy(); p != "" {
		return "the proxy " + p + " stands between and connects by itself"
	}
	return ""
}

func runDNS(ctx context.Context, s *session) Result {
	if s.base == nil {
		return halted("the base URL could not be read")
	}
	if why := s.noDial(); why != "" {
		return skipped(why)
	}
	host := s.base.Hostname()
	if net.ParseIP(host) != nil {
		return good(host + " is an address already")
	}
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	addrs, err := net.DefaultResolver.LookupHost(ctx, host)
	var d *net.DNSError
	switch {
	case errors.As(err, &d) && d.IsNotFound:
		return fail("the name "+host+" does not exist", "Check the spelling of the base URL.", "If others reach it, check this machine's DNS server.")
	case err != nil:
		return fail("the name "+host+" could not be looked up: "+err.Error(), "Check this machine's DNS server and network.")
	}
	return good(fmt.Sprintf("%s has %d address(es), the first is %s", host, len(addrs), addrs[0]))
}

func (s *session) address() string {
	port := s.base.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[s.base.Scheme]
	}
	return net.JoinHostPort(s.base.Hostname(), port)
}

func runTCP(ctx context.Context, s *session) Result {
	if why := s.noDial(); why != "" {
		return skipped(why)
	}
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.address())
	if err != nil {
		do := "Check the port, the firewall and whether the server runs."
		if errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "timeout") {
			do = "Nothing answers there: a firewall drops the packets, or HTTPS_PROXY must be set."
		}
		return fail("no connection to "+s.address()+": "+err.Error(), do)
	}
	defer c.Close()
	return good("connected to " + c.RemoteAddr().String())
}

func runTLS(ctx context.Context, s *session) Result {
	if why := s.noDial(); why != "" {
		return skipped(why)
	}
	if s.base.Scheme != "https" {
		return skipped("the base URL is http")
	}
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	config := &tls.Config{}
	if s.o.TLS != nil {
		config = s.o.TLS.Clone()
	}
	c, err := (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", s.address())
	if err != nil {
		return tlsFailure(err)
	}
	defer c.Close()
	state := c.(*tls.Conn).ConnectionState()
	leaf := state.PeerCertificates[0]
	left := leaf.NotAfter.Sub(s.now())
	seen := fmt.Sprintf("%s, certificate of %s from %s, valid for %d more days", tls.VersionName(state.Version), leaf.Subject.CommonName, issuer(leaf), int(left.Hours()/24))
	if left < 3*24*time.Hour {
		return warn(seen, "The certificate expires soon: tell whoever runs the endpoint.")
	}
	return good(seen)
}

func issuer(c *x509.Certificate) string {
	if len(c.Issuer.Organization) > 0 {
		return c.Issuer.Organization[0]
	}
	return c.Issuer.CommonName
}

func tlsFailure(err error) Result {
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &unknown):
		by := "an unknown issuer"
		if unknown.Cert != nil {
			by = issuer(unknown.Cert)
		}
		return fail("the certificate was issued by "+by+", which this machine does not trust",
			"If a company's proxy stands between, install its root certificate (SSL_CERT_FILE, REQUESTS_CA_BUNDLE, NODE_EXTRA_CA_CERTS).", "Never switch verification off for an endpoint that gets your key.")
	case errors.As(err, &host):
		return fail("the certificate belongs to another host: "+err.Error(), "Check the host name in the base URL.")
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fail("the certificate is not valid now: "+err.Error(), "Check this machine's clock; if it is right, tell whoever runs the endpoint.")
	case strings.Contains(err.Error(), "first record does not look like a TLS handshake"):
		return fail("the server speaks http, not https, on this port", "Use http:// in the base URL, or the https port.")
	}
	return fail("TLS failed: "+err.Error(), "Check the proxy, the port and the host name.")
}

func runClock(_ context.Context, s *session) Result {
	if s.date == "" {
		return skipped("no answer with a Date header came")
	}
	at, err := http.ParseTime(s.date)
	if err != nil {
		return warn("the endpoint's Date header cannot be read")
	}
	off := s.dateAt.Sub(at)
	by := time.Duration(math.Abs(float64(off))).Round(time.Second)
	way := "ahead of"
	if off < 0 {
		way = "behind"
	}
	switch {
	case by > 5*time.Minute:
		return fail(fmt.Sprintf("this machine's clock is %s %s the endpoint's", by, way), "Set the clock (NTP): signed requests, tokens and certificates fail with a wrong one.")
	case by > 30*time.Second:
		return warn(fmt.Sprintf("this machine's clock is %s %s the endpoint's", by, way), "Set the clock (NTP).")
	}
	return good(fmt.Sprintf("this machine's clock is within %s of the endpoint's", max(by, time.Second)))
}
