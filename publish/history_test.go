package publish_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
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

// look polls the three formats and compares them with what the model of the
// folder says.
func (r *readers) look(h *house, past *storetest.History) {
	r.t.Helper()
	lines, err := storetest.Lines(r.t.Context(), h.st)
	if err != nil {
		r.t.Fatal(err)
	}
	shown := past.Shown()
	var want []string
	for path, n := range past.Live() {
		id := string(lines[path].ID)
		want = append(want, fmt.Sprintf("%s %q in %q", id, shown[path][0], shown[path][1]))
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
		r.poll(h, format, want)
	}
}

// poll reads one format, whose dates must only rise.
func (r *readers) poll(h *house, format feed.Format, want []string) {
	r.t.Helper()
	a := feed.Address{Format: format}
	got, err := gofeed.NewParser().ParseString(h.get(a))
	if err != nil {
		r.t.Fatalf("%s: %v", format, err)
	}
	var shown []string
	for _, it := range got.Items {
		shown = append(shown, fmt.Sprintf("%s %q in %q", it.GUID, it.Title, strings.Join(it.Categories, ",")))
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

// howMany is a number of the environment, or n.
func howMany(t *testing.T, name string, n int) int {
	t.Helper()
	v := os.Getenv(name)
	if v == "" {
		return n
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 {
		t.Fatalf("%s=%s is no number", name, v)
	}
	return n
}

// TestRandomHistoriesShowWhatTheFolderHolds: files are created, edited, renamed,
// moved, copied, deleted, restored and touched at random; the program is
// stopped, killed between any two steps of a change, and loses its database or
// the ledger's copy. What all three formats show is what lies there, under ids
// and dates that never change. HISTORIES=40 makes more of them.
func TestRandomHistoriesShowWhatTheFolderHolds(t *testing.T) {
	seeds, steps := howMany(t, "HISTORIES", 6), 170
	if testing.Short() {
		seeds, steps = 2, 36
	}
	// What all stores share is made at the first use, and must not belong to the
	// bubble of one history.
	first := open(t, t.TempDir(), settings())
	first.write(storetest.NewHistory(1).Next().Changes...)
	first.get(rss)
	first.stop()
	met := map[string]int{}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) { history(t, dir, uint64(1000+seed), steps, met) })
		})
	}
	t.Logf("%d steps: %v", seeds*steps, met)
	for _, f := range fates {
		if met[f.name] == 0 && !testing.Short() {
			t.Errorf("%s never befell the program", f.name)
		}
	}
}

// history is one life of a folder and its program.
func history(t *testing.T, dir string, seed uint64, steps int, met map[string]int) {
	set := settings()
	set.Items, set.MaxBytes = feed.MaxLimit, 64<<20
	w := &town{t: t, dir: dir, rng: rand.New(rand.NewPCG(seed, 3)), past: storetest.NewHistory(seed), r: newReaders(t)}
	w.h = openWith(t, dir, set, w.mortal)
	defer func() { w.h.stop() }()
	for step := range steps {
		f := &fates[w.rng.IntN(len(fates))]
		if w.rng.IntN(4) > 0 { // most days nothing befalls it
			f = &fates[0]
		}
		met[f.name]++
		f.befall(w)
		time.Sleep(time.Duration(step%5) * 40 * time.Second) // a grace passes now and then
		if w.r.look(w.h, w.past); t.Failed() {
			t.Fatalf("at step %d of seed %d: %s", step, seed, f.name)
		}
	}
	if n := len(w.r.ids); n < steps/4 {
		t.Errorf("only %d articles were met: %v", n, slices.Collect(maps.Values(w.r.ids)))
	}
	w.loseAll()
}
