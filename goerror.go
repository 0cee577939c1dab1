package telltale

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/fault"
)

// goError judges the errors that Go's own network packages give.
func (e *engine) goError(x *Exchange, p *catalog.Provider, text string) (Diagnosis, bool) {
	err := x.Err
	if err == nil {
		return Diagnosis{}, false
	}
	cause, id, retry, summary := fault.Network, "", true, ""
	var dns *net.DNSError
	var op *net.OpError
	var nerr net.Error
	var certErr *tls.CertificateVerificationError
	var unknownCA x509.UnknownAuthorityError
	var host x509.HostnameError
	var bad x509.CertificateInvalidError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &certErr), errors.As(err, &unknownCA), errors.As(err, &host), errors.As(err, &bad):
		id, retry, summary = "go-certificate", false, "The server's certificate is not trusted here; a repeat meets the same certificate."
	case errors.As(err, &record):
		id, retry, summary = "go-not-tls", false, "The server does not speak TLS on this port: the scheme or the port of the URL is wrong."
	case errors.As(err, &dns):
		id, summary = "go-dns", "The host name could not be resolved."
		if dns.IsTimeout {
			cause = fault.Network
		}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		cause, id = fault.Timeout, "go-deadline"
	case errors.Is(err, context.Canceled):
		cause, id, retry, summary = fault.Cancelled, "go-cancelled", false, "The caller ended the call before the answer came."
	case errors.Is(err, syscall.ECONNREFUSED):
		id, summary = "go-refused", "Nothing listens at this address: the connection was refused."
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.ECONNABORTED):
		id, summary = "go-reset", "The connection was reset before the response came."
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		id, summary = "go-eof", "The connection ended before the response came."
		if x.Response != nil {
			cause = fault.StreamInterrupted
		}
	case errors.As(err, &nerr) && nerr.Timeout():
		cause, id = fault.Timeout, "go-timeout"
	case errors.As(err, &op):
		id = "go-network"
	default:
		return Diagnosis{}, false
	}
	d := e.conclude(fault.Hard, cause)
	d.Signature, d.Retryable = id, retry
	if summary != "" {
		d.Summary = summary
	}
	if !retry && d.Action == fault.ActRetry {
		d.Action = fault.ActCheckEndpoint
	}
	d.Evidence = []Evidence{evidence("error", text)}
	d.ProviderMessage = clip(strings.TrimSpace(text), 1000)
	if p != nil {
		d.Provider = p.ID
	}
	return d, true
}
