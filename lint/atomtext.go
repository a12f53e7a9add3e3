package lint

import (
	"encoding/base64"
	"net/url"
	"path"
	"strings"

	"golang.org/x/net/html"
)

// title is a text construct that readers want plain.
func title(l *linter, n *node) {
	textConstruct(l, n)
	if n.get("type") == "html" {
		l.found(n.at, "atom/html-title", "the title is HTML")
	}
}

// textConstruct judges text by its type (RFC 4287 §3.1.1).
func textConstruct(l *linter, n *node) {
	v := valueOf(n)
	switch typ := n.get("type"); typ {
	case "xhtml":
		l.xhtmlDiv(n)
	case "html":
		l.noElements(n)
		l.html(v, n.base())
	case "text", "":
		l.noElements(n)
		l.undeclared(v)
	}
	if v.empty() && len(n.kids) == 0 {
		l.found(n.at, "value/blank", "<%s> is empty", n.label())
	}
}

// undeclared looks for HTML in text that does not say what it is.
func (l *linter) undeclared(v value) {
	if v.node.get("type") != "" {
		return
	}
	at, ok := meantMarkup(v.s)
	if !ok {
		at, ok = l.entityIn(v.text)
	}
	if ok {
		l.found(v.offset(at[0]), "atom/undeclared-html", "%s is plain text, but holds %s", v.name, quote(v.s[at[0]:at[1]]))
	}
}

func (l *linter) noElements(n *node) {
	if len(n.kids) > 0 {
		l.found(n.kids[0].at, "atom/text-markup", "<%s> holds the element <%s>", n.label(), n.kids[0].full())
	}
}

// xhtmlDiv wants one div that holds everything.
func (l *linter) xhtmlDiv(n *node) {
	if len(n.kids) != 1 || !n.kids[0].is(nsXHTML, "div") || n.value().s != "" {
		l.found(n.at, "atom/xhtml-div", "<%s> does not hold exactly one div of XHTML", n.label())
		return
	}
	n.kids[0].walk(func(k *node) { l.xhtml(k, n) })
}

// xhtml judges an element of XHTML as html.go does HTML.
func (l *linter) xhtml(k, in *node) {
	switch {
	case k.space == "":
		l.found(k.at, "atom/xhtml-namespace", "<%s> stands in XHTML without a namespace", k.name)
		return
	case customary[k.space] != "" && k.space != nsXHTML && k.parent.space == nsXHTML:
		l.found(k.at, "atom/xhtml-namespace", "<%s> stands in XHTML", k.full()).Hint = "let XHTML hold XHTML, SVG and MathML only"
		return
	case k.space != nsXHTML:
		return
	}
	r := &htmlReader{l: l, v: value{text: text{marks: []mark{{0, k.at}}}, name: "<" + in.label() + ">"}, base: in.base()}
	t := html.Token{Data: k.name}
	r.element(t, 0)
	for _, a := range k.attrs {
		if a.space == "" {
			r.v.marks = []mark{{0, a.at}}
			t.Attr = []html.Attribute{{Key: a.name, Val: a.value.s}}
			r.attributes(t, "", 0)
		}
	}
}

// contentKind says how content is to be read (RFC 4287 §4.1.3.3).
func contentKind(n *node) string {
	typ, _, _ := strings.Cut(strings.ToLower(n.get("type")), ";")
	switch {
	case typ == "" || typ == "text":
		return "text"
	case typ == "html" || typ == "xhtml":
		return typ
	case strings.HasSuffix(typ, "+xml") || strings.HasSuffix(typ, "/xml"):
		return "xml"
	case typ == "text/html":
		return "html"
	case strings.HasPrefix(typ, "text/"):
		return "text"
	}
	return "base64"
}

// content judges an entry's content.
func content(l *linter, n *node) {
	v := valueOf(n)
	typ := n.get("type")
	if strings.Contains(typ, "/") && (!mediaType(typ) || strings.HasPrefix(typ, "multipart/") || strings.HasPrefix(typ, "message/")) ||
		!strings.Contains(typ, "/") && typ != "" && typ != "text" && typ != "html" && typ != "xhtml" {
		t, _ := n.attr("type")
		l.found(t.start(), "atom/content-type", "the type of <content> is %s", quote(typ))
		return
	}
	if src, ok := n.attr("src"); ok {
		if typ == "text" || typ == "html" || typ == "xhtml" {
			l.found(n.at, "atom/content-type", "<content> has src, and the type %s", typ).Clause = "RFC 4287 §4.1.3.2"
		}
		if !v.empty() || len(n.kids) > 0 {
			l.found(n.at, "atom/content-src", "<content> has src, and is not empty")
		}
		if typ == "" {
			l.found(src.start(), "atom/wanted-content-type", "<content> has src, but no type")
		}
		return
	}
	switch contentKind(n) {
	case "xhtml":
		l.xhtmlDiv(n)
	case "html":
		l.noElements(n)
		l.html(v, n.base())
	case "text":
		l.noElements(n)
		l.undeclared(v)
	case "xml":
		if len(n.kids) > 1 || len(n.kids) == 1 && !v.empty() {
			l.found(n.at, "atom/xml-content", "<content> of the type %s does not hold one element", quote(typ))
		}
	case "base64":
		l.base64(v, typ)
	}
	if v.empty() && len(n.kids) == 0 {
		l.found(n.at, "value/blank", "<content> is empty")
	}
}

func (l *linter) base64(v value, typ string) {
	s := strings.Join(strings.Fields(v.s), "")
	if _, err := base64.StdEncoding.DecodeString(s); err != nil {
		l.found(v.trim().start(), "atom/base64", "the content is of the type %s, but not in base64", quote(typ))
	}
}

func categoryText(l *linter, n *node) {
	if n.value().s != "" {
		l.found(n.place(), "atom/category-text", "<category> holds text")
	}
}

// relations are those that IANA has registered and feeds use.
var relations = set("alternate", "appendix", "archives", "author", "bookmark", "canonical", "chapter", "cite-as", "collection",
	"contents", "copyright", "current", "describedby", "disclosure", "duplicate", "edit", "edit-media", "enclosure", "first",
	"glossary", "help", "hub", "icon", "index", "item", "last", "latest-version", "license", "me", "memento", "monitor",
	"next", "next-archive", "original", "payment", "predecessor-version", "prev", "prev-archive", "preview", "previous",
	"privacy-policy", "related", "replies", "search", "section", "self", "service", "shortlink", "start", "subsection",
	"successor-version", "tag", "terms-of-service", "timegate", "timemap", "type", "up", "version-history", "via", "webmention",
	"working-copy", "http://schemas.google.com/g/2005#feed")

const ianaRelation = "http://www.iana.org/assignments/relation/"

func isRelation(l *linter, v value) {
	s := strings.TrimPrefix(v.s, ianaRelation)
	if rule, _ := fault(s); !relations[s] && (rule != "" && rule != "url/iri" || !strings.Contains(s, ":")) {
		l.found(v.start(), "link/rel", "the relation %s is not registered", quote(v.s))
	}
}

// relation is a link's; alternate if it says none (RFC 4287 §4.2.7.2).
func relation(n *node) string {
	if v, ok := n.attr("rel"); ok {
		return strings.TrimPrefix(v.s, ianaRelation)
	}
	return "alternate"
}

// linkRules are what the tables cannot say of a link.
func linkRules(l *linter, n *node) {
	if n.value().s != "" {
		l.found(n.place(), "atom/link-text", "<link> holds text")
	}
	href, ok := n.attr("href")
	if ok && strings.TrimSpace(href.s) == "" || ok && !web(href.s) && sameAddress(resolved(n.base(), href.s), n.base()) && n.base() != "" {
		l.found(href.start(), "link/same-document", "the link leads to the document itself")
	}
	if _, ok := n.attr("length"); !ok && relation(n) == "enclosure" {
		l.found(n.at, "link/wanted-length", "the enclosure does not say how long it is")
	}
	l.threadLink(n)
}

// canonicalID reports ids that others would spell differently.
func canonicalID(l *linter, v value) {
	s := strings.TrimSpace(v.s)
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" {
		return
	}
	scheme, _, _ := strings.Cut(s, ":")
	dots := u.Host != "" && u.Path != "" && strings.TrimSuffix(u.Path, "/") != strings.TrimSuffix(path.Clean(u.Path), "/") && strings.Contains(u.Path, "/.")
	if scheme != strings.ToLower(scheme) || u.Host != strings.ToLower(u.Host) || u.Host != "" && u.Path == "" && web(s) ||
		u.Scheme == "http" && u.Port() == "80" || u.Scheme == "https" && u.Port() == "443" || dots {
		l.found(v.trim().start(), "atom/id-form", "the id %s is not in its canonical form", quote(s))
	}
}
