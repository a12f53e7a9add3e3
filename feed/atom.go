package feed

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"github.com/gorilla/feeds"

	"feedwright/article"
)

// atomEncoder writes Atom 1.0 (RFC 4287) with Media RSS. The Atom namespace is
// the default one: some readers look for names, not namespaces.
type atomEncoder struct{}

// Format is Atom.
func (atomEncoder) Format() Format { return Atom }

// ContentType is RFC 4287 §7's.
func (atomEncoder) ContentType() string { return "application/atom+xml; charset=utf-8" }

const (
	atomNamespace = "http://www.w3.org/2005/Atom"
	atomOpen      = "<feed>"
	atomTail      = "\n</feed>"
	// epoch dates what has no date at all: Atom wants one (RFC 4287 §4.2.15),
	// and a clock's reading would differ from call to call. Validators take
	// 1970 for a fault.
	epoch = "2000-01-01T00:00:00Z"
)

// atomFeed corrects feeds.AtomFeed: several links and categories, a generator,
// a language. Every element stands before the first entry (RFC 4287 §4.1.1).
type atomFeed struct {
	feeds.AtomFeed
	Media     string         `xml:"xmlns:media,attr"`
	Lang      string         `xml:"xml:lang,attr,omitempty"`
	Author    atomPerson     `xml:"author"`
	Link      []atomLink     `xml:"link"`
	Category  []atomCategory `xml:"category"`
	Generator *atomGenerator `xml:"generator"`
	atomHistory
}

// atomEntry corrects feeds.AtomEntry.
type atomEntry struct {
	Lang string `xml:"xml:lang,attr,omitempty"`
	feeds.AtomEntry
	Author   []atomPerson   `xml:"author"`
	Link     []atomLink     `xml:"link"`
	Category []atomCategory `xml:"category"`
	Summary  *atomText      `xml:"summary"`
	Content  *atomText      `xml:"content"`
	Source   *atomSource    `xml:"source"`
	Media    []mediaContent `xml:"media:content"`
	Thumb    *mediaThumb    `xml:"media:thumbnail"`
}

// atomPerson is gorilla's, under the name that its field gives it.
type atomPerson struct{ feeds.AtomPerson }

type atomLink struct {
	feeds.AtomLink
	Title string `xml:"title,attr,omitempty"`
}

type atomCategory struct {
	Term   string `xml:"term,attr"`
	Scheme string `xml:"scheme,attr,omitempty"`
	Label  string `xml:"label,attr,omitempty"`
}

type atomGenerator struct {
	Version string `xml:"version,attr,omitempty"`
	Name    string `xml:",chardata"`
}

// atomText is a text construct: plain text, or HTML that is kept in CDATA
// because escaping it makes it an eighth longer.
type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
	HTML string `xml:",cdata"`
}

// atomFrame is what an entry stands in while it is encoded.
type atomFrame struct {
	XMLName xml.Name   `xml:"feed"`
	Entry   *atomEntry `xml:"entry"`
}

// Item encodes one entry. It has no author if the item has none: the feed
// always has one (RFC 4287 §4.1.2).
func (atomEncoder) Item(it *Item, c Content) (Fragment, error) {
	id := block(string(it.ID))
	if id == "" {
		return nil, fmt.Errorf("encode item %q for atom: %w", it.Title, errNoID)
	}
	x := &atomEntry{Lang: lang(it.Lang), Link: atomLinks(it)}
	x.Title, x.Id, x.Rights = line(it.Title), iri(id), line(it.Rights)
	x.Published, x.Updated = rfc3339(it.Published), atomUpdated(it)
	for _, a := range it.Authors {
		if name, mail, page, ok := person(a); ok {
			x.Author = append(x.Author, atomPerson{feeds.AtomPerson{Name: name, Email: mail, Uri: page}})
		}
	}
	x.Category = atomCategories(terms(it.Categories, it.Tags))
	x.Source = atomSourceOf(it)
	x.Media, x.Thumb = mediaOf(it)
	x.describe(it, c, id)

	f, err := encodeXML(&atomFrame{Entry: x}, atomOpen, atomTail)
	if err != nil {
		return nil, fmt.Errorf("encode item %s for atom: %w", id, err)
	}
	return f, nil
}

// describe sets summary, content and, for an item without one, the title that
// RFC 4287 §4.1.2 requires. An entry with neither content nor alternate link
// would be invalid, so its summary becomes content.
func (x *atomEntry) describe(it *Item, c Content, id string) {
	summary, body := words(it, c)
	linked := len(x.Link) > 0 && x.Link[0].Rel == "alternate"
	if summary != "" {
		x.Summary = &atomText{Type: "text", Text: summary}
	}
	if x.Title == "" {
		x.Title = excerpt(it.Text, titleRunes)
	}
	if x.Title == "" {
		x.Title = excerpt(summary, titleRunes)
	}
	if x.Title == "" && linked {
		x.Title = x.Link[0].Href
	}
	if x.Title == "" {
		x.Title = id
	}
	switch {
	case body != "":
		x.Content = &atomText{Type: "html", HTML: body} // RFC 4287 §4.1.3.3
	case summary != "" && linked:
	case summary != "":
		x.Summary, x.Content = nil, x.Summary
	default:
		x.Content = &atomText{Type: "text", Text: x.Title}
	}
}

// atomUpdated is the last significant change, else the publication
// (RFC 4287 §4.2.15).
func atomUpdated(it *Item) string {
	for _, t := range []time.Time{changed(it), it.Published, it.Updated} {
		if s := rfc3339(t); s != "" {
			return s
		}
	}
	return epoch
}

// atomLinks are an entry's links, the alternate first; each relation and
// address once. The page that an article came from is `via`, its feed is
// `source`. Comments are `replies` (RFC 4685).
func atomLinks(it *Item) []atomLink {
	out := make([]atomLink, 0, 2+len(it.Attachments)+len(it.Links))
	seen := make(map[string]bool, cap(out))
	add := func(rel, href, typ, length, title string) {
		href = webURL(href)
		if key := rel + " " + href; href != "" && !seen[key] {
			seen[key] = true
			out = append(out, atomLink{feeds.AtomLink{Rel: rel, Href: href, Type: typ, Length: length}, line(title)})
		}
	}
	add("alternate", it.URL, "text/html", "", "")
	for _, e := range enclosures(it) {
		add("enclosure", e.URL, e.Type, itoa(e.Length), e.Title)
	}
	if it.Source != nil {
		add("via", it.Source.URL, "", "", it.Source.Title)
	}
	for _, l := range furtherLinks(it) {
		add(l.Rel, l.URL, "", "", l.Title)
	}
	add("replies", it.Comments, "text/html", "", "")
	return out
}

// relation is a registered one (RFC 4287 §4.2.7.2).
func relation(l article.Link) string {
	if l.Rel == "via" || l.Rel == "source" {
		return "via"
	}
	return "related"
}

// atomCategories gives each term's name both as term and as label: some
// readers show the one, some the other.
func atomCategories(list []Term) []atomCategory {
	out := make([]atomCategory, len(list))
	for i, t := range list {
		out[i] = atomCategory{Term: t.Name, Scheme: t.URL, Label: t.Name}
	}
	return out
}

// Feed puts entries into an Atom document, which has exactly one id, title,
// updated and author, whatever the channel lacks (RFC 4287 §4.1.1).
func (e atomEncoder) Feed(ch *Channel, items []Fragment) ([]byte, error) {
	return e.Append(nil, ch, items)
}

// Append is Feed behind dst.
func (atomEncoder) Append(dst []byte, ch *Channel, items []Fragment) ([]byte, error) {
	self, home := webURL(ch.Self[Atom]), webURL(ch.Home)
	x := &atomFeed{Lang: lang(ch.Lang), Media: mediaNamespace}
	x.Xmlns, x.Title, x.Subtitle = atomNamespace, heading(ch), line(ch.Description)
	x.Id = block(ch.ID)
	for _, id := range []string{self, home, x.Title} {
		if x.Id == "" {
			x.Id = id
		}
	}
	x.Id = iri(x.Id)
	if x.Updated = rfc3339(ch.Updated); x.Updated == "" {
		x.Updated = epoch
	}
	x.Icon, x.Logo, x.Rights = webURL(ch.Icon), webURL(ch.Image), line(ch.Copyright)
	name, mail, page, ok := person(ch.Author)
	if !ok {
		name = x.Title
	}
	x.Author = atomPerson{feeds.AtomPerson{Name: name, Email: mail, Uri: page}}
	x.Category = atomCategories(terms(ch.Categories))
	x.Generator = atomGeneratorOf(ch.Generator)
	for _, l := range []feeds.AtomLink{
		{Rel: "self", Href: self, Type: "application/atom+xml"},
		{Rel: "alternate", Href: home, Type: "text/html"},
		{Rel: "hub", Href: webURL(ch.Hub)}, // WebSub §4
	} {
		if l.Href != "" {
			x.Link = append(x.Link, atomLink{AtomLink: l})
		}
	}
	for _, l := range ch.Paging.links() {
		x.Link = append(x.Link, atomLink{AtomLink: feeds.AtomLink{Rel: l.rel, Href: l.href, Type: "application/atom+xml"}})
	}
	x.atomHistory = atomHistoryOf(ch)
	head, err := write(new(bytes.Buffer), x)
	if err != nil {
		return nil, fmt.Errorf("encode channel %s for atom: %w", ch.ID, err)
	}
	return assemble(dst, head, atomTail, ch.Stylesheet, items)
}

// atomGeneratorOf splits "feedwright 1.2" into name and version.
func atomGeneratorOf(s string) *atomGenerator {
	s = line(s)
	if s == "" {
		return nil
	}
	if i := strings.LastIndexByte(s, ' '); i > 0 && strings.ContainsAny(s[i:], "0123456789") {
		return &atomGenerator{Name: s[:i], Version: s[i+1:]}
	}
	return &atomGenerator{Name: s}
}
