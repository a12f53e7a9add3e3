package catalog

import (
	"cmp"
	"math"
	"slices"

	"feedwright/article"
)

// freshest is Select by the last change. Ranks follow publication, so it looks
// at all that the Selector holds (0.1 s for a million articles on a busy machine): it is for
// feeds that the config names, never for a stranger's filter. It begins with the
// newest, as most articles never change: nearly all older ones are then passed
// over.
func (s *Snapshot) freshest(sel article.Selector, sc Scope, limit int) []Hit {
	if limit <= 0 {
		return nil
	}
	var best []*record
	least := int64(math.MinInt64) // of the last change, once there are enough
	e := s.evaluator(sel, sc)
	chunk := len(s.chunks) - 1
	at := 0
	if chunk >= 0 {
		at = len(s.chunks[chunk]) - 1
	}
	for b := s.blocks - 1; b >= 0; b-- {
		m := e.block(sel.Root(), b)
		if m == nil {
			continue
		}
		for it := m.ReverseIterator(); it.HasNext(); {
			r := rank(b)<<blockBits | it.Next()
			for s.chunks[chunk][0].rank > r {
				chunk--
				at = len(s.chunks[chunk]) - 1
			}
			for s.chunks[chunk][at].rank > r {
				at--
			}
			if s.chunks[chunk][at].changed < least {
				continue
			}
			best = append(best, &s.chunks[chunk][at])
			if len(best) >= 2*limit+1024 {
				best = cutFresh(best, limit)
				least = best[len(best)-1].changed
			}
		}
	}
	var hits []Hit
	for _, r := range cutFresh(best, limit) {
		hits = append(hits, r.hit())
	}
	return hits
}

// cutFresh leaves the last changed, the last first.
func cutFresh(list []*record, limit int) []*record {
	slices.SortFunc(list, func(a, b *record) int {
		return cmp.Or(cmp.Compare(b.changed, a.changed), compareKeys(b.key(), a.key()))
	})
	return list[:min(limit, len(list))]
}
