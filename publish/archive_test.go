package publish_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"feedwright/article"
	"feedwright/feed"
)

func TestAFilterIsPagedByAppearance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := settings()
		set.Items = 3
		h := open(t, t.TempDir(), set)
		defer h.stop()
		for i := range 11 {
			h.write(file(fmt.Sprintf("%d.txt", i), fmt.Sprintf("Story %d", i), dated(time.Now().Add(-time.Duration(i*7%11)*time.Hour))))
		}
		a, err := parse("/atom.xml?q=category:world+-tag:none")
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		s := h.sheet(a)
		pages := 1
		for ; ; pages++ {
			for _, title := range s.titles {
				seen[title] = true
			}
			if s.archive || s.complete || s.links["prev-archive"] != "" {
				t.Errorf("%+v is no page that may shift", s)
			}
			if s.links["first"] != h.find(a).Self {
				t.Errorf("first is %s", s.links["first"])
			}
			next := s.links["next"]
			if next == "" {
				break
			}
			s = h.sheet(at(t, set, next))
		}
		if len(seen) != 11 || pages > 6 {
			t.Errorf("%d pages hold %d of 11 articles", pages, len(seen))
		}
		b, err := parse("/feed.json?q=category:world+-tag:none")
		if err != nil {
			t.Fatal(err)
		}
		if s := h.sheet(b); !strings.Contains(s.links["next"], "/feed.json?before=") {
			t.Errorf("next_url is %q", s.links["next"])
		}
	})
}

func TestWhatMaxBytesCutsIsInTheArchive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := settings()
		set.MaxBytes = 1500
		h := open(t, t.TempDir(), set)
		defer h.stop()
		for i := range 8 {
			h.write(file(fmt.Sprintf("%d.txt", i), fmt.Sprintf("Story %d", i)))
		}
		top := h.sheet(atom)
		if top.complete || len(top.titles) >= 8 || top.links["prev-archive"] == "" {
			t.Errorf("%+v", top)
		}
		if _, pages := h.walk(atom); len(all(pages)) != 8 {
			t.Errorf("%v", pages)
		}
		a, err := parse("/atom.xml?q=category:world+-tag:none")
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for s := h.sheet(a); ; s = h.sheet(at(t, set, s.links["next"])) {
			for _, title := range s.titles {
				seen[title] = true
			}
			if s.complete {
				t.Errorf("%+v is said to be complete", s)
			}
			if s.links["next"] == "" {
				break
			}
		}
		if len(seen) != 8 {
			t.Errorf("%d of 8 articles are on the filter's pages", len(seen))
		}
	})
}

// TestAClosedPageIsThereWhenItsArticlesAreNot: a page that was closed keeps its
// address, and whoever lists the pages finds each.
func TestAClosedPageIsThereWhenItsArticlesAreNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := settings()
		set.Items = 2
		h := open(t, t.TempDir(), set)
		defer h.stop()
		for n := range 6 {
			h.write(file(fmt.Sprintf("%d.txt", n), fmt.Sprintf("Story %d", n), dated(time.Now()), func(p *article.Parsed) {
				if n > 2 {
					p.Fields.Expires = article.Date{Time: time.Now().Add(time.Hour), From: article.FromFile}
				}
			}))
		}
		time.Sleep(2 * time.Hour)
		n := 0
		if err := h.p.Archives(func(a feed.Address) error {
			n++
			_, err := h.p.Find(t.Context(), a)
			return err
		}); err != nil || n < 6 {
			t.Errorf("of %d documents: %v", n, err)
		}
		if _, err := h.p.Find(t.Context(), feed.Address{Format: feed.RSS, Archive: 7}); !errors.Is(err, article.ErrNotFound) {
			t.Errorf("a page that never was: %v", err)
		}
	})
}

func TestAnArchiveDocumentKeepsItsBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := settings()
		set.Items = 3
		h := open(t, t.TempDir(), set)
		defer h.stop()
		n := 0
		add := func(back time.Duration) {
			n++
			h.write(file(fmt.Sprintf("%d.txt", n), fmt.Sprintf("Story %d", n), dated(time.Now().Add(-back))))
		}
		for range 7 {
			add(0)
		}
		first := feed.Address{Format: feed.RSS, Archive: 3}
		want, answer := h.get(first), h.find(first)
		for range 9 {
			add(1000 * time.Hour) // with an old date
		}
		if got := h.get(first); got != want {
			t.Errorf("a closed page changed:\n%s", cmp.Diff(want, got))
		}
		if h.find(first) != answer {
			t.Error("a closed page was made anew")
		}
		if _, err := h.p.Find(t.Context(), feed.Address{Format: feed.RSS, Archive: 1000}); !errors.Is(err, article.ErrNotFound) {
			t.Errorf("a page that is not there yet: %v", err)
		}
		private := feed.Address{Format: feed.RSS, Feed: "partner", Token: "s3cret-s3cret-s3cret", Archive: 3}
		if _, err := h.p.Find(t.Context(), private); !errors.Is(err, article.ErrNotFound) {
			t.Errorf("a private feed's archive: %v", err)
		}
	})
}

func TestPagesLeftOpenAreClosedAtTheNextStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := settings()
		h := open(t, t.TempDir(), set)
		for i := range 8 {
			h.write(file(fmt.Sprintf("%d.txt", i), fmt.Sprintf("Story %d", i)))
		}
		h.stop()
		set.Items = 3 // as if a crash had come between the articles and their pages
		h = open(t, h.dir, set)
		defer h.stop()
		time.Sleep(2 * time.Second)
		order, pages := h.walk(atom)
		if len(order) != 3 || len(all(pages)) != 8 || len(pages[order[2]]) != 3 {
			t.Errorf("%v", pages)
		}
		cuts, err := h.st.Cuts(t.Context())
		if err != nil || len(cuts) == 0 {
			t.Errorf("nothing is written down: %v, %v", cuts, err)
		}
	})
}
