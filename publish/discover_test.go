package publish_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"feedwright/article"
	"feedwright/feed"
	"feedwright/publish"
)

func TestAFormOfTicksLeadsToTheCombination(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("a.txt", "Alpha", in("World")), file("b.txt", "Beta", in("Sport")), file("c.txt", "Gamma", in("Sport", "Opinion")))
		a, err := feed.ParseAddress("/", url.Values{"with": {"category:sport", "category:World"}, "without": {"category:opinion"}})
		if err != nil {
			t.Fatal(err)
		}
		page := h.get(a)
		for _, want := range []string{
			"<h1>Sport or World, without Opinion</h1>", "Alpha", "Beta",
			`name="with" value="category:sport" checked`, `name="without" value="category:opinion" checked`,
			"https://lantern.example.org/news/atom.xml?q=%28category%3Asport&#43;OR&#43;category%3Aworld%29&#43;-category%3Aopinion",
			`name="robots" content="noindex`,
		} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %s", want)
			}
		}
		if strings.Contains(page, "Gamma") || strings.Contains(page, "<script>") {
			t.Error("the page shows what was left out, or runs a script")
		}
		a.Format = feed.RSS
		short, _ := parse("/rss.xml?category=world,sport&category=-opinion")
		if h.find(a).ETag != h.find(short).ETag || !strings.Contains(h.get(a), "<title>The Lantern – Sport or World, without Opinion</title>") {
			t.Error("the form and the short form mean two documents, or its title is not in words")
		}
		for _, q := range []url.Values{{"with": {"world"}}, {"with": {"has:image"}}, {"without": {"category:"}}} {
			if _, err := feed.ParseAddress("/", q); err == nil {
				t.Errorf("%v is taken", q)
			}
		}
		h.resettle(func(s *publish.Settings) { s.Static = true })
		if strings.Contains(h.get(feed.Address{Format: feed.HTML}), "<form") {
			t.Error("a page that becomes a file has a form that no host of files can answer")
		}
	})
}

// A name under a minus is no member's: it appears and goes with articles that
// the document does not hold.
func TestTitlesInWordsFollowTheNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("a.txt", "Alpha", in("World")))
		a, _ := parse("/rss.xml?category=world&category=-op-ed")
		before := h.find(a).ETag
		if got := h.get(a); !strings.Contains(got, "World, without op-ed<") {
			t.Errorf("an unknown name:\n%s", got)
		}
		h.write(file("b.txt", "Beta", in("Op-Ed")))
		if got := h.get(a); !strings.Contains(got, "World, without Op-Ed<") || h.find(a).ETag == before {
			t.Errorf("a name that is known now:\n%s", got)
		}
	})
}

func TestCategoriesAreListedForPrograms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		secret := func(p *article.Parsed) { p.Fields.Feeds = []string{"partner"} }
		h.write(file("a.txt", "Alpha", in("News/Ukraine")), file("b.txt", "Beta", in("News")), file("s.txt", "Secret", in("Deals"), secret))
		h.resettle(func(s *publish.Settings) {
			s.Categories = []publish.Category{{Naming: article.Naming{Name: "News"}, Description: "All of it", Image: "https://lantern.example.org/n.png"}}
		})
		list := feed.Address{Format: feed.Categories}
		var got struct {
			Categories []feed.CategoryEntry
		}
		if err := json.Unmarshal([]byte(h.get(list)), &got); err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, c := range got.Categories {
			lines = append(lines, strings.Join([]string{c.Name, c.Slug, c.Parent, c.Description, c.Feeds[feed.JSON], c.Page}, " "))
		}
		want := []string{
			"News news  All of it https://lantern.example.org/news/category/news/feed.json https://lantern.example.org/news/category/news/",
			"News/Ukraine news-ukraine news  https://lantern.example.org/news/category/news-ukraine/feed.json https://lantern.example.org/news/category/news-ukraine/",
		}
		if !slices.Equal(lines, want) || got.Categories[0].Count != 2 || got.Categories[1].Count != 1 {
			t.Errorf("got %q\nwant %q", lines, want)
		}
		if ans := h.find(list); ans.ETag == "" || ans.ContentType != feed.CategoriesType {
			t.Errorf("%+v", ans)
		}
		opml := h.get(feed.Address{Format: feed.OPML})
		if at := strings.Index(opml, `<outline text="News">`); at < 0 || !strings.Contains(opml[at:], `text="Ukraine"`) {
			t.Errorf("the list of feeds has no hierarchy:\n%s", opml)
		}
	})
}

func TestAPrivateFeedsPageTellsWhatItHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("a.txt", "Alpha", func(p *article.Parsed) { p.Fields.Authors = []article.Author{{Name: "A. Roe"}} }), file("b.txt", "Beta"))
		h.resettle(func(s *publish.Settings) {
			n := &s.Feeds[0]
			n.Where = article.Lone(article.Category, "world").And(article.Within(90))
			n.Parts = []feed.Part{feed.PartAuthors}
			n.Formats = []feed.Format{feed.RSS, feed.Atom}
			s.Tombstones = 24 * time.Hour
		})
		page := h.get(feed.Address{Format: feed.HTML, Feed: "partner", Token: "s3cret-s3cret-s3cret"})
		for _, want := range []string{
			"World, of the last 90\u00a0min", "the 5 first, up to 1.0 MB", "<dt>Authors</dt><dd>in 1 of 2</dd>", "without end", "at:deleted-entry",
			"/feeds/partner/s3cret-s3cret-s3cret/rss.xml</code>", "noindex",
		} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %s", want)
			}
		}
		h.resettle(func(s *publish.Settings) { s.Feeds[0].Formats = []feed.Format{feed.RSS} })
		if page := h.get(feed.Address{Format: feed.HTML, Feed: "partner", Token: "s3cret-s3cret-s3cret"}); strings.Contains(page, "at:deleted-entry") {
			t.Error("the page of a feed without Atom speaks of Atom")
		}
		for _, bad := range []string{"<dt>Tags</dt>", `rel="alternate"`, `rel="canonical"`, "<form"} {
			if strings.Contains(page, bad) {
				t.Errorf("the page has %s", bad)
			}
		}
	})
}

func TestNearTermsAreTheOnesMeant(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("a.txt", "Alpha", in("Ukraine", "World Affairs", "Opinion", "Economie", "Art")))
		for asked, want := range map[string]string{
			"ukrane": "ukraine", "ukr": "ukraine", "world": "world-affairs", "affairs": "world-affairs", "économies": "economie",
			"opinions": "opinion", "zzz": "", "x": "", "world-news-today": "", "the-art-of-war": "art",
		} {
			var got []string
			for _, n := range h.p.Near(t.Context(), category(feed.RSS, asked)) {
				got = append(got, n.Slug)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("near %s: %q, want %q", asked, got, want)
			}
		}
		// A slug of the settings' need not be like any of the names.
		h.resettle(func(s *publish.Settings) {
			s.Categories = []publish.Category{{Naming: article.Naming{Name: "Opinion", Slug: "op", Also: []string{"Commentary"}}}}
		})
		for _, asked := range []string{"opinon", "comentary"} {
			near := h.p.Near(t.Context(), category(feed.RSS, asked))
			if len(near) != 1 || near[0].Slug != "op" {
				t.Errorf("near %s: %+v", asked, near)
			}
		}
	})
}
