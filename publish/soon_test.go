package publish_test

import (
	"testing"
	"testing/synctest"
	"time"

	"feedwright/feed"
)

// Who polls every moment must not be the one who waits until a new document has
// been compressed.
func TestADocumentPolledJustNowIsCompressedBeforeAnybodyAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("a.txt", "Alpha"))
		grown := func(a *feed.Answer, enc feed.Encoding) int64 {
			t.Helper()
			before := h.p.Status().CacheUsed
			if _, err := a.Body(t.Context(), enc); err != nil {
				t.Fatal(err)
			}
			return h.p.Status().CacheUsed - before
		}
		for _, c := range []struct {
			title string
			pause time.Duration
			ready bool
		}{{"Beta", 0, true}, {"Gamma", time.Minute, false}} {
			grown(h.find(rss), feed.Gzip)
			time.Sleep(c.pause)
			h.write(file(c.title+".txt", c.title))
			next := h.find(rss)
			if n := grown(next, feed.Gzip); (n == 0) != c.ready {
				t.Errorf("polled %s before %s came: asked for in gzip, the cache grew by %d", c.pause, c.title, n)
			}
			if n := grown(next, feed.Brotli); n <= 0 {
				t.Errorf("%s: a coding that nobody has asked for was kept", c.title)
			}
		}
	})
}
