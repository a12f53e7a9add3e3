//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// story is a Markdown article. words are its text.
func story(title, category, words string) string {
	return fmt.Sprintf("---\ntitle: %q\ndate: 2025-11-20 09:00\ncategories: [%s]\nauthor: Marta Linde\n---\n%s\n", title, category, words)
}

// formats are the files of a feed.
var formats = []string{"rss.xml", "atom.xml", "feed.json"}

// in waits until every feed of the folders holds words, and no other does.
func (s *site) in(words string, feeds ...string) {
	s.t.Helper()
	s.hold(words, true, feeds)
}

// gone waits until no feed of the folders holds words any more.
func (s *site) gone(words string, feeds ...string) {
	s.t.Helper()
	s.hold(words, false, feeds)
}

func (s *site) hold(words string, want bool, feeds []string) {
	s.t.Helper()
	for _, dir := range feeds {
		for _, f := range formats {
			s.await(fmt.Sprintf("%s%s: holds %q: %v", dir, f, words, want), func() error {
				r, err := s.ask(s.url(dir + f))
				if err != nil {
					return err
				}
				if got := r.code == 200 && strings.Contains(string(r.body), words); got != want {
					return fmt.Errorf("%d, %d bytes", r.code, len(r.body))
				}
				return nil
			})
		}
	}
}

func TestFileWrittenWhileRunningIsInAllItsFeeds(t *testing.T) {
	t.Parallel()
	s := newSite(t, "site: {title: The Lantern}")
	s.article("first.md", story("A calm sea", "Weather", "Nothing moved."))
	s.start()
	s.article("gale.md", story("Gale warning", "Weather, Harbour", "Wind from the north-west."))
	s.in("Gale warning", "/", "/category/weather/", "/category/harbour/")
	s.in("Gale warning", "/author/marta-linde/")
	if r := s.get("/category/harbour/rss.xml"); strings.Contains(string(r.body), "A calm sea") {
		t.Errorf("an article of Weather alone is in Harbour's feed")
	}
	if r := s.get("/feed.json?category=weather&category=-harbour"); !strings.Contains(string(r.body), "A calm sea") || strings.Contains(string(r.body), "Gale warning") {
		t.Errorf("weather without harbour gives:\n%s", r.body)
	}
	if r := s.get("/"); !strings.Contains(string(r.body), "Gale warning") {
		t.Errorf("the front page does not show the new article")
	}
}

// TestEveryArticleIsInItsLanguagesFeed asks for articles that name no language
// too: the feeds call them the site's.
func TestEveryArticleIsInItsLanguagesFeed(t *testing.T) {
	t.Parallel()
	s := newSite(t, "site: {title: The Lantern, language: en}")
	s.article("named.md", "---\ntitle: Sturmwarnung\nlang: de\n---\nWind aus Nordwest.\n")
	s.article("unnamed.md", story("Gale warning", "Weather", "Wind."))
	s.start()
	s.in("Sturmwarnung", "/lang/de/")
	s.in("Gale warning", "/lang/en/")
}

func TestDeletedFileLeavesItsFeeds(t *testing.T) {
	t.Parallel()
	s := newSite(t, "site: {title: The Lantern}\nsource: {grace: 1s}")
	s.article("stays.md", story("A calm sea", "Weather", "Nothing moved."))
	s.article("goes.md", story("Gale warning", "Weather", "Wind from the north-west."))
	s.start()
	page := s.titled("Gale warning").URL
	s.remove("articles/goes.md")
	s.gone("Gale warning", "/", "/category/weather/")
	s.in("A calm sea", "/", "/category/weather/")
	s.await("the page is gone too", func() error {
		r, err := s.ask(page)
		if err != nil || r.code == 410 || r.code == 404 {
			return err
		}
		return fmt.Errorf("%s answers %d", page, r.code)
	})
}

func TestEditedFileChangesAndKeepsItsID(t *testing.T) {
	t.Parallel()
	s := newSite(t, "site: {title: The Lantern}")
	s.article("gale.md", story("Gale warning", "Weather", "Wind from the nort-west."))
	s.start()
	before := s.titled("Gale warning")
	s.article("gale.md", story("Gale warning", "Weather", "Wind from the north-west."))
	s.in("north-west", "/", "/category/weather/")
	s.gone("nort-west", "/", "/category/weather/")
	after := s.titled("Gale warning")
	if after.ID != before.ID || after.Published != before.Published || after.URL != before.URL {
		t.Errorf("an edit made %+v of %+v", after, before)
	}
}

func TestHalfWrittenFileIsPublishedOnceAndWhole(t *testing.T) {
	t.Parallel()
	s := newSite(t, "site: {title: The Lantern}")
	s.article("first.md", story("A calm sea", "Weather", "Nothing moved."))
	s.start()
	whole := story("Gale warning", "Weather", strings.Repeat("Wind from the north-west. ", 400)+"The end.")
	f, err := os.Create(s.path("articles/gale.md"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(whole[:len(whole)/2]); err != nil {
		t.Fatal(err)
	}
	// A slow writer's pause; every answer meanwhile, and after, must hold the
	// whole article or none of it.
	rest := time.After(100 * time.Millisecond)
	end := time.After(3 * time.Second)
	for shown := false; ; {
		list, err := s.items("/feed.json")
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range list {
			if it.Title == "Gale warning" {
				if shown = true; !strings.Contains(it.HTML, "The end.") {
					t.Fatal("half an article was published")
				}
			}
		}
		select {
		case <-rest:
			if _, err := f.WriteString(whole[len(whole)/2:]); err != nil {
				t.Fatal(err)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
		case <-end:
			if len(list) != 2 || !shown {
				t.Fatalf("%d articles instead of 2", len(list))
			}
			return
		default:
		}
	}
}

func TestEditorsWayOfSavingKeepsTheID(t *testing.T) {
	t.Parallel()
	ways := map[string]func(s *site, text string) error{
		"write beside, rename over": func(s *site, text string) error {
			if err := os.WriteFile(s.path("articles/.gale.md.tmp"), []byte(text), 0o644); err != nil {
				return err
			}
			return os.Rename(s.path("articles/.gale.md.tmp"), s.path("articles/gale.md"))
		},
		"rename to backup, write anew": func(s *site, text string) error {
			if err := os.Rename(s.path("articles/gale.md"), s.path("articles/gale.md~")); err != nil {
				return err
			}
			return os.WriteFile(s.path("articles/gale.md"), []byte(text), 0o644)
		},
		"delete, write anew": func(s *site, text string) error {
			if err := os.Remove(s.path("articles/gale.md")); err != nil {
				return err
			}
			return os.WriteFile(s.path("articles/gale.md"), []byte(text), 0o644)
		},
	}
	for name, save := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, "site: {title: The Lantern}")
			s.article("gale.md", story("Gale warning", "Weather", "Wind from the nort-west."))
			s.start()
			before := s.titled("Gale warning")
			if err := save(s, story("Gale warning", "Weather", "Wind from the north-west.")); err != nil {
				t.Fatal(err)
			}
			s.in("north-west", "/")
			if after := s.titled("Gale warning"); after.ID != before.ID || after.Published != before.Published {
				t.Errorf("saving made %+v of %+v", after, before)
			}
			if n := s.status().Published; n != 1 {
				t.Errorf("%d articles are published", n)
			}
		})
	}
}

func TestMovedFileKeepsItsID(t *testing.T) {
	t.Parallel()
	s := newSite(t, "site: {title: The Lantern}")
	s.article("gale.md", "Title: Gale warning\nAuthor: Marta Linde\n\nWind from the north-west, and no category but the folder.\n")
	s.article("calm.md", story("A calm sea", "Weather", "Nothing moved."))
	s.start()
	before := s.titled("Gale warning")
	s.move("articles/gale.md", "articles/storms/2025/north-wester.md")
	s.in("Gale warning", "/category/storms/")
	after := s.titled("Gale warning")
	if after.ID != before.ID || after.Published != before.Published {
		t.Errorf("a move made %+v of %+v", after, before)
	}
	s.remove("articles/calm.md") // a later change, so that the move has been settled for good
	s.gone("A calm sea", "/")
	if last := s.titled("Gale warning"); last.ID != before.ID {
		t.Errorf("some time after the move the id became %s", last.ID)
	}
}

func TestFolderMovedInIsPublishedWhole(t *testing.T) {
	t.Parallel()
	s := newSite(t, "site: {title: The Lantern}")
	s.article("calm.md", story("A calm sea", "Weather", "Nothing moved."))
	for i := range 12 {
		s.put(fmt.Sprintf("elsewhere/deep/%d/report.md", i), story(fmt.Sprintf("Report number %d", i), "Reports", fmt.Sprintf("Report %d has words of its own.", i)))
	}
	s.start()
	s.move("elsewhere", "articles/elsewhere")
	s.await("all of the folder's articles", func() error {
		list, err := s.items("/category/reports/feed.json")
		if err == nil && len(list) != 12 {
			err = fmt.Errorf("%d of 12", len(list))
		}
		return err
	})
	s.article("elsewhere/deep/0/late.md", story("A late report", "Reports", "It came when the folder was there."))
	s.in("A late report", "/category/reports/")
	s.move("articles/elsewhere", "elsewhere")
	s.await("the folder's articles have left", func() error {
		list, err := s.items("/feed.json")
		if err == nil && (len(list) != 1 || list[0].Title != "A calm sea") {
			err = fmt.Errorf("%d articles", len(list))
		}
		return err
	})
}

func TestTouchChangesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t, "site: {title: The Lantern}")
	s.article("gale.md", "Title: Gale warning\n\nWind from the north-west, on no date.\n")
	s.article("calm.md", story("A calm sea", "Weather", "Nothing moved."))
	s.start()
	var before []answer
	for _, f := range formats {
		before = append(before, s.get("/"+f))
	}
	now := time.Now().Add(-time.Minute)
	if err := os.Chtimes(s.path("articles/gale.md"), now, now); err != nil {
		t.Fatal(err)
	}
	s.article("other.md", story("A later change", "Other", "It shows that the touch has been noticed."))
	s.in("A later change", "/category/other/")
	s.remove("articles/other.md")
	s.gone("A later change", "/")
	for i, f := range formats {
		after := s.get("/" + f)
		if want, got := string(before[i].body), string(after.body); !sameArticles(want, got) {
			t.Errorf("%s changed by a touch:\n%s\nwas:\n%s", f, got, want)
		}
	}
	// And alone: a touch with nothing else leaves the ETag.
	still := s.get("/rss.xml")
	if err := os.Chtimes(s.path("articles/calm.md"), now, now); err != nil {
		t.Fatal(err)
	}
	end := time.After(1500 * time.Millisecond)
	for done := false; !done; {
		r := s.get("/rss.xml")
		if r.header.Get("ETag") != still.header.Get("ETag") || r.header.Get("Last-Modified") != still.header.Get("Last-Modified") {
			t.Fatalf("a touch changed %v to %v", still.header, r.header)
		}
		select {
		case <-end:
			done = true
		default:
		}
	}
}

// sameArticles compares documents line by line without the feed's own dates,
// which a withdrawal may raise.
func sameArticles(a, b string) bool {
	lines := func(s string) []string {
		return slices.DeleteFunc(strings.Split(s, "\n"), func(l string) bool {
			l = strings.TrimSpace(l)
			return strings.HasPrefix(l, "<lastBuildDate>") || strings.HasPrefix(l, "<updated>") || strings.HasPrefix(l, "<at:deleted-entry") || strings.HasPrefix(l, "</at:deleted-entry")
		})
	}
	return slices.Equal(lines(a), lines(b))
}

// TestHowSoonANewFileIsVisible measures; it promises only that each file comes.
func TestHowSoonANewFileIsVisible(t *testing.T) {
	const files, settle = 20, 200 * time.Millisecond
	s := newSite(t, "site: {title: The Lantern}")
	s.article("calm.md", story("A calm sea", "Weather", "Nothing moved."))
	s.start()
	var took []time.Duration
	for i := range files {
		title := fmt.Sprintf("Bulletin %d of the day", i)
		text := story(title, "Weather", fmt.Sprintf("Bulletin %d has words of its own.", i))
		s.article(fmt.Sprintf("bulletin-%d.md", i), text)
		written := time.Now()
		for end := written.Add(patience); ; {
			r := s.get("/rss.xml")
			if strings.Contains(string(r.body), title) {
				break
			}
			if time.Now().After(end) {
				t.Fatalf("%s never came", title)
			}
		}
		took = append(took, time.Since(written)-settle)
		// The next one more than a second later, so that no edition waits for
		// the clock's next second.
		<-time.After(time.Until(written.Add(1300 * time.Millisecond)))
	}
	slices.Sort(took)
	t.Logf("from the end of settle to visible: least %v, median %v, most %v", took[0], took[files/2], took[files-1])
}
