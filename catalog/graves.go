package catalog

import (
	"cmp"
	"container/heap"
	"slices"
	"time"

	"feedwright/article"
)

// dated is how long a withdrawal counts among a feed's dates, whether or not it
// is told of.
const dated = 30 * 24 * time.Hour

// graves are the articles that were visible and whose files have gone. An
// article that expired, or that nobody saw, has none.
type graves struct {
	entries map[article.Number]article.Entry
	changed bool
	next    int64 // Unix milliseconds: when they are to be looked at again; 0 never
	at      int64 // when they were last
	passed  []article.Touched
}

// bury keeps a withdrawn article as long as it matters.
func (c *Catalog) bury(e *article.Entry, now int64) {
	if e.Appeared == 0 || e.Withdrawn == 0 || e.Expires != 0 && e.Expires <= e.Withdrawn {
		return
	}
	if e.Withdrawn+max(c.rules.Tombstones, c.rules.Grace, dated).Milliseconds() <= now {
		return
	}
	c.graves.entries[e.Number] = *e
	c.graves.changed = true
	for _, at := range c.instants(e) {
		if at > now {
			heap.Push(&c.dues, at)
		}
	}
}

// instants are when a withdrawal counts, and when its tombstone falls.
func (c *Catalog) instants(e *article.Entry) [2]int64 {
	return [2]int64{e.Withdrawn + c.rules.Grace.Milliseconds(), e.Withdrawn + c.rules.Grace.Milliseconds() + c.rules.Tombstones.Milliseconds()}
}

func (c *Catalog) exhume(e *article.Entry) {
	if _, ok := c.graves.entries[e.Number]; ok {
		delete(c.graves.entries, e.Number)
		c.graves.changed = true
	}
}

// Passes says whether a withdrawal comes to count, or a tombstone falls, by now.
func (c *Catalog) Passes(now time.Time) bool {
	return c.graves.next != 0 && c.graves.next <= now.UnixMilli()
}

// Passed are the articles for which that happened in the last Apply.
func (c *Catalog) Passed() []article.Touched { return c.graves.passed }

// settle gives the snapshot being made its graves.
func (c *Catalog) settle(s *Snapshot, now time.Time) {
	g, ms := &c.graves, now.UnixMilli()
	g.passed = nil
	if !g.changed && !c.Passes(now) {
		g.at = ms
		return
	}
	s.withdrawn, s.leaving, s.fading = nil, nil, map[article.Number]article.Entry{}
	g.next = 0
	for n, e := range g.entries {
		counts, falls := c.instants(&e)[0], c.instants(&e)[1]
		for _, at := range []int64{counts, falls} {
			switch {
			case at > ms && (g.next == 0 || at < g.next):
				g.next = at
			case at > g.at && at <= ms && len(g.passed) < len(g.entries):
				g.passed = append(g.passed, article.Touched{Before: &e, After: &e})
			}
		}
		switch {
		case counts > ms:
			s.leaving = append(s.leaving, e)
			if !(&writer{rules: c.rules}).private(&e) {
				s.fading[n] = e
			}
		case max(falls, e.Withdrawn+dated.Milliseconds()) > ms:
			s.withdrawn = append(s.withdrawn, grave{e, falls > ms})
		default:
			delete(g.entries, n)
		}
	}
	slices.SortFunc(s.withdrawn, func(a, b grave) int {
		return cmp.Or(cmp.Compare(b.Withdrawn, a.Withdrawn), cmp.Compare(b.Number, a.Number))
	})
	g.at, g.changed = ms, false
}

type grave struct {
	article.Entry
	told bool // its tombstone stands
}

// Withdrawn gives the newest withdrawal, in Unix milliseconds, of an article
// that a resolved Selector held, 0 if there is none, and the articles that are
// to be told of, at most limit of them, the last to go first. after and upto
// bound their appearances; an upto of 0 does not. One whose withdrawal does not
// count yet gives the date it had: a feed's date must not depend on whether
// somebody asked for it before.
func (s *Snapshot) Withdrawn(sel article.Selector, sc Scope, after, upto uint32, limit int) (newest int64, told []article.Entry) {
	for i := range s.leaving {
		e := &s.leaving[i]
		if e.Appeared > after && (upto == 0 || e.Appeared <= upto) && s.Match(sel, sc, e) {
			newest = max(newest, e.Changed)
		}
	}
	for i := range s.withdrawn {
		g := &s.withdrawn[i]
		if len(told) == limit {
			break
		}
		if g.Appeared <= after || upto != 0 && g.Appeared > upto || !s.Match(sel, sc, &g.Entry) {
			continue
		}
		newest = max(newest, g.Withdrawn)
		if g.told {
			told = append(told, g.Entry)
		}
	}
	return newest, told
}

// Fading gives a public article whose file has gone so lately that its page is still
// shown.
func (s *Snapshot) Fading(n article.Number) (Hit, bool) {
	e, ok := s.fading[n]
	if !ok {
		return Hit{}, false
	}
	return Hit{Number: e.Number, Rev: e.Rev, Published: e.Published, Changed: max(e.Published, e.Withdrawn), Appeared: e.Appeared, Names: s.index.face(e.Spellings)}, true
}
