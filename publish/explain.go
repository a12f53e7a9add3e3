package publish

import (
	"context"
	"fmt"
	"slices"
	"time"

	"feedwright/article"
	"feedwright/catalog"
	"feedwright/feed"
)

// Explanation is the life of one article, for `why`.
type Explanation struct {
	Life   article.Life
	Page   string   // absolute URL of its own page, empty while it has none
	Hidden string   // why nobody sees it, a sentence; empty if it is public
	Places []Place  // the feeds it could be in
	Learnt []string // paragraphs dropped because they recur at the edges of the folder's files
}

// Place is a feed, and whether an article is in it.
type Place struct {
	Title  string
	URL    string // absolute, in the feed's first format
	In     bool
	Reason string // why not
}

// Explain tells the life of the articles of a file, newest first. It answers
// from the newest edition.
func (p *Publisher) Explain(ctx context.Context, path string) ([]Explanation, error) {
	e := p.edition.Load()
	if e == nil {
		return nil, errNotReady
	}
	lives, err := p.o.Store.ByPath(ctx, path)
	if err != nil {
		return nil, err
	}
	out := make([]Explanation, len(lives))
	for i, l := range lives {
		x := Explanation{Life: l, Hidden: e.hidden(&l, p.o.Now())}
		if x.Hidden == "" {
			x.Page = e.settings.pageURL(&l.Article)
		}
		x.Places = e.places(ctx, &l, x.Hidden)
		x.Learnt = learnt(&l.Article)
		out[i] = x
	}
	return out, nil
}

// learnt gives the paragraphs of an article that are dropped as boilerplate.
func learnt(a *article.Article) []string {
	kept := map[uint64]int{}
	for _, p := range article.Paragraphs(article.DropEdges(a.Body, a.Drop)) {
		kept[article.ParagraphHash(p)]++
	}
	var out []string
	for _, p := range article.Paragraphs(a.Body) {
		h := article.ParagraphHash(p)
		if kept[h] > 0 {
			kept[h]--
		} else if slices.Contains(a.Drop, h) {
			out = append(out, article.Line(p))
		}
	}
	return out
}

// hidden says why an article is not public, or "".
func (e *edition) hidden(l *article.Life, now time.Time) string {
	when := func(t time.Time) string { return t.In(e.settings.Zone).Format("2006-01-02 15:04:05 MST") }
	switch {
	case l.State == article.Withdrawn:
		return "Its file is gone."
	case l.State == article.Drafted:
		if l.Article.Fields.DraftWhy != "" {
			return "It is a draft: " + l.Article.Fields.DraftWhy + "."
		}
		return "It is a draft."
	case !l.Expires.IsZero() && !l.Expires.After(now):
		return "It expired on " + when(l.Expires) + "."
	case l.Appeared == 0:
		return "It is held until " + when(l.Due) + "."
	case e.snap.Private(l.Article.Number):
		return "It names only feeds that have a token."
	case !e.snap.Public(l.Article.Number):
		return "It is in the next edition."
	}
	return ""
}

// places looks an article up in every feed that could hold it.
func (e *edition) places(ctx context.Context, l *article.Life, hidden string) []Place {
	f := &l.Article.Fields
	type candidate struct {
		title string
		a     feed.Address
	}
	list := []candidate{{e.settings.Title, feed.Address{}}}
	for i := range e.settings.Feeds {
		list = append(list, candidate{e.settings.Feeds[i].title(e.settings), feed.Address{Feed: e.settings.Feeds[i].Name}})
	}
	term := func(kind article.Field, name string) {
		for _, sp := range e.snap.Names().Lineage(kind, name) {
			c := candidate{string(kind) + " " + sp.Name, feed.Address{Selector: article.Lone(kind, sp.Slug)}}
			if !slices.ContainsFunc(list, func(o candidate) bool { return o.a.Path() == c.a.Path() }) {
				list = append(list, c)
			}
		}
	}
	for _, c := range f.Categories {
		term(article.Category, c)
	}
	for _, t := range f.Tags {
		term(article.Tag, t)
	}
	for _, a := range f.Authors {
		term(article.By, a.Name)
	}
	if f.Lang != "" {
		term(article.Lang, f.Lang)
	}
	var out []Place
	for _, c := range list {
		out = append(out, e.placeOf(ctx, l, hidden, c.title, c.a))
	}
	return out
}

func (e *edition) placeOf(ctx context.Context, l *article.Life, hidden, title string, a feed.Address) Place {
	n := e.settings.named(a.Feed)
	d := &document{address: a}
	p := profile{&Named{Items: e.settings.Items, Formats: e.settings.Formats}, title, nil}
	if n != nil {
		p.Named = n
	}
	a.Format = p.Formats[0]
	place := Place{Title: title, URL: e.settings.abs(a.Path())}
	if n != nil && n.Private() {
		place.URL += " (private: its address holds a token)"
	}
	sel, _ := e.filterOf(d.address, n)
	var err error
	if d.scope.Words, err = e.wordsOf(ctx, sel, a.Feed != ""); err == nil {
		err = e.selection(d, p)
	}
	if err != nil {
		place.Reason = err.Error()
		return place
	}
	holds := func(h catalog.Hit) bool { return h.Number == l.Article.Number }
	f := &l.Article.Fields
	switch {
	case slices.ContainsFunc(d.hits, holds):
		place.In = true
	case hidden != "" && !e.snap.Private(l.Article.Number):
		place.Reason = hidden
	case f.NoFeed:
		place.Reason = "The file says feed: false: it has a page, and is in no feed."
	case len(f.Feeds) > 0 && !slices.Contains(f.Feeds, a.Feed):
		place.Reason = fmt.Sprintf("The file says that it belongs to the feeds %q only.", f.Feeds)
	case slices.ContainsFunc(e.snap.Select(d.sel, d.scope, e.snap.Len()+1), holds):
		place.Reason = fmt.Sprintf("It is older than the newest %d that this feed carries.", d.limit)
	default:
		place.Reason = "The feed's filter does not hold it."
	}
	return place
}
