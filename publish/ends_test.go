package publish_test

import (
	"testing"
	"testing/synctest"
	"time"

	"feedwright/article"
	"feedwright/feed"
)

func TestADocumentTellsWhenAMemberWillLeaveIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		start := time.Now()
		end := start.Add(3 * time.Hour).Truncate(time.Second)
		h.write(
			file("a.txt", "A", in("News"), dated(start.Add(-20*time.Minute)), func(p *article.Parsed) { p.Fields.Expires = article.Date{Time: end} }),
			file("b.txt", "B", in("News"), dated(start.Add(-50*time.Minute))),
			file("c.txt", "C", in("Other"), dated(start.Add(-59*time.Minute))),
		)
		ends := func(q string) time.Time {
			t.Helper()
			a, err := parse("/rss.xml?q=" + q)
			if err != nil {
				t.Fatal(err)
			}
			return h.find(a).Ends
		}
		hour := func(published time.Time) time.Time { return published.Truncate(time.Minute).Add(61 * time.Minute) }
		for q, want := range map[string]time.Time{
			"*":                          end,
			"category:other":             {},
			"category:news":              end,
			"category:news+since:1h":     hour(start.Add(-50 * time.Minute)),
			"category:other+since:1h":    hour(start.Add(-59 * time.Minute)),
			"category:news+since:10h":    end,
			"category:other+OR+since:1h": hour(start.Add(-59 * time.Minute)), // too early is no harm
		} {
			if got := ends(q); !got.Equal(want) {
				t.Errorf("%s: %v, want %v", q, got, want)
			}
		}
		if got := h.find(feed.Address{Format: feed.RSS}).MaxAge; got != 15*time.Minute {
			t.Errorf("max-age is the settings' (%v)", got)
		}
		time.Sleep(time.Until(end) + time.Second)
		synctest.Wait()
		if got := ends("*"); !got.IsZero() {
			t.Errorf("after the expiry: %v", got)
		}
	})
}
