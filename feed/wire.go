package feed

import (
	"mime"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/net/idna"

	"feedwright/article"
)

// What every format does to a text, an address or a date before it is written.
// The values come clean from other rooms; they are cleaned again here, because
// one bad rune or one relative address spoils a whole document.

// block is s as clean text of any number of lines, each ended by LF. A CR must
// not reach XML: every parser turns it into LF (XML 1.0 §2.11), so the formats
// would differ.
func block(s string) string {
	s = article.Clean(s)
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return strings.TrimSpace(s)
}

// line is s as one line of clean text, at most 4 KB.
func line(s string) string {
	const most = 4 << 10
	s = article.Line(clip(s, 4*most))
	return strings.TrimSpace(clip(s, most))
}

// clip is the longest start of s of at most n bytes that ends between runes.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// excerpt is the start of a text as one line: at most n runes, cut between
// words where there are any, and then ended by an ellipsis.
func excerpt(text string, n int) string {
	s := article.Line(clip(text, 16*n))
	runes := []rune(s)
	if len(runes) <= n {
		if len(text) > 16*n {
			return s + "…"
		}
		return s
	}
	cut := string(runes[:n])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 && runes[n] != ' ' {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.–—-") + "…"
}

var (
	hexRefs  = strings.NewReplacer("&", "&#x26;", "<", "&#x3C;", ">", "&#x3E;")
	htmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
)

// raw is an element whose content is XML already.
type raw struct {
	XML string `xml:",innerxml"`
}

// plain is an element of plain text, or nil for an empty one. RSS profile §3.1:
// in every element but description, & and < are written as hexadecimal
// references, which no reader takes for markup.
func plain(s string) *raw {
	if s = line(s); s == "" {
		return nil
	}
	return &raw{hexRefs.Replace(s)}
}

// cdata is an element of HTML. encoding/xml splits "]]>" (XML 1.0 §2.7).
type cdata struct {
	HTML string `xml:",cdata"`
}

var hostname = regexp.MustCompile(`^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~-]+)(:[0-9]+)?$`)

// webURL is s as an absolute http or https URI, or "" if it is none. RSS
// profile §3.4: an IRI becomes a URI, with a host in Punycode and the rest
// percent-encoded. What is a URI already stays as it is, byte for byte.
func webURL(s string) string {
	const most = 8 << 10 // bytes; many readers and proxies take no longer one
	if s = strings.TrimSpace(s); len(s) > most {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Opaque != "" || article.Clean(s) != s {
		return ""
	}
	host := u.Host
	if !ascii(host) {
		if host, err = idna.Lookup.ToASCII(u.Hostname()); err != nil {
			return ""
		}
		if p := u.Port(); p != "" {
			host += ":" + p
		}
	}
	if !hostname.MatchString(host) {
		return ""
	}
	if u.User != nil {
		host = u.User.String() + "@" + host
	}
	rest := s[strings.Index(s, "//")+2:]
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[i:]
	} else {
		rest = ""
	}
	return u.Scheme + "://" + host + escapeURI(rest)
}

// Writable says that an address is one that documents name: what is no absolute
// http or https address they leave out.
func Writable(address string) bool { return webURL(address) != "" }

// escapeURI percent-encodes what RFC 3986 §2 does not allow in a path, query
// or fragment, and leaves what it allows.
func escapeURI(s string) string {
	const allowed = "-._~:/?@!$&'()*+,;="
	const digits = "0123456789ABCDEF"
	var b []byte
	fragment := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		ok := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte(allowed, c) >= 0
		switch {
		case c == '%':
			ok = i+2 < len(s) && hex(s[i+1]) && hex(s[i+2])
		case c == '#':
			ok, fragment = !fragment, true
		}
		if ok && b == nil {
			continue
		}
		if b == nil {
			b = append(make([]byte, 0, len(s)+16), s[:i]...)
		}
		if ok {
			b = append(b, c)
		} else {
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	if b == nil {
		return s
	}
	return string(b)
}

func hex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

var absoluteIRI = regexp.MustCompile("^[A-Za-z][A-Za-z0-9+.-]*:[^\\x00-\\x20<>\"{}|\\\\^`\u00a0\u2000-\u200f\u2028-\u202f\u3000]+$")

// iri is an id for Atom, which wants an absolute IRI (RFC 4287 §4.2.6). An id
// that is one stays character by character; for any other, which RSS and JSON
// Feed carry as they are, the UUID of its text stands in, always the same.
func iri(id string) string {
	if u, err := url.Parse(id); err == nil && absoluteIRI.MatchString(id) && !strayPercent(id) {
		if web := u.Scheme == "http" || u.Scheme == "https"; !web || u.Hostname() != "" { // RFC 9110 §4.2.1
			return id
		}
	}
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte(id)).URN()
}

func strayPercent(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && (i+2 >= len(s) || !hex(s[i+1]) || !hex(s[i+2])) {
			return true
		}
	}
	return false
}

var address = regexp.MustCompile(`^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$`)

// email is s if it is an addr-spec that every reader takes, else "".
func email(s string) string {
	if s = strings.TrimSpace(s); address.MatchString(s) {
		return s
	}
	return ""
}

// person is an author as the formats can show one: the name, or the address if
// there is no name; ok is false if there is neither.
func person(a article.Author) (name, mail, page string, ok bool) {
	name, mail, page = line(a.Name), email(a.Email), webURL(a.URL)
	if name == "" {
		name = mail
	}
	return name, mail, page, name != ""
}

var bcp47 = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$`)

// lang is s if it has the form of a language tag (BCP 47) with a language of
// ISO 639, else "".
func lang(s string) string {
	if bcp47.MatchString(s) {
		return s
	}
	return ""
}

// mediaType is the bare type/subtype of s, or "" if it is none.
func mediaType(s string) string {
	t, _, err := mime.ParseMediaType(s)
	if err != nil || strings.Count(t, "/") != 1 || strings.HasPrefix(t, "/") || strings.HasSuffix(t, "/") {
		return ""
	}
	return t
}

// dated says whether t can be written: RFC 3339 and RFC 822 have four digits
// for a year.
func dated(t time.Time) bool {
	y := t.UTC().Year()
	return !t.IsZero() && y >= 1 && y <= 9999
}

// rfc822 is t for RSS: one space between parts, four digits, GMT (RSS profile
// §3.2; zones such as +0545 are legal and trip readers). "" for no date.
func rfc822(t time.Time) string {
	if !dated(t) {
		return ""
	}
	return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")
}

// rfc3339 is t for Atom and JSON Feed: UTC, whole seconds, upper-case T and Z
// (RFC 4287 §3.3). "" for no date.
func rfc3339(t time.Time) string {
	if !dated(t) {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}

// changed is the instant of a significant change after publication, or zero.
func changed(it *Item) time.Time {
	if dated(it.Updated) && it.Updated.Unix() > it.Published.Unix() && dated(it.Published) {
		return it.Updated
	}
	return time.Time{}
}

// itoa is a positive number in digits, and "" for any other.
func itoa(n int64) string {
	if n <= 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// scheme is the address of the list that a term's page belongs to: a category
// of https://news.example.org/category/ukraine/ has the scheme
// https://news.example.org/category/, equal for all terms of that list
// (RFC 4287 §4.2.2.2, RSS "category" domain).
func scheme(t Term) string {
	u := webURL(t.URL)
	list, ok := strings.CutSuffix(strings.TrimSuffix(u, "/"), "/"+url.PathEscape(t.Slug))
	if ok && t.Slug != "" && strings.Count(list, "/") > 2 {
		return list + "/"
	}
	return u
}

// terms are the terms of all lists that have a name, with their scheme as URL;
// a name that comes twice, as a category and as a tag, stands where it came
// first.
func terms(lists ...[]Term) []Term {
	n := 0
	for _, l := range lists {
		n += len(l)
	}
	out := make([]Term, 0, n)
	seen := make(map[string]bool, n)
	for _, l := range lists {
		for _, t := range l {
			t.Name, t.URL = line(t.Name), scheme(t)
			if t.Name != "" && !seen[t.Name] {
				seen[t.Name] = true
				out = append(out, t)
			}
		}
	}
	return out
}
