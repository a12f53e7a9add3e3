package server

import (
	"net/http"
	"strings"

	"feedwright/feed"
)

// maxQuery is the longest query answered, in bytes: room for the longest filter
// (article.MaxFilterBytes) with every byte percent-encoded, and for what
// readers add.
const maxQuery = 8 << 10

// aliasesOfOld are addresses that other publishers gave their feeds. They
// answer 200 with the same bytes: some readers follow no redirect.
var aliasesOfOld = map[string]string{
	"/feed":      "/rss.xml",
	"/feed/":     "/rss.xml",
	"/feed.xml":  "/rss.xml",
	"/index.xml": "/rss.xml",
	"/rss":       "/rss.xml",
	"/rss/":      "/rss.xml",
	"/atom":      "/atom.xml",
	"/atom/":     "/atom.xml",
}

// HubPath is where the WebSub hub is, below the site's prefix.
const HubPath = "/hub"

// public is the whole public surface. It does not use http.ServeMux, which
// answers unclean paths with redirects that some readers cannot follow.
func (s *Server) public(x *exchange, r *http.Request) {
	common(x.Header())
	if s.o.Hub != nil && r.URL.Path == s.o.Prefix+HubPath && r.Method != http.MethodOptions {
		x.kind = kindHub
		s.o.Hub.ServeHTTP(x, r)
		return
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodOptions:
		preflight(x)
		return
	default:
		s.methodNotAllowed(x, r)
		return
	}
	if len(r.URL.RawQuery) > maxQuery {
		s.fail(x, r, failure{code: http.StatusRequestURITooLong, text: "This address is too long."})
		return
	}
	switch r.URL.Path { // asked for at the root, whatever the site's prefix
	case "/healthz":
		s.healthz(x, r)
		return
	case "/robots.txt":
		s.robots(x, r)
		return
	case "/favicon.ico":
		s.favicon(x)
		return
	}
	p, ok := s.local(r.URL.Path)
	switch {
	case !ok && r.URL.Path == "/":
		redirect(x, http.StatusFound, s.o.Prefix+"/")
	case !ok:
		s.notFound(x, r, feed.Address{})
	case p == "":
		redirect(x, http.StatusMovedPermanently, s.o.Prefix+"/")
	case p == "/healthz":
		s.healthz(x, r)
	case p == "/robots.txt":
		s.robots(x, r)
	case p == "/favicon.ico":
		s.favicon(x)
	case strings.HasPrefix(p, "/assets/"):
		s.asset(x, r, p[len("/assets/"):])
	case strings.HasPrefix(p, "/media/"):
		s.media(x, r, p[len("/media/"):])
	default:
		s.document(x, r, p)
	}
}

// local gives what a path of this server names below the site's prefix; an alias
// names what it stands for. ok is false if the path is not the site's.
func (s *Server) local(path string) (p string, ok bool) {
	if to, alias := s.aliases[path]; alias {
		return to, true
	}
	return s.within(path)
}

// within takes the site's prefix off a path; "" is the prefix itself. Slashes
// doubled at the start, a common slip in joining addresses, count as one.
func (s *Server) within(p string) (string, bool) {
	for strings.HasPrefix(p, "//") {
		p = p[1:]
	}
	if s.o.Prefix == "" {
		return p, true
	}
	p, ok := strings.CutPrefix(p, s.o.Prefix)
	if !ok || p != "" && p[0] != '/' {
		return "", false
	}
	for strings.HasPrefix(p, "//") {
		p = p[1:]
	}
	return p, true
}

// aliases gives each alias's whole path and the canonical path that it stands
// for. The owner's may be written with or without the site's prefix; one from
// before there was a prefix still answers.
func aliases(own []string, prefix string) map[string]string {
	all := make(map[string]string, len(aliasesOfOld)+2*len(own))
	for _, a := range own {
		to := "/rss.xml"
		switch name := strings.ToLower(a); {
		case strings.Contains(name, "atom"):
			to = "/atom.xml"
		case strings.Contains(name, "json"):
			to = "/feed.json"
		}
		if a = "/" + strings.TrimLeft(a, "/"); a != "/" {
			all[a], all[prefix+a] = to, to
		}
	}
	for a, to := range aliasesOfOld {
		all[prefix+a] = to
	}
	return all
}
