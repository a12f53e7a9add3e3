package parse

import (
	"context"
	"strings"
	"testing"
)

// BenchmarkMarkdown: a file of 4 KB, as a cold scan of 100,000 reads them.
func BenchmarkMarkdown(b *testing.B) {
	p, err := New(Options{Lang: "en"})
	if err != nil {
		b.Fatal(err)
	}
	body := strings.Repeat("The council met on Tuesday to discuss the new [harbour](https://example.org/h) and its cost.\n\n", 40)
	raw := []byte("---\ntitle: The harbour\ndate: 2026-03-03 14:05:00 +0100\nlang: en\ntags: [a, b]\nsummary: A summary of it all\nauthors:\n  - A. Roe\ncategories:\n  - Town\n---\n\n" + body)
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if _, _, err := p.Parse(context.Background(), File{Path: "town/a.md", Raw: raw}); err != nil {
			b.Fatal(err)
		}
	}
}
