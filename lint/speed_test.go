package lint

import (
	"context"
	"strings"
	"testing"
	"time"

	"feedwright/article/growth"
)

// long is a clean feed of about n bytes.
func long(n int) string {
	const body = `<p>They <b>begin</b> today, with <a href="https://example.org/a?b=1&amp;c=2">all of them</a>.</p>`
	var b strings.Builder
	head, tail, _ := strings.Cut(small, "</item>")
	b.WriteString(head + "</item>")
	for i := 0; b.Len() < n; i++ {
		b.WriteString("<item><title>Talks &amp; more</title><guid isPermaLink=\"false\">urn:x-ours:" + strings.Repeat("i", i%50) + time.Duration(i).String() + "</guid><description><![CDATA[" + strings.Repeat(body, 30) + "]]></description></item>")
	}
	b.WriteString(tail)
	return b.String()
}

// The benchmark tells how long a megabyte takes: well under a second.
func TestTheWorkGrowsWithTheDocument(t *testing.T) {
	for name, doc := range map[string]string{
		"a clean feed":             long(1 << 20),
		"many elements":            "<rss version='2.0'><channel>" + strings.Repeat("<x/>", 250_000),
		"many attributes":          "<rss " + strings.Repeat("a='b' ", 170_000) + "/>",
		"many namespaces":          "<rss " + strings.Repeat("xmlns:a='b' ", 80_000) + "/>",
		"many references":          "<rss><channel><title>" + strings.Repeat("&amp;", 200_000) + "</title></channel></rss>",
		"many bare ampersands":     "<rss><channel><title>" + strings.Repeat("&", 1_000_000),
		"many open brackets":       strings.Repeat("<", 1_000_000),
		"open HTML elements":       "<rss><channel><item><description><![CDATA[" + strings.Repeat("<div><p>", 120_000) + "]]></description></item></channel></rss>",
		"HTML list items":          "<rss><channel><item><description><![CDATA[" + strings.Repeat("<ul><li>", 120_000) + "]]></description></item></channel></rss>",
		"bare < in HTML":           "<rss><channel><item><description><![CDATA[" + strings.Repeat("< ", 500_000) + "]]></description></item></channel></rss>",
		"one long unclosed tag":    "<rss><channel><item><description><![CDATA[" + strings.Repeat("<a b=", 200_000) + "]]></description></item></channel></rss>",
		"nested JSON":              strings.Repeat("[", 1_000_000),
		"a JSON string of escapes": `{"version":"x","items":[{"content_html":"` + strings.Repeat(`\u003cb\u003e`, 80_000) + `"}]}`,
		"lines of junk":            strings.Repeat("&\n", 500_000),
	} {
		t.Run(name, func(t *testing.T) {
			growth.Linear(t, doc, func(doc string) {
				if _, _, err := Check(t.Context(), []byte(doc), Options{}); err != nil {
					t.Fatal(err)
				}
			})
		})
	}
}

func TestCheckEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := Check(ctx, []byte(long(1<<20)), Options{}); err == nil {
		t.Error("a cancelled check says that all is well")
	}
}

func BenchmarkCheck(b *testing.B) {
	doc := []byte(long(1 << 20))
	b.SetBytes(int64(len(doc)))
	for b.Loop() {
		if _, _, err := Check(context.Background(), doc, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
