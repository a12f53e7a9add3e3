package publish_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"feedwright/article"
	"feedwright/publish"
)

// torn is a real store whose texts cannot be read for a while.
type torn struct {
	article.Store
	broken atomic.Bool
}

func (s *torn) Articles(ctx context.Context, refs []article.Ref) ([]article.Article, error) {
	if s.broken.Load() {
		return nil, errors.New("disk I/O error")
	}
	return s.Store.Articles(ctx, refs)
}

func TestAFeedThatCannotBeMadeKeepsItsLastGoodVersion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := &torn{}
		h := openWith(t, t.TempDir(), settings(), func(o *publish.Options) {
			disk.Store = o.Store
			o.Store = disk
		})
		defer h.stop()
		h.write(file("a.txt", "Alpha"))
		good, before := h.find(rss), h.get(rss)

		disk.broken.Store(true)
		h.write(file("b.txt", "Beta"))
		if got := h.get(rss); got != before || h.find(rss).ETag != good.ETag {
			t.Errorf("while texts cannot be read the feed is:\n%s", got)
		}
		if n := h.p.Status().Counters["failures"]; n == 0 {
			t.Error("the failure is not counted")
		}

		disk.broken.Store(false)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if got := h.get(rss); !strings.Contains(got, "Alpha") || !strings.Contains(got, "Beta") {
			t.Errorf("once they can be read again the feed is:\n%s", got)
		}
		if now := h.find(rss); now.ETag == good.ETag || !now.LastModified.After(good.LastModified) {
			t.Error("validators did not move with the bytes")
		}
	})
}
