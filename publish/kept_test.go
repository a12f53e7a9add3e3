package publish_test

import (
	"testing"
	"testing/synctest"

	"feedwright/feed"
)

// rounds is how often something random is done: seldom with -short, as under
// the race detector, whose own finds need no long histories.
func rounds(all, short int) int {
	if testing.Short() {
		return short
	}
	return all
}

// What most polls ask for is found by its path alone, and costs no memory.
func TestKeptDocumentIsFoundByItsPath(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("a.txt", "Alpha"))
		if _, ans := h.p.Kept("/category/world/rss.xml"); ans != nil {
			t.Error("a document that nobody asked for is kept")
		}
		for _, a := range []feed.Address{rss, world} {
			ans := h.find(a)
			got, kept := h.p.Kept(a.Path())
			if kept != ans || got.Path() != a.Path() {
				t.Errorf("%s: Kept gave %v of %s", a.Path(), kept, got.Path())
			}
		}
		if _, ans := h.p.Kept("/rss.xml?limit=50"); ans != nil {
			t.Error("an address that is not canonical was found")
		}
		if n := testing.AllocsPerRun(100, func() { h.p.Kept("/category/world/rss.xml") }); n != 0 {
			t.Errorf("%v allocations", n)
		}
	})
}

// A private feed is never found without its token.
func TestPrivateFeedIsNotFoundByItsPathAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("a.txt", "Alpha"))
		a := feed.Address{Format: feed.RSS, Feed: "partner", Token: "s3cret-s3cret-s3cret", Basic: true}
		h.find(a)
		for _, p := range []string{a.Path(), "/feeds/partner/rss.xml", "/feeds/partner/s3cret-s3cret-s3cret/rss.xml"} {
			if _, ans := h.p.Kept(p); ans != nil {
				t.Errorf("%s gave a private feed", p)
			}
		}
	})
}
