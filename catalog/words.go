package catalog

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"feedwright/article"
)

// WordSet is the visible articles that hold a word or phrase. Who can read texts
// makes it; the catalog only puts it among its other sets. It belongs to one
// Snapshot, and Carry takes it to the next. It is never changed.
type WordSet struct {
	set   *set
	order uint64 // the Snapshot.order that its ranks are of
}

// Words are the sets that a Selector's terms of words stand for.
type Words map[article.Leaf]*WordSet

// Size is about the memory that the set takes, in bytes.
func (w *WordSet) Size() int64 {
	n := int64(64 + 4*len(w.set.rare) + 8*len(w.set.blocks))
	for _, b := range w.set.blocks {
		if b != nil {
			n += int64(b.GetSizeInBytes()) + 64
		}
	}
	return n
}

// Holding makes the set of those of the articles that are visible.
func (s *Snapshot) Holding(numbers []article.Number) *WordSet {
	ranks := make([]rank, 0, len(numbers))
	for _, n := range numbers {
		if r, ok := s.places.get(n); ok {
			ranks = append(ranks, r)
		}
	}
	if !slices.IsSorted(ranks) {
		slices.Sort(ranks)
	}
	ranks = slices.Compact(ranks)
	if len(ranks) <= rareLimit {
		return &WordSet{collect(ranks), s.order}
	}
	all := &set{size: len(ranks)}
	for len(ranks) > 0 {
		b := int(ranks[0] >> blockBits)
		n := 0
		for ; n < len(ranks) && int(ranks[n]>>blockBits) == b; n++ {
			ranks[n] %= blockSize
		}
		m := roaring.BitmapOf(ranks[:n]...)
		m.RunOptimize()
		all.blocks = append(all.blocks, make([]*roaring.Bitmap, b-len(all.blocks))...)
		all.blocks = append(all.blocks, m)
		ranks = ranks[n:]
	}
	return &WordSet{all, s.order}
}

// Carry makes the set of this Snapshot from that of the one before, of which
// only the touched articles differ; holds says of each whether it holds the
// word now. It is nil where articles have been renumbered: the set must be made
// anew.
func (s *Snapshot) Carry(before *Snapshot, w *WordSet, touched []article.Number, holds []bool) *WordSet {
	if w.order != before.order || before.order != s.order {
		return nil
	}
	var add, drop []rank
	for i, n := range touched {
		was, had := before.places.get(n)
		is, has := s.places.get(n)
		if had {
			drop = append(drop, was)
		}
		if has && holds[i] {
			add = append(add, is)
		}
	}
	unchanged := func() bool {
		for _, r := range drop {
			if w.set.has(r) != slices.Contains(add, r) {
				return false
			}
		}
		for _, r := range add {
			if !w.set.has(r) {
				return false
			}
		}
		return true
	}
	if unchanged() {
		return w
	}
	return &WordSet{w.set.with(add, drop), s.order}
}

// words gives the set of a term of words, empty if it was not handed in or is of
// another order.
func (e *evaluator) words(l article.Leaf) *set {
	if w := e.sc.Words[l]; w != nil && w.order == e.s.order {
		return w.set
	}
	return empty
}

// holds says whether a visible article is in the set of a term of words.
func (s *Snapshot) holds(w *WordSet, n article.Number) bool {
	r, ok := s.places.get(n)
	return ok && w != nil && w.order == s.order && w.set.has(r)
}

// Leaver is the instant, in Unix milliseconds, at which the next article leaves
// a window of since:, 0 if none is in it. Until then the window holds the same
// articles, but for those that a change brings or takes.
func (s *Snapshot) Leaver(since string, sc Scope) int64 {
	first, ok := s.from(article.Cutoff(since, sc.Now))
	if !ok {
		return 0
	}
	return article.Leaves(since, first.published)
}
