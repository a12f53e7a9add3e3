package publish

import (
	"context"

	"feedwright/article"
	"feedwright/catalog"
	"feedwright/feed"
)

// Listing is one feed of the site, for a list of all of them.
type Listing struct {
	Kind     article.Field // of the feed of one category, tag, author or language; else empty
	Name     string        // of a feed that the config names; else empty
	Title    string
	Articles int  // that the feed's filter holds now; it carries the newest of them
	Private  bool // opens with a token, which is told nowhere
	Links    []Link
}

// Link is a feed's address in one format.
type Link struct {
	Format feed.Format
	URL    string // absolute; of a private feed, without its token
}

// Listings lists all feeds: everything, the named ones, then each category,
// tag, author and language. It is for the owner: private feeds are among them.
func (p *Publisher) Listings(ctx context.Context) []Listing {
	e := p.edition.Load()
	if e == nil {
		return nil
	}
	s := e.settings
	out := []Listing{e.listing(ctx, s.Title, feed.Address{}, article.Selector{}, s.Formats)}
	for i := range s.Feeds {
		n := &s.Feeds[i]
		where, err := e.snap.Resolve(n.Where, true)
		l := e.listing(ctx, n.title(s), feed.Address{Feed: n.Name}, where, n.Formats)
		l.Name, l.Private = n.Name, n.Private()
		if err != nil { // a filter that nothing can pass
			l.Articles = 0
		}
		out = append(out, l)
	}
	for _, kind := range article.Kinds {
		for _, t := range e.snap.Terms(kind) {
			one := article.Lone(kind, t.Slug)
			l := e.listing(ctx, t.Name, feed.Address{Selector: one}, one, s.Formats)
			l.Kind = kind
			out = append(out, l)
		}
	}
	return out
}

func (e *edition) listing(ctx context.Context, title string, a feed.Address, where article.Selector, formats []feed.Format) Listing {
	l := Listing{Title: title}
	if words, err := e.wordsOf(ctx, where, a.Feed != ""); err == nil {
		l.Articles = e.snap.Count(where, catalog.Scope{Feed: a.Feed, Zone: e.settings.Zone, Now: e.at, Words: words})
	}
	for _, f := range formats {
		a.Format = f
		l.Links = append(l.Links, Link{f, e.settings.abs(a.Path())})
	}
	return l
}
