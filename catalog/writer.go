package catalog

import (
	"maps"
	"slices"
	"sort"

	"feedwright/article"
)

// writer builds the next Snapshot from the current one. It copies each chunk,
// row and set at most once, and gathers what joins and leaves each set.
type writer struct {
	s         *Snapshot
	rules     Rules
	ownChunk  map[*record]bool // by first record of a chunk that is this writer's own
	ownPlace  map[int]bool
	ownAppear map[int]bool
	ownRow    map[int]bool
	joined    changes
	seen      []int // the last termsOf
}

func (c *Catalog) begin() *writer {
	s := *c.current
	s.chunks = slices.Clone(s.chunks)
	s.terms = slices.Clone(s.terms)
	s.places = &places{rows: slices.Clone(s.places.rows)}
	s.appeared = &places{rows: slices.Clone(s.appeared.rows)}
	s.once = new([4]listOnce)
	return &writer{
		s: &s, rules: c.rules,
		ownChunk: map[*record]bool{}, ownPlace: map[int]bool{}, ownAppear: map[int]bool{}, ownRow: map[int]bool{},
		joined: newChanges(),
	}
}

// commit applies what was gathered to the sets, and makes the snapshot current.
func (w *writer) commit(c *Catalog) {
	s := w.s
	for i, ch := range w.joined.terms {
		w.row(i)
		t := *s.term(i)
		t.set = ch.of(t.set)
		s.terms[i/termRow][i%termRow] = &t
	}
	s.pages, s.feeds = w.joined.pages.of(s.pages), w.joined.feeds.of(s.feeds)
	for i := range s.media {
		s.media[i] = w.joined.media[i].of(s.media[i])
	}
	w.commitNamed()
	if n := len(s.chunks); n > 0 {
		last := s.chunks[n-1]
		s.blocks = int(last[len(last)-1].rank>>blockBits) + 1
	} else {
		s.blocks = 0
	}
	c.current = s
}

func (w *writer) commitNamed() {
	if len(w.joined.named) == 0 {
		return
	}
	named := maps.Clone(w.s.named)
	for name, ch := range w.joined.named {
		old := named[name]
		if old == nil {
			old = empty
		}
		named[name] = ch.of(old)
	}
	w.s.named = named
}

// row makes the row of terms that holds term i this writer's own.
func (w *writer) row(i int) {
	if r := i / termRow; !w.ownRow[r] {
		w.ownRow[r] = true
		w.s.terms[r] = slices.Clone(w.s.terms[r])
	}
}

// chunkOf finds the chunk that holds, or would hold, what comes at key k.
func (w *writer) chunkOf(k key) int {
	return max(0, sort.Search(len(w.s.chunks), func(i int) bool { return compareKeys(w.s.chunks[i][0].key(), k) > 0 })-1)
}

// own makes a chunk this writer's own copy, with room for one more.
func (w *writer) own(c int) []record {
	chunk := w.s.chunks[c]
	if !w.ownChunk[&chunk[0]] {
		chunk = append(make([]record, 0, min(len(chunk)+32, chunkLimit+1)), chunk...)
		w.s.chunks[c] = chunk
	}
	return chunk
}

func (w *writer) keep(c int, chunk []record) {
	switch {
	case len(chunk) == 0:
		w.s.chunks = slices.Delete(w.s.chunks, c, c+1)
		return
	case len(chunk) > chunkLimit:
		half := len(chunk) / 2
		if c == len(w.s.chunks)-1 {
			half = chunkLimit // the newest come last: full chunks stay full
		}
		right := slices.Clone(chunk[half:])
		w.s.chunks = slices.Insert(w.s.chunks, c+1, right)
		w.ownChunk[&right[0]] = true
		chunk = chunk[:half:half]
	}
	w.s.chunks[c] = chunk
	w.ownChunk[&chunk[0]] = true
}

func (w *writer) remove(e *article.Entry) {
	r, ok := w.s.places.get(e.Number)
	if !ok {
		return
	}
	w.leave(e, r)
	w.place(e.Number, 0)
	w.mark(e.Appeared, 0)
	c := w.chunkOf(keyOf(e))
	chunk := w.own(c)
	i, found := slices.BinarySearchFunc(chunk, keyOf(e), func(a record, k key) int { return compareKeys(a.key(), k) })
	if found {
		w.keep(c, slices.Delete(chunk, i, i+1))
	}
	w.s.size--
}

// append adds an article published after all others.
func (w *writer) append(e *article.Entry) {
	r := rank(gap)
	n := len(w.s.chunks)
	if n > 0 {
		last := w.s.chunks[n-1]
		r = last[len(last)-1].rank + gap
	}
	rec := w.recordOf(e, r)
	if n == 0 || len(w.s.chunks[n-1]) >= chunkLimit {
		chunk := append(make([]record, 0, chunkLimit), rec)
		w.s.chunks = append(w.s.chunks, chunk)
		w.ownChunk[&chunk[0]] = true
	} else {
		w.keep(n-1, append(w.own(n-1), rec))
	}
	w.settle(e, r)
}

// insert adds an article at its place, and says whether there was a rank left
// for it.
func (w *writer) insert(e *article.Entry) bool {
	k := keyOf(e)
	n := len(w.s.chunks)
	if n == 0 {
		w.append(e)
		return true
	}
	if last := w.s.chunks[n-1]; compareKeys(last[len(last)-1].key(), k) < 0 {
		w.append(e)
		return true
	}
	c := w.chunkOf(k)
	chunk := w.s.chunks[c]
	i, _ := slices.BinarySearchFunc(chunk, k, func(a record, k key) int { return compareKeys(a.key(), k) })
	var before, after rank
	switch {
	case i > 0:
		before = chunk[i-1].rank
	case c > 0:
		prev := w.s.chunks[c-1]
		before = prev[len(prev)-1].rank
	}
	switch {
	case i < len(chunk):
		after = chunk[i].rank
	default:
		after = w.s.chunks[c+1][0].rank
	}
	if after-before < 2 {
		return false
	}
	r := before + (after-before)/2
	w.keep(c, slices.Insert(w.own(c), i, w.recordOf(e, r)))
	w.settle(e, r)
	return true
}

func (w *writer) recordOf(e *article.Entry, r rank) record {
	return record{r, e.Number, e.Rev, e.Published, e.Changed, e.Expires, w.s.index.face(e.Spellings), e.Appeared}
}

func (w *writer) settle(e *article.Entry, r rank) {
	w.place(e.Number, r)
	w.appear(e)
	w.join(e, r)
	w.s.size++
}

func (w *writer) place(n article.Number, r rank) {
	row := int(n) / placeRow
	if row >= len(w.s.places.rows) {
		w.s.places.rows = append(w.s.places.rows, make([][]rank, row+1-len(w.s.places.rows))...)
	}
	if !w.ownPlace[row] {
		w.ownPlace[row] = true
		old := w.s.places.rows[row]
		w.s.places.rows[row] = make([]rank, placeRow)
		copy(w.s.places.rows[row], old)
	}
	w.s.places.rows[row][int(n)%placeRow] = r
}
