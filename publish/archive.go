package publish

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"feedwright/article"
	"feedwright/catalog"
	"feedwright/feed"
)

// cuts are where the pages of each archive end, ascending, by archive.key. They
// are never changed once an edition has them.
type cuts map[string][]uint32

// archive is a feed whose articles are all kept in pages, each an interval of
// appearances (RFC 5005 §4). A page is closed when it is full, and from then on
// only what is withdrawn leaves it: neither a new article nor one with an old
// date can be on it. Only one that is put into a category afterwards joins the
// page of its appearance, and a page that this makes twice as long is parted.
//
// A page's address holds the appearance that ends it. The open page is
// addressed by its newest member, so that a reader who has kept an address has
// kept all that it will ever give; when the page is full, the last of these
// addresses is that of the closed page.
type archive struct {
	key   string
	sel   article.Selector // resolved
	scope catalog.Scope
	items int // members of a page
}

// archiveOf finds the archive of an address: that of everything, of a lone
// category, tag, author or language, or of a public named feed. Any other
// filter has none, nor has a named feed whose filter asks for words or a window.
func (e *edition) archiveOf(a feed.Address) (archive, bool) {
	return archiveOf(e.settings, e.snap, a)
}

func archiveOf(s *Settings, snap *catalog.Snapshot, a feed.Address) (archive, bool) {
	a = feed.Address{Format: feed.HTML, Feed: a.Feed, Token: a.Token, Selector: a.Selector}
	x := archive{key: a.Path(), sel: a.Selector, scope: catalog.Scope{Feed: a.Feed, Zone: s.Zone}, items: s.Items}
	if a.Feed == "" {
		_, _, lone := a.Selector.AsLone()
		if s.Podcast != nil && a.Selector.IsAll() {
			x.sel, x.key = episodes, x.key+" "+episodes.String()
		}
		return x, lone || a.Selector.IsAll()
	}
	n := s.named(a.Feed)
	if n == nil || n.Private() || !a.Selector.IsAll() || n.Where.Asks(article.Since, article.Word, article.InTitle) {
		return archive{}, false
	}
	where, err := snap.Resolve(n.Where, true)
	if err != nil {
		return archive{}, false
	}
	x.sel, x.items = where, cmp.Or(n.Items, s.Items)
	if !n.Where.IsAll() { // another filter under the same name is another archive
		x.key += " " + n.Where.String()
	}
	return x, true
}

// page is one page of an archive: what appeared after one number and no later
// than another.
type page struct {
	after, upto uint32
	closed      bool
}

// pageAt finds the page whose address holds a number. It is a closed page, or
// the open one as it was when that number was the newest.
func (c cuts) pageAt(x archive, number uint32) page {
	list := c[x.key]
	i, closed := slices.BinarySearch(list, number)
	p := page{upto: number, closed: closed}
	if i > 0 {
		p.after = list[i-1]
	}
	return p
}

// after gives the first closed page's end above a number, 0 if there is none.
func (c cuts) above(x archive, number uint32) uint32 {
	list := c[x.key]
	if i, found := slices.BinarySearch(list, number+1); found || i < len(list) {
		return list[i]
	}
	return 0
}

// last is the end of the newest closed page, 0 if there is none.
func (c cuts) last(x archive) uint32 {
	if list := c[x.key]; len(list) > 0 {
		return list[len(list)-1]
	}
	return 0
}

const forever = ^uint32(0)

// newest is the number of the newest page of an archive, 0 if it is empty.
func (c cuts) newest(snap *catalog.Snapshot, x archive) uint32 {
	last := c.last(x)
	if open := snap.Appeared(x.sel, x.scope, last, forever, 1); len(open) > 0 {
		return open[0].Appeared
	}
	return last
}

// cut closes the pages that the touched articles have filled.
func (p *Publisher) cut(s *Settings, snap *catalog.Snapshot, old cuts, touched []article.Touched) cuts {
	const burst = 5000 // then looking at every archive once is cheaper
	if len(touched) > burst {
		return p.cutAll(s, snap, old)
	}
	t := &tailor{snap: snap, cuts: old}
	type place struct {
		archive string
		end     uint32 // of a closed page, or 0
	}
	seen := map[place]bool{}
	for _, change := range touched {
		e := change.After
		if e == nil || e.Appeared == 0 || e.State != article.Live {
			continue
		}
		for _, x := range archivesOf(s, snap, e) {
			at := old.pageAt(x, e.Appeared)
			end := old.above(x, at.after)
			here := place{x.key, end}
			if seen[here] {
				continue
			}
			seen[here] = true
			if end == 0 {
				t.close(x)
			} else {
				t.part(x, page{after: at.after, upto: end})
			}
		}
	}
	p.unsaved = append(p.unsaved, t.fresh...)
	return t.cuts
}

// cutAll closes all pages that are full: after a first scan, a crash, or a
// change of settings.
func (p *Publisher) cutAll(s *Settings, snap *catalog.Snapshot, old cuts) cuts {
	t := &tailor{snap: snap, cuts: old}
	for _, a := range archived(s, snap, s.Items) {
		if x, ok := archiveOf(s, snap, a); ok {
			t.close(x)
		}
	}
	p.unsaved = append(p.unsaved, t.fresh...)
	return t.cuts
}

// archived lists the feeds that have an archive: of the terms, those that some
// number of articles has.
func archived(s *Settings, snap *catalog.Snapshot, least int) []feed.Address {
	list := []feed.Address{{}}
	for i := range s.Feeds {
		list = append(list, feed.Address{Feed: s.Feeds[i].Name})
	}
	for _, kind := range article.Kinds {
		for _, t := range snap.Terms(kind) {
			if t.Count >= least {
				list = append(list, feed.Address{Selector: article.Lone(kind, t.Slug)})
			}
		}
	}
	return list
}

// archivesOf lists the archives that an article is in.
func archivesOf(s *Settings, snap *catalog.Snapshot, e *article.Entry) []archive {
	var out []archive
	add := func(a feed.Address) {
		if x, ok := archiveOf(s, snap, a); ok && snap.Match(x.sel, x.scope, e) {
			out = append(out, x)
		}
	}
	if len(e.Feeds) == 0 {
		add(feed.Address{})
		for _, sp := range snap.TermsOf(e) {
			add(feed.Address{Selector: article.Lone(sp.Kind, sp.Slug)})
		}
	}
	for i := range s.Feeds {
		add(feed.Address{Feed: s.Feeds[i].Name})
	}
	return out
}

// tailor makes new cuts.
type tailor struct {
	snap  *catalog.Snapshot
	cuts  cuts
	own   bool // cuts is a copy
	fresh []article.Cut
}

// close closes the pages of an archive that are full.
func (t *tailor) close(x archive) {
	open := t.snap.Appeared(x.sel, x.scope, t.cuts.last(x), forever, 0)
	t.add(x, open, 0)
}

// part parts a closed page that has come to hold twice what it should.
func (t *tailor) part(x archive, p page) {
	members := t.snap.Appeared(x.sel, x.scope, p.after, p.upto, 0)
	if len(members) >= 2*x.items {
		t.add(x, members, 1)
	}
}

// add cuts members, the newest of which come first, into pages from the oldest
// on; at least so many of the newest are left uncut.
func (t *tailor) add(x archive, members []catalog.Hit, left int) {
	var list []uint32
	x.items = max(1, x.items)
	for i := len(members) - x.items; i >= left; i -= x.items {
		list = append(list, members[i].Appeared)
		t.fresh = append(t.fresh, article.Cut{Feed: x.key, Last: members[i].Appeared})
	}
	if len(list) == 0 {
		return
	}
	if !t.own {
		t.own, t.cuts = true, maps.Clone(t.cuts)
		if t.cuts == nil {
			t.cuts = cuts{}
		}
	}
	list = append(slices.Clone(t.cuts[x.key]), list...)
	slices.Sort(list)
	t.cuts[x.key] = list
}

// loadCuts reads where pages end.
func (p *Publisher) loadCuts(ctx context.Context) (cuts, error) {
	list, err := p.o.Store.Cuts(ctx)
	if err != nil {
		return nil, err
	}
	c := cuts{}
	for _, cut := range list {
		c[cut.Feed] = append(c[cut.Feed], cut.Last)
	}
	return c, nil
}

// saveCuts writes down the pages that were closed, before an edition shows
// them; after an error it is tried again with the next.
func (p *Publisher) saveCuts(ctx context.Context) error {
	if len(p.unsaved) == 0 {
		return nil
	}
	if err := p.o.Store.SaveCuts(ctx, p.unsaved); err != nil {
		return err
	}
	p.unsaved = nil
	return nil
}

// Archives calls yield for the address of every archive document that anybody
// may see, each archive's newest page first.
func (p *Publisher) Archives(yield func(feed.Address) error) error {
	e := p.edition.Load()
	if e == nil {
		return errNotReady
	}
	for _, a := range archived(e.settings, e.snap, 1) {
		x, ok := e.archiveOf(a)
		if !ok {
			continue
		}
		opened, err := e.settings.open(a)
		if err != nil {
			return err
		}
		if len(e.snap.Select(x.sel, x.scope, opened.Items+1)) <= opened.Items {
			continue // the feed itself holds everything
		}
		pages := slices.Clone(e.cuts[x.key])
		if n := e.cuts.newest(e.snap, x); n > e.cuts.last(x) {
			pages = append(pages, n)
		}
		slices.Reverse(pages)
		for _, n := range pages {
			a.Archive = n
			for _, f := range opened.Formats {
				a.Format = f
				if err := yield(a); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
