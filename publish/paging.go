package publish

import (
	"fmt"
	"hash/fnv"
	"slices"

	"feedwright/article"
	"feedwright/catalog"
	"feedwright/feed"
)

// archiveAddress settles the address of an archive document: it exists for
// every closed page, and for the open one as it was at each of its members.
func (e *edition) archiveAddress(a feed.Address) (feed.Address, error) {
	missing := fmt.Errorf("archive %d: %w", a.Archive, article.ErrNotFound)
	x, ok := e.archiveOf(a)
	if !ok || a.Format == feed.HTML || a.Before > 0 {
		return a, missing
	}
	a.Limit = 0
	p := e.cuts.pageAt(x, a.Archive)
	if p.closed { // even if nothing that appeared so late is visible any more
		return a, nil
	}
	if a.Archive > e.snap.Newest() {
		return a, missing
	}
	newest := e.snap.Appeared(x.sel, x.scope, p.after, p.upto, 1)
	if len(newest) == 0 {
		return a, missing
	}
	a.Archive = newest[0].Appeared
	return a, nil
}

// members gives what a document holds in this edition, and whether there is
// more that it does not: d.sel, d.limit and d.page are settled.
func (e *edition) members(d *document, sc catalog.Scope) (hits []catalog.Hit, more bool) {
	switch {
	case d.address.Archive > 0:
		return e.snap.Appeared(d.sel, sc, d.page.after, d.page.upto, 0), false
	case d.address.Before > 0:
		hits = e.snap.Appeared(d.sel, sc, 0, d.address.Before-1, d.limit+1)
	default:
		hits = e.snap.Select(d.sel, sc, d.limit+1)
	}
	if len(hits) > d.limit {
		return hits[:d.limit:d.limit], true
	}
	return hits, false
}

// paging says how a document hangs together with the others of its feed, if its
// first n members are in it: all, or as many as max_bytes allows.
func (e *edition) paging(d *document, sc catalog.Scope, hits []catalog.Hit, more bool) func(n int) feed.Paging {
	at := func(change func(*feed.Address)) string {
		a := d.address
		a.Archive, a.Before = 0, 0
		change(&a)
		return e.settings.abs(a.Path())
	}
	x, archived := e.archiveOf(d.address)
	document := func(number uint32) string {
		if number == 0 {
			return ""
		}
		return at(func(a *feed.Address) { a.Archive, a.Limit = number, 0 })
	}
	before := func(number uint32) string {
		return at(func(a *feed.Address) { a.Before = number })
	}
	self := func(*feed.Address) {}
	switch {
	case d.address.Archive > 0:
		p := e.archivePaging(x, d.page, document, at(self))
		return func(int) feed.Paging { return p }
	case d.address.Before > 0:
		return func(n int) feed.Paging {
			p := feed.Paging{First: at(self)}
			if n > 0 && (more || n < len(hits)) {
				p.Next = before(hits[n-1].Appeared)
			}
			return p
		}
	case len(hits) == 0: // that nothing is left is no news to delete everything for
		return func(int) feed.Paging { return feed.Paging{} }
	case archived:
		older := document(e.cuts.newest(e.snap, x))
		return func(n int) feed.Paging {
			if !more && n == len(hits) {
				return feed.Paging{Complete: true}
			}
			return feed.Paging{PrevArchive: older}
		}
	}
	left := uint32(0)
	if more {
		left = e.leftOut(d, sc, hits)
	}
	return func(n int) feed.Paging {
		if !more && n == len(hits) {
			return feed.Paging{Complete: true}
		}
		left := left
		for _, h := range hits[n:] {
			left = max(left, h.Appeared)
		}
		return feed.Paging{First: at(self), Next: before(left + 1)}
	}
}

// archivePaging is that of an archive document. A closed page names the closed
// page after it; nothing else may change in it. Only the first page of all,
// which has none before it and so would name none, names from the start the
// page after it, as that was with its first member.
func (e *edition) archivePaging(x archive, p page, document func(uint32) string, current string) feed.Paging {
	next := e.cuts.above(x, p.upto)
	if next == 0 && p.after == 0 {
		later := e.snap.Appeared(x.sel, x.scope, p.upto, forever, 0)
		switch {
		case len(later) > 0:
			next = later[len(later)-1].Appeared
		case !p.closed:
			return feed.Paging{Complete: true} // all there is
		}
	}
	return feed.Paging{Archive: true, Current: current, PrevArchive: document(p.after), NextArchive: document(next)}
}

// leftOut is the newest appearance among the members that are not in hits, of
// which there is at least one.
func (e *edition) leftOut(d *document, sc catalog.Scope, hits []catalog.Hit) uint32 {
	in := make(map[uint32]bool, len(hits))
	for _, h := range hits {
		in[h.Appeared] = true
	}
	for _, h := range e.snap.Appeared(d.sel, sc, 0, forever, len(hits)+1) {
		if !in[h.Appeared] {
			return h.Appeared
		}
	}
	return 0
}

// withdrawn gives the newest withdrawal that a document's dates count, and what
// it tells of. Pages that shift tell of nothing.
func (e *edition) withdrawn(d *document, sc catalog.Scope) (newest int64, told []feed.Withdrawal) {
	if d.address.Before > 0 {
		return 0, nil
	}
	newest, entries := e.snap.Withdrawn(d.sel, sc, d.page.after, d.page.upto, feed.MaxLimit)
	for i := range entries {
		told = append(told, feed.Withdrawal{ID: entries[i].ID, When: millis(entries[i].Withdrawn)})
	}
	return newest, told
}

// unchanged says whether a document of the last edition is what this one would
// make: the costly way to ask, for bursts of changes and for archives.
func (e *edition) unchanged(d *document, sc catalog.Scope) bool {
	hits, more := e.members(d, sc)
	if more != d.more || !slices.Equal(hits, d.hits) {
		return false
	}
	if newest, told := e.withdrawn(d, sc); newest != d.newest || !slices.Equal(told, d.told) {
		return false
	}
	return d.paging == nil || e.paging(d, sc, hits, more)(len(hits)) == d.paging(len(hits))
}

// mark hashes what decides how a document is paged where max_bytes cuts it: the
// appearances, which revisions do not tell.
func mark(p feed.Paging, hits []catalog.Hit) uint64 {
	h := fnv.New64a()
	for _, hit := range hits {
		fmt.Fprintln(h, hit.Appeared)
	}
	fmt.Fprint(h, p)
	return h.Sum64()
}
