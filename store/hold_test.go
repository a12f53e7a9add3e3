package store_test

import (
	"testing"
	"time"

	"feedwright/article"
	"feedwright/store"
)

const hold = 10 * time.Minute

func holding(o *store.Options) { o.Hold = hold }

func TestNewArticleIsHeldThatLong(t *testing.T) {
	b := begin(t, holding)
	c := wrote("a.txt", "A", fullText("a", 50), dated(monday.Add(-48*time.Hour)))
	b.apply(c)
	seen := b.now
	if l := b.life("a.txt"); l.Appeared != 0 || l.Article.Slug != "" || !l.Due.Equal(seen.Add(hold)) {
		t.Fatalf("a new article is %+v", l)
	}
	b.apply(wrote("a.txt", "A, with a slip taken back", fullText("a", 50), dated(monday.Add(-48*time.Hour))))
	if l := b.life("a.txt"); !l.Due.Equal(seen.Add(hold)) {
		t.Errorf("an edit moved the end of the hold to %v, want %v", l.Due, seen.Add(hold))
	}
	b.applyAt(seen.Add(hold - time.Millisecond))
	if b.life("a.txt").Appeared != 0 {
		t.Error("it appeared before its hold was over")
	}
	b.applyAt(seen.Add(hold))
	l := b.life("a.txt")
	if l.Appeared != 1 || l.Article.Slug == "" || !l.Article.Updated.IsZero() || !l.Article.Published.Equal(monday.Add(-48*time.Hour)) {
		t.Errorf("after the hold: %+v", l)
	}
	if _, _, err := b.BySlug(t.Context(), "a"); err == nil {
		t.Error("the slug of the first save, which nobody saw, was given away")
	}
}

func TestArticleDeletedInItsHoldLeavesNoTrace(t *testing.T) {
	b := begin(t, holding, func(o *store.Options) { o.KeepRemoved = true })
	b.apply(wrote("slip.txt", "Slip", fullText("s", 50)))
	out := b.apply(article.Change{Op: article.Gone, Path: "slip.txt"})
	for _, x := range out.Touched {
		if x.After != nil && x.After.Appeared != 0 {
			t.Errorf("a deletion made it appear: %+v", x.After)
		}
	}
	b.applyAt(b.now.Add(hold + 5*time.Minute))
	if l := b.life("slip.txt"); l.State != article.Withdrawn || l.Appeared != 0 || l.Article.Slug != "" {
		t.Errorf("%+v", l)
	}
	b.now = b.now.Add(time.Hour)
	b.apply(wrote("other.txt", "Slip", fullText("another", 50)))
	b.applyAt(b.now.Add(hold))
	if l := b.life("other.txt"); l.Appeared != 1 || l.Article.Slug != "slip" {
		t.Errorf("the one before left a number or a slug behind: %+v", l)
	}
}

func TestDraftIsHeldFromWhenItIsLetGo(t *testing.T) {
	b := begin(t, holding)
	b.apply(wrote("d.txt", "D", fullText("d", 50), draft))
	b.now = b.now.Add(24 * time.Hour)
	b.apply(wrote("d.txt", "D", fullText("d", 50)))
	letGo := b.now
	b.apply(wrote("d.txt", "D again", fullText("d", 50)))
	if l := b.life("d.txt"); l.Appeared != 0 || !l.Due.Equal(letGo.Add(hold)) {
		t.Errorf("let go at %v, due %v", letGo, l.Due)
	}
}

func TestEmbargoOutlastsAShorterHold(t *testing.T) {
	b := begin(t, holding)
	at := monday.Add(5 * time.Hour)
	b.apply(wrote("e.txt", "E", fullText("e", 50), dated(at)))
	if l := b.life("e.txt"); !l.Due.Equal(at) {
		t.Errorf("due %v, want %v", l.Due, at)
	}
}

func TestFirstScanHoldsNothing(t *testing.T) {
	b := begin(t, holding)
	b.now = b.now.Add(time.Minute)
	for _, p := range []string{"a.txt", "b.txt"} {
		if _, err := b.Apply(t.Context(), article.Batch{Now: b.now, Changes: []article.Change{wrote(p, p, fullText(p, 50))}, More: true}); err != nil {
			t.Fatal(err)
		}
	}
	b.applyAt(b.now)
	if x, y := b.life("a.txt").Appeared, b.life("b.txt").Appeared; x == 0 || y == 0 {
		t.Errorf("what lay in the folder from the start was held: %d, %d", x, y)
	}
}

func TestHoldThatPassedIsNoPartOfWhatIsShown(t *testing.T) {
	c := wrote("a.txt", "A", fullText("a", 50))
	held := begin(t, holding)
	held.apply(c)
	held.applyAt(held.now.Add(hold))
	free := begin(t)
	free.apply(c)
	if a, b := held.life("a.txt").Article, free.life("a.txt").Article; a.Revision.Hash != b.Revision.Hash || a.ID != b.ID {
		t.Errorf("with a hold %+v, without %+v", a.Revision, b.Revision)
	}
}

func keeping(o *store.Options) { o.KeepRemoved = true }

func TestKeptArticleOutlivesItsFile(t *testing.T) {
	b := begin(t, keeping)
	b.apply(wrote("a.txt", "A", fullText("a", 50)))
	was := b.life("a.txt").Article
	if out := b.apply(article.Change{Op: article.Gone, Path: "a.txt"}); len(out.Touched) != 0 {
		t.Errorf("a purge touched %+v", out.Touched)
	}
	b.reopen()
	l := b.life("a.txt")
	if l.State != article.Live || l.Article.Revision != was.Revision || l.Article.Body != was.Body {
		t.Errorf("was %+v, is %+v", was, l.Article)
	}
}

func TestKeptArticleIsKnownAgainWhereverItReturns(t *testing.T) {
	b := begin(t, keeping)
	b.apply(wrote("in/a.txt", "Harbour dues rise", fullText("a", 50)), wrote("in/b.txt", "Ferries are late", fullText("b", 50)))
	a, other := b.life("in/a.txt").Article.ID, b.life("in/b.txt").Article.ID
	b.apply(article.Change{Op: article.Gone, Path: "in/a.txt"}, article.Change{Op: article.Gone, Path: "in/b.txt"})
	b.now = b.now.Add(48 * time.Hour)
	b.apply(wrote("in/a.txt", "Harbour dues rise", fullText("a", 50)), wrote("out/b.txt", "Ferries are late", fullText("b", 50)))
	if got := b.life("in/a.txt").Article.ID; got != a {
		t.Errorf("returned as %s, was %s", got, a)
	}
	if got := b.life("out/b.txt").Article.ID; got != other {
		t.Errorf("moved to %s, was %s", got, other)
	}
	if n := len(b.entries()); n != 2 {
		t.Errorf("%d articles, want 2", n)
	}
}

func TestPathOfAKeptArticleMayCarryAnother(t *testing.T) {
	b := begin(t, keeping)
	b.apply(wrote("latest.txt", "Harbour dues rise", fullText("a", 50)))
	first := b.life("latest.txt").Article.ID
	b.apply(wrote("latest.txt", "Ferries are late", fullText("b", 50)))
	lives, err := b.ByPath(t.Context(), "latest.txt")
	if err != nil || len(lives) != 2 {
		t.Fatalf("%d lives, %v", len(lives), err)
	}
	for _, l := range lives {
		if l.State != article.Live {
			t.Errorf("%s is %v", l.Article.Fields.Title, l.State)
		}
	}
	if lives[1].Article.ID != first || lives[0].Article.ID == first {
		t.Errorf("ids %s, %s; the first was %s", lives[0].Article.ID, lives[1].Article.ID, first)
	}
}

func TestKeptArticlesGoOnceFilesCountAgain(t *testing.T) {
	b := begin(t, keeping)
	b.apply(wrote("a.txt", "A", fullText("a", 50)))
	b.apply(article.Change{Op: article.Gone, Path: "a.txt"})
	b.opt.KeepRemoved = false
	b.reopen()
	out := b.apply()
	if len(out.Touched) != 1 || b.life("a.txt").State != article.Withdrawn {
		t.Errorf("touched %+v, state %v", out.Touched, b.life("a.txt").State)
	}
	if out := b.apply(); len(out.Touched) != 0 {
		t.Errorf("it went twice: %+v", out.Touched)
	}
}
