package fetch

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"

	"github.com/dustin/go-humanize"
)

// stopped is the error of who called it off.
func stopped(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if errors.Is(cause, err) {
		return cause
	}
	return fmt.Errorf("%w: %w", err, cause)
}

// explain says why there is no answer, or no end of it.
func (d *download) explain(ctx context.Context, err error) *Error {
	e := &Error{Cause: err}
	var dns *net.DNSError
	var op *net.OpError
	var cert *tls.CertificateVerificationError
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(context.Cause(ctx), errIdle):
		e.Kind, e.Says = Timeout, fmt.Sprintf("nothing came for %v", d.idle())
	case errors.As(err, &dns):
		e.Kind, e.Says = Offline, "there is no such host, or no network"
	case errors.As(err, &cert):
		e.Kind, e.Says = Forbidden, "the server cannot prove that it is the one that was asked (certificate)"
	case errors.As(err, &op) && op.Op == "dial" && op.Timeout():
		e.Kind, e.Says = Timeout, fmt.Sprintf("no connection within %v", d.c.o.Connect)
	case errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect"):
		e.Kind, e.Says = Offline, "no connection to the server"
	case errors.Is(err, gzip.ErrHeader):
		e.Kind, e.Says = Bad, "the server says that the file is compressed, but it is not"
	case errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		e.Kind, e.Says = Broken, "the file was damaged on its way"
	default:
		e.Kind, e.Says = Broken, "the connection broke off"
	}
	return e
}

// missing is the error of an answer that ended early.
func missing(came, want int64) *Error {
	return &Error{Kind: Broken, Says: fmt.Sprintf("only %d of %d bytes came", came, want)}
}

func tooLarge(bound int64) *Error {
	return &Error{Kind: TooLarge, Says: "the answer is larger than " + humanize.Bytes(uint64(bound)) + ", which is more than a sound one"}
}

// statusError is the error of an answer without data.
func (c *Client) statusError(resp *http.Response, rule Rule) *Error {
	code := resp.StatusCode
	e := &Error{Kind: Refused, Status: code}
	text := http.StatusText(code)
	switch {
	case code == http.StatusNotFound || code == http.StatusGone:
		e.Kind, e.Says = Missing, fmt.Sprintf("the server has no such file (%d)", code)
		return e
	case code == http.StatusRequestTimeout || code == http.StatusTooEarly || code == http.StatusTooManyRequests || code >= 500:
		e.Kind = Busy
	case code < 400:
		e.Kind, e.Says = Bad, fmt.Sprintf("the server answered %d %s, which was not asked for", code, text)
		return e
	default:
		e.Says = fmt.Sprintf("the server refuses (%d %s)", code, text)
		return e
	}
	now := c.o.Now()
	e.Wait = retryAfter(resp.Header.Get("Retry-After"), now)
	if code == http.StatusTooManyRequests {
		e.Wait = max(e.Wait, rule.After429)
	}
	e.Says = fmt.Sprintf("the server is too busy (%d %s)", code, text)
	if e.Wait > 0 {
		e.Says += "; " + leaveAlone(e.Wait, now.Add(e.Wait))
	}
	return e
}
