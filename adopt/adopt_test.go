package adopt

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feedwright/article"
)

func load(t *testing.T, name string) *Feed {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	f, err := Read(raw, "https://slipway.example.org/feed/")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

const (
	caulking = "The first seam took me a day, and the second an hour; by the tenth I had stopped counting and begun to listen to the mallet instead."
	planks   = "Two planks hung, one split, no rain to speak of, and a visit by the man who had sold us the mast twenty years ago."
	keel     = "The keel is straight again after all, says the string, and the string has never lied to anybody in this yard so far."
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// ours makes an article of a file.
func ours(n int, path, title, text string) Article {
	return Article{
		Number: article.Number(n), ID: article.ID(fmt.Sprintf("urn:uuid:%d", n)), Path: path, Title: title,
		Published: at("2026-05-20T10:00:00Z"), Text: func() string { return text },
	}
}

func dated(a Article, when string) Article {
	a.Published = at(when)
	a.Date = article.Date{Time: a.Published, From: article.FromFile}
	return a
}

// told is a Result as text: "path=id by way".
func told(r Result) string {
	var b strings.Builder
	for _, p := range r.Pairs {
		fmt.Fprintf(&b, "%s = %s by %s\n", p.Article.Path, p.Item.ID, p.By)
	}
	for _, m := range r.Misses {
		fmt.Fprintf(&b, "none = %s: %s\n", m.Item.ID, m.Why)
	}
	for _, a := range r.Alone {
		fmt.Fprintf(&b, "%s alone\n", a.Path)
	}
	return b.String()
}

func equal(t *testing.T, got, want string) {
	t.Helper()
	if got, want = strings.TrimSpace(got), strings.TrimSpace(want); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestHugoFeedIsKnownAgain(t *testing.T) {
	f := load(t, "hugo.xml")
	if f.Kind != "RSS 2.0" || f.Items[0].Title != "Caulking & tar: a beginner's winter" || !f.Items[0].Published.Equal(at("2026-05-04T06:15:00Z")) {
		t.Errorf("%+v", f)
	}
	r := Match(f.Items, []Article{
		ours(1, "posts/caulking/index.md", "Caulking & tar: a beginner’s winter", caulking),
		dated(ours(2, "log/2026-04-12.md", "Weekly log", keel), "2026-04-12T00:00:00Z"),
		dated(ours(3, "log/2026-04-19.md", "Weekly log", planks), "2026-04-19T00:00:00Z"),
		ours(4, "posts/new.md", "A new one", "Nobody has read it yet."),
	})
	equal(t, told(r), `
posts/caulking/index.md = https://slipway.example.org/posts/caulking/ by slug
log/2026-04-19.md = https://slipway.example.org/log/2026-04-19/ by slug
log/2026-04-12.md = https://slipway.example.org/log/2026-04-12/ by slug
none = https://slipway.example.org/posts/saw/: No article has its link, its slug, its title or its text.
posts/new.md alone`)
}

func TestWordPressFeedIsKnownAgain(t *testing.T) {
	f := load(t, "wordpress.xml")
	r := Match(f.Items, []Article{
		ours(1, "tar.md", "Caulking & tar: a beginner’s winter", caulking),
		ours(2, "keel.txt", "", keel),
	})
	equal(t, told(r), `
tar.md = https://slipway.example.org/?p=412 by title
keel.txt = https://slipway.example.org/?p=398 by text`)
	line := ours(2, "keel.txt", keel, "") // a text of one line has it for its title
	equal(t, told(Match(f.Items[1:], []Article{line})), "keel.txt = https://slipway.example.org/?p=398 by text")
}

func TestWordPressExportLeavesOutWhatNobodySaw(t *testing.T) {
	f := load(t, "wxr.xml")
	if f.Kind != "WordPress export" || len(f.Items) != 2 {
		t.Fatalf("%+v", f)
	}
	it := f.Items[0]
	if it.ID != "https://slipway.example.org/?p=412" || it.Slug != "caulking" || !strings.Contains(it.Text, "The first seam") {
		t.Errorf("%+v", it)
	}
	a, b := ours(1, "a/caulking.md", "Another title altogether", caulking), ours(2, "log.md", "Weekly log", planks)
	equal(t, told(Match(f.Items, []Article{a, b})), `
a/caulking.md = https://slipway.example.org/?p=412 by slug
log.md = https://slipway.example.org/?post_type=log&p=377 by title`)
}

func TestAtomAndJSONAreRead(t *testing.T) {
	for kind, raw := range map[string]string{
		"Atom 1.0": `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>x</id><updated>2026-01-02T03:04:05Z</updated>
			<link rel="next" href="?page=2"/>
			<entry><title type="html">A &amp;lt;b&amp;gt; &lt;i&gt;C&lt;/i&gt;</title><id>tag:example.org,2026:1</id><link href="/one/"/><updated>2026-01-02T03:04:05Z</updated></entry></feed>`,
		"JSON Feed 1.1": `{"version":"https://jsonfeed.org/version/1.1","title":"T","next_url":"https://slipway.example.org/feed/?page=2",
			"items":[{"id":"tag:example.org,2026:1","url":"https://slipway.example.org/one/","title":"A <b> C","date_published":"2026-01-02T03:04:05Z","content_text":"x"}]}`,
	} {
		f, err := Read([]byte(raw), "https://slipway.example.org/feed/")
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		it := f.Items[0]
		if f.Kind != kind || it.ID != "tag:example.org,2026:1" || it.Link != "https://slipway.example.org/one/" || !it.Published.Equal(at("2026-01-02T03:04:05Z")) {
			t.Errorf("%s: %+v", kind, f)
		}
		if f.Next != "https://slipway.example.org/feed/?page=2" {
			t.Errorf("%s goes on at %q", kind, f.Next)
		}
	}
}

func TestWhatIsNoFeedIsRefused(t *testing.T) {
	for _, raw := range []string{"", "hello", "<html><body>no</body></html>", "{}", `{"items":[{"id":7}]}`, "<rss><channel>", "\x00\xff"} {
		if _, err := Read([]byte(raw), ""); err != nil && !errors.Is(err, ErrNoFeed) {
			t.Errorf("%q: %v", raw, err)
		} else if err == nil && !strings.HasPrefix(raw, "<rss") && !strings.HasPrefix(raw, "{") {
			t.Errorf("%q is a feed", raw)
		}
	}
}

func TestWhatFitsTwoIsNeither(t *testing.T) {
	items := []Item{{ID: "1", Title: "Notes", Published: at("2026-01-01T00:00:00Z")}}
	r := Match(items, []Article{ours(1, "a.md", "Notes", ""), ours(2, "b.md", "Notes", "")})
	equal(t, told(r), "none = 1: Its title fits a.md and b.md equally well.\na.md alone\nb.md alone")
	two := []Item{{ID: "1", Title: "Notes"}, {ID: "2", Title: "Notes"}}
	r = Match(two, []Article{ours(1, "a.md", "Notes", "")})
	if len(r.Pairs) != 0 || len(r.Misses) != 2 || !strings.Contains(r.Misses[0].Why, "as do other items") {
		t.Error(told(r))
	}
}

func TestSlugAloneIsNoProof(t *testing.T) {
	items := []Item{{ID: "1", Link: "https://old.example/2/", Title: "On herring", Published: at("2020-01-01T00:00:00Z"), Text: keel}}
	r := Match(items, []Article{dated(ours(1, "2.md", "Town hall burns", caulking), "2026-01-01T00:00:00Z")})
	if len(r.Pairs) != 0 {
		t.Error(told(r))
	}
}

func TestSecondItemOfAnIDIsLeftOut(t *testing.T) {
	r := Match([]Item{{ID: "1", Title: "A"}, {ID: "1", Title: "B"}}, []Article{ours(1, "a.md", "A", ""), ours(2, "b.md", "B", "")})
	equal(t, told(r), "a.md = 1 by title\nnone = 1: Another item has the same id.\nb.md alone")
}

func TestAdoptedIsKnownByItsIDFirst(t *testing.T) {
	a, b := ours(1, "a.md", "Same", ""), ours(2, "b.md", "Same", "")
	b.ID = "https://old.example/x"
	r := Match([]Item{{ID: "https://old.example/x", Title: "Same"}}, []Article{a, b})
	equal(t, told(r), "b.md = https://old.example/x by id\na.md alone")
}

func TestAddressesOfOnePageAreOne(t *testing.T) {
	same := []string{"http://example.org/a/b", "https://www.example.org/a/b/", "https://EXAMPLE.org/a/b/index.html#top", "https://example.org/a/b?utm_source=rss"}
	for _, s := range same {
		if address(s) != address(same[0]) {
			t.Errorf("%s is %q", s, address(s))
		}
	}
	for _, s := range []string{"", "urn:uuid:1", "https://example.org/", "/a/b"} {
		if address(s) != "" {
			t.Errorf("%q is the address %q", s, address(s))
		}
	}
	if address("https://example.org/?p=1") == address("https://example.org/?p=2") {
		t.Error("a page's number makes no difference")
	}
}

func TestFileThatGivesItsDateKeepsIt(t *testing.T) {
	kyiv, err := time.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	item := &Item{Published: at("2026-05-03T22:30:00Z")} // the fourth, in Kyiv
	day := func(s string) article.Date {
		d, err := time.ParseInLocation(time.DateOnly, s, kyiv)
		if err != nil {
			t.Fatal(err)
		}
		return article.Date{Time: d, DayOnly: true, From: article.FromFile}
	}
	own := at("2026-01-01T00:00:00Z")
	for what, c := range map[string]struct {
		date article.Date
		want time.Time
	}{
		"no date":     {article.Date{}, item.Published},
		"name only":   {article.Date{Time: own, From: article.FromName}, item.Published},
		"that day":    {day("2026-05-04"), item.Published},
		"another day": {day("2026-05-03"), own},
		"an instant":  {article.Date{Time: own, From: article.FromFile}, own},
	} {
		p := Pair{Item: item, Article: &Article{Published: own, Date: c.date}}
		if got, moved := p.Date(kyiv); !got.Equal(c.want) || moved != c.want.Equal(item.Published) {
			t.Errorf("%s: %v, %v; want %v", what, got, moved, c.want)
		}
	}
}

func FuzzReadTakesAnything(f *testing.F) {
	for _, name := range []string{"hugo.xml", "wordpress.xml", "wxr.xml"} {
		raw, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":1,"url":":"}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := Read(raw, "https://example.org/feed")
		if err != nil {
			return
		}
		r := Match(got.Items, []Article{ours(1, "a.md", "A", caulking)})
		if len(r.Pairs)+len(r.Misses) != len(got.Items) {
			t.Errorf("%d pairs and %d misses of %d items", len(r.Pairs), len(r.Misses), len(got.Items))
		}
	})
}
