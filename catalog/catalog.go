// Package catalog is the index in memory: which articles a Selector holds,
// newest first. It keeps numbers only; texts stay in the store.
//
// A Catalog is the writer's side and belongs to one goroutine. What it makes
// are Snapshots: immutable, safe for any number of readers, sharing all that a
// change did not touch. Visibility is one gate, here: an article that is held,
// expired, drafted or withdrawn is in no set of a Snapshot, so nothing that
// asks a Snapshot can betray it; a private one is only in the sets of the
// feeds it names.
//
// The data's path: store → Touched → Catalog.Apply → Snapshot → publish.
package catalog

import (
	"cmp"
	"container/heap"
	"maps"
	"slices"
	"time"

	"feedwright/article"
)

// Rules are what the config says of visibility and of categories.
type Rules struct {
	// Private says whether a named feed has a token: an article that names only
	// such feeds is private.
	Private func(feed string) bool
	// Grace is how long after its file went an article counts as withdrawn, and
	// Tombstones how long after that readers are told.
	Grace, Tombstones time.Duration
	// Categories are those that the config names: which spellings mean each,
	// its slug and what it lies in.
	Categories []article.Naming
}

// Catalog makes Snapshots. It is not safe for concurrent use.
type Catalog struct {
	rules   Rules
	current *Snapshot
	held    map[article.Number]article.Entry // live, but before its time or drafted
	expired int
	dues    dueHeap
	graves  graves
}

// New makes an empty catalog.
func New(r Rules) *Catalog {
	return &Catalog{
		rules: r, current: newSnapshot(), held: map[article.Number]article.Entry{},
		graves: graves{entries: map[article.Number]article.Entry{}},
	}
}

// Snapshot is the newest one.
func (c *Catalog) Snapshot() *Snapshot { return c.current }

// Held counts drafts and articles before their time; Expired those past it.
func (c *Catalog) Held() int { return len(c.held) }

// Expired counts the articles past their time.
func (c *Catalog) Expired() int { return c.expired }

// NextDue is the next instant at which an article appears or expires, a
// withdrawal counts or a tombstone falls, zero if there is none.
func (c *Catalog) NextDue() time.Time {
	if len(c.dues) == 0 {
		return time.Time{}
	}
	return time.UnixMilli(c.dues[0]).UTC()
}

// dueHeap holds instants in Unix milliseconds, the earliest first. An instant
// that no longer matters costs one empty edition at most.
type dueHeap []int64

func (h dueHeap) Len() int           { return len(h) }
func (h dueHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h dueHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *dueHeap) Push(x any)        { *h = append(*h, x.(int64)) }
func (h *dueHeap) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

// Visible says whether an article may be shown to anybody at an instant.
func Visible(e *article.Entry, now time.Time) bool {
	return e != nil && e.State == article.Live && e.Appeared > 0 && (e.Expires == 0 || e.Expires > now.UnixMilli())
}

// Apply makes the next Snapshot of what a batch touched.
func (c *Catalog) Apply(touched []article.Touched, spellings []article.Spelling, now time.Time) *Snapshot {
	for len(c.dues) > 0 && c.dues[0] <= now.UnixMilli() {
		heap.Pop(&c.dues)
	}
	w := c.begin()
	w.spell(spellings)
	late := map[article.Number]*article.Entry{} // no rank was left for them; one may be touched again
	for _, t := range touched {
		if t.Before != nil {
			n := t.Before.Number
			c.forget(t.Before, late[n] != nil || w.s.shows(n))
			w.remove(t.Before)
			delete(late, n)
		}
		if t.After == nil {
			continue
		}
		c.note(t.After, now)
		if Visible(t.After, now) && !w.insert(t.After) {
			late[t.After.Number] = t.After
		}
	}
	if len(late) > 0 {
		w.renumber(slices.Collect(maps.Values(late)))
	}
	c.settle(w.s, now)
	w.commit(c)
	return c.current
}

// note keeps what is not visible but will be, and when things change.
func (c *Catalog) note(e *article.Entry, now time.Time) {
	ms := now.UnixMilli()
	switch {
	case e.State == article.Withdrawn:
		c.bury(e, ms)
	case e.Expires != 0 && e.Expires <= ms:
		c.expired++
	case e.State == article.Drafted:
		c.held[e.Number] = *e
	case e.Appeared == 0:
		c.held[e.Number] = *e
		if e.Due > ms {
			heap.Push(&c.dues, e.Due)
		}
	}
	if e.State == article.Live && e.Expires > ms {
		heap.Push(&c.dues, e.Expires)
	}
}

// forget undoes the counting of note; shown says that the article was visible.
func (c *Catalog) forget(e *article.Entry, shown bool) {
	c.exhume(e)
	if _, ok := c.held[e.Number]; ok {
		delete(c.held, e.Number)
		return
	}
	if e.State != article.Withdrawn && e.Expires != 0 && !shown {
		c.expired = max(0, c.expired-1)
	}
}

// key orders articles by publication; Number breaks ties, so the order is
// total and the same on every run over one database.
type key struct {
	published int64
	number    article.Number
}

func keyOf(e *article.Entry) key { return key{e.Published, e.Number} }

func compareKeys(a, b key) int {
	return cmp.Or(cmp.Compare(a.published, b.published), cmp.Compare(a.number, b.number))
}
