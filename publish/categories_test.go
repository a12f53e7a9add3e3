package publish_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"feedwright/article"
	"feedwright/feed"
	"feedwright/publish"
)

// resettle gives the publisher other settings and waits until they are served.
func (h *house) resettle(edit func(*publish.Settings)) {
	h.t.Helper()
	next := settings()
	edit(&next)
	if err := h.p.Apply(h.t.Context(), &next); err != nil {
		h.t.Fatal(err)
	}
	time.Sleep(3 * time.Second)
	synctest.Wait()
}

func named(list ...article.Naming) func(*publish.Settings) {
	return func(s *publish.Settings) {
		for _, n := range list {
			s.Categories = append(s.Categories, publish.Category{Naming: n})
		}
	}
}

func category(f feed.Format, slug string) feed.Address {
	return feed.Address{Format: f, Selector: article.Lone(article.Category, slug)}
}

func TestAliasesMergeCategoriesWithoutReadingAFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("a.txt", "Alpha", in("World")), file("b.txt", "Beta", in("Світ", "International")), file("c.txt", "Gamma", in("Sport")))
		sport, general := h.find(category(feed.RSS, "sport")), h.find(rss)
		h.get(category(feed.RSS, "sport"))
		h.resettle(named(article.Naming{Name: "The World", Slug: "planet", Also: []string{"WORLD", "світ", "International"}}))
		for _, slug := range []string{"planet", "world", "svit", "international", "Світ", "the-world"} {
			a := category(feed.RSS, slug)
			if got := h.get(a); strings.Count(got, "<item>") != 2 || h.find(a).Self != "https://lantern.example.org/news/category/planet/rss.xml" {
				t.Errorf("category %s: %d articles at %s", slug, strings.Count(got, "<item>"), h.find(a).Self)
			}
		}
		if got := h.get(category(feed.RSS, "planet")); strings.Count(got, ">The World</category>") != 3 || strings.Contains(got, "Світ") || strings.Contains(got, "International") {
			t.Errorf("the config's name does not stand for the others:\n%s", got)
		}
		if after := h.find(category(feed.RSS, "sport")); after.ETag != sport.ETag || !after.LastModified.Equal(sport.LastModified) {
			t.Error("a feed that shows none of the names has other validators")
		}
		if after := h.find(rss); after.ETag == general.ETag || !after.LastModified.After(general.LastModified) {
			t.Error("the general feed shows another name under the same validators")
		}
		h.resettle(func(*publish.Settings) {})
		if h.find(rss).ETag != general.ETag {
			t.Error("the old names do not bring the old ETag back")
		}
		h.resettle(named(article.Naming{Name: "The World", Slug: "globe", Also: []string{"World"}}))
		if got := h.find(category(feed.RSS, "planet")).Self; !strings.HasSuffix(got, "/category/globe/rss.xml") {
			t.Errorf("a slug that the config once gave leads to %s", got)
		}
	})
}

func TestACategoryHoldsWhatLiesInIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("a.txt", "Alpha", in("News/Ukraine", "News")), file("b.txt", "Beta", in("News/World/Far")), file("c.txt", "Gamma", in("Sport")))
		h.resettle(named(article.Naming{Name: "Sport", Parent: "News"}, article.Naming{Name: "News"}))
		for slug, want := range map[string]string{"news": "Alpha Beta Gamma", "news-ukraine": "Alpha", "news-world": "Beta", "news-world-far": "Beta", "sport": "Gamma"} {
			got := h.get(category(feed.RSS, slug))
			for _, title := range []string{"Alpha", "Beta", "Gamma"} {
				if strings.Contains(got, "<title>"+title) != strings.Contains(want, title) {
					t.Errorf("%s holds %s: %v", slug, title, strings.Contains(got, "<title>"+title))
				}
			}
		}
		for _, l := range h.p.Listings(t.Context()) {
			if l.Title == "News" && l.Articles != 3 {
				t.Errorf("News counts %d articles", l.Articles)
			}
		}
		told, err := h.p.Explain(t.Context(), "b.txt")
		if err != nil || len(told) != 1 {
			t.Fatal(told, err)
		}
		var in []string
		for _, p := range told[0].Places {
			if p.In {
				in = append(in, p.Title)
			}
		}
		if got := strings.Join(in, ", "); !strings.HasSuffix(got, "category News/World/Far, category News/World, category News") {
			t.Errorf("the article is said to be in %s", got)
		}
		h.write(article.Change{Op: article.Gone, Path: "b.txt"})
		if got := h.get(category(feed.RSS, "news")); strings.Contains(got, "Beta") {
			t.Error("an article that went from a child is still in its parent")
		}
	})
}

// Equal ETag ⇔ equal bytes, also where only the config changes.
func TestEqualETagMeansEqualBytesUnderOtherNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(5, 6))
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("a.txt", "Alpha", in("World", "Sport")), file("b.txt", "Beta", in("Sport", "News/Ukraine")), file("c.txt", "Gamma", in("Culture")))
		names := []string{"World", "Sport", "Culture", "News/Ukraine"}
		byTag, byBytes := map[string]string{}, map[string]string{}
		for range 25 {
			var list []article.Naming
			r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
			for i, n := range names[:r.IntN(4)] {
				c := article.Naming{Name: []string{n, strings.ToUpper(n), "Alias " + fmt.Sprint(i)}[r.IntN(3)], Also: []string{n}}
				if r.IntN(2) == 0 {
					c.Slug = []string{"planet", "world", "sport", "games"}[i]
				}
				if i > 0 && r.IntN(2) == 0 {
					c.Parent = list[i-1].Name
				}
				list = append(list, c)
			}
			h.resettle(named(list...))
			for _, a := range h.p.Feeds() {
				ans := h.find(a)
				doc := h.get(a)
				tag, bytes := a.Path()+ans.ETag, a.Path()+doc
				if old, ok := byTag[tag]; ok && old != bytes {
					t.Fatalf("%s: one ETag, two documents:\n%s\n%s", a.Path(), old, bytes)
				}
				if old, ok := byBytes[bytes]; ok && old != tag {
					t.Fatalf("%s: one document, two ETags under %+v", a.Path(), list)
				}
				byTag[tag], byBytes[bytes] = bytes, tag
			}
		}
		if len(byBytes) < 50 {
			t.Fatalf("only %d documents were compared", len(byBytes))
		}
	})
}

func TestTokensEndOnTheirDayAndAreRotated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.write(file("a.txt", "Alpha"))
		end := time.Now().Add(time.Hour)
		tokens := func(list ...publish.Token) func(*publish.Settings) {
			return func(s *publish.Settings) { s.Feeds[0].Tokens = list }
		}
		h.resettle(tokens(publish.Token{Secret: "first", Ends: end}, publish.Token{Secret: "second"}))
		at := func(token string) feed.Address { return feed.Address{Format: feed.RSS, Feed: "partner", Token: token} }
		first, second := h.find(at("first")), h.find(at("second"))
		if !strings.Contains(h.get(at("first")), "/feeds/partner/first/rss.xml") || first.ETag == second.ETag {
			t.Error("the self link does not carry the token of its address")
		}
		basic := at("first")
		basic.Basic = true
		if got := h.get(basic); strings.Contains(got, "first") || !strings.Contains(got, "/feeds/partner/rss.xml") {
			t.Errorf("the self link of who signs in carries a token:\n%s", got)
		}
		if _, err := h.p.Find(t.Context(), at("")); !errors.Is(err, article.ErrNotFound) {
			t.Errorf("the document of who signed in is given to who did not: %v", err)
		}
		time.Sleep(time.Until(end))
		var expired *feed.Expired
		for _, a := range []feed.Address{at("first"), basic} {
			if _, err := h.p.Find(t.Context(), a); !errors.As(err, &expired) || !expired.At.Equal(end) {
				t.Errorf("a token that has come to its end: %v", err)
			}
		}
		h.find(at("second"))
		h.resettle(tokens(publish.Token{Secret: "third"}))
		if _, err := h.p.Find(t.Context(), at("second")); !errors.Is(err, article.ErrNotFound) {
			t.Errorf("a token that was taken out: %v", err)
		}
		h.find(at("third"))
	})
}

func TestANamedFeedIsAsTheConfigAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		now := time.Now()
		picture := func(p *article.Parsed) {
			p.Fields.Image = &article.Image{URL: "https://pictures.example.org/a.jpg"}
			p.Fields.Summary = "What it says."
			p.Fields.Tags = []string{"harbour"}
		}
		h.write(file("a.txt", "Alpha", dated(now.Add(-50*time.Hour)), picture), file("b.txt", "Beta", dated(now.Add(-time.Hour)), picture),
			file("c.txt", "Gamma", dated(now.Add(-2*time.Hour))))
		h.write(file("a.txt", "Alpha", dated(now.Add(-50*time.Hour)), picture, func(p *article.Parsed) {
			p.Fields.Updated = article.Date{Time: now.Add(-time.Minute), From: article.FromFile}
		}))
		shaped := feed.Address{Format: feed.Atom, Feed: "shaped"}
		with := func(edit func(*publish.Named)) string {
			t.Helper()
			h.resettle(func(s *publish.Settings) {
				n := publish.Named{Name: "shaped", Items: 5, MaxBytes: 1 << 20, Content: feed.Full, Formats: []feed.Format{feed.Atom}}
				edit(&n)
				s.Feeds = append(s.Feeds, n)
			})
			return h.get(shaped)
		}
		order := func(doc string) string {
			var b strings.Builder
			for _, line := range strings.SplitAfter(doc, "</title>") {
				for _, name := range []string{"Alpha", "Beta", "Gamma"} {
					if strings.HasSuffix(line, ">"+name+"</title>") {
						b.WriteByte(name[0])
					}
				}
			}
			return b.String()
		}
		plain := with(func(*publish.Named) {})
		if got := order(plain); got != "BGA" {
			t.Errorf("by publication: %s", got)
		}
		if got := order(with(func(n *publish.Named) { n.Fresh = true })); got != "ABG" {
			t.Errorf("by update: %s", got)
		}
		if got := order(with(func(n *publish.Named) { n.Where = article.Lone(article.HasMedia, "summary") })); got != "BA" {
			t.Errorf("with a summary: %s", got)
		}
		if got := order(with(func(n *publish.Named) { n.Where = article.Within(90) })); got != "B" {
			t.Errorf("of the last 90 minutes: %s", got)
		}
		time.Sleep(time.Hour)
		if got := order(h.get(shaped)); got != "" {
			t.Errorf("an hour later: %s", got)
		}
		few := with(func(n *publish.Named) { n.Parts = []feed.Part{feed.PartSummary} })
		for what, mark := range map[string]string{"a summary": "What it says.", "a picture": "a.jpg", "a tag": "harbour"} {
			if !strings.Contains(plain, mark) || strings.Contains(few, mark) != (what == "a summary") {
				t.Errorf("%s: shown %v by default and %v with fields: [summary]", what, strings.Contains(plain, mark), strings.Contains(few, mark))
			}
		}
	})
}

func TestAPrivateFeedsFilterKnowsWhatOnlyItHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		defer h.stop()
		h.resettle(func(s *publish.Settings) {
			s.Categories = []publish.Category{{Naming: article.Naming{Name: "Deals", Slug: "contracts", Also: []string{"Угоди"}}}}
			s.Feeds[0].Where = article.Lone(article.Category, "Угоди")
		})
		private := feed.Address{Format: feed.RSS, Feed: "partner", Token: "s3cret-s3cret-s3cret"}
		h.get(private)
		h.write(file("s.txt", "Secret", in("deals"), func(p *article.Parsed) { p.Fields.Feeds = []string{"partner"} }))
		if !strings.Contains(h.get(private), "Secret") {
			t.Error("the private feed lacks its article")
		}
		if _, err := h.p.Find(t.Context(), category(feed.RSS, "contracts")); !errors.Is(err, article.ErrNotFound) {
			t.Errorf("a category of private articles: %v", err)
		}
	})
}

func TestNoTokenIsRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, t.TempDir(), settings())
		h.write(file("a.txt", "Alpha"))
		private := feed.Address{Format: feed.RSS, Feed: "partner", Token: "s3cret-s3cret-s3cret"}
		h.get(private)
		h.write(file("b.txt", "Beta"))
		modified := h.find(private).LastModified
		h.stop()
		h = open(t, h.dir, settings())
		defer h.stop()
		docs, err := h.st.Documents(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		known := false
		for _, d := range docs {
			if strings.Contains(d.Address, "s3cret") {
				t.Errorf("the database holds the token: %s", d.Address)
			}
			known = known || strings.HasPrefix(d.Address, "/feeds/partner/")
		}
		if !known || !h.find(private).LastModified.Equal(modified) {
			t.Error("the private feed's dates are not remembered over a restart")
		}
	})
}
