package feed

import (
	"github.com/google/uuid"
	"github.com/gorilla/feeds"

	"feedwright/article"
)

// Where an article was taken from, in each format's own way: RSS `source`,
// which wants an address, and dc:source for a name alone; Atom `source`; JSON
// Feed external_url. And what belongs to it: links that are `via` or `related`.

type rssSource struct {
	URL   string `xml:"url,attr"`
	Title string `xml:",innerxml"`
}

// rssSourceOf names where the article was taken from; source needs a url.
func rssSourceOf(l *article.Link) *rssSource {
	if l == nil {
		return nil
	}
	u := webURL(l.URL)
	if u == "" {
		return nil
	}
	title := line(l.Title)
	if title == "" {
		title = u
	}
	return &rssSource{URL: u, Title: hexRefs.Replace(title)}
}

// sourceName is the name of a source without an address, which source cannot
// carry. Never both: they say the same (profile, "Namespace Elements").
func sourceName(l *article.Link) *raw {
	if l == nil || webURL(l.URL) != "" {
		return nil
	}
	return plain(l.Title)
}

// furtherLinks are an item's links to other pages, each address once; the
// source's own is none of them.
func furtherLinks(it *Item) []article.Link {
	seen := make(map[string]bool, len(it.Links)+1)
	if it.Source != nil {
		seen[webURL(it.Source.URL)] = true
	}
	var out []article.Link
	for _, l := range it.Links {
		l.Rel, l.URL, l.Title = relation(l), webURL(l.URL), line(l.Title)
		if l.URL != "" && !seen[l.URL] {
			seen[l.URL] = true
			out = append(out, l)
		}
	}
	return out
}

// rssLinks are an item's links for RSS, which has none but the one to its page:
// Atom's, as the profile has them in the channel ("atom:link"). Without a title:
// a < in an attribute cannot be written as the profile has it in texts.
func rssLinks(it *Item) []rssLink {
	var out []rssLink
	for _, l := range furtherLinks(it) {
		out = append(out, rssLink{AtomLink: feeds.AtomLink{Rel: l.Rel, Href: l.URL}})
	}
	return out
}

// atomSource is what is known of the feed that an entry was taken from (RFC
// 4287 §4.2.11), which should have id, title and date. Its author is nobody: one
// would count as the entry's own (§4.2.1).
type atomSource struct {
	ID      string    `xml:"id"`
	Title   string    `xml:"title"`
	Updated string    `xml:"updated"`
	Link    *atomLink `xml:"link"`
}

// atomSourceOf takes the source's address for its id, and stands a UUID in for
// one without an address. The day of publication is the last on which the
// source is known to have been written to.
func atomSourceOf(it *Item) *atomSource {
	if it.Source == nil {
		return nil
	}
	u, title := webURL(it.Source.URL), line(it.Source.Title)
	if title == "" {
		title = u
	}
	if title == "" {
		return nil
	}
	x := &atomSource{ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte(title)).URN(), Title: title, Updated: rfc3339(it.Published)}
	if u != "" {
		x.ID, x.Link = iri(u), &atomLink{AtomLink: feeds.AtomLink{Rel: "alternate", Href: u}}
	}
	if x.Updated == "" {
		x.Updated = atomUpdated(it)
	}
	return x
}

// elsewhere is the page that an item was taken from, or first seen on, for JSON
// Feed's external_url ("Items").
func elsewhere(it *Item) string {
	if it.Source != nil {
		if u := webURL(it.Source.URL); u != "" {
			return u
		}
	}
	for _, l := range furtherLinks(it) {
		if l.Rel == "via" {
			return l.URL
		}
	}
	return ""
}
