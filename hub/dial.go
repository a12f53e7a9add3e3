package hub

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"feedwright/article"
)

// How long a subscriber may take: to be reached and to answer the question
// whether it means it, and to take a delivery.
const (
	verifyPatience  = 5 * time.Second
	deliverPatience = 10 * time.Second
)

var errInside = errors.New("the callback lies in a network that is not public")

// guarded makes requests that reach the public internet only. The address is
// looked at when it is dialled, after its name was resolved, so that no name can
// mean another address to the check than to the connection. No proxy is used:
// it would resolve the name once more, out of sight.
func guarded(allow []netip.Prefix, resolver *net.Resolver) *http.Transport {
	d := &net.Dialer{
		Timeout:  verifyPatience,
		Resolver: resolver,
		Control: func(_, address string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(address)
			if err != nil {
				return fmt.Errorf("%s: %w", address, errInside)
			}
			if !public(at.Addr()) && !within(at.Addr(), allow) {
				return errInside
			}
			return nil
		},
	}
	return &http.Transport{
		DialContext:            d.DialContext,
		TLSHandshakeTimeout:    verifyPatience,
		MaxIdleConns:           2 * deliverers,
		MaxIdleConnsPerHost:    perHost,
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: 16 << 10,
		DisableCompression:     true,
	}
}

// Networks that are no public ones beside those that netip knows: RFC 6890 and
// its register.
var special = func() []netip.Prefix {
	var list []netip.Prefix
	for _, p := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
		"198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", // Teredo and 6to4 hold IPv4 addresses that routers unpack
	} {
		list = append(list, netip.MustParsePrefix(p))
	}
	return list
}()

var (
	nat64    = netip.MustParsePrefix("64:ff9b::/96")
	unicast6 = netip.MustParsePrefix("2000::/3")
)

// public says that an address is one of the public internet.
func public(a netip.Addr) bool {
	if a.Zone() != "" {
		return false
	}
	a = a.Unmap()
	if nat64.Contains(a) { // RFC 6052: the last four bytes are an IPv4 address
		b := a.As16()
		return public(netip.AddrFrom4([4]byte(b[12:])))
	}
	if a.Is6() && !unicast6.Contains(a) {
		return false
	}
	return a.IsGlobalUnicast() && !a.IsPrivate() && !within(a, special)
}

func within(a netip.Addr, list []netip.Prefix) bool {
	a = a.Unmap()
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(a) })
}

// Reachable says that all the world can reach a hub at an address: only then is
// it worth naming in feeds.
func Reachable(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	if a, err := netip.ParseAddr(u.Hostname()); err == nil {
		return public(a)
	}
	return article.PublicName(u.Hostname())
}

// callback reads the address that deliveries go to; the error is a sentence for
// whoever wrote the subscriber.
func (h *Hub) callback(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case s == "":
		return nil, errors.New("hub.callback is missing")
	case len(s) > maxCallback:
		return nil, fmt.Errorf("hub.callback is longer than %d bytes", maxCallback)
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "", strings.ContainsAny(s, " \t\r\n"):
		return nil, errors.New("hub.callback is not an http or https address")
	case strings.Contains(s, "#"):
		return nil, errors.New("hub.callback has a fragment")
	}
	if p := u.Port(); p != "" {
		// Mail servers and their kin would read a request line by line.
		if n, err := strconv.Atoi(p); err != nil || n < 1 || n > 65535 || n < 1024 && n != 80 && n != 443 {
			return nil, errors.New("hub.callback names a port that is neither 80 nor 443 nor one from 1024 up")
		}
	}
	if a, err := netip.ParseAddr(u.Hostname()); err == nil && !public(a) && !within(a, h.o.Allow) {
		return nil, errors.New("hub.callback lies in a network that is not public, which this hub does not call")
	}
	return u, nil
}

// hostOf is what subscriptions are counted by.
func hostOf(callback string) string {
	u, err := url.Parse(callback)
	if err != nil {
		return ""
	}
	return strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
}
