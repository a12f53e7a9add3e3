package catalog

import (
	"slices"
	"testing"

	"feedwright/article"
)

func TestAppearedEqualsAPlainFilter(t *testing.T) {
	private := func(f string) bool { return f == "secret" }
	for seed := range uint64(30) {
		w := newWorld(seed)
		c := New(Rules{Private: private})
		c.Load(nil, w.spellings, w.now)
		for step := range 25 {
			before, touched := c.Snapshot(), w.batch()
			s := c.Apply(touched, nil, w.now)
			w.carry(before, s, touched)
			if s.Newest() > w.appeared {
				t.Fatalf("seed %d: newest %d of %d", seed, s.Newest(), w.appeared)
			}
			for range 8 {
				sel := article.Select(w.expression(3))
				sc := []Scope{{}, {Pages: true}, {Feed: "partner"}, {Feed: "secret"}}[w.r.IntN(4)]
				sc.Now, sc.Words = w.now, w.words(s, sel)
				after, upto := uint32(w.r.IntN(int(w.appeared+1))), uint32(w.r.IntN(int(w.appeared+10)))
				limit := w.r.IntN(20)
				var want []uint32
				for _, n := range w.filter(sel, sc, private) {
					if a := w.entries[n].Appeared; a > after && a <= upto {
						want = append(want, a)
					}
				}
				slices.Sort(want)
				slices.Reverse(want)
				if limit > 0 {
					want = want[:min(limit, len(want))]
				}
				var got []uint32
				for _, h := range s.Appeared(sel, sc, after, upto, limit) {
					got = append(got, h.Appeared)
				}
				if !slices.Equal(got, want) {
					t.Fatalf("seed %d step %d: %q in %+v, (%d, %d], %d\n got %v\nwant %v", seed, step, sel, sc, after, upto, limit, got, want)
				}
			}
		}
	}
}
