package store

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feedwright/article"
)

// Words and packed texts can wait at any article; who drops a file cannot.
func TestBackgroundWorkEndsEarlyWhileSomebodyWaits(t *testing.T) {
	const all = 10
	s, err := Open(t.Context(), Options{DSN: "sqlite:" + filepath.Join(t.TempDir(), "feedwright.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var batch []article.Change
	for i := range all {
		name := fmt.Sprintf("%d.txt", i)
		batch = append(batch, article.Change{Op: article.Wrote, Path: name, File: article.FileStat{Size: 1, Hash: article.Hash{byte(i + 1)}},
			Articles: []article.Parsed{{Fields: article.Fields{Title: "Report " + name}, Body: strings.Repeat(name+" is long enough to be packed. ", 40)}}})
	}
	for _, b := range []article.Batch{{Changes: batch, More: true}, {}} {
		b.Now, b.Unseen = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), true
		if _, err := s.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(what string, want int) {
		t.Helper()
		work := s.index
		if what == "texts" {
			work = s.unspool
		}
		if n, err := work(t.Context()); n != want || err != nil {
			t.Fatalf("%s of %d articles were taken, %v; want %d", what, n, err, want)
		}
	}
	for _, what := range []string{"words", "texts"} {
		s.mu.waiting.Add(1)
		expect(what, 1)
		expect(what, 1)
		s.mu.waiting.Add(-1)
		expect(what, all-2)
		expect(what, 0)
	}
}
