package store_test

import (
	"os"
	"testing"
	"time"

	"feedwright/article"
	"feedwright/store"
)

const oldID = "https://old.example.org/?p=17&lang=en"

func (b *bench) inherit(list ...store.Inherited) []article.Report {
	b.Helper()
	r, err := b.Inherit(b.Context(), b.now, list)
	if err != nil {
		b.Fatal(err)
	}
	return r
}

func TestInheritedIDAndDateAreKeptForEver(t *testing.T) {
	b := begin(t)
	c := wrote("a.txt", "Harbour dues rise", fullText("a", 50))
	b.apply(c)
	at := monday.Add(-1000 * time.Hour)
	in := store.Inherited{Number: b.life("a.txt").Article.Number, ID: oldID, Published: at}
	if r := b.inherit(in); len(r) != 0 {
		t.Errorf("reports %+v", r)
	}
	before := b.life("a.txt").Article.Revision
	if r := b.inherit(in); len(r) != 0 || b.life("a.txt").Article.Revision != before {
		t.Errorf("inheriting twice is not once: %+v", r)
	}
	check := func(what, path string) {
		t.Helper()
		if l := b.life(path); l.Article.ID != oldID || !l.Article.Published.Equal(at) || l.DateFrom != article.FromFeed {
			t.Errorf("%s: %s of %v from %q", what, l.Article.ID, l.Article.Published, l.DateFrom)
		}
	}
	check("at once", "a.txt")
	b.apply(wrote("a.txt", "Harbour dues fall", fullText("a", 50)))
	check("edited", "a.txt")
	b.apply(article.Change{Op: article.Gone, Path: "a.txt"}, wrote("b.txt", "Harbour dues fall", fullText("a", 50)))
	check("renamed", "b.txt")
	b.Store.Close()
	if err := os.Remove(b.dir + "/feedwright.db"); err != nil {
		t.Fatal(err)
	}
	b.open()
	b.apply(wrote("b.txt", "Harbour dues fall", fullText("a", 50)))
	check("after the database was lost", "b.txt")
	if n := len(b.entries()); n != 1 {
		t.Errorf("%d articles, want 1: the id before has come back", n)
	}
}

func TestNoIDIsInheritedTwiceOrAgainstTheFile(t *testing.T) {
	b := begin(t)
	b.apply(wrote("a.txt", "A", fullText("a", 50)), wrote("b.txt", "B", fullText("b", 50)), wrote("c.txt", "C", fullText("c", 50), identified("urn:own")))
	number := func(p string) article.Number { return b.life(p).Article.Number }
	taken := b.life("b.txt").Article.ID
	reports := b.inherit(
		store.Inherited{Number: number("a.txt"), ID: taken},
		store.Inherited{Number: number("c.txt"), ID: oldID},
		store.Inherited{Number: number("b.txt"), ID: "a\x00b"},
	)
	if len(reports) != 3 {
		t.Errorf("reports %+v", reports)
	}
	if b.life("a.txt").Article.ID == taken || b.life("c.txt").Article.ID != "urn:own" || b.life("b.txt").Article.ID != taken {
		t.Error("an id was given that is not to be given")
	}
}
