package store_test

import (
	"strings"
	"testing"
	"time"

	"feedwright/article"
)

func TestNewArticleIsWhole(t *testing.T) {
	b := begin(t)
	c := wrote("news/talks.txt", "Peace talks", fullText("talks", 60), func(p *article.Parsed) {
		p.Fields.Categories = []string{"Ukraine", "News/World"}
		p.Fields.Lang = "en-GB"
		p.Media = []article.Media{{Path: "news/a.jpg", Type: "image/jpeg", Length: 5}}
		p.Trace = []article.Note{{What: "title", Rule: "first line"}}
	})
	out := b.apply(c)
	if len(out.Touched) != 1 || out.Touched[0].Before != nil || len(out.Reports) != 0 {
		t.Fatalf("outcome %+v", out)
	}
	e := out.Touched[0].After
	if e.Appeared != 1 || e.State != article.Live || e.Has != article.HasImage || len(e.Spellings) != 3 || e.Due != e.Published {
		t.Errorf("entry %+v", e)
	}
	slugs := map[string]bool{}
	for _, s := range out.Spellings {
		slugs[string(s.Kind)+":"+s.Slug] = true
	}
	for _, want := range []string{"category:ukraine", "category:news-world", "lang:en-gb"} {
		if !slugs[want] {
			t.Errorf("no spelling %s in %v", want, slugs)
		}
	}
	l := b.life("news/talks.txt")
	a := l.Article
	if a.Slug != "peace-talks" || a.Body != c.Articles[0].Body || a.Revision.Hash != e.Rev || !strings.HasPrefix(string(a.ID), "urn:uuid:") {
		t.Errorf("article %+v", a)
	}
	if len(l.Trace) != 1 || len(l.Revisions) != 1 || l.IDFrom != "minted" || l.DateFrom != article.FromMTime {
		t.Errorf("life %+v", l)
	}
	if owners, m, err := b.MediaOwners(t.Context(), "news/a.jpg"); err != nil || len(owners) != 1 || m.Length != 5 {
		t.Errorf("owners %v %v %v", owners, m, err)
	}
	found, slug, err := b.BySlug(t.Context(), "peace-talks")
	if err != nil || found.Number != e.Number || slug != "peace-talks" {
		t.Errorf("by slug: %v %q %v", found, slug, err)
	}
	if again := b.apply(c); len(again.Touched)+len(again.Reports)+len(again.Spellings) != 0 {
		t.Errorf("the same batch again did %+v", again)
	}
}

func TestRenamedFileKeepsItsID(t *testing.T) {
	body := fullText("river", 80)
	edited := strings.Replace(body, body[:20], "an edited beginning", 1)
	for name, change := range map[string]article.Change{
		"rename":                   wrote("new.txt", "River", body),
		"move between folders":     wrote("deep/er/old.txt", "River", body),
		"rename and edit":          wrote("new.txt", "River", edited),
		"rename, edit, new title":  wrote("new.txt", "The river rose", edited),
		"rename and another label": wrote("new.txt", "River", body, func(p *article.Parsed) { p.Fields.Categories = []string{"Water"} }),
	} {
		t.Run(name, func(t *testing.T) {
			b := begin(t)
			b.apply(wrote("old.txt", "River", body), wrote("other.txt", "Other", fullText("other", 80)))
			was := b.life("old.txt")
			b.apply(gone("old.txt"), change)
			is := b.life(change.Path)
			if is.Article.ID != was.Article.ID || !is.Article.Published.Equal(was.Article.Published) || is.Article.Slug != was.Article.Slug {
				t.Errorf("was %s %v %s, is %s %v %s", was.Article.ID, was.Article.Published, was.Article.Slug, is.Article.ID, is.Article.Published, is.Article.Slug)
			}
			if is.IDFrom != "renamed from old.txt" {
				t.Errorf("id from %q", is.IDFrom)
			}
		})
	}
}

func TestReturningFileKeepsItsID(t *testing.T) {
	b := begin(t)
	b.apply(wrote("a.txt", "A", fullText("a", 50)))
	was := b.life("a.txt")
	out := b.apply(gone("a.txt"))
	if len(out.Touched) != 1 || out.Touched[0].After.State != article.Withdrawn {
		t.Fatalf("outcome %+v", out)
	}
	b.reopen()
	b.now = b.now.Add(1000 * time.Hour)
	b.apply(wrote("a.txt", "A", fullText("a", 50)))
	is := b.life("a.txt")
	if is.Article.ID != was.Article.ID || is.Article.Slug != was.Article.Slug || !is.Article.Published.Equal(was.Article.Published) || is.Appeared != was.Appeared {
		t.Errorf("was %+v, is %+v", was.Article, is.Article)
	}
}

func TestSwappedFilesKeepTheirIDs(t *testing.T) {
	b := begin(t)
	x, y := fullText("x", 60), fullText("y", 60)
	b.apply(wrote("a.txt", "First", x), wrote("b.txt", "Second", y))
	a, c := b.life("a.txt").Article.ID, b.life("b.txt").Article.ID
	b.apply(wrote("a.txt", "Second", y), wrote("b.txt", "First", x))
	if b.life("a.txt").Article.ID != c || b.life("b.txt").Article.ID != a {
		t.Error("the ids stayed with the paths")
	}
}

func TestCopyIsAnArticleOfItsOwn(t *testing.T) {
	b := begin(t)
	b.apply(wrote("a.txt", "A", fullText("a", 50)))
	out := b.apply(wrote("b.txt", "A", fullText("a", 50)))
	if b.life("a.txt").Article.ID == b.life("b.txt").Article.ID {
		t.Error("one id twice")
	}
	if len(out.Reports) != 1 || !out.Reports[0].Warn || !strings.Contains(out.Reports[0].What, "copy of a.txt") {
		t.Errorf("reports %+v", out.Reports)
	}
	if got := b.life("b.txt").Article.Slug; got != "a-2" {
		t.Errorf("slug %q", got)
	}
}

func TestPathThatCarriesAnotherArticleGetsAnotherID(t *testing.T) {
	b := begin(t)
	b.apply(wrote("latest.txt", "Flood in the valley", fullText("flood", 60)))
	was := b.life("latest.txt").Article.ID
	out := b.apply(wrote("latest.txt", "Elections called", fullText("vote", 60)))
	is := b.life("latest.txt")
	if is.Article.ID == was {
		t.Error("another article got the id")
	}
	if len(out.Touched) != 2 || len(out.Reports) == 0 {
		t.Errorf("outcome %+v", out)
	}
	b.apply(wrote("latest.txt", "Elections were called", fullText("vote", 60)))
	if got := b.life("latest.txt").Article.ID; got != is.Article.ID {
		t.Error("an edited title took the id")
	}
}

func TestFirstSaveOfAnEditorIsTheSameArticle(t *testing.T) {
	b := begin(t)
	b.apply(wrote("a.txt", "", "todo"))
	was := b.life("a.txt").Article.ID
	b.apply(wrote("a.txt", "A real title", fullText("real", 50)))
	if b.life("a.txt").Article.ID != was {
		t.Error("a stub that was filled in got another id")
	}
}

func TestAmbiguousRenameTakesANewIDAndIsReported(t *testing.T) {
	b := begin(t)
	body := fullText("twin", 50)
	b.apply(wrote("a.txt", "Twin", body), wrote("b.txt", "Twin", body))
	old := map[article.ID]bool{b.life("a.txt").Article.ID: true, b.life("b.txt").Article.ID: true}
	out := b.apply(gone("a.txt"), gone("b.txt"), wrote("c.txt", "Twin", body))
	if old[b.life("c.txt").Article.ID] {
		t.Error("one of two was chosen")
	}
	if len(out.Reports) == 0 || !out.Reports[0].Warn {
		t.Errorf("reports %+v", out.Reports)
	}
}

func TestWrittenIDWins(t *testing.T) {
	b := begin(t)
	b.apply(wrote("a.txt", "A", fullText("a", 50), identified("tag:example.org,2026:a")))
	if got := b.life("a.txt"); got.Article.ID != "tag:example.org,2026:a" || got.IDFrom != "file" {
		t.Errorf("%+v", got)
	}
	b.apply(gone("a.txt"))
	b.apply(wrote("z.txt", "Quite another", fullText("z", 50), identified("tag:example.org,2026:a")))
	if got := b.life("z.txt").Article; got.ID != "tag:example.org,2026:a" || got.Slug != "a" {
		t.Errorf("the id did not bring its article back: %+v", got)
	}
}

func TestSecondFileWithAnIDIsRefusedUntilTheFirstGoes(t *testing.T) {
	b := begin(t)
	b.apply(wrote("a.txt", "A", fullText("a", 50), identified("one")))
	second := wrote("b.txt", "B", fullText("b", 50), identified("one"))
	out := b.apply(second)
	if len(out.Touched) != 0 || len(out.Reports) != 1 || !out.Reports[0].Warn {
		t.Fatalf("outcome %+v", out)
	}
	files := map[string]article.FileState{}
	if err := b.Files(t.Context(), func(f article.FileState) error { files[f.Path] = f; return nil }); err != nil {
		t.Fatal(err)
	}
	if f := files["b.txt"]; f.Fault == nil || f.Fault.Hint == "" || f.Stat == second.File {
		t.Errorf("file %+v: it must have a fault and be read again", f)
	}
	if again := b.apply(second); len(again.Reports) != 0 {
		t.Errorf("said twice: %+v", again.Reports)
	}
	b.apply(gone("a.txt"))
	b.apply(second)
	if got := b.life("b.txt"); got.Article.ID != "one" || got.State != article.Live {
		t.Errorf("%+v", got)
	}
}

func TestReusedPathMintsANumberedID(t *testing.T) {
	b := begin(t)
	seen := map[article.ID]bool{}
	for _, seed := range []string{"one", "two", "three"} {
		b.apply(wrote("a.txt", seed, fullText(seed, 60)))
		id := b.life("a.txt").Article.ID
		if seen[id] {
			t.Fatalf("%s twice", id)
		}
		seen[id] = true
		b.now = b.now.Add(48 * time.Hour)
		b.apply(gone("a.txt"))
	}
}

func TestMintedIDDependsOnSiteAndPathOnly(t *testing.T) {
	a, b := begin(t), begin(t)
	b.now = b.now.Add(999 * time.Hour)
	a.apply(wrote("x/a.txt", "A", fullText("a", 50)), wrote("b.txt", "B", fullText("b", 50)))
	b.apply(wrote("b.txt", "B", fullText("b", 50)))
	b.apply(wrote("x/a.txt", "Else", fullText("else", 50)))
	if a.life("x/a.txt").Article.ID != b.life("x/a.txt").Article.ID {
		t.Error("one path, two ids")
	}
}

func TestEntriesOfOneFileAreArticles(t *testing.T) {
	b := begin(t)
	many := func(parts ...string) article.Change {
		c := article.Change{Op: article.Wrote, Path: "feed.xml", File: stat(strings.Join(parts, " ")), Articles: []article.Parsed{}}
		for _, p := range parts {
			a := parse("Entry "+p, fullText(p, 40))
			a.Part = p
			c.Articles = append(c.Articles, a)
		}
		return c
	}
	b.apply(many("1", "2", "3"))
	if n := len(b.entries()); n != 3 {
		t.Fatalf("%d articles", n)
	}
	out := b.apply(many("2", "3", "4"))
	if len(out.Touched) != 2 {
		t.Errorf("touched %+v", out.Touched)
	}
	out = b.apply(article.Change{Op: article.Wrote, Path: "feed.xml", File: stat("none"), Articles: []article.Parsed{}})
	if len(out.Touched) != 3 {
		t.Errorf("an emptied file left articles: %+v", out.Touched)
	}
}

func TestCopyThenDeleteIsAMove(t *testing.T) {
	body := fullText("a", 50)
	for name, c := range map[string]struct {
		after time.Duration
		more  bool
		moved bool
	}{
		"within linger":    {2 * time.Second, false, true},
		"later":            {3 * time.Second, false, false},
		"in one long scan": {time.Hour, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			b := begin(t)
			b.apply(wrote("a.txt", "A", body))
			was := b.life("a.txt").Article
			if _, err := b.Apply(t.Context(), article.Batch{Now: b.now, More: c.more, Changes: []article.Change{wrote("b.txt", "A", body)}}); err != nil {
				t.Fatal(err)
			}
			b.applyAt(b.now.Add(c.after), gone("a.txt"))
			is := b.life("b.txt").Article
			if (is.ID == was.ID) != c.moved || c.moved && is.Slug != was.Slug {
				t.Errorf("was %+v, is %+v", was, is)
			}
			if n := len(ids(b)); n != 1 {
				t.Errorf("%d live", n)
			}
			if out := b.apply(wrote("b.txt", "A", body)); len(out.Touched) != 0 || b.life("b.txt").Article.ID != is.ID {
				t.Error("unsettled")
			}
		})
	}
}

func TestHostileFieldsAreBounded(t *testing.T) {
	b := begin(t)
	long := strings.Repeat("x", 3<<20)
	out := b.apply(wrote("id.txt", "A", fullText("a", 50), identified(long)),
		wrote("title.txt", long+" title", fullText("b", 50), func(p *article.Parsed) {
			for i := range 5000 {
				p.Fields.Tags = append(p.Fields.Tags, strings.Repeat("t", i))
			}
		}),
		wrote("far.txt", "Far", fullText("c", 50), dated(time.Date(99999, 1, 1, 0, 0, 0, 0, time.UTC))),
		wrote("epoch.txt", "Epoch", fullText("d", 50), dated(time.Unix(0, 0))))
	if len(out.Touched) != 3 || len(out.Spellings) > 200 {
		t.Errorf("%d touched, %d spellings", len(out.Touched), len(out.Spellings))
	}
	if p := b.life("epoch.txt").Article.Published; p.IsZero() || p.Year() != 1970 {
		t.Errorf("published %v", p)
	}
	was := ids(b)
	b.lose()
	b.apply(wrote("title.txt", long+" title", fullText("b", 50)), wrote("far.txt", "Far", fullText("c", 50), dated(time.Date(99999, 1, 1, 0, 0, 0, 0, time.UTC))),
		wrote("epoch.txt", "Epoch", fullText("d", 50), dated(time.Unix(0, 0))))
	for p, id := range ids(b) {
		if was[p] != id {
			t.Errorf("%s was %s, is %s", p, was[p], id)
		}
	}
}
