package catalog

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"feedwright/article"
)

// Newest is the highest appearance number that an article ever visible here had.
func (s *Snapshot) Newest() uint32 { return s.newest }

// Appeared gives the articles that a resolved Selector holds and that appeared
// after one number and no later than another, at most limit of them, the last
// to appear first; a limit of 0 is none.
//
// It walks back over the appearances, but never further than the Selector can
// have members: then it is cheaper to look at those. So a page of fifty out of
// a million articles costs about a millisecond at worst, whatever the Selector,
// unless its members crowd at one end of the range.
func (s *Snapshot) Appeared(sel article.Selector, sc Scope, after, upto uint32, limit int) []Hit {
	upto = min(upto, s.newest)
	if upto <= after {
		return nil
	}
	if limit == 0 {
		limit = s.size
	}
	m := &members{e: s.evaluator(sel, sc), root: sel.Root(), kept: map[int]*roaring.Bitmap{}}
	var hits []Hit
	for n, steps := upto, m.e.bound(sel.Root()); n > after; n-- {
		if steps--; steps < 0 {
			return m.between(after, upto, limit)
		}
		number, ok := s.appeared.get(article.Number(n))
		if !ok {
			continue
		}
		if r, ok := s.places.get(article.Number(number)); ok && m.has(r) {
			if hits = append(hits, s.record(r).hit()); len(hits) == limit {
				break
			}
		}
	}
	return hits
}

// members answers whether single ranks are in what a Selector holds.
type members struct {
	e    *evaluator
	root article.Node
	kept map[int]*roaring.Bitmap
}

func (m *members) block(b int) *roaring.Bitmap {
	block, ok := m.kept[b]
	if !ok {
		block = m.e.block(m.root, b)
		m.kept[b] = block
	}
	return block
}

func (m *members) has(r rank) bool {
	block := m.block(int(r >> blockBits))
	return block != nil && block.Contains(r%blockSize)
}

// between looks at all members.
func (m *members) between(after, upto uint32, limit int) []Hit {
	s := m.e.s
	var hits []Hit
	for b := range s.blocks {
		block := m.block(b)
		if block == nil {
			continue
		}
		for it := block.Iterator(); it.HasNext(); {
			if r := s.record(rank(b)<<blockBits | it.Next()); r.appeared > after && r.appeared <= upto {
				hits = append(hits, r.hit())
			}
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int { return cmp.Compare(b.Appeared, a.Appeared) })
	return slices.Clip(hits[:min(limit, len(hits))])
}

// bound is how many members a node has at most.
func (e *evaluator) bound(n article.Node) int {
	switch n.Op {
	case article.Term:
		if set := e.sets[n.Leaf()]; set != nil {
			return set.size
		}
	case article.And:
		least := e.s.size
		for _, k := range n.Kids {
			least = min(least, e.bound(k))
		}
		return least
	case article.Or:
		sum := 0
		for _, k := range n.Kids {
			sum += e.bound(k)
		}
		return min(sum, e.s.size)
	}
	return e.s.size
}

// appear notes which article has an appearance number.
func (w *writer) appear(e *article.Entry) {
	w.mark(e.Appeared, rank(e.Number))
	w.s.newest = max(w.s.newest, e.Appeared)
}

// mark keeps an article's number, 0 for none, under its appearance: a table of
// the kind that keeps ranks under numbers.
func (w *writer) mark(appeared uint32, number rank) {
	t := w.s.appeared
	row := int(appeared) / placeRow
	if row >= len(t.rows) {
		t.rows = append(t.rows, make([][]rank, row+1-len(t.rows))...)
	}
	if !w.ownAppear[row] {
		w.ownAppear[row] = true
		old := t.rows[row]
		t.rows[row] = make([]rank, placeRow)
		copy(t.rows[row], old)
	}
	t.rows[row][int(appeared)%placeRow] = number
}

// TermsOf lists the terms of an article and those they lie in, each once.
func (s *Snapshot) TermsOf(e *article.Entry) []article.Spelling {
	s.index.mu.RLock()
	defer s.index.mu.RUnlock()
	var seen []int
	var out []article.Spelling
	for _, n := range e.Spellings {
		m, ok := s.index.bySpell[n]
		if !ok {
			continue
		}
		s.index.lineage(m.term, func(i int) bool {
			if slices.Contains(seen, i) {
				return false
			}
			seen, out = append(seen, i), append(out, s.index.terms[i])
			return true
		})
	}
	return out
}
