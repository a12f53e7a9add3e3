package publish_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mmcdole/gofeed"

	"feedwright/feed"
	"feedwright/store/storetest"
)

// readers is what somebody knows who reads the three formats all the time.
type readers struct {
	t        *testing.T
	ids      map[int]string    // of the model's articles
	owner    map[string]int    // of ids
	dates    map[string]string // published, by id
	updated  map[feed.Format]time.Time
	modified map[feed.Format]time.Time
}

func newReaders(t *testing.T) *readers {
	return &readers{t: t, ids: map[int]string{}, owner: map[string]int{}, dates: map[string]string{}, updated: map[feed.Format]time.Time{}, modified: map[feed.Format]time.Time{}}
}

// look polls the three formats; live gives the model's article at each path.
func (r *readers) look(h *house, live map[string]int) {
	r.t.Helper()
	lines, err := storetest.Lines(r.t.Context(), h.st)
	if err != nil {
		r.t.Fatal(err)
	}
	var want []string
	for path, n := range live {
		id := string(lines[path].ID)
		want = append(want, id)
		if was, known := r.ids[n]; known && was != id {
			r.t.Errorf("%s was %s, is %s", path, was, id)
		}
		if n2, taken := r.owner[id]; taken && n2 != n {
			r.t.Errorf("%s was given twice", id)
		}
		r.ids[n], r.owner[id] = id, n
	}
	slices.Sort(want)
	for _, format := range []feed.Format{feed.RSS, feed.Atom, feed.JSON} {
		a := feed.Address{Format: format}
		got, err := gofeed.NewParser().ParseString(h.get(a))
		if err != nil {
			r.t.Fatalf("%s: %v", format, err)
		}
		var shown []string
		for _, it := range got.Items {
			shown = append(shown, it.GUID)
			date := it.PublishedParsed.UTC().Truncate(time.Second).String()
			if was, known := r.dates[it.GUID]; known && was != date {
				r.t.Errorf("%s: %s was of %s, is of %s", format, it.GUID, was, date)
			}
			r.dates[it.GUID] = date
		}
		slices.Sort(shown)
		if !slices.Equal(shown, want) {
			r.t.Errorf("%s shows %d articles, want %d:\n%v\n%v", format, len(shown), len(want), shown, want)
		}
		if u := got.UpdatedParsed; u != nil { // JSON Feed has none
			if u.Before(r.updated[format]) {
				r.t.Errorf("%s: the feed's date fell from %v to %v", format, r.updated[format], u)
			}
			r.updated[format] = *u
		}
		lm := h.find(a).LastModified
		if lm.Before(r.modified[format]) || lm.After(time.Now()) {
			r.t.Errorf("%s: Last-Modified was %v, is %v", format, r.modified[format], lm)
		}
		r.modified[format] = lm
	}
}

// TestRandomHistoriesShowWhatTheFolderHolds: files are created, edited, renamed,
// moved, copied, deleted, restored and touched at random; the program is started
// anew, and loses its database. What all three formats show is what lies there,
// under ids and dates that never change.
func TestRandomHistoriesShowWhatTheFolderHolds(t *testing.T) {
	seeds, steps := 3, 130
	if testing.Short() {
		seeds, steps = 2, 60
	}
	// What all stores share is made at the first use, and must not belong to the
	// bubble of one history.
	first := open(t, t.TempDir(), settings())
	first.write(storetest.NewHistory(1).Next().Changes...)
	first.get(rss)
	first.stop()
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				set := settings()
				set.Items, set.MaxBytes = feed.MaxLimit, 64<<20
				h := open(t, dir, set)
				defer func() { h.stop() }()
				past := storetest.NewHistory(uint64(1000 + seed))
				r := newReaders(t)
				for step := range steps {
					h.write(past.Next().Changes...)
					time.Sleep(time.Duration(step%5) * 40 * time.Second) // a grace passes now and then
					switch {
					case step%60 == 59: // the database is lost, and the folder read anew
						h.stop()
						for _, name := range []string{"f.db", "f.db-wal", "f.db-shm"} {
							if err := os.Remove(filepath.Join(dir, name)); err != nil && !os.IsNotExist(err) {
								t.Fatal(err)
							}
						}
						h = begin(t, dir, set)
						all := past.All().Changes
						for part := range slices.Chunk(all, 7) {
							if err := h.p.Changes(t.Context(), part); err != nil {
								t.Fatal(err)
							}
						}
						if err := h.p.Scanned(t.Context()); err != nil {
							t.Fatal(err)
						}
					case step%13 == 12:
						h.stop()
						h = open(t, dir, set)
					}
					if r.look(h, past.Live()); t.Failed() {
						t.Fatalf("at step %d of seed %d", step, seed)
					}
				}
				if n := len(r.ids); n < steps/4 {
					t.Errorf("only %d articles were met: %v", n, slices.Collect(maps.Values(r.ids)))
				}
			})
		})
	}
}
