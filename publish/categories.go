package publish

import (
	"context"

	"feedwright/article"
	"feedwright/catalog"
	"feedwright/feed"
)

// categories makes the list of categories for programs.
func (e *edition) categories(ctx context.Context, d *document) error {
	d.pages = true
	s, list := e.settings, e.snap.Terms(article.Category)
	d.render = func(context.Context) ([]byte, error) {
		entries := make([]feed.CategoryEntry, len(list))
		for i, t := range list {
			entries[i] = s.categoryEntry(t)
		}
		return feed.EncodeCategories(s.Title, entries)
	}
	return e.rendered(ctx, d, feed.CategoriesType, false)
}

func (s *Settings) categoryEntry(t catalog.TermCount) feed.CategoryEntry {
	shown := s.term(t)
	c := feed.CategoryEntry{Name: shown.Name, Slug: t.Slug, Parent: t.Parent, Count: t.Count, Page: shown.URL, Feeds: map[feed.Format]string{}}
	for _, f := range s.Formats {
		c.Feeds[f] = s.abs(feed.Address{Format: f, Selector: article.Lone(article.Category, t.Slug)}.Path())
	}
	if own := s.category(&shown); own != nil {
		c.Description, c.Image = own.Description, own.Image
	}
	return c
}

// outlines lists the feeds of terms for OPML. What other terms lie in becomes a
// group that begins with its own feed: many readers see no feeds below a feed.
func (s *Settings) outlines(list []feed.Branch) []feed.Outline {
	var all []feed.Outline
	for _, b := range list {
		own := s.outline(b.Leaf(), feed.Address{Selector: article.Lone(b.Kind, b.Slug)}, s.Formats)
		if len(b.Kids) > 0 {
			own = feed.Outline{Text: b.Leaf(), Kids: append([]feed.Outline{own}, s.outlines(b.Kids)...)}
		}
		all = append(all, own)
	}
	return all
}
