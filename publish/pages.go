package publish

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
	"time"

	"feedwright/article"
	"feedwright/article/language"
	"feedwright/catalog"
	"feedwright/feed"
)

// byteTag is the ETag core of a rendered document.
func byteTag(b []byte) string {
	sum := sha256.Sum256(b)
	return strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16]))
}

// root is the path of the site, with a slash at its end.
func (s *Settings) root() string {
	rest := s.URL
	if _, after, ok := strings.Cut(rest, "://"); ok {
		rest = after
	}
	_, p, _ := strings.Cut(rest, "/")
	if p == "" {
		return "/"
	}
	return "/" + p + "/"
}

// page makes the page of a feed for people.
func (e *edition) page(ctx context.Context, d *document) error {
	p, err := e.settings.open(d.address)
	if err != nil {
		return err
	}
	d.pages = true
	if err := e.selection(d, p); err != nil {
		return err
	}
	lone := e.lone(d.address)
	ch := e.channel(d.address, p)
	s := e.settings
	terms, v := e.terms(), e.view()
	said, contract := e.said(d.address), e.contract(d, p)
	v.missing = p.missing()
	d.render = func(ctx context.Context) ([]byte, error) {
		items, err := e.p.items(ctx, v, d.hits)
		if err != nil {
			return nil, err
		}
		pg := &feed.Page{
			Channel: *ch, Site: s.Title, Root: s.root(), Canonical: ch.Home, Term: lone,
			Items: items, Terms: terms, Zone: s.Zone, Selector: d.address.Selector,
			Offer: !s.Static && d.address.Feed == "", Contract: contract,
		}
		if said != "" {
			pg.Filter, pg.Words, pg.Canonical = d.address.Selector.String(), said, ""
		}
		if p.Private() {
			pg.Canonical = ""
			for i := range pg.Items {
				v.missing.from(&pg.Items[i])
			}
		}
		return feed.EncodePage(pg)
	}
	return e.rendered(ctx, d, feed.PageType, p.Private())
}

// terms lists what a reader can choose from, for a page: of each kind those
// with the most articles.
func (e *edition) terms() []feed.Term {
	const most = 40 // of a kind
	var out []feed.Term
	for _, kind := range article.Kinds {
		list := e.snap.Terms(kind)
		if kind == article.Lang && len(list) < 2 {
			continue
		}
		for _, t := range list[:min(most, len(list))] {
			out = append(out, e.settings.term(t))
		}
	}
	return out
}

func (s *Settings) term(t catalog.TermCount) feed.Term {
	return feed.Term{Kind: t.Kind, Name: termName(t.Spelling), Slug: t.Slug, URL: s.termURL(t.Kind, t.Slug), Count: t.Count, Parent: t.Parent}
}

// termName is how a term is shown: a language by its own name where we know it.
func termName(sp article.Spelling) string {
	if sp.Kind != article.Lang {
		return sp.Name
	}
	if l := language.For(sp.Slug); l.Code == sp.Slug {
		return l.Name
	}
	return sp.Name
}

// articlePage makes an article's own page. An article that never was public is
// not found; one that was, and is no more, is gone.
func (e *edition) articlePage(ctx context.Context, d *document) error {
	entry, slug, err := e.p.o.Store.BySlug(ctx, d.address.Article)
	if err != nil {
		return err
	}
	if slug != d.address.Article {
		return fmt.Errorf("article %s: %w", d.address.Article, article.ErrNotFound) // Moved tells where it is
	}
	hit, ok := e.snap.Get(entry.Number)
	if !ok { // its file has gone so lately that it may be on its way to another place
		hit, ok = e.snap.Fading(entry.Number)
	}
	switch {
	case ok:
	case entry.Appeared == 0 || e.private(&entry) || e.snap.Private(entry.Number):
		return fmt.Errorf("article %s: %w", slug, article.ErrNotFound)
	default:
		return fmt.Errorf("article %s: %w", slug, article.ErrGone)
	}
	d.one, d.hits = hit.Number, []catalog.Hit{hit}
	s := e.settings
	all := feed.Address{Format: feed.HTML}
	p, _ := s.open(all)
	v := e.view()
	d.render = func(ctx context.Context) ([]byte, error) {
		items, err := e.p.items(ctx, v, d.hits)
		if err != nil {
			return nil, err
		}
		it := items[0]
		pg := &feed.ArticlePage{
			Channel: *s.channel(all, p, nil, ""), Site: s.Title, Root: s.root(), Canonical: it.URL, Item: it, Zone: s.Zone,
		}
		for _, t := range it.Categories {
			a := feed.Address{Format: feed.HTML, Selector: article.Lone(t.Kind, t.Slug)}
			pg.Feeds = append(pg.Feeds, *s.channel(a, p, &t, ""))
		}
		return feed.EncodeArticle(pg)
	}
	return e.rendered(ctx, d, feed.PageType, false)
}

// private says whether an article names only feeds that have a token.
func (e *edition) private(entry *article.Entry) bool {
	if len(entry.Feeds) == 0 {
		return false
	}
	rules := e.settings.rules()
	for _, f := range entry.Feeds {
		if !rules.Private(f) {
			return false
		}
	}
	return true
}

// opml makes the list of all public feeds.
func (e *edition) opml(ctx context.Context, d *document) error {
	d.pages = true
	s := e.settings
	snap := e.snap
	d.render = func(context.Context) ([]byte, error) {
		var updated time.Time
		if hits := snap.Select(article.Selector{}, catalog.Scope{}, 1); len(hits) > 0 {
			updated = time.UnixMilli(hits[0].Published).UTC()
		}
		groups := []feed.Outline{s.outline(s.Title, feed.Address{}, s.Formats)}
		for i := range s.Feeds {
			if n := &s.Feeds[i]; !n.Private() {
				groups = append(groups, s.outline(n.title(s), feed.Address{Feed: n.Name}, n.Formats))
			}
		}
		for _, kind := range article.Kinds {
			var terms []feed.Term
			for _, t := range snap.Terms(kind) {
				terms = append(terms, s.term(t))
			}
			g := feed.Outline{Text: kindNames[kind], Kids: s.outlines(feed.Nest(terms))}
			if len(g.Kids) > 0 {
				groups = append(groups, g)
			}
		}
		return feed.EncodeOPML(s.Title, s.Author, updated, groups)
	}
	return e.rendered(ctx, d, feed.OPMLType, false)
}

var kindNames = map[article.Field]string{
	article.Category: "Categories", article.Tag: "Tags", article.By: "Authors", article.Lang: "Languages",
}

func (n *Named) title(s *Settings) string {
	if n.Title != "" {
		return n.Title
	}
	return s.Title + " – " + n.Name
}

// outline is one feed, in the first XML format it has: readers of OPML know no
// other.
func (s *Settings) outline(text string, a feed.Address, formats []feed.Format) feed.Outline {
	a.Format = formats[0]
	for _, f := range formats {
		if f == feed.Atom || f == feed.RSS {
			a.Format = f
			break
		}
	}
	home := a
	home.Format = feed.HTML
	return feed.Outline{Text: text, XMLURL: s.abs(a.Path()), HTMLURL: s.abs(home.Path())}
}

// shows says whether an article has a page, if only for the grace that its
// file's end leaves it.
func (e *edition) shows(n article.Number) bool {
	if e.snap.Public(n) {
		return true
	}
	_, fading := e.snap.Fading(n)
	return fading
}
