package server

import (
	"net/http"
	"net/netip"
	"strings"

	"feedwright/article/language"
)

// client is the address of who asks, for the log: the right-most one of
// X-Forwarded-For that is no trusted proxy's, if a trusted proxy (or a program
// on a unix socket) sent the request; whatever stands left of it anyone can
// make up.
func (s *Server) client(r *http.Request) netip.Addr {
	return clientOf(r.RemoteAddr, r.Header["X-Forwarded-For"], s.o.TrustedProxies)
}

func clientOf(remote string, forwarded []string, trusted []netip.Prefix) netip.Addr {
	var addr netip.Addr
	if ap, err := netip.ParseAddrPort(remote); err == nil {
		addr = ap.Addr().Unmap()
		if !within(addr, trusted) {
			return addr
		}
	}
	for i := len(forwarded) - 1; i >= 0; i-- {
		rest := forwarded[i]
		for rest != "" {
			var one string
			if at := strings.LastIndexByte(rest, ','); at >= 0 {
				one, rest = rest[at+1:], rest[:at]
			} else {
				one, rest = rest, ""
			}
			next, err := netip.ParseAddr(strings.TrimSpace(one))
			if err != nil {
				return addr
			}
			addr = next.Unmap()
			if !within(addr, trusted) {
				return addr
			}
		}
	}
	return addr
}

func within(a netip.Addr, prefixes []netip.Prefix) bool {
	for _, p := range prefixes {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// languageOf picks the language of an error page: the first of the highest
// weight in Accept-Language that has a data file, else the site's, else English.
func languageOf(lines []string, site string) string {
	best, bestQ := "", 0.0
	for _, line := range lines {
		for part := range strings.SplitSeq(line, ",") {
			tag, q, ok := weighted(part)
			if !ok || q <= bestQ {
				continue
			}
			primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
			if language.For(primary).Code == primary {
				best, bestQ = primary, q
			}
		}
	}
	switch {
	case best != "":
		return best
	case site != "":
		return site
	}
	return "en"
}
