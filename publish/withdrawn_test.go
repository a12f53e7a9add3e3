package publish_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"feedwright/article"
	"feedwright/feed"
)

func expiring(at time.Time) func(*article.Parsed) {
	return func(p *article.Parsed) { p.Fields.Expires = article.Date{Time: at, From: article.FromFile} }
}

func drafted(p *article.Parsed) { p.Fields.Draft = true }

var (
	atom  = feed.Address{Format: feed.Atom}
	sport = feed.Address{Format: feed.Atom, Selector: article.Lone(article.Category, "sport")}
)

func TestAWithdrawnArticleLeavesATombstone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := settings()
		set.Grace, set.Tombstones = 2*time.Minute, 24*time.Hour
		h := open(t, t.TempDir(), set)
		defer func() { h.stop() }()
		h.write(
			file("a.txt", "Alpha", identified("urn:x:alpha")), file("b.txt", "Beta"), file("s.txt", "Sports", in("Sport")),
			file("d.txt", "Never seen", drafted, identified("urn:x:draft")),
			file("e.txt", "Short-lived", expiring(time.Now().Add(time.Hour)), identified("urn:x:expired")))
		page := feed.Address{Format: feed.HTML, Article: "alpha"}
		before := h.sheet(atom)
		time.Sleep(2 * time.Hour) // one expires
		left := time.Now()
		gone := []article.Change{{Op: article.Gone, Path: "a.txt"}, {Op: article.Gone, Path: "d.txt"}, {Op: article.Gone, Path: "e.txt"}}
		h.write(gone...)

		s := h.sheet(atom)
		if len(s.dead) != 0 || strings.Contains(h.get(atom), "Alpha") {
			t.Errorf("within the grace: %+v", s)
		}
		if !strings.Contains(h.get(page), "Alpha") {
			t.Error("within the grace the page is not shown")
		}
		if s.updated != before.updated {
			t.Errorf("within the grace the feed's date went from %s to %s", before.updated, s.updated)
		}
		time.Sleep(2*time.Minute + time.Second)
		s = h.sheet(atom)
		want := map[string]string{"urn:x:alpha": left.UTC().Truncate(time.Second).Format(time.RFC3339)}
		if diff := cmp.Diff(want, s.dead); diff != "" {
			t.Errorf("after the grace (-want +got):\n%s", diff)
		}
		if doc := h.get(atom); strings.Index(doc, "deleted-entry") > strings.Index(doc, "<entry") {
			t.Error("the tombstone stands after an entry")
		}
		if _, err := h.p.Find(t.Context(), page); !errors.Is(err, article.ErrGone) {
			t.Errorf("after the grace the page is %v", err)
		}
		if s := h.sheet(sport); len(s.dead) != 0 {
			t.Errorf("a feed that never held it tells of it: %v", s.dead)
		}
		if doc := h.get(rss) + h.get(feed.Address{Format: feed.JSON}); strings.Contains(doc, "urn:x:alpha") {
			t.Error("RSS or JSON tells of it")
		}

		h.stop()
		h = open(t, h.dir, set)
		if diff := cmp.Diff(want, h.sheet(atom).dead); diff != "" {
			t.Errorf("after a restart (-want +got):\n%s", diff)
		}
		tag := h.find(atom).ETag
		time.Sleep(24 * time.Hour)
		s = h.sheet(atom)
		if len(s.dead) != 0 || h.find(atom).ETag == tag {
			t.Errorf("after its time the tombstone still stands: %v", s.dead)
		}
		if s.updated != left.UTC().Truncate(time.Second).Format(time.RFC3339) {
			t.Errorf("the feed's date fell to %s", s.updated)
		}
	})
}

func TestAReturningFileTakesItsTombstoneBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := settings()
		set.Grace, set.Tombstones = time.Minute, time.Hour
		h := open(t, t.TempDir(), set)
		defer h.stop()
		a := file("a.txt", "Alpha", identified("urn:x:alpha"))
		h.write(a, file("b.txt", "Beta"))
		h.write(article.Change{Op: article.Gone, Path: "a.txt"})
		time.Sleep(5 * time.Minute)
		dated := h.sheet(atom)
		if len(dated.dead) != 1 {
			t.Fatalf("%+v", dated)
		}
		h.write(a)
		s := h.sheet(atom)
		if len(s.dead) != 0 || len(s.titles) != 2 {
			t.Errorf("%+v", s)
		}
		if s.updated < dated.updated {
			t.Errorf("the feed's date fell from %s to %s", dated.updated, s.updated)
		}
		if !strings.Contains(h.get(feed.Address{Format: feed.HTML, Article: "alpha"}), "Alpha") {
			t.Error("its page is not back")
		}
	})
}

func TestATombstoneStandsOnThePageOfTheArchive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := settings()
		set.Items, set.Tombstones = 2, time.Hour
		h := open(t, t.TempDir(), set)
		defer h.stop()
		for _, n := range []string{"a", "b", "c", "d", "e"} {
			h.write(file(n+".txt", "Story "+n, identified("urn:x:"+n)))
		}
		h.write(article.Change{Op: article.Gone, Path: "a.txt"})
		first, second := feed.Address{Format: feed.Atom, Archive: 2}, feed.Address{Format: feed.Atom, Archive: 4}
		if s := h.sheet(first); len(s.dead) != 1 || len(s.titles) != 1 {
			t.Errorf("%+v", s)
		}
		if s := h.sheet(second); len(s.dead) != 0 || len(s.titles) != 2 {
			t.Errorf("%+v", s)
		}
	})
}

func TestNoTombstonesAreWantedAndNoneStand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("a.txt", "Alpha"), file("b.txt", "Beta"))
		before := h.sheet(atom)
		time.Sleep(time.Hour)
		h.write(article.Change{Op: article.Gone, Path: "a.txt"})
		if s := h.sheet(atom); len(s.dead) != 0 || s.updated <= before.updated {
			t.Errorf("%+v, before %s", s, before.updated)
		}
	})
}
