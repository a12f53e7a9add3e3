package store_test

import (
	"fmt"
	"testing"
	"time"

	"feedwright/article"
)

// newsroom makes a scan of n new articles of some 400 words with a few terms.
func newsroom(n int) [][]article.Change {
	var batches [][]article.Change
	text := fullText("text", 400)
	for i := range n {
		if i%1000 == 0 {
			batches = append(batches, nil)
		}
		name := fmt.Sprintf("2026/%02d/%06d.txt", i%12, i)
		c := wrote(name, fmt.Sprintf("Article number %d of many", i), fmt.Sprintf("Begins %d.\n\n%s\n\nEnds %d.", i, text, i),
			dated(monday.Add(-time.Duration(i)*time.Minute)), func(p *article.Parsed) {
				p.Fields.Categories = []string{fmt.Sprint("Category ", i%200)}
				p.Fields.Tags = []string{fmt.Sprint("Tag ", i%2000), "All"}
				p.Fields.Lang = "en"
				p.Trace = []article.Note{{Line: 1, What: "title", Rule: "first line", Text: p.Fields.Title}}
			})
		batches[len(batches)-1] = append(batches[len(batches)-1], c)
	}
	return batches
}

// BenchmarkFirstScan applies 20,000 new articles in batches of 1,000.
func BenchmarkFirstScan(b *testing.B) {
	batches := newsroom(20_000)
	for b.Loop() {
		s := begin(b)
		n := 0
		for _, more := range []bool{true, false} {
			if !more {
				batches = append(batches, nil)
			}
			for _, cs := range batches[n:] {
				n++
				if _, err := s.Apply(b.Context(), article.Batch{Now: monday, Changes: cs, More: more}); err != nil {
					b.Fatal(err)
				}
			}
		}
		batches = batches[:len(batches)-1]
	}
	b.ReportMetric(20_000*float64(b.N)/b.Elapsed().Seconds(), "articles/s")
}

// BenchmarkFirstBatches is the same where each batch appears by itself.
func BenchmarkFirstBatches(b *testing.B) {
	batches := newsroom(20_000)
	for b.Loop() {
		s := begin(b)
		for _, cs := range batches {
			s.applyAt(monday, cs...)
		}
	}
	b.ReportMetric(20_000*float64(b.N)/b.Elapsed().Seconds(), "articles/s")
}

func TestLargeBatchIsWhole(t *testing.T) {
	b := begin(t)
	for _, cs := range newsroom(1500) {
		b.applyAt(monday, cs...)
	}
	if n := len(b.entries()); n != 1500 {
		t.Errorf("%d articles", n)
	}
	out := b.apply(gone("2026/00/000000.txt"), wrote("2026/00/z.txt", "Article number 0 of many", newsroom(1)[0][0].Articles[0].Body))
	if len(out.Touched) != 1 {
		t.Errorf("a rename among many: %+v", out)
	}
}
