package feed

import (
	"fmt"
	"go/build"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// prose is real text in n parts of size bytes: what the go command says of
// itself, which is there wherever a test can run.
func prose(tb testing.TB, n, size int) []string {
	tb.Helper()
	b, err := os.ReadFile(filepath.Join(build.Default.GOROOT, "src", "cmd", "go", "alldocs.go"))
	if err != nil {
		tb.Fatal(err)
	}
	text := strings.NewReplacer("// ", "", "//", "", "&", "&amp;", "<", "&lt;", ">", "&gt;", "\n//\n", "</p>\n<p>").Replace(string(b))
	if len(text) < n*size {
		tb.Fatalf("%d bytes of text, want %d", len(text), n*size)
	}
	out := make([]string, n)
	for i := range out {
		out[i] = "<p>" + text[i*size:(i+1)*size] + "</p>"
	}
	return out
}

// fifty are a usual feed: fifty articles of 3 KB, some 190 KB in all.
func fifty(tb testing.TB) []*Item {
	tb.Helper()
	texts := prose(tb, 50, 3000)
	items := make([]*Item, 50)
	for i := range items {
		it := sampleItem(i)
		it.HTML = texts[i]
		it.Image = &Picture{URL: fmt.Sprintf("https://example.org/media/%d.jpg", i), Type: "image/jpeg", Length: 12345}
		it.Categories = sampleChannel().Categories
		items[i] = it
	}
	return items
}

func fragments(tb testing.TB, e Encoder, items []*Item) []Fragment {
	tb.Helper()
	out := make([]Fragment, len(items))
	for i, it := range items {
		f, err := e.Item(it, Full)
		if err != nil {
			tb.Fatal(err)
		}
		out[i] = f
	}
	return out
}

// BenchmarkFeed is what a new article costs each document: its channel is
// encoded, fifty fragments are copied. New memory for it would cost several times
// as much, so what is compressed and dropped goes into a buffer that is kept.
func BenchmarkFeed(b *testing.B) {
	items, ch := fifty(b), sampleChannel()
	for _, e := range Encoders() {
		frags := fragments(b, e, items)
		b.Run(string(e.Format()), func(b *testing.B) {
			b.ReportAllocs()
			var doc []byte
			var err error
			for b.Loop() {
				if doc, err = e.Append(doc[:0], ch, frags); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkItem is what an article costs, once.
func BenchmarkItem(b *testing.B) {
	it := fifty(b)[0]
	for _, e := range Encoders() {
		b.Run(string(e.Format()), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Item(it, Full); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkETag(b *testing.B) {
	ch := sampleChannel()
	for _, f := range []Format{RSS, Atom, JSON} {
		b.Run(string(f), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ETag("1.0", f, ch, nil)
			}
		})
	}
}

func BenchmarkWellFormed(b *testing.B) {
	items, ch := fifty(b), sampleChannel()
	for _, e := range Encoders() {
		doc, err := e.Feed(ch, fragments(b, e, items))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(string(e.Format()), func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			for b.Loop() {
				if err := WellFormed(e.Format(), doc); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompress(b *testing.B) {
	doc, err := rssEncoder{}.Feed(sampleChannel(), fragments(b, rssEncoder{}, fifty(b)))
	if err != nil {
		b.Fatal(err)
	}
	for _, enc := range []Encoding{Gzip, Brotli, Zstd} {
		b.Run(string(enc), func(b *testing.B) {
			b.ReportAllocs()
			var z []byte
			for b.Loop() {
				if z, err = Compress(enc, doc); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(100*float64(len(z))/float64(len(doc)), "%size")
		})
	}
}

// A document made of fragments must stay nearly free: were items encoded anew,
// or the document grown instead of made in one piece, this would be thousands.
func TestDocumentOfFragmentsCostsFewAllocations(t *testing.T) {
	items, ch := fifty(t), sampleChannel()
	for _, e := range Encoders() {
		frags := fragments(t, e, items)
		n := testing.AllocsPerRun(20, func() {
			if _, err := e.Feed(ch, frags); err != nil {
				t.Fatal(err)
			}
		})
		if n > 120 {
			t.Errorf("%s: %.0f allocations a document, want at most 120", e.Format(), n)
		}
	}
}
