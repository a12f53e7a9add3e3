package parse

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// BenchmarkParse reads files as a first scan of a grown site does: Markdown of
// 4 KB in the mean below plain front matter, in words that few repeat, with
// links and emphasis, and silent on its language.
func BenchmarkParse(b *testing.B) {
	p, err := New(Options{Lang: "en"})
	if err != nil {
		b.Fatal(err)
	}
	var files []File
	size := 0
	for i := range 200 {
		f := File{Path: fmt.Sprintf("2025/03/article-%d.md", i), Raw: benchFile(rand.New(rand.NewPCG(1, uint64(i))))}
		files = append(files, f)
		size += len(f.Raw)
	}
	b.SetBytes(int64(size / len(files)))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, _, err := p.Parse(context.Background(), files[i%len(files)]); err != nil {
			b.Fatal(err)
		}
	}
}

func benchFile(r *rand.Rand) []byte {
	var b strings.Builder
	zipf := rand.NewZipf(r, 1.05, 4, 20_000)
	syllables := strings.Fields("ba che dé fi gol hu jan kös li mou nest pra quo ri sha tun ven wist za ond")
	word := func() string {
		w, all := "", uint64(len(syllables))
		for n := zipf.Uint64() + 1; n > 0; n /= all {
			w += syllables[n%all]
		}
		switch r.IntN(60) {
		case 0:
			return "*" + w + "*"
		case 1:
			return "[" + w + "](https://www.example.org/" + w + ")"
		}
		return w
	}
	sentence := func() string {
		s := "The " + word()
		for range 4 + r.IntN(16) {
			s += [...]string{" ", " ", " ", " ", ", "}[r.IntN(5)] + word()
		}
		return s + "."
	}
	fmt.Fprintf(&b, "---\ntitle: %q\ndate: 2025-03-%02dT14:05:00Z\ncategories: [Town, Harbour]\ndescription: %q\n---\n", sentence(), 1+r.IntN(28), sentence())
	for n := 500 + r.IntN(7000); b.Len() < n; {
		if r.IntN(5) == 0 {
			fmt.Fprintf(&b, "## The %s\n\n", word())
		}
		for range 2 + r.IntN(5) {
			b.WriteString(sentence() + " ")
		}
		b.WriteString("\n\n")
	}
	return []byte(b.String())
}
