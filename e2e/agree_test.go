//go:build e2e

package e2e

import (
	"fmt"
	"testing"

	"github.com/mmcdole/gofeed"
)

// TestAllFormatsTellTheSame reads the three formats with one independent reader
// and compares what it understood.
func TestAllFormatsTellTheSame(t *testing.T) {
	for name, fill := range map[string]func(*site){"samples": samples, "newsroom": func(s *site) { newsroom(s) }, "nasty": func(s *site) { nastyFolder(s) }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, "site: {title: The Lantern, timezone: Europe/Kyiv}\nfeed: {max_bytes: 10MB}")
			fill(s)
			s.start()
			told := map[string][]string{}
			for _, f := range formats {
				parsed, err := gofeed.NewParser().ParseURL(s.url("/" + f))
				if err != nil {
					t.Fatalf("%s: %v", f, err)
				}
				for _, i := range parsed.Items {
					told[f] = append(told[f], describe(t, f, i))
				}
			}
			if n := s.status().Published; len(told["rss.xml"]) != n || n < 5 {
				t.Fatalf("%d articles are published, and the feed has %d", n, len(told["rss.xml"]))
			}
			for _, f := range formats[1:] {
				if len(told[f]) != len(told["rss.xml"]) {
					t.Fatalf("%s has %d articles, rss.xml %d", f, len(told[f]), len(told["rss.xml"]))
				}
				for i := range told[f] {
					if told[f][i] != told["rss.xml"][i] {
						t.Errorf("%s tells\n%s\nand rss.xml\n%s", f, told[f][i], told["rss.xml"][i])
					}
				}
			}
		})
	}
}

// describe puts all that the formats must agree on into one text.
func describe(t *testing.T, format string, i *gofeed.Item) string {
	t.Helper()
	if i.PublishedParsed == nil {
		t.Errorf("%s: %s has no date", format, i.Title)
		return i.Title
	}
	author := "" // of RSS, gofeed takes the first one only
	if len(i.Authors) > 0 {
		author = i.Authors[0].Name
	}
	return fmt.Sprintf("%q\n%s %s\n%s\nby %q in %q\n%q", i.Title, i.GUID, i.Link, i.PublishedParsed.UTC(), author, i.Categories, i.Content)
}
