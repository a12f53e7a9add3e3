package lint

import (
	"net/url"
	"path"
	"strings"
)

var urlRules = []Rule{
	{"url/relative", Error, "RFC 3986 §4.3", "write the whole address, with https://"},
	{"url/invalid", Error, "RFC 3986 §2", "percent-encode what may not stand in an address"},
	{"url/iri", Error, "RSS Best Practices Profile: URLs", "convert it to a URI: percent-encode, and xn-- in the host"},
	{"url/scheme", Error, "RSS 2.0: Comments on URLs", "use a scheme that IANA has registered, as https"},
	{"url/not-http", Error, "RSS 2.0: enclosure", "use an http or https address"},
	{"url/no-base", Warning, "RFC 4287 §2", "write the whole address: readers resolve it against different ones"},
	{"url/not-https", Warning, "Podcasting 2.0: https", "use https"},
}

// schemes are those registered with IANA that feeds use.
var schemes = set(
	"acct", "bitcoin", "cid", "data", "dict", "dns", "doi", "feed", "file", "ftp", "geo", "git", "go", "gopher",
	"gemini", "http", "https", "icap", "im", "imap", "info", "ipfs", "ipns", "irc", "irc6", "ircs", "ldap", "ldaps", "magnet",
	"mailto", "maps", "market", "matrix", "mid", "mms", "mumble", "news", "nfs", "ni", "nntp", "openid", "pkcs11",
	"pop", "rsync", "rtmp", "rtsp", "service", "sftp", "sip", "sips", "skype", "sms", "snmp", "ssh", "svn", "tag", "tel",
	"telnet", "tftp", "turn", "urn", "vnc", "webcal", "ws", "wss", "xmpp", "xri", "at", "lbry", "spotify", "podcast",
)

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// fault says what is wrong with an address: the rule and a phrase; "" nothing.
// Characters beyond ASCII are a fault of their own, which Atom allows.
func fault(s string) (rule, why string) {
	for i, r := range s {
		switch {
		case r <= ' ' || strings.ContainsRune("<>\"{}|\\^`", r) || r == 0x7f:
			return "url/invalid", "holds " + character(r)
		case r == '%' && (len(s) < i+3 || !hex(s[i+1]) || !hex(s[i+2])):
			return "url/invalid", "holds a % that starts no code"
		}
	}
	u, err := url.Parse(s)
	switch {
	case err != nil && strings.Contains(s, "://"):
		return "url/invalid", "cannot be read"
	case err != nil || u.Scheme == "":
		return "url/relative", "is relative"
	case !schemes[strings.ToLower(u.Scheme)]:
		return "url/scheme", "has the unknown scheme " + quote(u.Scheme)
	case (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() == "":
		return "url/invalid", "names no host"
	case u.Scheme == "urn" && !urn(s):
		return "url/invalid", "is no URN"
	case u.Scheme == "tag" && !tagURI.MatchString(s):
		return "url/invalid", "is no tag: URI"
	}
	if !ascii([]byte(s)) {
		return "url/iri", "holds characters beyond ASCII"
	}
	return "", ""
}

// character names one for a message.
func character(r rune) string {
	if r == ' ' {
		return "a space"
	}
	if r < ' ' || r == 0x7f {
		return "a control character"
	}
	return string(r)
}

func hex(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

var (
	urnForm = pattern(`^(?i:urn):([A-Za-z0-9][A-Za-z0-9-]{0,30}[A-Za-z0-9]?):(.+)$`) // RFC 8141 §2
	tagURI  = pattern(`^tag:[^,:/]+,\d{4}(-\d\d(-\d\d)?)?:.*$`)                      // RFC 4151 §2.1
)

func urn(s string) bool {
	m := urnForm.FindStringSubmatch(s)
	return m != nil && (!strings.EqualFold(m[1], "uuid") || uuidForm.MatchString(m[2]))
}

// address judges a value as an absolute address; iri allows all of Unicode.
func (l *linter) address(v value, iri bool) (string, bool) {
	s := strings.TrimSpace(v.s)
	if s == "" {
		l.found(v.start(), "value/blank", "%s is empty", v.name)
		return "", false
	}
	rule, why := fault(s)
	if rule == "" || iri && rule == "url/iri" {
		return s, true
	}
	l.unfit(v, rule, why)
	return s, false
}

// unfit reports an address. RSS alone demands a scheme that is registered; for
// others an unknown one is likely a slip, but allowed: an id of Atom is any IRI.
func (l *linter) unfit(v value, rule, why string) {
	f := l.found(v.trim().start(), rule, "%s is %s, which %s", v.name, quote(strings.TrimSpace(v.s)), why)
	if rule != "url/scheme" || v.node != nil && v.node.space == "" {
		return
	}
	f.Severity, f.Clause = Warning, "RFC 3986 §3.1"
	if v.node != nil && v.node.is(nsAtom, "id") {
		f.Clause = "RFC 4287 §4.2.6"
	}
}

// isURL wants an absolute URI.
func isURL(l *linter, v value) { l.address(v, false) }

// isIRI wants an absolute IRI.
func isIRI(l *linter, v value) { l.address(v, true) }

// isWeb wants an http or https address.
func isWeb(l *linter, v value) {
	if s, ok := l.address(v, false); ok && !web(s) {
		l.found(v.trim().start(), "url/not-http", "%s is %s", v.name, quote(s))
	}
}

// isHTTPS wants an https address.
func isHTTPS(l *linter, v value) {
	if s, ok := l.address(v, false); ok && !strings.HasPrefix(strings.ToLower(s), "https:") {
		l.found(v.trim().start(), "url/not-https", "%s is %s", v.name, quote(s))
	}
}

func web(s string) bool {
	s = strings.ToLower(s)
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// isReference wants an address that may be relative to xml:base (RFC 4287 §2).
func isReference(l *linter, v value) {
	exact(l, v)
	s := strings.TrimSpace(v.s)
	switch rule, why := fault(s); {
	case rule == "" || rule == "url/iri":
	case rule != "url/relative":
		l.unfit(v, rule, why)
	case v.node.base() == "" && s != "":
		l.found(v.trim().start(), "url/no-base", "%s is %s, which is relative, and there is no xml:base", v.name, quote(s))
	}
}

// suffix is the extension of an address's path, in lower case: ".png".
func suffix(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	return strings.ToLower(path.Ext(u.Path))
}

// resolved is ref seen from base, or ref if one of them cannot be read.
func resolved(base, ref string) string {
	b, err := url.Parse(base)
	if err != nil {
		return ref
	}
	r, err := b.Parse(ref)
	if err != nil {
		return ref
	}
	return r.String()
}

// sameAddress compares addresses as RFC 3986 §6.2.2 and §6.2.3 do.
func sameAddress(a, b string) bool { return canonical(a) == canonical(b) }

func canonical(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil {
		return s
	}
	u.Scheme, u.Host, u.Fragment = strings.ToLower(u.Scheme), strings.ToLower(u.Host), ""
	if u.Scheme == "http" {
		u.Host = strings.TrimSuffix(u.Host, ":80")
	} else if u.Scheme == "https" {
		u.Host = strings.TrimSuffix(u.Host, ":443")
	}
	if u.Path == "" && u.Host != "" {
		u.Path = "/"
	}
	return u.String()
}
