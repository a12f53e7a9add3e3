package catalog

import (
	"slices"

	"feedwright/article"
)

// renumber spaces all ranks anew and adds the entries for which there was no
// rank left. It walks everything (0.1 s for a million articles), but only when
// a gap is full: an article between two neighbours finds one free seven times
// out of eight, and a batch renumbers once.
func (w *writer) renumber(late []*article.Entry) {
	w.flush()
	s := w.s
	s.order++
	slices.SortFunc(late, func(a, b *article.Entry) int { return compareKeys(keyOf(a), keyOf(b)) })
	var records []record
	for _, c := range s.chunks {
		records = append(records, c...)
	}
	for _, e := range late {
		records = append(records, w.recordOf(e, 0))
	}
	slices.SortFunc(records, func(a, b record) int { return compareKeys(a.key(), b.key()) })

	moved := make(map[rank]rank, len(records))
	s.chunks, s.places = nil, &places{}
	clear(w.ownPlace)
	clear(w.ownChunk)
	for i := range records {
		r := rank(i+1) * gap
		if old := records[i].rank; old != 0 {
			moved[old] = r
		}
		records[i].rank = r
		w.place(records[i].number, r)
	}
	for len(records) > 0 {
		n := min(chunkLimit, len(records))
		s.chunks = append(s.chunks, slices.Clone(records[:n]))
		records = records[n:]
	}
	move := func(old *set) *set {
		ranks := make([]rank, 0, old.size)
		for r := range old.each {
			ranks = append(ranks, moved[r])
		}
		return collect(ranks)
	}
	w.eachSet(move)
	for _, e := range late {
		r, _ := s.places.get(e.Number)
		w.appear(e)
		w.join(e, r)
		s.size++
	}
}

// flush brings what was gathered so far into the sets.
func (w *writer) flush() {
	c := &Catalog{}
	w.commit(c)
	w.joined = newChanges()
}

// eachSet replaces every set by what f makes of it.
func (w *writer) eachSet(f func(*set) *set) {
	s := w.s
	s.pages, s.feeds = f(s.pages), f(s.feeds)
	for i := range s.media {
		s.media[i] = f(s.media[i])
	}
	named := make(map[string]*set, len(s.named))
	for name, set := range s.named {
		named[name] = f(set)
	}
	s.named = named
	for i := range s.nterms {
		w.row(i)
		t := *s.term(i)
		t.set = f(t.set)
		s.terms[i/termRow][i%termRow] = &t
	}
}
