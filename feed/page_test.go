package feed

import (
	"bytes"
	"encoding/json"
	"flag"
	"html/template"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the same on a machine without zone files

	"golang.org/x/net/html"

	"feedwright/article"
	"feedwright/article/language"
)

func kyiv(t *testing.T) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func pageTerms() []Term {
	return []Term{
		{Kind: article.Category, Name: "Ukraine", Slug: "ukraine", URL: "https://news.example.org/news/category/ukraine/", Count: 42},
		{Kind: article.Category, Name: "Science & Health", Slug: "science-health", URL: "https://news.example.org/news/category/science-health/", Count: 7},
		{Kind: article.Category, Name: "Culture", Slug: "culture", URL: "https://news.example.org/news/category/culture/", Count: 19},
		{Kind: article.Tag, Name: "harbour", Slug: "harbour", URL: "https://news.example.org/news/tag/harbour/", Count: 3},
		{Kind: article.By, Name: "A. Roe", Slug: "a-roe", URL: "https://news.example.org/news/author/a-roe/", Count: 5},
		{Kind: article.Lang, Name: "English", Slug: "en", URL: "https://news.example.org/news/lang/en/", Count: 40},
		{Kind: article.Lang, Name: "Українська", Slug: "uk", URL: "https://news.example.org/news/lang/uk/", Count: 28},
	}
}

func pageChannel() Channel {
	return Channel{
		Title: "The Harbour Post", Description: "News of the coast, read slowly.", Home: "https://news.example.org/news/", Lang: "en",
		Self: map[Format]string{
			RSS:  "https://news.example.org/news/rss.xml",
			Atom: "https://news.example.org/news/atom.xml",
			JSON: "https://news.example.org/news/feed.json",
		},
		Copyright: "© The Harbour Post", Generator: "feedwright 1.0",
	}
}

func pageItems() []Item {
	at := time.Date(2026, 11, 21, 22, 30, 0, 0, time.UTC)
	terms := pageTerms()
	return []Item{
		{
			ID: "urn:uuid:1", URL: "https://news.example.org/news/article/ferry/", Title: `Ferry returns to the "old" quay & <stays>`,
			Summary:    "After eleven years the night ferry ties up where it always did, and the town that grew quiet without it has opinions.",
			HTML:       `<p>The rope came over at a quarter past five.</p><ul><li>Two crossings a day</li><li>Bicycles travel free</li></ul><h2>What changes</h2><p>More on <a href="https://news.example.org/news/article/quay/">the quay</a>.</p><blockquote><p>It was never gone for us.</p></blockquote>`,
			Text:       "The rope came over at a quarter past five.",
			Lang:       "en",
			Authors:    []article.Author{{Name: "A. Roe", URL: "https://news.example.org/news/author/a-roe/"}, {Name: "B. Lind"}, {Email: "hidden@example.org"}},
			Categories: terms[:2], Tags: terms[3:4],
			Published: at, Updated: at.Add(26 * time.Hour),
			Image:       &Picture{URL: "https://news.example.org/news/media/ferry.jpg", Alt: "A white ferry at dusk", Caption: "The ferry on its first evening. Photo: B. Lind", Width: 1600, Height: 900},
			Attachments: []Enclosure{{URL: "https://news.example.org/news/media/ferry.mp3", Title: "The sounds of the quay", Type: "audio/mpeg", Length: 8_412_331, Duration: 725 * time.Second}, {URL: "https://news.example.org/news/media/timetable.pdf", Type: "application/pdf", Length: 41_000}},
			Source:      &article.Link{Title: "Port Authority", URL: "https://port.example.net/notice"},
			Correction:  "An earlier version gave the wrong pier.",
			Rights:      "Text: CC BY 4.0",
		},
		{
			ID: "urn:uuid:2", URL: "https://elsewhere.example.com/a", Text: strings.Repeat("Статті без заголовка теж трапляються. ", 12), HTML: "<p>…</p>", Lang: "uk",
			Published: at.Add(-48 * time.Hour), Updated: at.Add(-48 * time.Hour), Categories: terms[2:3],
			Image: &Picture{URL: "https://news.example.org/news/media/b.jpg"},
		},
		{
			ID: "urn:uuid:3", URL: "https://news.example.org/news/article/tide/", Title: "Tide tables for the week", Summary: "High water at noon on Sunday.", Lang: "en",
			Published: at.Add(-72 * time.Hour), Updated: at.Add(-72 * time.Hour), Categories: terms[:1],
		},
	}
}

func samplePage(t *testing.T) *Page {
	return &Page{Channel: pageChannel(), Site: "The Harbour Post", Root: "/news/", Canonical: "https://news.example.org/news/",
		Items: pageItems(), Terms: pageTerms(), Zone: kyiv(t)}
}

func sampleArticlePage(t *testing.T) *ArticlePage {
	ukraine := pageChannel()
	ukraine.Title = "The Harbour Post: Ukraine"
	ukraine.Self = map[Format]string{RSS: "https://news.example.org/news/category/ukraine/rss.xml", Atom: "https://news.example.org/news/category/ukraine/atom.xml"}
	return &ArticlePage{Channel: pageChannel(), Feeds: []Channel{ukraine}, Site: "The Harbour Post", Root: "/news/",
		Canonical: "https://news.example.org/news/article/ferry/", Item: pageItems()[0], Terms: pageTerms(), Zone: kyiv(t)}
}

// TestPagesAreTheGoldenOnes compares whole pages by bytes; -update rewrites.
func TestPagesAreTheGoldenOnes(t *testing.T) {
	category := samplePage(t)
	category.Term = &category.Terms[0]
	category.Channel.Lang = "uk"
	category.Canonical = "https://news.example.org/news/category/ukraine/"
	filter := samplePage(t)
	filter.Canonical, filter.Filter, filter.Items = "", `category:ukraine -author:"A. Roe"`, nil
	mix := samplePage(t)
	var err error
	if mix.Selector, err = article.ParseSelector("(category:ukraine OR category:culture) -tag:harbour"); err != nil {
		t.Fatal(err)
	}
	mix.Canonical, mix.Filter, mix.Words, mix.Offer = "", mix.Selector.String(), "Culture or Ukraine, without #harbour", true
	mix.Terms = append(pageTerms(), Term{Kind: article.Category, Name: "Culture/Film", Slug: "culture-film", Parent: "culture", URL: "https://news.example.org/news/category/culture-film/", Count: 2})
	private := samplePage(t)
	private.Canonical, private.Channel.Lang = "", "fr"
	private.Contract = &Contract{Graves: true,
		Words: "Ukraine, des derniers 24\u00a0h", Window: "1d", Items: 20, MaxBytes: 512_000, Content: Summary,
		Parts: []Part{PartSummary, PartImage}, Ends: time.Date(2026, 12, 31, 22, 0, 0, 0, time.UTC),
	}
	list := func(p *Page) []byte {
		b, err := EncodePage(p)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	one, err := EncodeArticle(sampleArticlePage(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string][]byte{
		"index.html": list(samplePage(t)), "category-uk.html": list(category), "filter-empty.html": list(filter), "article.html": one,
		"mix.html": list(mix), "private-fr.html": list(private), "404-de.html": ErrorPage("de-AT", 404, nil, pageTerms()[:2], "/news/"),
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("testdata", "page", name)
			if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s differs; if that is right, run with -update and look at the difference\n%s", file, got)
			}
			balanced(t, got)
		})
	}
}

// balanced fails unless every element that is opened is closed in its turn.
func balanced(t *testing.T, page []byte) {
	t.Helper()
	void := map[string]bool{"input": true, "meta": true, "link": true, "img": true, "br": true, "hr": true}
	var open []string
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				t.Errorf("left open: %v", open)
			}
			return
		case html.StartTagToken:
			if name, _ := z.TagName(); !void[string(name)] {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				t.Errorf("</%s> closes %v", name, open)
				return
			}
			open = open[:len(open)-1]
		}
	}
}

// elements gives the attributes of each element of a name.
func elements(t *testing.T, page []byte, name string) []map[string]string {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]string
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			m := map[string]string{}
			for _, a := range n.Attr {
				m[a.Key] = a.Val
			}
			if n.FirstChild != nil {
				m["text"] = n.FirstChild.Data
			}
			all = append(all, m)
		}
	}
	return all
}

func TestPageSaysNoTitleTwice(t *testing.T) {
	for description, shown := range map[string]bool{"The Harbour Post – Harbour": false, "Harbour": false, "": false, "News of the harbour": true} {
		p := &Page{Channel: Channel{Title: "The Harbour Post – Harbour", Description: description, Lang: "en"}, Site: "The Harbour Post", Term: &Term{Kind: article.Category, Name: "Harbour"}}
		b, err := EncodePage(p)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(b), `class="lede"`); got != shown {
			t.Errorf("described by %q: shown is %v", description, got)
		}
	}
}

func TestPageNamesItsFeedsRSSAndAtomFirstWithDistinctTitles(t *testing.T) {
	b, err := EncodeArticle(sampleArticlePage(t))
	if err != nil {
		t.Fatal(err)
	}
	var types, titles []string
	for _, l := range elements(t, b, "link") {
		if l["rel"] == "alternate" {
			types, titles = append(types, l["type"]), append(titles, l["title"])
			if !strings.HasPrefix(l["href"], "https://") {
				t.Errorf("feed address %q is not absolute", l["href"])
			}
		}
	}
	if got := strings.Join(types, " "); got != "application/rss+xml application/atom+xml application/feed+json application/rss+xml application/atom+xml" {
		t.Errorf("types %s", got)
	}
	seen := map[string]bool{}
	for _, s := range titles {
		if seen[s] {
			t.Errorf("two feeds are called %q", s)
		}
		seen[s] = true
	}
}

func TestNothingOnAPageNeedsScriptOrInlineStyle(t *testing.T) {
	list, err := EncodePage(samplePage(t))
	if err != nil {
		t.Fatal(err)
	}
	one, err := EncodeArticle(sampleArticlePage(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]byte{list, one, ErrorPage("en", 404, nil, nil, "/")} {
		for _, s := range elements(t, b, "script") {
			if s["type"] != "application/ld+json" {
				t.Errorf("script of type %q", s["type"])
			}
		}
		if len(elements(t, b, "style")) > 0 || bytes.Contains(b, []byte(" style=")) || bytes.Contains(b, []byte("ZgotmplZ")) {
			t.Error("inline style, or an address that the templates refused")
		}
	}
}

func TestHostileTextsStayTexts(t *testing.T) {
	evil := `"><script>alert(1)</script></title></script><!--`
	p := samplePage(t)
	p.Channel.Title, p.Channel.Description, p.Site, p.Filter = evil, evil, evil, evil
	for i := range p.Items {
		p.Items[i].Title, p.Items[i].Summary = evil, evil
		p.Items[i].Authors = []article.Author{{Name: evil, URL: "javascript:alert(1)"}}
	}
	p.Items[0].URL = "javascript:alert(1)"
	p.Terms[0].Name = evil
	b, err := EncodePage(p)
	if err != nil {
		t.Fatal(err)
	}
	a := sampleArticlePage(t)
	a.Item.Title, a.Item.Correction, a.Item.Rights = evil, evil, evil
	a.Item.Authors = p.Items[0].Authors
	one, err := EncodeArticle(a)
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range [][]byte{b, one, ErrorPage(evil, 400, []string{evil}, []Term{{Name: evil, URL: "javascript:x"}}, "/")} {
		balanced(t, page)
		for _, s := range elements(t, page, "script") {
			if s["type"] != "application/ld+json" || !json.Valid([]byte(s["text"])) {
				t.Errorf("script %v", s)
			}
		}
		for _, l := range elements(t, page, "a") {
			if strings.HasPrefix(l["href"], "javascript:") {
				t.Errorf("link to %s", l["href"])
			}
		}
	}
}

func TestStructuredDataSaysWhatThePageShows(t *testing.T) {
	b, err := EncodeArticle(sampleArticlePage(t))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Type          string `json:"@type"`
		Headline      string
		DatePublished time.Time
		DateModified  time.Time
		Author        []struct{ Name string }
		Image         string
		Section       []string `json:"articleSection"`
	}
	if err := json.Unmarshal([]byte(elements(t, b, "script")[0]["text"]), &got); err != nil {
		t.Fatal(err)
	}
	it := pageItems()[0]
	if got.Type != "NewsArticle" || got.Headline != it.Title || !got.DatePublished.Equal(it.Published) || !got.DateModified.Equal(it.Updated) ||
		len(got.Author) != 2 || got.Image != it.Image.URL || len(got.Section) != 2 {
		t.Errorf("got %+v", got)
	}
	if bytes.Contains(b, []byte("hidden@example.org")) {
		t.Error("an author's address is shown")
	}
}

func TestLinksWithinTheSiteArePaths(t *testing.T) {
	c := common{origin: "https://news.example.org"}
	for in, want := range map[string]string{
		"https://news.example.org/news/a/":     "/news/a/",
		"https://news.example.org.evil.net/a/": "https://news.example.org.evil.net/a/",
		"https://news.example.org//evil.net/":  "https://news.example.org//evil.net/",
		"https://other.example.org/":           "https://other.example.org/",
		"":                                     "",
	} {
		if got := c.Local(in); got != want {
			t.Errorf("Local(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestDatesAreInTheSitesZoneAndLanguage(t *testing.T) {
	at := time.Date(2026, 11, 21, 22, 30, 0, 0, time.UTC) // the 22nd in Kyiv
	for lang, want := range map[string]string{
		"en": "22 November 2026, 00:30", "uk-UA": "22 листопада 2026, 00:30", "de": "22. November 2026, 00:30", "pt-BR": "22 de novembro de 2026, 00:30",
	} {
		ch := Channel{Lang: lang}
		if got := newCommon(&ch, "", "/", "", kyiv(t)).Moment(at); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

func TestEveryLanguageHasEveryWordOfThePages(t *testing.T) {
	var text strings.Builder
	files, err := filepath.Glob("page/*.html")
	if err != nil || len(files) == 0 {
		t.Fatal("no templates")
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(b)
	}
	english := language.For("en").Words
	for _, part := range strings.Split(text.String(), `.Word "`)[1:] {
		if key, _, _ := strings.Cut(part, `"`); english[key] == "" {
			t.Errorf("templates use the word %q, which English has not", key)
		}
	}
	for _, code := range []string{"en", "uk", "ru", "de", "fr", "es", "pl", "it", "pt"} {
		l := language.For(code)
		if l.Code != code {
			t.Errorf("no language %s", code)
			continue
		}
		for key := range english {
			if l.Words[key] == "" {
				t.Errorf("%s has no word for %q", code, key)
			}
		}
		for key := range l.Words {
			if english[key] == "" {
				t.Errorf("%s has the word %q, which English has not", code, key)
			}
		}
	}
}

func TestAssetsAreNamedByTheirContent(t *testing.T) {
	name, css := FeedStylesheet()
	all := PageAssets()
	if len(css) == 0 || !bytes.Equal(all[name], css) || !strings.HasSuffix(name, ".css") {
		t.Errorf("stylesheet %q is not among the assets", name)
	}
	if len(all) != 3 {
		t.Errorf("%d assets, want 3", len(all))
	}
}

func TestPageWithoutAnythingIsStillAPage(t *testing.T) {
	b, err := EncodePage(&Page{})
	if err != nil {
		t.Fatal(err)
	}
	balanced(t, b)
	b, err = EncodeArticle(&ArticlePage{})
	if err != nil {
		t.Fatal(err)
	}
	balanced(t, b)
}

func TestBodyGoesInUnescaped(t *testing.T) {
	p := sampleArticlePage(t)
	b, err := EncodeArticle(p)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b, []byte(template.HTML(p.Item.HTML))) {
		t.Error("the body is not in the page as it was given")
	}
}

func TestATextIsNotReadTwice(t *testing.T) {
	text := "The ferry sails again after four months. It was painted."
	for summary, shown := range map[string]bool{"The ferry sails again after four months.": false, "The ferry sails…": false, "Four months in dock are over.": true} {
		b, err := EncodeArticle(&ArticlePage{Site: "T", Root: "/", Item: Item{Title: "T", Summary: summary, Text: text, HTML: "<p>" + text + "</p>"}})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(b), `class="lede"`); got != shown {
			t.Errorf("%q above the text: %v", summary, got)
		}
	}
}
