package publish_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"feedwright/article"
	"feedwright/feed"
	"feedwright/publish"
)

// What max_bytes would cut from a page of an archive would be nowhere: such a
// page is as long as its articles are, and the owner is told loudly.
func TestALongPageOfTheArchiveIsWholeAndWarnedOfLoudly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := settings()
		set.Content = feed.Full
		var log bytes.Buffer
		h := openWith(t, t.TempDir(), set, func(o *publish.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
		defer h.stop()
		var all []article.Change
		for i := range set.Items {
			all = append(all, file(fmt.Sprintf("%d.txt", i), fmt.Sprintf("Long %d", i), func(p *article.Parsed) { p.Body = strings.Repeat("A word of this. ", 70_000) }))
		}
		h.write(all...)
		order, pages := h.walk(rss)
		if len(order) != 1 || len(pages[order[0]]) != set.Items {
			t.Fatalf("the archive has the pages %v", pages)
		}
		path := strings.TrimPrefix(order[0], set.URL)
		want := path + " is 11.2 MB, and hardly any reader takes more than 10 MB: lower feed.items, which is how many articles a page of the archive holds"
		if !strings.Contains(log.String(), "level=ERROR msg=\""+want) {
			t.Errorf("the log does not say %q:\n%s", want, log.String())
		}
		if warnings := strings.Join(h.p.Status().Warnings, "\n"); !strings.Contains(warnings, want) {
			t.Errorf("the status says\n%s", warnings)
		}
	})
}

func TestAnOversizeDocumentIsWarnedOfOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := settings()
		set.MaxBytes = 100 << 20
		set.Feeds[0].MaxBytes, set.Feeds[0].Content = 100<<20, feed.Full
		var log bytes.Buffer
		h := openWith(t, t.TempDir(), set, func(o *publish.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
		defer h.stop()
		long := func(n int) func(*article.Parsed) {
			return func(p *article.Parsed) { p.Body = strings.Repeat("A word of this. ", n/16) }
		}
		h.write(file("a.txt", "Alpha", long(2_000_000)))
		h.get(rss)
		h.get(rss)
		h.write(file("b.txt", "Beta"))
		h.get(rss)
		if n := strings.Count(log.String(), "/rss.xml is 2.0 MB, and many readers give up above 1 MB"); n != 1 {
			t.Errorf("%d warnings in\n%s", n, log.String())
		}
		h.get(feed.Address{Format: feed.RSS, Feed: "partner", Token: "s3cret-s3cret-s3cret"})
		var come, leave []article.Change
		for i := range 9 {
			come = append(come, file(fmt.Sprintf("l%d.txt", i), fmt.Sprintf("Long %d", i), long(1_200_000)))
			leave = append(leave, article.Change{Op: article.Gone, Path: come[i].Path})
		}
		h.write(come...)
		h.get(rss)
		if !strings.Contains(log.String(), "hardly any reader takes more than 10 MB") {
			t.Errorf("a document above 10 MB is not warned of:\n%s", log.String())
		}
		warnings := strings.Join(h.p.Status().Warnings, "\n")
		if !strings.Contains(warnings, "/rss.xml is 1") || !strings.Contains(warnings, "/feeds/partner/rss.xml is") {
			t.Errorf("the status says\n%s", warnings)
		}
		if strings.Contains(warnings+log.String(), "s3cret") {
			t.Error("a secret is told")
		}
		h.write(append(leave, article.Change{Op: article.Gone, Path: "a.txt"})...)
		h.get(rss)
		if warnings := strings.Join(h.p.Status().Warnings, "\n"); strings.Contains(warnings, "\n/rss.xml is") || strings.HasPrefix(warnings, "/rss.xml") {
			t.Errorf("a document that is small again is warned of:\n%s", warnings)
		}
		time.Sleep(time.Second)
	})
}
