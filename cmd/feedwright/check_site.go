package main

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"feedwright/config"
)

// siteFindings are the warnings of settings that are good each by itself, and
// together publish something that nobody can reach or that cannot last.
func siteFindings(l *config.Loaded) []finding {
	c := &l.Config
	var out []finding
	warn := func(where, what, hint string) {
		out = append(out, finding{Where: where, What: what, Hint: hint, Warn: true})
	}
	host := ""
	if u, err := url.Parse(c.Site.URL); err == nil {
		host = u.Hostname()
	}
	switch open := reachable(c.Server.Listen); {
	case open && unset(l, "site.url"):
		warn("site.url", "it is not set, so feeds name "+c.Site.URL+" as their address, which readers elsewhere cannot reach",
			"set it to the address that readers use, as https://news.example.org")
	case open && thisMachine(host):
		warn("site.url", c.Site.URL+" is reached from this machine only, but the server is open to others",
			"set it to the address that readers use, as https://news.example.org")
	}
	if !thisMachine(host) && strings.Contains(host, ".") && c.Site.ID == "" {
		warn("site.id", "it is not set, so the ids of articles rest on the ledger and the database alone",
			"take the UUID that the ledger's first line names, and write it as site.id")
	}
	if c.Store.Ledger == "" {
		warn("store.ledger", "it is off: if the database is lost, so are the dates of articles that name none",
			"set it to feedwright.ledger and keep that file with the articles")
	}
	return out
}

// unset says that nobody set a setting.
func unset(l *config.Loaded, key string) bool {
	for _, v := range l.Origins() {
		if v.Key == key {
			return v.From == "default"
		}
	}
	return false
}

// reachable says that others than this machine may connect: by the network, or
// through a web server or systemd, which hand a socket on.
func reachable(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return true // unix:, systemd
	}
	return !thisMachine(host)
}

// thisMachine says that a host is this machine by a name that means another
// machine elsewhere.
func thisMachine(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
