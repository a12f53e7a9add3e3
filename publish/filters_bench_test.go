package publish_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"feedwright/article"
	"feedwright/feed"
	"feedwright/publish"
	"feedwright/store"
)

var (
	benchArticles = flag.Int("articles", 5000, "articles of the benchmarked site")
	benchTerms    = flag.Int("terms", 2000, "categories of the benchmarked site")
	benchWords    = flag.Int("words", 120, "words of each of its articles")
	benchAsked    = flag.Int("asked", 500, "filters of each kind that are asked for")
)

// archive is a large site over a real store. Words and categories are as
// unequal as everywhere: the commonest word stands in nearly every article.
type archive struct {
	b        *testing.B
	r        *rand.Rand
	word     *rand.Zipf
	category *rand.Zipf
	st       *store.Store
	p        *publish.Publisher
}

func (a *archive) words(n int) string {
	var s strings.Builder
	for i := range n {
		if i > 0 {
			s.WriteByte(' ')
		}
		fmt.Fprintf(&s, "w%d", a.word.Uint64())
	}
	return s.String()
}

func (a *archive) article(i int, at time.Time) article.Change {
	p := article.Parsed{Markup: article.PlainText, Body: fmt.Sprintf("Number %d. ", i) + a.words(*benchWords)}
	p.Fields.Title = fmt.Sprintf("Article %d %s", i, a.words(4))
	p.Fields.Published = article.Date{Time: at, From: article.FromFile}
	for range 1 + a.r.IntN(4) {
		p.Fields.Categories = append(p.Fields.Categories, fmt.Sprintf("C%d", a.category.Uint64()))
	}
	p.Words, p.Print = *benchWords, article.Fingerprint(p.Body)
	return article.Change{Op: article.Wrote, Path: fmt.Sprintf("%d/%d.txt", i%1000, i), File: article.FileStat{Size: 1, ModTime: int64(i), Hash: article.Hash{byte(i), byte(i >> 8), byte(i >> 16), 1}}, Articles: []article.Parsed{p}}
}

func openArchive(b *testing.B) *archive {
	r := rand.New(rand.NewPCG(5, 6))
	a := &archive{b: b, r: r, word: rand.NewZipf(r, 1.1, 4, 200_000), category: rand.NewZipf(r, 1.2, 8, uint64(*benchTerms-1))}
	ctx := b.Context()
	dir := b.TempDir()
	var err error
	a.st, err = store.Open(ctx, store.Options{DSN: "sqlite:" + filepath.Join(dir, "f.db"), SiteID: settings().SiteID, Zone: time.UTC, Text: publish.Text})
	if err != nil {
		b.Fatal(err)
	}
	set := settings()
	set.Items, set.Cache = 50, 256<<20
	a.p = publish.New(publish.Options{Store: a.st, Settings: &set, Cold: true})
	run, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- a.p.Run(run) }()
	b.Cleanup(func() {
		cancel()
		if err := errors.Join(<-done, a.st.Close()); err != nil {
			b.Error(err)
		}
	})
	began := time.Now()
	start := time.Now().Add(-time.Duration(*benchArticles) * time.Minute)
	for i := 0; i < *benchArticles; {
		var batch []article.Change
		for ; i < *benchArticles && len(batch) < 1000; i++ {
			batch = append(batch, a.article(i, start.Add(time.Duration(i)*time.Minute)))
		}
		if err := a.p.Changes(ctx, batch); err != nil {
			b.Fatal(err)
		}
	}
	if err := a.p.Scanned(ctx); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d articles taken in: %.1f s", *benchArticles, time.Since(began).Seconds())
	began = time.Now()
	if err := a.st.Index(ctx); err != nil {
		b.Fatal(err)
	}
	b.Logf("their words indexed: %.1f s", time.Since(began).Seconds())
	return a
}

// filter is a random expression of known categories, with words if wanted.
func (a *archive) filter(words bool) article.Selector {
	for {
		var kids []article.Node
		for range 1 + a.r.IntN(4) {
			n := article.Node{Op: article.Term, Field: article.Category, Value: fmt.Sprintf("c%d", a.category.Uint64())}
			switch a.r.IntN(4) {
			case 0:
				n = article.Node{Op: article.Not, Kids: []article.Node{n}}
			case 1:
				n = article.Node{Op: article.Or, Kids: []article.Node{n, {Op: article.Term, Field: article.Category, Value: fmt.Sprintf("c%d", a.category.Uint64())}}}
			}
			kids = append(kids, n)
		}
		if words {
			kids = kids[:a.r.IntN(2)]
			for range 1 + a.r.IntN(2) {
				n, err := article.NewTerm(article.Word, a.words(1+a.r.IntN(2)))
				if err != nil {
					a.b.Fatal(err)
				}
				kids = append(kids, n)
			}
		}
		if sel := article.Select(article.Node{Op: article.And, Kids: kids}); !sel.IsAll() {
			return sel
		}
	}
}

// ask answers one filter: its validators, then its bytes.
func (a *archive) ask(sel article.Selector) (validators, whole time.Duration, ok bool) {
	began := time.Now()
	ans, err := a.p.Find(a.b.Context(), feed.Address{Format: feed.Atom, Selector: sel})
	if errors.Is(err, article.ErrNotFound) {
		return 0, 0, false
	}
	if err != nil {
		a.b.Fatal(err)
	}
	validators = time.Since(began)
	if _, err := ans.Body(a.b.Context(), feed.Identity); err != nil {
		a.b.Fatal(err)
	}
	return validators, time.Since(began), true
}

func spread(list []time.Duration) string {
	slices.Sort(list)
	ms := func(d time.Duration) float64 { return float64(d) / 1e6 }
	return fmt.Sprintf("p50 %.3f ms, p99 %.3f ms, max %.3f ms (%d asked)", ms(list[len(list)/2]), ms(list[len(list)*99/100]), ms(list[len(list)-1]), len(list))
}

// BenchmarkFilters measures first and kept answers of random filters over a
// real store. It runs once, however often it is told to.
//
//	go test ./publish -run '^$' -bench Filters -benchtime 1x -articles 1000000 -timeout 2h -v
func BenchmarkFilters(b *testing.B) {
	a := openArchive(b)
	// The commonest words stand in most articles: nothing is dearer.
	var common []time.Duration
	for i := range 10 {
		sel := article.Lone(article.Word, fmt.Sprintf("w%d", i))
		v, _, _ := a.ask(sel)
		common = append(common, v)
	}
	b.Logf("the ten commonest words, validators:    %s", spread(common))
	for b.Loop() {
		for _, words := range []bool{false, true} {
			var first, whole, kept []time.Duration
			var sels []article.Selector
			for len(sels) < *benchAsked {
				sel := a.filter(words)
				v, w, ok := a.ask(sel)
				if !ok {
					continue
				}
				first, whole, sels = append(first, v), append(whole, w), append(sels, sel)
			}
			for _, sel := range sels {
				_, w, _ := a.ask(sel)
				kept = append(kept, w)
			}
			b.Logf("words %v: validators of a first answer: %s", words, spread(first))
			b.Logf("words %v: a first answer, rendered:     %s", words, spread(whole))
			b.Logf("words %v: a kept answer:                %s", words, spread(kept))
		}
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	st := a.p.Status()
	b.Logf("heap %d MB, cache %d MB, documents %d", m.HeapAlloc>>20, st.CacheUsed>>20, st.Documents)
}
