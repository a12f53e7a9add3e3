package catalog

import (
	"slices"

	"feedwright/article"
)

// changes are what joins and leaves each set of a snapshot.
type changes struct {
	terms        map[int]*change
	pages, feeds change
	media        [4]change
	named        map[string]*change
}

func newChanges() changes {
	return changes{terms: map[int]*change{}, named: map[string]*change{}}
}

type change struct{ add, drop []rank }

// of gives a set with the change made.
func (ch *change) of(s *set) *set {
	if len(ch.add) == 0 && len(ch.drop) == 0 {
		return s
	}
	return s.with(ch.add, ch.drop)
}

// changeOf finds a set's change by its name, or makes it.
func changeOf[K comparable](all map[K]*change, name K) *change {
	ch := all[name]
	if ch == nil {
		ch = &change{}
		all[name] = ch
	}
	return ch
}

// memberships calls f for the change of every set that holds the article.
func (w *writer) memberships(e *article.Entry, f func(*change)) {
	for _, i := range w.termsOf(e) {
		f(changeOf(w.joined.terms, i))
	}
	for bit := range w.s.media {
		if e.Has>>bit&1 == 1 {
			f(&w.joined.media[bit])
		}
	}
	if !w.private(e) {
		f(&w.joined.pages)
	}
	if e.NoFeed {
		return
	}
	if len(e.Feeds) == 0 {
		f(&w.joined.feeds)
	}
	for _, name := range e.Feeds {
		f(changeOf(w.joined.named, name))
	}
}

// termsOf lists the terms of an article and those they lie in, each once. The
// list is good until it is called again.
func (w *writer) termsOf(e *article.Entry) []int {
	x := w.s.index
	x.mu.RLock()
	defer x.mu.RUnlock()
	all := w.seen[:0]
	for _, n := range e.Spellings {
		m, ok := x.bySpell[n]
		if !ok {
			continue
		}
		x.lineage(m.term, func(i int) bool {
			if slices.Contains(all, i) {
				return false // and so are those it lies in
			}
			all = append(all, i)
			return true
		})
	}
	w.seen = all
	return all
}

func (w *writer) private(e *article.Entry) bool {
	if e.Private {
		return true
	}
	if len(e.Feeds) == 0 || w.rules.Private == nil {
		return false
	}
	return !slices.ContainsFunc(e.Feeds, func(f string) bool { return !w.rules.Private(f) })
}

func (w *writer) join(e *article.Entry, r rank) {
	w.memberships(e, func(ch *change) { ch.add = append(ch.add, r) })
}

// leave takes a rank out of the sets, also where it joined in this batch.
func (w *writer) leave(e *article.Entry, r rank) {
	w.memberships(e, func(ch *change) {
		if i := slices.Index(ch.add, r); i >= 0 {
			ch.add = slices.Delete(ch.add, i, i+1)
		}
		ch.drop = append(ch.drop, r)
	})
}
