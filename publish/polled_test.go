package publish_test

import (
	"bytes"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"feedwright/feed"
	"feedwright/publish"
)

// polled are the addresses and tags of the feeds that another's hub is told of.
func (h *house) polled() map[string]string {
	all := map[string]string{}
	for _, ans := range h.p.Polled(h.t.Context()) {
		all[ans.Self] = ans.ETag
	}
	return all
}

// TestPolledAreThePublicFeedsAskedForLately: over changes and restarts, and
// asking for them keeps none of them.
func TestPolledAreThePublicFeedsAskedForLately(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := settings()
		set.Hub = "https://hub.example.org/"
		dir := t.TempDir()
		h := open(t, dir, set)
		h.write(file("a.txt", "Alpha"))
		if got := h.polled(); len(got) != 0 {
			t.Errorf("nobody asked, and polled are %v", got)
		}
		page := feed.Address{Format: feed.HTML}
		secret := feed.Address{Format: feed.RSS, Feed: "partner", Token: "s3cret-s3cret-s3cret"}
		for _, a := range []feed.Address{rss, world, page, secret} {
			h.find(a)
		}
		want := []string{h.find(rss).Self, h.find(world).Self}
		same := func(when string, want ...string) {
			t.Helper()
			got := h.polled()
			if len(got) != len(want) || slices.ContainsFunc(want, func(s string) bool { return got[s] == "" }) {
				t.Errorf("%s polled are %v, want %v", when, got, want)
			}
		}
		same("at first", want...)
		before := h.polled()
		h.write(file("b.txt", "Beta"))
		if got := h.polled(); got[want[0]] == before[want[0]] || got[want[0]] != h.find(rss).ETag {
			t.Errorf("after a change the tags are %v, before %v", got, before)
		}
		h.stop()
		h = open(t, dir, set)
		same("after a restart", want...)
		for range 5 {
			time.Sleep(time.Hour)
			h.polled()
			h.write(file("c.txt", "Gamma of "+time.Now().String()))
		}
		same("after hours in which nobody asked")
		h.stop()
	})
}

// TestPrivateFeedsNameNoHubButOurOwn and pages of archives none.
func TestPrivateFeedsNameNoHubButOurOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const hub = "https://lantern.example.org/news/hub"
		for _, own := range []bool{true, false} {
			set := settings()
			set.Hub, set.OwnHub, set.Items = hub, own, 1
			var served atomic.Int64
			h := openWith(t, t.TempDir(), set, func(o *publish.Options) { o.Served = func() { served.Add(1) } })
			before := served.Load()
			h.write(file("a.txt", "Alpha"))
			h.write(file("b.txt", "Beta"))
			if n := served.Load() - before; n != 2 {
				t.Errorf("of two editions %d were told", n)
			}
			for _, c := range []struct {
				feed.Address
				want bool
			}{
				{rss, true}, {world, true}, {feed.Address{Format: feed.RSS, Feed: "partner", Token: "s3cret-s3cret-s3cret"}, own},
				{feed.Address{Format: feed.RSS, Feed: "partner", Token: "s3cret-s3cret-s3cret", Basic: true}, own},
				{feed.Address{Format: feed.Atom, Archive: 1}, false}, {feed.Address{Format: feed.HTML}, false}, {feed.Address{Format: feed.OPML}, false},
			} {
				a, want := c.Address, c.want
				ans := h.find(a)
				body, err := ans.Body(t.Context(), feed.Identity)
				if err != nil {
					t.Fatal(err)
				}
				if named := bytes.Contains(body, []byte(hub)); named != want || (ans.Hub == hub) != want {
					t.Errorf("%s with a hub of our own %v: the answer names %q, the document a hub %v", a.Path(), own, ans.Hub, named)
				}
			}
			h.stop()
		}
	})
}
