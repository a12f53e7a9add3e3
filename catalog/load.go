package catalog

import (
	"slices"
	"sync"
	"time"

	"feedwright/article"
)

// Load replaces everything by the entries given, in whatever order. Every start
// waits for it.
func (c *Catalog) Load(entries []*article.Entry, spellings []article.Spelling, now time.Time) {
	*c = *New(c.rules)
	type dated struct {
		key
		e *article.Entry
	}
	list := make([]dated, len(entries))
	for i, e := range entries {
		list[i] = dated{keyOf(e), e}
	}
	slices.SortFunc(list, func(a, b dated) int { return compareKeys(a.key, b.key) })
	w := c.begin()
	w.spell(spellings)
	visible := make([]*article.Entry, 0, len(list))
	for _, d := range list {
		c.note(d.e, now)
		if Visible(d.e, now) {
			visible = append(visible, d.e)
		}
	}
	w.fill(visible)
	c.settle(w.s, now)
	c.graves.passed = nil
	w.commit(c)
}

// fill gives an empty index its articles, the first published first.
func (w *writer) fill(list []*article.Entry) {
	var records sync.WaitGroup
	records.Go(func() { w.records(list) })
	for i, e := range list {
		w.join(e, rank(i+1)*gap)
	}
	records.Wait()
	w.s.size = len(list)
}

// records makes the records of articles, and the tables by which they are found.
func (w *writer) records(list []*article.Entry) {
	r := rank(0)
	for part := range slices.Chunk(list, chunkLimit) {
		chunk := make([]record, 0, chunkLimit)
		for _, e := range part {
			r += gap
			chunk = append(chunk, w.recordOf(e, r))
			w.place(e.Number, r)
			w.appear(e)
		}
		w.s.chunks = append(w.s.chunks, chunk)
		w.ownChunk[&chunk[0]] = true
	}
}
