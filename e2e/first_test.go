//go:build e2e

package e2e

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestKilledInItsFirstScanItShowsNothingUntilAllIsRead starts the program on
// many articles, kills it several times before it has read them, and polls it
// all the while: nobody is given a part of the feed.
func TestKilledInItsFirstScanItShowsNothingUntilAllIsRead(t *testing.T) {
	const articles = 12_000
	s := newSite(t, "site: {title: The Lantern}\nfeed: {items: 500, max_bytes: 10MB}")
	for i := range articles {
		s.article(fmt.Sprintf("%02d/%05d.md", i%70, i), fmt.Sprintf("---\ntitle: Ship %d\ndate: %s\n---\n%s came in.\n", i, time.Unix(1.7e9+int64(i)*60, 0).UTC().Format(time.RFC3339), cargo(i)))
	}
	polls, early := 0, 0
	whole := func() (bool, error) {
		r, err := s.ask(s.url("/feed.json"))
		if err != nil {
			return false, err // it does not listen yet
		}
		polls++
		switch r.code {
		case http.StatusServiceUnavailable:
			early++
			return false, fmt.Errorf("not ready after %d polls", polls)
		case http.StatusOK:
			list := parseItems(t, r.body)
			if len(list) != 500 || list[0].Title != fmt.Sprint("Ship ", articles-1) || list[499].Title != fmt.Sprint("Ship ", articles-500) {
				t.Fatalf("poll %d was given %d articles: %.2v …", polls, len(list), list)
			}
			if text := cargo(articles - 1); !bytes.Contains(r.body, []byte(text)) {
				t.Fatalf("the newest article lacks its text %q", text)
			}
			return true, nil
		}
		t.Fatalf("%d %s", r.code, r.body)
		return false, nil
	}
	kills := 0
	for ready := false; kills < 6 && !ready; {
		s.launch()
		kill := time.After(time.Duration(200+rand.IntN(600)) * time.Millisecond)
		for alive := true; alive && !ready; {
			select {
			case <-kill:
				alive = false
			case <-time.After(20 * time.Millisecond):
				ready, _ = whole()
			}
		}
		if !ready {
			kills++
		}
		s.kill()
	}
	s.launch()
	s.await("the feed is there", func() error { _, err := whole(); return err })
	if kills == 0 || early == 0 {
		t.Errorf("killed %d times, and told %d times to wait: nothing was shown", kills, early)
	}
	t.Logf("killed %d times, %d polls, %d of them told to wait", kills, polls, early)
	s.stop()
}

// cargo is a text long enough to wait in the spool.
func cargo(ship int) string { return strings.Repeat(fmt.Sprintf("Bale %d of wool. ", ship), 20) }
