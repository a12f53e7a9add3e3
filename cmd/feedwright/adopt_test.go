package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"
)

// The feed of a site as Hugo's embedded RSS template writes it, and its second
// page as WordPress writes one: ids that are addresses, and ids that are not.
const (
	hugoFeed = `<?xml version="1.0" encoding="utf-8" standalone="yes"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Tidings</title><link>https://old.example.org/</link>
<description>Recent content on Tidings</description><generator>Hugo</generator>
<atom:link href="HERE/index.xml" rel="self" type="application/rss+xml" /><atom:link href="HERE/page2.xml" rel="next" />
<item><title>The ferry sails again</title><link>https://old.example.org/posts/ferry/</link><pubDate>Sun, 01 Mar 2026 09:00:00 +0000</pubDate><guid>https://old.example.org/posts/ferry/</guid><description>After four months in dock the ferry sails again.</description></item>
<item><title>Gone since</title><link>https://old.example.org/posts/gone/</link><pubDate>Sun, 01 Feb 2026 09:00:00 +0000</pubDate><guid>https://old.example.org/posts/gone/</guid></item>
</channel></rss>`
	wordpressFeed = `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Tidings</title>
<item><title>The crane is back</title><link>https://old.example.org/2026/02/crane-2/</link><pubDate>Mon, 02 Feb 2026 08:00:00 +0000</pubDate><guid isPermaLink="false">https://old.example.org/?p=7&#038;lang=en</guid>
<description><![CDATA[It stands [&#8230;]]]></description><content:encoded><![CDATA[<p>It stands where it stood, and it is as yellow as it was.</p>]]></content:encoded></item>
<item><title>No date of its own</title><link>https://old.example.org/2020/05/undated/</link><pubDate>Wed, 06 May 2020 10:11:12 +0000</pubDate><guid isPermaLink="false">https://old.example.org/?p=5</guid></item>
</channel></rss>`
)

// oldSite serves the feed that readers had.
func oldSite(t *testing.T) string {
	t.Helper()
	var s *httptest.Server
	s = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text := map[string]string{"/index.xml": hugoFeed, "/page2.xml": wordpressFeed}[r.URL.Path]
		if text == "" {
			http.NotFound(w, r)
			return
		}
		w.Write([]byte(strings.ReplaceAll(text, "HERE", s.URL)))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func parsed(t *testing.T, text string) map[string]*gofeed.Item {
	t.Helper()
	f, err := gofeed.NewParser().ParseString(text)
	if err != nil {
		t.Fatal(err)
	}
	items := map[string]*gofeed.Item{}
	for _, it := range f.Items {
		items[it.GUID] = it
	}
	return items
}

func TestAdoptedFeedHasNothingNewForItsReaders(t *testing.T) {
	folder(t)
	write(t, map[string]string{"articles/undated.txt": "No date of its own\n\nIt came without one.\n"})
	old := oldSite(t)

	before := state(t)
	tried := feedwright(t, "adopt", old+"/index.xml", "--dry-run")
	contains(t, "the trial", tried.out, "3 to be taken over", "1 without an article", "No article has its link")
	if now := state(t); !slices.Equal(now, before) {
		t.Errorf("a trial changed %v to %v", before, now)
	}
	diff := feedwright(t, "diff", "--against", old+"/index.xml")
	if contains(t, "diff before", diff.out, "1 sent again, 1 gone", "feedwright adopt"); diff.code != exitFaults {
		t.Errorf("diff ends with exit code %d", diff.code)
	}

	contains(t, "adopt", good(t, "adopt", old+"/index.xml"), "3 taken over", "ferry.md", "harbour/crane.txt", "undated.txt")
	kept := read(t, "feedwright.ledger")
	contains(t, "adopt again", good(t, "adopt", old+"/index.xml"), "0 taken over, 3 so already, 1 without an article")
	if read(t, "feedwright.ledger") != kept {
		t.Error("the second run changed the ledger")
	}

	s := serve(t)
	for _, f := range formats {
		_, _, text := s.get(f, "")
		ours := parsed(t, text)
		for _, page := range []string{hugoFeed, wordpressFeed} {
			for id, it := range parsed(t, page) {
				switch {
				case it.Title == "Gone since":
				case ours[id] == nil:
					t.Errorf("%s: %q is new to readers who know it as %s", f, it.Title, id)
				case !ours[id].PublishedParsed.Equal(*it.PublishedParsed):
					t.Errorf("%s: %q was of %v, is of %v", f, it.Title, it.PublishedParsed, ours[id].PublishedParsed)
				}
			}
		}
		if len(ours) != 3 {
			t.Errorf("%s has %d items, want 3", f, len(ours))
		}
	}
	contains(t, "the feed", func() string { _, _, b := s.get("/rss.xml", ""); return b }(),
		`<guid isPermaLink="false">https://old.example.org/?p=7&amp;lang=en</guid>`)
	contains(t, "why", good(t, "why", "articles/undated.txt"), "adopted", "2020-05-06 10:11:12")

	var v againstView
	said := feedwright(t, "diff", "--against", old+"/page2.xml", "--json")
	if err := json.Unmarshal([]byte(said.out), &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Again)+len(v.Gone) != 0 || len(v.New) != 1 {
		t.Errorf("after the adoption: %+v", v)
	}
}

func TestDiffComparesWithTheFeedThatIsNamed(t *testing.T) {
	folder(t)
	good(t, "build", "--out", "public")
	write(t, map[string]string{"articles/tower.md": "---\ntitle: The tower leans\ncategories: [News]\n---\nBy a hand's breadth, says the mason.\n"})
	for path, code := range map[string]int{"/category/harbour/atom.xml": 0, "/category/news/rss.xml": exitFaults, "/atom.xml": exitFaults, "/category/no-such/rss.xml": exitUsage, "/": exitUsage} {
		theirs := "public" + path
		if code == exitUsage {
			theirs = "public/atom.xml"
		}
		if got := feedwright(t, "diff", "--against", theirs, "--feed", path); got.code != code || code == exitFaults && !strings.Contains(got.out, "1 new, 0 changed, 0 sent again, 0 gone") {
			t.Errorf("%s: exit code %d\n%s%s", path, got.code, got.out, got.err)
		}
	}
	if got := feedwright(t, "diff", "--feed", "/atom.xml"); got.code != exitUsage {
		t.Errorf("--feed alone: exit code %d", got.code)
	}
}

func TestDiffSaysHowOldArticlesStayOut(t *testing.T) {
	folder(t)
	write(t, map[string]string{
		"articles/old.txt":  "The net is mended\n\nPublication date: 2019-01-05 07:00\n\nThree women sat on the quay for two days.\n",
		"articles/lamp.txt": "The lamp burns\n\nPublication date: 2026-02-20 08:00\n\nSince last night it is seen from the island.\n",
	})
	old := oldSite(t) + "/page2.xml" // from the 6th of May 2020 on, and of five articles here it shows the crane
	good(t, "adopt", old)
	contains(t, "diff", feedwright(t, "diff", "--against", old).out, "3 new", "1 of the new are older than all that their feed still shows; feed.items: 3 would")
	config := read(t, "config.yaml")
	write(t, map[string]string{"config.yaml": config + "\nfeed: {items: 3}\n"})
	if said := feedwright(t, "diff", "--against", old); !strings.Contains(said.out, "2 new") || strings.Contains(said.out, "older than") {
		t.Errorf("with three items: %s%s", said.out, said.err)
	}
}

func TestAdoptIsRefusedOnceReadersCame(t *testing.T) {
	folder(t)
	s := serve(t)
	s.ids()
	if got := feedwright(t, "adopt", "no-such.xml"); got.code != exitUsage {
		t.Errorf("no file: exit code %d, %s", got.code, got.err)
	}
	old := oldSite(t)
	if got := feedwright(t, "adopt", old+"/index.xml"); got.code != exitFailed || !strings.Contains(got.err, "while nothing is served") {
		t.Errorf("beside serve: exit code %d, %s", got.code, got.err)
	}
	s.end()
	if got := feedwright(t, "adopt", old+"/index.xml"); got.code != exitFailed || !strings.Contains(got.err, "--force") {
		t.Errorf("after a poll: exit code %d, %s", got.code, got.err)
	}
	contains(t, "adopt --force", good(t, "adopt", old+"/index.xml", "--force"), "2 taken over")
}

func TestDiffTellsWhatReadersWouldSee(t *testing.T) {
	folder(t)
	if got := feedwright(t, "diff"); got.code != exitFaults || !strings.Contains(got.out, "0 articles now, 2 then: 2 new") {
		t.Errorf("before the first run: exit code %d\n%s%s", got.code, got.out, got.err)
	}
	good(t, "build", "--out", "public")
	before := state(t)
	contains(t, "diff of nothing", good(t, "diff"), "0 new, 0 changed, 0 gone; readers would be notified again of 0")

	write(t, map[string]string{
		"articles/lamp.txt":          "The lamp burns\n\nPublication date: 2026-02-20 08:00\n\nSince last night it is seen from the island.\n",
		"articles/harbour/crane.txt": "The crane is back!\n\nCategory: Harbour\nPublication date: 2026-02-03 08:00\n\nIt stands where it stood, and it is as yellow as it was.\n",
	})
	if err := os.Remove("articles/ferry.md"); err != nil {
		t.Fatal(err)
	}
	said := feedwright(t, "diff", "--json")
	if said.code != exitFaults {
		t.Fatalf("exit code %d: %s", said.code, said.err)
	}
	var v diffView
	if err := json.Unmarshal([]byte(said.out), &v); err != nil {
		t.Fatal(err)
	}
	if len(v.New) != 1 || v.New[0].Path != "lamp.txt" || v.New[0].Again ||
		len(v.Changed) != 1 || !v.Changed[0].Again || !slices.Equal(v.Changed[0].What, []string{"title", "published"}) ||
		len(v.Gone) != 1 || v.Gone[0].Path != "ferry.md" || v.Served != 2 || v.WouldBe != 2 || len(v.Sizes) == 0 {
		t.Errorf("%s", said.out)
	}
	contains(t, "diff", feedwright(t, "diff").out, "(title, published)  readers will be notified again")
	apart := func(list []string) []string { // the articles were changed here, and a reader of the database opens its log
		return slices.DeleteFunc(list, func(s string) bool {
			return strings.HasPrefix(s, "articles/") || strings.HasPrefix(s, "feedwright.db-")
		})
	}
	if now, was := apart(state(t)), apart(before); !slices.Equal(now, was) {
		t.Errorf("diff changed %v to %v", was, now)
	}
	if got := feedwright(t, "diff", "--against", "public"); got.code != exitFaults || !strings.Contains(got.out, "1 gone") {
		t.Errorf("against what was built: exit code %d\n%s%s", got.code, got.out, got.err)
	}
}
