package catalog

import (
	"fmt"
	"sort"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"feedwright/article"
)

// Scope says which articles a selection starts from.
type Scope struct {
	Feed  string         // a named feed: the general articles and those that name it
	Pages bool           // all articles that have a page, also those in no feed
	Zone  *time.Location // reads bare days in after: and before:
	Now   time.Time      // the clock of since:
	Words Words          // of the Selector's terms of words
	Fresh bool           // the last changed first, not the last published
}

// Resolve puts each category, tag, author and language of a Selector into its
// canonical spelling, the slug. Unless lenient, a term that no public article
// has is article.ErrNotFound; under a minus it is kept, as it excludes nothing.
func (s *Snapshot) Resolve(sel article.Selector, lenient bool) (article.Selector, error) {
	not := map[article.Leaf]bool{}
	exclusions(sel.Root(), false, not)
	return sel.Map(func(n article.Node) (article.Node, error) {
		switch n.Field {
		case article.Category, article.Tag, article.By, article.Lang, article.Origin:
		default:
			return n, nil
		}
		if sp, ok := s.Lookup(n.Field, n.Value); ok {
			n.Value = sp.Slug
			return n, nil
		}
		if t := s.find(n.Field, n.Value); lenient && t != nil { // the config may know of what only private articles have
			n.Value = t.Slug
			return n, nil
		}
		if slug := article.Slugify(n.Value); lenient || not[n.Leaf()] {
			if slug != "" {
				n.Value = slug
			}
			return n, nil
		}
		return n, fmt.Errorf("%s %q: %w", n.Field, n.Value, article.ErrNotFound)
	})
}

func exclusions(n article.Node, not bool, into map[article.Leaf]bool) {
	if n.Op == article.Term && not {
		into[n.Leaf()] = true
	}
	for _, k := range n.Kids {
		exclusions(k, not != (n.Op == article.Not), into)
	}
}

// Select gives the newest articles that a resolved Selector holds, at most
// limit of them, newest first, or as the Scope orders them.
func (s *Snapshot) Select(sel article.Selector, sc Scope, limit int) []Hit {
	if sc.Fresh {
		return s.freshest(sel, sc, limit)
	}
	var hits []Hit
	e := s.evaluator(sel, sc)
	for b := s.blocks - 1; b >= 0 && len(hits) < limit; b-- {
		m := e.block(sel.Root(), b)
		if m == nil {
			continue
		}
		for it := m.ReverseIterator(); it.HasNext() && len(hits) < limit; {
			hits = append(hits, s.record(rank(b)<<blockBits|it.Next()).hit())
		}
	}
	return hits
}

// Count counts all articles that a resolved Selector holds.
func (s *Snapshot) Count(sel article.Selector, sc Scope) int {
	n := uint64(0)
	e := s.evaluator(sel, sc)
	for b := range s.blocks {
		if m := e.block(sel.Root(), b); m != nil {
			n += m.GetCardinality()
		}
	}
	return int(n)
}

// evaluator answers a Selector block by block, so that the newest articles are
// found without looking at the oldest.
type evaluator struct {
	s      *Snapshot
	sc     Scope
	sets   map[article.Leaf]*set // by leaf
	ranges map[article.Leaf][2]rank
}

func (s *Snapshot) evaluator(sel article.Selector, sc Scope) *evaluator {
	e := &evaluator{s: s, sc: sc, sets: map[article.Leaf]*set{}, ranges: map[article.Leaf][2]rank{}}
	for n := range sel.Terms {
		switch n.Field {
		case article.After, article.Before, article.Since:
			e.ranges[n.Leaf()] = s.span(n, sc)
		case article.Word, article.InTitle:
			e.sets[n.Leaf()] = e.words(n.Leaf())
		case article.HasMedia:
			e.sets[n.Leaf()] = s.media[mediaBit[n.Value]]
		default:
			e.sets[n.Leaf()] = empty
			if t := s.find(n.Field, n.Value); t != nil {
				e.sets[n.Leaf()] = t.set
			}
		}
	}
	return e
}

var mediaBit = map[string]int{"image": 0, "audio": 1, "video": 2, "summary": 3}

// base is where the gate of visibility stands: what a selection may hold at all.
func (e *evaluator) base(b int) *roaring.Bitmap {
	if e.sc.Pages {
		return e.s.pages.block(b)
	}
	general := e.s.feeds.block(b)
	own := e.s.named[e.sc.Feed]
	if e.sc.Feed == "" || own == nil {
		return general
	}
	return or(general, own.block(b))
}

// block gives the members of a node in one block, nil if there are none. The
// result is not to be changed: it may be shared.
func (e *evaluator) block(root article.Node, b int) *roaring.Bitmap {
	return and(e.base(b), e.node(root, b))
}

func (e *evaluator) node(n article.Node, b int) *roaring.Bitmap {
	switch n.Op {
	case article.Term:
		if span, ok := e.ranges[n.Leaf()]; ok {
			return within(span, b)
		}
		return e.sets[n.Leaf()].block(b)
	case article.Not:
		return andNot(e.base(b), e.node(n.Kids[0], b))
	case article.And:
		m := e.node(n.Kids[0], b)
		for _, k := range n.Kids[1:] {
			if m == nil {
				return nil
			}
			m = and(m, e.node(k, b))
		}
		return m
	case article.Or:
		var m *roaring.Bitmap
		for _, k := range n.Kids {
			m = or(m, e.node(k, b))
		}
		return m
	}
	return e.base(b)
}

func and(a, b *roaring.Bitmap) *roaring.Bitmap {
	switch {
	case a == nil || b == nil:
		return nil
	case a == b:
		return a
	}
	if m := roaring.And(a, b); !m.IsEmpty() {
		return m
	}
	return nil
}

func or(a, b *roaring.Bitmap) *roaring.Bitmap {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return roaring.Or(a, b)
}

func andNot(a, b *roaring.Bitmap) *roaring.Bitmap {
	if a == nil || b == nil {
		return a
	}
	if m := roaring.AndNot(a, b); !m.IsEmpty() {
		return m
	}
	return nil
}

// span gives the half-open range of ranks that after:, before: or since: means.
// Ranks follow publication, so a date is a range of them.
func (s *Snapshot) span(n article.Node, sc Scope) [2]rank {
	end := rank(s.blocks) << blockBits
	ms := article.Cutoff(n.Value, sc.Now)
	if n.Field != article.Since {
		ms = Instant(n.Value, sc.Zone).UnixMilli()
	}
	first := end
	if r, ok := s.from(ms); ok {
		first = r.rank
	}
	if n.Field == article.Before {
		return [2]rank{0, first}
	}
	return [2]rank{first, end}
}

// from finds the first article published at an instant or later.
func (s *Snapshot) from(ms int64) (*record, bool) {
	c := sort.Search(len(s.chunks), func(i int) bool {
		last := s.chunks[i][len(s.chunks[i])-1]
		return last.published >= ms
	})
	if c == len(s.chunks) {
		return nil, false
	}
	chunk := s.chunks[c]
	return &chunk[sort.Search(len(chunk), func(i int) bool { return chunk[i].published >= ms })], true
}

// Instant reads the value of after: or before:, a bare day in zone.
func Instant(value string, zone *time.Location) time.Time {
	if t, err := time.Parse(time.RFC3339, value); err == nil {
		return t
	}
	if zone == nil {
		zone = time.UTC
	}
	t, _ := time.ParseInLocation(time.DateOnly, value, zone) // NewTerm has checked it
	return t
}

func within(span [2]rank, b int) *roaring.Bitmap {
	lo, hi := max(span[0], rank(b)<<blockBits), min(span[1], rank(b+1)<<blockBits)
	if lo >= hi {
		return nil
	}
	m := roaring.New()
	start := uint64(lo - rank(b)<<blockBits)
	m.AddRange(start, start+uint64(hi-lo))
	return m
}

// Match says whether a resolved Selector holds one article, visible or not: it
// is how a kept selection learns that a change touches it. Words are known of
// visible articles only.
func (s *Snapshot) Match(sel article.Selector, sc Scope, e *article.Entry) bool {
	if e.NoFeed && !sc.Pages {
		return false
	}
	if len(e.Feeds) > 0 && !sc.Pages {
		named := false
		for _, f := range e.Feeds {
			named = named || f == sc.Feed
		}
		if !named {
			return false
		}
	}
	return sel.Match(func(f article.Field, value string) bool {
		switch f {
		case article.After:
			return e.Published >= Instant(value, sc.Zone).UnixMilli()
		case article.Before:
			return e.Published < Instant(value, sc.Zone).UnixMilli()
		case article.Since:
			return e.Published >= article.Cutoff(value, sc.Now)
		case article.Word, article.InTitle:
			return s.holds(sc.Words[article.Leaf{Field: f, Value: value}], e.Number)
		case article.HasMedia:
			return e.Has>>mediaBit[value]&1 == 1
		}
		for _, n := range e.Spellings {
			if s.means(n, f, value) {
				return true
			}
		}
		return false
	})
}
