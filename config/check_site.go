package config

import (
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/text/language"

	"feedwright/article"
)

func (c *checker) site() {
	s := &c.Site
	if s.ID != "" {
		id, err := uuid.Parse(s.ID)
		if err != nil || id == uuid.Nil {
			c.report("site.id", wrong("%s is not a UUID", quoted(s.ID)).hint("run feedwright init for one, or leave it out: the ledger then keeps one"))
		}
		s.ID = id.String()
	}
	if s.Title = article.Line(s.Title); s.Title == "" {
		c.report("site.title", wrong("the title is empty").hint("every feed needs one: write the name of your site"))
	}
	s.Description = article.Line(s.Description)
	s.Copyright = article.Line(s.Copyright)
	c.siteURL()
	tag, err := language.Parse(s.Language)
	if err != nil || tag == language.Und {
		c.report("site.language", wrong("%s is not a language", quoted(s.Language)).hint("write its BCP 47 tag: en, uk, pt-BR"))
	} else {
		s.Language = tag.String()
	}
	c.timezone()
	s.Author.Name, s.Webmaster.Name = article.Line(s.Author.Name), article.Line(s.Webmaster.Name)
	c.email("site.author", s.Author.Email)
	c.email("site.webmaster", s.Webmaster.Email)
	s.Author.URL = c.link("site.author.url", s.Author.URL)
	s.Icon = c.link("site.icon", s.Icon)
	s.Image = c.link("site.image", s.Image)
}

// email wants the address of somebody, alone, or nothing.
func (c *checker) email(path, address string) {
	if address == "" {
		return
	}
	if a, err := mail.ParseAddress(address); err != nil || a.Address != address {
		c.report(path+".email", wrong("%s is not an e-mail address", quoted(address)).hint("write only the address, as desk@example.org, and the name under %s.name", path))
	}
}

func (c *checker) siteURL() {
	s := &c.Site
	if s.URL == "" {
		s.URL = derivedURL(c.Server.Listen)
		return
	}
	u, f := webURL(s.URL)
	switch {
	case f != nil:
		c.report("site.url", f)
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		c.report("site.url", wrong("%s has a query or a fragment", quoted(s.URL)).hint("leave out what follows the ? or #"))
	case u.User != nil:
		c.report("site.url", wrong("the address holds a user name").hint("leave out what stands before the @: readers would see it"))
	default:
		u.Path = strings.TrimRight(u.Path, "/")
		u.RawPath = strings.TrimRight(u.RawPath, "/")
		s.URL = u.String()
	}
}

// webURL parses an absolute http or https address, its scheme and host in
// lower case, without the port that its scheme has anyway.
func webURL(s string) (*url.URL, *fault) {
	u, err := url.Parse(s)
	if err != nil || strings.ContainsAny(s, " \t\n") {
		return nil, wrong("%s is not an address", quoted(s)).hint("write it as https://news.example.org")
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		f := wrong("%s is not an absolute http or https address", quoted(s))
		if !strings.Contains(s, "://") && strings.Contains(s, ".") {
			return nil, f.hint("write https://%s", strings.TrimPrefix(s, "//"))
		}
		return nil, f.hint("write it as https://news.example.org")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return nil, wrong("%s has no valid port", quoted(s)).hint("ports go from 1 to 65535")
		}
	}
	if u.Scheme == "http" && u.Port() == "80" || u.Scheme == "https" && u.Port() == "443" {
		u.Host = u.Host[:strings.LastIndexByte(u.Host, ':')]
	}
	return u, nil
}

// link checks an address that may be a path below site.url, and makes it
// absolute. The empty string stays empty.
func (c *checker) link(path, s string) string {
	if s == "" {
		return ""
	}
	if !strings.Contains(s, ":") && !strings.HasPrefix(s, "//") && !strings.ContainsAny(s, " \t\n") {
		if u, err := url.Parse(c.Site.URL + "/" + strings.TrimLeft(s, "/")); err == nil {
			return u.String()
		}
	}
	u, f := webURL(s)
	if f != nil {
		c.report(path, f)
		return s
	}
	return u.String()
}

// derivedURL is where a server that listens on addr can be reached from its own
// machine.
func derivedURL(addr string) string {
	host, port, ok := hostPort(addr)
	if !ok { // a socket, or already reported
		return "http://127.0.0.1:8080"
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	if port == "80" {
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		return "http://" + host
	}
	return "http://" + net.JoinHostPort(host, port)
}

func (c *checker) timezone() {
	tz := c.Site.Timezone
	hint := "zones are named by continent and city, as Europe/Kyiv, or UTC"
	if tz == "Local" || tz == "local" {
		c.report("site.timezone", wrong("local time differs from machine to machine, and with it every date").hint("%s", hint))
		return
	}
	if _, err := time.LoadLocation(tz); err != nil || tz == "" {
		c.report("site.timezone", wrong("%s is not a time zone", quoted(tz)).hint("%s", hint))
	}
}

func (c *checker) store() {
	s := &c.Store
	const hint = "write sqlite:feedwright.db"
	path, ok := strings.CutPrefix(s.DSN, "sqlite:")
	switch {
	case strings.HasPrefix(s.DSN, "postgres:") || strings.HasPrefix(s.DSN, "postgresql:"):
		c.report("store.dsn", wrong("PostgreSQL is not built into this version").hint(hint))
	case !ok:
		c.report("store.dsn", wrong("%s is not a database's address", quoted(maskURL(s.DSN))).hint(hint))
	case strings.Contains(path, ":memory:"):
		c.report("store.dsn", wrong("a database in memory forgets every article's id and date").hint(hint))
	case strings.Trim(path, "/ ") == "":
		c.report("store.dsn", wrong("the database has no path").hint(hint))
	case strings.HasPrefix(path, "//"):
		c.report("store.dsn", wrong("%s: two slashes stand before a host, and a file has none", quoted(s.DSN)).hint("write sqlite:%s", strings.TrimLeft(path[1:], "/")))
	default:
		s.DSN = "sqlite:" + c.absolute("store.dsn", path)
	}
	if s.Ledger == "" {
		return
	}
	s.Ledger = c.absolute("store.ledger", s.Ledger)
	if "sqlite:"+s.Ledger == s.DSN {
		c.report("store.ledger", wrong("the ledger and the database are the same file").hint("give the ledger a name of its own, as feedwright.ledger"))
	}
}
