package catalog

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"feedwright/article"
)

var (
	benchArticles = flag.Int("articles", 20_000, "articles in the benchmarked catalog")
	benchTerms    = flag.Int("terms", 2000, "categories in the benchmarked catalog")
)

// large makes entries a minute apart; a few categories have most of them, as
// everywhere.
func large(n, terms int) ([]*article.Entry, []article.Spelling) {
	r := rand.New(rand.NewPCG(1, 2))
	often := rand.NewZipf(r, 1.2, 8, uint64(terms-1))
	var spellings []article.Spelling
	for i := range terms {
		name := fmt.Sprintf("C%d", i)
		spellings = append(spellings, article.Spelling{Number: article.SpellingNumber(i + 1), Kind: article.Category, Folded: article.Fold(name), Name: name, Slug: article.Slugify(name)})
	}
	entries := make([]*article.Entry, n)
	for i := range entries {
		at := day0.Add(-time.Duration(n-i) * time.Minute).UnixMilli()
		e := article.Entry{Number: article.Number(i + 1), Published: at, Changed: at, Due: at, Appeared: uint32(i + 1), Has: article.Has(r.IntN(8))}
		for range 1 + r.IntN(4) {
			e.Spellings = append(e.Spellings, article.SpellingNumber(often.Uint64()+1))
		}
		slices.Sort(e.Spellings)
		e.Spellings = slices.Compact(e.Spellings)
		entries[i] = &e
	}
	return entries, spellings
}

// anyFilter is a random expression, as people and strangers may ask for it.
func anyFilter(r *rand.Rand, terms, depth int) article.Node {
	if depth == 0 || r.IntN(4) == 0 {
		switch r.IntN(12) {
		case 0:
			return article.Node{Op: article.Term, Field: article.HasMedia, Value: "image"}
		case 1:
			return article.Within(1 + r.IntN(1_000_000)).Root()
		case 2:
			return article.Node{Op: article.Term, Field: article.Before, Value: day0.Add(-time.Duration(r.IntN(1_000_000)) * time.Minute).Format(time.RFC3339)}
		}
		return article.Node{Op: article.Term, Field: article.Category, Value: fmt.Sprintf("c%d", r.IntN(terms))}
	}
	n := article.Node{Op: []article.NodeOp{article.And, article.Or, article.Or, article.Not}[r.IntN(4)]}
	for range 1 + r.IntN(4) {
		n.Kids = append(n.Kids, anyFilter(r, terms, depth-1))
		if n.Op == article.Not {
			break
		}
	}
	return n
}

func allocated() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

// BenchmarkSelect asks for the newest 50 of random expressions, each once.
//
//	go test ./catalog -run '^$' -bench Select -articles 1000000
func BenchmarkSelect(b *testing.B) {
	before := allocated()
	entries, spellings := large(*benchArticles, *benchTerms)
	c := New(Rules{})
	began := time.Now()
	c.Load(entries, spellings, day0)
	load := time.Since(began)
	entries = nil
	memory := allocated() - before
	s := c.Snapshot()
	r := rand.New(rand.NewPCG(3, 4))
	sc := Scope{Now: day0}
	var took []time.Duration
	for b.Loop() {
		sel := article.Select(anyFilter(r, *benchTerms, 3))
		at := time.Now()
		s.Select(sel, sc, 50)
		took = append(took, time.Since(at))
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d) / 1e6 }
	b.ReportMetric(ms(took[len(took)/2]), "p50-ms")
	b.ReportMetric(ms(took[len(took)*99/100]), "p99-ms")
	b.ReportMetric(ms(took[len(took)-1]), "max-ms")
	b.ReportMetric(memory, "MB")
	b.ReportMetric(load.Seconds(), "load-s")
	runtime.KeepAlive(c)
}

// BenchmarkFreshest asks for the 50 last changed of everything, one article in
// a hundred having changed since it was published.
//
//	go test ./catalog -run '^$' -bench Freshest -articles 1000000
func BenchmarkFreshest(b *testing.B) {
	entries, spellings := large(*benchArticles, *benchTerms)
	for i := range entries {
		if i%100 == 0 {
			entries[i].Changed += int64(i%7) * 24 * time.Hour.Milliseconds()
		}
	}
	c := New(Rules{})
	c.Load(entries, spellings, day0)
	s := c.Snapshot()
	for b.Loop() {
		if hits := s.Select(article.Selector{}, Scope{Now: day0, Fresh: true}, 50); len(hits) != 50 {
			b.Fatal(len(hits))
		}
	}
}
