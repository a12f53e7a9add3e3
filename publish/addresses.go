package publish

import (
	"context"

	"feedwright/article"
	"feedwright/catalog"
	"feedwright/feed"
)

// Feeds lists the addresses of all feeds that anybody may see, in each of their
// formats: everything, the named ones, then each category, tag, author and
// language.
func (p *Publisher) Feeds() []feed.Address {
	e := p.edition.Load()
	if e == nil {
		return nil
	}
	var out []feed.Address
	add := func(a feed.Address, formats []feed.Format) {
		for _, f := range formats {
			a.Format = f
			out = append(out, a)
		}
	}
	s := e.settings
	add(feed.Address{}, s.Formats)
	for i := range s.Feeds {
		if !s.Feeds[i].Private() {
			add(feed.Address{Feed: s.Feeds[i].Name}, s.Feeds[i].Formats)
		}
	}
	for _, kind := range article.Kinds {
		for _, t := range e.snap.Terms(kind) {
			add(feed.Address{Selector: article.Lone(kind, t.Slug)}, s.Formats)
		}
	}
	return out
}

// Pages calls yield for the address of every page for people: the lists, then
// each article.
func (p *Publisher) Pages(ctx context.Context, yield func(feed.Address) error) error {
	e := p.edition.Load()
	if e == nil {
		return errNotReady
	}
	seen := map[string]bool{}
	for _, a := range p.Feeds() {
		a.Format = feed.HTML
		if path := a.Path(); !seen[path] {
			seen[path] = true
			if err := yield(a); err != nil {
				return err
			}
		}
	}
	hits := e.snap.Select(article.Selector{}, catalog.Scope{Pages: true}, e.snap.Len())
	const batch = 500
	for len(hits) > 0 {
		now := hits[:min(batch, len(hits))]
		hits = hits[len(now):]
		refs := make([]article.Ref, len(now))
		for i, h := range now {
			refs[i] = article.Ref{Number: h.Number, Rev: h.Rev}
		}
		articles, err := p.o.Store.Articles(ctx, refs)
		if err != nil {
			return err
		}
		for i := range articles {
			if err := yield(feed.Address{Format: feed.HTML, Article: articles[i].Slug}); err != nil {
				return err
			}
		}
	}
	return nil
}
