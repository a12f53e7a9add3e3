package config

import (
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (c *checker) server() {
	s := &c.Server
	s.Listen = c.listen("server.listen", s.Listen)
	if s.Admin != "" {
		s.Admin = c.listen("server.admin", s.Admin)
		c.together()
	}
	c.between("server.max_age", s.MaxAge, 0, 7*24*time.Hour)
	if s.MaxAge%time.Second != 0 {
		c.report("server.max_age", wrong("%s is no whole number of seconds", s.MaxAge).hint("HTTP counts seconds: write %s", formatDuration(s.MaxAge.Round(time.Second))))
	}
	if s.Cache < 1*MB || s.Cache > 64*GB {
		c.report("server.cache", wrong("%s is not between 1MB and 64GB", s.Cache).hint("256MB is plenty for most sites"))
	}
	for i, a := range s.Aliases {
		if f := alias(a, s.Aliases[:i]); f != nil {
			c.report(item("server.aliases", i), f)
		}
	}
	for i, p := range s.TrustedProxies {
		if p.Bits() == 0 {
			c.report(item("server.trusted_proxies", i), wrong("%s trusts the whole world", p).hint("name the addresses of your own proxies"))
		}
	}
}

func item(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// listen checks an address to listen on, and makes a socket's path absolute.
func (c *checker) listen(path, addr string) string {
	const hint = "write host:port as 127.0.0.1:8080, unix:feedwright.sock, or systemd"
	if addr == "systemd" {
		return addr
	}
	if socket, ok := strings.CutPrefix(addr, "unix:"); ok {
		socket = strings.TrimPrefix(socket, "//")
		if socket == "" {
			c.report(path, wrong("the socket has no path").hint(hint))
			return addr
		}
		return "unix:" + filepath.ToSlash(c.absolute(path, socket))
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		f := wrong("%s is not an address to listen on", quoted(addr)).hint(hint)
		if _, err := strconv.Atoi(addr); err == nil {
			f.hint("write 127.0.0.1:%s for this machine only, or :%s for everybody", addr, addr)
		} else if u, err := url.Parse(addr); err == nil && u.Host != "" {
			f.hint("write %s; the address that readers see is site.url", u.Host)
		}
		c.report(path, f)
		return addr
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		c.report(path, wrong("%s is not a port", quoted(port)).hint("ports go from 1 to 65535"))
	}
	if strings.ContainsAny(host, "/ @") {
		c.report(path, wrong("%s is not a host", quoted(host)).hint(hint))
	}
	return addr
}

// together checks that the two listeners do not take each other's address.
func (c *checker) together() {
	a, b := c.Server.Listen, c.Server.Admin
	clash := a == b && !strings.HasSuffix(a, ":0")
	hostA, portA, okA := hostPort(a)
	hostB, portB, okB := hostPort(b)
	if okA && okB && portA == portB && portA != "0" {
		everywhere := []string{"", "0.0.0.0", "::"}
		clash = clash || slices.Contains(everywhere, hostA) || slices.Contains(everywhere, hostB)
	}
	if clash {
		c.report("server.admin", wrong("%s is taken by server.listen (%s)", b, a).hint("give it another port, or write off"))
	}
	if ip, err := netip.ParseAddr(hostB); okB && (hostB == "" || err == nil && !ip.IsLoopback()) {
		c.notices = append(c.notices, "server.admin listens on "+b+", beyond this machine: it tells of held articles and due dates, so keep strangers out.")
	}
}

// taken are the addresses that mean something already.
var taken = []string{"/rss.xml", "/atom.xml", "/feed.json", "/feeds.opml", "/robots.txt", "/favicon.ico", "/healthz", "/hub", "/"}

// rooms are the first parts of addresses that are ours.
var rooms = []string{"category", "tag", "author", "lang", "feeds", "article", "archive", "media", "assets"}

func alias(a string, before []string) *fault {
	first, _, _ := strings.Cut(strings.TrimPrefix(a, "/"), "/")
	switch {
	case !strings.HasPrefix(a, "/") || strings.HasPrefix(a, "//"):
		return wrong("%s does not start with one slash", quoted(a)).hint("write /%s", strings.TrimLeft(a, "/"))
	case strings.ContainsAny(a, "?#*{}% \t\\") || strings.Contains(a, "/../") || strings.Contains(a, "/./") || strings.HasSuffix(a, "/.."):
		return wrong("%s is not a plain path", quoted(a)).hint("write a path without a query, as /blog/feed.xml")
	case slices.Contains(taken, a) || slices.Contains(rooms, first):
		return wrong("%s means something already", quoted(a)).hint("leave it out")
	case slices.Contains(before, a):
		return wrong("%s stands here twice", quoted(a)).hint("keep one of them")
	}
	return nil
}

// hostPort splits a TCP address; a socket is none, though it has a colon too.
func hostPort(addr string) (host, port string, ok bool) {
	if strings.HasPrefix(addr, "unix:") {
		return "", "", false
	}
	host, port, err := net.SplitHostPort(addr)
	return host, port, err == nil
}
