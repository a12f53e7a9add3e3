package catalog

import (
	"cmp"
	"slices"
	"testing"

	"feedwright/article"
)

func TestTheLastChangedComeFirstWhereAsked(t *testing.T) {
	for seed := range uint64(6) {
		w := newWorld(seed)
		c := New(Rules{})
		c.Load(nil, w.spellings, w.now)
		for range 60 {
			touched := w.batch()
			for i := range touched {
				if e := touched[i].After; e != nil && e.Changed == 0 {
					e.Changed = e.Published + int64(w.r.IntN(5))*3_600_000
					w.entries[e.Number] = *e
				}
			}
			c.Apply(touched, nil, w.now)
		}
		for range 30 {
			sel := article.Select(w.expression(2))
			want := c.Snapshot().Select(sel, Scope{}, 1<<30)
			slices.SortFunc(want, func(a, b Hit) int {
				return cmp.Or(cmp.Compare(b.Changed, a.Changed), cmp.Compare(b.Published, a.Published), cmp.Compare(b.Number, a.Number))
			})
			for _, limit := range []int{0, 1, 5, 1 << 20} {
				got := c.Snapshot().Select(sel, Scope{Fresh: true}, limit)
				if !slices.Equal(got, want[:min(limit, len(want))]) {
					t.Fatalf("seed %d: %q: the freshest %d of %d are others", seed, sel, limit, len(want))
				}
			}
		}
	}
}
