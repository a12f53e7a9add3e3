package feed

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/gorilla/feeds"

	"feedwright/article"
)

// errNoID refuses an item that no reader could tell from the others.
var errNoID = errors.New("no id: give the article an id before it is encoded")

// rssEncoder writes RSS 2.0 as the RSS Advisory Board's specification and its
// Best Practices Profile have it ("profile" below), with content:encoded,
// Dublin Core, atom:link and Media RSS.
type rssEncoder struct{}

// Format is RSS.
func (rssEncoder) Format() Format { return RSS }

// ContentType is the registered-by-custom type that readers look for.
func (rssEncoder) ContentType() string { return "application/rss+xml; charset=utf-8" }

const (
	rssOpen = "<rss>\n  <channel>"
	rssTail = "\n  </channel>\n</rss>"
	rssDocs = "https://www.rssboard.org/rss-specification"
)

// rssDoc declares every namespace that a fragment may use, used or not:
// fragments are shared by documents that know nothing of their content.
type rssDoc struct {
	feeds.RssFeedXml
	Atom    string `xml:"xmlns:atom,attr"`
	DC      string `xml:"xmlns:dc,attr"`
	Media   string `xml:"xmlns:media,attr"`
	History string `xml:"xmlns:fh,attr,omitempty"`
	ITunes  string `xml:"xmlns:itunes,attr,omitempty"`
	Podcast string `xml:"xmlns:podcast,attr,omitempty"`
	Channel any    `xml:"channel"` // *rssChannel or *podcastChannel
}

// rssChannel corrects feeds.RssFeed: plain texts as the profile wants them,
// several categories with a domain, atom:link. Items are put in afterwards, so
// they come last (profile, "channel").
type rssChannel struct {
	Title       *raw `xml:"title"`
	Description *raw `xml:"description"`
	feeds.RssFeed
	Links          []rssLink     `xml:"atom:link"`
	Copyright      *raw          `xml:"copyright"`
	ManagingEditor *raw          `xml:"managingEditor"`
	WebMaster      *raw          `xml:"webMaster"`
	Generator      *raw          `xml:"generator"`
	Image          *rssImage     `xml:"image"`
	Category       []rssCategory `xml:"category"`
	historyMarks
}

type rssLink struct {
	XMLName xml.Name `xml:"atom:link"`
	feeds.AtomLink
}

type rssImage struct {
	feeds.RssImage
	Title *raw `xml:"title"`
}

type rssCategory struct {
	Domain string `xml:"domain,attr,omitempty"`
	Name   string `xml:",innerxml"`
}

// rssItem corrects feeds.RssItem.
type rssItem struct {
	Title *raw `xml:"title"`
	feeds.RssItem
	Link        string         `xml:"link,omitempty"`
	Updated     string         `xml:"atom:updated,omitempty"`
	Creators    []*raw         `xml:"dc:creator"`
	Language    string         `xml:"dc:language,omitempty"`
	Category    []rssCategory  `xml:"category"`
	Source      *rssSource     `xml:"source"`
	SourceName  *raw           `xml:"dc:source"`
	Links       []rssLink      `xml:"atom:link"`
	Rights      *raw           `xml:"dc:rights"`
	Description *cdata         `xml:"description"`
	Content     *cdata         `xml:"content:encoded"` // after description (profile, "content:encoded")
	Media       []mediaContent `xml:"media:content"`
	Thumb       *mediaThumb    `xml:"media:thumbnail"`
	*rssEpisode
}

// rssFrame is what an item stands in while it is encoded.
type rssFrame struct {
	XMLName xml.Name `xml:"rss"`
	Item    *rssItem `xml:"channel>item"`
}

// Item encodes one item. RSS wants a title or a description ("Elements of
// item"): an item with no words at all is described by its address.
func (rssEncoder) Item(it *Item, c Content) (Fragment, error) {
	id := block(string(it.ID))
	if id == "" {
		return nil, fmt.Errorf("encode item %q for rss: %w", it.Title, errNoID)
	}
	link := webURL(it.URL)
	x := &rssItem{Title: plain(it.Title), Link: link, Language: lang(it.Lang), Rights: plain(it.Rights)}
	x.Guid = rssGUID(id, link)
	x.PubDate = rfc822(it.Published)
	x.Updated = rfc3339(changed(it)) // pubDate never moves; readers of atom:updated see corrections
	x.Comments = webURL(it.Comments)
	x.Category = rssCategories(terms(it.Categories, it.Tags))
	for _, a := range it.Authors {
		// dc:creator, because author must be an e-mail address; never both
		// (profile, "dc:creator").
		if name, _, _, ok := person(a); ok {
			x.Creators = append(x.Creators, plain(name))
		}
	}
	x.Source, x.SourceName, x.Links = rssSourceOf(it.Source), sourceName(it.Source), rssLinks(it)
	if list := enclosures(it); len(list) > 0 {
		main := mainEnclosure(list)
		e := list[main] // at most one an item (profile, "enclosure"); Media RSS has them all
		x.rssEpisode = rssEpisodeOf(it, list, main)
		x.Enclosure = &feeds.RssEnclosure{Url: e.URL, Type: e.Type, Length: strconv.FormatInt(e.Length, 10)} // 0 if unknown
	}
	x.Media, x.Thumb = mediaOf(it)
	x.describe(it, c, link, id)

	f, err := encodeXML(&rssFrame{Item: x}, rssOpen, rssTail)
	if err != nil {
		return nil, fmt.Errorf("encode item %s for rss: %w", id, err)
	}
	return f, nil
}

// describe sets description and content:encoded. Both are HTML. There is no
// content:encoded without a description before it: an article without a
// summary has its whole text in the description (profile, "content:encoded").
func (x *rssItem) describe(it *Item, c Content, link, id string) {
	summary, body := words(it, c)
	switch {
	case summary != "" && body != "":
		x.Description, x.Content = &cdata{summaryHTML(summary)}, &cdata{body}
	case body != "":
		x.Description = &cdata{body}
	case summary != "":
		x.Description = &cdata{summaryHTML(summary)}
	case x.Title != nil:
	case link != "":
		x.Description = &cdata{htmlText.Replace(link)}
	default:
		x.Description = &cdata{htmlText.Replace(id)}
	}
}

// rssGUID is the id, a permalink only where it is the article's own address.
// isPermaLink is always written, because its default is true ("guid").
func rssGUID(id, link string) *feeds.RssGuid {
	return &feeds.RssGuid{Id: id, IsPermaLink: strconv.FormatBool(id == link)}
}

func rssCategories(list []Term) []rssCategory {
	out := make([]rssCategory, len(list))
	for i, t := range list {
		out[i] = rssCategory{Domain: t.URL, Name: hexRefs.Replace(t.Name)}
	}
	return out
}

// Feed puts items into an RSS document. A channel without title, description
// or page, which RSS requires, is given the nearest thing it has.
func (e rssEncoder) Feed(ch *Channel, items []Fragment) ([]byte, error) {
	return e.Append(nil, ch, items)
}

// Append is Feed behind dst.
func (rssEncoder) Append(dst []byte, ch *Channel, items []Fragment) ([]byte, error) {
	self, home := webURL(ch.Self[RSS]), webURL(ch.Home)
	if home == "" {
		home = self
	}
	if home == "" {
		home = iri(block(ch.ID)) // a link may be any absolute URI ("Comments on URLs")
	}
	title := plain(heading(ch))
	x := &rssChannel{Title: title, Description: plain(ch.Description), Copyright: plain(ch.Copyright), Generator: plain(ch.Generator)}
	if x.Description == nil {
		x.Description = title
	}
	x.Link, x.Language, x.Docs = home, lang(ch.Lang), rssDocs
	x.LastBuildDate = rfc822(ch.Updated)
	x.PubDate = x.LastBuildDate
	if ch.MaxAge > 0 {
		x.Ttl = max(1, int(ch.MaxAge.Minutes())) // whole minutes ("ttl")
	}
	x.ManagingEditor, x.WebMaster = rssContact(ch.Author, heading(ch)), rssContact(ch.Webmaster, heading(ch))
	x.Image = rssPicture(ch.Image, title, home)
	x.Category = rssCategories(terms(ch.Categories))
	if self != "" { // profile, "atom:link"
		x.Links = append(x.Links, rssLink{AtomLink: feeds.AtomLink{Rel: "self", Href: self, Type: "application/rss+xml"}})
	}
	if hub := webURL(ch.Hub); hub != "" { // WebSub §4
		x.Links = append(x.Links, rssLink{AtomLink: feeds.AtomLink{Rel: "hub", Href: hub}})
	}
	for _, l := range ch.Paging.links() {
		x.Links = append(x.Links, rssLink{AtomLink: feeds.AtomLink{Rel: l.rel, Href: l.href, Type: "application/rss+xml"}})
	}
	x.historyMarks = marksOf(ch.Paging)
	doc := &rssDoc{
		RssFeedXml: feeds.RssFeedXml{Version: "2.0", ContentNamespace: "http://purl.org/rss/1.0/modules/content/"},
		Atom:       atomNamespace, DC: "http://purl.org/dc/elements/1.1/", Media: mediaNamespace,
		History: historyNamespaceOf(ch.Paging),
		Channel: x,
	}
	if ch.Podcast != nil {
		doc.ITunes, doc.Podcast = itunesNamespace, podcastNamespace
		if d := plain(clip(line(ch.Description), 4000)); d != nil { // Apple: at most 4000 bytes
			x.Description = d
		}
		doc.Channel = &podcastChannel{rssChannel: x, rssPodcast: rssPodcastOf(ch)}
	}
	head, err := write(new(bytes.Buffer), doc)
	if err != nil {
		return nil, fmt.Errorf("encode channel %s for rss: %w", ch.ID, err)
	}
	return assemble(dst, head, rssTail, ch.Stylesheet, items)
}

// rssContact is `name@host (Real Name)`, and nothing without an address
// (profile §3.3). Who gives no name is called as the feed is.
func rssContact(a article.Author, title string) *raw {
	mail := email(a.Email)
	if mail == "" {
		return nil
	}
	name := line(a.Name)
	if name == "" {
		name = title
	}
	return plain(mail + " (" + strings.NewReplacer("(", "[", ")", "]").Replace(name) + ")")
}

// rssPicture is the channel's image: GIF, JPEG or PNG, with title and link
// equal to the channel's (profile, "image").
func rssPicture(image string, title *raw, home string) *rssImage {
	u := webURL(image)
	if u == "" || home == "" {
		return nil
	}
	file, _, _ := strings.Cut(u, "?")
	switch strings.ToLower(path.Ext(file)) {
	case ".svg", ".webp", ".avif", ".ico", ".bmp", ".tif", ".tiff", ".heic", ".jxl":
		return nil
	}
	return &rssImage{RssImage: feeds.RssImage{Url: u, Link: home}, Title: title}
}
