package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"feedwright/article"
	"feedwright/store"
)

const banner = "Help us make this site better by taking our short survey today."

func underBanner(i int, line string) article.Change {
	name := fmt.Sprintf("news/%03d.txt", i)
	return wrote(name, fmt.Sprintf("Article %d", i), fullText(name, 40)+"\n\n"+line)
}

func TestRecurringEdgeIsDroppedFromOldAndNewArticles(t *testing.T) {
	b := begin(t)
	for i := range 4 {
		if out := b.apply(underBanner(i, banner)); len(out.Reports) != 0 {
			t.Fatalf("learnt from %d: %+v", i+1, out.Reports)
		}
	}
	before := b.life("news/000.txt").Article
	out := b.apply(underBanner(4, banner))
	if len(out.Reports) != 1 || !strings.Contains(out.Reports[0].What, banner) || len(out.Touched) != 5 {
		t.Fatalf("outcome %+v", out)
	}
	a := b.life("news/000.txt").Article
	if !slices.Equal(a.Drop, []uint64{article.ParagraphHash(banner)}) || a.Revision.Hash == before.Revision.Hash || !a.Updated.IsZero() {
		t.Errorf("%+v", a)
	}
	b.reopen()
	b.apply(underBanner(5, banner))
	if a := b.life("news/005.txt").Article; len(a.Drop) != 1 {
		t.Error("forgotten at a restart")
	}
	b.lose()
	b.apply(underBanner(9, banner))
	if a := b.life("news/009.txt").Article; len(a.Drop) != 1 {
		t.Error("forgotten with the database")
	}
}

func TestWhatStandsInFewFilesOfAFolderIsKept(t *testing.T) {
	b := begin(t)
	var cs []article.Change
	for i := range 20 {
		line := fmt.Sprintf("End of number %d.", i)
		if i < 6 {
			line = banner
		}
		cs = append(cs, underBanner(i, line))
	}
	if out := b.apply(cs...); len(out.Reports) != 0 {
		t.Errorf("6 of 20 are less than a third: %+v", out.Reports)
	}
	if out := b.apply(underBanner(20, banner)); len(out.Reports) != 1 {
		t.Errorf("7 of 21 are a third: %+v", out.Reports)
	}
}

func TestKeptPatternsAreNeverLearnt(t *testing.T) {
	b := begin(t, func(o *store.Options) { o.Keep = []string{"^help us"} })
	for i := range 8 {
		if out := b.apply(underBanner(i, banner)); len(out.Reports) != 0 {
			t.Fatalf("%+v", out.Reports)
		}
	}
	opt := options(t.TempDir())
	opt.Keep = []string{"("}
	if _, err := store.Open(t.Context(), opt); err == nil || !strings.Contains(err.Error(), "source.keep") {
		t.Error(err)
	}
}

func TestNothingIsLearntWhileAScanGoesOn(t *testing.T) {
	b := begin(t)
	for batch := range 4 {
		var cs []article.Change
		for i := range 10 {
			line := fmt.Sprintf("End of number %d of %d.", i, batch)
			if batch == 0 {
				line = banner
			}
			cs = append(cs, underBanner(batch*10+i, line))
		}
		out, err := b.Apply(t.Context(), article.Batch{Now: monday, Changes: cs, More: true})
		if err != nil || len(out.Reports) != 0 {
			t.Fatal(out.Reports, err)
		}
	}
	if out := b.applyAt(monday.Add(time.Second)); len(out.Reports) != 0 {
		t.Errorf("10 of 40 are no third: %+v", out.Reports)
	}
	for i := range 6 {
		b.apply(underBanner(100+i, banner))
	}
	if a := b.life("news/000.txt").Article; len(a.Drop) != 1 {
		t.Error("16 of 46 were not learnt")
	}
}

func TestUnlearntWithoutTheOption(t *testing.T) {
	b := begin(t, func(o *store.Options) { o.Learn = false })
	for i := range 8 {
		if out := b.apply(underBanner(i, banner)); len(out.Reports) != 0 {
			t.Fatalf("%+v", out.Reports)
		}
	}
}
