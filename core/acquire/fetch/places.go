package fetch

import (
	"cmp"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"
)

// places knows which addresses may be asked, and what stands for them.
type places struct {
	hosts   []string // lower case; "*.example.org" for all below
	mirrors []mirror // longest first
}

type mirror struct{ from, to string }

func newPlaces(hosts []string, mirrors map[string]string) (*places, error) {
	p := &places{}
	for _, h := range hosts {
		p.hosts = append(p.hosts, strings.ToLower(h))
	}
	for _, from := range slices.Sorted(maps.Keys(mirrors)) {
		// Without a slash "https://a.org" would stand for "https://a.org.example" too.
		if u, err := url.Parse(from); err != nil || u.Hostname() == "" || u.Path == "" {
			return nil, fmt.Errorf("fetch: %s has a mirror but is no address: write https://host/folder/", redact(from))
		}
		to, err := url.Parse(mirrors[from])
		if err != nil || to.Hostname() == "" {
			return nil, fmt.Errorf("fetch: the mirror of %s is no address: write https://host/folder/", redact(from))
		}
		if !secure(to) {
			return nil, fmt.Errorf("fetch: the mirror of %s must be asked by https; plain http is for this machine only", redact(from))
		}
		p.hosts = append(p.hosts, strings.ToLower(to.Hostname()))
		p.mirrors = append(p.mirrors, mirror{from, mirrors[from]})
	}
	slices.SortStableFunc(p.mirrors, func(a, b mirror) int { return cmp.Compare(len(b.from), len(a.from)) })
	return p, nil
}

// find returns the address to ask for what the source has at raw, and whether
// it is a mirror's.
func (p *places) find(raw string) (u *url.URL, mirrored bool, err error) {
	for _, m := range p.mirrors {
		if rest, ok := strings.CutPrefix(raw, m.from); ok {
			raw, mirrored = m.to+rest, true
			break
		}
	}
	if u, err = url.Parse(raw); err != nil {
		return nil, false, forbidden("the address cannot be read")
	}
	return u, mirrored, p.check(u)
}

// follow returns the address that an answer from one leads to.
func (p *places) follow(from *url.URL, location string) (*url.URL, error) {
	to, err := from.Parse(location)
	if err != nil || location == "" {
		return nil, forbidden("the server leads to an address that cannot be read")
	}
	to.User = nil // nobody but the user's own settings says who asks
	next, mirrored, err := p.find(to.String())
	switch {
	case err != nil:
		return nil, err
	case mirrored:
		return next, nil // the user's own word: the next rules are about the server's
	case from.Scheme == "https" && next.Scheme != "https":
		return nil, forbidden("the server leads from https to plain http, which is not followed")
	case loopback(next.Hostname()) && !loopback(from.Hostname()):
		return nil, forbidden("the server leads to this machine itself, which is not followed")
	}
	return next, nil
}

func (p *places) check(u *url.URL) error {
	host := strings.ToLower(u.Hostname())
	switch {
	case host == "":
		return forbidden("the address names no host")
	case u.Scheme != "https" && u.Scheme != "http":
		return forbidden(fmt.Sprintf("%q is no scheme that is asked; only https is", u.Scheme))
	case !secure(u):
		return forbidden("plain http to " + host + " is not allowed; only https is")
	case loopback(host) || slices.ContainsFunc(p.hosts, func(h string) bool { return covers(h, host) }):
		return nil
	}
	return forbidden(host + " is not among the hosts that this source uses")
}

// covers reports whether an entry of the list means the host; both lower case.
func covers(entry, host string) bool {
	if below, ok := strings.CutPrefix(entry, "*"); ok && strings.HasPrefix(below, ".") {
		return strings.HasSuffix(host, below) && host != below
	}
	return entry == host
}

func secure(u *url.URL) bool {
	return u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname())
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// forbidden is the error of an address that may not be asked; whose it is comes
// later.
func forbidden(says string) *Error { return &Error{Kind: Forbidden, Says: says} }
