package publish

import (
	"context"
	"slices"
	"time"

	"feedwright/article"
	"feedwright/catalog"
	"feedwright/feed"
)

// Shown is one article as the public sees it.
type Shown struct {
	ID        article.ID
	Path      string
	Title     string
	Page      string // absolute URL
	Published time.Time
	Updated   time.Time    // zero, or after Published
	Rev       article.Hash // of everything that is shown
}

// Inventory lists the articles that have a page, newest first.
func (p *Publisher) Inventory(ctx context.Context) ([]Shown, error) {
	e := p.edition.Load()
	if e == nil {
		return nil, errNotReady
	}
	var out []Shown
	hits := e.snap.Select(article.Selector{}, catalog.Scope{Pages: true}, e.snap.Len())
	for part := range slices.Chunk(hits, 500) {
		refs := make([]article.Ref, len(part))
		for i, h := range part {
			refs[i] = article.Ref{Number: h.Number, Rev: h.Rev}
		}
		list, err := p.o.Store.Articles(ctx, refs)
		if err != nil {
			return nil, err
		}
		for i := range list {
			a := &list[i]
			out = append(out, Shown{
				ID: a.ID, Path: a.Path, Title: a.Fields.Title, Page: e.settings.pageURL(a),
				Published: a.Published, Updated: a.Updated, Rev: shown(part[i]),
			})
		}
	}
	return out, nil
}

// Difference is one article that the public sees otherwise than before. Before
// or After is nil if it was, or is, not there.
type Difference struct {
	Before, After *Shown
	// Again says that readers will take it for news though they know it: its
	// date or its updated has moved, or its file had another id before.
	Again bool
	What  []string // of a change: "title", "published", "updated", "page"; "content" if none of these
}

// Compare tells how two inventories differ: what is new in the order of after,
// then what changed, then what is gone in the order of before.
func Compare(before, after []Shown) (added, changed, gone []Difference) {
	was := map[article.ID]*Shown{}
	paths := map[string]article.ID{}
	for i := range before {
		was[before[i].ID] = &before[i]
		paths[before[i].Path] = before[i].ID
	}
	left := map[article.ID]bool{}
	for i := range after {
		a := &after[i]
		left[a.ID] = true
		b := was[a.ID]
		switch {
		case b == nil:
			_, known := paths[a.Path]
			added = append(added, Difference{After: a, Again: known})
		case b.Rev != a.Rev:
			changed = append(changed, change(b, a))
		}
	}
	for i := range before {
		if !left[before[i].ID] {
			gone = append(gone, Difference{Before: &before[i]})
		}
	}
	return added, changed, gone
}

func change(b, a *Shown) Difference {
	d := Difference{Before: b, After: a}
	note := func(what string, differs bool) {
		if differs {
			d.What = append(d.What, what)
		}
	}
	note("title", b.Title != a.Title)
	note("published", !b.Published.Equal(a.Published))
	note("updated", !b.Updated.Equal(a.Updated))
	note("page", b.Page != a.Page)
	if len(d.What) == 0 {
		d.What = []string{"content"}
	}
	d.Again = slices.Contains(d.What, "published") || slices.Contains(d.What, "updated")
	return d
}

// Size is one document of a feed, as it is now.
type Size struct {
	Address feed.Address
	Path    string
	ETag    string
	Bytes   int
}

// Sizes makes the documents of the feed of everything and of the named feeds,
// and says how long they are.
func (p *Publisher) Sizes(ctx context.Context) ([]Size, error) {
	var out []Size
	for _, a := range p.Feeds() {
		if _, _, lone := a.Selector.AsLone(); lone {
			continue
		}
		answer, err := p.Find(ctx, a)
		if err != nil {
			return nil, err
		}
		b, err := answer.Body(ctx, feed.Identity)
		if err != nil {
			return nil, err
		}
		out = append(out, Size{a, a.Path(), answer.ETag, len(b)})
	}
	return out, nil
}
