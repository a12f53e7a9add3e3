package publish_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"feedwright/article"
	"feedwright/feed"
)

// delta asks as a client does that has a document's state under a tag.
func (h *house) delta(a feed.Address, tags ...string) (sheet, bool) {
	h.t.Helper()
	b, ok, err := h.find(a).Delta(h.t.Context(), tags, feed.Identity)
	if err != nil {
		h.t.Fatal(err)
	}
	if !ok {
		return sheet{}, false
	}
	return read(h.t, a.Format, string(b)), true
}

func TestADeltaHoldsWhatIsNewOrChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("a.txt", "Alpha"), file("b.txt", "Beta"))
		for _, a := range []feed.Address{rss, atom, {Format: feed.JSON}} {
			if _, ok := h.delta(a); ok {
				t.Error("a delta of nothing")
			}
			old := h.find(a).ETag
			if _, ok := h.delta(a, old); ok {
				t.Error("a delta from the present state")
			}
			if _, ok := h.delta(a, "nonsense"); ok {
				t.Error("a delta from a state nobody knows")
			}
			h.write(file("c"+string(a.Format)+".txt", "Gamma "+string(a.Format)))
			s, ok := h.delta(a, "nonsense", old)
			if want := []string{"Gamma " + string(a.Format)}; !ok || !slices.Equal(s.titles, want) {
				t.Errorf("%s: the delta holds %v, want %v", a.Path(), s.titles, want)
			}
			if s.complete {
				t.Error("a delta says that it is complete: readers would delete the rest")
			}
			h.write(file("b.txt", "Beta", func(p *article.Parsed) { p.Body += "\n\nA third paragraph, for " + string(a.Format) + "." }))
			if s, _ := h.delta(a, old); !slices.Contains(s.titles, "Beta") || len(s.titles) != 2 {
				t.Errorf("%s: after an edit the delta holds %v", a.Path(), s.titles)
			}
			h.write(article.Change{Op: article.Gone, Path: "c" + string(a.Format) + ".txt"})
			if s, ok := h.delta(a, old); !ok || !slices.Equal(s.titles, []string{"Beta"}) {
				t.Errorf("%s: after a withdrawal the delta holds %v", a.Path(), s.titles)
			}
		}
	})
}

func TestOnlyTheLastStatesOfFollowedDocumentsAreRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("a.txt", "Alpha"))
		unseen := h.find(rss).ETag // before anybody took a delta
		h.write(file("b.txt", "Beta"))
		if _, ok := h.delta(rss, unseen); ok {
			t.Error("a state was remembered that nobody had asked for so")
		}
		var tags []string
		for i := range 20 {
			tags = append(tags, h.find(rss).ETag)
			h.delta(rss)
			h.write(file("b.txt", fmt.Sprintf("Beta, take %d", i)))
		}
		h.delta(rss)
		var got []bool
		for _, tag := range tags {
			_, ok := h.delta(rss, tag)
			got = append(got, ok)
		}
		want := append(make([]bool, 5), slices.Repeat([]bool{true}, 15)...) // and the present one
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		time.Sleep(25 * time.Hour)
		if _, ok := h.delta(rss, tags[19]); ok {
			t.Error("a state was remembered for more than a day without a request")
		}
	})
}

func TestADeltaTakesTheDocumentsBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := settings()
		set.MaxBytes = 1500
		h := open(t, t.TempDir(), set)
		defer h.stop()
		h.write(file("a.txt", "Alpha"))
		h.delta(atom)
		old := h.find(atom).ETag
		for i := range 8 {
			h.write(file(fmt.Sprintf("%d.txt", i), fmt.Sprintf("Story %d", i)))
		}
		s, ok := h.delta(atom, old)
		if !ok || len(s.titles) >= 8 || strings.Contains(strings.Join(s.titles, " "), "Alpha") {
			t.Errorf("%v %+v", ok, s)
		}
	})
}
