package publish_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"feedwright/article"
	"feedwright/publish"
)

// A heap of files is seen when all of it is there, if it does not take long, and
// nobody has to wait for the sake of another's.
func TestAHeapIsOneEditionUnlessItTakesLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var coming atomic.Int64
		h := openWith(t, t.TempDir(), settings(), func(o *publish.Options) {
			o.Coming = func() int { return int(coming.Load()) }
		})
		defer h.stop()
		n := 0
		batch := func(files, more int) {
			t.Helper()
			coming.Store(int64(more))
			var list []article.Change
			for range files {
				n++
				list = append(list, file(fmt.Sprintf("%05d.txt", n), fmt.Sprintf("Notice %05d", n), dated(time.Now())))
			}
			if err := h.p.Changes(t.Context(), list); err != nil {
				t.Fatal(err)
			}
		}
		editions := func() uint64 { return h.p.Status().Counters["editions"] }
		newest := func(what string) {
			t.Helper()
			if !strings.Contains(h.get(rss), fmt.Sprintf("Notice %05d", n)) {
				t.Errorf("%s: the newest is not seen", what)
			}
		}
		began := editions()
		expect := func(what string, least, most uint64) {
			t.Helper()
			time.Sleep(10 * time.Second) // for what comes late
			if got := editions() - began; got < least || got > most {
				t.Errorf("%s made %d editions, want %d to %d", what, got, least, most)
			}
			began = editions()
		}

		for i, files := range []int{3, 60, 60, 10} {
			batch(files, []int{130, 70, 10, 0}[i])
			time.Sleep(300 * time.Millisecond)
		}
		newest("a heap with an end")
		expect("a heap with an end", 1, 1)

		batch(60, 50)
		time.Sleep(300 * time.Millisecond)
		coming.Store(0) // they were as they had been
		time.Sleep(100 * time.Millisecond)
		newest("a heap whose rest does not come")
		expect("a heap whose rest does not come", 1, 1)

		for range 20 {
			batch(60, 1000)
			time.Sleep(300 * time.Millisecond)
		}
		batch(60, 0)
		time.Sleep(time.Second)
		newest("a long heap")
		expect("a long heap", 2, 3)

		due := time.Now().Truncate(time.Second).Add(6 * time.Second)
		if err := h.p.Changes(t.Context(), []article.Change{file("held.txt", "Held until then", dated(due))}); err != nil {
			t.Fatal(err)
		}
		for time.Now().Before(due.Add(200 * time.Millisecond)) {
			batch(60, 1000)
			time.Sleep(300 * time.Millisecond)
		}
		if !strings.Contains(h.get(rss), "Held until then") {
			t.Error("an article waits for a heap though its time has come")
		}
		coming.Store(0)
		expect("a heap beside an embargo", 2, 5)

		batch(1, 5)
		time.Sleep(100 * time.Millisecond)
		newest("a few files")
		expect("a few files", 1, 1)
	})
}
