// Package storetest is what every article.Store must pass, whatever engine is
// under it. It knows a store by its contract only.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"feedwright/article"
)

// Open opens the store that lies in a folder, making it if it is not there.
type Open func(t testing.TB, dir string) article.Store

// Run proves the promises of article.Store.
func Run(t *testing.T, open Open) {
	t.Run("RandomHistories", func(t *testing.T) { randomHistories(t, open) })
	t.Run("FailedBatchLeavesNothing", func(t *testing.T) { failedBatch(t, open) })
	t.Run("WordsEqualAPlainSearch", func(t *testing.T) { words(t, open) })
	t.Run("EntriesComeInOrder", func(t *testing.T) { entriesInOrder(t, open) })
	t.Run("EntriesAreAsTold", func(t *testing.T) { entriesAreAsTold(t, open) })
	t.Run("FilesAreAsWritten", func(t *testing.T) { filesAreAsWritten(t, open) })
}

// Line is what must never change of an article, as text to compare.
type Line struct {
	ID        article.ID
	Published int64
	Slug      string
	Appeared  uint32
}

// Lines gives the Line of each live article by path.
func Lines(ctx context.Context, s article.Store) (map[string]Line, error) {
	entries := map[article.Number]article.Entry{}
	var refs []article.Ref
	err := s.Entries(ctx, func(e article.Entry) error {
		if e.State == article.Live {
			entries[e.Number] = e
			refs = append(refs, article.Ref{Number: e.Number, Rev: e.Rev})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	as, err := s.Articles(ctx, refs)
	if err != nil {
		return nil, err
	}
	lines := map[string]Line{}
	for _, a := range as {
		if _, twice := lines[a.Path]; twice {
			return nil, fmt.Errorf("two live articles at %s", a.Path)
		}
		lines[a.Path] = Line{a.ID, a.Published.UnixMilli(), a.Slug, entries[a.Number].Appeared}
	}
	return lines, nil
}

// randomHistories: no id twice, none changed, dates and slugs neither; what is
// live equals the model.
func randomHistories(t *testing.T, open Open) {
	seeds, steps := 6, 120
	if testing.Short() {
		seeds, steps = 2, 36
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			dir := t.TempDir()
			h := NewHistory(uint64(seed))
			s := open(t, dir)
			defer func() { s.Close() }()
			c := checker{byArticle: map[int]Line{}, owner: map[string]int{}}
			for step := range steps {
				b := h.Next()
				if _, err := s.Apply(t.Context(), b); err != nil {
					t.Fatal(err)
				}
				if step%7 == 0 { // a restart, and the last batch once more
					if err := s.Close(); err != nil {
						t.Fatal(err)
					}
					s = open(t, dir)
					again, err := s.Apply(t.Context(), b)
					if err != nil {
						t.Fatal(err)
					}
					if n := len(again.Touched); n > 0 {
						t.Errorf("step %d applied twice touched %d articles again", step, n)
					}
				}
				if step%11 == 0 {
					if err := s.Upkeep(t.Context(), b.Now); err != nil {
						t.Fatal(err)
					}
				}
				if c.check(t, s, h.Live()); t.Failed() {
					t.Fatalf("at step %d: %+v", step, b.Changes)
				}
			}
		})
	}
}

type checker struct {
	byArticle map[int]Line
	owner     map[string]int // of ids and slugs
}

func (c *checker) check(t *testing.T, s article.Store, live map[string]int) {
	lines, err := Lines(t.Context(), s)
	if err != nil {
		t.Error(err)
		return
	}
	if len(lines) != len(live) {
		t.Errorf("%d articles live, want %d", len(lines), len(live))
	}
	for path, n := range live {
		is, ok := lines[path]
		was, known := c.byArticle[n]
		switch {
		case !ok:
			t.Errorf("%s is missing", path)
		case known && is != was:
			t.Errorf("%s was %+v, is %+v", path, was, is)
		case is.Appeared == 0 || is.Slug == "":
			t.Errorf("%s did not appear: %+v", path, is)
		}
		c.byArticle[n] = is
		for _, name := range []string{string(is.ID), "slug " + is.Slug, fmt.Sprint("rank ", is.Appeared)} {
			if o, taken := c.owner[name]; taken && o != n {
				t.Errorf("%s is given twice", name)
			}
			c.owner[name] = n
		}
	}
}

// failedBatch: after an error nothing of a batch has happened, and it may be
// applied again.
func failedBatch(t *testing.T, open Open) {
	s := open(t, t.TempDir())
	defer s.Close()
	h := NewHistory(99)
	first, second := h.Next(), h.Next()
	if _, err := s.Apply(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	before, err := Lines(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := s.Apply(stopped, second); !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	after, err := Lines(t.Context(), s)
	if err != nil || fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("was %v, is %v, %v", before, after, err)
	}
	if _, err := s.Apply(t.Context(), second); err != nil {
		t.Error(err)
	}
	if after, err = Lines(t.Context(), s); err != nil || len(after) != len(h.Live()) {
		t.Errorf("%d articles, %v", len(after), err)
	}
}

func entriesInOrder(t *testing.T, open Open) {
	s := open(t, t.TempDir())
	defer s.Close()
	h := NewHistory(5)
	for range 20 {
		if _, err := s.Apply(t.Context(), h.Next()); err != nil {
			t.Fatal(err)
		}
	}
	var last article.Entry
	n := 0
	err := s.Entries(t.Context(), func(e article.Entry) error {
		if e.Number <= last.Number {
			t.Errorf("%d comes after %d", e.Number, last.Number)
		}
		last = e
		n++
		return nil
	})
	if err != nil || n < 10 {
		t.Errorf("%d entries, %v", n, err)
	}
	stop := errors.New("stop")
	if err := s.Entries(t.Context(), func(article.Entry) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("error %v", err)
	}
}
