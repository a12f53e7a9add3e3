package article

import (
	"net/netip"
	"strings"
)

// PublicName says that a host is known by this name to all the world: it is no
// IP address, no name without a dot, and in no domain of networks of one's own.
func PublicName(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if _, err := netip.ParseAddr(host); err == nil || !strings.Contains(host, ".") {
		return false
	}
	for _, private := range []string{".localhost", ".local", ".internal", ".lan", ".home.arpa", ".test", ".invalid", ".example", ".onion"} {
		if strings.HasSuffix(host, private) {
			return false
		}
	}
	return true
}
