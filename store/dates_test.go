package store_test

import (
	"strings"
	"testing"
	"time"

	"feedwright/article"
	"feedwright/store"
)

func TestUndatedFileKeepsItsFirstDate(t *testing.T) {
	b := begin(t)
	c := wrote("a.txt", "A", fullText("a", 50))
	b.apply(c)
	was := b.life("a.txt").Article
	if !was.Published.Equal(time.Unix(0, c.File.ModTime)) {
		t.Errorf("published %v, want the file's time", was.Published)
	}
	touched := article.Change{Op: article.Wrote, Path: "a.txt", File: c.File}
	touched.File.ModTime += int64(time.Hour)
	if out := b.apply(touched); len(out.Touched) != 0 {
		t.Errorf("a touch touched %+v", out.Touched)
	}
	c.File = touched.File
	b.reopen()
	b.apply(c)
	if is := b.life("a.txt").Article; !is.Published.Equal(was.Published) || is.Revision != was.Revision {
		t.Errorf("was %+v, is %+v", was, is)
	}
	seen := false
	_ = b.Files(t.Context(), func(f article.FileState) error {
		seen = f.Stat == touched.File
		return nil
	})
	if !seen {
		t.Error("the touch was not remembered: the file would be read at each scan")
	}
}

func TestMTimeOfTheFutureIsNoDate(t *testing.T) {
	b := begin(t)
	c := wrote("a.txt", "A", fullText("a", 50))
	c.File.ModTime = monday.Add(9000 * time.Hour).UnixNano()
	b.apply(c)
	if l := b.life("a.txt"); !l.Article.Published.Equal(b.now) || l.DateFrom != article.FromFirstSeen || l.Appeared != 1 {
		t.Errorf("%+v", l)
	}
}

func TestDayWithoutTime(t *testing.T) {
	kyiv, err := time.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	b := begin(t, func(o *store.Options) { o.Zone = kyiv })
	day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, kyiv) }
	b.apply(wrote("today.txt", "T", fullText("t", 50), dayOnly(day(16))), wrote("past.txt", "P", fullText("p", 50), dayOnly(day(3))), wrote("next.txt", "N", fullText("n", 50), dayOnly(day(17))))
	sight := b.now
	for path, want := range map[string]time.Time{"today.txt": sight, "past.txt": day(3), "next.txt": day(17)} {
		if got := b.life(path).Article.Published; !got.Equal(want) {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
	if b.life("next.txt").Appeared != 0 {
		t.Error("tomorrow's article appeared today")
	}
	b.now = b.now.Add(30 * time.Hour)
	b.apply(wrote("today.txt", "T, edited", fullText("t", 50), dayOnly(day(16))))
	if got := b.life("today.txt").Article.Published; !got.Equal(sight) {
		t.Errorf("an edit moved the date to %v", got)
	}
	b.apply(wrote("today.txt", "T, edited", fullText("t", 50), dayOnly(day(15))))
	if got := b.life("today.txt").Article.Published; !got.Equal(day(15)) {
		t.Errorf("the owner's own date was not taken: %v", got)
	}
}

func TestOnlyACorrectionMovesUpdated(t *testing.T) {
	b := begin(t)
	body := fullText("a", 100)
	b.apply(wrote("a.txt", "A", body))
	typo := strings.Replace(body, body[:6], "typo", 1)
	out := b.apply(wrote("a.txt", "A", typo))
	if a := b.life("a.txt").Article; !a.Updated.IsZero() || len(out.Touched) != 1 || out.Touched[0].Before.Rev == out.Touched[0].After.Rev {
		t.Errorf("a typo: updated %v, outcome %+v", a.Updated, out)
	}
	b.apply(wrote("a.txt", "A", typo+fullText("more", 30)))
	corrected := b.now
	if a := b.life("a.txt").Article; !a.Updated.Equal(corrected) {
		t.Errorf("a correction: updated %v", a.Updated)
	}
	said := corrected.Add(30 * time.Minute)
	b.now = b.now.Add(time.Hour)
	b.apply(wrote("a.txt", "A", typo+fullText("more", 30), func(p *article.Parsed) {
		p.Fields.Updated = article.Date{Time: said, From: article.FromFile}
	}))
	if a := b.life("a.txt").Article; !a.Updated.Equal(said) {
		t.Errorf("the file's own: updated %v", a.Updated)
	}
}

func TestEmbargoAppearsAtItsTimeAndNotBefore(t *testing.T) {
	b := begin(t)
	due := monday.Add(2 * time.Hour)
	out := b.apply(wrote("a.txt", "Secret", fullText("a", 50), dated(due)))
	if e := out.Touched[0].After; e.Appeared != 0 || e.Due != due.UnixMilli() {
		t.Fatalf("%+v", e)
	}
	if _, _, err := b.BySlug(t.Context(), "secret"); err == nil {
		t.Error("its slug is known before its time")
	}
	if out := b.applyAt(due.Add(-time.Millisecond)); len(out.Touched) != 0 {
		t.Error("early")
	}
	b.reopen()
	out = b.applyAt(due)
	if len(out.Touched) != 1 || out.Touched[0].After.Appeared != 1 || out.Touched[0].Before.Appeared != 0 {
		t.Fatalf("%+v", out.Touched)
	}
	if out := b.applyAt(monday); len(out.Touched) != 0 || b.life("a.txt").Appeared != 1 {
		t.Error("a clock set back took it away")
	}
}

func TestEndOfAnArticleIsTouchedOnce(t *testing.T) {
	b := begin(t)
	end := monday.Add(time.Hour)
	b.apply(wrote("a.txt", "A", fullText("a", 50), func(p *article.Parsed) { p.Fields.Expires = article.Date{Time: end} }))
	if out := b.applyAt(end.Add(-time.Second)); len(out.Touched) != 0 {
		t.Error("early")
	}
	b.reopen()
	if out := b.applyAt(end); len(out.Touched) != 1 || out.Touched[0].After == nil {
		t.Errorf("at its end: %+v", out.Touched)
	}
	if out := b.applyAt(end.Add(time.Second)); len(out.Touched) != 0 {
		t.Error("twice")
	}
}

func TestGraceOfAWithdrawalIsTouchedOnce(t *testing.T) {
	b := begin(t)
	b.apply(wrote("a.txt", "A", fullText("a", 50)))
	b.apply(gone("a.txt"))
	end := b.now.Add(2 * time.Minute)
	if out := b.applyAt(end.Add(-time.Second)); len(out.Touched) != 0 {
		t.Error("early")
	}
	if out := b.applyAt(end); len(out.Touched) != 1 {
		t.Error("missed")
	}
	if out := b.applyAt(end.Add(time.Second)); len(out.Touched) != 0 {
		t.Error("twice")
	}
}

func TestDraftIsDatedWhenItIsLetGo(t *testing.T) {
	b := begin(t)
	c := wrote("a.txt", "A", fullText("a", 50), draft)
	out := b.apply(c)
	if e := out.Touched[0].After; e.State != article.Drafted || e.Appeared != 0 {
		t.Fatalf("%+v", e)
	}
	id := b.life("a.txt").Article.ID
	b.now = b.now.Add(72 * time.Hour)
	c = wrote("a.txt", "A", fullText("a", 50))
	c.File.ModTime = b.now.UnixNano()
	b.apply(c)
	l := b.life("a.txt")
	if !l.Article.Published.Equal(time.Unix(0, c.File.ModTime)) || l.Article.ID != id || l.Appeared != 1 || !l.Article.Updated.IsZero() {
		t.Errorf("%+v", l)
	}
}

func TestColdStartNumbersByDateWhateverTheBatches(t *testing.T) {
	b := begin(t)
	ctx := t.Context()
	for i, n := range []int{3, 1, 4, 0, 2} {
		c := wrote(string(rune('a'+i))+".txt", "Title", fullText(string(rune('a'+i)), 30), dated(monday.Add(-time.Duration(100-n)*time.Hour)))
		if _, err := b.Apply(ctx, article.Batch{Now: monday, More: true, Changes: []article.Change{c}}); err != nil {
			t.Fatal(err)
		}
		b.reopen() // a restart between changes nothing
	}
	out := b.applyAt(monday)
	if len(out.Touched) != 5 {
		t.Fatalf("%d touched", len(out.Touched))
	}
	for i, n := range []int{3, 1, 4, 0, 2} {
		if got := b.life(string(rune('a'+i)) + ".txt").Appeared; got != uint32(n)+1 {
			t.Errorf("%c appeared %d, want %d", 'a'+i, got, n+1)
		}
	}
}
