package store_test

import (
	"errors"
	"testing"
	"time"

	"feedwright/article"
)

func TestAnEditionBeingReplacedStillFindsItsRevision(t *testing.T) {
	b := begin(t)
	old, new := fullText("old", 60), fullText("old", 60)+fullText("new", 30)
	first := b.apply(wrote("a.txt", "A", old)).Touched[0].After
	second := b.apply(wrote("a.txt", "A", new, slugged("other"))).Touched[0].After
	as, err := b.Articles(t.Context(), []article.Ref{{Number: 1, Rev: first.Rev}, {Number: 1, Rev: second.Rev}, {Number: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if as[0].Body != old || as[0].Slug != "a" || !as[0].Updated.IsZero() || as[0].Revision.Hash != first.Rev {
		t.Errorf("first: %+v", as[0])
	}
	if as[1].Body != new || as[2].Body != new || as[1].Slug != "other" || as[1].Updated.IsZero() || as[2].Revision != as[1].Revision {
		t.Errorf("second: %+v", as[1])
	}
	if err := b.Upkeep(t.Context(), b.now.Add(59*time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Articles(t.Context(), []article.Ref{{Number: 1, Rev: first.Rev}}); err != nil {
		t.Errorf("gone within the hour: %v", err)
	}
	if err := b.Upkeep(t.Context(), b.now.Add(61*time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Articles(t.Context(), []article.Ref{{Number: 1, Rev: first.Rev}}); !errors.Is(err, article.ErrNotFound) {
		t.Errorf("after the hour: %v", err)
	}
	if as, err := b.Articles(t.Context(), []article.Ref{{Number: 1}}); err != nil || as[0].Body != new {
		t.Errorf("upkeep took the newest: %v", err)
	}
	if n := len(b.life("a.txt").Revisions); n != 2 {
		t.Errorf("%d revisions known", n)
	}
}

func TestUnknownArticleIsNotFound(t *testing.T) {
	b := begin(t)
	if _, err := b.Articles(t.Context(), []article.Ref{{Number: 9}}); !errors.Is(err, article.ErrNotFound) {
		t.Error(err)
	}
	if _, _, err := b.BySlug(t.Context(), "x"); !errors.Is(err, article.ErrNotFound) {
		t.Error(err)
	}
	if _, _, err := b.MediaOwners(t.Context(), "x"); !errors.Is(err, article.ErrNotFound) {
		t.Error(err)
	}
	if ls, err := b.ByPath(t.Context(), "x"); err != nil || len(ls) != 0 {
		t.Error(ls, err)
	}
}

func TestBrokenFileKeepsItsLastGoodVersion(t *testing.T) {
	b := begin(t)
	b.apply(wrote("a.txt", "A", fullText("a", 50)))
	fault := &article.Fault{Path: "a.txt", Line: 3, Err: "bad date"}
	out := b.apply(article.Change{Op: article.Failed, Path: "a.txt", File: stat("broken"), Fault: fault})
	if len(out.Touched) != 0 || b.life("a.txt").State != article.Live {
		t.Errorf("%+v", out)
	}
	b.reopen()
	var files []article.FileState
	if err := b.Files(t.Context(), func(f article.FileState) error { files = append(files, f); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(files) != 1 || files[0].Fault == nil || *files[0].Fault != *fault || files[0].Stat != stat("broken") {
		t.Errorf("files %+v", files)
	}
	b.apply(wrote("a.txt", "A", fullText("a", 50)))
	_ = b.Files(t.Context(), func(f article.FileState) error {
		if f.Fault != nil {
			t.Errorf("mended, and yet %v", f.Fault)
		}
		return nil
	})
}

func TestMediaFactsAreNewRevisions(t *testing.T) {
	b := begin(t)
	with := func(h byte, paths ...string) article.Change {
		return wrote("a.txt", "A", fullText("a", 50), func(p *article.Parsed) {
			for _, path := range paths {
				p.Media = append(p.Media, article.Media{Path: path, Type: "audio/mpeg", Length: int64(h), Hash: article.Hash{h}})
			}
		})
	}
	b.apply(with(1, "b.mp3", "a.mp3"))
	if out := b.apply(with(2, "b.mp3")); len(out.Touched) != 1 {
		t.Errorf("%+v", out.Touched)
	}
	if _, _, err := b.MediaOwners(t.Context(), "a.mp3"); err == nil {
		t.Error("a file no longer named has an owner")
	}
	if _, m, err := b.MediaOwners(t.Context(), "b.mp3"); err != nil || m.Length != 2 {
		t.Errorf("%+v %v", m, err)
	}
	_ = b.Files(t.Context(), func(f article.FileState) error {
		if len(f.Media) != 1 || f.Media[0] != "b.mp3" {
			t.Errorf("files %+v", f)
		}
		return nil
	})
	if a := b.life("a.txt").Article; !a.Updated.IsZero() || len(a.Media) != 1 {
		t.Errorf("%+v", a)
	}
}

func TestDocumentsDatesNeverFall(t *testing.T) {
	b := begin(t)
	ctx := t.Context()
	d := article.DocumentState{Address: "/rss.xml", ETag: "a", LastModified: monday, HighWater: monday, Asked: monday}
	q := d
	q.Address = "/rss.xml?q=x"
	if err := b.SaveDocuments(ctx, []article.DocumentState{d, q}); err != nil {
		t.Fatal(err)
	}
	older := d
	older.ETag, older.LastModified, older.HighWater = "b", monday.Add(-time.Hour), monday.Add(-time.Hour)
	if err := b.SaveDocuments(ctx, []article.DocumentState{older}); err != nil {
		t.Fatal(err)
	}
	b.reopen()
	ds, err := b.Documents(ctx)
	if err != nil || len(ds) != 2 {
		t.Fatal(ds, err)
	}
	if ds[0].ETag != "b" || !ds[0].LastModified.Equal(monday) || !ds[0].HighWater.Equal(monday) || !ds[0].Asked.Equal(monday) {
		t.Errorf("%+v", ds[0])
	}
	if err := b.Upkeep(ctx, monday.Add(31*24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if ds, err = b.Documents(ctx); err != nil || len(ds) != 1 || ds[0].Address != "/rss.xml" {
		t.Errorf("%+v %v", ds, err)
	}
}

func TestLastEditionIsThatOfTheNewestChange(t *testing.T) {
	b := begin(t)
	if e, err := b.LastEdition(t.Context()); err != nil || !e.IsZero() {
		t.Error(e, err)
	}
	c := wrote("a.txt", "A", fullText("a", 50))
	b.apply(c)
	want := b.now
	b.apply(c)
	c.File.ModTime++
	c.Articles = nil
	b.apply(c)
	if e, err := b.LastEdition(t.Context()); err != nil || !e.Equal(want) {
		t.Errorf("%v, want %v, %v", e, want, err)
	}
}
