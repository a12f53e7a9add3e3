package storetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"feedwright/article"
)

// indexer is a store that brings its index of words up to date in the
// background; here it does so when the test likes.
type indexer interface{ Index(context.Context) error }

const vocabulary = "peace Peace, talks war économie economie 市議会 市 議会 橋 of the an l'état état etat x1 1 don't"

func someWords(r *rand.Rand, n int) string {
	all := strings.Fields(vocabulary)
	w := make([]string, n)
	for i := range w {
		w[i] = all[r.IntN(len(all))]
	}
	return strings.Join(w, " ")
}

// words: what Words finds is what a plain search over the texts finds, along
// random histories of edits, deletions, drafts and private articles, wherever
// the index stands, over restarts.
func words(t *testing.T, open Open) {
	seeds, steps := 8, 25
	if testing.Short() {
		seeds, steps = 2, 9
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(seed), 5))
			dir := t.TempDir()
			s := open(t, dir)
			defer func() { s.Close() }()
			now := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
			for range steps {
				now = now.Add(time.Minute)
				if _, err := s.Apply(t.Context(), article.Batch{Now: now, Changes: wordy(r, now)}); err != nil {
					t.Fatal(err)
				}
				if r.IntN(4) == 0 { // a restart, whatever the index has got to
					if err := s.Close(); err != nil {
						t.Fatal(err)
					}
					s = open(t, dir)
				}
				if x, ok := s.(indexer); ok && r.IntN(2) == 0 {
					ctx, stop := context.WithTimeout(t.Context(), time.Duration(r.IntN(8))*time.Millisecond)
					if err := x.Index(ctx); err != nil && ctx.Err() == nil {
						t.Fatal(err)
					}
					stop()
				}
				var asked []string
				for range 5 {
					asked = append(asked, someWords(r, 1+r.IntN(3)))
				}
				if err := CompareWords(t.Context(), s, asked...); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// wordy is a batch of articles whose words repeat.
func wordy(r *rand.Rand, now time.Time) []article.Change {
	var changes []article.Change
	for i := range 30 {
		path := fmt.Sprintf("%d.txt", i)
		switch r.IntN(5) {
		case 0:
			changes = append(changes, article.Change{Op: article.Gone, Path: path})
		case 1, 2:
			p := article.Parsed{
				Fields: article.Fields{Title: fmt.Sprintf("T%d %s", i, someWords(r, r.IntN(4))), Summary: someWords(r, r.IntN(3))},
				Markup: article.PlainText, Body: fmt.Sprintf("B%d %s", i, someWords(r, r.IntN(9))),
			}
			switch r.IntN(12) {
			case 0, 1, 2:
				p.Fields.Feeds = []string{"partner"}
			case 3, 4:
				p.Fields.Draft = true
			case 5: // held until a later batch
				p.Fields.Published = article.Date{Time: now.Add(3 * time.Minute), From: article.FromFile}
			}
			stat := article.FileStat{Size: 1, ModTime: now.UnixNano() + int64(i), Hash: article.Hash{byte(r.Uint32()), byte(r.Uint32()), byte(r.Uint32())}}
			changes = append(changes, article.Change{Op: article.Wrote, Path: path, File: stat, Articles: []article.Parsed{p}})
		}
	}
	return changes
}

// CompareWords asks a store for each of the words or phrases, for all who may
// ask, and compares with a search through all of its texts. The store must take
// bodies as they are for their text.
func CompareWords(ctx context.Context, s article.Store, asked ...string) error {
	shown := map[article.Number]bool{} // and whether only named feeds have it
	texts := map[article.Number]article.Text{}
	err := s.Entries(ctx, func(e article.Entry) error {
		if e.State == article.Live && e.Appeared > 0 {
			shown[e.Number] = len(e.Feeds) > 0
		}
		return nil
	})
	if err != nil {
		return err
	}
	for n := range shown {
		a, err := s.Articles(ctx, []article.Ref{{Number: n}})
		if err != nil {
			return err
		}
		texts[n] = article.NewText(a[0].Fields.Title, a[0].Fields.Summary, a[0].Body)
	}
	var errs []error
	for _, words := range asked {
		p := article.NewPhrase(words)
		for _, way := range []struct{ title, named bool }{{}, {title: true}, {named: true}, {title: true, named: true}} {
			var want []article.Number
			for _, n := range slices.Sorted(maps.Keys(shown)) {
				if (way.named || !shown[n]) && texts[n].Holds(p, way.title) {
					want = append(want, n)
				}
			}
			got, err := s.Words(ctx, p, way.title, way.named)
			if err != nil || !slices.Equal(got, want) {
				errs = append(errs, fmt.Errorf("%q %+v: %v, %v; want %v", words, way, got, err, want))
			}
		}
	}
	return errors.Join(errs...)
}
