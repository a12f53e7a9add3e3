package store_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feedwright/article"
	"feedwright/store"
)

// lose deletes the database and opens a new one beside the ledger's copy.
func (b *bench) lose() {
	b.Helper()
	if err := b.Store.Close(); err != nil {
		b.Fatal(err)
	}
	b.drop()
	b.open()
}

func (b *bench) drop() {
	b.Helper()
	files, err := filepath.Glob(filepath.Join(b.dir, "feedwright.db*"))
	if err != nil || len(files) == 0 {
		b.Fatal("no database to lose", err)
	}
	for _, f := range files {
		if err := os.Remove(f); err != nil {
			b.Fatal(err)
		}
	}
}

func TestLostDatabaseIsReadFromTheCopy(t *testing.T) {
	b := begin(t)
	body := fullText("moved", 60)
	b.apply(wrote("a.txt", "Weather", fullText("a", 50), func(p *article.Parsed) { p.Fields.Categories = []string{"C#", "C++"} }),
		wrote("old.txt", "Weather", body), wrote("gone.txt", "Gone", fullText("gone", 50)))
	b.apply(gone("old.txt"), gone("gone.txt"), wrote("new.txt", "Weather", body))
	old := b.life("new.txt").Article.Slug
	b.apply(wrote("new.txt", "Weather", body, slugged("fair")), wrote("later.txt", "Later", fullText("l", 50), dated(monday.Add(99*time.Hour))))
	was, terms := b.entries(), fmt.Sprint(b.spellings())
	lives := map[string]article.Life{}
	for _, p := range []string{"a.txt", "new.txt", "later.txt"} {
		lives[p] = b.life(p)
	}

	b.lose()
	if !b.Fresh() || !strings.Contains(b.LedgerSentence(), "4 articles") {
		t.Errorf("fresh %v, %s", b.Fresh(), b.LedgerSentence())
	}
	b.now = b.now.Add(90 * time.Minute)
	b.apply(wrote("later.txt", "Later", fullText("l", 50), dated(monday.Add(99*time.Hour))), wrote("new.txt", "Weather", body, slugged("fair")),
		wrote("a.txt", "Weather", fullText("a", 50), func(p *article.Parsed) { p.Fields.Categories = []string{"C++", "C#"} }))
	for p, l := range lives {
		is := b.life(p)
		if is.Article.ID != l.Article.ID || !is.Article.Published.Equal(l.Article.Published) || is.Article.Slug != l.Article.Slug ||
			is.Appeared != l.Appeared || !is.FirstSeen.Equal(l.FirstSeen) || is.IDFrom != l.IDFrom || is.Article.Number != l.Article.Number {
			t.Errorf("%s was %+v, is %+v", p, l, is)
		}
	}
	for n, e := range b.entries() {
		if w := was[n]; w.State != e.State || w.Changed != e.Changed || n != lives["a.txt"].Article.Number && w.Rev != e.Rev {
			t.Errorf("entry was %+v, is %+v", w, e)
		}
	}
	if now := fmt.Sprint(b.spellings()); now != terms {
		t.Errorf("spellings were %s, are %s", terms, now)
	}
	if _, slug, err := b.BySlug(t.Context(), old); err != nil || slug != "fair" {
		t.Errorf("the old slug leads to %q, %v", slug, err)
	}
	b.apply(wrote("gone.txt", "Gone", fullText("gone", 50)))
	if is := b.life("gone.txt"); is.Article.Slug != "gone" || is.Article.Number != 3 && is.Article.Number != 1 && is.Article.Number != 2 {
		t.Errorf("a withdrawn article came back as %+v", is.Article)
	}
}

func (b *bench) spellings() []article.Spelling {
	b.Helper()
	list, err := b.Spellings(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return list
}

func TestRenameWhileTheDatabaseWasLostIsFollowed(t *testing.T) {
	b := begin(t)
	b.apply(wrote("a.txt", "A", fullText("a", 60)))
	id := b.life("a.txt").Article.ID
	b.lose()
	b.apply(wrote("z/b.txt", "A", fullText("a", 60)))
	if got := b.life("z/b.txt").Article.ID; got != id {
		t.Errorf("id %s, want %s", got, id)
	}
}

func TestDamagedCopyGivesWhatIsLeftAndSaysSo(t *testing.T) {
	var log bytes.Buffer
	b := begin(t, func(o *store.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	b.apply(wrote("a.txt", "A", fullText("a", 50)), wrote("b.txt", "B", fullText("b", 50)), wrote("c.txt", "C", fullText("c", 50)))
	was := ids(b)
	if err := b.Store.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(b.opt.Ledger)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(raw, []byte("\n"))
	var merged []byte
	for i, l := range lines {
		switch {
		case bytes.Contains(l, []byte(`"b.txt"`)):
			merged = append(merged, "<<<<<<< ours\n"+string(l)+"=======\n"+string(l)+">>>>>>> theirs\n"...)
		case i == 1:
			merged = append(merged, "\x00 no JSON\n{\"id\":7}\n"+string(l)...)
		default:
			merged = append(merged, l...)
		}
	}
	merged = append(merged, `{"id":"urn:uuid:torn","path":"t`...)
	if err := os.WriteFile(b.opt.Ledger, merged, 0o644); err != nil {
		t.Fatal(err)
	}
	b.drop()
	b.open()
	s := b.LedgerSentence()
	for _, want := range []string{"3 articles", "merge", "2 lines", "line 2", "cut off"} {
		if !strings.Contains(s, want) || want != "3 articles" && !strings.Contains(log.String(), want) {
			t.Errorf("%q is not in %q, or not in the log %s", want, s, &log)
		}
	}
	b.apply(wrote("a.txt", "A", fullText("a", 50)), wrote("b.txt", "B", fullText("b", 50)), wrote("c.txt", "C", fullText("c", 50)))
	if is := ids(b); fmt.Sprint(is) != fmt.Sprint(was) {
		t.Errorf("ids were %v, are %v", was, is)
	}
	if err := b.Store.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err = os.ReadFile(b.opt.Ledger)
	if err != nil || bytes.Contains(raw, []byte("<<<<")) || bytes.Contains(raw, []byte("torn")) {
		t.Errorf("the copy was not put in order: %s %v", raw, err)
	}
}

func TestCopyIsOneLineAnArticleInPathOrder(t *testing.T) {
	b := begin(t)
	for i := range 9 {
		b.apply(wrote(fmt.Sprintf("%d.txt", 9-i), "T", fullText(fmt.Sprint(i), 40)))
		b.apply(wrote(fmt.Sprintf("%d.txt", 9-i), "T edited", fullText(fmt.Sprint(i), 40)))
	}
	if err := b.Upkeep(t.Context(), b.now); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(b.opt.Ledger)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	if len(lines) != 10 || !strings.Contains(lines[0], siteID) {
		t.Fatalf("copy:\n%s", raw)
	}
	for i, l := range lines[1:] {
		if want := fmt.Sprintf(`"path":"%d.txt"`, i+1); !strings.Contains(l, want) {
			t.Errorf("line %d is %s", i+2, l)
		}
	}
	b.reopen()
	if again, err := os.ReadFile(b.opt.Ledger); err != nil || !bytes.Equal(again, raw) {
		t.Error("a restart changed the copy")
	}
}

func TestLineLostBetweenCommitAndCopyIsMended(t *testing.T) {
	b := begin(t)
	b.apply(wrote("a.txt", "A", fullText("a", 50)))
	before, err := os.ReadFile(b.opt.Ledger)
	if err != nil {
		t.Fatal(err)
	}
	b.apply(wrote("b.txt", "B", fullText("b", 50), func(p *article.Parsed) { p.Fields.Tags = []string{"new"} }))
	whole, _ := os.ReadFile(b.opt.Ledger)
	// As if the process had been killed before the line was written: the
	// database as it stands, the copy as it was.
	dir := t.TempDir()
	for _, suffix := range []string{"", "-wal"} {
		raw, err := os.ReadFile(filepath.Join(b.dir, "feedwright.db"+suffix))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "feedwright.db"+suffix), raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	opt := options(dir)
	if err := os.WriteFile(opt.Ledger, before, 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	mended, err := os.ReadFile(opt.Ledger)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(whole)) {
		if !bytes.Contains(mended, []byte(line)) {
			t.Errorf("the copy lacks %s", line)
		}
	}
}

func TestUnwritableCopyDoesNotStop(t *testing.T) {
	var log bytes.Buffer
	dir := t.TempDir()
	b := begin(t, func(o *store.Options) {
		o.Ledger = filepath.Join(dir, "not", "there", "ledger")
		o.Log = slog.New(slog.NewTextHandler(&log, nil))
	})
	b.apply(wrote("a.txt", "A", fullText("a", 50)))
	b.apply(wrote("b.txt", "B", fullText("b", 50)))
	if n := strings.Count(log.String(), "level=WARN"); n != 1 || !strings.Contains(b.LedgerSentence(), "make it writable") {
		t.Errorf("%d warnings: %s; %s", n, &log, b.LedgerSentence())
	}
	if err := os.MkdirAll(filepath.Dir(b.opt.Ledger), 0o755); err != nil {
		t.Fatal(err)
	}
	b.apply(wrote("c.txt", "C", fullText("c", 50)))
	raw, err := os.ReadFile(b.opt.Ledger)
	if err != nil || bytes.Count(raw, []byte(`"path"`)) != 3 {
		t.Errorf("when it could be written again: %s %v", raw, err)
	}
}

func TestMergedCopyTeachesARunningDatabase(t *testing.T) {
	a, b := begin(t), begin(t)
	a.apply(wrote("a.txt", "A", fullText("a", 50)))
	b.apply(wrote("x.txt", "X", fullText("x", 50)))
	b.apply(gone("x.txt"), wrote("y.txt", "X", fullText("x", 50)))
	id := b.life("y.txt").Article.ID
	for _, s := range []*bench{a, b} {
		if err := s.Store.Close(); err != nil {
			t.Fatal(err)
		}
	}
	other, err := os.ReadFile(b.opt.Ledger)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(a.opt.Ledger, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(other); err != nil {
		t.Fatal(err)
	}
	f.Close()
	a.open()
	a.apply(wrote("y.txt", "X", fullText("x", 50)))
	if got := a.life("y.txt"); got.Article.ID != id || got.Article.Number == a.life("a.txt").Article.Number || got.Appeared == a.life("a.txt").Appeared {
		t.Errorf("%+v", got)
	}
}

func TestSiteIDIsFoundInOrder(t *testing.T) {
	none := func(o *store.Options) { o.SiteID, o.SiteURL = "", "" }
	b := begin(t, none)
	if b.SiteIDFrom() != "new" {
		t.Error(b.SiteIDFrom())
	}
	id := b.SiteID()
	b.apply(wrote("a.txt", "A", fullText("a", 50)))
	b.opt.SiteURL = "https://news.example.org/x"
	b.reopen()
	if b.SiteID() != id || b.SiteIDFrom() != "ledger" {
		t.Error(b.SiteIDFrom())
	}
	b.lose()
	if b.SiteID() != id || b.SiteIDFrom() != "ledger copy" {
		t.Error(b.SiteIDFrom())
	}
	for url, public := range map[string]bool{"https://news.example.org/x": true, "http://localhost:8080": false, "http://192.168.1.2": false, "http://nas.local/": false, "": false} {
		c := begin(t, none, func(o *store.Options) { o.SiteURL = url })
		if (c.SiteIDFrom() == "site.url") != public {
			t.Errorf("%q: %s", url, c.SiteIDFrom())
		}
	}
	c, d := begin(t, none, func(o *store.Options) { o.SiteURL = "http://a.org/x" }), begin(t, none, func(o *store.Options) { o.SiteURL = "https://A.org:443/y" })
	if c.SiteID() != d.SiteID() {
		t.Error("one host, two sites")
	}
	opt := options(t.TempDir())
	opt.SiteID = "my site"
	if _, err := store.Open(t.Context(), opt); err == nil || !strings.Contains(err.Error(), "UUID") {
		t.Error(err)
	}
}

func TestCopyOfAnotherSiteIsLeftAlone(t *testing.T) {
	b, other := begin(t), begin(t, func(o *store.Options) { o.SiteID = "11111111-3f5a-4c1e-9b7e-1d1d3f0c2a55" })
	b.apply(wrote("a.txt", "A", fullText("a", 50)))
	other.apply(wrote("x.txt", "A longer title", fullText("x", 50)))
	if err := other.Store.Close(); err != nil {
		t.Fatal(err)
	}
	theirs, err := os.ReadFile(other.opt.Ledger)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Store.Close(); err != nil {
		t.Fatal(err)
	}
	b.opt.Ledger = other.opt.Ledger
	b.open()
	b.apply(wrote("b.txt", "B", fullText("b", 50)))
	b.reopen()
	if now, err := os.ReadFile(other.opt.Ledger); err != nil || !bytes.Equal(now, theirs) || !strings.Contains(b.LedgerSentence(), "another site") {
		t.Errorf("%s, %v", b.LedgerSentence(), err)
	}
}
