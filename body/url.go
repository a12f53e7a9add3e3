package body

import (
	"net/url"
	"path"
	"strings"

	"feedwright/article"

	"golang.org/x/net/idna"
)

// linkSchemes may stand in a link; pictures and sound come by http(s) only.
var linkSchemes = map[string]bool{
	"http": true, "https": true, "mailto": true, "tel": true, "sms": true,
	"ftp": true, "xmpp": true, "geo": true, "magnet": true,
}

// maxURL is longer than any address that readers and servers take.
const maxURL = 8192

// resolver makes references absolute.
type resolver struct {
	base   *url.URL // nil if Options.Base is empty or no http(s) URL
	media  func(string) string
	dir    string
	tokens *tokens
}

func newResolver(o Options, t *tokens) *resolver {
	r := &resolver{media: o.Media, dir: o.Dir, tokens: t}
	if b, err := url.Parse(o.Base); err == nil && b.Host != "" && (b.Scheme == "http" || b.Scheme == "https") {
		b.Fragment, b.RawFragment = "", ""
		r.base = b
	}
	return r
}

// link resolves the target of a link to an absolute URI (RFC 3986), or "" if
// there is none that a reader could follow.
func (r *resolver) link(ref string) string { return r.resolve(ref, true) }

// source resolves the address of a picture or of sound.
func (r *resolver) source(ref string) string { return r.resolve(ref, false) }

func (r *resolver) resolve(ref string, link bool) string {
	ref = bare(article.Clean(r.tokens.inURL(ref)))
	if strings.HasPrefix(ref, "(") && strings.HasSuffix(ref, ")") { // [text]((https://…))
		ref = bare(ref[1 : len(ref)-1])
	}
	if ref == "" || ref == "#" || len(ref) > maxURL || strings.Contains(ref, "{{") || strings.Contains(ref, "{%") {
		return ""
	}
	if s, ok := scheme(ref); ok {
		if s != "http" && s != "https" && (!link || !linkSchemes[s]) {
			return ""
		}
		return r.absolute(ref)
	}
	switch lower := strings.ToLower(ref); {
	case strings.HasPrefix(lower, "www."):
		return r.absolute("https://" + ref)
	case strings.HasPrefix(ref, "//") || strings.HasPrefix(ref, `\\`):
		s := "https:"
		if r.base != nil {
			s = r.base.Scheme + ":"
		}
		return r.absolute(s + "//" + ref[2:])
	case link && isMail(ref):
		return r.absolute("mailto:" + ref)
	}
	if u := r.local(ref); u != "" {
		return u
	}
	if link && isNote(ref) || r.base == nil {
		return ""
	}
	return r.absolute(ref)
}

// local asks Options.Media for the file that a relative reference names.
func (r *resolver) local(ref string) string {
	if r.media == nil {
		return ""
	}
	name, fragment, _ := strings.Cut(ref, "#")
	name, _, _ = strings.Cut(name, "?")
	if p, err := url.PathUnescape(name); err == nil {
		name = p
	}
	name = strings.ReplaceAll(name, `\`, "/")
	if strings.Trim(name, "/.") == "" {
		return ""
	}
	var try []string
	if !strings.HasPrefix(name, "/") {
		try = append(try, path.Join(r.dir, name))
	}
	try = append(try, path.Clean(strings.TrimLeft(name, "/")))
	for _, p := range try {
		if p == ".." || strings.HasPrefix(p, "../") {
			continue
		}
		if u := r.media(p); u != "" {
			if fragment != "" {
				u += "#" + fragment
			}
			return r.absolute(u)
		}
	}
	return ""
}

// absolute writes a reference as a URI, resolved against the base.
func (r *resolver) absolute(ref string) string {
	u, err := url.Parse(escapeURI(ref))
	if err != nil {
		return ""
	}
	if r.base != nil {
		u = r.base.ResolveReference(u)
	}
	if !u.IsAbs() {
		return ""
	}
	if u.Opaque == "" {
		if u.Host == "" || !setHost(u) {
			return ""
		}
	} else if u.Scheme == "http" || u.Scheme == "https" {
		return ""
	}
	s := u.String()
	// What net/url writes must mean the same when it is read again.
	for range 3 {
		again, err := url.Parse(s)
		if err != nil || again.Scheme != u.Scheme {
			return ""
		}
		t := again.String()
		if t == s {
			return s
		}
		s = t
	}
	return ""
}

// setHost writes an international host name in ASCII (RFC 5891), and says
// whether the name is one.
func setHost(u *url.URL) bool {
	host := u.Hostname()
	if host == "" || strings.ContainsAny(host, "\"'<>{}|\\^` %*()!$&,;=") && !strings.HasPrefix(u.Host, "[") {
		return false
	}
	for i := 0; i < len(host); i++ {
		if host[i] < 0x80 {
			continue
		}
		ascii, err := idna.Lookup.ToASCII(host)
		if err != nil {
			return false
		}
		if port := u.Port(); port != "" {
			ascii += ":" + port
		}
		u.Host = ascii
		return true
	}
	return true
}

// bare drops what browsers drop from an address: space around it, and line
// breaks, tabs and controls anywhere.
func bare(s string) string {
	s = strings.TrimSpace(s)
	if strings.IndexFunc(s, control) < 0 {
		return s
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if control(r) {
			return -1
		}
		return r
	}, s))
}

func control(r rune) bool {
	return r < 0x20 || r >= 0x7f && r <= 0x9f || r == '\u2028' || r == '\u2029' || r == '\ufeff'
}

// scheme gives the lower-cased scheme of a reference (RFC 3986 §3.1).
func scheme(ref string) (string, bool) {
	for i := 0; i < len(ref); i++ {
		switch c := ref[i]; {
		case c == ':':
			return strings.ToLower(ref[:i]), i > 0
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		case i > 0 && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'):
		default:
			return "", false
		}
	}
	return "", false
}

// escapeURI percent-encodes what no URI may hold, and a "%" that escapes
// nothing.
func escapeURI(s string) string {
	const upper = "0123456789ABCDEF"
	clean := true
	for i := 0; i < len(s) && clean; i++ {
		clean = s[i] != '%' && uriByte(s[i])
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]), c != '%' && uriByte(c):
			b.WriteByte(c)
		case c == '\\':
			b.WriteByte('/')
		default:
			b.Write([]byte{'%', upper[c>>4], upper[c&15]})
		}
	}
	return b.String()
}

func uriByte(c byte) bool {
	return c > ' ' && c < 0x7f && !strings.ContainsRune("\"<>\\^`{|}", rune(c))
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// isMail says that a reference without a scheme is an e-mail address.
func isMail(s string) bool {
	name, host, ok := strings.Cut(s, "@")
	return ok && name != "" && strings.Contains(strings.Trim(host, "."), ".") && !strings.ContainsAny(s, "/#: ") && !strings.Contains(host, "@")
}

// isNote says that a relative reference names a source file: those are never
// served.
func isNote(ref string) bool {
	p, _, _ := strings.Cut(ref, "#")
	p, _, _ = strings.Cut(p, "?")
	switch strings.ToLower(path.Ext(p)) {
	case ".md", ".markdown", ".mdx", ".mkd", ".rst", ".adoc", ".org":
		return true
	}
	return false
}

// srcset resolves the candidates of a srcset attribute, in order. best is the
// address of the largest.
func (r *resolver) srcset(v string) (set, best string) {
	var out []string
	var most float64 = -1
	for range 32 {
		v = strings.TrimLeft(v, " \t\n\r\f,")
		if v == "" {
			break
		}
		n := nextBlank(v)
		ref, rest := v[:n], v[n:]
		descriptor := ""
		if trimmed := strings.TrimRight(ref, ","); trimmed != ref {
			ref = trimmed
		} else {
			descriptor, rest, _ = strings.Cut(rest, ",")
		}
		v = rest
		size, ok := density(strings.TrimSpace(descriptor))
		u := r.source(ref)
		if !ok || u == "" || strings.HasSuffix(u, ",") {
			continue
		}
		if d := strings.TrimSpace(descriptor); d != "" {
			out = append(out, u+" "+d)
		} else {
			out = append(out, u)
		}
		if size > most {
			most, best = size, u
		}
	}
	return strings.Join(out, ", "), best
}

// density reads a descriptor of srcset: "2x" or "800w".
func density(d string) (float64, bool) {
	if d == "" {
		return 1, true
	}
	n, unit := d[:len(d)-1], d[len(d)-1]
	if (unit != 'x' && unit != 'w') || n == "" || len(n) > 8 {
		return 0, false
	}
	v, dot, scale := 0.0, false, 1.0
	for i := 0; i < len(n); i++ {
		switch {
		case n[i] == '.' && !dot:
			dot = true
		case n[i] >= '0' && n[i] <= '9':
			v = v*10 + float64(n[i]-'0')
			if dot {
				scale *= 10
			}
		default:
			return 0, false
		}
	}
	return v / scale, v > 0
}
